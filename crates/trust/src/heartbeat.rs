//! A device's signed word on where it is (protocol section 6, `spec/heartbeats.md`).

use roamkey_proto::{Heartbeat, Label, cbor, limits};

use crate::{
    Log, Refusal, SignWrite, TrustError,
    sign1::{self, PublicKey, Sign1},
};

/// Signs a heartbeat with the device's write key.
#[must_use]
pub fn sign(heartbeat: &Heartbeat, key: &impl SignWrite) -> Vec<u8> {
    sign1::sign_by_write(Label::Heartbeat, *heartbeat.device.as_bytes(), cbor::encode(heartbeat), key)
}

/// Verifies that an active device of this log says so.
///
/// At an entry that is here, its key of that time must have signed. At any other, any key that it had here will do: on another
/// branch it may have renewed, or not have renewed, its keys. Where it says it is, the caller compares.
///
/// # Errors
/// [`TrustError::Malformed`], [`TrustError::UpdateNeeded`], [`TrustError::Signature`]; [`TrustError::Refused`] with
/// [`Refusal::ForeignAccount`], [`Refusal::Stranger`], or what the device is instead of active.
pub fn verify(bytes: &[u8], log: &Log) -> Result<Heartbeat, TrustError> {
    let signed = Sign1::parse(bytes, limits::HEARTBEAT_BYTES)?;
    let heartbeat: Heartbeat = cbor::decode_versioned(signed.unverified_payload(), limits::HEARTBEAT_BYTES)?;
    if heartbeat.account != log.account() {
        return Err(Refusal::ForeignAccount.into());
    }
    let member = log.member(heartbeat.device).ok_or(Refusal::Stranger)?;
    if !member.is_active() {
        return Err(Refusal::NotActive(heartbeat.device).into());
    }
    let kid = heartbeat.device.as_bytes();
    let by = |key| signed.clone().verify(Label::Heartbeat, kid, PublicKey::Write(key));
    if log.extends(&heartbeat.log) {
        by(member.write_key_at(heartbeat.log.seq).ok_or(Refusal::Stranger)?)?;
    } else if !member.write_keys().any(|key| by(key).is_ok()) {
        return Err(crate::SignatureError.into());
    }
    Ok(heartbeat)
}

#[cfg(test)]
mod tests;
