//! IndexedDB, behind the background worker.

use js_sys::{Array, Object, Reflect, Uint8Array};
use roamkey_client::{LocalStore, Row, StoreError};
use roamkey_sync::{Batch, StoreKey, Table};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{Host, refused};

/// Rows in IndexedDB; everything secret in them is sealed.
pub(crate) struct BrowserStore {
    host: Host,
}

impl BrowserStore {
    pub(super) fn new(host: Host) -> Self {
        Self { host }
    }
}

impl LocalStore for BrowserStore {
    async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let tables: Array = keys.iter().map(|key| JsValue::from(key.table.name())).collect();
        let names: Array = keys.iter().map(|key| JsValue::from(Uint8Array::from(key.key.as_slice()))).collect();
        let values: Array = cast(self.host.get(tables, names).await.map_err(refused)?)?;
        values.iter().map(|value| if value.is_undefined() { Ok(None) } else { bytes(value).map(Some) }).collect()
    }

    async fn scan(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let answer = self.host.scan(table.name(), after.map(Uint8Array::from), limit).await.map_err(refused)?;
        let rows: Array = cast(answer)?;
        rows.iter().map(|row| cast::<Array>(row).and_then(|row| Ok((bytes(row.get(0))?, bytes(row.get(1))?)))).collect()
    }

    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        let writes: Array = batch.writes.iter().map(|(key, value)| write(key, value.as_deref())).collect();
        self.host.apply(writes).await.map(drop).map_err(refused)
    }

    async fn clear(&self) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        for table in Table::ALL {
            for (key, _) in self.scan(table, None, usize::MAX).await? {
                batch.remove(StoreKey::new(table, key));
            }
        }
        self.apply(batch).await
    }
}

/// `{table, key, value?}`
fn write(key: &StoreKey, value: Option<&[u8]>) -> JsValue {
    let object = Object::new();
    let set = |name: &str, value: JsValue| {
        let is_set = Reflect::set(&object, &name.into(), &value);
        debug_assert!(is_set.is_ok(), "a plain object takes any property");
    };
    set("table", key.table.name().into());
    set("key", Uint8Array::from(key.key.as_slice()).into());
    if let Some(value) = value {
        set("value", Uint8Array::from(value).into());
    }
    object.into()
}

fn bytes(value: JsValue) -> Result<Vec<u8>, StoreError> {
    cast::<Uint8Array>(value).map(|array| array.to_vec())
}

fn cast<T: wasm_bindgen::JsCast>(value: JsValue) -> Result<T, StoreError> {
    value.dyn_into().map_err(|_| StoreError::Damaged("a row is not what was written".to_owned()))
}
