//! A member that misbehaves, a thief at an unlocked device: it can be revoked, and what it wrote stops nobody.

use roamkey_proto::{
    Change, Commit, CommitId, DeviceId, EntryId, EpochHeader, ItemId, KemPublicKey, MerkleRoot, Op, Pin, Record,
    RecordHash, RenewKeys, RevokeReason, Time, VERSION,
    api::{LogPage, Push, SealedRecord},
    cbor,
    merkle::{Subtree, Summary, page_of},
    problem::Problem,
};
use roamkey_sealing::{
    DeviceSecrets, EpochKey,
    epoch::{self, Before, EpochPlace},
    record,
};
use roamkey_sync::{Call, Command, Distrust, Idle, Invitation, Outcome, RecordFault, Request};
use roamkey_testkit::{Fleet, seeded};
use roamkey_trust::{
    Log, commit,
    possession::{self, Place},
};

use crate::items::{note, titles};

/// A paired device whose keys the thief has.
pub(crate) struct Rogue {
    pub(crate) id: DeviceId,
    pub(crate) secrets: DeviceSecrets,
    pub(crate) log: Log,
    pub(crate) key: EpochKey,
}

impl Rogue {
    pub(crate) fn join(fleet: &mut Fleet) -> Self {
        Self::join_by(fleet, 0, 99)
    }

    pub(crate) fn join_by(fleet: &mut Fleet, member: usize, seed: u64) -> Self {
        let Ok(Outcome::Invited(invitation)) = fleet.command(member, Command::Invite) else { panic!("invited") };
        let (invitation, log) = Invitation::open(&invitation).unwrap();
        let secrets = DeviceSecrets::make(&mut seeded(seed));
        let (device, possession) = invitation.answer(&log, &secrets);
        let id = device.device_id();
        let add = Command::AddDevice { device: Box::new(device), possession: Box::new(possession) };
        assert_eq!(fleet.command(member, add), Ok(Outcome::Appended));
        let request = Request { account: fleet.account(), call: Call::Log { since: 0 } };
        let body = fleet.server.answer(id, &request).unwrap();
        let page: LogPage = cbor::decode(&body, body.len()).unwrap();
        let [.., before, newest] = page.bundles.as_slice() else { panic!("a genesis and the newcomer") };
        let header = |bytes: &Option<Vec<u8>>| -> EpochHeader { cbor::decode(bytes.as_ref().unwrap(), 9_000).unwrap() };
        let (before, header) = (header(&before.header), header(&newest.header));
        let log = Log::replay(&page.bundles).unwrap();
        let place = EpochPlace {
            account: log.account(),
            epoch: header.epoch,
            seq: header.seq,
            prev: header.prev,
            author: log.entry(header.seq).unwrap().author,
        };
        let wrap = &newest.wraps.first().unwrap().wrap;
        let key = epoch::open(&secrets.kem, id, &place, &header, wrap, Before::Header(&before)).unwrap();
        Self { id, secrets, log, key }
    }

    /// Renews its keys with a kem key that is none; all others get good wraps.
    fn renew_to_rubbish(&self, fleet: &mut Fleet) {
        let rng = &mut seeded(98);
        let renewed = self.secrets.make_renewed(rng);
        let mut keys = renewed.public();
        keys.kem = KemPublicKey::new([0xff; KemPublicKey::LEN]);
        let prev = EntryId::new(self.log.head().id);
        let place = Place { account: self.log.account(), prev, device: self.id };
        let possession = possession::sign(&place, &keys, &renewed.identity, &renewed.write);
        let op = Op::RenewKeys(RenewKeys { write: keys.write, kem: keys.kem, possession });
        let draft = self.log.draft(op, self.id, fleet.now).unwrap();
        let next = draft.next_epoch().unwrap();
        let mut recipients = next.recipients.clone();
        recipients.insert(self.id, renewed.kem.public());
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
    }

    /// Pushes one record as the vault's first commit.
    fn push(&self, fleet: &mut Fleet, record: &Record) {
        self.push_after(fleet, Pin::START, record);
    }

    /// Pushes the one record of the vault after the commit at this place.
    fn push_after(&self, fleet: &mut Fleet, before: Pin, record: &Record) {
        let root = root_of(record.header.item, Record::hash_of(&record.to_bytes()));
        self.send(fleet, self.commits(before, record, root, fleet.now));
    }

    fn commits(&self, before: Pin, record: &Record, root: MerkleRoot, now: Time) -> Call {
        let (item, bytes) = (record.header.item, record.to_bytes());
        let hash = Record::hash_of(&bytes);
        let commit = Commit {
            version: VERSION,
            account: self.log.account(),
            seq: before.seq + 1,
            prev: CommitId::new(before.id),
            author: self.id,
            time: now,
            log: self.log.head(),
            epoch: self.log.epoch(),
            root,
            count: 1,
            changed: vec![Change { item, record: hash }],
        };
        let commit = commit::sign(&commit, &self.secrets.write);
        Call::Push(cbor::encode(&Push { commit, records: vec![SealedRecord(bytes)] }))
    }

    fn seal(&self, revision: u64, body: &[u8]) -> Record {
        let item = ItemId::new([7; 16]);
        record::seal(&self.key, &self.secrets.hedge, item, revision, body, &mut seeded(97)).unwrap()
    }

    pub(crate) fn send(&self, fleet: &mut Fleet, call: Call) {
        let request = Request { account: fleet.account(), call };
        fleet.server.answer(self.id, &request).expect("nothing that a server can see is wrong with it");
    }

    pub(crate) fn revocation(&self) -> Command {
        Command::Revoke { devices: vec![self.id], keep: Vec::new(), reason: RevokeReason::Lost, keep_slots: Vec::new() }
    }
}

fn root_of(item: ItemId, hash: RecordHash) -> MerkleRoot {
    let mut summary = Summary::empty();
    summary.set(page_of(item), Subtree::of_page(page_of(item), [(item, hash)]).unwrap());
    summary.root()
}

/// Everyone else would distrust it for good.
#[test]
fn a_root_that_is_not_that_of_the_records_does_not_pass_an_honest_server() {
    let mut fleet = Fleet::new(205);
    let rogue = Rogue::join(&mut fleet);
    let call = rogue.commits(Pin::START, &rogue.seal(1, b"rubbish"), MerkleRoot::new([7; 32]), fleet.now);
    let request = Request { account: fleet.account(), call };
    assert_eq!(fleet.server.answer(rogue.id, &request), Err(Problem::Invalid));
}

#[test]
fn a_member_whose_kem_key_is_none_is_named_and_can_be_revoked() {
    let mut fleet = Fleet::new(200);
    let leaver = fleet.add_device(0);
    let rogue = Rogue::join(&mut fleet);
    rogue.renew_to_rubbish(&mut fleet);
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    let unusable = Distrust::UnusableKey { device: rogue.id };
    assert!(matches!(fleet.join(0), Err(Some(error)) if error.to_string().contains(&rogue.id.to_string())));
    fleet.sync(leaver);
    fleet.command(leaver, Command::Leave).unwrap();
    // An epoch is owed now, and cannot be made: the round ends and says why.
    fleet.sync(0);
    assert_eq!(fleet.idle(0), Some(&Idle::Distrusted(unusable)));
    let command = rogue.revocation();
    assert_eq!(fleet.command(0, command), Ok(Outcome::Appended));
    assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
    assert!(fleet.join(0).is_ok());
}

#[test]
fn a_revision_that_leaves_no_room_above_is_refused() {
    for revision in [2, u64::MAX] {
        let mut fleet = Fleet::new(201);
        let rogue = Rogue::join(&mut fleet);
        let record = rogue.seal(revision, b"whatever");
        rogue.push(&mut fleet, &record);
        fleet.sync(0);
        let refused = Distrust::Record { item: record.header.item, cause: RecordFault::Revision };
        assert_eq!(fleet.idle(0), Some(&Idle::Distrusted(refused)));
    }
}

#[test]
fn a_revision_that_does_not_rise_is_refused() {
    let mut fleet = Fleet::new(207);
    let rogue = Rogue::join(&mut fleet);
    rogue.push(&mut fleet, &rogue.seal(1, b"first"));
    fleet.sync(0);
    let first = fleet.engine(0).status().unwrap().pins.vault;
    let second = rogue.seal(1, b"second");
    rogue.push_after(&mut fleet, first, &second);
    fleet.sync(0);
    let refused = Distrust::Record { item: second.header.item, cause: RecordFault::Revision };
    assert_eq!(fleet.idle(0), Some(&Idle::Distrusted(refused)));
}

#[test]
fn rubbish_that_a_member_signed_stops_nobody_and_goes_with_it() {
    for (seed, is_sealed) in [(203, true), (204, false)] {
        let mut fleet = Fleet::new(seed);
        let rogue = Rogue::join(&mut fleet);
        let mut record = rogue.seal(1, b"no body");
        if !is_sealed {
            record.ciphertext.fill(0);
        }
        rogue.push(&mut fleet, &record);
        note(&mut fleet, 0, "written after");
        fleet.sync(0);
        assert_eq!(fleet.idle(0), Some(&Idle::UpToDate));
        assert_eq!(titles(&fleet, 0), ["written after"]);
        let command = rogue.revocation();
        assert_eq!(fleet.command(0, command), Ok(Outcome::Appended));
        let status = fleet.engine(0).status().unwrap();
        assert_eq!((fleet.idle(0), status.reseal_pages), (Some(&Idle::UpToDate), 0));
        let other = fleet.add_device(0);
        assert_eq!(titles(&fleet, other), ["written after"]);
    }
}

#[test]
fn another_device_takes_over_from_a_remover_that_fell_silent() {
    let mut fleet = Fleet::new(205);
    note(&mut fleet, 0, "shared");
    fleet.sync(0);
    let (remover, lost, other) = (fleet.add_device(0), fleet.add_device(0), fleet.add_device(0));
    fleet.sync(remover);
    let command = crate::members::revoke(&fleet, lost);
    fleet.handle(remover, roamkey_sync::Event::Command(command)).unwrap();
    while fleet.engine(remover).log().is_none_or(|log| log.active().count() == 4) {
        assert!(fleet.deliver(remover, roamkey_testkit::Deed::Deliver), "the revocation is taken");
    }
    fleet.crash(remover);
    note(&mut fleet, other, "typed meanwhile");
    fleet.sync(other);
    assert_eq!(fleet.idle(other), Some(&Idle::AwaitingRevoker));
    fleet.now = fleet.now.plus_millis(25 * 60 * 60 * 1000);
    fleet.sync(other);
    assert_eq!(fleet.idle(other), Some(&Idle::UpToDate));
    assert_eq!(fleet.engine(other).status().unwrap().reseal_pages, 0);
    fleet.sync(remover);
    assert_eq!(fleet.idle(remover), Some(&Idle::UpToDate));
    assert_eq!(titles(&fleet, remover), ["shared", "typed meanwhile"]);
}
