//! What the person does here: at rest as pending operations before anything else happens.

use roamkey_proto::{ItemId, mutant};
use roamkey_sealing::record::BODY_BYTES;
use roamkey_vault::{Action, Operation};

use super::{
    core::{Core, Cx},
    rest,
};
use crate::{Batch, Effect, EngineError, replica::index_rows};

impl Core {
    pub(crate) fn edit(&mut self, operations: Vec<Operation>, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let encoded: Vec<_> = operations.iter().map(Operation::encode).collect();
        if encoded.iter().any(|bytes| bytes.len() > BODY_BYTES) {
            return Err(EngineError::TooLong);
        }
        let mut batch = Batch::default();
        let mut changed: Vec<ItemId> = Vec::new();
        for (operation, bytes) in operations.iter().zip(encoded) {
            self.put_encoded(operation, &bytes, &mut batch, cx);
            changed.push(operation.item);
        }
        changed.dedup();
        mutant!("edits.rest-before-they-are-told", cx.persist(batch) => drop(batch));
        cx.emit(Effect::Changed(changed));
        Ok(())
    }

    pub(crate) fn put_pending(&mut self, operation: &Operation, batch: &mut Batch, cx: &mut Cx<'_>) {
        self.put_encoded(operation, &operation.encode(), batch, cx);
    }

    fn put_encoded(&mut self, operation: &Operation, bytes: &[u8], batch: &mut Batch, cx: &mut Cx<'_>) {
        let key = self.pending.add(operation.item).key();
        let sealed = rest::seal(&self.local, &key, bytes, &mut cx.rng);
        batch.put(key, sealed);
        if let Action::Create(item) = &operation.action {
            index_rows(&self.local, operation.item, item, batch);
        }
    }
}
