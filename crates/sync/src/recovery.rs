//! Coming back by a recovery authority: what is checked, in which order, before anything is signed (protocol section 9,
//! `spec/recovery.md`).
//!
//! A [`Recovery`] asks the server, a request at a time, and believes it for nothing that the kit or the signed chains do not
//! say. What it found out is a [`Survey`], for the person to look at; only then it makes the one entry that lets the new
//! device in.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use roamkey_proto::{
    AccountId, AddDevice, Bundle, Chain, DeviceId, EntryId, EpochHeader, Heartbeat, Nonce, Op, Pin, ReceiptKey,
    SessionProof, Time, VERSION, Via,
    api::{Accepted, Heads, Heartbeats, LogPage, PullPage, PullRequest, SignedHeartbeat},
    cbor, limits, mutant,
};
use roamkey_sealing::{
    DeviceSecrets,
    epoch::{self, EpochPlace},
    recovery::{AuthorityKeys, Kit},
};
use roamkey_trust::{
    CommitError, Log, TrustError,
    commit::{self, Verified},
    heartbeat,
    possession::{self, Place},
    receipt, session,
};

use crate::{
    Call, Invitation, Joining, Pins, Request,
    engine::{Epochs, Held, Unwrapped, entry_of, header_of, unwrap_newest},
};

/// A recovery on its way: whom it acts for, and what the server has shown so far.
pub struct Recovery {
    account: AccountId,
    receipt_key: ReceiptKey,
    keys: AuthorityKeys,
    id: DeviceId,
    /// Where the account was when the kit was made.
    pinned: Pins,
    step: Step,
    heads: Pins,
    bundles: Vec<Bundle>,
    log: Option<Log>,
    epochs: Epochs,
    last: Option<Verified>,
    contacts: BTreeMap<DeviceId, Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Heads,
    Log,
    Commit,
    Heartbeats,
    Done,
}

/// What a recovering device knows before it signs: for the person to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The account.
    pub account: AccountId,
    /// When its authority was set.
    pub set: Time,
    /// Which device wrote last, and when it says it did; none where nothing was written yet.
    pub last_change: Option<(DeviceId, Time)>,
    /// The devices that can read, in the order in which they joined.
    pub devices: Vec<SurveyedDevice>,
    /// A device that removed others and has not written since: what those who stayed wrote after that may be missing.
    pub unfinished: Option<DeviceId>,
}

/// A device of the account that is recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SurveyedDevice {
    /// Which.
    pub id: DeviceId,
    /// When it joined.
    pub added: Time,
    /// When it last said where it is, or wrote.
    pub last_contact: Option<Time>,
}

/// The entry that lets the new device in, and what that device starts from.
#[derive(Debug)]
pub struct Admission {
    /// What the new device starts from: keep it before the entry is sent.
    pub joining: Joining,
    /// What is sent.
    pub entry: AdmittingEntry,
}

/// The entry that lets the new device in.
#[derive(Clone, Debug)]
pub struct AdmittingEntry {
    /// The encoded bundle: sent again byte for byte until there is an answer.
    pub bundle: Vec<u8>,
    /// Where the account was when the kit was made: a [`Witness`](crate::Event::Witness) of what the chains must lead through.
    pub witness: Pins,
    pin: Pin,
    account: AccountId,
    receipt_key: ReceiptKey,
}

/// Why a recovery stops. Nothing was signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// The answer is not one, or none that was asked for.
    #[error("the server's answer is malformed")]
    Malformed,
    /// What is there was made by a newer version: update.
    #[error("the account was written to by a newer version; update")]
    UpdateNeeded,
    /// It is another server than the one of the kit, or an impostor.
    #[error("this is not the server that the kit names")]
    ForeignServer,
    /// The server shows less than there was when the kit was made.
    #[error("the server shows an older history than the kit knows ({chain:?}: {shown} instead of {pinned})")]
    RolledBack {
        /// Of which chain.
        chain: Chain,
        /// Where it was.
        pinned: u64,
        /// Where it is said to be.
        shown: u64,
    },
    /// The server shows another history than the one that the kit is of.
    #[error("the server shows another history than the kit's ({chain:?})")]
    Forked {
        /// Of which chain.
        chain: Chain,
    },
    /// A device has signed that it knows more than the server shows.
    #[error("the server withholds what a device has seen")]
    Withheld,
    /// The log is that of another account.
    #[error("the server shows the log of another account")]
    OtherAccount,
    /// The log does not verify.
    #[error("the log does not verify: {0}")]
    Log(TrustError),
    /// The newest commit does not verify.
    #[error("the newest commit does not verify: {0}")]
    Commit(CommitError),
    /// The kit was replaced or removed: find the newer one.
    #[error("this kit was replaced or removed")]
    Replaced {
        /// When, as whoever did it says.
        at: Option<Time>,
    },
    /// No entry ever set this kit.
    #[error("the account has no such kit")]
    NotSet,
    /// The newest epoch does not open: a device keeps everyone else out.
    #[error("a device has shut everyone else out of the account")]
    ShutOut,
    /// Something was asked out of order: a fault of ours.
    #[error("a step of the recovery came out of order")]
    OutOfOrder,
}

impl Recovery {
    /// Begins to recover by a kit.
    #[must_use]
    pub fn by_kit(kit: &Kit) -> Self {
        let keys = kit.derive_authority();
        let nothing = |log, vault| Pins { log, vault, log_receipt: None, vault_receipt: None };
        Self {
            account: kit.account,
            receipt_key: kit.receipt_key,
            id: keys.id(),
            keys,
            pinned: nothing(kit.log, kit.vault),
            step: Step::Heads,
            heads: nothing(Pin::START, Pin::START),
            bundles: Vec::new(),
            log: None,
            epochs: Epochs::default(),
            last: None,
            contacts: BTreeMap::new(),
        }
    }

    /// Returns the account and the authority, to ask the server for a challenge by.
    #[must_use]
    pub fn identity(&self) -> (AccountId, DeviceId) {
        (self.account, self.id)
    }

    /// Signs what the server drew, to open a session at this origin.
    #[must_use]
    pub fn session_proof(&self, origin: &str, challenge: Nonce) -> Vec<u8> {
        let origin = origin.to_owned();
        let proof = SessionProof { version: VERSION, origin, account: self.account, member: self.id, challenge };
        session::sign(&proof, &self.keys.sign)
    }

    /// Returns the next question to the server; none once all is known.
    #[must_use]
    pub fn next_request(&self) -> Option<Request> {
        let call = match self.step {
            Step::Heads => Call::Heads,
            Step::Log => Call::Log { since: self.bundles.len() as u64 },
            Step::Commit => Call::Pull(PullRequest {
                target: self.heads.vault,
                commits_after: self.heads.vault.seq.saturating_sub(1),
                records_after: self.heads.vault.seq,
                cursor: None,
            }),
            Step::Heartbeats => Call::Heartbeats,
            Step::Done => return None,
        };
        Some(Request { account: self.account, call })
    }

    /// Takes the answer to the last question.
    ///
    /// # Errors
    /// See [`RecoveryError`]: it is over.
    pub fn answered(&mut self, body: &[u8]) -> Result<(), RecoveryError> {
        self.step = match self.step {
            Step::Heads => self.take_heads(&read(body)?)?,
            Step::Log => self.take_log(read(body)?)?,
            Step::Commit => self.take_commit(&read(body)?)?,
            Step::Heartbeats => self.take_heartbeats(&read(body)?)?,
            Step::Done => return Err(RecoveryError::OutOfOrder),
        };
        Ok(())
    }

    /// Returns what a person looks at before anything is signed; none before all is known.
    #[must_use]
    pub fn survey(&self) -> Option<Survey> {
        let log = self.log.as_ref().filter(|_| self.step == Step::Done)?;
        let last = self.last.as_ref().map(|last| &last.commit);
        let mut members: Vec<_> = log.active().collect();
        members.sort_by_key(|(_, member)| member.added().seq);
        let device = |(id, member): (DeviceId, &roamkey_trust::Member)| SurveyedDevice {
            id,
            added: member.added().time,
            last_contact: self.contacts.get(&id).copied(),
        };
        let stood = last.map_or(0, |last| last.log.seq);
        Some(Survey {
            account: self.account,
            set: log.authority(self.id)?.set().time,
            last_change: last.map(|last| (last.author, last.time)),
            devices: members.into_iter().map(device).collect(),
            unfinished: log.removal_between(stood, log.head().seq).map(|removal| removal.by),
        })
    }

    /// Makes the entry that lets a new device in, with the epoch that it opens. The person has looked at the survey.
    ///
    /// # Errors
    /// [`RecoveryError::OutOfOrder`]; [`RecoveryError::Log`] when the log takes no more devices, and
    /// [`RecoveryError::ShutOut`] when a member's key is none, so that nobody can make an epoch.
    pub fn admit(
        &self,
        secrets: DeviceSecrets,
        now: Time,
        rng: &mut impl CryptoRng,
    ) -> Result<Admission, RecoveryError> {
        let log = self.log.as_ref().filter(|_| self.step == Step::Done).ok_or(RecoveryError::OutOfOrder)?;
        let device = secrets.public();
        let place = Place { account: self.account, prev: EntryId::new(log.head().id), device: device.device_id() };
        let possession = possession::sign(&place, &device, &secrets.identity, &secrets.write);
        let op = Op::AddDevice(AddDevice { device, possession, via: Via::Recovery, request: None });
        let draft = log.draft(op, self.id, now).map_err(RecoveryError::Log)?;
        let next = draft.next_epoch().ok_or(RecoveryError::OutOfOrder)?;
        let place = EpochPlace {
            account: next.account,
            epoch: next.epoch,
            seq: next.seq,
            prev: next.prev,
            author: next.author,
        };
        let recipients: Vec<_> = next.recipients.iter().map(|(id, kem)| (*id, kem)).collect();
        let epoch = epoch::make(rng, &place, &recipients, self.epochs.newest()).map_err(|_| RecoveryError::ShutOut)?;
        let bundle = draft.finish_recovery(Some((epoch.header, epoch.wraps)), &self.keys.sign);
        let mut after = log.clone();
        after.append_whole(&bundle).map_err(RecoveryError::Log)?;
        let without_wraps = self.bundles.iter().map(|bundle| Bundle { wraps: Vec::new(), ..bundle.clone() }).collect();
        let invitation = Invitation { log: without_wraps, pins: self.heads.clone(), receipt_key: self.receipt_key };
        let entry = AdmittingEntry {
            bundle: cbor::encode(&bundle),
            witness: self.pinned.clone(),
            pin: after.head(),
            account: self.account,
            receipt_key: self.receipt_key,
        };
        Ok(Admission { joining: Joining { secrets, invitation }, entry })
    }

    /// The receipts are by the key that the kit names, for this account, and not behind where it was then.
    fn take_heads(&mut self, heads: &Heads) -> Result<Step, RecoveryError> {
        let log = self.read_receipt(Chain::Log, &heads.log)?;
        let vault = heads.vault.as_ref().map(|bytes| self.read_receipt(Chain::Vault, bytes)).transpose()?;
        self.heads = Pins {
            log,
            vault: vault.unwrap_or(Pin::START),
            log_receipt: Some(heads.log.clone().into()),
            vault_receipt: heads.vault.clone().map(Into::into),
        };
        for (chain, pinned, shown) in
            [(Chain::Log, self.pinned.log, self.heads.log), (Chain::Vault, self.pinned.vault, self.heads.vault)]
        {
            if !mutant!("recovery.not-behind-the-kit", shown.seq >= pinned.seq) {
                return Err(RecoveryError::RolledBack { chain, pinned: pinned.seq, shown: shown.seq });
            }
            if shown.seq == pinned.seq && shown.id != pinned.id {
                return Err(RecoveryError::Forked { chain });
            }
        }
        Ok(Step::Log)
    }

    /// The log certifies itself as the kit's account, goes through where the kit pins it, and ends where the receipt says.
    fn take_log(&mut self, page: LogPage) -> Result<Step, RecoveryError> {
        let target = self.heads.log;
        let is_empty = page.bundles.is_empty();
        for bundle in page.bundles {
            if self.log.as_ref().is_some_and(|log| log.head().seq == target.seq) {
                break;
            }
            match &mut self.log {
                None => {
                    let log = Log::open_genesis(&bundle).map_err(refused)?;
                    if !mutant!("recovery.account-certifies-its-log", log.account() == self.account) {
                        return Err(RecoveryError::OtherAccount);
                    }
                    self.log = Some(log);
                }
                Some(log) => _ = log.append(&bundle).map_err(refused)?,
            }
            self.bundles.push(bundle);
        }
        let log = self.log.as_ref().ok_or(RecoveryError::Malformed)?;
        if log.head().seq < target.seq {
            return if page.more && !is_empty { Ok(Step::Log) } else { Err(RecoveryError::Withheld) };
        }
        if log.head() != target || !mutant!("recovery.log-through-the-kits-pin", log.extends(&self.pinned.log)) {
            return Err(RecoveryError::Forked { chain: Chain::Log });
        }
        self.open_epochs()?;
        Ok(if self.heads.vault == Pin::START { Step::Heartbeats } else { Step::Commit })
    }

    /// Its authority is live, and the newest epoch opens for it, and leads back to all before.
    fn open_epochs(&mut self) -> Result<(), RecoveryError> {
        let log = self.log.as_ref().ok_or(RecoveryError::OutOfOrder)?;
        let authority = log.authority(self.id).ok_or(RecoveryError::NotSet)?;
        if !mutant!("recovery.authority-is-live", authority.is_live()) {
            let at = authority.gone_at().and_then(|seq| log.entry(seq)).map(|entry| entry.time);
            return Err(RecoveryError::Replaced { at });
        }
        let headers: Vec<EpochHeader> = self.bundles.iter().filter_map(header_of).collect();
        let opening = self.bundles.iter().rev().find(|bundle| bundle.header.is_some());
        let opening = opening.ok_or(RecoveryError::Malformed)?;
        let entry = entry_of(opening).ok_or(RecoveryError::Malformed)?;
        let wrap = opening.wraps.iter().find(|wrap| wrap.recipient == self.id).map(|wrap| wrap.wrap.as_slice());
        let nothing = Epochs::default();
        let place = EpochPlace::of(&entry, log.epoch());
        match unwrap_newest(
            Held { at_rest: &nothing, upto: 0, new: &nothing },
            &self.keys.kem,
            self.id,
            &place,
            &headers,
            wrap,
        ) {
            Unwrapped::Keys(keys) => keys.into_iter().for_each(|key| self.epochs.insert(key)),
            Unwrapped::NotSent => return Err(RecoveryError::Withheld),
            Unwrapped::Refused => return Err(RecoveryError::ShutOut),
        }
        Ok(())
    }

    /// The newest commit is the one of the receipt, by a device that could write where it stands in this log.
    fn take_commit(&mut self, page: &PullPage) -> Result<Step, RecoveryError> {
        let log = self.log.as_ref().ok_or(RecoveryError::OutOfOrder)?;
        let bytes = page.commits.last().ok_or(RecoveryError::Malformed)?;
        let last = commit::verify(&bytes.0, log).map_err(|error| match error {
            CommitError::UpdateNeeded { .. } => RecoveryError::UpdateNeeded,
            error => RecoveryError::Commit(error),
        })?;
        if !mutant!("recovery.newest-commit", Pin::vault(last.commit.seq, last.id) == self.heads.vault) {
            return Err(RecoveryError::Forked { chain: Chain::Vault });
        }
        self.contacts.insert(last.commit.author, last.commit.time);
        self.last = Some(last);
        Ok(Step::Heartbeats)
    }

    /// No device has signed that it was further on than what is shown, or elsewhere. What does not verify is worth nothing.
    fn take_heartbeats(&mut self, answer: &Heartbeats) -> Result<Step, RecoveryError> {
        let log = self.log.as_ref().ok_or(RecoveryError::OutOfOrder)?;
        for SignedHeartbeat { signed } in answer.heartbeats.iter().take(limits::DEVICES + limits::RECOVERED_DEVICES) {
            let Ok(beat) = heartbeat::verify(signed, log) else { continue };
            let is_within = beat.log.seq <= self.heads.log.seq && beat.vault.seq <= self.heads.vault.seq;
            if !mutant!("recovery.no-device-was-further", is_within) {
                return Err(RecoveryError::Withheld);
            }
            if let Some(chain) = mutant!("recovery.no-device-was-elsewhere", self.parts_from(log, &beat) => None) {
                return Err(RecoveryError::Forked { chain });
            }
            let known = self.contacts.entry(beat.device).or_insert(beat.time);
            *known = beat.time.max(*known);
        }
        Ok(Step::Done)
    }

    /// Of the vault only the head is known, and what is behind it could be anything.
    fn parts_from(&self, log: &Log, beat: &Heartbeat) -> Option<Chain> {
        let (head, vault) = (self.heads.vault, beat.vault);
        if !log.extends(&beat.log) {
            return Some(Chain::Log);
        }
        (vault.seq == head.seq && vault.id != head.id).then_some(Chain::Vault)
    }

    fn read_receipt(&self, chain: Chain, bytes: &[u8]) -> Result<Pin, RecoveryError> {
        pin_of(bytes, &self.receipt_key, self.account, chain)
    }
}

impl AdmittingEntry {
    /// Checks the server's answer: its receipt for this very entry.
    ///
    /// # Errors
    /// [`RecoveryError::Malformed`], [`RecoveryError::ForeignServer`].
    pub fn accepted(&self, body: &[u8]) -> Result<(), RecoveryError> {
        let accepted: Accepted = read(body)?;
        let pin = pin_of(&accepted.receipt, &self.receipt_key, self.account, Chain::Log)?;
        if pin == self.pin { Ok(()) } else { Err(RecoveryError::Malformed) }
    }
}

fn pin_of(bytes: &[u8], key: &ReceiptKey, account: AccountId, chain: Chain) -> Result<Pin, RecoveryError> {
    let receipt = receipt::verify(bytes, key).map_err(|_| RecoveryError::ForeignServer)?;
    let is_of_this = receipt.account == account && receipt.chain == chain;
    if is_of_this { Ok(receipt.pin) } else { Err(RecoveryError::Malformed) }
}

fn read<T>(body: &[u8]) -> Result<T, RecoveryError>
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    cbor::decode(body, limits::RESPONSE_BYTES).map_err(|_| RecoveryError::Malformed)
}

fn refused(error: TrustError) -> RecoveryError {
    match error {
        TrustError::UpdateNeeded { .. } | TrustError::UnknownOperation { .. } => RecoveryError::UpdateNeeded,
        error => RecoveryError::Log(error),
    }
}
