//! Devices and logs for tests: deterministic, and free to break each rule by itself.

use roamkey_proto::{
    AddDevice, Bundle, Commit, DeviceId, DeviceKeys, Entry, EntryId, EntryWrap, EpochHeader, Genesis, KemPublicKey,
    Label, MerkleRoot, Op, Pin, Recipient, RecoveryKeys, RecoveryPolicy, RecoverySlot, RenewKeys, RequestId,
    RevokeDevices, RevokeReason, SetRecovery, ShareCommitment, Time, VERSION, Via, cbor,
};

use crate::{Draft, IdentityKey, Log, SignIdentity, SignWrite, WriteKey, judge, possession, possession::Place, sign1};

pub(crate) const NOW: Time = Time(1_800_000_000_000);

/// A device with keys made from a number.
pub(crate) struct Device {
    pub(crate) identity: IdentityKey,
    pub(crate) write: WriteKey,
    pub(crate) keys: DeviceKeys,
    pub(crate) id: DeviceId,
}

impl Device {
    pub(crate) fn new(number: u8) -> Self {
        let identity = IdentityKey::from_bytes(&seed(b'i', number)).expect("a scalar of the group");
        let write = WriteKey::from_bytes(&seed(b'w', number));
        let keys = DeviceKeys { identity: identity.public(), write: write.public(), kem: kem(number) };
        Self { identity, write, id: keys.device_id(), keys }
    }

    /// The same device once it has renewed its keys.
    pub(crate) fn renewed(&self, number: u8) -> Self {
        let identity = IdentityKey::from_bytes(&self.identity.expose_bytes()).expect("its own bytes");
        let Self { write, keys, .. } = Self::new(number);
        Self { keys: DeviceKeys { identity: identity.public(), ..keys }, identity, write, id: self.id }
    }

    /// The operation with which a newcomer enters after the log's head.
    pub(crate) fn joins(&self, log: &Log) -> Op {
        let place = Place { account: log.account(), prev: EntryId::new(log.head().id), device: self.id };
        let possession = possession::sign(&place, &self.keys, &self.identity, &self.write);
        Op::AddDevice(AddDevice { device: self.keys.clone(), possession, via: Via::Pairing, request: None })
    }

    /// The operation with which this device, renewed already, tells so.
    pub(crate) fn renews(&self, log: &Log) -> Op {
        let place = Place { account: log.account(), prev: EntryId::new(log.head().id), device: self.id };
        let possession = possession::sign(&place, &self.keys, &self.identity, &self.write);
        Op::RenewKeys(RenewKeys { write: self.keys.write.clone(), kem: self.keys.kem.clone(), possession })
    }

    pub(crate) fn genesis(&self) -> Op {
        Op::Genesis(Genesis { device: self.keys.clone(), salt: [7; 32] })
    }
}

/// A log by device 1.
pub(crate) fn founded() -> (Log, Bundle, Device) {
    let founder = Device::new(1);
    let bundle = genesis(&founder);
    (Log::open_whole_genesis(&bundle).expect("an honest genesis"), bundle, founder)
}

/// A log by device 1 that has added devices 2 and up.
pub(crate) fn fleet<const N: usize>() -> (Log, [Device; N]) {
    let (mut log, _, founder) = founded();
    let devices = std::array::from_fn(|i| Device::new(u8::try_from(i + 1).expect("few devices")));
    for device in devices.iter().skip(1) {
        extend(device.joins(&log), &mut log, &founder);
    }
    (log, devices)
}

pub(crate) fn genesis(founder: &Device) -> Bundle {
    let Op::Genesis(op) = founder.genesis() else { unreachable!("it is one") };
    let draft = Draft::genesis(op, NOW).expect("honest keys");
    let epoch = draft.next_epoch().map(|next| {
        let header = header(&Log::empty(next.account), draft.entry());
        (cbor::encode(&header), wraps(&header))
    });
    draft.finish(epoch, &founder.identity)
}

/// An honest bundle: drafted, judged, signed.
pub(crate) fn honest(log: &Log, op: Op, author: &Device) -> Bundle {
    let draft = log.draft(op, author.id, NOW.plus_millis(log.head().seq)).expect("an honest operation");
    let epoch = epoch(log, &draft);
    draft.finish(epoch, &author.identity)
}

/// As [`honest`], by a recovery authority.
pub(crate) fn honest_recovery(log: &Log, op: Op, author: &Kit) -> Bundle {
    let draft = log.draft(op, author.id, NOW.plus_millis(log.head().seq)).expect("an honest operation");
    let epoch = epoch(log, &draft);
    draft.finish_recovery(epoch, &author.sign)
}

fn epoch(log: &Log, draft: &Draft) -> Option<(Vec<u8>, Vec<EntryWrap>)> {
    draft.next_epoch().map(|next| {
        let header = header(log, draft.entry());
        assert!(header.recipients.iter().map(|recipient| recipient.device).eq(next.recipients.keys().copied()));
        (cbor::encode(&header), wraps(&header))
    })
}

/// Takes a device in by a recovery authority.
pub(crate) fn recover(op: Op, log: &mut Log, author: &Kit) -> Bundle {
    let bundle = honest_recovery(log, op, author);
    log.append_whole(&bundle).expect("an honest bundle");
    bundle
}

pub(crate) fn extend(op: Op, log: &mut Log, author: &Device) -> Bundle {
    let bundle = honest(log, op, author);
    log.append_whole(&bundle).expect("an honest bundle");
    bundle
}

pub(crate) fn revoke(devices: &[DeviceId], keep: &[DeviceId]) -> Op {
    let sorted = |list: &[DeviceId]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    Op::RevokeDevices(RevokeDevices {
        devices: sorted(devices),
        keep: sorted(keep),
        reason: RevokeReason::Lost,
        slots: Vec::new(),
        keep_slots: Vec::new(),
    })
}

/// A revocation that names or keeps recovery slots as well.
pub(crate) fn revoke_with(
    devices: &[DeviceId],
    keep: &[DeviceId],
    slots: &[RecoverySlot],
    keep_slots: &[RecoverySlot],
) -> Op {
    let Op::RevokeDevices(op) = revoke(devices, keep) else { unreachable!("it is one") };
    Op::RevokeDevices(RevokeDevices { slots: slots.to_vec(), keep_slots: keep_slots.to_vec(), ..op })
}

/// A recovery authority with keys made from a number.
pub(crate) struct Kit {
    pub(crate) sign: WriteKey,
    pub(crate) keys: RecoveryKeys,
    pub(crate) slot: RecoverySlot,
    pub(crate) id: DeviceId,
}

impl Kit {
    pub(crate) fn new(slot: RecoverySlot, number: u8) -> Self {
        let sign = WriteKey::from_bytes(&seed(b'r', number));
        let keys = RecoveryKeys { sign: sign.public(), kem: kem(0x80 | number) };
        Self { id: keys.member_id(slot), sign, keys, slot }
    }

    /// The operation that sets it.
    pub(crate) fn set(&self) -> Op {
        let policy = self.slot.needs_request().then(|| RecoveryPolicy {
            wait_ms: 86_400_000,
            threshold: 2,
            shares: (1..=3).map(|number| ShareCommitment::new([number; 32])).collect(),
        });
        Op::SetRecovery(SetRecovery { slot: self.slot, keys: Some(self.keys.clone()), policy })
    }

    /// The operation by which a device comes back.
    pub(crate) fn lets_in(&self, device: &Device, log: &Log, request: Option<u8>) -> Op {
        let Op::AddDevice(op) = device.joins(log) else { unreachable!("it is one") };
        let request = request.map(|number| RequestId::new([number; 32]));
        Op::AddDevice(AddDevice { via: Via::Recovery, request, ..op })
    }
}

/// Empties a recovery slot.
pub(crate) fn unset(slot: RecoverySlot) -> Op {
    Op::SetRecovery(SetRecovery { slot, keys: None, policy: None })
}

/// A bundle that nobody judged: an entry and its header, each bent before it is signed.
pub(crate) fn forge(
    log: &Log,
    op: Op,
    author: &Device,
    bend_entry: impl FnOnce(&mut Entry),
    bend_header: impl FnOnce(&mut EpochHeader),
) -> Bundle {
    let mut entry = unjudged(log, op, author.id);
    let header = bound(log, &mut entry, bend_header);
    bend_entry(&mut entry);
    let signed = sign1::sign_by_identity(Label::Entry, entry.author, cbor::encode(&entry), &author.identity);
    unjudged_bundle(signed, header)
}

/// As [`forge`], by a recovery authority.
pub(crate) fn forge_recovery(log: &Log, op: Op, author: &Kit) -> Bundle {
    let mut entry = unjudged(log, op, author.id);
    let header = bound(log, &mut entry, |_| {});
    let signed = sign1::sign_by_write(Label::Entry, *author.id.as_bytes(), cbor::encode(&entry), &author.sign);
    unjudged_bundle(signed, header)
}

fn unjudged(log: &Log, op: Op, author: DeviceId) -> Entry {
    let head = log.head();
    Entry {
        version: VERSION,
        account: log.account(),
        seq: head.seq + 1,
        prev: EntryId::new(head.id),
        author,
        time: NOW,
        min_suite: log.min_suite(),
        op,
        epoch: None,
    }
}

fn bound(log: &Log, entry: &mut Entry, bend: impl FnOnce(&mut EpochHeader)) -> Option<EpochHeader> {
    let header = entry.op.opens_epoch().then(|| {
        let mut header = header(log, entry);
        bend(&mut header);
        header
    });
    entry.epoch = header.as_ref().map(cbor::encode).as_deref().map(EpochHeader::hash_of);
    header
}

fn unjudged_bundle(entry: Vec<u8>, header: Option<EpochHeader>) -> Bundle {
    let wraps = header.as_ref().map(wraps).unwrap_or_default();
    Bundle { entry, header: header.as_ref().map(cbor::encode), wraps }
}

/// A commit that stands at the log's head.
pub(crate) fn commit(log: &Log, author: &Device, seq: u64, prev: roamkey_proto::CommitId) -> Commit {
    Commit {
        version: VERSION,
        account: log.account(),
        seq,
        prev,
        author: author.id,
        time: NOW,
        log: log.head(),
        epoch: log.epoch(),
        root: MerkleRoot::EMPTY,
        count: 0,
        changed: Vec::new(),
    }
}

pub(crate) fn pin(log: &Log, seq: u64) -> Pin {
    log.entry(seq).map(|entry| Pin::log(entry.seq, entry.id)).expect("an entry of the log")
}

fn header(log: &Log, entry: &Entry) -> EpochHeader {
    let first = log.is_empty();
    let epoch = log.epoch() + 1;
    let recipients = judge::recipients_after(log, entry)
        .into_keys()
        .map(|device| Recipient { device, wrap: Recipient::hash_of(&wrap(device, epoch)) })
        .collect();
    EpochHeader {
        version: VERSION,
        account: entry.account,
        epoch,
        seq: entry.seq,
        prev: entry.prev,
        commitment: [9; 32],
        previous: (!first).then(|| vec![8; 48]),
        tie: (!first).then(|| vec![6; 32]),
        recipients,
        base: None,
    }
}

fn wraps(header: &EpochHeader) -> Vec<EntryWrap> {
    let each = header.recipients.iter();
    each.map(|Recipient { device, .. }| EntryWrap { recipient: *device, wrap: wrap(*device, header.epoch) }).collect()
}

/// Stands for a wrapped key: this crate opens none.
fn wrap(device: DeviceId, epoch: u64) -> Vec<u8> {
    [device.as_bytes().as_slice(), &epoch.to_be_bytes()].concat()
}

fn kem(number: u8) -> KemPublicKey {
    KemPublicKey::new([number; KemPublicKey::LEN])
}

fn seed(kind: u8, number: u8) -> [u8; 32] {
    let mut seed = [kind; 32];
    seed[31] = number;
    seed
}
