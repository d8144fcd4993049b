//! How a command is carried out: what to read and write, in order, and its result after all of that.

use roamkey_proto::{AccountId, Time, cbor, mutant};

use crate::{Command, Mark, Refusal, account::Account};

/// A command on its way. Whoever drives it does each [`Effect`] and says how it went.
///
/// What it gives comes out only once what it changed is written, beside the account and by itself: a process that dies
/// in between has counted a guess that nobody got an answer to, and never answered one that was not counted.
#[must_use]
#[derive(Debug)]
pub struct Run<C: Command> {
    account: AccountId,
    command: C,
    now: Time,
    stage: Stage<C::Output>,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read what is kept of the account: its row, and the mark that is kept by itself.
    Load,
    /// Write the row durably, if the one that is there has revision `over`; 0 means that there is none.
    Save {
        /// The revision that it replaces.
        over: u64,
        /// Its own.
        revision: u64,
        /// Its bytes.
        row: Vec<u8>,
    },
    /// Join this with the mark that is kept by itself, durably, where no backup of the rows goes.
    Raise(Mark),
}

/// How it went. What failed has no outcome: the run is dropped, and the command may be begun anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What was read.
    Loaded {
        /// The row, if there is one.
        row: Option<Vec<u8>>,
        /// The mark; the default where there is none.
        mark: Mark,
    },
    /// The row is written.
    Saved,
    /// Another writer was faster.
    Conflict,
    /// The mark is written.
    Raised,
}

/// Where a run is after an outcome.
#[derive(Debug)]
pub enum Step<C: Command> {
    /// Something else is to be done.
    Next(Run<C>),
    /// This came of it.
    Done(Result<C::Output, Refusal>),
}

#[derive(Debug)]
enum Stage<T> {
    Load,
    Save { over: u64, account: Box<Account>, marked: Mark, output: T },
    Raise { mark: Mark, output: T },
}

impl<C: Command> Run<C> {
    /// Begins a command on an account.
    pub fn new(account: AccountId, command: C, now: Time) -> Self {
        Self { account, command, now, stage: Stage::Load }
    }

    /// Returns what is to be done next.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match &self.stage {
            Stage::Load => Effect::Load,
            Stage::Save { over, account, .. } => {
                Effect::Save { over: *over, revision: account.revision, row: cbor::encode(&**account) }
            }
            Stage::Raise { mark, .. } => Effect::Raise(*mark),
        }
    }

    /// Takes how it went.
    pub fn handle(mut self, outcome: Outcome) -> Step<C> {
        // Whatever does not fit what was to be done begins anew, and so gives nothing away.
        match (std::mem::replace(&mut self.stage, Stage::Load), outcome) {
            (Stage::Load, Outcome::Loaded { row, mark }) => return self.decide(row.as_deref(), mark),
            (Stage::Save { account, marked, output, .. }, Outcome::Saved) => {
                return self.raise(account.mark, marked, output);
            }
            (Stage::Save { account, marked, output, .. }, Outcome::Conflict) => {
                // One of two who read the same counts for both.
                mutant!("realm.one-at-a-time" => return self.raise(account.mark, marked, output));
                drop((account, marked, output));
            }
            (Stage::Raise { output, .. }, Outcome::Raised) => return Step::Done(Ok(output)),
            _ => {}
        }
        Step::Next(self)
    }

    fn decide(mut self, row: Option<&[u8]>, marked: Mark) -> Step<C> {
        let mut account = match Account::open(self.account, row, marked) {
            Ok(account) => account,
            Err(error) => return Step::Done(Err(Refusal::Damaged(error))),
        };
        let over = account.revision;
        account.sweep(self.now);
        let output = match self.command.decide(&mut account, self.now) {
            Ok(output) => output,
            Err(refusal) => return Step::Done(Err(refusal)),
        };
        mutant!("realm.counts-first" => return Step::Done(Ok(output)));
        // What changes nothing is not written, and who asks about what is not there leaves nothing behind.
        if row.map_or_else(|| account.is_empty(), |row| row == cbor::encode(&account)) {
            return self.raise(account.mark, marked, output);
        }
        account.revision += 1;
        self.stage = Stage::Save { over, account: Box::new(account), marked, output };
        Step::Next(self)
    }

    fn raise(mut self, mark: Mark, marked: Mark, output: C::Output) -> Step<C> {
        if mark == marked {
            return Step::Done(Ok(output));
        }
        mutant!("realm.marks-by-itself" => return Step::Done(Ok(output)));
        self.stage = Stage::Raise { mark, output };
        Step::Next(self)
    }
}
