use std::collections::BTreeMap;

use roamkey_sync::{Batch, StoreKey, Table};

/// A device's store in memory. What it was given it keeps, whatever becomes of the engine.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    rows: BTreeMap<StoreKey, Vec<u8>>,
}

impl MemoryStore {
    /// Writes a batch, all of it.
    pub fn apply(&mut self, batch: Batch) {
        for (key, value) in batch.writes {
            match value {
                Some(value) => _ = self.rows.insert(key, value),
                None => _ = self.rows.remove(&key),
            }
        }
    }

    /// Reads rows, in the order asked.
    #[must_use]
    pub fn load(&self, keys: &[StoreKey]) -> Vec<Option<Vec<u8>>> {
        keys.iter().map(|key| self.rows.get(key).cloned()).collect()
    }

    /// Reads a table, in the order of its keys.
    #[must_use]
    pub fn scan(&self, table: Table) -> Vec<(Vec<u8>, Vec<u8>)> {
        let rows = self.rows.iter().filter(|(key, _)| key.table == table);
        rows.map(|(key, value)| (key.key.clone(), value.clone())).collect()
    }

    /// Returns every byte at rest, keys and values: what a thief of the disk sees.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.rows.iter().flat_map(|(key, value)| key.key.iter().chain(value)).copied().collect()
    }
}
