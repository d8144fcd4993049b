#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use std::{env, fs, path::Path};

use pakery_crypto::Ristretto255VoprfServer;
use roamkey_proto::{Label, Masked, OprfPublicKey, ReceiptKey, Recipient, ShareRegistration, decode, encode};

use super::*;
use crate::{
    epoch::NewEpoch,
    recovery::{RecoverySecret, groups, pin::SharePlace},
    unlock::{Passphrase, Stretch},
};

/// Set `ROAMKEY_VECTORS=write` to write the files anew: only for a new version of a format.
#[test]
fn vectors_are_frozen() {
    let files = [
        ("sealing-epochs.json", json("spec/epochs.md: epochs as a recipient opens them.", epochs())),
        ("sealing-records.json", json("spec/records.md: records, and what opens them.", records())),
        ("sealing-local.json", json("spec/local.md: blobs that rest on a device.", locals())),
        ("sealing-recovery.json", json("spec/recovery.md: kits, and texts that are none.", kits())),
        ("sealing-pin.json", json("spec/realms.md: guesses, each at one realm.", pins())),
        ("sealing-pairing.json", json("spec/pairing.md: the three messages of the handshake.", pairings())),
        ("sealing-unlock.json", json("spec/local.md: local keys under a passphrase.", unlocks())),
        ("sealing-exports.json", json("spec/exports.md: files under a passphrase.", exports())),
    ];
    for (name, made) in files {
        assert_frozen(name, &made);
    }
}

#[expect(clippy::disallowed_methods, reason = "frozen vectors are files")]
fn assert_frozen(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name);
    if env::var("ROAMKEY_VECTORS").is_ok_and(|mode| mode == "write") {
        fs::write(&path, made).unwrap();
    }
    let frozen = fs::read_to_string(&path).unwrap();
    assert!(made == frozen, "{name} is not what this build makes: a format has changed");
    assert!(check(name, &frozen).unwrap() > 0);
}

#[test]
fn a_vector_that_does_not_hold_is_told() {
    let mut cases = records();
    cases.first_mut().unwrap().body = Some("00".to_owned());
    assert!(check("sealing-records.json", &json("", cases)).is_err());
    assert!(check("unknown.json", "{}").is_err());
    assert!(check("sealing-records.json", "{").is_err());
}

fn json<T: Serialize>(about: &str, cases: Vec<T>) -> String {
    let mut json = serde_json::to_string_pretty(&File { about: about.to_owned(), cases }).unwrap();
    json.push('\n');
    json
}

const ACCOUNT: [u8; 32] = [0xa1; 32];
const AUTHOR: [u8; 32] = [0xa2; 32];
const ME: [u8; 32] = [0xa3; 32];
const KEM: [u8; 32] = [0xa4; 32];

fn place(epoch: u64) -> EpochPlace {
    EpochPlace {
        account: AccountId::new(ACCOUNT),
        epoch,
        seq: epoch,
        prev: EntryId::new([u8::try_from(epoch).unwrap() - 1; 32]),
        author: DeviceId::new(AUTHOR),
    }
}

fn epochs() -> Vec<EpochCase> {
    let mut rng = rng();
    let public = KemKey::from_bytes(&KEM).public();
    let recipients = [(DeviceId::new(ME), &public)];
    let first = epoch::make(&mut rng, &place(1), &recipients, None).unwrap();
    let second = epoch::make(&mut rng, &place(2), &recipients, Some(&first.key)).unwrap();
    let foreign = EpochKey::new(AccountId::new(ACCOUNT), 1, &[9; 32]);
    let forged = epoch::make(&mut rng, &place(2), &recipients, Some(&foreign)).unwrap();
    let skipping = epoch::make(&mut rng, &place(4), &recipients, Some(&first.key)).unwrap();
    let key = |epoch: &NewEpoch| Some(hex::encode(epoch.key.secret()));
    let case = |name: &str, epoch: &NewEpoch, tamper: fn(&mut EpochHeader)| {
        let mut header: EpochHeader = decode(&epoch.header, limits::HEADER_BYTES).unwrap();
        tamper(&mut header);
        let number = epoch.key.number();
        EpochCase {
            name: name.to_owned(),
            kem: hex::encode(KEM),
            me: hex::encode(ME),
            account: hex::encode(ACCOUNT),
            author: hex::encode(AUTHOR),
            epoch: number,
            prev: hex::encode(place(number).prev.as_bytes()),
            header: hex::encode(encode(&header)),
            wrap: hex::encode(&epoch.wraps.first().unwrap().wrap),
            before: (number > 1).then(|| hex::encode(first.key.secret())),
            key: None,
        }
    };
    vec![
        EpochCase { key: key(&first), ..case("the genesis", &first, |_| {}) },
        EpochCase { key: key(&second), ..case("the second", &second, |_| {}) },
        EpochCase { key: key(&skipping), ..case("the fourth, which skips two", &skipping, |_| {}) },
        case("another base", &skipping, |header| header.base = Some(2)),
        case("without its base", &skipping, |header| header.base = None),
        case("tied to another key", &forged, |_| {}),
        case("another commitment", &second, |header| header.commitment = [0; 32]),
        case("without a tie", &second, |header| header.tie = None),
        case("without the key before", &second, |header| header.previous = None),
        case("a ghost among the recipients", &second, |header| {
            header.recipients.push(Recipient { device: DeviceId::new([0xff; 32]), wrap: Recipient::hash_of(b"ghost") });
        }),
        case("another wrap named", &second, |header| {
            header.recipients.iter_mut().for_each(|recipient| recipient.wrap = Recipient::hash_of(b"another"));
        }),
        case("not for this device", &second, |header| header.recipients.clear()),
        case("a genesis with something before it", &first, |header| header.previous = Some(vec![0; 48])),
    ]
}

fn records() -> Vec<RecordCase> {
    let key = EpochKey::new(AccountId::new(ACCOUNT), 3, &[0xb1; 32]);
    let (hedge, item) = (HedgeKey::from_bytes(&[0xb2; 32]), ItemId::new([0xb3; 16]));
    let case = |name: &str, body: &[u8], tamper: Option<fn(&mut Record)>| {
        let mut record = record::seal(&key, &hedge, item, 7, body, &mut rng()).unwrap();
        if let Some(tamper) = tamper {
            tamper(&mut record);
        }
        RecordCase {
            name: name.to_owned(),
            account: hex::encode(ACCOUNT),
            epoch: 3,
            key: hex::encode(key.secret()),
            hedge: hex::encode([0xb2; 32]),
            item: hex::encode(item.as_bytes()),
            revision: 7,
            record: hex::encode(record.to_bytes()),
            body: tamper.is_none().then(|| hex::encode(body)),
        }
    };
    vec![
        case("an empty body", b"", None),
        case("the smallest bucket, full", &[1; 255], None),
        case("one byte more", &[1; 256], None),
        case("a step of a quarter", &[1; 4096], None),
        case("another commitment", b"body", Some(|record| record.commitment = [0; 32])),
        case("another salt", b"body", Some(|record| record.salt = [0; 32])),
        case("another item", b"body", Some(|record| record.header.item = ItemId::new([0; 16]))),
        case("another account", b"body", Some(|record| record.header.account = AccountId::new([0; 32]))),
        case("another revision", b"body", Some(|record| record.header.revision = 8)),
        case("another epoch", b"body", Some(|record| record.header.epoch = 4)),
        case("another suite", b"body", Some(|record| record.header.suite = 2)),
        case("another version", b"body", Some(|record| record.header.version = 2)),
        case("a byte less", b"body", Some(|record| record.ciphertext.truncate(record.ciphertext.len() - 1))),
        case("a byte more", b"body", Some(|record| record.ciphertext.push(0))),
    ]
}

fn locals() -> Vec<LocalCase> {
    let key = LocalKey::from_bytes(&[0xc1; 32]);
    let case = |name: &str, purpose: u8, place: &[u8], opens: bool| LocalCase {
        name: name.to_owned(),
        key: hex::encode([0xc1; 32]),
        purpose,
        place: hex::encode(place),
        sealed: hex::encode(key.seal(Purpose::Pending, b"1", b"operation", &mut rng())),
        plaintext: opens.then(|| hex::encode("operation")),
        index: hex::encode(key.index(1, place)),
    };
    vec![
        case("a pending operation", 3, b"1", true),
        case("put in another place", 3, b"2", false),
        case("put to another purpose", 4, b"1", false),
    ]
}

fn unlocks() -> Vec<UnlockCase> {
    let local = LocalKey::from_bytes(&[0xd1; 32]);
    let passphrase = Passphrase::new("caf\u{e9}").unwrap();
    let blob = hex::encode(unlock::seal_local_key(&local, &passphrase, Stretch::Argon2id64MiB, &mut rng()));
    let case = |name: &str, passphrase: &str, opens: bool| UnlockCase {
        name: name.to_owned(),
        passphrase: passphrase.to_owned(),
        blob: blob.clone(),
        key: opens.then(|| hex::encode([0xd1; 32])),
    };
    vec![case("decomposed letters", "cafe\u{301}", true), case("another passphrase", "cafe", false)]
}

fn exports() -> Vec<ExportCase> {
    let passphrase = Passphrase::new("caf\u{e9}").unwrap();
    let file = exported::seal(b"{}", &passphrase, Stretch::Argon2id64MiB, &mut rng());
    let case = |name: &str, passphrase: &str, opens: bool| ExportCase {
        name: name.to_owned(),
        passphrase: passphrase.to_owned(),
        file: hex::encode(&file),
        text: opens.then(|| hex::encode("{}")),
    };
    vec![case("decomposed letters", "cafe\u{301}", true), case("another passphrase", "cafe", false)]
}

fn pins() -> Vec<PinCase> {
    let account = AccountId::new(ACCOUNT);
    let key = |number: u8| Ristretto255VoprfServer::derive(&[number; 32], b"a realm").unwrap();
    let registration = |index: u8, threshold: u8| ShareRegistration {
        version: 1,
        account,
        realm: format!("https://realm-{index}.example"),
        number: 3,
        index,
        threshold,
        public_key: OprfPublicKey(key(index).public_key()),
        masked: Masked([0xe0 + index; 32]),
    };
    let case = |name: &str, typed: &str, kept: &ShareRegistration, committed: &ShareRegistration, by: u8| {
        let payload = cbor::encode(kept);
        let mut commitments = vec![ShareCommitment::new([9; 32]); 3];
        *commitments.get_mut(usize::from(committed.index) - 1).unwrap() =
            ShareRegistration::commitment_of(&cbor::encode(committed));
        let pin = HardenedPin::derive(typed, account, Stretch::Argon2id64MiB).unwrap();
        let place = SharePlace { account, number: kept.number, index: kept.index };
        let question = pin.ask(&place, &mut rng());
        let (element, proof) = key(by).blind_evaluate(&question.blinded().0, &mut rng()).unwrap();
        let keys = RecoverySecret::from_bytes(&[0; 32]).derive_authority(account, RecoverySlot::Pin).public();
        let policy = RecoveryPolicy { wait_ms: 0, threshold: committed.threshold, shares: commitments.clone() };
        let lock = Lock::new(account, keys, policy);
        let is_kept = lock.read(&payload).is_ok();
        let share = lock.share(kept, &question, &Evaluation { element, proof }).ok().filter(|_| is_kept);
        let secret =
            share.as_ref().filter(|_| committed.threshold == 1).map(|share| RecoverySecret::from_bytes(share.bytes()));
        let authority = secret.map(|secret| secret.derive_authority(account, RecoverySlot::Pin).id().to_string());
        PinCase {
            name: name.to_owned(),
            typed: typed.to_owned(),
            account: account.to_string(),
            commitments: commitments.iter().map(ToString::to_string).collect(),
            threshold: committed.threshold,
            registration: hex::encode(payload),
            blinded: is_kept.then(|| hex::encode(question.blinded().0)),
            element: hex::encode(element),
            proof: hex::encode(proof),
            share: share.map(|share| hex::encode(share.bytes())),
            authority,
        }
    };
    let (only, second) = (registration(1, 1), registration(2, 2));
    let words = "zoo zoo zoo zoo zoo zoo abandon";
    vec![
        case("a passphrase at one realm", words, &only, &only, 1),
        case("the same, as people type", "Zoo-zoo.zoo zoo ZOO zoo aban", &only, &only, 1),
        case("another PIN gives another share", "1234", &second, &second, 2),
        case("by another key", "1234", &second, &second, 3),
        case("what the log does not commit to", "1234", &ShareRegistration { number: 2, ..second.clone() }, &second, 2),
    ]
}

fn kits() -> Vec<KitCase> {
    let kit = Kit {
        secret: RecoverySecret::from_bytes(&[0xd1; 32]),
        account: AccountId::new(ACCOUNT),
        server: "https://sync.example".to_owned(),
        receipt_key: ReceiptKey([0xd2; 32]),
        log: Pin { seq: 2, id: [0xd3; 32] },
        vault: Pin { seq: 7, id: [0xd4; 32] },
    };
    let case = |name: &str, text: &str| {
        let (kit, error) = match Kit::from_text(text) {
            Ok(kit) => (Some(fields_of(&kit)), None),
            Err(error) => (None, Some(name_of(&error))),
        };
        KitCase { name: name.to_owned(), text: text.to_owned(), kit, error }
    };
    let text = kit.to_text();
    let groups: Vec<&str> = text.split(' ').collect();
    let second = groups.get(1).copied().unwrap();
    let changed = |change: &dyn Fn(&mut Vec<&str>)| {
        let mut groups = groups.clone();
        change(&mut groups);
        groups.join(" ")
    };
    let bytes = kit.to_bytes();
    let (written, _) = bytes.split_last_chunk::<4>().unwrap();
    let newer = |at: usize, value: u8| {
        let mut written = written.to_vec();
        *written.get_mut(at).unwrap() = value;
        let sum = Label::Kit.hash(&written);
        groups::encode(&[written.as_slice(), sum.first_chunk::<4>().unwrap()].concat())
    };
    let fresh = Kit { vault: Pin::START, ..kit };
    vec![
        case("a kit", &text),
        case("before the first commit", &fresh.to_text()),
        case("as people type", &text.to_lowercase().replace(' ', "-\n").replace('0', "o").replace('1', "l")),
        case("in a file", &format!("Keep this.\n{}\n{}\n{}\nThanks.", Kit::BEGIN, &*text, Kit::END)),
        case("a slip in the third group", &changed(&|groups| *groups.get_mut(2).unwrap() = "00000000")),
        case("two groups in each other's place", &changed(&|groups| groups.swap(4, 5))),
        case("a group left out", &changed(&|groups| groups.retain(|group| *group != second))),
        case("a letter that there is not", &changed(&|groups| *groups.get_mut(3).unwrap() = "UUUUUUUU")),
        case("the last group left out", &changed(&|groups| groups.truncate(groups.len() - 1))),
        case("nothing", ""),
        case("far too much", &"0".repeat(2_049)),
        case("another version", &newer(2, 2)),
        case("another form", &newer(0, 0xa0)),
        case("without its sum", &groups::encode(written)),
    ]
}

fn pairings() -> Vec<PairingCase> {
    let code = "7-abandon-zoo-000102030405060708090a0b0c0d0e0f";
    let case = |name: &str, entered: &str| {
        let mailbox = Mailbox { origin: "https://sync.example".to_owned(), number: 7 };
        let (member, entered_code): (PairingCode, PairingCode) = (code.parse().unwrap(), entered.parse().unwrap());
        let mut rng = rng();
        let (newcomer, first) = NewcomerPairing::start(&entered_code, mailbox.clone(), &mut rng).unwrap();
        let (_, second) = MemberPairing::new(member, mailbox.clone()).answer(&first, &mut rng).unwrap();
        PairingCase {
            name: name.to_owned(),
            code: code.to_owned(),
            entered: entered.to_owned(),
            origin: mailbox.origin,
            first: hex::encode(first),
            third: newcomer.confirm(&second).ok().map(|(_, third)| hex::encode(third)),
            second: hex::encode(second),
        }
    };
    vec![case("typed", "7 ABAN zoo"), case("scanned", code), case("another word", "7-abandon-zone")]
}
