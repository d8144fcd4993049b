//! Changes of who is in the account: one bundle at a time, persisted before it is sent, sent again byte
//! for byte until its place in the log is filled.

use std::collections::BTreeSet;

use roamkey_proto::{
    AddDevice, Bundle, Chain, Close, DeviceId, Entry, EntryId, Op, RecoverySlot, RenewKeys, RevokeDevices,
    RevokeReason, Via, cbor, limits, mutant,
};
use roamkey_sealing::epoch::{self, EpochPlace, MakeEpochError};
use roamkey_trust::{
    Log, Refusal, TrustError,
    possession::{self, Place},
    sign1::Sign1,
};

use super::{
    core::{Core, Cx, Halt, Step, Turn},
    device::Stage,
    outbox::Outgoing,
};
use crate::{Batch, Call, Command, CommandError, Distrust, Effect, EngineError, Outcome};

/// A change of the members that is to be made.
pub(crate) struct Order {
    pub(crate) command: Command,
    /// Whether someone waits to hear of it.
    pub(crate) is_asked: bool,
}

impl Order {
    pub(crate) fn answer(self, result: Result<Outcome, CommandError>, cx: &mut Cx<'_>) {
        if self.is_asked {
            cx.emit(Effect::Commanded(result));
        }
    }

    /// What is left of a bundle whose place went to another one. A newcomer's word was for that place
    /// alone, so that one is not repeated.
    fn again(bundle: &Bundle) -> Option<Self> {
        let command = match entry_of(bundle)?.op {
            Op::RevokeDevices(op) => {
                let RevokeDevices { devices, keep, reason, keep_slots, slots: _ } = op;
                Command::Revoke { devices, keep, reason, keep_slots }
            }
            Op::SetRecovery(op) => Command::SetRecovery(Box::new(op)),
            Op::Rotate => Command::Rotate,
            Op::Leave => Command::Leave,
            Op::RenewKeys(_) => Command::Renew,
            Op::SetMinSuite => Command::RaiseSuite,
            Op::Close(_) => Command::Close,
            Op::CancelClose => Command::CancelClose,
            _ => return None,
        };
        Some(Self { command, is_asked: false })
    }
}

impl Core {
    pub(crate) fn command(&mut self, command: Command, cx: &mut Cx<'_>) {
        let order = Order { command, is_asked: true };
        let is_free = self.outbox.bundle.is_none() || order.command.is_repair();
        if self.anchor.stage.ending().is_some() {
            order.answer(Err(CommandError::NotAMember), cx);
        } else if order.command == Command::KeepOwnHistory {
            self.keep_own_history(cx);
            order.answer(Ok(Outcome::Repaired), cx);
        } else if self.order.is_some() || !is_free {
            order.answer(Err(CommandError::Busy), cx);
        } else {
            self.order = Some(order);
        }
    }

    /// Sends the bundle that was signed, or signs the one that is due.
    pub(crate) fn change_members(&mut self, cx: &mut Cx<'_>) -> Result<Option<Turn>, Halt> {
        if let Some(outgoing) = &self.outbox.bundle {
            let body = cbor::encode(&outgoing.bundle);
            self.request(Call::Append(body), cx);
            return Ok(Some(Turn::Wait(Step::Appending)));
        }
        if let Some(op) = self.owed_entry()? {
            return self.append(op, cx).map(Some);
        }
        if self.owes_rotation()? && self.shut_out()?.is_none() {
            return self.append(Op::Rotate, cx).map(Some);
        }
        let Some(order) = self.order.take_if(|order| order.command != Command::Invite) else { return Ok(None) };
        let op = match self.operation(&order.command, cx)? {
            Some(op) => op,
            None => {
                order.answer(Ok(Outcome::AlreadySo), cx);
                return Ok(Some(Turn::Next));
            }
        };
        if let Err(cause) = self.log()?.draft(op.clone(), self.device.id, cx.now) {
            order.answer(Err(refusal(cause)), cx);
            return Ok(Some(Turn::Next));
        }
        self.order = Some(order);
        self.append(op, cx).map(Some)
    }

    /// Returns the revocation that is owed since a repair, before all else but another one that the person asks for.
    fn owed_entry(&self) -> Result<Option<Op>, EngineError> {
        let is_revoking = self.order.as_ref().is_some_and(|order| matches!(order.command, Command::Revoke { .. }));
        let Some(op) = self.owed_revocation()?.filter(|_| !is_revoking) else { return Ok(None) };
        let openers = self.openers_to_revoke()?;
        let ends_shut_out = matches!(&op, Op::RevokeDevices(op) if openers.iter().all(|id| op.devices.contains(id)));
        Ok(Some(op).filter(|_| {
            self.shut_out().is_ok_and(|out| out.is_none()) || self.epochs.newest().is_some() && ends_shut_out
        }))
    }

    /// After someone has left, any remaining device opens an epoch before anything else is written. A
    /// command that opens one itself will do.
    fn owes_rotation(&self) -> Result<bool, EngineError> {
        let opens_epoch = self.order.as_ref().is_some_and(|order| match order.command {
            Command::AddDevice { .. }
            | Command::Revoke { .. }
            | Command::Rotate
            | Command::Renew
            | Command::SetRecovery(_) => true,
            Command::Invite
            | Command::Leave
            | Command::RaiseSuite
            | Command::Close
            | Command::CancelClose
            | Command::CompareHistories
            | Command::TakeServersHistory { .. }
            | Command::KeepOwnHistory => false,
        });
        Ok(self.log()?.owes_epoch() && !opens_epoch)
    }

    /// Returns the operation of a command for the log as it is now; none when there is nothing to do.
    fn operation(&mut self, command: &Command, cx: &mut Cx<'_>) -> Result<Option<Op>, EngineError> {
        Ok(match command {
            Command::Invite
            | Command::CompareHistories
            | Command::TakeServersHistory { .. }
            | Command::KeepOwnHistory => None,
            Command::AddDevice { device, possession } => Some(Op::AddDevice(AddDevice {
                device: device.as_ref().clone(),
                possession: possession.as_ref().clone(),
                via: Via::Pairing,
                request: None,
            })),
            Command::Revoke { devices, keep, reason, keep_slots } => {
                revocation(self.log()?, devices, keep, *reason, keep_slots)
            }
            // Emptied meanwhile, by another device.
            Command::SetRecovery(op) if op.keys.is_none() && self.log()?.recovery_slot(op.slot).is_none() => None,
            Command::SetRecovery(op) => Some(Op::SetRecovery(op.as_ref().clone())),
            Command::Rotate => Some(Op::Rotate),
            Command::Leave => Some(Op::Leave),
            Command::Renew => Some(self.renewal(cx)?),
            Command::RaiseSuite => {
                Some(Op::SetMinSuite).filter(|_| self.log.as_ref().is_some_and(Log::may_raise_suite))
            }
            Command::Close if self.log()?.closing().is_some() => None,
            // A minute more than the week: the clock of who judges may be that much behind.
            Command::Close => Some(Op::Close(Close { not_before: cx.now.plus_millis(limits::CLOSE_WAIT_MS + 60_000) })),
            Command::CancelClose => self.log()?.closing().map(|_| Op::CancelClose),
        })
    }

    /// Draws new keys, and the device's own word that it holds them.
    fn renewal(&mut self, cx: &mut Cx<'_>) -> Result<Op, EngineError> {
        let renewed = self.device.secrets.make_renewed(&mut cx.rng);
        let keys = renewed.public();
        let head = self.log()?.head();
        let place = Place { account: self.device.account, prev: EntryId::new(head.id), device: self.device.id };
        let possession = possession::sign(&place, &keys, &renewed.identity, &renewed.write);
        self.renewing = Some(renewed);
        Ok(Op::RenewKeys(RenewKeys { write: keys.write, kem: keys.kem, possession }))
    }

    /// The server has deleted the account, as an entry had asked for. The entry stays at rest, for whoever wants to see it.
    pub(crate) fn end_closed(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let Some(closing) = self.log()?.closing().copied() else { return Err(EngineError::Unexpected.into()) };
        if !mutant!("closing.not-before-its-time", cx.now >= closing.not_before) {
            return Err(Distrust::ClosedTooSoon { not_before: closing.not_before }.into());
        }
        let at = closing.entry.seq;
        self.anchor.stage = Stage::Closed { at };
        self.persist(Batch::default(), cx);
        cx.emit(Effect::MembersChanged);
        Ok(Turn::Next)
    }

    /// Signs the next entry, persists it, sends it.
    pub(crate) fn append(&mut self, op: Op, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let draft = self.log()?.draft(op, self.device.id, cx.now).map_err(|_| EngineError::Unexpected)?;
        let epoch = match draft.next_epoch() {
            None => None,
            Some(next) => {
                let place = EpochPlace {
                    account: next.account,
                    epoch: next.epoch,
                    seq: next.seq,
                    prev: next.prev,
                    author: next.author,
                };
                let recipients: Vec<_> = next.recipients.iter().map(|(device, kem)| (*device, kem)).collect();
                let base = self.epochs.newest().filter(|key| key.number() >= next.oldest_base);
                if base.is_none() && next.epoch > 1 {
                    return Ok(self.give_up_order(CommandError::ShutOut { openers: self.openers_to_revoke()? }, cx));
                }
                match epoch::make(&mut cx.rng, &place, &recipients, base) {
                    Ok(new) => Some((new.header, new.wraps)),
                    Err(MakeEpochError::Kem { device, .. }) if self.log()?.active_member(device).is_some() => {
                        return Err(Distrust::UnusableKey { device }.into());
                    }
                    // A recovery authority that nobody can wrap for goes with the device that set it.
                    Err(MakeEpochError::Kem { device: id, .. }) if self.log()?.authority(id).is_some() => {
                        let device = self.log()?.authority(id).map_or(id, |authority| authority.set().by);
                        return Err(Distrust::UnusableKey { device }.into());
                    }
                    // A newcomer's kem key is no key: found only when it is used.
                    Err(_) => return Ok(self.give_up_order(BAD_KEY, cx)),
                }
            }
        };
        let bundle = draft.finish(epoch, &self.device.secrets.identity);
        let mut log = self.log()?.clone();
        if log.append_whole(&bundle).is_err() {
            return Ok(self.give_up_order(BAD_KEY, cx));
        }
        let mut batch = Batch::default();
        // At rest before the entry is sent: once it is in the log, no other keys serve.
        let renewed = self.renewing.take();
        let renewed = renewed.map(|keys| keys.seal(self.device.account, &self.local, &mut cx.rng).into());
        let outgoing = Outgoing { pin: log.head(), bundle, renewed };
        self.outbox.put_bundle(outgoing, &self.local, &mut batch, &mut cx.rng);
        self.persist(batch, cx);
        Ok(Turn::Next)
    }

    fn give_up_order(&mut self, error: CommandError, cx: &mut Cx<'_>) -> Turn {
        if let Some(order) = self.order.take() {
            order.answer(Err(error), cx);
        }
        Turn::Next
    }

    pub(crate) fn appended(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let outgoing = self.outbox.bundle.clone().ok_or(EngineError::Unexpected)?;
        let head = self.accept(Chain::Log, outgoing.pin, body)?;
        let mut incoming = self.begin_incoming()?;
        self.take_entry(&mut incoming, outgoing.bundle)?;
        if let Some(heads) = &mut self.heads {
            heads.advance(Chain::Log, head.clone());
        }
        self.apply_log(incoming, Some(head), cx);
        Ok(Turn::Next)
    }

    /// Ends the wait of a bundle whose place in the log is filled, by itself or by another.
    pub(crate) fn settle_bundle(&mut self, log: &Log, batch: &mut Batch, cx: &mut Cx<'_>) {
        let is_filled = self.outbox.bundle.as_ref().is_some_and(|outgoing| outgoing.pin.seq <= log.head().seq);
        let Some(outgoing) = is_filled.then(|| self.outbox.take_bundle(batch)).flatten() else { return };
        if log.extends(&outgoing.pin) {
            if log.header().seq == outgoing.pin.seq {
                let opened = Outgoing { renewed: None, ..outgoing.clone() };
                self.outbox.put_whole(opened, &self.local, batch, &mut cx.rng);
            }
            if let Some(order) = self.order.take_if(|order| is_of(&order.command, &outgoing.bundle)) {
                order.answer(Ok(Outcome::Appended), cx);
            }
        } else if log.active_member(self.device.id).is_some() && self.order.is_none() {
            self.order = Order::again(&outgoing.bundle).filter(|order| order.command != Command::Rotate);
        }
    }
}

/// Returns the revocation of those who are still there, with all that they added and that is not kept:
/// a device added while the person decided goes as well.
pub(crate) fn revocation(
    log: &Log,
    devices: &[DeviceId],
    keep: &[DeviceId],
    reason: RevokeReason,
    keep_slots: &[RecoverySlot],
) -> Option<Op> {
    let none = BTreeSet::new();
    let mut devices: BTreeSet<DeviceId> =
        devices.iter().copied().filter(|device| log.active_member(*device).is_some()).collect();
    let keep: BTreeSet<DeviceId> = keep.iter().copied().filter(|device| !devices.contains(device)).collect();
    let added = log.added_through(&devices, &none);
    devices.extend(added.difference(&keep));
    // Whoever came by a slot that goes is reached from the device that set it, and decided already.
    let slots = log.set_through(&devices, &none).into_iter().filter(|slot| !keep_slots.contains(slot)).collect();
    let keep = log.added_through(&devices, &slots).into_iter().collect();
    let keep_slots = log.set_through(&devices, &slots).into_iter().collect();
    let (devices, slots) = (devices.into_iter().collect(), slots.into_iter().collect());
    let op = RevokeDevices { devices, keep, reason, slots, keep_slots };
    (!op.devices.is_empty()).then_some(Op::RevokeDevices(op))
}

fn refusal(cause: TrustError) -> CommandError {
    match cause {
        TrustError::Refused(Refusal::Possession) => CommandError::InvitationStale,
        cause => CommandError::Forbidden(cause),
    }
}

fn is_of(command: &Command, bundle: &Bundle) -> bool {
    let Some(entry) = entry_of(bundle) else { return false };
    matches!(
        (command, entry.op),
        (Command::AddDevice { .. }, Op::AddDevice(_))
            | (Command::Revoke { .. }, Op::RevokeDevices(_))
            | (Command::Rotate, Op::Rotate)
            | (Command::Leave, Op::Leave)
            | (Command::Renew, Op::RenewKeys(_))
            | (Command::SetRecovery(_), Op::SetRecovery(_))
            | (Command::RaiseSuite, Op::SetMinSuite)
            | (Command::Close, Op::Close(_))
            | (Command::CancelClose, Op::CancelClose)
    )
}

/// Reads the entry of a bundle that was verified before.
pub(crate) fn entry_of(bundle: &Bundle) -> Option<Entry> {
    let signed = Sign1::parse(&bundle.entry, limits::ENTRY_BYTES).ok()?;
    cbor::decode_versioned(signed.unverified_payload(), limits::ENTRY_BYTES).ok()
}

const BAD_KEY: CommandError = CommandError::Forbidden(TrustError::Refused(Refusal::BadKey));
