//! Where other devices are, compared with where this one is: two histories come to light here.

use roamkey_proto::{Chain, Commit, CommitId, Pin, limits, mutant};
use roamkey_trust::sign1::Sign1;

use super::{
    core::{Core, Cx, Halt, Step, Turn},
    heads::{Heads, forked},
};
use crate::{Batch, Distrust, Effect, Pins, StoreKey, Table};

impl Core {
    pub(crate) fn witness(&mut self, pins: Pins, cx: &mut Cx<'_>) {
        self.add_witness(pins);
        self.persist(Batch::default(), cx);
    }

    pub(crate) fn add_witness(&mut self, pins: Pins) {
        if self.anchor.witnesses.len() >= WITNESSES {
            self.anchor.witnesses.remove(0);
        }
        self.anchor.witnesses.push(pins);
    }

    /// The server must not be behind where another device has been, nor elsewhere.
    pub(crate) fn compare_with_witnesses(&self, heads: &Heads) -> Result<(), Distrust> {
        for witness in &self.anchor.witnesses {
            for (chain, seen) in [(Chain::Log, witness.log), (Chain::Vault, witness.vault)] {
                let shown = heads.pin(chain);
                if !mutant!("witness.server-not-behind", shown.seq >= seen.seq) {
                    return Err(Distrust::RolledBack { chain, pinned: seen.seq, shown: shown.seq });
                }
                if !mutant!("witness.server-not-beside", shown.seq != seen.seq || shown.id == seen.id) {
                    return Err(differs(chain, witness, heads.head(chain).receipt.as_ref()));
                }
            }
        }
        Ok(())
    }

    /// Compares witnesses with this device's chains, which are at the server's heads now.
    pub(crate) fn check_witnesses(&mut self, cx: &mut Cx<'_>) -> Result<Option<Turn>, Halt> {
        let log = self.log()?;
        for witness in &self.anchor.witnesses {
            if !mutant!("witness.same-log", log.extends(&witness.log)) {
                return Err(differs(Chain::Log, witness, self.anchor.receipt(Chain::Log)).into());
            }
        }
        if self.anchor.witnesses.is_empty() {
            return Ok(None);
        }
        let rows = self.anchor.witnesses.iter().map(|pins| StoreKey::numbered(Table::Commits, pins.vault.seq));
        cx.emit(Effect::Load(rows.collect()));
        Ok(Some(Turn::Wait(Step::Comparing)))
    }

    /// Compares witnesses with the commits at their places. Before its own first pull a device has none,
    /// and cannot know.
    pub(crate) fn compare(&mut self, rows: &[Option<Vec<u8>>], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        for (witness, row) in self.anchor.witnesses.iter().zip(rows) {
            let here = row.as_deref().and_then(commit_id).map(|id| Pin::vault(witness.vault.seq, id));
            if !mutant!("witness.same-commits", here.is_none_or(|here| here == witness.vault)) {
                return Err(differs(Chain::Vault, witness, None).into());
            }
        }
        self.anchor.witnesses.drain(..rows.len().min(self.anchor.witnesses.len()));
        self.persist(Batch::default(), cx);
        Ok(Turn::Next)
    }
}

fn differs(chain: Chain, witness: &Pins, shown: Option<&minicbor::bytes::ByteVec>) -> Distrust {
    match chain {
        Chain::Log => forked(chain, witness.log.seq, witness.log_receipt.as_ref(), shown),
        Chain::Vault => forked(chain, witness.vault.seq, witness.vault_receipt.as_ref(), shown),
    }
}

pub(crate) fn commit_id(signed: &[u8]) -> Option<CommitId> {
    let signed = Sign1::parse(signed, limits::COMMIT_BYTES).ok()?;
    Some(Commit::id_of(signed.unverified_payload()))
}

/// Witnesses that wait for a round at once; more are only more of the same.
const WITNESSES: usize = 64;
