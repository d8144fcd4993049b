//! The vectors: made here, frozen in `vectors/`, checked from there.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::{env, fs, path::PathBuf};

use roamkey_proto::{
    AccountId, Bundle, Chain, Close, Commit, CommitId, DeviceId, Entry, EntryId, EpochHeader, Evidence, EvidenceKind,
    Heartbeat, Label, Nonce, Op, Pin, Receipt, ReceiptKey, Recipient, RecoverySlot, ReservedOp, SessionProof, VERSION,
    WrapHash, cbor, limits,
};
use serde::Serialize;

use super::{
    CommitCase, CommitVectors, EvidenceCase, EvidenceVectors, KeyedCase, KeyedVectors, LogStep, LogVectors,
    RefusedBundle, SignatureCase, SignatureVectors, append, check, expected, judge_commit, judge_evidence,
    judge_heartbeat, name_of, name_of_commit, open,
};
use crate::{
    Log, SignWrite as _, WriteKey, commit,
    fixture::{self, Device, Kit, NOW, forge, forge_recovery, honest, honest_recovery, revoke, revoke_with, unset},
    heartbeat,
    keys::tests::twin,
    receipt,
    session::{self, UnverifiedProof},
    sign1::{sign_by_identity, sign_by_write},
};

#[test]
fn vectors_are_frozen() {
    assert_frozen("trust-log.json", &log());
    assert_frozen("trust-commits.json", &commits());
    assert_frozen("trust-evidence.json", &evidence());
    assert_frozen("trust-heartbeats.json", &heartbeats());
    assert_frozen("trust-signatures.json", &signatures());
    assert_frozen("trust-receipts.json", &receipts());
    assert_frozen("trust-sessions.json", &sessions());
}

#[test]
fn a_wrong_vector_is_noticed() {
    let mut file = receipts();
    file.cases[0].expected = super::Expected::Error("signature".into());
    assert!(check("trust-receipts.json", &serde_json::to_string(&file).unwrap()).is_err());
    assert!(check("nothing.json", "{}").is_err());
}

/// Compares with the file, or writes it if `ROAMKEY_VECTORS=write`; then checks the file.
#[expect(clippy::disallowed_methods, reason = "frozen vectors are files")]
fn assert_frozen(name: &str, made: &impl Serialize) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors")).join(name);
    let made = serde_json::to_string_pretty(made).unwrap() + "\n";
    if env::var("ROAMKEY_VECTORS").is_ok_and(|mode| mode == "write") {
        fs::write(&path, &made).unwrap();
    }
    let frozen = fs::read_to_string(&path).unwrap();
    assert!(frozen == made, "{name} is not what this build makes: a format has changed");
    assert!(check(name, &frozen).unwrap() > 0);
}

/// One of each operation: a founds, adds b, b adds c, b renews, c leaves, b rotates, a revokes b.
fn story() -> (Vec<(&'static str, Bundle, Log)>, [Device; 4]) {
    let [a, b, c] = [1, 2, 3].map(Device::new);
    let renewed = b.renewed(9);
    let genesis = fixture::genesis(&a);
    let log = Log::open_whole_genesis(&genesis).unwrap();
    let mut story = vec![("genesis", genesis, log)];
    let mut step = |name, op: &dyn Fn(&Log) -> Op, author: &Device| {
        let mut log = story.last().unwrap().2.clone();
        let bundle = honest(&log, op(&log), author);
        log.append_whole(&bundle).unwrap();
        story.push((name, bundle, log));
    };
    step("add a device", &|log| b.joins(log), &a);
    step("add a device by the one just added", &|log| c.joins(log), &b);
    step("renew keys", &|log| renewed.renews(log), &b);
    step("leave", &|_| Op::Leave, &c);
    step("rotate", &|_| Op::Rotate, &renewed);
    step("revoke a device", &|_| revoke(&[b.id], &[]), &a);
    let not_before = NOW.plus_millis(limits::CLOSE_WAIT_MS * 2);
    step("ask for the end", &|_| Op::Close(Close { not_before }), &a);
    step("call it off", &|_| Op::CancelClose, &a);
    let [kit, pin] = authorities();
    step("set a recovery kit", &|_| kit.set(), &a);
    step("set recovery by realms", &|_| pin.set(), &a);
    let back = Device::new(5);
    let mut recover = |name, op: &dyn Fn(&Log) -> Op, authority: &Kit| {
        let mut log = story.last().unwrap().2.clone();
        let bundle = honest_recovery(&log, op(&log), authority);
        log.append_whole(&bundle).unwrap();
        story.push((name, bundle, log));
    };
    recover("come back by the kit", &|log| kit.lets_in(&back, log, None), &kit);
    recover("come back by a request", &|log| pin.lets_in(&Device::new(6), log, Some(1)), &pin);
    let mut step = |name, op: Op, author: &Device| {
        let mut log = story.last().unwrap().2.clone();
        let bundle = honest(&log, op, author);
        log.append_whole(&bundle).unwrap();
        story.push((name, bundle, log));
    };
    let op = revoke_with(&[a.id, Device::new(6).id], &[back.id], &[RecoverySlot::Pin], &[RecoverySlot::Kit]);
    step("revoke what is lost, and keep the kit", op, &back);
    step("empty a recovery slot", unset(RecoverySlot::Kit), &back);
    (story, [a, b, c, renewed])
}

fn authorities() -> [Kit; 2] {
    [Kit::new(RecoverySlot::Kit, 1), Kit::new(RecoverySlot::Pin, 2)]
}

fn log() -> LogVectors {
    let (story, devices) = story();
    let steps = story.iter().map(|(name, bundle, log)| LogStep {
        name: (*name).into(),
        bundle: hex::encode(cbor::encode(bundle)),
        seq: log.head().seq,
        id: hex::encode(log.head().id),
        epoch: log.epoch(),
        active: log.active().map(|(id, _)| id.to_string()).collect(),
    });
    LogVectors {
        about: "a trust log that grows by whole bundles, and bundles that it refuses after so many steps".into(),
        account: story[0].2.account().to_string(),
        steps: steps.collect(),
        refused: refused(&story, &devices),
    }
}

fn refused(story: &[(&'static str, Bundle, Log)], [a, b, c, _]: &[Device; 4]) -> Vec<RefusedBundle> {
    let mut cases = Vec::new();
    let mut case = |after: usize, name: &str, bundle: Bundle| {
        let log = after.checked_sub(1).map(|at| story[at].2.clone());
        let error = name_of(&append(log, &bundle).unwrap_err());
        cases.push(RefusedBundle { name: name.into(), after, bundle: hex::encode(cbor::encode(&bundle)), error });
    };
    let (one, three) = (&story[0].2, &story[2].2);
    let entry = |log: &Log, op: Op, author: &Device, bend: &dyn Fn(&mut Entry)| forge(log, op, author, bend, |_| {});
    let header = |bend: &dyn Fn(&mut EpochHeader)| forge(three, Op::Rotate, a, |_| {}, bend);
    let keep = |_: &mut Entry| {};

    case(0, "no genesis", forge(&Log::empty(one.account()), Op::Rotate, a, keep, |_| {}));
    case(0, "a genesis of another account", {
        forge(&Log::empty(AccountId::new([1; 32])), a.genesis(), a, keep, |_| {})
    });
    case(0, "a genesis by another device", {
        forge(&Log::empty(one.account()), a.genesis(), a, |entry| entry.author = b.id, |_| {})
    });
    case(3, "a second genesis", entry(three, a.genesis(), a, &keep));
    case(3, "sent again", story[2].1.clone());
    case(3, "another entry for a filled place", entry(three, Op::Rotate, a, &|entry| entry.seq -= 1));
    case(3, "a newer version", entry(three, Op::Rotate, a, &|entry| entry.version = 2));
    let reserved = Op::Reserved(ReservedOp { number: 8, body: vec![0xa0] });
    case(3, "a reserved operation", entry(three, reserved, a, &keep));
    case(3, "another account", entry(three, Op::Rotate, a, &|entry| entry.account = AccountId::new([1; 32])));
    case(3, "a gap", entry(three, Op::Rotate, a, &|entry| entry.seq += 1));
    case(3, "another history", entry(three, Op::Rotate, a, &|entry| entry.prev = EntryId::NONE));
    case(3, "by a stranger", entry(three, Op::Rotate, &Device::new(8), &keep));
    case(3, "signed by another", entry(three, Op::Rotate, b, &|entry| entry.author = a.id));
    case(3, "the least suite falls", entry(three, Op::Rotate, a, &|entry| entry.min_suite = 0));
    case(3, "an unknown suite", entry(three, Op::Rotate, a, &|entry| entry.min_suite = 2));
    case(3, "a possession of another place", entry(three, Device::new(4).joins(one), a, &keep));
    case(3, "a device for the second time", entry(three, c.joins(three), a, &keep));
    case(3, "a revocation of nobody", entry(three, revoke(&[], &[]), a, &keep));
    case(3, "a revocation of oneself", entry(three, revoke(&[a.id], &[b.id, c.id]), a, &keep));
    case(3, "a revocation of a stranger", entry(three, revoke(&[DeviceId::new([1; 32])], &[]), a, &keep));
    case(3, "a planted device neither named nor kept", entry(three, revoke(&[b.id], &[]), a, &keep));
    case(3, "a device kept without need", entry(three, revoke(&[c.id], &[b.id]), a, &keep));
    case(1, "the last device leaves", entry(one, Op::Leave, a, &keep));
    case(5, "leaving while an epoch is owed", entry(&story[4].2, Op::Leave, a, &keep));
    case(5, "by a device that has left", entry(&story[4].2, Op::Rotate, c, &keep));
    case(7, "by a revoked device", entry(&story[6].2, Op::Rotate, b, &keep));
    case(3, "the suite raised to where it was", entry(three, Op::SetMinSuite, a, &keep));
    case(3, "a suite of a newer version", entry(three, Op::SetMinSuite, a, &|entry| entry.min_suite = 2));
    let soon = Op::Close(Close { not_before: NOW.plus_millis(limits::CLOSE_WAIT_MS - 1) });
    case(3, "an end too soon", entry(three, soon, a, &keep));
    let close = Op::Close(Close { not_before: NOW.plus_millis(limits::CLOSE_WAIT_MS) });
    case(8, "an end that was asked for already", entry(&story[7].2, close, a, &keep));
    case(9, "an end that nobody asked for called off", entry(&story[8].2, Op::CancelClose, a, &keep));
    let [kit, pin] = authorities();
    let back = Device::new(7);
    let recover = |log: &Log, op: Op, authority: &Kit| forge_recovery(log, op, authority);
    let (set, answered) = (&story[10].2, &story[12].2);
    case(11, "an authority that rotates", recover(set, Op::Rotate, &kit));
    case(11, "an authority that pairs", recover(set, back.joins(set), &kit));
    case(11, "a recovery without the request that its slot needs", recover(set, pin.lets_in(&back, set, None), &pin));
    case(13, "a request answered twice", recover(answered, pin.lets_in(&back, answered, Some(1)), &pin));
    case(15, "an authority that is gone", recover(&story[14].2, kit.lets_in(&back, &story[14].2, None), &kit));
    case(11, "a recovery signed by a device", {
        forge(set, kit.lets_in(&back, set, None), a, |entry| entry.author = kit.id, |_| {})
    });
    case(11, "an authority's key for the second time", entry(set, kit.set(), a, &keep));
    case(11, "an empty slot emptied", entry(set, unset(RecoverySlot::Contacts), a, &keep));
    let Op::SetRecovery(mut kit_with_policy) = Kit::new(RecoverySlot::Kit, 3).set() else { unreachable!() };
    kit_with_policy.policy = set.recovery_slot(RecoverySlot::Pin).unwrap().1.policy().cloned();
    case(11, "a kit with a policy", entry(set, Op::SetRecovery(kit_with_policy), a, &keep));
    case(11, "the slot of organisations", entry(set, Kit::new(RecoverySlot::Organisation, 3).set(), a, &keep));
    case(13, "a planted slot neither named nor kept", {
        entry(answered, revoke(&[a.id], &[Device::new(5).id, Device::new(6).id]), &Device::new(5), &keep)
    });
    case(13, "a slot kept without need", {
        entry(answered, revoke_with(&[Device::new(6).id], &[], &[], &[RecoverySlot::Kit]), &Device::new(5), &keep)
    });
    case(11, "an epoch without the authorities", {
        forge(set, Op::Rotate, a, |_| {}, |header| header.recipients.retain(|to| to.device == a.id))
    });
    case(3, "an epoch skipped whose opener stays", header(&|header| header.base = Some(1)));
    case(3, "the epoch before named as base", header(&|header| header.base = Some(3)));
    case(3, "no header is named", entry(three, Op::Rotate, a, &|entry| entry.epoch = None));
    case(3, "the header is missing", Bundle { header: None, ..honest(three, Op::Rotate, a) });
    case(
        3,
        "a header without an epoch",
        Bundle { header: honest(three, Op::Rotate, a).header, ..honest(three, Op::Leave, a) },
    );
    case(
        3,
        "another header",
        Bundle { header: header(&|header| header.commitment = [1; 32]).header, ..honest(three, Op::Rotate, a) },
    );
    case(3, "a header of another epoch", header(&|header| header.epoch += 1));
    case(3, "a header without a past", header(&|header| header.tie = None));
    case(3, "an omitted recipient", header(&|header| _ = header.recipients.pop()));
    case(3, "a ghost recipient", {
        header(&|header| {
            header.recipients.push(Recipient { device: DeviceId::new([0xff; 32]), wrap: WrapHash::new([0; 32]) })
        })
    });
    let mut damaged = honest(three, Op::Rotate, a);
    damaged.wraps[0].wrap[0] ^= 1;
    case(3, "another wrap", damaged);
    let mut short = honest(three, Op::Rotate, a);
    short.wraps.pop();
    case(3, "a missing wrap", short);
    let mut ghost = honest(three, Op::Rotate, a);
    ghost.wraps[0].recipient = DeviceId::new([0; 32]);
    case(3, "a wrap for nobody", ghost);
    cases
}

fn commits() -> CommitVectors {
    let (story, [a, b, _, renewed]) = story();
    let (before, after) = (&story[5].2, &story[6].2);
    let mut cases = Vec::new();
    let mut case = |name: &str, before: Option<&[u8]>, commit: &Commit, author: &Device| {
        let bytes = commit::sign(commit, &author.write);
        let outcome = judge_commit(after, before, &bytes).map_err(|error| name_of_commit(&error));
        cases.push(CommitCase {
            name: name.into(),
            before: before.map(hex::encode),
            bytes: hex::encode(&bytes),
            expected: expected(outcome),
        });
        bytes
    };
    let one = fixture::commit(before, &renewed, 1, CommitId::NONE);
    let id = Commit::id_of(&cbor::encode(&one));
    let two = fixture::commit(after, &a, 2, id);
    let first = case("a first commit", None, &one, &renewed);
    case("the first commit after a removal", Some(&first), &two, &a);
    case("by another than the remover", None, &fixture::commit(before, &a, 1, CommitId::NONE), &a);
    let three = fixture::commit(after, &a, 3, Commit::id_of(&cbor::encode(&two)));
    let backdated = Commit { author: b.id, log: before.head(), epoch: before.epoch(), ..three };
    case("backdated before the removal", Some(&commit::sign(&two, &a.write)), &backdated, &renewed);
    case("by an old write key", None, &one, &b);
    case("by a revoked device", Some(&first), &Commit { author: b.id, ..two.clone() }, &renewed);
    case("another account", None, &Commit { account: AccountId::new([1; 32]), ..one.clone() }, &renewed);
    case("a newer version", None, &Commit { version: 2, ..one.clone() }, &renewed);
    case("ahead of the log", None, &Commit { log: Pin { seq: 9, id: [0; 32] }, ..one.clone() }, &renewed);
    case("of another log", None, &Commit { log: Pin { seq: 6, id: [0; 32] }, ..one.clone() }, &renewed);
    case("while an epoch is owed", None, &fixture::commit(&story[4].2, &a, 1, CommitId::NONE), &a);
    case("of another epoch", None, &Commit { epoch: 1, ..one.clone() }, &renewed);
    case("not in its one form", None, &Commit { count: 1, ..one.clone() }, &renewed);
    case("not following", Some(&first), &Commit { seq: 3, ..two }, &a);
    CommitVectors {
        about: "signed commits, judged by a log; `before` is the commit that each must follow".into(),
        log: story.iter().take(7).map(|(_, bundle, _)| hex::encode(cbor::encode(bundle))).collect(),
        cases,
    }
}

fn heartbeats() -> CommitVectors {
    let (story, [a, b, c, renewed]) = story();
    let log = &story[5].2;
    let honest = Heartbeat {
        version: VERSION,
        account: log.account(),
        device: a.id,
        time: NOW,
        log: log.head(),
        vault: Pin { seq: 4, id: [3; 32] },
        epoch: log.epoch(),
        log_receipt: Some(vec![1; 200].into()),
        vault_receipt: None,
    };
    let by_b = Heartbeat { device: b.id, ..honest.clone() };
    let cases = [
        ("of a member", heartbeat::sign(&honest, &a.write)),
        ("by its new key", heartbeat::sign(&by_b, &renewed.write)),
        ("by its old key", heartbeat::sign(&by_b, &b.write)),
        ("by its old key, on another branch", {
            let elsewhere = Heartbeat { log: Pin { seq: 6, id: [0; 32] }, ..by_b.clone() };
            heartbeat::sign(&elsewhere, &b.write)
        }),
        ("by another device", heartbeat::sign(&honest, &renewed.write)),
        ("of a device that has left", heartbeat::sign(&Heartbeat { device: c.id, ..honest.clone() }, &c.write)),
        ("of another account", {
            heartbeat::sign(&Heartbeat { account: AccountId::new([1; 32]), ..honest.clone() }, &a.write)
        }),
        ("of a newer version", heartbeat::sign(&Heartbeat { version: 2, ..honest.clone() }, &a.write)),
        ("for another purpose", sign_by_write(Label::Commit, *a.id.as_bytes(), cbor::encode(&honest), &a.write)),
    ];
    let cases = cases.map(|(name, bytes)| CommitCase {
        name: name.into(),
        before: None,
        bytes: hex::encode(&bytes),
        expected: judge_heartbeat(log, &bytes),
    });
    CommitVectors {
        about: "signed heartbeats, judged by a log: `valid` is what they say".into(),
        log: story.iter().take(6).map(|(_, bundle, _)| hex::encode(cbor::encode(bundle))).collect(),
        cases: cases.into(),
    }
}

fn evidence() -> EvidenceVectors {
    let (story, [a, b, _, renewed]) = story();
    let log = &story[4].2;
    let key = WriteKey::from_bytes(&[3; 32]);
    let account = log.account();
    let receipt = |seq, id| {
        let pin = Pin { seq, id: [id; 32] };
        receipt::sign(&Receipt { version: VERSION, account, chain: Chain::Vault, pin }, &key).into()
    };
    let bare = |bundle: &Bundle| Bundle { wraps: Vec::new(), ..bundle.clone() };
    let quiet = Evidence {
        version: VERSION,
        kind: EvidenceKind::Rollback,
        account,
        entries: story.iter().take(5).map(|(_, bundle, _)| cbor::encode(&bare(bundle)).into()).collect(),
        objects: Vec::new(),
        receipts: vec![receipt(5, 1), receipt(4, 2)],
        receipt_key: ReceiptKey(*key.public().as_bytes()),
        seen: NOW,
        said: "the Vault chain went back from 5 to 4".into(),
    };
    let twice = honest(&story[2].2, Op::Rotate, &b).entry;
    let broken = forge(log, Op::Leave, &a, |_| {}, |_| {}).entry;
    let cases = [
        ("two receipts for one place", Evidence { receipts: vec![receipt(5, 1), receipt(5, 2)], ..quiet.clone() }),
        ("receipts for two places", quiet.clone()),
        ("two entries of one device for one place", Evidence { objects: vec![twice.into()], ..quiet.clone() }),
        ("an entry that breaks a rule", Evidence { objects: vec![broken.into()], ..quiet.clone() }),
        ("an entry signed by another device", {
            let forged = forge(&story[2].2, Op::Rotate, &a, |entry| entry.author = renewed.id, |_| {}).entry;
            Evidence { objects: vec![forged.into()], ..quiet.clone() }
        }),
        ("of another account", Evidence { account: AccountId::new([1; 32]), ..quiet.clone() }),
        ("of a newer version", Evidence { version: 2, ..quiet }),
    ];
    let cases = cases.map(|(name, evidence)| {
        let bytes = cbor::encode(&evidence);
        EvidenceCase { name: name.into(), verdict: judge_evidence(&bytes), bytes: hex::encode(bytes) }
    });
    EvidenceVectors { about: "files of evidence, and what they prove".into(), cases: cases.into() }
}

fn signatures() -> SignatureVectors {
    let [a, b] = [1, 2].map(Device::new);
    let payload = b"payload".to_vec();
    let (kid, es256, ed25519) = (a.id.as_bytes(), a.keys.identity.as_bytes(), a.keys.write.as_bytes());
    let by_identity = sign_by_identity(Label::Entry, a.id, payload.clone(), &a.identity);
    let by_write = sign_by_write(Label::Commit, *kid, payload, &a.write);
    let changed = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    let mut cases = Vec::new();
    let mut case = |name: &str, label: Label, kid: &[u8], key: &[u8], bytes: &[u8]| {
        let outcome = open(label, kid, key, bytes).unwrap().map_err(|error| name_of(&error));
        let [kid, key, bytes] = [kid, key, bytes].map(hex::encode);
        cases.push(SignatureCase {
            name: name.into(),
            label: label.tag().into(),
            kid,
            key,
            bytes,
            expected: expected(outcome),
        });
    };
    case("ES256", Label::Entry, kid, es256, &by_identity);
    case("ES256, the other signature of the pair", Label::Entry, kid, es256, &twin(&by_identity));
    case("Ed25519", Label::Commit, kid, ed25519, &by_write);
    for (key, bytes, label) in [(&es256[..], &by_identity, Label::Entry), (&ed25519[..], &by_write, Label::Commit)] {
        case("another purpose", Label::Session, kid, key, bytes);
        case("another name", label, b.id.as_bytes(), key, bytes);
        case("a changed signature", label, kid, key, &changed(bytes, bytes.len() - 1));
        case("a changed payload", label, kid, key, &changed(bytes, bytes.len() - 67));
        case("a changed tag", label, kid, key, &[&[0xd2], &bytes[..]].concat());
        case("a truncated object", label, kid, key, &bytes[..bytes.len() - 1]);
        case("a trailing byte", label, kid, key, &[&bytes[..], &[0]].concat());
    }
    case("another ES256 key", Label::Entry, kid, b.keys.identity.as_bytes(), &by_identity);
    case("another Ed25519 key", Label::Commit, kid, b.keys.write.as_bytes(), &by_write);
    case("the wrong algorithm", Label::Commit, kid, es256, &by_write);
    let mut long = by_write.clone();
    long.splice(2..6, [0x27, 0xa2, 0x01, 0x38, 0x12]);
    case("a long form in the protected header", Label::Commit, kid, ed25519, &long);
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut small_order = by_write;
    let at = small_order.len() - 64;
    small_order[at..].fill(0);
    small_order[at] = 1;
    case("a key of small order", Label::Commit, kid, &neutral, &small_order);
    SignatureVectors { about: "COSE_Sign1 objects: `valid` is the payload".into(), cases }
}

fn receipts() -> KeyedVectors {
    let (key, other) = (WriteKey::from_bytes(&[3; 32]), WriteKey::from_bytes(&[4; 32]));
    let pin = Pin { seq: 5, id: [2; 32] };
    let honest = Receipt { version: VERSION, account: AccountId::new([1; 32]), chain: Chain::Vault, pin };
    let on_log = Receipt { chain: Chain::Log, ..honest };
    let newer = Receipt { version: 2, ..honest };
    let kid = *key.public().as_bytes();
    let objects = [
        ("of a vault", receipt::sign(&honest, &key)),
        ("of a log", receipt::sign(&on_log, &key)),
        ("by another key", receipt::sign(&honest, &other)),
        ("of another purpose", sign_by_write(Label::Session, kid, cbor::encode(&honest), &key)),
        ("of a newer version", receipt::sign(&newer, &key)),
        ("of an unknown chain", {
            let mut payload = cbor::encode(&honest);
            let at = payload.windows(2).position(|pair| pair == [2, 2]).unwrap();
            payload[at + 1] = 3;
            sign_by_write(Label::Receipt, kid, payload, &key)
        }),
    ];
    keyed("signed receipts: `valid` is what they say", &kid, objects, |bytes| {
        receipt::verify(bytes, &roamkey_proto::ReceiptKey(kid)).map(|receipt| cbor::encode(&receipt))
    })
}

fn sessions() -> KeyedVectors {
    let [a, b] = [1, 2].map(Device::new);
    let honest = SessionProof {
        version: VERSION,
        origin: "https://sync.example".into(),
        account: AccountId::new([1; 32]),
        member: a.id,
        challenge: Nonce::new([2; 32]),
    };
    let newer = SessionProof { version: 2, ..honest.clone() };
    let long = SessionProof { origin: "x".repeat(513), ..honest.clone() };
    let objects = [
        ("honest", session::sign(&honest, &a.write)),
        ("by another key", session::sign(&honest, &b.write)),
        ("under another name", sign_by_write(Label::Session, *b.id.as_bytes(), cbor::encode(&honest), &a.write)),
        ("of another purpose", sign_by_write(Label::Commit, *a.id.as_bytes(), cbor::encode(&honest), &a.write)),
        ("of a newer version", session::sign(&newer, &a.write)),
        ("with a long origin", session::sign(&long, &a.write)),
    ];
    keyed("signed session proofs: `valid` is what they say", a.keys.write.as_bytes(), objects, |bytes| {
        UnverifiedProof::parse(bytes)?.verify(&a.keys.write).map(|proof| cbor::encode(&proof))
    })
}

fn keyed<const N: usize>(
    about: &str,
    key: &[u8; 32],
    objects: [(&str, Vec<u8>); N],
    verify: impl Fn(&[u8]) -> Result<Vec<u8>, crate::TrustError>,
) -> KeyedVectors {
    let cases = objects.map(|(name, bytes)| KeyedCase {
        name: name.into(),
        key: hex::encode(key),
        bytes: hex::encode(&bytes),
        expected: expected(verify(&bytes).map(hex::encode).map_err(|error| name_of(&error))),
    });
    KeyedVectors { about: about.into(), cases: cases.into() }
}
