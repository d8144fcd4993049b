use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use roamkey_proto::{
    AccountId, Bundle, DeviceId, DeviceKeys, Entry, EntryId, EpochHeader, HeaderHash, KemPublicKey, Op, Pin,
    RecoverySlot, RequestId, RevokeReason, SUITE, SetRecovery, Time, WritePublicKey, mutant,
};

use crate::{
    Authority, CommitError, Member, Refusal, Set, Status, TrustError,
    judge::{self, Checked, Proof, Wraps},
    member::Added,
    roles::Standing,
};

/// The verified state of an account's trust log.
///
/// It holds the genesis at least. Appending costs the entry, not the log; cloning costs the
/// devices and a summary an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    account: AccountId,
    /// `entries[i]` is the entry with seq `i + 1`.
    entries: Vec<Summary>,
    members: BTreeMap<DeviceId, Member>,
    /// Every recovery authority there is or was, by its name.
    authorities: BTreeMap<DeviceId, Authority>,
    /// The requests for recovery that were answered.
    requests: BTreeSet<RequestId>,
    /// Hashes of all public keys that were ever in this log.
    keys_seen: BTreeSet<[u8; 32]>,
    min_suite: u16,
    epoch: u64,
    /// `openers[i]` answers for epoch `i + 1`.
    openers: Vec<DeviceId>,
    closing: Option<Closing>,
    /// The newest epoch's header; none only before the genesis is in, which no caller sees.
    header: Option<(HeaderHash, Arc<EpochHeader>)>,
}

/// What the log remembers of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its place.
    pub seq: u64,
    /// Its identifier.
    pub id: EntryId,
    /// Who signed it: a device, or a recovery authority.
    pub author: DeviceId,
    /// The device that answers for it: its author, or the one that came by a recovery authority, which made the entry.
    pub device: DeviceId,
    /// When the author says it was.
    pub time: Time,
    /// What it did.
    pub change: Change,
    /// The newest epoch after it.
    pub epoch: u64,
    /// The header of the epoch that it opened.
    pub header: Option<HeaderHash>,
    /// Whether devices had gone by this entry or the one before, so that its author makes the next commit.
    removes: bool,
}

/// What an entry did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// The account began, with its author as the first device.
    Founded,
    /// This device joined.
    Added(DeviceId),
    /// Devices were revoked.
    Revoked {
        /// Those who went.
        devices: Vec<DeviceId>,
        /// Those who stayed although one who went had added them.
        keep: Vec<DeviceId>,
        /// Why.
        reason: RevokeReason,
        /// The recovery slots that were emptied.
        slots: Vec<RecoverySlot>,
        /// The recovery slots that stayed although one who went had set them.
        keep_slots: Vec<RecoverySlot>,
    },
    /// The author signed itself out.
    Left,
    /// A new epoch for the same devices.
    Rotated,
    /// The author has new write and kem keys.
    Renewed,
    /// A recovery slot holds this authority from here on.
    RecoverySet {
        /// Which slot.
        slot: RecoverySlot,
        /// Its authority.
        authority: DeviceId,
    },
    /// A recovery slot is empty.
    RecoveryRemoved(RecoverySlot),
    /// The least suite rose to this.
    SuiteRaised(u16),
    /// The account is to end.
    Closing {
        /// Not before this.
        not_before: Time,
    },
    /// The account is not to end after all.
    CloseCancelled,
}

/// That an account is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The entry that says so.
    pub entry: Pin,
    /// Who asked for it.
    pub by: DeviceId,
    /// When it ends at the soonest.
    pub not_before: Time,
}

/// A removal of devices, and who must make the first commit after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The entry.
    pub entry: Pin,
    /// The device that answers for it, or who has taken over by rotating since.
    pub by: DeviceId,
    /// The seq of the entry by which that is so: the removal's own, or the rotation's.
    pub at: u64,
    /// Since when that is so, as this device says.
    pub since: Time,
}

impl Log {
    /// Verifies the bundle that starts a log.
    ///
    /// The account certifies itself: the caller compares [`account`](Self::account) with the one it expects.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn open_genesis(bundle: &Bundle) -> Result<Self, TrustError> {
        Self::start(bundle, Wraps::Excerpt, Proof::Signature)
    }

    /// As [`open_genesis`](Self::open_genesis), for a bundle as its author sends it.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn open_whole_genesis(bundle: &Bundle) -> Result<Self, TrustError> {
        Self::start(bundle, Wraps::Whole, Proof::Signature)
    }

    /// Verifies the next entry with its header and takes it; the log is unchanged on an error.
    ///
    /// The bundle may hold some of the wraps, as in a server's answers; each must be the signed one.
    ///
    /// # Errors
    /// Every variant of [`TrustError`].
    pub fn append(&mut self, bundle: &Bundle) -> Result<&Summary, TrustError> {
        self.admit(bundle, Wraps::Excerpt, Proof::Signature)
    }

    /// As [`append`](Self::append), for a bundle as its author sends it: with a wrap for each recipient.
    ///
    /// # Errors
    /// Every variant of [`TrustError`].
    pub fn append_whole(&mut self, bundle: &Bundle) -> Result<&Summary, TrustError> {
        self.admit(bundle, Wraps::Whole, Proof::Signature)
    }

    /// Verifies a log from its genesis on.
    ///
    /// # Errors
    /// As [`append`](Self::append); no bundles at all are [`Refusal::NoGenesis`].
    pub fn replay<'a>(bundles: impl IntoIterator<Item = &'a Bundle>) -> Result<Self, TrustError> {
        Self::load(bundles, Proof::Signature)
    }

    /// Loads a log that was verified before and that ends at `pin`, without verifying its signatures again.
    ///
    /// The hash chain makes this safe: entries that lead to the pinned identifier are the verified ones, byte
    /// for byte. All other rules are judged anew. The pin must come from where no adversary writes.
    ///
    /// # Errors
    /// As [`append`](Self::append); [`TrustError::Conflict`] when the bundles do not end at the pin.
    pub fn resume<'a>(bundles: impl IntoIterator<Item = &'a Bundle>, pin: &Pin) -> Result<Self, TrustError> {
        let log = Self::load(bundles, Proof::PinnedLater)?;
        if log.head() == *pin { Ok(log) } else { Err(TrustError::Conflict { seq: pin.seq }) }
    }

    /// Returns the account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Returns the newest entry.
    #[must_use]
    pub fn head(&self) -> Pin {
        self.entries.last().map_or(Pin::log(0, EntryId::NONE), |entry| Pin::log(entry.seq, entry.id))
    }

    /// Returns the entry at a place.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<&Summary> {
        self.entries.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// Returns all entries, from the genesis on.
    #[must_use]
    pub fn entries(&self) -> &[Summary] {
        &self.entries
    }

    /// Tells whether the log has this very entry at this place.
    #[must_use]
    pub fn extends(&self, pin: &Pin) -> bool {
        self.entry(pin.seq).is_some_and(|entry| *entry.id.as_bytes() == pin.id)
    }

    /// Returns the number of the newest epoch.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the newest epoch's header.
    #[must_use]
    pub fn header(&self) -> &EpochHeader {
        self.header.as_ref().map(|(_, header)| header.as_ref()).expect("a genesis opens an epoch")
    }

    /// Returns the hash of the newest epoch's header.
    #[must_use]
    pub fn header_hash(&self) -> HeaderHash {
        self.header.as_ref().map(|(hash, _)| *hash).expect("a genesis opens an epoch")
    }

    /// Returns the least suite that may be used.
    #[must_use]
    pub fn min_suite(&self) -> u16 {
        self.min_suite
    }

    /// Tells whether there is a suite beyond the least one to raise it to.
    #[must_use]
    pub fn may_raise_suite(&self) -> bool {
        judge::SUITES.iter().any(|suite| *suite > self.min_suite)
    }

    /// Tells whether a device has left since the newest epoch opened: the next entry must open one, and nobody
    /// commits before it ([`CommitError::EpochOwed`]). Any remaining device may rotate.
    #[must_use]
    pub fn owes_epoch(&self) -> bool {
        self.entries.last().is_some_and(Summary::leaves_epoch_owed)
    }

    /// Returns whether the account is to end: until it is called off, or the device that asked for it is revoked.
    #[must_use]
    pub fn closing(&self) -> Option<&Closing> {
        self.closing.as_ref()
    }

    /// Returns the device that answers for an epoch: who opened it, or came with it by a recovery authority.
    #[must_use]
    pub fn opener_of(&self, epoch: u64) -> Option<DeviceId> {
        self.openers.get(usize::try_from(epoch.checked_sub(1)?).ok()?).copied()
    }

    /// Returns every device that is or was of the account.
    #[must_use]
    pub fn members(&self) -> &BTreeMap<DeviceId, Member> {
        &self.members
    }

    /// Returns a device that is or was of the account.
    #[must_use]
    pub fn member(&self, device: DeviceId) -> Option<&Member> {
        self.members.get(&device)
    }

    /// Returns a device if it is active.
    #[must_use]
    pub fn active_member(&self, device: DeviceId) -> Option<&Member> {
        self.member(device).filter(|member| member.is_active())
    }

    /// Returns the active devices, ascending.
    pub fn active(&self) -> impl Iterator<Item = (DeviceId, &Member)> {
        self.members.iter().filter(|(_, member)| member.is_active()).map(|(id, member)| (*id, member))
    }

    /// Returns who must get the key of an epoch, ascending: the active devices, the recovery authorities, and no one else.
    #[must_use]
    pub fn recipients(&self) -> BTreeMap<DeviceId, KemPublicKey> {
        let devices = self.active().map(|(id, member)| (id, member.keys().kem.clone()));
        devices.chain(self.recovery().map(|(id, authority)| (id, authority.keys().kem.clone()))).collect()
    }

    /// Returns the recovery authorities, ascending by name.
    pub fn recovery(&self) -> impl Iterator<Item = (DeviceId, &Authority)> {
        self.authorities.iter().filter(|(_, authority)| authority.is_live()).map(|(id, authority)| (*id, authority))
    }

    /// Returns what a recovery slot holds.
    #[must_use]
    pub fn recovery_slot(&self, slot: RecoverySlot) -> Option<(DeviceId, &Authority)> {
        self.recovery().find(|(_, authority)| authority.slot() == slot)
    }

    /// Returns a recovery authority that is or was of the account.
    #[must_use]
    pub fn authority(&self, id: DeviceId) -> Option<&Authority> {
        self.authorities.get(&id)
    }

    /// Returns the active devices that these, or the authorities in these slots, had added, transitively, and that are not
    /// among them: a revocation of `devices` and `slots` names each of them too, or keeps it.
    #[must_use]
    pub fn added_through(&self, devices: &BTreeSet<DeviceId>, slots: &BTreeSet<RecoverySlot>) -> BTreeSet<DeviceId> {
        let reached = self.reached_from(devices, slots);
        reached.into_iter().filter(|id| !devices.contains(id) && self.active_member(*id).is_some()).collect()
    }

    /// Returns the recovery slots whose authority these had set, transitively, and that are not among `slots`: a
    /// revocation names or keeps each of them likewise.
    #[must_use]
    pub fn set_through(&self, devices: &BTreeSet<DeviceId>, slots: &BTreeSet<RecoverySlot>) -> BTreeSet<RecoverySlot> {
        let reached = self.reached_from(devices, slots);
        let set = self.recovery().filter(|(id, _)| reached.contains(id)).map(|(_, authority)| authority.slot());
        set.filter(|slot| !slots.contains(slot)).collect()
    }

    /// Returns these, and every device and authority that came through them, gone or not.
    fn reached_from(&self, devices: &BTreeSet<DeviceId>, slots: &BTreeSet<RecoverySlot>) -> BTreeSet<DeviceId> {
        let mut reached = devices.clone();
        reached.extend(self.recovery().filter(|(_, authority)| slots.contains(&authority.slot())).map(|(id, _)| id));
        let members = self.members.iter().map(|(id, member)| (member.added().seq, id, member.added().by));
        let authorities = self.authorities.iter().map(|(id, authority)| (authority.set().seq, id, authority.set().by));
        let mut by_age: Vec<_> = members.chain(authorities).collect();
        // Who adds or sets is older than what is added or set, so that one pass in order of age reaches all.
        by_age.sort_by_key(|(seq, ..)| *seq);
        for (_, id, by) in by_age {
            if reached.contains(&by) {
                reached.insert(*id);
            }
        }
        reached
    }

    /// Returns the key by which a commit must be signed whose author stands at `pin`.
    ///
    /// # Errors
    /// [`CommitError::LogAhead`], [`CommitError::ForeignLog`], [`CommitError::NotAMember`].
    pub fn may_write(&self, author: DeviceId, pin: &Pin) -> Result<&WritePublicKey, CommitError> {
        if pin.seq > self.head().seq {
            return Err(CommitError::LogAhead { seq: pin.seq });
        }
        if !self.extends(pin) {
            return Err(CommitError::ForeignLog);
        }
        let member = self.member(author);
        mutant!("commit.author-is-active" => return member.map(|member| &member.keys().write).ok_or(CommitError::NotAMember));
        member.and_then(|member| member.write_key_at(pin.seq)).ok_or(CommitError::NotAMember)
    }

    /// Returns the newest removal of devices after entry `after` and up to entry `upto`.
    ///
    /// The first commit whose author knows of it is by [`Removal::by`]: that fixes which commits of the devices that
    /// went count. A device's own leaving is completed by the next entry, whose author takes this duty. Whoever
    /// rotates after that takes the duty over, so that one device that falls silent does not stop the others.
    #[must_use]
    pub fn removal_between(&self, after: u64, upto: u64) -> Option<Removal> {
        let upto = usize::try_from(upto).unwrap_or(usize::MAX).min(self.entries.len());
        let mut rotation = None;
        for entry in self.entries.get(..upto)?.iter().rev().take_while(|entry| entry.seq > after) {
            if entry.removes {
                let Summary { device: by, time: since, seq: at, .. } = *rotation.unwrap_or(entry);
                return Some(Removal { entry: Pin::log(entry.seq, entry.id), by, at, since });
            }
            if entry.change == Change::Rotated {
                rotation = rotation.or(Some(entry));
            }
        }
        None
    }

    fn load<'a>(bundles: impl IntoIterator<Item = &'a Bundle>, proof: Proof) -> Result<Self, TrustError> {
        let mut bundles = bundles.into_iter();
        let genesis = bundles.next().ok_or(Refusal::NoGenesis)?;
        let mut log = Self::start(genesis, Wraps::Excerpt, proof)?;
        for bundle in bundles {
            log.admit(bundle, Wraps::Excerpt, proof)?;
        }
        Ok(log)
    }

    fn start(genesis: &Bundle, wraps: Wraps, proof: Proof) -> Result<Self, TrustError> {
        let mut log = Self::empty(judge::read(&genesis.entry)?.account());
        log.admit(genesis, wraps, proof)?;
        Ok(log)
    }

    pub(crate) fn empty(account: AccountId) -> Self {
        Self {
            account,
            entries: Vec::new(),
            members: BTreeMap::new(),
            authorities: BTreeMap::new(),
            requests: BTreeSet::new(),
            keys_seen: BTreeSet::new(),
            min_suite: SUITE,
            epoch: 0,
            openers: Vec::new(),
            closing: None,
            header: None,
        }
    }

    fn admit(&mut self, bundle: &Bundle, wraps: Wraps, proof: Proof) -> Result<&Summary, TrustError> {
        let checked = judge::bundle(self, bundle, wraps, proof)?;
        self.apply(checked);
        Ok(self.entries.last().expect("an entry was just applied"))
    }

    /// Applies an entry that was judged; nothing can fail from here on.
    fn apply(&mut self, Checked { id, entry, header }: Checked) {
        let removes = self.owes_epoch() || matches!(entry.op, Op::RevokeDevices(_));
        let change = self.apply_op(&entry, id);
        // An authority cannot commit, nor be revoked: the device that came by it made the entry, and answers for it.
        let device = match change {
            Change::Added(device) if self.authorities.contains_key(&entry.author) => device,
            _ => entry.author,
        };
        if let Some(header) = header {
            self.epoch = header.1.epoch;
            self.openers.push(device);
            self.header = Some((header.0, Arc::new(header.1)));
        }
        self.min_suite = entry.min_suite;
        self.entries.push(Summary {
            seq: entry.seq,
            id,
            author: entry.author,
            device,
            time: entry.time,
            change,
            epoch: self.epoch,
            header: entry.epoch,
            removes,
        });
    }

    fn apply_op(&mut self, entry: &Entry, id: EntryId) -> Change {
        let Entry { seq, author, time, .. } = *entry;
        match &entry.op {
            Op::Genesis(op) => {
                self.enrol(author, op.device.clone(), Added { seq, by: author, time, via: None });
                Change::Founded
            }
            Op::AddDevice(op) => {
                let device = op.device.device_id();
                self.requests.extend(op.request);
                self.enrol(device, op.device.clone(), Added { seq, by: author, time, via: Some(op.via) });
                Change::Added(device)
            }
            Op::RevokeDevices(op) => {
                for device in &op.devices {
                    self.end(*device, Status::Revoked { at: seq, by: author, reason: op.reason });
                }
                op.slots.iter().for_each(|slot| self.empty_slot(*slot, seq));
                // What a thief asked for goes with its device.
                self.closing = self.closing.filter(|closing| !op.devices.contains(&closing.by));
                Change::Revoked {
                    devices: op.devices.clone(),
                    keep: op.keep.clone(),
                    reason: op.reason,
                    slots: op.slots.clone(),
                    keep_slots: op.keep_slots.clone(),
                }
            }
            Op::SetRecovery(op) => self.set_recovery(op, Set { seq, by: author, time }),
            Op::Leave => {
                self.end(author, Status::Left { at: seq });
                Change::Left
            }
            Op::RenewKeys(op) => {
                if let Some(member) = self.members.get_mut(&author) {
                    let identity = member.keys().identity.clone();
                    let keys = DeviceKeys { identity, write: op.write.clone(), kem: op.kem.clone() };
                    self.keys_seen.extend(judge::fingerprints(&keys));
                    member.renew(seq, keys);
                }
                Change::Renewed
            }
            Op::SetMinSuite => Change::SuiteRaised(entry.min_suite),
            Op::Close(op) => {
                self.closing = Some(Closing { entry: Pin::log(seq, id), by: author, not_before: op.not_before });
                Change::Closing { not_before: op.not_before }
            }
            Op::CancelClose => {
                self.closing = None;
                Change::CloseCancelled
            }
            // What this version does not know never gets past judgement.
            _ => Change::Rotated,
        }
    }

    fn set_recovery(&mut self, op: &SetRecovery, set: Set) -> Change {
        self.empty_slot(op.slot, set.seq);
        let Some(keys) = &op.keys else { return Change::RecoveryRemoved(op.slot) };
        let authority = keys.member_id(op.slot);
        self.keys_seen.extend(judge::authority_fingerprints(keys));
        self.authorities.insert(authority, Authority::new(op.slot, keys.clone(), op.policy.clone(), set));
        Change::RecoverySet { slot: op.slot, authority }
    }

    fn empty_slot(&mut self, slot: RecoverySlot, at: u64) {
        let held = self.authorities.values_mut().filter(|authority| authority.slot() == slot);
        held.for_each(|authority| authority.end(at));
    }

    fn enrol(&mut self, device: DeviceId, keys: DeviceKeys, added: Added) {
        self.keys_seen.extend(judge::fingerprints(&keys));
        self.members.insert(device, Member::new(keys, added));
    }

    fn end(&mut self, device: DeviceId, status: Status) {
        if let Some(member) = self.members.get_mut(&device) {
            member.end(status);
        }
    }

    /// Stands for a log of as many entries as there may be: making them would take minutes.
    #[cfg(test)]
    pub(crate) fn pretend_full(&mut self) {
        let head = self.entries.last().cloned().expect("a genesis");
        let seqs = head.seq + 1..=roamkey_proto::limits::LOG_ENTRIES;
        self.entries.extend(seqs.map(|seq| Summary { seq, ..head.clone() }));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn has_seen_key(&self, fingerprint: &[u8; 32]) -> bool {
        self.keys_seen.contains(fingerprint)
    }

    pub(crate) fn has_answered(&self, request: &RequestId) -> bool {
        self.requests.contains(request)
    }

    pub(crate) fn standing(&self, author: DeviceId) -> Standing {
        if self.is_empty() {
            return Standing::Founder;
        }
        match self.authority(author).map(Authority::is_live) {
            Some(true) => return Standing::Authority,
            Some(false) => return Standing::AuthorityGone,
            None => {}
        }
        match self.member(author).map(Member::status) {
            Some(Status::Active) if self.owes_epoch() => Standing::MemberOwingEpoch,
            Some(Status::Active) => Standing::Member,
            Some(Status::Left { .. }) => Standing::Left,
            Some(Status::Revoked { .. }) => Standing::Revoked,
            None => Standing::Stranger,
        }
    }
}

impl Summary {
    pub(crate) fn leaves_epoch_owed(&self) -> bool {
        self.change == Change::Left
    }
}

#[cfg(test)]
mod tests;
