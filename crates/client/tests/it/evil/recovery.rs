//! A kit, and coming back by it, while the server loses answers and keeps what it should not.

use std::rc::Rc;

use pollster::block_on;
use roamkey_client::{
    Client, Error, Revocation,
    recovery::{Recovering, RecoveryError},
};
use roamkey_proto::{RecoverySlot, RevokeReason, Via, problem::Problem};
use roamkey_sealing::recovery::Kit;
use roamkey_testkit::evil::{Answer, Ending, Endpoint, EvilHost, World, lies, passphrase, vacant};
use roamkey_trust::Change;

/// An account with something in it, and a kit whose secret nobody is to see.
fn with_kit(seed: u64) -> (World, Kit) {
    let mut world = World::of(2, seed);
    world.note(0, "kept");
    world.sync_all();
    let kit = block_on(world.session(0).make_kit()).unwrap();
    guard(&mut world, &kit);
    (world, kit)
}

/// The secret is the first member of the map, after the version.
fn guard(world: &mut World, kit: &Kit) {
    world.canaries.guard("the secret of a kit", &kit.to_bytes()[6..38]);
}

fn begin(world: &mut World, kit: &Kit) -> (Rc<EvilHost>, Recovering<EvilHost>) {
    let host = world.machine();
    let recovering = block_on(vacant(Rc::clone(&host)).unwrap().recover(kit)).map_err(|stayed| stayed.error);
    (host, recovering.unwrap())
}

fn is_vacant(host: &Rc<EvilHost>) -> bool {
    matches!(block_on(Client::open(Rc::clone(host))), Ok(Client::Vacant(_)))
}

#[test]
fn a_kit_whose_answer_was_lost_is_the_one_that_is_made_next() {
    let (mut world, first) = with_kit(9101);
    world.server.tell(lies::drop_answers(Endpoint::Append));
    assert!(matches!(block_on(world.session(0).make_kit()), Err(Error::Unreachable(_))));
    world.crash(0);
    world.server.tell_none();
    // The first serves no more by now, though nobody has seen another one.
    let answer = block_on(world.session(1).rehearse_kit(&first));
    assert!(matches!(answer, Err(Error::Recovery(RecoveryError::Replaced { .. }))), "{answer:?}");
    let second = block_on(world.session(0).make_kit()).unwrap();
    guard(&mut world, &second);
    let log = block_on(world.session(0).log()).unwrap();
    let sets = log.entries().iter().filter(|entry| matches!(entry.change, Change::RecoverySet { .. }));
    assert_eq!(sets.count(), 2, "and no third");
    assert_eq!(log.recovery_slot(RecoverySlot::Kit).unwrap().0, second.derive_authority().id());
    let (host, mut recovering) = begin(&mut world, &second);
    let session = block_on(recovering.finish(&passphrase(), "back")).unwrap();
    world.enrol(host, session);
    // The next one is another.
    let third = block_on(world.session(0).make_kit()).unwrap();
    assert_ne!(third.secret, second.secret);
    world.sync_all();
    world.end();
}

#[test]
fn who_comes_back_and_hears_nothing_is_in_once() {
    let (mut world, kit) = with_kit(9102);
    let (host, mut recovering) = begin(&mut world, &kit);
    world.server.tell(lies::drop_answers(Endpoint::Append));
    for _ in 0..2 {
        assert!(matches!(block_on(recovering.finish(&passphrase(), "back")), Err(Error::Unreachable(_))));
    }
    // It is in, and then it cannot fetch anything.
    world.server.tell(lies::drop_requests(Endpoint::Heads));
    assert!(matches!(block_on(recovering.finish(&passphrase(), "back")), Err(Error::Unreachable(_))));
    world.server.tell_none();
    let session = block_on(recovering.finish(&passphrase(), "back")).unwrap();
    let back = world.enrol(host, session);
    assert_eq!(world.titles(back), ["kept"]);
    let log = block_on(world.session(back).log()).unwrap();
    let came = log.members().values().filter(|member| member.added().via == Some(Via::Recovery));
    assert_eq!(came.count(), 1);

    let (devices, keep) = (vec![world.id(0), world.id(1)], vec![world.id(back)]);
    let keep_slots = vec![RecoverySlot::Kit];
    let revocation = Revocation { devices, keep, reason: RevokeReason::Lost, keep_slots };
    block_on(world.session(back).revoke(revocation)).unwrap();
    let (_, again) = begin(&mut world, &kit);
    assert_eq!(again.survey().devices.len(), 1, "and the kit serves once more");
    world.end_as(&[(0, Ending::IsOut), (1, Ending::IsOut)]);
}

#[test]
fn who_gives_up_coming_back_keeps_nothing_and_is_not_in() {
    let (mut world, kit) = with_kit(9103);
    let (host, mut recovering) = begin(&mut world, &kit);
    world.server.tell(lies::drop_requests(Endpoint::Append));
    assert!(matches!(block_on(recovering.finish(&passphrase(), "back")), Err(Error::Unreachable(_))));
    world.server.tell_none();
    block_on(recovering.cancel()).unwrap();
    assert!(is_vacant(&host));
    world.sync_all();
    assert_eq!(block_on(world.session(0).log()).unwrap().active().count(), 2);
    world.end();
}

#[test]
fn who_gives_up_coming_back_after_all_was_done_is_in() {
    let (mut world, kit) = with_kit(9104);
    let (host, mut recovering) = begin(&mut world, &kit);
    world.server.tell(lies::drop_answers(Endpoint::Append));
    assert!(matches!(block_on(recovering.finish(&passphrase(), "back")), Err(Error::Unreachable(_))));
    world.server.tell_none();
    block_on(recovering.cancel()).unwrap();
    let Ok(Client::Locked(locked)) = block_on(Client::open(Rc::clone(&host))) else {
        panic!("a device of the account")
    };
    let session = block_on(locked.unlock(&passphrase())).unwrap();
    let back = world.enrol(host, session);
    assert_eq!(world.titles(back), ["kept"]);
    world.sync_all();
    world.end();
}

#[test]
fn whom_another_entry_overtakes_looks_again() {
    let (mut world, kit) = with_kit(9105);
    let (host, mut recovering) = begin(&mut world, &kit);
    let newcomer = world.add_device(0);
    assert!(matches!(block_on(recovering.finish(&passphrase(), "back")), Err(Error::Busy)));
    assert!(is_vacant(&host));
    let (host, mut recovering) = begin(&mut world, &kit);
    assert_eq!(recovering.survey().devices.len(), 3);
    // The person looked for longer than the session lasts.
    world.pass_millis(roamkey_proto::limits::SESSION_LIFETIME_MS + 1);
    let session = block_on(recovering.finish(&passphrase(), "back")).unwrap();
    let back = world.enrol(host, session);
    world.sync(newcomer).unwrap();
    assert_eq!(world.titles(back), ["kept"]);
    world.sync_all();
    world.end();
}

#[test]
fn a_server_that_refuses_a_kit_for_no_reason_is_not_told_from_one_that_has_none() {
    let (mut world, kit) = with_kit(9106);
    for (problem, expected) in
        [(Problem::NotAMember, RecoveryError::Replaced { at: None }), (Problem::Unauthorized, RecoveryError::NotSet)]
    {
        world.server.tell(lies::answer_with(Endpoint::SignIn, Answer::problem(problem, "")));
        let host = world.machine();
        let answer = block_on(vacant(Rc::clone(&host)).unwrap().recover(&kit)).map(drop);
        let error = answer.map_err(|stayed| stayed.error).unwrap_err();
        assert!(matches!(error, Error::Recovery(ref why) if *why == expected), "{error:?}");
        assert!(is_vacant(&host));
    }
    world.sync_all();
    world.end();
}
