//! How rows rest: sealed under the local key for their own place, so that none serves in another's.

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use roamkey_proto::cbor;
use roamkey_sealing::{LocalKey, local::Purpose};
use zeroize::Zeroizing;

use crate::{EngineError, StoreKey, Table};

pub(crate) fn seal(local: &LocalKey, key: &StoreKey, value: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    local.seal(purpose(key.table), &place(key), value, rng)
}

pub(crate) fn open(local: &LocalKey, key: &StoreKey, row: &[u8]) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    local.open(purpose(key.table), &place(key), row).map_err(|_| EngineError::Store(key.table))
}

/// Opens a row that holds an encoded value.
pub(crate) fn open_value<T>(local: &LocalKey, key: &StoreKey, row: &[u8]) -> Result<T, EngineError>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    let bytes = open(local, key, row)?;
    cbor::decode(&bytes, bytes.len()).map_err(|_| EngineError::Store(key.table))
}

fn purpose(table: Table) -> Purpose {
    match table {
        Table::Pending | Table::Unapplied => Purpose::Pending,
        Table::Outbox => Purpose::Outbox,
        _ => Purpose::Cache,
    }
}

fn place(key: &StoreKey) -> Vec<u8> {
    let mut place = key.table.name().as_bytes().to_vec();
    place.push(b'/');
    place.extend_from_slice(&key.key);
    place
}
