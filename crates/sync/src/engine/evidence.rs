//! What this device saw that it should not have, kept for export (`spec/evidence.md`).

use minicbor::bytes::ByteVec;
use roamkey_proto::{Chain, Evidence, EvidenceKind, VERSION, cbor, mutant};
use roamkey_trust::{
    Refusal, TrustError,
    evidence::{Verdict, judge},
};

use super::{
    core::{Core, Cx},
    heads::Heads,
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
        let mut batch = Batch::default();
        self.put_evidence(distrust, exhibit, receipts, &mut batch, cx);
        self.persist(batch, cx);
    }

    /// Keeps the entries of the branch that this device gives up, and what the server signed of both.
    pub(crate) fn keep_branch(&mut self, entries: Vec<Vec<u8>>, shown: &Heads, batch: &mut Batch, cx: &mut Cx<'_>) {
        let chains = [Chain::Log, Chain::Vault];
        let pinned = chains.into_iter().filter_map(|chain| self.anchor.receipt(chain).cloned());
        let theirs = chains.into_iter().filter_map(|chain| shown.head(chain).receipt.clone());
        let receipts = pinned.chain(theirs).collect();
        let distrust = Distrust::Forked { chain: Chain::Log, seq: shown.pin(Chain::Log).seq, receipts: None };
        self.put_evidence(&distrust, entries, receipts, batch, cx);
    }

    fn put_evidence(
        &mut self,
        distrust: &Distrust,
        objects: Vec<Vec<u8>>,
        receipts: Vec<ByteVec>,
        batch: &mut Batch,
        cx: &mut Cx<'_>,
    ) {
        let evidence = Evidence {
            version: VERSION,
            kind: distrust.kind(),
            account: self.device.account,
            entries: Vec::new(),
            objects: objects.into_iter().map(Into::into).collect(),
            receipts,
            receipt_key: self.device.receipt_key,
            seen: cx.now,
            said: distrust.to_string(),
        };
        let place = self.place_of(&evidence, distrust);
        let key = StoreKey::numbered(Table::Evidence, place);
        let sealed = rest::seal(&self.local, &key, &cbor::encode(&evidence), &mut cx.rng);
        batch.put(key, sealed);
    }
}

impl Core {
    /// What proves somebody's guilt has places of its own, so that no number of faults pushes it out.
    fn place_of(&mut self, evidence: &Evidence, distrust: &Distrust) -> u64 {
        let is_proof = distrust.names_a_signer() || !matches!(judge(evidence), Ok(Verdict::Divergence));
        let (kept, first) = match mutant!("evidence.proofs-apart", is_proof => false) {
            true => (&mut self.anchor.proofs, KEPT),
            false => (&mut self.anchor.evidence, 0),
        };
        let place = first + *kept % KEPT;
        *kept += 1;
        place
    }
}

impl Distrust {
    /// Tells whether a device signed what it must not: the entry is in the evidence, the log goes with its export.
    fn names_a_signer(&self) -> bool {
        matches!(self, Self::Entry { cause: TrustError::Refused(refusal), .. }
            if !matches!(refusal, Refusal::Stranger | Refusal::HeaderMissing))
    }

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

/// Pieces of evidence that are kept of those that prove something, and of the others; the oldest goes first.
const KEPT: u64 = 16;
