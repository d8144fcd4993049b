//! What was typed here and could not be applied: kept until the person has seen it.

use core::{fmt, str::FromStr};

use roamkey_proto::{ItemId, Time};
use roamkey_sync::{Batch, StoreKey, Table};
use roamkey_vault::{Operation, SecretText, operation::Field};

use super::Session;
use crate::{Error, Host, LocalStore};

/// A change that came to nothing, for example as another device destroyed its item meanwhile.
#[derive(Debug)]
pub struct Unapplied {
    /// Which.
    pub id: UnappliedId,
    /// The item that it was meant for.
    pub item: ItemId,
    /// When it was typed.
    pub at: Time,
    /// What was typed, and into which field. There may be a password among it.
    pub texts: Vec<(Field, SecretText)>,
}

/// Names a change that came to nothing, on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnappliedId([u8; 16]);

impl<H: Host> Session<H> {
    /// Returns the changes that came to nothing and were not dismissed, in the order in which they were typed.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn unapplied(&self) -> Result<Vec<Unapplied>, Error> {
        let rows = self.driver.scan(Table::Unapplied).await?;
        let open = |(key, row): &(Vec<u8>, Vec<u8>)| {
            let operation = self.driver.with_reader(|reader| reader.open_unapplied(key, row))??;
            let id = key.as_slice().try_into().map(UnappliedId).map_err(|_| UNREADABLE)?;
            Ok(Unapplied::new(id, &operation))
        };
        let mut unapplied = rows.iter().map(open).collect::<Result<Vec<_>, Error>>()?;
        unapplied.sort_by_key(|change| (change.at, change.id));
        Ok(unapplied)
    }

    /// Forgets a change that came to nothing: the person has seen it. One that is gone already is no error.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`].
    pub async fn dismiss_unapplied(&self, id: UnappliedId) -> Result<(), Error> {
        self.driver.local()?;
        let mut batch = Batch::default();
        batch.remove(StoreKey::new(Table::Unapplied, id.0));
        Ok(self.driver.host().store().apply(batch).await?)
    }
}

impl Unapplied {
    fn new(id: UnappliedId, operation: &Operation) -> Self {
        Self { id, item: operation.item, at: operation.at, texts: operation.expose_texts() }
    }
}

impl fmt::Display for UnappliedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for UnappliedId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let id: ItemId = text.parse().map_err(|_| Error::NoSuchItem)?;
        Ok(Self(*id.as_bytes()))
    }
}

const UNREADABLE: Error = Error::Internal("a row of the engine with a key that is none");
