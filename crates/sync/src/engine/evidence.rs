//! What this device saw that it should not have, kept for export (`spec/evidence.md`).

use roamkey_proto::{Chain, Evidence, EvidenceKind, VERSION, cbor};

use super::{
    core::{Core, Cx},
    rest,
};
use crate::{Batch, Distrust, StoreKey, Table};

impl Core {
    /// Keeps what a round ended with, unless the round before ended with the same.
    pub(crate) fn keep_evidence(&mut self, distrust: &Distrust, cx: &mut Cx<'_>) {
        let exhibit = std::mem::take(&mut self.exhibit);
        if self.distrust.as_ref() == Some(distrust) {
            return;
        }
        let pinned = [Chain::Log, Chain::Vault].into_iter().filter_map(|chain| self.anchor.receipt(chain).cloned());
        let shown = self.shown.iter().map(|receipt| receipt.clone().into());
        let proof = distrust.receipts().iter().map(|receipt| receipt.clone().into());
        let mut receipts: Vec<_> = proof.chain(pinned).chain(shown).collect();
        receipts.dedup();
        let evidence = Evidence {
            version: VERSION,
            kind: distrust.kind(),
            account: self.device.account,
            entries: Vec::new(),
            objects: exhibit.into_iter().map(Into::into).collect(),
            receipts,
            receipt_key: self.device.receipt_key,
            seen: cx.now,
            said: distrust.to_string(),
        };
        let key = StoreKey::numbered(Table::Evidence, self.anchor.evidence % KEPT);
        let sealed = rest::seal(&self.local, &key, &cbor::encode(&evidence), &mut cx.rng);
        self.anchor.evidence += 1;
        let mut batch = Batch::default();
        batch.put(key, sealed);
        self.persist(batch, cx);
    }
}

impl Distrust {
    /// Returns what evidence of it is kept as.
    #[must_use]
    pub fn kind(&self) -> EvidenceKind {
        match self {
            Self::Forked { .. } => EvidenceKind::Fork,
            Self::RolledBack { .. } => EvidenceKind::Rollback,
            Self::ShutOut { .. } | Self::Epoch { .. } | Self::UnusableKey { .. } => EvidenceKind::ShutOut,
            _ => EvidenceKind::Invalid,
        }
    }

    fn receipts(&self) -> &[Vec<u8>] {
        match self {
            Self::Forked { receipts: Some(receipts), .. } => receipts.as_slice(),
            _ => &[],
        }
    }
}

/// Pieces of evidence that are kept; the oldest goes first.
const KEPT: u64 = 16;
