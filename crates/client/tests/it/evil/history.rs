//! The whole history: rolled back, forked, withheld, rewritten; and what only looks like it.

use std::{cell::Cell, rc::Rc};

use roamkey_proto::{Chain, Pin, api::LogPage, problem::Problem};
use roamkey_sync::Distrust;
use roamkey_testkit::evil::{Answer, Endpoint, EvilServer, Lie, World, lies};
use roamkey_trust::{CommitError, TrustError};

use super::{distrust, one_behind};

/// A server that went back on purpose: it does not take back what it threw away.
fn refuses_what_it_lost() -> Lie {
    lies::answer_with(Endpoint::Restore, Answer::problem(Problem::Invalid, ""))
}

#[test]
fn a_vault_rolled_back_is_noticed() {
    let mut world = World::of(2, 1602);
    world.note(0, "kept");
    world.sync_all();
    let past = world.server.snapshot(0);
    world.note(0, "to be forgotten");
    world.sync_all();
    // Another past for this one alone, so that its own is there to come back to.
    world.server.fork_from(&[1], &past);
    world.server.tell(refuses_what_it_lost());
    let seen = distrust(world.sync(1));
    assert!(matches!(seen, Distrust::RolledBack { chain: Chain::Vault, .. }), "{seen}");
    assert_eq!(world.titles(1), ["kept", "to be forgotten"]);
    world.end();
}

#[test]
fn a_log_rolled_back_to_before_a_revocation_is_noticed() {
    let mut world = World::of(3, 1603);
    let past = world.server.snapshot(0);
    world.revoke(0, &[2]).unwrap();
    world.sync(1).unwrap();
    world.server.fork_from(&[1, 2], &past);
    world.server.tell(refuses_what_it_lost());
    let seen = distrust(world.sync(1));
    assert!(matches!(seen, Distrust::RolledBack { chain: Chain::Log, .. }), "{seen}");
    world.end_as(&[(2, roamkey_testkit::evil::Ending::IsOut)]);
}

#[test]
fn a_server_restored_from_a_backup_gets_back_what_it_lost() {
    let mut world = World::of(2, 3201);
    world.note(0, "in the backup");
    world.sync_all();
    let backup = world.server.snapshot(0);
    world.note(0, "after the backup");
    world.sync_all();
    world.server.roll_back(0, &backup);
    world.sync(1).unwrap();
    let newcomer = world.add_device(1);
    world.sync_all();
    assert_eq!(world.titles(newcomer), ["after the backup", "in the backup"]);
    world.end();
}

#[test]
fn a_head_beside_the_pin_is_a_fork() {
    let mut world = World::of(2, 1701);
    world.note(0, "here");
    world.sync_all();
    let pin = world.session(1).status().unwrap().pins.vault;
    world.server.tell(lies::claim_head(Chain::Vault, Pin { seq: pin.seq, id: [7; 32] }));
    let seen = distrust(world.sync(1));
    assert!(matches!(&seen, Distrust::Forked { chain: Chain::Vault, receipts: Some(_), .. }), "{seen}");
    world.end();
}

#[test]
fn a_head_that_no_commits_lead_to_is_refused() {
    let mut world = one_behind(1702);
    let pin = world.session(0).status().unwrap().pins.vault;
    world.server.tell(Box::new({
        let mut head = lies::claim_head(Chain::Vault, Pin { seq: pin.seq, id: [7; 32] });
        move |ask, server: &EvilServer| match ask.endpoint() {
            Endpoint::Pull => {
                // The target is the server's own invention: it answers for the head that it has.
                let mut request: roamkey_proto::api::PullRequest = ask.decode().unwrap();
                request.target = pin;
                let body = Some(roamkey_proto::cbor::encode(&request));
                server.forward(&roamkey_testkit::evil::Ask { body, ..ask.clone() })
            }
            _ => head(ask, server),
        }
    }));
    let seen = distrust(world.sync(1));
    assert!(matches!(seen, Distrust::CommitsIncomplete { .. }), "{seen}");
    assert_eq!(world.titles(1), ["seen"]);
    world.end();
}

#[test]
fn a_log_head_that_no_entries_lead_to_is_refused() {
    let mut world = World::of(2, 1703);
    world.add_device(0);
    let pin = world.session(0).status().unwrap().pins.log;
    world.server.tell(lies::claim_head(Chain::Log, Pin { seq: pin.seq, id: [7; 32] }));
    assert_eq!(distrust(world.sync(1)), Distrust::LogIncomplete);
    world.end();
}

#[test]
fn two_devices_that_were_shown_different_histories_find_out_when_they_meet() {
    let mut world = World::of(2, 1704);
    world.note(0, "shared");
    world.sync_all();
    world.server.fork(&[1]);
    world.note(0, "on one branch");
    world.note(1, "on the other");
    world.sync(0).unwrap();
    world.sync(1).unwrap();
    let (one, other) = (world.session(0).status().unwrap().pins, world.session(1).status().unwrap().pins);
    let seen = one.compare(&other).unwrap_err();
    let Distrust::Forked { receipts: Some(receipts), .. } = &seen else { panic!("{seen}") };
    // Both are signed by the server: nobody else can have made them.
    assert_ne!(receipts[0], receipts[1]);
    world.end_as(&[(1, roamkey_testkit::evil::Ending::Stays)]);
}

#[test]
fn an_answer_that_changes_between_two_reads_is_not_believed() {
    // Heads of one history, commits and records of another: what was checked is not what is used.
    let mut world = World::of(3, 2301);
    world.note(0, "shared");
    world.sync_all();
    world.server.fork(&[2]);
    world.note(0, "one");
    world.note(2, "other");
    world.sync(0).unwrap();
    world.sync(2).unwrap();
    let heads = Rc::new(Cell::new(0));
    let counted = Rc::clone(&heads);
    world.server.tell(Box::new(move |ask, server: &EvilServer| match ask.endpoint() {
        Endpoint::Heads => {
            counted.set(counted.get() + 1);
            server.answer_as(0, ask)
        }
        Endpoint::Pull => {
            // Asked for the head of one branch, it answers with the other's.
            let mut request: roamkey_proto::api::PullRequest = ask.decode().unwrap();
            let heads = roamkey_testkit::evil::Ask { method: "GET", body: None, ..ask.clone() };
            let path = heads.path.replace("/pull", "/heads");
            let answer = server.answer_as(2, &roamkey_testkit::evil::Ask { path, ..heads })?;
            let other: roamkey_proto::api::Heads = roamkey_proto::cbor::decode(&answer.body, 4_096).unwrap();
            let key = roamkey_proto::ReceiptKey(server.receipt_key());
            request.target = roamkey_trust::receipt::verify(&other.vault.unwrap(), &key).unwrap().pin;
            let body = Some(roamkey_proto::cbor::encode(&request));
            server.answer_as(2, &roamkey_testkit::evil::Ask { body, ..ask.clone() })
        }
        _ => server.forward(ask),
    }));
    let seen = distrust(world.sync(1));
    assert!(matches!(seen, Distrust::CommitsIncomplete { .. }), "{seen}");
    assert!(heads.get() > 0);
    world.end_as(&[(2, roamkey_testkit::evil::Ending::Stays)]);
}

#[test]
fn a_dropped_commit_is_missed() {
    let mut world = World::of(2, 1705);
    for title in ["one", "two", "three"] {
        world.note(0, title);
        world.sync(0).unwrap();
    }
    world.server.tell(lies::edit_pulls(|page| drop(page.commits.remove(1))));
    let seen = distrust(world.sync(1));
    assert!(matches!(&seen, Distrust::Commit { cause: CommitError::DoesNotFollow, .. }), "{seen}");
    world.end();
}

#[test]
fn an_edited_commit_is_refused() {
    let mut world = one_behind(1706);
    world.server.tell(lies::edit_pulls(|page| {
        let at = page.commits[0].0.len() - 5;
        page.commits[0].0[at] ^= 1;
    }));
    let seen = distrust(world.sync(1));
    assert!(matches!(&seen, Distrust::Commit { cause: CommitError::Signature(_), .. }), "{seen}");
    world.end();
}

#[test]
fn another_signature_for_an_entry_is_the_same_entry() {
    // ECDSA has a twin for every signature: (r, n - s).
    let mut world = World::of(2, 3101);
    let newcomer = world.add_device(0);
    world.server.tell(lies::edit_bundles(|bundle| bundle.entry = twin(&bundle.entry)));
    let synced = world.sync(1);
    world.server.turn_honest();
    let heads = |device: usize| world.session(device).status().unwrap().pins.log;
    // Taken or refused as a damaged signature, it is never another history.
    assert!(!matches!(synced, Err(roamkey_client::Error::Distrust(Distrust::Forked { .. }))), "{synced:?}");
    assert!(heads(1).seq < heads(0).seq || heads(1) == heads(0));
    assert!(newcomer > 0);
    world.end();
}

/// The other signature that verifies for the same message.
fn twin(entry: &[u8]) -> Vec<u8> {
    let (head, signature) = entry.split_at(entry.len() - 64);
    let signature = p256::ecdsa::Signature::from_slice(signature).unwrap();
    let (r, s) = signature.split_scalars();
    let twin = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    [head, &twin.to_bytes()].concat()
}

#[test]
fn a_race_is_not_taken_for_a_fork() {
    // Between heads and pull somebody pushes, again and again: that is nobody's fault.
    let mut world = World::of(3, 5001);
    world.note(0, "first");
    world.sync(0).unwrap();
    let moved = Rc::new(Cell::new(0));
    let counted = Rc::clone(&moved);
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if ask.endpoint() == Endpoint::Pull && counted.get() < 3 {
            counted.set(counted.get() + 1);
            return Ok(Answer::problem(Problem::HeadMoved, ""));
        }
        server.forward(ask)
    }));
    world.sync(1).unwrap();
    assert_eq!((moved.get(), world.titles(1)), (3, vec!["first".to_owned()]));
    world.end();
}

#[test]
fn records_that_do_not_match_are_asked_for_in_full_before_they_are_evidence() {
    let mut world = one_behind(5002);
    let pulls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&pulls);
    // The first answer misses a record, as one does that raced a push; the next has all.
    world.server.tell(lies::edit_pulls(move |page| {
        counted.set(counted.get() + 1);
        if counted.get() == 1 {
            page.records.clear();
        }
    }));
    world.sync(1).unwrap();
    assert_eq!(pulls.get(), 2);
    assert_eq!(world.titles(1), world.titles(0));
    world.end();
}

#[test]
fn a_fork_is_not_taken_for_a_race() {
    let mut world = World::of(2, 5003);
    world.note(0, "shared");
    world.sync_all();
    world.server.fork(&[1]);
    world.note(1, "on the other branch");
    world.sync(1).unwrap();
    world.note(0, "on one branch");
    world.sync(0).unwrap();
    world.server.route_like(1, 0);
    let seen = distrust(world.sync(1));
    assert!(matches!(&seen, Distrust::Forked { chain: Chain::Vault, receipts: Some(_), .. }), "{seen}");
    world.end_as(&[(1, roamkey_testkit::evil::Ending::Stays)]);
}

#[test]
fn a_withheld_log_is_missed() {
    let mut world = World::of(2, 1707);
    world.add_device(0);
    world.server.tell(lies::edit_log(|page: &mut LogPage| (page.bundles, page.more) = (Vec::new(), false)));
    assert_eq!(distrust(world.sync(1)), Distrust::LogIncomplete);
    world.end();
}

#[test]
fn a_receipt_for_something_else_is_refused() {
    let mut world = World::of(2, 1708);
    world.note(0, "kept");
    world.sync_all();
    world.note(1, "pushed");
    // What the edit began ends here, so that the next round is one of its own.
    world.server.tell(lies::drop_requests(Endpoint::Heads));
    assert!(world.sync(1).is_err());
    let account = world.account();
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        let answer = server.forward(ask)?;
        if ask.endpoint() != Endpoint::Push {
            return Ok(answer);
        }
        let receipt = server.sign_receipt(account, Chain::Vault, Pin { seq: 3, id: [1; 32] });
        Ok(answer.edited(|accepted: &mut roamkey_proto::api::Accepted| accepted.receipt = receipt))
    }));
    assert_eq!(distrust(world.sync(1)), Distrust::Receipt);
    world.end();
}

#[test]
fn a_receipt_of_the_other_chain_is_refused() {
    let mut world = one_behind(1710);
    world.server.tell(lies::edit(Endpoint::Heads, |heads: &mut roamkey_proto::api::Heads| {
        heads.vault = Some(heads.log.clone());
    }));
    assert_eq!(distrust(world.sync(1)), Distrust::Receipt);
    world.end();
}

#[test]
fn entries_out_of_order_are_refused() {
    let mut world = World::of(2, 1709);
    world.add_device(0);
    world.add_device(0);
    world.server.tell(lies::edit_log(|page: &mut LogPage| page.bundles.reverse()));
    let seen = distrust(world.sync(1));
    assert!(matches!(&seen, Distrust::Entry { cause: TrustError::Gap { .. }, .. }), "{seen}");
    world.end();
}
