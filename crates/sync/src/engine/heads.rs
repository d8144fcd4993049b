//! The server's word where both chains are, compared with what is pinned.

use minicbor::bytes::ByteVec;
use roamkey_proto::{Chain, Pin, api, cbor, limits, mutant};
use roamkey_trust::receipt;

use super::{
    core::{Core, Cx, Halt, Turn},
    device::Device,
};
use crate::Distrust;

/// Where the server says that both chains are.
#[derive(Clone, Debug)]
pub(crate) struct Heads {
    log: Head,
    vault: Head,
}

/// A pin with the receipt that says so.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) pin: Pin,
    pub(crate) receipt: Option<ByteVec>,
}

impl Heads {
    pub(crate) fn head(&self, chain: Chain) -> &Head {
        match chain {
            Chain::Log => &self.log,
            Chain::Vault => &self.vault,
        }
    }

    pub(crate) fn pin(&self, chain: Chain) -> Pin {
        self.head(chain).pin
    }

    /// Notes that the server took what this device appended.
    pub(crate) fn advance(&mut self, chain: Chain, head: Head) {
        match chain {
            Chain::Log => self.log = head,
            Chain::Vault => self.vault = head,
        }
    }
}

impl Core {
    pub(crate) fn heads_answered(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let heads: api::Heads = cbor::decode(body, limits::SMALL_BODY_BYTES).map_err(|_| Distrust::Malformed)?;
        let log = read_receipt(&self.device, Chain::Log, heads.log)?;
        let vault = match heads.vault {
            Some(bytes) => read_receipt(&self.device, Chain::Vault, bytes)?,
            None => Head { pin: Pin::START, receipt: None },
        };
        self.shown = [&log, &vault].into_iter().filter_map(|head| head.receipt.as_ref().map(|r| r.to_vec())).collect();
        let heads = Heads { log, vault };
        if self.wants_repair() {
            return self.begin_repair(heads, cx);
        }
        if self.is_merely_behind(&heads) {
            return Ok(self.begin_restore(heads, cx));
        }
        self.compare_heads(&heads)?;
        self.heads = Some(heads);
        Ok(Turn::Next)
    }

    /// Reads the receipt for an append. Whatever it is, it is kept as long as it may be evidence.
    pub(crate) fn accept(&mut self, chain: Chain, sent: Pin, body: &[u8]) -> Result<Head, Distrust> {
        if let Ok(accepted) = cbor::decode::<api::Accepted>(body, limits::SMALL_BODY_BYTES) {
            self.shown = vec![accepted.receipt];
        }
        read_acceptance(&self.device, chain, sent, body)
    }

    pub(crate) fn compare_heads(&mut self, heads: &Heads) -> Result<(), Distrust> {
        self.compare_with_pin(Chain::Log, &heads.log)?;
        self.compare_with_pin(Chain::Vault, &heads.vault)?;
        self.compare_with_witnesses(heads)
    }

    fn compare_with_pin(&mut self, chain: Chain, shown: &Head) -> Result<(), Distrust> {
        let pinned = self.anchor.pin(chain);
        if !mutant!("heads.not-behind-the-pin", shown.pin.seq >= pinned.seq) {
            return Err(Distrust::RolledBack { chain, pinned: pinned.seq, shown: shown.pin.seq });
        }
        if !mutant!("heads.not-beside-the-pin", shown.pin.seq != pinned.seq || shown.pin.id == pinned.id) {
            return Err(forked(chain, pinned.seq, self.anchor.receipt(chain), shown.receipt.as_ref()));
        }
        Ok(())
    }
}

pub(crate) fn forked(chain: Chain, seq: u64, ours: Option<&ByteVec>, theirs: Option<&ByteVec>) -> Distrust {
    let receipts = ours.zip(theirs).map(|(a, b)| Box::new([a.to_vec(), b.to_vec()]));
    Distrust::Forked { chain, seq, receipts }
}

/// Reads a receipt that must speak of this account and chain.
pub(crate) fn read_receipt(device: &Device, chain: Chain, bytes: Vec<u8>) -> Result<Head, Distrust> {
    let receipt = receipt::verify(&bytes, &device.receipt_key).map_err(|_| Distrust::Receipt)?;
    if !mutant!("receipt.of-this-account-and-chain", receipt.account == device.account && receipt.chain == chain) {
        return Err(Distrust::Receipt);
    }
    Ok(Head { pin: receipt.pin, receipt: Some(bytes.into()) })
}

/// Reads the receipt for an append, which must be for the very thing that was sent.
fn read_acceptance(device: &Device, chain: Chain, sent: Pin, body: &[u8]) -> Result<Head, Distrust> {
    let accepted: api::Accepted = cbor::decode(body, limits::SMALL_BODY_BYTES).map_err(|_| Distrust::Malformed)?;
    let head = read_receipt(device, chain, accepted.receipt)?;
    if mutant!("receipt.for-what-was-sent", head.pin == sent) { Ok(head) } else { Err(Distrust::Receipt) }
}
