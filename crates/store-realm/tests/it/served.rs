//! A realm in a folder, at which a PIN is set, and a request that has waited.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use chacha20::{ChaCha20Rng, rand_core::SeedableRng as _};
use roamkey_proto::{Blinded, Guess, RequestId};
use roamkey_realm::{Look, MakeGuess, Overview, Refusal};
use roamkey_store_realm::{OpenError, RealmStore};
use roamkey_trust::realm::Unverified;
use tempfile::TempDir;

use crate::world::{DAY, Device, Version, World, after, origin};

pub(crate) struct Served {
    pub(crate) folder: TempDir,
    pub(crate) asker: Asker,
}

/// Whoever asks: made anew in another process, it is the same.
pub(crate) struct Asker {
    pub(crate) world: World,
    version: Version,
    device: Device,
    request: RequestId,
}

impl Served {
    /// Sets the PIN in memory, and lays down what came of it.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let key = folder.path().join("key");
        fs::write(&key, hex::encode([1; 32])).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let asker = Asker::new(1);
        drop(open(folder.path()).unwrap());
        let (revision, row, mark) = asker.world.sites[0].disk.parts();
        let account = asker.world.account();
        let accounts = rusqlite::Connection::open(folder.path().join("accounts.db")).unwrap();
        accounts
            .execute(
                "INSERT INTO accounts (account, revision, kept) VALUES (?1, ?2, ?3)",
                rusqlite::params![account.as_bytes(), revision, row],
            )
            .unwrap();
        let marks = rusqlite::Connection::open(folder.path().join("marks.db")).unwrap();
        marks
            .execute(
                "INSERT INTO marks (account, number, evaluated, forgiven) VALUES (?1, ?2, ?3, ?4)",
                rusqlite::params![account.as_bytes(), mark.number, mark.evaluated, mark.forgiven],
            )
            .unwrap();
        Self { folder, asker }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn open(&self) -> RealmStore {
        open(self.path()).unwrap()
    }
}

impl Asker {
    /// The seed decides which elements it asks about.
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = World::new(1);
        let version = world.set(1, 1);
        let device = Device::new(9);
        let request = world.ask(&device);
        world.rng = ChaCha20Rng::seed_from_u64(seed);
        Self { world, version, device, request }
    }

    pub(crate) fn signed(&mut self) -> Unverified<Guess> {
        let element: Blinded = self.world.element();
        self.device.sign(&self.world.guess_of(0, self.version.number, self.request, element))
    }

    /// Makes a guess that nobody made before.
    pub(crate) fn guess(&mut self, store: &RealmStore) -> Result<(), Refusal> {
        let guess = self.signed();
        let command = MakeGuess { realm: store.realm(), guess: &guess };
        let ticket = store.run(self.world.account(), command, after(DAY)).unwrap()?;
        ticket.evaluate(&mut self.world.rng).map(drop)
    }

    pub(crate) fn look(&self, store: &RealmStore) -> Overview {
        store.run(self.world.account(), Look, after(DAY)).unwrap().unwrap()
    }
}

pub(crate) fn open(folder: &Path) -> Result<RealmStore, OpenError> {
    RealmStore::open(folder, &origin(0), &mut ChaCha20Rng::seed_from_u64(3))
}
