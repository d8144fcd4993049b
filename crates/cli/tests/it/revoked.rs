//! What a revoked device still holds opens nothing that was written later, whoever colludes with it.

use std::collections::BTreeMap;

use pollster::block_on;
use roamkey_client::LocalStore as _;
use roamkey_proto::{AccountId, DeviceId, EntryId, EpochHeader, ItemId, Record, cbor, limits};
use roamkey_sealing::{
    DeviceSecrets, EpochKey, LocalKey,
    epoch::{self, Before, EpochPlace},
    local::Purpose,
    record,
};
use roamkey_sync::{StoreKey, Table};
use roamkey_trust::Log;
use rusqlite::Connection;

use super::stage::{Device, Server};

#[test]
fn a_revoked_devices_keys_open_nothing_that_was_written_after() {
    let server = Server::on_file();
    let laptop = Device::founder(&server);
    laptop.ok(&["add", "note", "--title", "old", "--text", "x"]);
    let phone = Device::joined(&laptop, &server, "phone");
    laptop.ok(&["add", "note", "--title", "known to both", "--text", "x"]);
    phone.ok(&["sync"]);
    let before = Seized::from(&server);
    let last_epoch = before.headers.last().unwrap().epoch;

    laptop.ok(&["revoke", "phone"]);
    laptop.ok(&["add", "note", "--title", "secret", "--text", "x"]);
    let tablet = Device::joined(&laptop, &server, "tablet");
    tablet.ok(&["add", "note", "--title", "another secret", "--text", "x"]);
    let after = Seized::from(&server);

    let thief = Thief::of(&phone);
    assert_eq!(thief.epochs.keys().copied().max(), Some(last_epoch));
    assert!(before.records.iter().all(|(item, record)| thief.opens(*item, record)), "it read all of it before");
    assert_eq!(thief.unwraps(&before, 0), 1, "its own wrap opens");

    assert!(after.headers.last().unwrap().epoch >= last_epoch + 2, "one epoch without the phone, one with the tablet");
    assert!(after.records.len() > before.records.len());
    for (item, record) in &after.records {
        assert!(record.header.epoch > last_epoch, "every record was sealed again");
        assert!(!thief.opens(*item, record), "a record of epoch {}", record.header.epoch);
    }
    assert_eq!(thief.unwraps(&after, last_epoch), 0);
    assert_eq!(thief.walks_to(&after, last_epoch), 0);
}

/// All that a server has of its one account.
struct Seized {
    account: AccountId,
    /// The place of each epoch in the log, with every wrap that was made for it.
    places: Vec<(EpochPlace, Vec<Vec<u8>>)>,
    headers: Vec<EpochHeader>,
    devices: Vec<DeviceId>,
    records: Vec<(ItemId, Record)>,
}

impl Seized {
    fn from(server: &Server) -> Self {
        let database = Connection::open(server.file().unwrap()).unwrap();
        let bundles = bundles(&database);
        let log = Log::replay(&bundles).unwrap();
        let (mut places, mut headers) = (Vec::new(), Vec::new());
        for (bundle, entry) in bundles.iter().zip(log.entries()) {
            let Some(header) = &bundle.header else { continue };
            let header: EpochHeader = cbor::decode(header, limits::BUNDLE_BYTES).unwrap();
            let prev = entry.seq.checked_sub(1).and_then(|seq| log.entry(seq));
            let prev = prev.map_or(EntryId::new([0; 32]), |entry| entry.id);
            let (account, epoch, seq, author) = (log.account(), header.epoch, entry.seq, entry.author);
            places.push((EpochPlace { account, epoch, seq, prev, author }, wraps(&database, seq)));
            headers.push(header);
        }
        let devices = log.members().keys().copied().collect();
        Self { account: log.account(), places, headers, devices, records: records(&database) }
    }
}

fn bundles(database: &Connection) -> Vec<roamkey_proto::Bundle> {
    let mut statement = database.prepare("SELECT entry, header FROM entries ORDER BY seq").unwrap();
    let bundle = |row: &rusqlite::Row<'_>| {
        Ok(roamkey_proto::Bundle { entry: row.get(0)?, header: row.get(1)?, wraps: Vec::new() })
    };
    statement.query_map([], bundle).unwrap().map(Result::unwrap).collect()
}

fn wraps(database: &Connection, seq: u64) -> Vec<Vec<u8>> {
    let mut statement = database.prepare("SELECT wrap FROM wraps WHERE seq = ?1").unwrap();
    statement.query_map([i64::try_from(seq).unwrap()], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn records(database: &Connection) -> Vec<(ItemId, Record)> {
    let mut statement = database.prepare("SELECT record FROM records").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let records = rows.map(|row| Record::from_bytes(&row.unwrap()).unwrap());
    records.map(|record| (record.header.item, record)).collect()
}

/// A device's whole store, and the passphrase that opens it.
struct Thief {
    local: LocalKey,
    secrets: DeviceSecrets,
    /// The secret of each epoch, which no longer says which epoch it is of.
    epochs: BTreeMap<u64, Vec<u8>>,
}

impl Thief {
    fn of(device: &Device) -> Self {
        let session = device.session();
        let (home, local) = (session.home().clone(), LocalKey::from_bytes(&session.keep().unwrap()));
        drop(session);
        let store = device.store();
        let meta = block_on(store.load(&[StoreKey::only(Table::Meta)])).unwrap().remove(0).unwrap();
        let meta = local.open(Purpose::Cache, b"meta/", &meta).unwrap();
        let meta: Meta = minicbor::decode(&meta).unwrap();
        let secrets = DeviceSecrets::open(home.account, &local, &meta.secrets).unwrap();
        let rows = block_on(store.scan(Table::Epochs, None, 100)).unwrap();
        let epochs = rows.iter().map(|(key, row)| {
            let number = u64::from_be_bytes(key.as_slice().try_into().unwrap());
            (number, local.open(Purpose::EpochKey, &place(home.account, number), row).unwrap().to_vec())
        });
        let epochs = epochs.collect();
        Self { local, secrets, epochs }
    }

    /// Takes a secret for the key of any epoch.
    fn keys(&self, account: AccountId, epoch: u64) -> Vec<EpochKey> {
        let mut rng = roamkey_testkit::seeded(1);
        let taken = |secret: &Vec<u8>| {
            let sealed = self.local.seal(Purpose::EpochKey, &place(account, epoch), secret, &mut rng);
            self.local.open_epoch_key(account, epoch, &sealed).unwrap()
        };
        self.epochs.values().map(taken).collect()
    }

    /// Tells whether any key of its epochs opens a record.
    fn opens(&self, item: ItemId, record: &Record) -> bool {
        let header = &record.header;
        self.keys(header.account, header.epoch).iter().any(|key| record::open(key, item, record).is_ok())
    }

    /// Counts the wraps of epochs after one that its kem key opens, taken for any device's, whatever it says
    /// that it knows of the epoch before.
    fn unwraps(&self, seized: &Seized, after: u64) -> usize {
        let mut opened = 0;
        let epochs = seized.places.iter().zip(&seized.headers);
        for ((place, wraps), header) in epochs.filter(|((place, _), _)| place.epoch > after) {
            let held = self.keys(seized.account, place.epoch.saturating_sub(1));
            let headers = seized.headers.iter().map(Before::Header);
            let befores: Vec<_> = held.iter().map(Before::Key).chain(headers).chain([Before::Nothing]).collect();
            for wrap in wraps {
                let opens = |device: &DeviceId, before: &Before<'_>| {
                    epoch::open(&self.secrets.kem, *device, place, header, wrap, *before).is_ok()
                };
                opened += usize::from(seized.devices.iter().any(|device| befores.iter().any(|b| opens(device, b))));
            }
        }
        opened
    }

    /// Counts the later epochs whose sealed predecessor one of its keys opens.
    fn walks_to(&self, seized: &Seized, last: u64) -> usize {
        let later = seized.headers.windows(2).filter(|pair| pair[1].epoch > last);
        let walks = later.filter(|pair| {
            let keys = self.keys(seized.account, pair[1].epoch);
            keys.iter().any(|key| epoch::open_previous(key, &pair[1], &pair[0]).is_ok())
        });
        walks.count()
    }
}

/// The row of a device's own keys.
#[derive(minicbor::Decode)]
#[cbor(map)]
struct Meta {
    #[n(4)]
    secrets: minicbor::bytes::ByteVec,
}

/// Where an epoch key rests (`spec/local.md`).
fn place(account: AccountId, number: u64) -> Vec<u8> {
    [account.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}
