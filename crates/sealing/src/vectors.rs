//! The frozen vectors of this crate's formats, and the check that they still hold.
//!
//! The files lie in `vectors/` at the root; the same check runs natively and in the browser. Where
//! a format draws random bytes, the vectors draw `SHA-256(0) ‖ SHA-256(1) ‖ …`, the numbers as
//! eight bytes, big-endian.

use roamkey_proto::{
    AccountId, DeviceId, EntryId, EpochHeader, Evaluation, ItemId, Pin, Record, RecoveryPolicy, RecoverySlot,
    ShareCommitment, cbor, limits,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    EpochKey, HedgeKey, KemKey, LocalKey,
    epoch::{self, Before, EpochPlace},
    exported,
    local::Purpose,
    pairing::{Mailbox, MemberPairing, NewcomerPairing, PairingCode},
    primitives::testing::rng,
    record,
    recovery::{
        Kit, KitError, RecoverySecret,
        groups::GroupsError,
        pin::{HardenedPin, Lock},
    },
    unlock,
};

/// Checks one file of vectors and returns how many cases it held.
///
/// # Errors
/// Says which case fails and how; an unknown name and a malformed file are failures.
pub fn check(name: &str, json: &str) -> Result<usize, String> {
    match name {
        "sealing-epochs.json" => check_all(json, check_epoch),
        "sealing-records.json" => check_all(json, check_record),
        "sealing-local.json" => check_all(json, check_local),
        "sealing-unlock.json" => check_all(json, check_unlock),
        "sealing-exports.json" => check_all(json, check_export),
        "sealing-recovery.json" => check_all(json, check_kit),
        "sealing-pin.json" => check_all(json, check_pin),
        "sealing-pairing.json" => check_all(json, check_pairing),
        _ => Err(format!("{name} holds no vectors of this crate")),
    }
}

/// A file of vectors.
#[derive(Serialize, Deserialize)]
pub struct File<T> {
    /// What the file is.
    pub about: String,
    /// Its cases.
    pub cases: Vec<T>,
}

/// `sealing-epochs.json`: an epoch as one of its recipients opens it.
#[derive(Serialize, Deserialize)]
pub struct EpochCase {
    /// What is special about it.
    pub name: String,
    /// The seed of the recipient's kem key.
    pub kem: String,
    /// The recipient.
    pub me: String,
    /// The account.
    pub account: String,
    /// The author of the entry.
    pub author: String,
    /// The number of the epoch, which is the seq of the entry as well.
    pub epoch: u64,
    /// The entry before.
    pub prev: String,
    /// The header.
    pub header: String,
    /// The recipient's wrap.
    pub wrap: String,
    /// The key of epoch 1, which this one ties to, as the recipient holds it; none at the genesis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The key; none when the epoch is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// `sealing-records.json`: a record and what opens it.
#[derive(Serialize, Deserialize)]
pub struct RecordCase {
    /// What is special about it.
    pub name: String,
    /// The account.
    pub account: String,
    /// The number of the epoch.
    pub epoch: u64,
    /// The key of the epoch.
    pub key: String,
    /// The hedge key of the device that seals.
    pub hedge: String,
    /// The item.
    pub item: String,
    /// The revision.
    pub revision: u64,
    /// The record.
    pub record: String,
    /// The body; none when the record is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// `sealing-local.json`: a blob at rest.
#[derive(Serialize, Deserialize)]
pub struct LocalCase {
    /// What is special about it.
    pub name: String,
    /// The local key.
    pub key: String,
    /// The number of the purpose: 3 pending, 4 outbox, 5 cache, 6 setting.
    pub purpose: u8,
    /// The place.
    pub place: String,
    /// The blob.
    pub sealed: String,
    /// What it holds; none when it does not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plaintext: Option<String>,
    /// What stands in the index for the place, as kind 1.
    pub index: String,
}

/// `sealing-unlock.json`: a local key at rest.
#[derive(Serialize, Deserialize)]
pub struct UnlockCase {
    /// What is special about it.
    pub name: String,
    /// What the person types.
    pub passphrase: String,
    /// The blob.
    pub blob: String,
    /// The local key; none when it stays locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// `sealing-exports.json`: a file under a passphrase.
#[derive(Serialize, Deserialize)]
pub struct ExportCase {
    /// What is special about it.
    pub name: String,
    /// What the person types.
    pub passphrase: String,
    /// The file.
    pub file: String,
    /// What is inside; none when it stays closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// `sealing-recovery.json`: the text of a kit.
#[derive(Serialize, Deserialize)]
pub struct KitCase {
    /// What is special about it.
    pub name: String,
    /// What is typed, scanned or read from a file.
    pub text: String,
    /// What it says; none when it is no kit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kit: Option<KitFields>,
    /// Why it is none, with the group to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What a kit says.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct KitFields {
    /// The bytes that the groups spell.
    pub bytes: String,
    /// The account.
    pub account: String,
    /// The server.
    pub server: String,
    /// The key of its receipts.
    pub receipt_key: String,
    /// The number and the identifier of an entry of the log.
    pub log: (u64, String),
    /// The number and the identifier of a commit.
    pub vault: (u64, String),
    /// The name of its authority, which all its derived keys go into.
    pub authority: String,
}

/// `sealing-pin.json`: a guess at one realm.
#[derive(Serialize, Deserialize)]
pub struct PinCase {
    /// What is special about it.
    pub name: String,
    /// What the person typed.
    pub typed: String,
    /// The account.
    pub account: String,
    /// The log's commitments, in their order.
    pub commitments: Vec<String>,
    /// How many shares make the secret, as the log says.
    pub threshold: u8,
    /// What the realm keeps.
    pub registration: String,
    /// What is asked; none where the registration is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blinded: Option<String>,
    /// What the realm answers.
    pub element: String,
    /// With which proof.
    pub proof: String,
    /// The share that comes of it; none where the answer is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// The name of the authority, where one share is the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
}

/// `sealing-pairing.json`: the three messages of a handshake.
#[derive(Serialize, Deserialize)]
pub struct PairingCase {
    /// What is special about it.
    pub name: String,
    /// The code as the member's camera picture holds it.
    pub code: String,
    /// The code as the newcomer enters it.
    pub entered: String,
    /// The server.
    pub origin: String,
    /// The newcomer's share.
    pub first: String,
    /// The member's share and proof; its random bytes follow the newcomer's.
    pub second: String,
    /// The newcomer's proof; none when the codes do not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third: Option<String>,
}

fn check_all<T: DeserializeOwned>(json: &str, check: fn(&T) -> Result<(), String>) -> Result<usize, String> {
    let file: File<T> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    for case in &file.cases {
        check(case)?;
    }
    Ok(file.cases.len())
}

fn check_epoch(case: &EpochCase) -> Result<(), String> {
    let account = AccountId::new(array(&case.account)?);
    let place = EpochPlace {
        account,
        epoch: case.epoch,
        seq: case.epoch,
        prev: EntryId::new(array(&case.prev)?),
        author: DeviceId::new(array(&case.author)?),
    };
    let header: EpochHeader =
        cbor::decode_versioned(&bytes(&case.header)?, limits::HEADER_BYTES).map_err(|error| error.to_string())?;
    let held = case.before.as_ref().map(|held| array(held)).transpose()?;
    let held = held.map(|held| EpochKey::new(account, 1, &held));
    let before = held.as_ref().map_or(Before::Nothing, Before::Key);
    let kem = KemKey::from_bytes(&array(&case.kem)?);
    let opened = epoch::open(&kem, DeviceId::new(array(&case.me)?), &place, &header, &bytes(&case.wrap)?, before);
    same(&case.name, opened.ok().map(|key| hex::encode(key.secret())), case.key.as_ref())
}

fn check_record(case: &RecordCase) -> Result<(), String> {
    let key = EpochKey::new(AccountId::new(array(&case.account)?), case.epoch, &array(&case.key)?);
    let item = ItemId::new(array(&case.item)?);
    let opened =
        Record::from_bytes(&bytes(&case.record)?).ok().and_then(|record| record::open(&key, item, &record).ok());
    same(&case.name, opened.map(hex::encode), case.body.as_ref())?;
    let Some(body) = &case.body else { return Ok(()) };
    let hedge = HedgeKey::from_bytes(&array(&case.hedge)?);
    let sealed = record::seal(&key, &hedge, item, case.revision, &bytes(body)?, &mut rng());
    same(&case.name, sealed.ok().map(|record| hex::encode(record.to_bytes())), Some(&case.record))
}

fn check_local(case: &LocalCase) -> Result<(), String> {
    let key = LocalKey::from_bytes(&array(&case.key)?);
    let purpose = match case.purpose {
        3 => Purpose::Pending,
        4 => Purpose::Outbox,
        5 => Purpose::Cache,
        6 => Purpose::Setting,
        _ => return Err(format!("{}: no such purpose", case.name)),
    };
    let place = bytes(&case.place)?;
    same(&case.name, Some(hex::encode(key.index(1, &place))), Some(&case.index))?;
    let opened = key.open(purpose, &place, &bytes(&case.sealed)?);
    same(&case.name, opened.ok().map(hex::encode), case.plaintext.as_ref())?;
    let Some(plaintext) = &case.plaintext else { return Ok(()) };
    let sealed = key.seal(purpose, &place, &bytes(plaintext)?, &mut rng());
    same(&case.name, Some(hex::encode(sealed)), Some(&case.sealed))
}

fn check_unlock(case: &UnlockCase) -> Result<(), String> {
    let passphrase = unlock::Passphrase::new(&case.passphrase).map_err(|error| error.to_string())?;
    let opened = unlock::open_local_key(&bytes(&case.blob)?, &passphrase);
    same(&case.name, opened.ok().map(|key| hex::encode(key.expose_bytes())), case.key.as_ref())
}

fn check_export(case: &ExportCase) -> Result<(), String> {
    let passphrase = unlock::Passphrase::new(&case.passphrase).map_err(|error| error.to_string())?;
    let opened = exported::open(&bytes(&case.file)?, &passphrase);
    same(&case.name, opened.ok().map(hex::encode), case.text.as_ref())
}

fn check_kit(case: &KitCase) -> Result<(), String> {
    let (kit, error) = match Kit::from_text(&case.text) {
        Ok(kit) => (Some(fields_of(&kit)), None),
        Err(error) => (None, Some(name_of(&error))),
    };
    if kit != case.kit {
        return Err(format!("{}: another kit than the one expected", case.name));
    }
    same(&case.name, error, case.error.as_ref())
}

fn fields_of(kit: &Kit) -> KitFields {
    let pin = |pin: &Pin| (pin.seq, hex::encode(pin.id));
    KitFields {
        bytes: hex::encode(&*kit.to_bytes()),
        account: kit.account.to_string(),
        server: kit.server.clone(),
        receipt_key: hex::encode(kit.receipt_key.0),
        log: pin(&kit.log),
        vault: pin(&kit.vault),
        authority: kit.derive_authority().id().to_string(),
    }
}

fn name_of(error: &KitError) -> String {
    match error {
        KitError::Groups(GroupsError::Character { group }) => format!("character {group}"),
        KitError::Groups(GroupsError::Group { group }) => format!("group {group}"),
        KitError::Groups(GroupsError::Length { group }) => format!("length {group}"),
        KitError::Groups(GroupsError::TooLong) => "too-long".to_owned(),
        KitError::UpdateNeeded { .. } => "update-needed".to_owned(),
        KitError::NotAKit => "not-a-kit".to_owned(),
    }
}

fn check_pin(case: &PinCase) -> Result<(), String> {
    let account = AccountId::new(array(&case.account)?);
    let shares = case.commitments.iter().map(|text| array(text).map(ShareCommitment::new)).collect::<Result<_, _>>()?;
    // The keys of the authority say whether the shares are right, and these cases are of single ones.
    let keys = RecoverySecret::from_bytes(&[0; 32]).derive_authority(account, RecoverySlot::Pin).public();
    let lock = Lock::new(account, keys, RecoveryPolicy { wait_ms: 0, threshold: case.threshold, shares });
    let read = lock.read(&bytes(&case.registration)?).ok();
    let pin = HardenedPin::derive(&case.typed, account, unlock::Stretch::Argon2id64MiB);
    let pin = pin.map_err(|error| error.to_string())?;
    let asked = read.as_ref().map(|registration| pin.ask(&lock.place(registration), &mut rng()));
    let blinded = asked.as_ref().map(|question| hex::encode(question.blinded().0));
    same(&case.name, blinded, case.blinded.as_ref())?;
    let evaluation = Evaluation { element: array(&case.element)?, proof: array(&case.proof)? };
    let share = read.zip(asked).and_then(|(registration, asked)| lock.share(&registration, &asked, &evaluation).ok());
    same(&case.name, share.as_ref().map(|share| hex::encode(share.bytes())), case.share.as_ref())?;
    let only = share.filter(|_| case.threshold == 1).map(|share| RecoverySecret::from_bytes(share.bytes()));
    let authority = only.map(|secret| secret.derive_authority(account, RecoverySlot::Pin).id().to_string());
    same(&case.name, authority, case.authority.as_ref())
}

fn check_pairing(case: &PairingCase) -> Result<(), String> {
    let parse = |text: &str| text.parse::<PairingCode>().map_err(|error| format!("{}: {error}", case.name));
    let (code, entered) = (parse(&case.code)?, parse(&case.entered)?);
    let mailbox = Mailbox { origin: case.origin.clone(), number: code.number() };
    let said = |error| format!("{}: {error}", case.name);
    let mut rng = rng();
    let (newcomer, first) = NewcomerPairing::start(&entered, mailbox.clone(), &mut rng).map_err(said)?;
    same(&case.name, Some(hex::encode(&first)), Some(&case.first))?;
    let (member, second) = MemberPairing::new(code, mailbox).answer(&first, &mut rng).map_err(said)?;
    same(&case.name, Some(hex::encode(&second)), Some(&case.second))?;
    let third = newcomer.confirm(&second).ok().map(|(_, third)| third);
    same(&case.name, third.as_ref().map(hex::encode), case.third.as_ref())?;
    third.map_or(Ok(()), |third| member.verify(&third).map(drop).map_err(said))
}

fn same(name: &str, found: Option<String>, expected: Option<&String>) -> Result<(), String> {
    if found.as_ref() == expected { Ok(()) } else { Err(format!("{name}: {found:?} in place of {expected:?}")) }
}

fn bytes(text: &str) -> Result<Vec<u8>, String> {
    hex::decode(text).map_err(|error| error.to_string())
}

fn array<const N: usize>(text: &str) -> Result<[u8; N], String> {
    bytes(text)?.try_into().map_err(|_| format!("not {N} bytes"))
}

#[cfg(test)]
mod tests;
