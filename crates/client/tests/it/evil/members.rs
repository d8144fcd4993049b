//! Who is a member: added, hidden, replaced, revoked and back again.

use std::{cell::RefCell, rc::Rc};

use pollster::block_on;
use roamkey_client::{Error, Revocation};
use roamkey_proto::{
    AddDevice, Bundle, Chain, Op, Pin, RevokeReason, Via,
    api::{Heads, LogPage},
    cbor,
    problem::Problem,
};
use roamkey_sealing::{
    DeviceSecrets,
    epoch::{self, EpochPlace},
};
use roamkey_sync::Distrust;
use roamkey_testkit::{
    evil::{Ask, Ending, Endpoint, EvilServer, World, forged_epoch_key, lies},
    seeded,
};
use roamkey_trust::{
    CommitError, Refusal, TrustError,
    possession::{self, Place},
};

use super::distrust;

fn cause(distrust: &Distrust) -> TrustError {
    match distrust {
        Distrust::Entry { cause, .. } => cause.clone(),
        other => panic!("another fault: {other}"),
    }
}

/// Has device 1 meet a server whose log goes on with this.
fn shown(world: &mut World, bundle: Bundle, pin: Pin) -> Distrust {
    let mut head = lies::claim_head(Chain::Log, pin);
    world.server.tell(Box::new(move |ask, server: &EvilServer| match ask.endpoint() {
        Endpoint::Log => Ok(server.forward(ask)?.edited(|page: &mut LogPage| {
            page.bundles.push(bundle.clone());
        })),
        _ => head(ask, server),
    }));
    distrust(world.sync(1))
}

/// An entry in a member's name that adds the server's own device, and all that it can make of what goes with it.
fn forged(world: &World) -> (Bundle, Pin) {
    let rng = &mut seeded(25);
    let log = block_on(world.session(1).log()).unwrap();
    let spy = DeviceSecrets::make(rng);
    let keys = spy.public();
    let prev = roamkey_proto::EntryId::new(log.head().id);
    let place = Place { account: log.account(), prev, device: keys.device_id() };
    let possession = possession::sign(&place, &keys, &spy.identity, &spy.write);
    let op = Op::AddDevice(AddDevice { device: keys, possession, via: Via::Pairing, request: None });
    let draft = log.draft(op, world.id(0), world.now()).unwrap();
    let next = draft.next_epoch().unwrap();
    let place =
        EpochPlace { account: next.account, epoch: next.epoch, seq: next.seq, prev: next.prev, author: next.author };
    let recipients: Vec<_> = next.recipients.iter().map(|(device, kem)| (*device, kem)).collect();
    let guessed = forged_epoch_key(next.account, next.epoch - 1, &[7; 32]);
    let epoch = epoch::make(rng, &place, &recipients, Some(&guessed)).unwrap();
    let bundle = draft.finish(Some((epoch.header, epoch.wraps)), &spy.identity);
    let signed = roamkey_trust::sign1::Sign1::parse(&bundle.entry, 65_536).unwrap();
    let pin = Pin::log(log.head().seq + 1, roamkey_proto::Entry::id_of(signed.unverified_payload()));
    (bundle, pin)
}

#[test]
fn a_device_that_the_server_adds_is_refused() {
    let mut world = World::of(2, 2501);
    let (bundle, pin) = forged(&world);
    let seen = shown(&mut world, bundle, pin);
    assert!(matches!(cause(&seen), TrustError::Signature(_)), "{seen}");
    world.end();
}

#[test]
fn a_hidden_device_is_missed() {
    let mut world = World::of(2, 2502);
    world.add_device(0);
    // The server keeps the newcomer from the others, and shows what it wrote.
    world.note(2, "by the newcomer");
    world.sync(2).unwrap();
    let pin = world.session(1).status().unwrap().pins.log;
    world.server.tell(lies::claim_head(Chain::Log, pin));
    let seen = distrust(world.sync(1));
    assert!(matches!(&seen, Distrust::Commit { cause: CommitError::LogAhead { .. }, .. }), "{seen}");
    world.end();
}

#[test]
fn an_account_of_the_servers_making_is_refused() {
    let mut world = World::of(2, 1801);
    let mut other = World::of(4, 1802);
    other.sync_all();
    let bundles = other.server.ring(|ring| ring.bundles().to_vec());
    let head = other.session(0).status().unwrap().pins.log;
    let mut claim = lies::claim_head(Chain::Log, head);
    world.server.tell(Box::new(move |ask, server: &EvilServer| match ask.endpoint() {
        Endpoint::Log => Ok(server.forward(ask)?.edited(|page: &mut LogPage| page.bundles = bundles[2..].to_vec())),
        _ => claim(ask, server),
    }));
    let seen = distrust(world.sync(1));
    assert_eq!(cause(&seen), TrustError::Refused(Refusal::ForeignAccount));
    other.end();
    world.end();
}

#[test]
fn a_replaced_key_of_a_newcomer_is_refused() {
    let mut world = World::of(2, 1901);
    world.add_device(0);
    // The entry's own bytes hold the newcomer's keys: one of them becomes another.
    world.server.tell(lies::edit_bundles(|bundle| {
        let at = bundle.entry.len() / 2;
        bundle.entry[at] ^= 1;
    }));
    assert!(matches!(distrust(world.sync(1)), Distrust::Entry { .. } | Distrust::Malformed));
    world.end();
}

#[test]
fn a_recipient_slipped_into_a_header_is_refused() {
    let mut world = World::of(2, 2101);
    world.add_device(0);
    world.server.tell(lies::edit_bundles(|bundle| {
        let mut header: roamkey_proto::EpochHeader = cbor::decode(bundle.header.as_ref().unwrap(), 65_536).unwrap();
        let mut ghost = header.recipients[0];
        ghost.device = roamkey_proto::DeviceId::new([0; 32]);
        header.recipients.insert(0, ghost);
        bundle.header = Some(cbor::encode(&header));
    }));
    assert_eq!(cause(&distrust(world.sync(1))), TrustError::Refused(Refusal::HeaderHash));
    world.end();
}

#[test]
fn a_wrap_that_is_not_the_signed_one_is_refused() {
    let mut world = World::of(2, 2401);
    world.add_device(0);
    world.server.tell(lies::edit_bundles(|bundle| bundle.wraps[0].wrap[7] ^= 1));
    assert_eq!(cause(&distrust(world.sync(1))), TrustError::Refused(Refusal::WrapHash));
    world.end();
}

#[test]
fn an_omitted_wrap_is_missed() {
    let mut world = World::of(2, 2402);
    world.add_device(0);
    world.server.tell(lies::edit_bundles(|bundle| bundle.wraps.clear()));
    assert!(matches!(distrust(world.sync(1)), Distrust::Epoch { .. }));
    world.end();
}

#[test]
fn an_entry_without_its_header_is_refused() {
    let mut world = World::of(2, 4601);
    world.add_device(0);
    world.server.tell(lies::edit_bundles(|bundle| bundle.header = None));
    assert_eq!(cause(&distrust(world.sync(1))), TrustError::Refused(Refusal::HeaderMissing));
    world.end();
}

#[test]
fn a_header_of_another_entry_is_refused() {
    let mut world = World::of(2, 4602);
    world.add_device(0);
    world.add_device(0);
    world.server.tell(lies::edit_log(|page: &mut LogPage| {
        let other = page.bundles[1].header.clone();
        page.bundles[0].header = other;
    }));
    assert_eq!(cause(&distrust(world.sync(1))), TrustError::Refused(Refusal::HeaderHash));
    world.end();
}

#[test]
fn an_entry_shown_twice_is_refused() {
    let mut world = World::of(2, 4603);
    world.add_device(0);
    world.add_device(0);
    world.server.tell(lies::edit_log(|page: &mut LogPage| {
        let first = page.bundles[0].clone();
        page.bundles.insert(1, first);
    }));
    assert!(matches!(cause(&distrust(world.sync(1))), TrustError::Known { .. }));
    world.end();
}

#[test]
fn a_revocation_whose_answer_is_lost_is_sent_again_byte_for_byte() {
    let mut world = World::of(3, 4604);
    world.server.tell(lies::drop_answers(Endpoint::Append));
    assert!(world.revoke(0, &[2]).is_err());
    world.crash(0);
    world.server.turn_honest();
    world.sync(0).unwrap();
    let bundles = world.server.ring(|ring| ring.bundles().to_vec());
    let sent: Vec<_> =
        bundles.iter().rev().take_while(|bundle| bundle.entry == bundles[bundles.len() - 1].entry).collect();
    assert!(sent.iter().all(|bundle| **bundle == *sent[0]));
    let log = block_on(world.session(0).log()).unwrap();
    assert_eq!((log.head().seq, log.active().count()), (4, 2));
    world.end_as(&[(2, Ending::IsOut)]);
}

#[test]
fn a_revoked_device_that_the_server_lets_write_is_not_read() {
    let mut world = World::of(3, 2901);
    world.note(0, "shared");
    world.sync_all();
    world.lose(2);
    // The server plays along: for the thief the revocation never happened.
    world.server.fork(&[2]);
    world.revoke(0, &[2]).unwrap();
    world.note(2, "by the thief");
    world.sync(2).unwrap();
    world.server.route_like(1, 2);
    world.sync(1).unwrap();
    // What this one was shown so far is of before the revocation, for all that it can know. Once it has the log, the
    // thief's word counts for nothing.
    world.note(2, "by the thief again");
    world.sync(2).unwrap();
    world.server.tell(lies::only(1, newest_log_and(2)));
    let synced = world.sync(1).unwrap();
    assert!(synced.waiting.is_some(), "{synced:?}");
    assert!(!world.titles(1).contains(&"by the thief again".to_owned()));
    world.login(0, "after the revocation");
    world.sync(0).unwrap();
    assert!(!world.titles(0).contains(&"by the thief".to_owned()));
    world.end_as(&[(1, Ending::Stays), (2, Ending::IsOut)]);
}

#[test]
fn a_commit_backdated_before_the_revocation_waits_for_the_remover() {
    let mut world = World::of(3, 4501);
    world.note(0, "shared");
    world.sync_all();
    world.lose(2);
    world.server.fork(&[2]);
    world.note(2, "backdated");
    world.sync(2).unwrap();
    world.revoke(0, &[2]).unwrap();
    // The log is the newest, the commits are the thief's, from where it still was a member.
    world.server.tell(lies::only(1, newest_log_and(2)));
    let synced = world.sync(1).unwrap();
    assert!(synced.waiting.is_some());
    assert_eq!(world.titles(1), ["shared"]);
    world.end_as(&[(2, Ending::IsOut)]);
}

/// The log as it is, and the vault of the history that another device is shown.
fn newest_log_and(other: usize) -> lies::Lie {
    Box::new(move |ask: &Ask, server: &EvilServer| match ask.endpoint() {
        Endpoint::Heads => {
            let answer = server.answer_as(0, ask)?;
            // Signed as the server can: it has the key.
            let vault = server.head_of(other, ask.account().unwrap());
            Ok(answer.edited(|heads: &mut Heads| heads.vault = vault))
        }
        Endpoint::Pull => server.answer_from(other, ask),
        _ => server.answer_as(0, ask),
    })
}

#[test]
fn a_revocation_names_or_keeps_what_the_lost_device_planted() {
    let mut world = World::of(2, 4401);
    let planted = world.add_device(1);
    world.sync_all();
    let named =
        Revocation { devices: vec![world.id(1)], keep: Vec::new(), reason: RevokeReason::Lost, keep_slots: Vec::new() };
    let answer = block_on(world.session(0).revoke(named));
    assert!(matches!(answer, Err(Error::Dependents(ref left)) if *left == [world.id(planted)]), "{answer:?}");
    world.revoke(0, &[1, planted]).unwrap();
    assert_eq!(block_on(world.session(0).log()).unwrap().active().count(), 1);
    world.end_as(&[(1, Ending::IsOut), (planted, Ending::IsOut)]);
}

#[test]
fn a_thief_that_came_first_does_not_come_first_again() {
    let mut world = World::of(3, 4701);
    // What the thief would send waits for the revocation to be on its way.
    let held: Rc<RefCell<Vec<Ask>>> = Rc::default();
    let keep = Rc::clone(&held);
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if matches!(ask.endpoint(), Endpoint::Append | Endpoint::Push) && ask.device == 2 {
            keep.borrow_mut().push(ask.clone());
            return Err(roamkey_client::Unreachable { reason: "held back".to_owned() });
        }
        server.forward(ask)
    }));
    world.note(2, "by the thief");
    assert!(world.sync(2).is_err());
    assert!(world.try_add_device(2).is_err());
    let find = |endpoint| held.borrow().iter().find(|ask| ask.endpoint() == endpoint).cloned().unwrap();
    let (push, append) = (find(Endpoint::Push), find(Endpoint::Append));
    let answers = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&answers);
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if ask.endpoint() != Endpoint::Append || ask.device != 0 || !noted.borrow().is_empty() {
            return server.forward(ask);
        }
        // First, the thief is quicker; then it tries to be so again.
        assert!(server.forward(&append)?.is_ok());
        let answer = server.forward(ask)?;
        noted.borrow_mut().extend([answer.clone(), server.forward(&push)?]);
        Ok(answer)
    }));
    world.revoke(0, &[2]).unwrap();
    let problems: Vec<_> =
        answers.borrow().iter().map(|answer| String::from_utf8_lossy(&answer.body).into_owned()).collect();
    assert!(
        problems[0].contains(Problem::Conflict.kind()) && problems[1].contains(Problem::Held.kind()),
        "{problems:?}"
    );
    let log = block_on(world.session(0).log()).unwrap();
    assert_eq!(log.active().count(), 2, "the thief and what it added are out");
    world.end_as(&[(2, Ending::IsOut)]);
}

#[test]
fn a_device_that_left_knows_no_later_key() {
    let mut world = World::of(3, 4901);
    world.login(0, "before");
    world.sync_all();
    world.lose(1);
    block_on(world.session(1).leave(true)).unwrap();
    world.sync(0).unwrap();
    world.login(0, "after");
    world.sync(0).unwrap();
    let log = block_on(world.session(0).log()).unwrap();
    assert!(!log.owes_epoch() && log.active().count() == 2);
    world.end_as(&[(1, Ending::Gone)]);
}
