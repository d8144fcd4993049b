//! A server that comes back from an old backup gets its data back; one that only says so is found out, with evidence.

use roamkey_proto::{Chain, Evidence, EvidenceKind, cbor, limits};
use roamkey_sync::{Call, Command, Distrust, Idle, Outcome, Reader, Table};
use roamkey_testkit::Fleet;
use roamkey_trust::evidence::{self, Verdict};

use crate::items::{note, rename, titles};

/// Two devices; a backup; then an entry and three commits that the backup lacks, of which one replaces another's record.
fn beyond_the_backup(seed: u64) -> (Fleet, roamkey_testkit::ModelServer) {
    let mut fleet = Fleet::new(seed);
    let item = note(&mut fleet, 0, "first");
    fleet.sync(0);
    let other = fleet.add_device(0);
    let backup = fleet.server.fork();
    rename(&mut fleet, 0, item, "second");
    fleet.sync(0);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    rename(&mut fleet, 0, item, "third");
    note(&mut fleet, 0, "new");
    fleet.sync(0);
    assert_eq!(titles(&fleet, other), ["first"]);
    (fleet, backup)
}

#[test]
fn a_server_restored_from_a_backup_is_given_what_it_lost() {
    let (mut fleet, backup) = beyond_the_backup(500);
    let head = fleet.server.vault_head(fleet.account());
    fleet.server = backup;
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    let status = fleet.engine(0).status().unwrap();
    assert_eq!((fleet.server.vault_head(fleet.account()), status.distrust), (head, None));
    // The wraps of the lost entry are gone with the backup: the others get on by the next epoch.
    fleet.sync(1);
    assert_eq!(fleet.idle(1), Some(&Idle::UpToDate));
    assert_eq!(titles(&fleet, 1), ["new", "third"]);
    let newcomer = fleet.add_device(1);
    assert_eq!(titles(&fleet, newcomer), ["new", "third"]);
    assert!(evidence_of(&fleet, 0).is_empty(), "an honest restore is no evidence");
}

#[test]
fn what_was_typed_meanwhile_goes_with_the_restore() {
    let (mut fleet, backup) = beyond_the_backup(501);
    fleet.server = backup;
    note(&mut fleet, 0, "typed after the restore");
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    fleet.sync(1);
    assert_eq!(titles(&fleet, 1), ["new", "third", "typed after the restore"]);
}

#[test]
fn a_server_that_does_not_take_back_what_it_lost_went_back() {
    let (mut fleet, mut backup) = beyond_the_backup(502);
    let pinned = fleet.engine(0).status().unwrap().pins;
    fleet.tap(Some(Box::new(move |device, request, _, _| match request.call {
        Call::Restore(_) => Err(roamkey_proto::problem::Problem::NotFound),
        _ => backup.answer(device, request),
    })));
    fleet.sync(0);
    let Some(Idle::Distrusted(Distrust::RolledBack { chain: Chain::Log, .. })) = fleet.idle(0) else {
        panic!("went back: {:?}", fleet.idle(0))
    };
    assert_eq!(fleet.engine(0).status().unwrap().pins, pinned);
    let [kept] = &evidence_of(&fleet, 0)[..] else { panic!("one piece") };
    assert_eq!((kept.kind, evidence::judge(kept)), (EvidenceKind::Rollback, Ok(Verdict::Divergence)));
    // The same again is the same; and an honest server serves again.
    fleet.sync(0);
    assert_eq!(evidence_of(&fleet, 0).len(), 1);
    fleet.tap(None);
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
}

#[test]
fn a_server_too_busy_to_take_back_what_it_lost_is_no_liar() {
    for problem in [
        roamkey_proto::problem::Problem::RateLimited,
        roamkey_proto::problem::Problem::Unavailable,
        roamkey_proto::problem::Problem::Held,
    ] {
        let (mut fleet, mut backup) = beyond_the_backup(509);
        fleet.tap(Some(Box::new(move |device, request, _, _| match request.call {
            Call::Restore(_) => Err(problem),
            _ => backup.answer(device, request),
        })));
        fleet.sync(0);
        assert_eq!(fleet.idle(0), Some(&Idle::Refused(problem)));
        // Nor is that a way to hide a rollback for good.
        for _ in 0..6 {
            fleet.sync(0);
        }
        assert!(matches!(fleet.idle(0), Some(Idle::Distrusted(Distrust::RolledBack { .. }))), "{:?}", fleet.idle(0));
        fleet.tap(None);
        fleet.sync(0);
        assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    }
}

#[test]
fn a_backup_of_another_history_is_a_fork_with_proof_and_not_a_restore() {
    let (mut fleet, mut backup) = beyond_the_backup(503);
    // The second device goes on from the backup, past where the first one is.
    let second = fleet.id(1);
    fleet.tap(Some(Box::new(move |device, request, _, _| {
        let _ = (second, device);
        backup.answer(device, request)
    })));
    for title in ["x", "y", "z"] {
        note(&mut fleet, 1, title);
        fleet.sync(1);
    }
    assert_eq!(fleet.command(1, Command::Rotate), Ok(Outcome::Appended));
    fleet.sync(0);
    let Some(Idle::Distrusted(Distrust::Forked { receipts: Some(_), .. })) = fleet.idle(0) else {
        panic!("forked: {:?}", fleet.idle(0))
    };
    let kept = evidence_of(&fleet, 0);
    let verdict = evidence::judge(kept.last().unwrap()).unwrap();
    assert!(matches!(verdict, Verdict::ServerEquivocated { .. }), "{verdict:?}");
    // Evidence survives a restart, and a file.
    fleet.crash(0);
    let bytes = cbor::encode(evidence_of(&fleet, 0).last().unwrap());
    assert_eq!(evidence::judge(&evidence::read(&bytes).unwrap()), Ok(verdict));
    assert!(bytes.len() < limits::EVIDENCE_BYTES);
}

#[test]
fn an_entry_that_breaks_a_rule_is_kept_as_evidence_against_its_author() {
    let mut fleet = Fleet::new(504);
    let other = fleet.add_device(0);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    fleet.tap(Some(Box::new(|_, request, answer, _| match request.call {
        Call::Log { .. } => answer.map(|body| {
            let mut page: roamkey_proto::api::LogPage = cbor::decode(&body, body.len()).unwrap();
            let last = page.bundles[0].entry.len() - 1;
            page.bundles[0].entry[last] ^= 1;
            cbor::encode(&page)
        }),
        _ => answer,
    })));
    fleet.sync(other);
    let [kept] = &evidence_of(&fleet, other)[..] else { panic!("one piece") };
    assert_eq!((kept.kind, kept.objects.len()), (EvidenceKind::Invalid, 1));
    // The server bent it: its signature does not verify, so it accuses no device.
    assert_eq!(evidence::judge(kept), Ok(Verdict::Divergence));
}

fn evidence_of(fleet: &Fleet, device: usize) -> Vec<Evidence> {
    let reader: Reader<'_> = fleet.engine(device).reader().unwrap();
    let rows = fleet.store(device).scan(Table::Evidence);
    let mut kept: Vec<_> = rows.iter().map(|(key, row)| reader.open_evidence(key, row).unwrap()).collect();
    kept.sort_by_key(|evidence| evidence.seen);
    kept
}

#[test]
fn no_number_of_faults_pushes_a_proof_out_of_what_is_kept() {
    let mut fleet = Fleet::new(506);
    note(&mut fleet, 0, "kept");
    fleet.sync(0);
    let account = fleet.account();
    let head = fleet.server.vault_head(account);
    fleet.tap(Some(Box::new(move |_, request, answer, server| match request.call {
        Call::Heads => answer.map(|body| {
            let mut heads: roamkey_proto::api::Heads = cbor::decode(&body, body.len()).unwrap();
            let other = roamkey_proto::Pin { seq: head.seq, id: [9; 32] };
            heads.vault = Some(server.sign_receipt(account, Chain::Vault, other));
            cbor::encode(&heads)
        }),
        _ => answer,
    })));
    fleet.sync(0);
    let mut fault = 0;
    fleet.tap(Some(Box::new(move |_, request, answer, _| match request.call {
        Call::Heads => {
            fault += 1;
            answer.map(|body| if fault % 2 == 0 { Vec::new() } else { body[..body.len() - 1].to_vec() })
        }
        _ => answer,
    })));
    for _ in 0..40 {
        fleet.sync(0);
        // A round that ends well between two faults makes the next one new.
        let wire = fleet.untap();
        fleet.sync(0);
        fleet.tap(wire);
    }
    let kept = evidence_of(&fleet, 0);
    let proofs = kept.iter().filter(|kept| matches!(evidence::judge(kept), Ok(Verdict::ServerEquivocated { .. })));
    assert!(kept.len() > 16, "the newest faults are kept beside it");
    assert_ne!(proofs.count(), 0);
}

#[test]
fn a_false_receipt_is_kept_and_no_round_after_it_hides_it() {
    let mut fleet = Fleet::new(505);
    let account = fleet.account();
    fleet.tap(Some(Box::new(move |_, request, answer, server| match request.call {
        Call::Push(_) => answer.map(|_| {
            let pin = roamkey_proto::Pin { seq: 1, id: [9; 32] };
            let receipt = server.sign_receipt(account, Chain::Vault, pin);
            cbor::encode(&roamkey_proto::api::Accepted { receipt })
        }),
        _ => answer,
    })));
    // The edit starts a round; a sync is asked for while that is under way.
    note(&mut fleet, 0, "taken, and signed for as something else");
    fleet.handle(0, roamkey_sync::Event::Sync).unwrap();
    while fleet.deliver(0, roamkey_testkit::Deed::Deliver) {}
    assert_eq!(fleet.idle(0), Some(&Idle::Distrusted(Distrust::Receipt)));
    // With the honest one of the next round it proves that the server signed two histories.
    fleet.tap(None);
    fleet.sync(0);
    let [kept] = &evidence_of(&fleet, 0)[..] else { panic!("one piece") };
    let mut proof = kept.clone();
    proof.receipts.push(fleet.engine(0).status().unwrap().pins.vault_receipt.unwrap());
    assert!(matches!(evidence::judge(&proof), Ok(Verdict::ServerEquivocated { chain: Chain::Vault, seq: 1, .. })));
}
