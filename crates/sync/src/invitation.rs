use minicbor::{Decode, Encode};
use roamkey_proto::{AccountId, Bundle, DeviceId, ReceiptKey, cbor, limits};
use roamkey_trust::{Log, TrustError};

use crate::Pins;

/// What a member gives a newcomer inside the pairing channel: the whole log, where both chains are,
/// and the key of the server's receipts (protocol section 8).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Invitation {
    /// Entries with their headers, without wraps, from the genesis on.
    #[n(1)]
    pub log: Vec<Bundle>,
    /// Where the member is.
    #[n(2)]
    pub pins: Pins,
    /// The key of the server's receipts, as the member pinned it.
    #[n(3)]
    pub receipt_key: ReceiptKey,
}
