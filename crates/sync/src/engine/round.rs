//! A round of syncing: from an event until there is nothing left to do, or nothing to be done now.

use roamkey_proto::{Chain, problem::Problem};

use super::core::{Core, Cx, Halt, Step, Turn};
use crate::{Call, CommandError, Effect, EngineError, Failure, Idle, ShutOut, Table};

use super::device::Stage;

impl Core {
    pub(crate) fn start(&mut self, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        if !matches!(self.step, Step::Resting) {
            self.again = true;
            return Ok(());
        }
        self.run(Ok(Turn::Next), cx)
    }

    pub(crate) fn start_if_resting(&mut self, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        if matches!(self.step, Step::Resting) { self.run(Ok(Turn::Next), cx) } else { Ok(()) }
    }

    /// Goes on until an answer is waited for or the round is over.
    pub(crate) fn run(&mut self, mut turn: Result<Turn, Halt>, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        loop {
            turn = match turn {
                Ok(Turn::Next) => self.decide(cx),
                Ok(Turn::Wait(step)) => {
                    self.step = step;
                    return Ok(());
                }
                Ok(Turn::Rest(idle)) => {
                    // What was seen is to be heard of before another answer makes it look as if nothing had been.
                    let is_over = matches!(idle, Idle::Distrusted(_));
                    self.rest(idle, cx);
                    if !std::mem::take(&mut self.again) || is_over {
                        return Ok(());
                    }
                    Ok(Turn::Next)
                }
                Err(Halt::Distrust(distrust)) => Ok(Turn::Rest(Idle::Distrusted(distrust))),
                Err(Halt::Broken(error)) => return Err(error),
            }
        }
    }

    /// What comes next: first who is a member, then what is in the vault, then what is new here.
    fn decide(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        if let Some(ending) = self.anchor.stage.ending() {
            return Ok(Turn::Rest(Idle::Ended(ending)));
        }
        if self.log.is_none() {
            cx.emit(Effect::Scan(Table::Log));
            return Ok(Turn::Wait(Step::ReadingLog));
        }
        if self.anchor.stage == Stage::Founding {
            return self.send_genesis(cx);
        }
        if self.wants_repair() {
            self.heads = None;
        }
        let Some(heads) = &self.heads else {
            self.request(Call::Heads, cx);
            return Ok(Turn::Wait(Step::AskingHeads));
        };
        if heads.pin(Chain::Log).seq > self.log()?.head().seq {
            return self.ask_log(cx);
        }
        if self.anchor.stage == Stage::Joining {
            return Ok(Turn::Rest(Idle::AwaitingAdmission));
        }
        if let Some(turn) = self.change_members(cx)? {
            return Ok(turn);
        }
        if let Some(ShutOut { epoch, .. }) = self.shut_out()? {
            return if self.is_to_say_that_it_is_shut_out(epoch, cx) { self.beat(cx) } else { self.ask_for_key(cx) };
        }
        if self.needs_pull() {
            return self.begin_pull(false, cx);
        }
        if let Some(turn) = self.check_witnesses(cx)? {
            return Ok(turn);
        }
        if self.wants_invitation() {
            cx.emit(Effect::Scan(Table::Log));
            return Ok(Turn::Wait(Step::Inviting));
        }
        match self.begin_push(cx)? {
            Turn::Rest(Idle::UpToDate) => self.beat_if_due(cx),
            turn => Ok(turn),
        }
    }

    /// Decides what a request that did not succeed means for the round.
    pub(crate) fn refused(&mut self, step: &Step, failure: Failure, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let Failure::Refused { problem, retry_after_ms } = failure else {
            return Ok(Turn::Rest(Idle::Offline));
        };
        match (problem, step) {
            (Problem::AccountExists, Step::Founding) => Ok(self.enter_account(None, cx)),
            (Problem::NotAMember | Problem::Unauthorized, _) if self.anchor.stage == Stage::Joining => {
                Ok(Turn::Rest(Idle::AwaitingAdmission))
            }
            (Problem::AccountClosed, _) if self.log()?.closing().is_some() => self.end_closed(cx),
            (Problem::Conflict | Problem::HeadMoved | Problem::Invalid, _) if self.setbacks < SETBACKS => {
                self.setbacks += 1;
                self.heads = None;
                Ok(Turn::Next)
            }
            _ => {
                self.retry_after_ms = retry_after_ms;
                Ok(Turn::Rest(Idle::Refused(problem)))
            }
        }
    }

    fn rest(&mut self, idle: Idle, cx: &mut Cx<'_>) {
        self.step = Step::Resting;
        self.heads = None;
        self.setbacks = 0;
        self.has_restored = false;
        if let Idle::Distrusted(distrust) = &idle {
            self.keep_evidence(distrust, cx);
        }
        self.distrust = match &idle {
            Idle::Distrusted(distrust) => Some(distrust.clone()),
            // Without an answer nothing is known better than before.
            Idle::Offline | Idle::Refused(_) => self.distrust.take(),
            _ => None,
        };
        self.answer_unsent_command(&idle, cx);
        self.failures = if matches!(idle, Idle::UpToDate) { 0 } else { self.failures.saturating_add(1) };
        if let Some(delay) = self.delay(&idle, cx) {
            cx.emit(Effect::WakeAt(cx.now.plus_millis(delay)));
        }
        cx.emit(Effect::Idle(idle));
    }

    /// A command whose entry was never signed ends with the round; a signed one goes on being sent.
    fn answer_unsent_command(&mut self, idle: &Idle, cx: &mut Cx<'_>) {
        let error = match idle {
            _ if self.outbox.bundle.is_some() && !self.wants_repair() => return,
            Idle::Distrusted(distrust) => CommandError::Distrust(distrust.clone()),
            Idle::Refused(problem) => CommandError::Refused(*problem),
            Idle::Ended(_) | Idle::AwaitingAdmission => CommandError::NotAMember,
            _ => CommandError::Offline,
        };
        if let Some(order) = self.order.take() {
            order.answer(Err(error), cx);
        }
    }

    fn delay(&mut self, idle: &Idle, cx: &mut Cx<'_>) -> Option<u64> {
        let asked = self.retry_after_ms.take();
        match idle {
            Idle::UpToDate | Idle::Ended(_) | Idle::UpdateNeeded => None,
            Idle::AwaitingAdmission | Idle::AwaitingRevoker => Some(POLL_MS),
            Idle::Offline | Idle::Refused(_) | Idle::Distrusted(_) => {
                let backoff = BACKOFF_MS << self.failures.saturating_sub(1).min(BACKOFF_DOUBLINGS);
                let wait = asked.unwrap_or(backoff).clamp(BACKOFF_MS, LONGEST_WAIT_MS);
                // Up to half as long again: devices that a restart cut off together do not come back together.
                Some(wait + cx.rng.next_u64() % (wait / 2))
            }
        }
    }
}

/// Conflicts in one round before it gives way to others for a while.
const SETBACKS: u32 = 8;

/// How often a device looks whether another one has done what it waits for, where no wake-up comes.
const POLL_MS: u64 = 5_000;

/// The first wait after a failure; doubled at each further one.
const BACKOFF_MS: u64 = 2_000;

/// A server may ask for more patience, and not for a device's silence.
const LONGEST_WAIT_MS: u64 = 60 * 60 * 1000;

/// Doublings at most: 2 s becomes 17 minutes.
const BACKOFF_DOUBLINGS: u32 = 9;
