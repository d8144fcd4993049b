//! Authenticator data: what an authenticator says about itself and the person, and signs (WebAuthn section 6.1).

use sha2::{Digest, Sha256};

use crate::{
    Approval, AuthenticatorClass, BackupEligibility, BackupState, CredentialId, PublicKey, RpId, Verification,
};

/// The flags of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// UP follows from there being an [`Accepted`](crate::Accepted); UV from what the approval records; BS only where BE
    /// allows it, since WebAuthn section 6.1.3 forbids the combination.
    pub(crate) fn new(approval: Approval, eligibility: BackupEligibility, state: BackupState) -> Self {
        let mut bits = 0;
        if let Approval::Given(_) = approval {
            bits |= UP;
        }
        if mutant!("uv.only-after-a-check", approval.verification() == Verification::Performed) {
            bits |= UV;
        }
        if eligibility == BackupEligibility::Synced {
            bits |= BE;
            if state == BackupState::BackedUp {
                bits |= BS;
            }
        }
        Self(bits)
    }
}

/// Authenticator data for an assertion.
pub(crate) fn for_assertion(rp_id: &RpId, flags: Flags, extensions: &[u8]) -> Vec<u8> {
    encode(rp_id, flags.0, &[], extensions)
}

/// Authenticator data for a new credential.
pub(crate) fn for_attestation(
    rp_id: &RpId,
    flags: Flags,
    class: AuthenticatorClass,
    id: &CredentialId,
    public_key: &PublicKey,
    extensions: &[u8],
) -> Vec<u8> {
    let id = id.as_bytes();
    let id_len = u16::try_from(id.len()).expect("a credential id has at most 1023 bytes");
    let attested = [&class.aaguid(), &id_len.to_be_bytes()[..], id, &public_key.to_cose()].concat();
    encode(rp_id, flags.0 | AT, &attested, extensions)
}

/// `extensions` is a CBOR map, or empty where no extension has something to say.
fn encode(rp_id: &RpId, flags: u8, attested: &[u8], extensions: &[u8]) -> Vec<u8> {
    let rp_id_hash = Sha256::digest(rp_id.as_str());
    let flags = if extensions.is_empty() { flags } else { flags | ED };
    [&rp_id_hash, &[flags][..], &SIGNATURE_COUNTER, attested, extensions].concat()
}

/// Always zero: copies of a synced key cannot share a counter, and zero tells sites not to look at it.
const SIGNATURE_COUNTER: [u8; 4] = [0; 4];

const UP: u8 = 1;
const UV: u8 = 1 << 2;
const BE: u8 = 1 << 3;
const BS: u8 = 1 << 4;
const AT: u8 = 1 << 6;
const ED: u8 = 1 << 7;
