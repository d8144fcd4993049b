//! Enterprise attestation: to whom an organisation's devices name themselves (CTAP 2.3 section 7.1).

use std::collections::BTreeSet;

use super::Attester;
use crate::RpId;

/// How a platform asks for enterprise attestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnterpriseRequest {
    /// 1: the authenticator knows the relying parties.
    VendorFacilitated,
    /// 2: the platform knows them, and has made sure that this is one.
    PlatformManaged,
}

impl EnterpriseRequest {
    /// The request with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::VendorFacilitated),
            2 => Some(Self::PlatformManaged),
            _ => None,
        }
    }
}

/// An organisation's enterprise attestation: who vouches, and the relying parties that may hear it.
pub struct Enterprise {
    attester: Box<dyn Attester>,
    relying_parties: BTreeSet<RpId>,
    platform: PlatformLists,
}

/// Whether the organisation lets managed platforms say which relying parties hear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformLists {
    /// It does.
    Trusted,
    /// It does not: only its own list counts.
    Ignored,
}

impl Enterprise {
    /// An organisation whose attester vouches towards `relying_parties`.
    pub fn new(
        attester: Box<dyn Attester>,
        relying_parties: impl IntoIterator<Item = RpId>,
        platform: PlatformLists,
    ) -> Self {
        Self { attester, relying_parties: relying_parties.into_iter().collect(), platform }
    }

    /// Who vouches towards `rp_id`, if anyone.
    pub fn attester_for(&self, request: EnterpriseRequest, rp_id: &RpId) -> Option<&dyn Attester> {
        let is_heard = match request {
            EnterpriseRequest::VendorFacilitated => self.relying_parties.contains(rp_id),
            EnterpriseRequest::PlatformManaged => {
                self.platform == PlatformLists::Trusted || self.relying_parties.contains(rp_id)
            }
        };
        is_heard.then_some(&*self.attester)
    }
}
