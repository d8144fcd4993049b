use roamkey_proto::{AccountId, DeviceId, Pin, Time};
use roamkey_server_store::Heads;
use tokio_postgres::Row;

use crate::failure::Failure;

/// PostgreSQL counts in `i64`. What is above (a time or a seq that a stranger made up) is as good as
/// the highest there is.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A number that is never negative: the schema checks it.
pub(crate) fn number(row: &Row, column: usize) -> Result<u64, Failure> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| Failure::Corrupt("of a number"))
}

pub(crate) fn time(row: &Row, column: usize) -> Result<Time, Failure> {
    number(row, column).map(Time)
}

pub(crate) fn bytes<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], Failure> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| Failure::Corrupt("of a fixed length"))
}

pub(crate) fn account(row: &Row, column: usize) -> Result<AccountId, Failure> {
    bytes(row, column).map(AccountId::new)
}

pub(crate) fn device(row: &Row, column: usize) -> Result<DeviceId, Failure> {
    bytes(row, column).map(DeviceId::new)
}

/// Reads heads from five columns.
pub(crate) fn heads(row: &Row, from: usize) -> Result<Heads, Failure> {
    Ok(Heads {
        log: Pin { seq: number(row, from)?, id: bytes(row, from + 1)? },
        vault: Pin { seq: number(row, from + 2)?, id: bytes(row, from + 3)? },
        vault_log: number(row, from + 4)?,
    })
}
