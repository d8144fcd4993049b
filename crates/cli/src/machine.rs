//! The machine that the command line runs on.

mod folder;
mod store;
mod transport;

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use rand_core::UnwrapErr;
use roamkey_client::{Host, StoreError};
use roamkey_proto::Time;

pub use self::{
    folder::{Folder, FolderError},
    store::SqliteStore,
    transport::HttpTransport,
};

/// A store in a folder, the network, the system's clock and randomness.
pub struct Machine {
    store: SqliteStore,
    transport: HttpTransport,
    /// Keeps other processes out for as long as this one lives.
    _folder: Folder,
}

impl Machine {
    /// Opens the store in a folder that nobody else uses; `authority` is a PEM file of the
    /// certificates to trust, where those of the web are not meant.
    pub fn open(folder: Folder, authority: Option<&Path>) -> Result<Self, MachineError> {
        let transport = HttpTransport::new(authority).map_err(MachineError::Authority)?;
        let store = SqliteStore::open(&folder.store_path()).map_err(MachineError::Store)?;
        Ok(Self { store, transport, _folder: folder })
    }
}

/// Why a machine cannot be used.
#[derive(Debug)]
pub enum MachineError {
    /// The file that `ROAMKEY_CA` names.
    Authority(String),
    /// The store.
    Store(StoreError),
}

impl Host for Machine {
    type Store = SqliteStore;
    type Transport = HttpTransport;
    type Rng = UnwrapErr<getrandom::SysRng>;

    fn store(&self) -> &SqliteStore {
        &self.store
    }

    fn transport(&self) -> &HttpTransport {
        &self.transport
    }

    fn rng(&self) -> Self::Rng {
        UnwrapErr(getrandom::SysRng)
    }

    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    fn platform(&self) -> &str {
        match std::env::consts::OS {
            "linux" => "Linux",
            "macos" => "macOS",
            "windows" => "Windows",
            other => other,
        }
    }
}
