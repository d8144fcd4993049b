//! Two histories, of which the person picks one: everyone carries on, nobody who was revoked is back, nothing typed is lost.

use std::{cell::RefCell, rc::Rc};

use roamkey_proto::{
    Bundle, DeviceId, Evidence, ItemId, Pin, RecoverySlot, SetRecovery,
    api::{Heads, LogPage, PullPage},
    cbor,
    problem::Problem,
};
use roamkey_sealing::recovery::Kit;
use roamkey_sync::{
    Call, Command, CommandError, Distrust, Ending, Event, Histories, Idle, Outcome, Request, Standing, Table,
};
use roamkey_testkit::{Deed, Fleet, ModelServer, Wire, seeded};
use roamkey_trust::{Change, CommitError, Status, evidence};

use crate::items::{note, rename, title, titles};

/// Serves one device from a server of its own.
fn apart(victim: DeviceId, other: Other) -> Wire {
    Box::new(
        move |device, request, answer, _| {
            if device == victim { other.borrow_mut().answer(device, request) } else { answer }
        },
    )
}

/// A server besides the honest one.
type Other = Rc<RefCell<ModelServer>>;

/// Does something to a device while a server of its own answers it: requests that go out there never reach the other.
fn elsewhere(fleet: &mut Fleet, device: usize, event: Event) {
    fleet.handle(device, event).unwrap();
    while fleet.deliver(device, Deed::Deceive) {}
}

/// Three devices with two notes, up to date; from here on the second is shown a history of its own.
fn parted(seed: u64) -> (Fleet, [ItemId; 2]) {
    let (fleet, items, _) = parted_by(seed);
    (fleet, items)
}

fn parted_by(seed: u64) -> (Fleet, [ItemId; 2], Other) {
    let mut fleet = Fleet::new(seed);
    let items = ["one", "two"].map(|title| note(&mut fleet, 0, title));
    fleet.sync(0);
    fleet.add_device(0);
    fleet.add_device(0);
    for device in [1, 2, 0, 1] {
        fleet.sync(device);
    }
    let other = Rc::new(RefCell::new(fleet.server.fork()));
    let victim = fleet.id(1);
    fleet.tap(Some(apart(victim, Rc::clone(&other))));
    (fleet, items, other)
}

/// Ends the lie: everyone is shown the first device's history, which the second takes for what it is.
fn meet(fleet: &mut Fleet) -> Histories {
    fleet.tap(None);
    fleet.sync(1);
    let Some(Idle::Distrusted(_)) = fleet.idle(1) else { panic!("two histories: {:?}", fleet.idle(1)) };
    let before = (titles(fleet, 1), fleet.engine(1).status().unwrap().pins);
    let Ok(Outcome::Histories(histories)) = fleet.command(1, Command::CompareHistories) else { panic!("both") };
    assert_eq!((titles(fleet, 1), fleet.engine(1).status().unwrap().pins), before, "looking changes nothing");
    *histories
}

fn pick(histories: &Histories) -> Command {
    Command::TakeServersHistory { log: histories.there.log, vault: histories.there.vault }
}

fn carries_on(fleet: &mut Fleet, devices: &[usize]) {
    for device in devices.iter().chain(devices) {
        fleet.sync(*device);
        assert_eq!(fleet.idle(*device), Some(&Idle::UpToDate), "device {device}");
    }
    for device in devices {
        assert_eq!(titles(fleet, *device), titles(fleet, devices[0]), "device {device}");
    }
}

#[test]
fn a_device_goes_over_to_the_servers_history_and_what_was_typed_goes_along() {
    let (mut fleet, [one, two]) = parted(700);
    rename(&mut fleet, 1, one, "one, edited there");
    rename(&mut fleet, 1, two, "two, edited there");
    note(&mut fleet, 1, "new there");
    elsewhere(&mut fleet, 1, Event::Sync);
    rename(&mut fleet, 1, one, "one, typed last");
    rename(&mut fleet, 0, two, "two, edited here");
    note(&mut fleet, 0, "new here");
    fleet.sync(0);

    let histories = meet(&mut fleet);
    assert_eq!((histories.here.items, histories.there.items), (3, 2));
    assert!(histories.is_member && histories.revoke.is_empty() && histories.pair_again.is_empty());
    assert_eq!(histories.log, histories.there.log);
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate));
    carries_on(&mut fleet, &[0, 1, 2]);
    assert_eq!(titles(&fleet, 0), ["new here", "new there", "one, typed last", "two, edited here"]);
    // What both changed meets as edits do: the later one is in the history.
    let entry = fleet.item(0, two).unwrap();
    assert!(entry.item.history.iter().any(|old| old.expose_text() == Some("two, edited there")));
    assert_eq!(title(&entry), "two, edited here");
    let newcomer = fleet.add_device(1);
    assert_eq!(titles(&fleet, newcomer), titles(&fleet, 0));
    assert_eq!(fleet.engine(1).status().unwrap().distrust, None);
}

#[test]
fn whoever_was_revoked_in_the_history_that_is_given_up_is_revoked_before_anything_is_written() {
    let (mut fleet, _) = parted(701);
    let revoke = crate::members::revoke(&fleet, 2);
    elsewhere(&mut fleet, 1, Event::Command(revoke));
    note(&mut fleet, 1, "secret from who was revoked");
    elsewhere(&mut fleet, 1, Event::Sync);
    note(&mut fleet, 2, "by who was revoked there");
    fleet.sync(2);
    fleet.sync(0);

    let histories = meet(&mut fleet);
    assert_eq!((&histories.here.gone, &histories.revoke), (&vec![fleet.id(2)], &vec![fleet.id(2)]));
    let before = fleet.server.commits(fleet.account()).len();
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate));
    let log = fleet.engine(1).log().unwrap();
    let Status::Revoked { at, by, .. } = log.member(fleet.id(2)).unwrap().status() else { panic!("revoked again") };
    assert_eq!(by, fleet.id(1));
    let commits = fleet.server.commits(fleet.account());
    assert!(commits.len() > before);
    assert!(commits[before..].iter().all(|commit| commit.log.seq >= at && commit.epoch == log.epoch()));
    carries_on(&mut fleet, &[0, 1]);
    assert_eq!(titles(&fleet, 0), ["by who was revoked there", "one", "secret from who was revoked", "two"]);
    fleet.sync(2);
    assert!(matches!(fleet.idle(2), Some(Idle::Refused(Problem::NotAMember))), "{:?}", fleet.idle(2));
}

#[test]
fn a_device_that_joined_in_the_history_that_is_given_up_is_named_to_be_paired_again() {
    let mut fleet = Fleet::new(702);
    note(&mut fleet, 0, "kept");
    fleet.sync(0);
    let mut backup = fleet.server.fork();
    let late = fleet.add_device(0);
    fleet.sync(0);
    // A server from before that does not take back what it lost, and has gone its own way.
    fleet.tap(Some(Box::new(move |device, request, _, _| match request.call {
        Call::Restore(_) => Err(Problem::NotFound),
        _ => backup.answer(device, request),
    })));
    fleet.sync(0);
    assert!(matches!(fleet.idle(0), Some(Idle::Distrusted(Distrust::RolledBack { .. }))));
    let Ok(Outcome::Histories(histories)) = fleet.command(0, Command::CompareHistories) else { panic!("both") };
    assert_eq!((&histories.pair_again, histories.log), (&vec![fleet.id(late)], histories.there.log));
    assert_eq!(fleet.command(0, pick(&histories)), Ok(Outcome::Repaired));
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    assert_eq!(fleet.engine(0).log().unwrap().active().count(), 1);
    let again = fleet.add_device(0);
    assert_eq!(titles(&fleet, again), ["kept"]);
}

#[test]
fn a_device_that_is_no_member_there_stays_where_it_is() {
    let (mut fleet, _) = parted(703);
    let revoke = crate::members::revoke(&fleet, 1);
    // Its session is open still, as the server has it.
    assert_eq!(fleet.command(0, revoke), Ok(Outcome::Appended));
    elsewhere(&mut fleet, 1, Event::Command(Command::Rotate));
    let victim = fleet.id(1);
    fleet.tap(Some(Box::new(
        move |device, request, answer, server| {
            if device == victim { server.answer_to_former(device, request) } else { answer }
        },
    )));
    let before = fleet.engine(1).status().unwrap().pins;
    let Ok(Outcome::Histories(histories)) = fleet.command(1, Command::CompareHistories) else { panic!("both") };
    assert!(!histories.is_member);
    assert_eq!(fleet.command(1, pick(&histories)), Err(Some(CommandError::NotAMember)));
    let status = fleet.engine(1).status().unwrap();
    assert_eq!((status.pins, status.standing), (before, Standing::Member));
}

#[test]
fn a_history_that_the_person_was_not_shown_is_not_taken() {
    let (mut fleet, _) = parted(704);
    note(&mut fleet, 1, "there");
    elsewhere(&mut fleet, 1, Event::Sync);
    note(&mut fleet, 0, "here");
    fleet.sync(0);
    let third = {
        let mut third = fleet.server.fork();
        std::mem::swap(&mut third, &mut fleet.server);
        third
    };
    let histories = meet(&mut fleet);
    // More of the same is what was picked; another one is not.
    fleet.server = third;
    let victim = fleet.id(1);
    let mut elsewhere = fleet.server.fork();
    let stranger = Pin { seq: histories.there.vault.seq, id: [7; 32] };
    let other = Command::TakeServersHistory { log: histories.there.log, vault: stranger };
    assert_eq!(fleet.command(1, other), Err(Some(CommandError::OtherHistory)));
    assert!(elsewhere.answer(victim, &Request { account: fleet.account(), call: Call::Heads }).is_ok());
    note(&mut fleet, 0, "more of it");
    fleet.sync(0);
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    carries_on(&mut fleet, &[0, 1, 2]);
}

#[test]
fn the_branch_that_is_right_is_rid_of_what_the_other_said_once_a_person_says_so() {
    let (mut fleet, _) = parted(705);
    note(&mut fleet, 1, "there");
    elsewhere(&mut fleet, 1, Event::Sync);
    note(&mut fleet, 0, "here");
    fleet.sync(0);
    let pins = fleet.engine(1).status().unwrap().pins;
    fleet.handle(0, Event::Witness(pins)).unwrap();
    fleet.sync(0);
    assert!(matches!(fleet.idle(0), Some(Idle::Distrusted(Distrust::Forked { .. }))));
    fleet.crash(0);
    fleet.sync(0);
    assert!(matches!(fleet.idle(0), Some(Idle::Distrusted(Distrust::Forked { .. }))), "it lasts");
    assert_eq!(fleet.command(0, Command::KeepOwnHistory), Ok(Outcome::Repaired));
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    fleet.crash(0);
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    assert!(!evidence_of(&fleet, 0).is_empty(), "what it proves is kept");
}

#[test]
fn the_branch_that_is_given_up_is_kept_as_evidence_that_blames_no_honest_device() {
    let (mut fleet, _) = parted(706);
    elsewhere(&mut fleet, 1, Event::Command(Command::Rotate));
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    note(&mut fleet, 1, "there");
    elsewhere(&mut fleet, 1, Event::Sync);
    let histories = meet(&mut fleet);
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    // It signs for the same place again, in the other history.
    assert_eq!(fleet.command(1, Command::Rotate), Ok(Outcome::Appended));
    let log: Vec<_> = fleet.store(1).scan(Table::Log).into_iter().map(|(_, row)| row.into()).collect();
    let mut kept = evidence_of(&fleet, 1);
    kept.iter_mut().for_each(|evidence| evidence.entries.clone_from(&log));
    assert!(kept.iter().any(|evidence| !evidence.objects.is_empty()), "the entries of the branch");
    for evidence in &kept {
        let verdict = evidence::judge(evidence).unwrap();
        assert!(
            matches!(verdict, evidence::Verdict::ServerEquivocated { .. } | evidence::Verdict::Divergence),
            "{verdict:?}"
        );
    }
    carries_on(&mut fleet, &[0, 1, 2]);
}

#[test]
fn a_server_that_lies_about_the_history_that_was_picked_changes_nothing() {
    type Lie = fn(&mut PullPage);
    type Expected = fn(&Distrust) -> bool;
    let lies: [(Lie, Expected); 2] = [
        (|page| drop(page.records.pop()), |seen| matches!(seen, Distrust::Root { .. })),
        (|page| drop(page.commits.pop()), |seen| matches!(seen, Distrust::CommitsIncomplete { .. })),
    ];
    for (lie, expected) in lies {
        let (mut fleet, [one, _]) = parted(707);
        note(&mut fleet, 1, "there");
        elsewhere(&mut fleet, 1, Event::Sync);
        note(&mut fleet, 0, "here");
        fleet.sync(0);
        rename(&mut fleet, 0, one, "one, edited here");
        fleet.sync(0);
        let histories = meet(&mut fleet);
        let before = fleet.engine(1).status().unwrap().pins;
        fleet.tap(Some(Box::new(move |_, request, answer, _| match request.call {
            Call::Pull(_) => answer.map(|body| {
                let mut page: PullPage = cbor::decode(&body, body.len()).unwrap();
                lie(&mut page);
                cbor::encode(&page)
            }),
            _ => answer,
        })));
        let Err(Some(CommandError::Distrust(seen))) = fleet.command(1, pick(&histories)) else { panic!("a lie") };
        assert!(expected(&seen), "{seen}");
        assert_eq!((titles(&fleet, 1).len(), fleet.engine(1).status().unwrap().pins), (3, before));
        fleet.tap(None);
        assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
        carries_on(&mut fleet, &[0, 1, 2]);
    }
}

#[test]
fn a_repair_survives_a_crash_after_any_request() {
    for requests in 0..12 {
        let (mut fleet, [one, _]) = parted(708);
        let revoke = crate::members::revoke(&fleet, 2);
        elsewhere(&mut fleet, 1, Event::Command(revoke));
        rename(&mut fleet, 1, one, "edited there");
        elsewhere(&mut fleet, 1, Event::Sync);
        note(&mut fleet, 0, "here");
        fleet.sync(0);
        let histories = meet(&mut fleet);
        note(&mut fleet, 1, "waits");
        fleet.handle(1, Event::Command(pick(&histories))).unwrap();
        for _ in 0..requests {
            fleet.deliver(1, Deed::Deliver);
        }
        fleet.crash(1);
        fleet.sync(1);
        if matches!(fleet.idle(1), Some(Idle::Distrusted(_))) {
            assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired), "after {requests} requests");
        }
        carries_on(&mut fleet, &[0, 1]);
        assert_eq!(titles(&fleet, 0), ["edited there", "here", "two", "waits"], "after {requests} requests");
        let log = fleet.engine(0).log().unwrap();
        assert!(log.active_member(fleet.id(2)).is_none());
    }
}

#[test]
fn a_device_that_went_by_itself_in_the_history_that_is_given_up_does_not_come_back() {
    let (mut fleet, _) = parted(709);
    // The third leaves, as the second is told, and never left, as the first is.
    let leaver = fleet.id(2);
    let victim = fleet.id(1);
    let mut other = fleet.server.fork();
    fleet.tap(Some(Box::new(move |device, request, answer, _| {
        if device == victim || device == leaver { other.answer(device, request) } else { answer }
    })));
    elsewhere(&mut fleet, 2, Event::Command(Command::Leave));
    elsewhere(&mut fleet, 1, Event::Sync);
    assert!(fleet.engine(1).log().unwrap().entries().iter().any(|entry| entry.change == Change::Left));
    assert_eq!(fleet.engine(2).status().unwrap().standing, Standing::Ended(Ending::Left { at: 4 }));
    note(&mut fleet, 0, "here");
    fleet.sync(0);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    let histories = meet(&mut fleet);
    assert_eq!(histories.revoke, [leaver]);
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    carries_on(&mut fleet, &[0, 1]);
    assert!(fleet.engine(0).log().unwrap().active_member(leaver).is_none());
}

#[test]
fn a_way_back_that_was_taken_away_in_the_history_that_is_given_up_does_not_serve_again() {
    for seed in [712, 713] {
        let mut fleet = Fleet::new(seed);
        note(&mut fleet, 0, "kept");
        fleet.sync(0);
        let kit = fleet.set_kit(0).unwrap();
        fleet.add_device(0);
        fleet.sync(0);
        let victim = fleet.id(1);
        fleet.tap(Some(apart(victim, Rc::new(RefCell::new(fleet.server.fork())))));
        // A thief has seen the kit: it is replaced, or removed, as the second is told, and still the kit, as the first is.
        let secret = Kit::make_secret(&mut seeded(seed));
        let keys = secret.derive_authority(fleet.account(), RecoverySlot::Kit).public();
        let keys = (seed == 712).then_some(keys);
        let taken = SetRecovery { slot: RecoverySlot::Kit, keys, policy: None };
        elsewhere(&mut fleet, 1, Event::Command(Command::SetRecovery(Box::new(taken))));
        note(&mut fleet, 1, "not for the thief");
        elsewhere(&mut fleet, 1, Event::Sync);
        note(&mut fleet, 0, "here");
        fleet.sync(0);
        assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
        assert!(fleet.survey(&kit).is_ok());

        let histories = meet(&mut fleet);
        assert!(histories.revoke.is_empty());
        let before = fleet.server.commits(fleet.account()).len();
        assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
        carries_on(&mut fleet, &[0, 1]);
        let log = fleet.engine(0).log().unwrap();
        assert!(log.recovery().next().is_none());
        let emptied = log.entries().iter().find(|entry| entry.change == Change::RecoveryRemoved(RecoverySlot::Kit));
        let at = emptied.unwrap().seq;
        let commits = fleet.server.commits(fleet.account());
        assert!(commits[before..].iter().all(|commit| commit.log.seq >= at), "before anything is written");
        assert!(!log.authority(kit.derive_authority().id()).unwrap().is_live());
        assert_eq!(titles(&fleet, 0), ["here", "kept", "not for the thief"]);
    }
}

#[test]
fn a_server_that_repeats_an_entry_makes_no_device_take_its_own_store_for_damaged() {
    let (mut fleet, _) = parted(710);
    elsewhere(&mut fleet, 1, Event::Command(Command::Rotate));
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    let (_, own) = fleet.store(1).scan(Table::Log).pop().unwrap();
    let own: Bundle = cbor::decode(&own, own.len()).unwrap();
    fleet.tap(Some(Box::new(move |_, request, answer, _| match request.call {
        Call::Log { .. } => answer.map(|body| {
            let mut page: LogPage = cbor::decode(&body, body.len()).unwrap();
            page.bundles.splice(..0, std::iter::repeat_n(own.clone(), 10));
            cbor::encode(&page)
        }),
        _ => answer,
    })));
    let before = fleet.engine(1).status().unwrap().pins;
    let answer = fleet.command(1, Command::CompareHistories);
    assert!(matches!(answer, Err(Some(CommandError::Distrust(_)))), "{answer:?}");
    assert_eq!(fleet.engine(1).status().unwrap().pins, before);
}

/// Shows a device the server's log, and beside it the vault of the other server.
fn mixed(victim: DeviceId, other: Other) -> Wire {
    Box::new(move |device, request, answer, _| match (&request.call, device == victim) {
        (Call::Heads, true) => {
            let read = |body: Vec<u8>| cbor::decode::<Heads>(&body, body.len()).unwrap();
            let vault = read(other.borrow_mut().answer(device, request)?).vault;
            Ok(cbor::encode(&Heads { vault, ..read(answer?) }))
        }
        (Call::Pull(_), true) => other.borrow_mut().answer(device, request),
        _ => answer,
    })
}

#[test]
fn a_vault_that_was_written_under_another_log_is_no_history_to_go_over_to() {
    let (mut fleet, [one, _], other) = parted_by(711);
    elsewhere(&mut fleet, 1, Event::Command(Command::Rotate));
    rename(&mut fleet, 1, one, "under the key of an epoch there");
    elsewhere(&mut fleet, 1, Event::Sync);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    let victim = fleet.id(1);
    fleet.tap(Some(mixed(victim, other)));
    let before = (titles(&fleet, 1), fleet.engine(1).status().unwrap().pins);
    let answer = fleet.command(1, Command::CompareHistories);
    let Err(Some(CommandError::Distrust(seen))) = answer else { panic!("no history: {answer:?}") };
    assert!(matches!(seen, Distrust::Commit { cause: CommitError::ForeignLog, .. }), "{seen}");
    let log = fleet.engine(0).log().unwrap().head();
    let pick_it = Command::TakeServersHistory { log, vault: before.1.vault };
    let answer = fleet.command(1, pick_it);
    assert!(matches!(answer, Err(Some(CommandError::Distrust(_)))), "{answer:?}");
    assert_eq!((titles(&fleet, 1), fleet.engine(1).status().unwrap().pins), before);

    let histories = meet(&mut fleet);
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    carries_on(&mut fleet, &[0, 1, 2]);
    assert_eq!(titles(&fleet, 0), ["two", "under the key of an epoch there"]);
}

#[test]
fn what_was_written_there_before_a_device_joined_goes_over_with_it() {
    let (mut fleet, [one, two], other) = parted_by(712);
    // Of the given-up history: one edit that the newcomer knows no commit of, and one that it does.
    rename(&mut fleet, 1, one, "one, before it joined");
    elsewhere(&mut fleet, 1, Event::Sync);
    rename(&mut fleet, 1, two, "two, as it joined");
    elsewhere(&mut fleet, 1, Event::Sync);
    // The log is the same in both, and so the newcomer is a member in both.
    let late = fleet.join(1).unwrap();
    let (victim, newcomer) = (fleet.id(1), fleet.id(late));
    fleet.tap(Some(Box::new(move |device, request, answer, _| {
        if device == victim || device == newcomer { other.borrow_mut().answer(device, request) } else { answer }
    })));
    elsewhere(&mut fleet, late, Event::Sync);
    assert_eq!(titles(&fleet, late), ["one, before it joined", "two, as it joined"]);
    for number in 0..9 {
        note(&mut fleet, 0, &format!("here {number}"));
        fleet.sync(0);
    }
    fleet.tap(None);
    fleet.sync(late);
    let answer = fleet.command(late, Command::CompareHistories);
    let Ok(Outcome::Histories(histories)) = answer else { panic!("both: {answer:?}") };
    assert!(histories.is_member && histories.revoke.is_empty());
    assert_eq!(histories.here.items, 2);
    assert_eq!(fleet.command(late, pick(&histories)), Ok(Outcome::Repaired));
    carries_on(&mut fleet, &[0, late]);
    let titles = titles(&fleet, 0);
    assert_eq!(titles.len(), 11);
    let history = |item| fleet.item(0, item).unwrap();
    for (item, typed) in [(one, "one, before it joined"), (two, "two, as it joined")] {
        let entry = history(item);
        let is_kept = title(&entry) == typed || entry.item.history.iter().any(|old| old.expose_text() == Some(typed));
        assert!(is_kept, "{typed}: {titles:?}");
    }
}

#[test]
fn a_device_that_joined_in_the_middle_of_a_history_finds_where_the_two_part() {
    let mut fleet = Fleet::new(713);
    for number in 0..4 {
        note(&mut fleet, 0, &format!("before {number}"));
        fleet.sync(0);
    }
    let late = fleet.add_device(0);
    for number in 0..2 {
        note(&mut fleet, 0, &format!("together {number}"));
        fleet.sync(0);
    }
    fleet.sync(late);
    let fork = fleet.engine(late).status().unwrap().pins.vault;
    let other = Rc::new(RefCell::new(fleet.server.fork()));
    let victim = fleet.id(late);
    fleet.tap(Some(apart(victim, other)));
    // As many as make the search step over what it shares with the server.
    for number in 0..4 {
        note(&mut fleet, late, &format!("there {number}"));
        elsewhere(&mut fleet, late, Event::Sync);
        note(&mut fleet, 0, &format!("here {number}"));
        fleet.sync(0);
    }
    fleet.tap(None);
    fleet.sync(late);
    let answer = fleet.command(late, Command::CompareHistories);
    let Ok(Outcome::Histories(histories)) = answer else { panic!("both: {answer:?}") };
    assert_eq!((histories.vault, histories.here.items, histories.there.items), (fork, 4, 4));
    assert_eq!(fleet.command(late, pick(&histories)), Ok(Outcome::Repaired));
    carries_on(&mut fleet, &[0, late]);
    assert_eq!(titles(&fleet, 0).len(), 14);
}

#[test]
fn nobody_goes_over_to_a_history_whose_newest_key_is_kept_from_them() {
    let (mut fleet, [one, _]) = parted(714);
    note(&mut fleet, 1, "there");
    elsewhere(&mut fleet, 1, Event::Sync);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    rename(&mut fleet, 0, one, "one, under the key that is kept from it");
    fleet.sync(0);
    let histories = meet(&mut fleet);
    let victim = fleet.id(1);
    fleet.tap(Some(Box::new(move |device, request, answer, _| match request.call {
        Call::Log { .. } if device == victim => answer.map(|body| {
            let mut page: LogPage = cbor::decode(&body, body.len()).unwrap();
            page.bundles.iter_mut().for_each(|bundle| bundle.wraps.clear());
            cbor::encode(&page)
        }),
        _ => answer,
    })));
    let before = (titles(&fleet, 1), fleet.engine(1).status().unwrap().pins);
    let epoch = fleet.engine(0).log().unwrap().epoch();
    let withheld = CommandError::Distrust(Distrust::Epoch { epoch });
    assert_eq!(fleet.command(1, pick(&histories)), Err(Some(withheld)));
    assert_eq!((titles(&fleet, 1), fleet.engine(1).status().unwrap().pins), before);

    fleet.tap(None);
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    assert_eq!(fleet.engine(1).status().unwrap().unreadable, 0);
    carries_on(&mut fleet, &[0, 1, 2]);
    assert_eq!(titles(&fleet, 1), ["one, under the key that is kept from it", "there", "two"]);
}

/// The engine ends between going over and signing what is owed: so far, the only word of it rests with the pins.
#[test]
fn a_revocation_that_is_owed_outlives_a_second_repair() {
    let gone_over = (0..8).find_map(|requests| {
        let (mut fleet, _) = parted(715);
        let revoke = crate::members::revoke(&fleet, 2);
        elsewhere(&mut fleet, 1, Event::Command(revoke));
        let third = fleet.server.fork();
        assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
        note(&mut fleet, 0, "here");
        fleet.sync(0);
        let histories = meet(&mut fleet);
        assert_eq!(histories.revoke, [fleet.id(2)]);
        fleet.handle(1, Event::Command(pick(&histories))).unwrap();
        for _ in 0..requests {
            fleet.deliver(1, Deed::Deliver);
        }
        // With the last answer it reads what is its own, and writes that it went over: no more.
        fleet.deliver_and_crash(1, 2);
        let pins = fleet.engine(1).status().unwrap().pins;
        (pins.vault == histories.there.vault).then_some((fleet, third))
    });
    let (mut fleet, third) = gone_over.expect("it goes over after some request");

    // The server shows a third history, in which nobody was revoked either.
    fleet.server = third;
    assert_eq!(fleet.command(2, Command::Rotate), Ok(Outcome::Appended));
    note(&mut fleet, 2, "by who was revoked");
    fleet.sync(2);
    let histories = meet(&mut fleet);
    assert_eq!((&histories.here.gone, &histories.revoke), (&vec![], &vec![fleet.id(2)]));
    assert_eq!(fleet.command(1, pick(&histories)), Ok(Outcome::Repaired));
    fleet.sync(1);
    assert!(fleet.engine(1).log().unwrap().active_member(fleet.id(2)).is_none());
}

#[test]
fn a_removal_that_nobody_has_sealed_yet_is_no_lie() {
    let (mut fleet, _) = parted(716);
    note(&mut fleet, 1, "there");
    elsewhere(&mut fleet, 1, Event::Sync);
    note(&mut fleet, 2, "by who is removed next");
    fleet.sync(2);
    fleet.sync(0);
    let revoke = crate::members::revoke(&fleet, 2);
    fleet.handle(0, Event::Command(revoke)).unwrap();
    while fleet.engine(0).log().unwrap().active_member(fleet.id(2)).is_some() {
        assert!(fleet.deliver(0, Deed::Deliver));
    }
    fleet.tap(None);
    fleet.sync(1);
    let kept = evidence_of(&fleet, 1).len();
    assert_eq!(fleet.command(1, Command::CompareHistories), Err(Some(CommandError::Offline)));
    assert_eq!(fleet.idle(1), Some(&Idle::AwaitingRevoker));
    assert_eq!(evidence_of(&fleet, 1).len(), kept, "nobody is accused");
    while fleet.deliver(0, Deed::Deliver) {}
    let answer = fleet.command(1, Command::CompareHistories);
    assert!(matches!(answer, Ok(Outcome::Histories(_))), "{answer:?}");
}

fn evidence_of(fleet: &Fleet, device: usize) -> Vec<Evidence> {
    let reader = fleet.engine(device).reader().unwrap();
    let rows = fleet.store(device).scan(Table::Evidence);
    rows.iter().map(|(key, row)| reader.open_evidence(key, row).unwrap()).collect()
}
