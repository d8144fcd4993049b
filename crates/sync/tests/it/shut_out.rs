//! A member opens an epoch for itself alone (finding 5 of the security review): it can be revoked, and nothing is lost.

use std::collections::BTreeMap;

use roamkey_proto::{
    Change, Commit, CommitId, DeviceId, ItemId, Op, Record, RevokeDevices, RevokeReason, VERSION,
    api::{LogPage, PullPage, PullRequest, Push, SealedRecord},
    cbor,
    merkle::{Subtree, Summary, page_of},
};
use roamkey_sealing::{
    EpochKey, KemKey, LocalKey,
    epoch::{self, Before, EpochPlace},
    record,
};
use roamkey_sync::{Call, Command, CommandError, Distrust, Idle, Outcome, Request};
use roamkey_testkit::{Fleet, seeded};
use roamkey_trust::{Log, Refusal, TrustError, commit};
use roamkey_vault::Body;

use crate::{
    items::{note, rename, titles},
    rogue::Rogue,
};

impl Rogue {
    /// Opens an epoch, tied to the key that it holds, whose wraps open for none of `victims`.
    pub(crate) fn open_epoch(&mut self, fleet: &mut Fleet, op: Op, victims: &[DeviceId]) {
        let rng = &mut seeded(55);
        let draft = self.log.draft(op, self.id, fleet.now).unwrap();
        let next = draft.next_epoch().unwrap().clone();
        let mut recipients = next.recipients.clone();
        for victim in victims {
            recipients.insert(*victim, KemKey::make(rng).public());
        }
        let recipients: Vec<_> = recipients.iter().map(|(device, kem)| (*device, kem)).collect();
        let place = EpochPlace {
            account: next.account,
            epoch: next.epoch,
            seq: next.seq,
            prev: next.prev,
            author: next.author,
        };
        let new = epoch::make(rng, &place, &recipients, Some(&self.key)).unwrap();
        let bundle = draft.finish(Some((new.header, new.wraps)), &self.secrets.identity);
        self.send(fleet, Call::Append(cbor::encode(&bundle)));
        self.key = new.key;
        self.log = whole_log(fleet, self.id);
    }

    /// Opens the newest epoch, whose wrap for it the server has.
    pub(crate) fn newest_key(&self, fleet: &mut Fleet) -> EpochKey {
        let request = Request { account: fleet.account(), call: Call::Log { since: 0 } };
        let body = fleet.server.answer(self.id, &request).unwrap();
        let page: LogPage = cbor::decode(&body, body.len()).unwrap();
        let log = Log::replay(&page.bundles).unwrap();
        let header = log.header();
        let place = EpochPlace {
            account: log.account(),
            epoch: header.epoch,
            seq: header.seq,
            prev: header.prev,
            author: log.opener_of(header.epoch).unwrap(),
        };
        let wrap = &page.bundles[usize::try_from(header.seq).unwrap() - 1].wraps[0].wrap;
        epoch::open(&self.secrets.kem, self.id, &place, header, wrap, Before::Key(&self.key)).unwrap()
    }

    /// Puts records of its own making in the place of these items.
    fn overwrite(&self, fleet: &mut Fleet, items: &[ItemId]) {
        let commits = fleet.server.commits(fleet.account());
        let last = commits.last().unwrap();
        let mut records = all_records(fleet, self.id);
        let mut changed = Vec::new();
        let mut items = items.to_vec();
        items.sort_unstable();
        for item in items {
            let revision = records.get(&item).map_or(0, |bytes| Record::header_of(bytes).unwrap().revision) + 1;
            let body = Body::Tombstone.encode();
            let record = record::seal(&self.key, &self.secrets.hedge, item, revision, &body, &mut seeded(56))
                .unwrap()
                .to_bytes();
            changed.push((Change { item, record: Record::hash_of(&record) }, SealedRecord(record.clone())));
            records.insert(item, record);
        }
        let mut summary = Summary::empty();
        for page in 0..=u8::MAX {
            let leaves = records.iter().filter(|(item, _)| page_of(**item) == page);
            summary.set(
                page,
                Subtree::of_page(page, leaves.map(|(item, bytes)| (*item, Record::hash_of(bytes)))).unwrap(),
            );
        }
        let (changed, records) = changed.into_iter().unzip();
        let commit = Commit {
            version: VERSION,
            account: self.log.account(),
            seq: last.seq + 1,
            prev: CommitId::new(fleet.server.vault_head(fleet.account()).id),
            author: self.id,
            time: fleet.now,
            log: self.log.head(),
            epoch: self.log.epoch(),
            root: summary.root(),
            count: summary.count(),
            changed,
        };
        let commit = commit::sign(&commit, &self.secrets.write);
        self.send(fleet, Call::Push(cbor::encode(&Push { commit, records })));
    }
}

/// Returns the key of an epoch once more, as a device does that reads it from its store.
fn again(key: &EpochKey) -> EpochKey {
    let local = LocalKey::from_bytes(&[1; 32]);
    let sealed = local.seal_epoch_key(key, &mut seeded(58));
    local.open_epoch_key(key.account(), key.number(), &sealed).unwrap()
}

pub(crate) fn whole_log(fleet: &mut Fleet, reader: DeviceId) -> Log {
    let request = Request { account: fleet.account(), call: Call::Log { since: 0 } };
    let body = fleet.server.answer(reader, &request).unwrap();
    let page: LogPage = cbor::decode(&body, body.len()).unwrap();
    Log::replay(&page.bundles).unwrap()
}

fn all_records(fleet: &mut Fleet, reader: DeviceId) -> BTreeMap<ItemId, Vec<u8>> {
    let target = fleet.server.vault_head(fleet.account());
    let pull = PullRequest { target, commits_after: target.seq, records_after: 0, cursor: None };
    let body = fleet.server.answer(reader, &Request { account: fleet.account(), call: Call::Pull(pull) }).unwrap();
    let page: PullPage = cbor::decode(&body, body.len()).unwrap();
    page.records.into_iter().map(|record| (Record::header_of(&record.0).unwrap().item, record.0)).collect()
}

/// Devices 0 and 1 with three notes, and a rogue; everyone is up to date.
pub(crate) fn shared(seed: u64) -> (Fleet, Rogue, Vec<ItemId>) {
    let mut fleet = Fleet::new(seed);
    let items = ["a", "b", "c"].map(|title| note(&mut fleet, 0, title)).to_vec();
    fleet.sync(0);
    assert_eq!(fleet.add_device(0), 1);
    let rogue = Rogue::join(&mut fleet);
    fleet.sync(0);
    fleet.sync(1);
    (fleet, rogue, items)
}

pub(crate) fn is_shut_out(fleet: &mut Fleet, device: usize, by: &Rogue) {
    fleet.sync(device);
    let epoch = by.log.epoch();
    assert_eq!(fleet.idle(device), Some(&Idle::Distrusted(Distrust::ShutOut { epoch, opener: by.id })));
    let shut_out = fleet.engine(device).status().unwrap().shut_out.unwrap();
    assert_eq!((shut_out.epoch, shut_out.openers), (epoch, vec![by.id]));
}

pub(crate) fn is_up_to_date(fleet: &mut Fleet, device: usize) {
    fleet.sync(device);
    assert_eq!(fleet.idle(device), Some(&Idle::UpToDate));
    assert_eq!(fleet.engine(device).status().unwrap().shut_out, None);
}

#[test]
fn whoever_opens_an_epoch_for_itself_alone_is_revoked_and_what_it_overwrote_is_back() {
    let (mut fleet, mut rogue, items) = shared(300);
    let victims = [fleet.id(0), fleet.id(1)];
    rogue.open_epoch(&mut fleet, Op::Rotate, &victims);
    rogue.overwrite(&mut fleet, &[items[0], items[1], ItemId::new([9; 16])]);
    for device in [0, 1] {
        is_shut_out(&mut fleet, device, &rogue);
        assert_eq!(titles(&fleet, device), ["a", "b", "c"], "what is here can be read");
    }
    // What is typed meanwhile waits, through a restart as well.
    note(&mut fleet, 0, "typed while shut out");
    fleet.crash(0);
    is_shut_out(&mut fleet, 0, &rogue);
    assert_eq!(fleet.engine(0).status().unwrap().pending, 1);

    assert_eq!(fleet.command(0, rogue.revocation()), Ok(Outcome::Appended));
    is_up_to_date(&mut fleet, 0);
    let all = ["a", "b", "c", "typed while shut out"];
    assert_eq!(titles(&fleet, 0), all);
    is_up_to_date(&mut fleet, 1);
    assert_eq!(titles(&fleet, 1), all);
    is_up_to_date(&mut fleet, 0);
    let newcomer = fleet.add_device(1);
    assert_eq!(titles(&fleet, newcomer), all);
    for device in [0, 1, newcomer] {
        let status = fleet.engine(device).status().unwrap();
        // Only what the rogue alone ever read is out of reach, and said to be.
        assert_eq!((status.unreadable, status.reseal_pages, status.pending), (1, 0, 0));
    }
}

#[test]
fn a_device_that_reads_a_skipped_epoch_brings_back_what_was_written_in_it() {
    let (mut fleet, mut rogue, items) = shared(301);
    let victim = fleet.id(0);
    rogue.open_epoch(&mut fleet, Op::Rotate, &[victim]);
    is_up_to_date(&mut fleet, 1);
    rename(&mut fleet, 1, items[0], "renamed by one");
    note(&mut fleet, 1, "new by one");
    is_up_to_date(&mut fleet, 1);

    is_shut_out(&mut fleet, 0, &rogue);
    assert_eq!(fleet.command(0, rogue.revocation()), Ok(Outcome::Appended));
    is_up_to_date(&mut fleet, 0);
    // The other one did not read the rename; its own version stands for now.
    assert_eq!(titles(&fleet, 0), ["a", "b", "c"]);
    for device in [1, 0, 1] {
        is_up_to_date(&mut fleet, device);
    }
    let newcomer = fleet.add_device(0);
    for device in [0, 1, newcomer] {
        assert!(titles(&fleet, device).contains(&"new by one".to_owned()));
        let entry = fleet.item(device, items[0]).unwrap();
        let seen = entry.item.history.len();
        assert_eq!((crate::items::title(&entry), seen), ("a", 1), "the rename is in the history");
        assert_eq!(fleet.engine(device).status().unwrap().unreadable, 0);
    }
}

#[test]
fn a_device_that_is_shut_out_is_healed_by_anyones_next_epoch() {
    let (mut fleet, mut rogue, items) = shared(302);
    let victim = fleet.id(0);
    rogue.open_epoch(&mut fleet, Op::Rotate, &[victim]);
    is_up_to_date(&mut fleet, 1);
    rename(&mut fleet, 1, items[0], "renamed");
    is_up_to_date(&mut fleet, 1);
    is_shut_out(&mut fleet, 0, &rogue);
    assert_eq!(fleet.command(1, Command::Rotate), Ok(Outcome::Appended));
    is_up_to_date(&mut fleet, 0);
    assert_eq!(titles(&fleet, 0), ["b", "c", "renamed"]);
}

#[test]
fn a_device_that_is_shut_out_changes_the_members_only_by_revoking_who_did_it() {
    let (mut fleet, mut rogue, _) = shared(303);
    let victim = fleet.id(0);
    rogue.open_epoch(&mut fleet, Op::Rotate, &[victim]);
    is_shut_out(&mut fleet, 0, &rogue);
    let openers = vec![rogue.id];
    let refused = Err(Some(CommandError::ShutOut { openers }));
    assert_eq!(fleet.command(0, Command::Rotate), refused);
    let other = crate::members::revoke(&fleet, 1);
    assert_eq!(fleet.command(0, other), refused);
    assert!(matches!(fleet.join(0), Err(Some(CommandError::Distrust(Distrust::ShutOut { .. })))));
    assert_eq!(fleet.command(0, rogue.revocation()), Ok(Outcome::Appended));
}

#[test]
fn an_accomplice_that_goes_on_from_there_goes_as_well() {
    let (mut fleet, mut rogue, _) = shared(304);
    let mut second = Rogue::join_by(&mut fleet, 1, 77);
    rogue.log = whole_log(&mut fleet, rogue.id);
    rogue.key = again(&second.key);
    is_up_to_date(&mut fleet, 0);
    is_up_to_date(&mut fleet, 1);
    let victims = [fleet.id(0), fleet.id(1)];
    rogue.open_epoch(&mut fleet, Op::Rotate, &victims);
    second.log = whole_log(&mut fleet, second.id);
    second.key = again(&rogue.key);
    second.open_epoch(&mut fleet, Op::Rotate, &victims);
    fleet.sync(0);
    let mut openers = vec![rogue.id, second.id];
    openers.sort_unstable();
    let shut_out = fleet.engine(0).status().unwrap().shut_out.unwrap();
    assert_eq!(shut_out.openers, openers);
    assert_eq!(fleet.command(0, rogue.revocation()), Err(Some(CommandError::ShutOut { openers: openers.clone() })));
    let both =
        Command::Revoke { devices: openers, keep: Vec::new(), reason: RevokeReason::Lost, keep_slots: Vec::new() };
    assert_eq!(fleet.command(0, both), Ok(Outcome::Appended));
    is_up_to_date(&mut fleet, 0);
    is_up_to_date(&mut fleet, 1);
    assert_eq!(titles(&fleet, 1), ["a", "b", "c"]);
}

#[test]
fn a_thief_that_skips_an_epoch_cuts_nobody_off_what_was_written_in_it() {
    let (mut fleet, mut rogue, items) = shared(305);
    // Device 0 opens an epoch and writes in it. The thief ties to the one before, which it may only by revoking device 0.
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    rename(&mut fleet, 0, items[0], "written in the skipped epoch");
    fleet.sync(0);
    is_up_to_date(&mut fleet, 1);
    rogue.log = whole_log(&mut fleet, rogue.id);
    let devices = vec![fleet.id(0)];
    let rotate = rogue.log.draft(Op::Rotate, rogue.id, fleet.now).unwrap();
    assert_eq!(rotate.next_epoch().unwrap().oldest_base, rogue.log.epoch());
    let keep = rogue.log.added_through(&devices.iter().copied().collect(), &[].into()).into_iter().collect();
    let revoke = Op::RevokeDevices(RevokeDevices {
        devices,
        keep,
        reason: RevokeReason::Lost,
        slots: Vec::new(),
        keep_slots: Vec::new(),
    });
    rogue.open_epoch(&mut fleet, revoke, &[]);
    // The thief answers for the first commit, and seals nothing again.
    rogue.overwrite(&mut fleet, &[items[2]]);

    is_up_to_date(&mut fleet, 1);
    let kept = ["b", "written in the skipped epoch"];
    assert_eq!(titles(&fleet, 1), kept);
    let newcomer = fleet.add_device(1);
    assert_eq!(titles(&fleet, newcomer), kept, "whoever holds the skipped key has sealed it again");
    assert_eq!(fleet.engine(newcomer).status().unwrap().unreadable, 0);
}

#[test]
fn a_skip_that_the_log_forbids_is_refused_by_every_device() {
    let (mut fleet, rogue, _) = shared(306);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    let log = whole_log(&mut fleet, rogue.id);
    let draft = log.draft(Op::Rotate, rogue.id, fleet.now).unwrap();
    let next = draft.next_epoch().unwrap();
    let recipients: Vec<_> = next.recipients.iter().map(|(device, kem)| (*device, kem)).collect();
    let place =
        EpochPlace { account: next.account, epoch: next.epoch, seq: next.seq, prev: next.prev, author: next.author };
    let new = epoch::make(&mut seeded(57), &place, &recipients, Some(&rogue.key)).unwrap();
    let bundle = draft.clone().finish(Some((new.header, new.wraps)), &rogue.secrets.identity);
    let refused = log.clone().append(&bundle).unwrap_err();
    assert_eq!(refused, TrustError::Refused(Refusal::SkipsEpoch));
}

#[test]
fn a_wrap_that_a_restored_server_lost_is_made_up_for_by_the_next_epoch() {
    let (mut fleet, _, _) = shared(307);
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    assert_eq!(fleet.command(0, Command::Rotate), Ok(Outcome::Appended));
    let newest = fleet.engine(0).log().unwrap().head().seq;
    fleet.tap(Some(Box::new(move |_, request, answer, _| match request.call {
        Call::Log { since } => answer.map(|body| {
            let mut page: LogPage = cbor::decode(&body, body.len()).unwrap();
            for (seq, bundle) in (since + 1..newest).zip(&mut page.bundles) {
                assert!(seq < newest);
                bundle.wraps.clear();
            }
            cbor::encode(&page)
        }),
        _ => answer,
    })));
    is_up_to_date(&mut fleet, 1);
}
