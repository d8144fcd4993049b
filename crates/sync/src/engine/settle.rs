//! What a commit that is in the chain has settled: operations of this device, whose answer may have been lost.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{CommitId, ItemId};

use super::core::{Core, Cx};
use crate::{Batch, Effect};

/// The items whose operations a batch settles.
#[derive(Debug, Default)]
pub(crate) struct Settled(BTreeSet<ItemId>);

impl Core {
    /// Ends every attempt whose place is filled up to `seq`; one whose commit is in the chain takes its
    /// operations with it, any other one leaves them to be done again.
    pub(crate) fn settle(&mut self, seq: u64, chain: &BTreeMap<u64, CommitId>, batch: &mut Batch) -> Settled {
        let mut settled = Settled::default();
        for attempt in self.outbox.take_decided(seq, batch) {
            if chain.get(&attempt.seq) != Some(&attempt.id) {
                continue;
            }
            for operation in attempt.operations {
                if self.pending.remove(operation) {
                    batch.remove(operation.key());
                    settled.0.insert(operation.item);
                }
            }
        }
        settled
    }

    /// Tells of the items that have nothing pending any more.
    pub(crate) fn announce(&self, settled: Settled, cx: &mut Cx<'_>) {
        let stored: Vec<_> =
            settled.0.into_iter().filter(|item| self.pending.of_item(*item).next().is_none()).collect();
        if !stored.is_empty() {
            cx.emit(Effect::Stored(stored));
        }
    }
}
