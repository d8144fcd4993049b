use minicbor::{Decode, Encode};

use crate::{AccountId, DeviceId, Nonce};

/// What a device signs to open a session (protocol section 7): the payload of a COSE_Sign1 by its
/// write key under the label `session`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SessionProof {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// The server's origin as the device has it configured, so that a proof cannot be relayed.
    #[n(1)]
    pub origin: String,
    /// The account.
    #[n(2)]
    pub account: AccountId,
    /// The device.
    #[n(3)]
    pub member: DeviceId,
    /// What the server drew.
    #[n(4)]
    pub challenge: Nonce,
}
