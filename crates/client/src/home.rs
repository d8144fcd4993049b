//! What the client itself keeps beside the engine's tables.

use std::rc::Rc;

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DecodeError, DeviceId, InvitationToken, Time, VERSION, cbor};
use roamkey_sealing::{LocalKey, local::Purpose, recovery::RecoverySecret};
use roamkey_sync::{Batch, StoreKey, Table};

use crate::{Error, Host, LocalStore, Saw, ServerUrl, StoreError};

/// Which account this device is of, and where its server is: readable while locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The server.
    pub server: ServerUrl,
    /// The account.
    pub account: AccountId,
    /// This device.
    pub device: DeviceId,
}

/// How the last attempts to meet the server went: readable while locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Contact {
    /// When the server was last met.
    #[n(1)]
    pub last_sync: Option<Time>,
    /// Whether there was an attempt at all.
    #[n(2)]
    pub attempted: bool,
    /// Whether the last attempt succeeded.
    #[n(3)]
    pub online: bool,
    /// Whether this device is out of the account, as the log says or the server, which admits it no more.
    #[n(4)]
    pub ended: bool,
    /// What the server showed last that it should not have.
    #[n(5)]
    pub distrust: Option<String>,
    /// The same, for showing what is safe and what to do.
    #[n(6)]
    pub saw: Option<Saw>,
}

/// The rows of a home that was read.
pub(crate) struct Rows {
    pub(crate) home: Home,
    pub(crate) sealed: Vec<u8>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct HomeRow {
    #[n(0)]
    version: u16,
    #[n(1)]
    server: String,
    #[n(2)]
    account: AccountId,
    #[n(3)]
    device: DeviceId,
}

/// Reads the home; none if this device is of no account.
pub(crate) async fn read(store: &impl LocalStore) -> Result<Option<Rows>, Error> {
    let keys = [key(HOME), key(SEALED), key(UNLOCK), StoreKey::only(Table::Meta)];
    let rows: [Option<Vec<u8>>; 4] = store.load(&keys).await?.try_into().map_err(|_| damaged())?;
    let [Some(home), Some(sealed), Some(_), Some(_)] = rows else { return Ok(None) };
    let row: HomeRow = cbor::decode_versioned(&home, ROW_BYTES).map_err(|error| match error {
        DecodeError::UpdateNeeded { .. } => StoreError::UpdateNeeded,
        _ => damaged(),
    })?;
    let server = row.server.parse().map_err(|_| damaged())?;
    Ok(Some(Rows { home: Home { server, account: row.account, device: row.device }, sealed }))
}

/// Adds the rows of a new home to the batch that founds it.
pub(crate) fn write(home: &Home, unlock: Vec<u8>, local: &LocalKey, host: &Rc<impl Host>, batch: &mut Batch) {
    let row = encode(home);
    batch.put(key(SEALED), local.seal(Purpose::Setting, HOME, &row, &mut host.rng()));
    batch.put(key(HOME), row);
    batch.put(key(UNLOCK), unlock);
}

/// Adds what lets the account start, for as long as it has not.
pub(crate) fn write_invitation(token: &InvitationToken, local: &LocalKey, host: &impl Host, batch: &mut Batch) {
    batch.put(key(INVITATION), local.seal(Purpose::Setting, INVITATION, token.as_bytes(), &mut host.rng()));
}

/// Reads what lets the account start, where the server asks for it.
pub(crate) async fn read_invitation(store: &impl LocalStore, local: &LocalKey) -> Option<InvitationToken> {
    let row = store.load(&[key(INVITATION)]).await.ok()?.pop().flatten()?;
    let token = local.open(Purpose::Setting, INVITATION, &row).ok()?;
    InvitationToken::try_from(token.as_slice()).ok()
}

/// Keeps the secret of a kit from before its entry is made until its page is shown.
pub(crate) fn keep_kit(secret: &RecoverySecret, local: &LocalKey, host: &impl Host) -> Batch {
    let mut batch = Batch::default();
    batch.put(key(KIT), secret.seal(KIT, local, &mut host.rng()));
    batch
}

/// Reads the secret of a kit whose page nobody has seen.
pub(crate) async fn read_kit(store: &impl LocalStore, local: &LocalKey) -> Result<Option<RecoverySecret>, Error> {
    let Some(row) = store.load(&[key(KIT)]).await?.pop().flatten() else { return Ok(None) };
    Ok(Some(RecoverySecret::open(KIT, &row, local).map_err(|_| damaged())?))
}

/// Forgets a kit, as its page is shown.
pub(crate) fn forget_kit() -> Batch {
    let mut batch = Batch::default();
    batch.remove(key(KIT));
    batch
}

/// Checks that nobody wrote another server or account into the readable row while it lay locked.
pub(crate) fn check(rows: &Rows, local: &LocalKey) -> Result<(), Error> {
    let sealed = local.open(Purpose::Setting, HOME, &rows.sealed).map_err(|_| Error::SessionOver)?;
    if *sealed == encode(&rows.home) { Ok(()) } else { Err(damaged().into()) }
}

/// Replaces what unlocks this device.
pub(crate) fn write_unlock(unlock: Vec<u8>) -> Batch {
    let mut batch = Batch::default();
    batch.put(key(UNLOCK), unlock);
    batch
}

/// Reads what unlocks this device.
pub(crate) async fn read_unlock(store: &impl LocalStore) -> Result<Vec<u8>, Error> {
    let row = store.load(&[key(UNLOCK)]).await?.pop().flatten();
    row.ok_or_else(|| damaged().into())
}

/// Reads how it stands with the server, as it lies readable: while the device is locked, anybody may have written it.
pub(crate) async fn read_contact(store: &impl LocalStore) -> Result<Contact, Error> {
    match store.load(&[key(CONTACT)]).await?.pop().flatten() {
        Some(row) => Ok(cbor::decode(&row, ROW_BYTES).map_err(|_| damaged())?),
        None => Ok(Contact::default()),
    }
}

/// Reads how it stands with the server, as this device itself wrote it down, and mends what lies readable.
pub(crate) async fn read_own_contact(store: &impl LocalStore, local: &LocalKey) -> Result<Contact, Error> {
    let rows: [Option<Vec<u8>>; 2] =
        store.load(&[key(CONTACT), key(CONTACT_SEALED)]).await?.try_into().map_err(|_| damaged())?;
    let [readable, sealed] = rows;
    let opened = sealed.and_then(|row| local.open(Purpose::Setting, CONTACT, &row).ok());
    let Some(own) = opened else { return Ok(Contact::default()) };
    let contact = cbor::decode(&own, ROW_BYTES).map_err(|_| damaged())?;
    if readable.as_deref() != Some(own.as_slice()) {
        let mut batch = Batch::default();
        batch.put(key(CONTACT), own.to_vec());
        store.apply(batch).await?;
    }
    Ok(contact)
}

/// Writes how it stands with the server: readable while locked, and sealed, for this device to believe.
pub(crate) async fn write_contact(
    store: &impl LocalStore,
    contact: &Contact,
    local: &LocalKey,
    rng: &mut impl CryptoRng,
) -> Result<(), Error> {
    let row = cbor::encode(contact);
    let mut batch = Batch::default();
    batch.put(key(CONTACT_SEALED), local.seal(Purpose::Setting, CONTACT, &row, rng));
    batch.put(key(CONTACT), row);
    Ok(store.apply(batch).await?)
}

fn encode(home: &Home) -> Vec<u8> {
    let server = home.server.as_str().to_owned();
    cbor::encode(&HomeRow { version: VERSION, server, account: home.account, device: home.device })
}

fn key(name: &[u8]) -> StoreKey {
    StoreKey::new(Table::Client, name)
}

fn damaged() -> StoreError {
    StoreError::Damaged("the row of this device is not one".to_owned())
}

const HOME: &[u8] = b"home";
const SEALED: &[u8] = b"home-sealed";
const UNLOCK: &[u8] = b"unlock";
const INVITATION: &[u8] = b"invitation";
const KIT: &[u8] = b"kit";
const CONTACT: &[u8] = b"contact";
const CONTACT_SEALED: &[u8] = b"contact-sealed";

/// A home takes a server's origin and two identifiers, a contact a sentence.
const ROW_BYTES: usize = 4_096;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use pollster::block_on;
    use roamkey_proto::Chain;
    use roamkey_testkit::seeded;

    use super::{Batch, CONTACT, Contact, LocalKey, cbor, key, read_contact, read_own_contact, write_contact};
    use crate::{LocalStore as _, MemoryStore, Saw};

    #[test]
    fn what_a_thief_wrote_about_the_server_is_not_believed_once_unlocked() {
        let (store, local) = (MemoryStore::default(), LocalKey::from_bytes(&[1; 32]));
        let saw = Some(Saw::WentBack { chain: Chain::Vault, pinned: 9, shown: 8 });
        let own =
            Contact { attempted: true, online: true, distrust: Some("went back".into()), saw, ..Contact::default() };
        block_on(write_contact(&store, &own, &local, &mut seeded(1))).unwrap();
        assert_eq!(block_on(read_contact(&store)).unwrap(), own);

        // The note of distrust is cleared, or the device marked as revoked, while it lies locked.
        for forged in [Contact::default(), Contact { ended: true, ..own.clone() }] {
            let mut batch = Batch::default();
            batch.put(key(CONTACT), cbor::encode(&forged));
            block_on(store.apply(batch)).unwrap();
            assert_eq!(block_on(read_own_contact(&store, &local)).unwrap(), own);
            assert_eq!(block_on(read_contact(&store)).unwrap(), own, "and what lies readable is mended");
        }
        // Under another key there is nothing to believe.
        let other = LocalKey::from_bytes(&[2; 32]);
        assert_eq!(block_on(read_own_contact(&store, &other)).unwrap(), Contact::default());
    }
}
