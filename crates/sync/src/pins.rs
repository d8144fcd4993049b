use minicbor::{Decode, Encode, bytes::ByteVec};
use roamkey_proto::{Chain, Pin, cbor};

use crate::Distrust;

/// Where a device is in both chains, with the server's word for it: what two devices compare when
/// they meet by a path besides the server.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pins {
    /// The newest entry of the trust log.
    #[n(1)]
    pub log: Pin,
    /// The newest commit; [`Pin::START`] before the first.
    #[n(2)]
    pub vault: Pin,
    /// The server's signed receipt for `log`, if it gave one.
    #[n(3)]
    pub log_receipt: Option<ByteVec>,
    /// The server's signed receipt for `vault`, if it gave one.
    #[n(4)]
    pub vault_receipt: Option<ByteVec>,
}

impl Pins {
    /// Returns the canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Compares two devices that are at the same places. Where they are at different ones,
    /// [`Event::Witness`](crate::Event::Witness) has the one behind check when it gets there.
    ///
    /// # Errors
    /// [`Distrust::Forked`] when they have seen different things at one place.
    pub fn compare(&self, other: &Self) -> Result<(), Distrust> {
        same(Chain::Log, self.log, &self.log_receipt, other.log, &other.log_receipt)?;
        same(Chain::Vault, self.vault, &self.vault_receipt, other.vault, &other.vault_receipt)
    }
}

fn same(chain: Chain, a: Pin, a_word: &Option<ByteVec>, b: Pin, b_word: &Option<ByteVec>) -> Result<(), Distrust> {
    if a.seq != b.seq || a.id == b.id {
        return Ok(());
    }
    let receipts = a_word.as_ref().zip(b_word.as_ref()).map(|(a, b)| Box::new([a.to_vec(), b.to_vec()]));
    Err(Distrust::Forked { chain, seq: a.seq, receipts })
}
