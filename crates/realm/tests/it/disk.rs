//! Where a realm writes: two media, each of which can be put back, and a process that dies between any two steps.

use roamkey_proto::{AccountId, Time};
use roamkey_realm::{Command, Effect, Mark, Outcome, Refusal, Run, Step};

/// The rows' medium, and that of the marks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    row: Option<(u64, Vec<u8>)>,
    mark: Mark,
}

/// When a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Before it does this step.
    Before(usize),
    /// After it did it, and before it heard so.
    After(usize),
}

impl Disk {
    /// Does what is to be done.
    pub(crate) fn apply(&mut self, effect: Effect) -> Outcome {
        match effect {
            Effect::Load => Outcome::Loaded { row: self.row.as_ref().map(|(_, row)| row.clone()), mark: self.mark },
            Effect::Save { over, revision, row } => {
                if self.row.as_ref().map_or(0, |(revision, _)| *revision) != over {
                    return Outcome::Conflict;
                }
                self.row = Some((revision, row));
                Outcome::Saved
            }
            Effect::Raise(mark) => {
                self.mark = self.mark.join(mark);
                Outcome::Raised
            }
        }
    }

    /// Puts the rows back to what another disk has; the marks lie elsewhere.
    pub(crate) fn restore_rows(&mut self, backup: &Self) {
        self.row.clone_from(&backup.row);
    }

    /// Puts the marks back.
    pub(crate) fn restore_marks(&mut self, backup: &Self) {
        self.mark = backup.mark;
    }

    /// Returns what lies on it.
    pub(crate) fn parts(&self) -> (u64, Vec<u8>, Mark) {
        let (revision, row) = self.row.clone().unwrap_or_default();
        (revision, row, self.mark)
    }

    /// Carries a command out.
    pub(crate) fn run<C: Command>(&mut self, account: AccountId, command: C, now: Time) -> Result<C::Output, Refusal> {
        self.run_until(account, command, now, None).expect("nothing fails")
    }

    /// Carries a command out, unless the process dies: then nothing comes of it.
    pub(crate) fn run_until<C: Command>(
        &mut self,
        account: AccountId,
        command: C,
        now: Time,
        fault: Option<Fault>,
    ) -> Option<Result<C::Output, Refusal>> {
        let mut run = Run::new(account, command, now);
        for step in 0.. {
            if fault == Some(Fault::Before(step)) {
                return None;
            }
            let outcome = self.apply(run.effect());
            if fault == Some(Fault::After(step)) {
                return None;
            }
            match run.handle(outcome) {
                Step::Next(next) => run = next,
                Step::Done(result) => return Some(result),
            }
        }
        None
    }
}
