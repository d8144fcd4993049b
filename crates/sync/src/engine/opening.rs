//! Opening an engine from its store: four small reads, whatever the vault holds.

use std::{collections::VecDeque, sync::Arc};

use roamkey_sealing::LocalKey;

use super::{
    Epochs, Pending,
    core::{Core, Cx},
    device::{Anchor, Device},
    outbox::Outbox,
};
use crate::{Effect, EngineError, Event, StoreKey, Table, replica::Summary};

/// What is open so far, and the read that is waited for.
pub(crate) struct Opening {
    local: Arc<LocalKey>,
    stage: Option<Stage>,
}

enum Stage {
    Rows,
    Epochs(Box<Core>),
    Pending(Box<Core>),
    Outbox(Box<Core>),
}

impl Opening {
    pub(crate) fn begin(local: Arc<LocalKey>, effects: &mut VecDeque<Effect>) -> Self {
        effects.push_back(Effect::Load(ROWS.map(StoreKey::only).to_vec()));
        Self { local, stage: Some(Stage::Rows) }
    }

    pub(crate) fn handle(&mut self, event: Event, cx: &mut Cx<'_>) -> Result<Option<Box<Core>>, EngineError> {
        match (self.stage.take(), event) {
            (Some(Stage::Rows), Event::Loaded(rows)) => {
                let [meta, pins, summary] = <[_; 3]>::try_from(rows).map_err(|_| EngineError::Unexpected)?;
                let device = Device::open(&self.local, &present(meta, Table::Meta)?)?;
                let anchor = Anchor::open(&self.local, &present(pins, Table::Pins)?)?;
                let summary = Summary::open(&self.local, &present(summary, Table::Summary)?)?;
                let mut core = Core::new(self.local.clone(), device, anchor, Epochs::default());
                core.summary = summary;
                self.scan(Table::Epochs, Stage::Epochs(Box::new(core)), cx);
            }
            (Some(Stage::Epochs(mut core)), Event::Scanned(rows)) => {
                core.epochs = Epochs::open(core.device.account, &self.local, &rows)?;
                self.scan(Table::Pending, Stage::Pending(core), cx);
            }
            (Some(Stage::Pending(mut core)), Event::Scanned(rows)) => {
                core.pending = Pending::open(rows.into_iter().map(|(key, _)| key))?;
                self.scan(Table::Outbox, Stage::Outbox(core), cx);
            }
            (Some(Stage::Outbox(mut core)), Event::Scanned(rows)) => {
                core.outbox = Outbox::open(&self.local, rows)?;
                let named = core.outbox.attempts.iter().flat_map(|attempt| &attempt.operations);
                let last = named.map(|operation| operation.number).max().unwrap_or(0);
                core.pending.skip_to(last);
                cx.emit(Effect::Ready);
                return Ok(Some(core));
            }
            (stage, _) => {
                self.stage = stage;
                return Err(EngineError::Unexpected);
            }
        }
        Ok(None)
    }

    fn scan(&mut self, table: Table, next: Stage, cx: &mut Cx<'_>) {
        self.stage = Some(next);
        cx.emit(Effect::Scan(table));
    }
}

fn present(row: Option<Vec<u8>>, table: Table) -> Result<Vec<u8>, EngineError> {
    row.ok_or(EngineError::Store(table))
}

const ROWS: [Table; 3] = [Table::Meta, Table::Pins, Table::Summary];
