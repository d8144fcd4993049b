//! Authenticator data: what an authenticator says about itself and the person, and signs (WebAuthn section 6.1).

use sha2::{Digest, Sha256};

use crate::{BackupEligibility, BackupState, CredentialId, PublicKey, RpId, Verification, consent::Accepted};

/// Our make and model, the same for every copy: it names the software, never a person or a device.
pub const AAGUID: [u8; 16] =
    [0x52, 0xf7, 0xce, 0x54, 0x10, 0xa5, 0x41, 0x0e, 0xae, 0x84, 0xe4, 0x1a, 0x66, 0x71, 0x08, 0x77];

/// The flags of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// UP follows from there being an [`Accepted`]; UV from what it records; BS only where BE allows it, since WebAuthn
    /// section 6.1.3 forbids the combination.
    pub(crate) fn new(accepted: Accepted, eligibility: BackupEligibility, state: BackupState) -> Self {
        let mut bits = UP;
        if mutant!("uv.only-after-a-check", accepted.verification() == Verification::Performed) {
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
pub(crate) fn for_assertion(rp_id: &RpId, flags: Flags) -> Vec<u8> {
    encode(rp_id, flags.0, &[])
}

/// Authenticator data for a new credential.
pub(crate) fn for_attestation(rp_id: &RpId, flags: Flags, id: &CredentialId, public_key: &PublicKey) -> Vec<u8> {
    let id = id.as_bytes();
    let id_len = u16::try_from(id.len()).expect("a credential id has at most 1023 bytes");
    let attested = [&AAGUID, &id_len.to_be_bytes()[..], id, &public_key.to_cose()].concat();
    encode(rp_id, flags.0 | AT, &attested)
}

fn encode(rp_id: &RpId, flags: u8, attested: &[u8]) -> Vec<u8> {
    let rp_id_hash = Sha256::digest(rp_id.as_str());
    [&rp_id_hash, &[flags][..], &SIGNATURE_COUNTER, attested].concat()
}

/// Always zero: copies of a synced key cannot share a counter, and zero tells sites not to look at it.
const SIGNATURE_COUNTER: [u8; 4] = [0; 4];

const UP: u8 = 1;
const UV: u8 = 1 << 2;
const BE: u8 = 1 << 3;
const BS: u8 = 1 << 4;
const AT: u8 = 1 << 6;
