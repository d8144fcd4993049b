//! A server that lies is found out, nothing of the lie is applied, and its honest answers serve again.

use std::{cell::RefCell, rc::Rc};

use roamkey_proto::{
    Bundle, Chain, DeviceId, Pin,
    api::{Heads, LogPage, PullPage},
    cbor,
    problem::Problem,
};
use roamkey_sync::{Call, Command, Distrust, Event, Idle, RecordFault, Request, StoreKey, Table};
use roamkey_testkit::{Deed, Fleet, ModelServer, Wire};
use roamkey_trust::{CommitError, Refusal, TrustError};

use crate::{
    items::{note, rename, titles},
    members::revoke,
};

/// Two devices that agree on three notes, and one change that the second has not seen.
fn one_behind(seed: u64) -> Fleet {
    let mut fleet = Fleet::new(seed);
    for title in ["a", "b", "c"] {
        note(&mut fleet, 0, title);
    }
    fleet.sync(0);
    let other = fleet.add_device(0);
    assert_eq!(other, 1);
    let items: Vec<_> = fleet.items(0).iter().map(|entry| entry.id).collect();
    for item in items {
        rename(&mut fleet, 0, item, "changed");
    }
    fleet.sync(0);
    fleet
}

/// Syncs the second device over this wire: what it says, and that nothing came of it.
fn lied_to(fleet: &mut Fleet, wire: Wire) -> Distrust {
    let before = (fleet.engine(1).status().unwrap().pins, titles(fleet, 1));
    fleet.tap(Some(wire));
    fleet.sync(1);
    let Some(Idle::Distrusted(distrust)) = fleet.idle(1).cloned() else { panic!("trusted: {:?}", fleet.idle(1)) };
    let status = fleet.engine(1).status().unwrap();
    assert_eq!((status.pins, titles(fleet, 1)), before, "nothing was applied");
    assert_eq!(status.distrust.as_ref(), Some(&distrust));
    fleet.tap(None);
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate), "an honest server serves again");
    assert_eq!(titles(fleet, 1), titles(fleet, 0));
    distrust
}

/// A wire that edits the pages of pulls.
fn on_pulls(mut edit: impl FnMut(&mut PullPage) + 'static) -> Wire {
    Box::new(move |_, request, answer, _| match &request.call {
        Call::Pull(_) => answer.map(|body| {
            let mut page: PullPage = cbor::decode(&body, body.len()).unwrap();
            edit(&mut page);
            cbor::encode(&page)
        }),
        _ => answer,
    })
}

/// A wire that edits the bundles of log pages.
fn on_bundles(mut edit: impl FnMut(&mut Bundle) + 'static) -> Wire {
    Box::new(move |_, request, answer, _| match &request.call {
        Call::Log { .. } => answer.map(|body| {
            let mut page: LogPage = cbor::decode(&body, body.len()).unwrap();
            page.bundles.iter_mut().for_each(&mut edit);
            cbor::encode(&page)
        }),
        _ => answer,
    })
}

#[test]
fn a_swapped_record_is_refused() {
    let mut fleet = one_behind(100);
    let distrust = lied_to(
        &mut fleet,
        on_pulls(|page| {
            let mut records = page.records.iter().map(|record| roamkey_proto::Record::from_bytes(&record.0).unwrap());
            let (mut a, b) = (records.next().unwrap(), records.next().unwrap());
            (a.salt, a.commitment, a.ciphertext) = (b.salt, b.commitment, b.ciphertext);
            page.records[0].0 = a.to_bytes();
        }),
    );
    assert!(matches!(distrust, Distrust::Record { cause: RecordFault::NotNamed, .. }));
}

#[test]
fn an_old_record_served_again_is_refused() {
    let mut fleet = one_behind(101);
    let old: Rc<RefCell<Option<PullPage>>> = Rc::default();
    let seen = old.clone();
    let third = fleet.add_device(0);
    fleet.sync(1);
    fleet.tap(Some(on_pulls(move |page| *seen.borrow_mut() = Some(page.clone()))));
    let item = fleet.items(0)[0].id;
    rename(&mut fleet, 0, item, "once more");
    fleet.sync(0);
    fleet.sync(third);
    fleet.tap(None);
    rename(&mut fleet, 0, item, "and again");
    fleet.sync(0);
    let distrust = lied_to(
        &mut fleet,
        on_pulls(move |page| {
            let old = old.borrow().clone().unwrap().records.remove(0);
            for record in &mut page.records {
                let header = |bytes: &[u8]| roamkey_proto::Record::header_of(bytes).unwrap().item;
                if header(&record.0) == header(&old.0) {
                    *record = old.clone();
                }
            }
        }),
    );
    assert!(matches!(distrust, Distrust::Record { cause: RecordFault::NotNamed, .. }));
}

#[test]
fn a_dropped_record_is_missed() {
    let mut fleet = one_behind(102);
    let distrust = lied_to(&mut fleet, on_pulls(|page| _ = page.records.pop()));
    assert!(matches!(distrust, Distrust::Record { cause: RecordFault::Missing, .. }));
}

#[test]
fn a_record_dropped_from_a_first_pull_is_missed() {
    let mut fleet = one_behind(103);
    note(&mut fleet, 0, "the head names only this one");
    fleet.sync(0);
    let third = fleet.join(0).unwrap();
    fleet.tap(Some(on_pulls(|page| _ = page.records.pop())));
    fleet.sync(third);
    let idle = fleet.idle(third).cloned();
    assert!(matches!(idle, Some(Idle::Distrusted(Distrust::Root { .. } | Distrust::Record { .. }))), "{idle:?}");
    fleet.tap(None);
    fleet.sync(third);
    assert_eq!(titles(&fleet, third), titles(&fleet, 0));
}

#[test]
fn a_dropped_commit_is_missed() {
    let mut fleet = one_behind(104);
    let distrust = lied_to(&mut fleet, on_pulls(|page| page.commits.clear()));
    assert!(matches!(distrust, Distrust::CommitsIncomplete { .. }));
}

#[test]
fn a_vault_rolled_back_is_noticed() {
    let mut fleet = one_behind(105);
    let old = fleet.server.fork();
    note(&mut fleet, 0, "newer");
    fleet.sync(0);
    fleet.sync(1);
    let mut serve = from(old);
    let distrust = lied_to(
        &mut fleet,
        Box::new(move |device, request, answer, server| match request.call {
            // One that lost its newest data would take it back.
            Call::Restore(_) => Err(Problem::Conflict),
            _ => serve(device, request, answer, server),
        }),
    );
    assert_eq!(distrust, Distrust::RolledBack { chain: Chain::Vault, pinned: 3, shown: 2 });
}

#[test]
fn two_devices_that_were_shown_different_histories_find_out_when_they_meet() {
    let mut fleet = one_behind(106);
    fleet.sync(1);
    let mut other = fleet.server.fork();
    let victim = fleet.id(1);
    fleet.tap(Some(Box::new(
        move |device, request, answer, _| {
            if device == victim { other.answer(device, request) } else { answer }
        },
    )));
    // Both push on the same head; each push is taken by the server that its device sees.
    note(&mut fleet, 1, "in one history");
    fleet.handle(1, Event::Sync).unwrap();
    while fleet.deliver(1, Deed::Deceive) {}
    note(&mut fleet, 0, "in the other");
    fleet.sync(0);
    let (ours, theirs) = (fleet.engine(0).status().unwrap().pins, fleet.engine(1).status().unwrap().pins);
    assert_eq!(ours.vault.seq, theirs.vault.seq);
    let Err(Distrust::Forked { chain: Chain::Vault, seq: 3, receipts: Some(receipts) }) = ours.compare(&theirs) else {
        panic!("no fork found");
    };
    let key = fleet.server.receipt_key();
    let [a, b] = receipts.map(|bytes| roamkey_trust::receipt::verify(&bytes, &key).unwrap());
    assert!(roamkey_trust::receipt::contradict(&a, &b), "proof that the server lied");
    fleet.handle(1, Event::Witness(ours)).unwrap();
    while fleet.deliver(1, Deed::Deceive) {}
    assert!(matches!(fleet.idle(1), Some(Idle::Distrusted(Distrust::Forked { seq: 3, receipts: Some(_), .. }))));
}

#[test]
fn a_withheld_tail_is_noticed_by_who_has_met_another_device() {
    let mut fleet = one_behind(107);
    fleet.sync(1);
    let held = fleet.server.fork();
    note(&mut fleet, 0, "the tail");
    fleet.sync(0);
    let met = fleet.engine(0).status().unwrap().pins;
    fleet.tap(Some(from(held)));
    fleet.handle(1, Event::Witness(met)).unwrap();
    while fleet.deliver(1, Deed::Deliver) {}
    assert!(matches!(fleet.idle(1), Some(Idle::Distrusted(Distrust::RolledBack { chain: Chain::Vault, .. }))));
    fleet.tap(None);
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate));
    assert_eq!(titles(&fleet, 1), titles(&fleet, 0));
}

#[test]
fn entries_of_a_foreign_account_are_refused() {
    let mut fleet = one_behind(108);
    fleet.command(0, Command::Rotate).unwrap();
    let mut foreign = Fleet::new(109);
    foreign.command(0, Command::Rotate).unwrap();
    foreign.command(0, Command::Rotate).unwrap();
    let (device, account) = (foreign.id(0), foreign.account());
    let request = Request { account, call: Call::Log { since: 2 } };
    let page = foreign.server.answer(device, &request).unwrap();
    let distrust = lied_to(
        &mut fleet,
        Box::new(move |_, request, answer, _| match request.call {
            Call::Log { .. } => Ok(page.clone()),
            _ => answer,
        }),
    );
    assert!(matches!(distrust, Distrust::Entry { seq: 3, .. }), "{distrust}");
}

#[test]
fn a_hidden_revocation_shows_in_the_commits() {
    let mut fleet = one_behind(110);
    let lost = fleet.add_device(0);
    fleet.sync(1);
    let old = fleet.server.fork();
    let command = revoke(&fleet, lost);
    fleet.command(0, command).unwrap();
    let device = fleet.id(1);
    let distrust = lied_to(
        &mut fleet,
        Box::new(move |_, request, answer, _| match request.call {
            Call::Heads => answer.map(|body| {
                let mut heads: Heads = cbor::decode(&body, body.len()).unwrap();
                let mut old = old.fork();
                let before: Heads = cbor::decode(&old.answer(device, request).unwrap(), body.len()).unwrap();
                heads.log = before.log;
                cbor::encode(&heads)
            }),
            _ => answer,
        }),
    );
    assert!(matches!(distrust, Distrust::Commit { cause: CommitError::LogAhead { .. }, .. }), "{distrust}");
}

#[test]
fn a_revocation_hidden_from_the_log_page_is_missed() {
    let mut fleet = one_behind(111);
    fleet.command(0, Command::Rotate).unwrap();
    let distrust = lied_to(
        &mut fleet,
        Box::new(|_, request, answer, _| match request.call {
            Call::Log { .. } => Ok(cbor::encode(&LogPage { bundles: Vec::new(), more: false })),
            _ => answer,
        }),
    );
    assert_eq!(distrust, Distrust::LogIncomplete);
}

#[test]
fn a_backdated_commit_of_a_revoked_device_is_not_taken() {
    let mut fleet = one_behind(112);
    fleet.sync(1);
    let lost = fleet.add_device(0);
    fleet.sync(1);
    fleet.sync(0);
    // The lost device and its server go on from before the revocation.
    let mut colluding = fleet.server.fork();
    let thief = fleet.id(lost);
    fleet.tap(Some(Box::new(
        move |device, request, answer, _| {
            if device == thief { colluding.answer(device, request) } else { answer }
        },
    )));
    note(&mut fleet, lost, "backdated");
    while fleet.deliver(lost, Deed::Deceive) {}
    let forged = fleet.engine(lost).status().unwrap().pins;
    let commit = StoreKey::numbered(Table::Commits, forged.vault.seq);
    let commit = fleet.store(lost).load(&[commit]).remove(0).unwrap();
    fleet.tap(None);
    // The revocation is in the log; its author has not committed yet.
    let command = revoke(&fleet, lost);
    fleet.handle(0, Event::Command(command)).unwrap();
    fleet.deliver(0, Deed::Deliver);
    fleet.deliver(0, Deed::Deliver);
    let before = fleet.engine(1).status().unwrap().pins.vault;
    let account = fleet.account();
    fleet.tap(Some(Box::new(move |_, request, answer, server| match &request.call {
        Call::Heads => answer.map(|body| {
            let mut heads: Heads = cbor::decode(&body, body.len()).unwrap();
            heads.vault = Some(server.sign_receipt(account, Chain::Vault, forged.vault));
            cbor::encode(&heads)
        }),
        Call::Pull(_) => Ok(cbor::encode(&PullPage {
            commits: vec![roamkey_proto::api::SignedCommit(commit.clone())],
            records: Vec::new(),
            next: None,
        })),
        _ => answer,
    })));
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::AwaitingRevoker));
    assert_eq!(fleet.engine(1).status().unwrap().pins.vault, before);
    fleet.tap(None);
    while fleet.deliver(0, Deed::Deliver) {}
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate));
    assert!(!titles(&fleet, 1).contains(&"backdated".to_owned()));
}

#[test]
fn an_entry_without_its_header_is_refused() {
    let mut fleet = one_behind(113);
    fleet.command(0, Command::Rotate).unwrap();
    let distrust = lied_to(&mut fleet, on_bundles(|bundle| bundle.header = None));
    assert_eq!(distrust, Distrust::Entry { seq: 3, cause: TrustError::Refused(Refusal::HeaderMissing) });
}

#[test]
fn a_wrap_that_is_not_the_signed_one_is_refused() {
    let mut fleet = one_behind(114);
    fleet.command(0, Command::Rotate).unwrap();
    let distrust = lied_to(&mut fleet, on_bundles(|bundle| bundle.wraps[0].wrap[7] ^= 1));
    assert_eq!(distrust, Distrust::Entry { seq: 3, cause: TrustError::Refused(Refusal::WrapHash) });
}

#[test]
fn an_omitted_wrap_is_missed() {
    let mut fleet = one_behind(115);
    fleet.command(0, Command::Rotate).unwrap();
    let before = titles(&fleet, 1);
    fleet.tap(Some(on_bundles(|bundle| bundle.wraps.clear())));
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::Distrusted(Distrust::Epoch { epoch: 3 })));
    // The entry is its author's, and stays; the key is asked for again.
    assert_eq!((titles(&fleet, 1), fleet.engine(1).log().unwrap().head().seq), (before, 3));
    fleet.tap(None);
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate));
}

#[test]
fn a_commit_by_a_stranger_is_refused() {
    let mut fleet = one_behind(116);
    let mut foreign = Fleet::new(117);
    note(&mut foreign, 0, "foreign");
    foreign.sync(0);
    let key = StoreKey::numbered(Table::Commits, 1);
    let commit = foreign.store(0).load(&[key]).remove(0).unwrap();
    let distrust = lied_to(&mut fleet, on_pulls(move |page| page.commits[0].0 = commit.clone()));
    assert!(matches!(distrust, Distrust::Commit { seq: 2, cause: CommitError::ForeignAccount }), "{distrust}");
}

#[test]
fn a_receipt_by_another_key_is_refused() {
    let mut fleet = one_behind(118);
    let (stranger, account) = (ModelServer::new(1), fleet.account());
    let distrust = lied_to(
        &mut fleet,
        Box::new(move |_, request, answer, server| match request.call {
            Call::Heads => Ok(cbor::encode(&Heads {
                log: stranger.sign_receipt(account, Chain::Log, Pin::START),
                vault: Some(stranger.sign_receipt(account, Chain::Vault, server.vault_head(account))),
            })),
            _ => answer,
        }),
    );
    assert_eq!(distrust, Distrust::Receipt);
}

#[test]
fn an_answer_with_a_flipped_bit_is_never_applied() {
    let honest = {
        let mut fleet = one_behind(119);
        fleet.command(0, Command::Rotate).unwrap();
        titles(&fleet, 0)
    };
    for flip in 0..40_usize {
        let mut fleet = one_behind(119);
        fleet.command(0, Command::Rotate).unwrap();
        let before = titles(&fleet, 1);
        let wire: Wire = Box::new(move |_: DeviceId, request: &Request, answer: Result<Vec<u8>, Problem>, _| {
            let kind = match request.call {
                Call::Heads => 0,
                Call::Log { .. } => 1,
                _ => 2,
            };
            answer.map(|mut body| {
                if kind == flip % 3 {
                    let at = flip * 7919 % body.len();
                    body[at] ^= 1 << (flip % 8);
                }
                body
            })
        });
        fleet.tap(Some(wire));
        fleet.sync(1);
        let after = titles(&fleet, 1);
        assert!(after == before || after == honest);
        fleet.tap(None);
        fleet.sync(1);
        assert_eq!(titles(&fleet, 1), honest);
    }
}

/// A wire on which another server answers.
fn from(mut other: ModelServer) -> Wire {
    Box::new(move |device, request, _, _| other.answer(device, request))
}

#[test]
fn an_answer_without_end_is_cut_off_at_its_first_wrong_commit() {
    let mut fleet = one_behind(130);
    fleet.server.page_by(1, 1);
    for title in ["more", "and more"] {
        note(&mut fleet, 0, title);
        fleet.sync(0);
    }
    // The second page of commits is of nowhere; the server would go on for ever, and is asked for no third.
    let asked = Rc::new(RefCell::new(0));
    let count = Rc::clone(&asked);
    fleet.tap(Some(Box::new(move |_, request, answer, _| match &request.call {
        Call::Pull(_) => answer.map(|body| {
            *count.borrow_mut() += 1;
            let mut page: PullPage = cbor::decode(&body, body.len()).unwrap();
            if *count.borrow() == 2 {
                let last = page.commits[0].0.len() - 1;
                page.commits[0].0[last] ^= 1;
            }
            cbor::encode(&page)
        }),
        _ => answer,
    })));
    fleet.sync(1);
    assert!(matches!(fleet.idle(1), Some(Idle::Distrusted(Distrust::Commit { .. }))), "{:?}", fleet.idle(1));
    assert_eq!(*asked.borrow(), 2);
}

#[test]
fn records_that_no_commit_names_are_refused_as_they_come() {
    let mut fleet = one_behind(131);
    fleet.server.page_by(10, 1);
    let asked = Rc::new(RefCell::new(0));
    let count = Rc::clone(&asked);
    // Each page brings another record that nobody named: first a page, then one full pull, then no more.
    fleet.tap(Some(Box::new(move |_, request, answer, _| match &request.call {
        Call::Pull(_) => answer.map(|body| {
            *count.borrow_mut() += 1;
            let mut page: PullPage = cbor::decode(&body, body.len()).unwrap();
            for record in &mut page.records {
                // The last byte of the item in the record's header.
                let mut header = roamkey_proto::Record::from_bytes(&record.0).unwrap();
                header.header.item = roamkey_proto::ItemId::new([*count.borrow(); 16]);
                record.0 = header.to_bytes();
            }
            cbor::encode(&page)
        }),
        _ => answer,
    })));
    fleet.sync(1);
    assert!(matches!(fleet.idle(1), Some(Idle::Distrusted(_))), "{:?}", fleet.idle(1));
    assert!(*asked.borrow() <= 6, "{}", asked.borrow());
}
