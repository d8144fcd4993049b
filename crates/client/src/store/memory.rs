use std::{cell::RefCell, collections::BTreeMap};

use roamkey_sync::{Batch, StoreKey, Table};

use super::{LocalStore, Row, StoreError};

/// A store that lasts as long as it is held: for tests, and for a browser's private windows.
#[derive(Debug, Default)]
pub struct MemoryStore {
    rows: RefCell<BTreeMap<StoreKey, Vec<u8>>>,
}

impl LocalStore for MemoryStore {
    async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let rows = self.rows.borrow();
        Ok(keys.iter().map(|key| rows.get(key).cloned()).collect())
    }

    async fn scan(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows.borrow();
        let from = StoreKey::new(table, after.unwrap_or_default());
        let in_table = rows.range(from..).take_while(|(place, _)| place.table == table);
        let wanted = in_table.filter(|(place, _)| after != Some(&place.key)).take(limit);
        Ok(wanted.map(|(place, value)| (place.key.clone(), value.clone())).collect())
    }

    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let mut rows = self.rows.borrow_mut();
        for (place, value) in batch.writes {
            match value {
                Some(value) => rows.insert(place, value),
                None => rows.remove(&place),
            };
        }
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.rows.borrow_mut().clear();
        Ok(())
    }
}

#[cfg(all(test, feature = "contract"))]
mod tests {
    use super::{super::contract, MemoryStore};

    #[test]
    fn the_memory_store_keeps_the_contract() {
        pollster::block_on(contract::all(MemoryStore::default));
    }
}
