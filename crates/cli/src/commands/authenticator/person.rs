//! Who touches the device.

mod question;
mod terminal;

#[cfg(feature = "test-hooks")]
use std::path::PathBuf;
use std::{
    str::FromStr,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc::Sender},
    time::Duration,
};

use roamkey_authenticator::{
    ctap::{Clock as _, Person, Question, Touch},
    transports::ctaphid::Ticket,
};

#[cfg(feature = "test-hooks")]
use super::control;
use super::{clock::ShellClock, hub::Event};
use crate::explain::Explanation;

/// How the person is asked.
#[derive(Clone, Debug)]
pub(super) enum Asking {
    /// In the terminal, each time.
    Ask,
    /// Never: every question is answered with yes.
    Always,
    /// A test plays the person.
    #[cfg(feature = "test-hooks")]
    Control(PathBuf),
}

impl FromStr for Asking {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "ask" => Ok(Self::Ask),
            "always" => Ok(Self::Always),
            #[cfg(feature = "test-hooks")]
            text if text.starts_with("control:") => Ok(Self::Control(text.trim_start_matches("control:").into())),
            _ => Err("it is ask or always".to_owned()),
        }
    }
}

impl Asking {
    /// Checks that there is somebody to ask.
    pub(super) fn check_possible(&self) -> Result<(), Explanation> {
        if matches!(self, Self::Ask) && !terminal::is_there() { Err(Explanation::no_terminal()) } else { Ok(()) }
    }
}

/// The person's finger on the device.
pub(super) struct Finger {
    asking: Asking,
    desk: Arc<Desk>,
    clock: ShellClock,
    events: Sender<Event>,
    at: Option<Ticket>,
}

impl Finger {
    pub(super) fn new(asking: Asking, events: Sender<Event>, clock: &ShellClock) -> Result<Self, Explanation> {
        let desk = Arc::new(Desk::default());
        match &asking {
            Asking::Ask => terminal::listen(Arc::clone(&desk), clock.clone()),
            Asking::Always => {}
            #[cfg(feature = "test-hooks")]
            Asking::Control(path) => {
                let served = control::serve(path, Arc::clone(&desk), events.clone(), clock.clone());
                served.map_err(|error| Explanation::cannot_serve(&error))?;
            }
        }
        Ok(Self { asking, desk, clock: clock.clone(), events, at: None })
    }

    /// What takes a question back.
    pub(super) fn withdrawal(&self) -> Withdrawal {
        Withdrawal(Arc::clone(&self.desk))
    }

    /// Says for which message the person is asked from now on.
    pub(super) fn begin(&mut self, ticket: Ticket) {
        self.at = Some(ticket);
    }

    fn ask(&self, question: &Question<'_>) -> Touch {
        match &self.asking {
            Asking::Always => self.wait(|_| Some(Touch::Given)),
            Asking::Ask => {
                let asked = question::ask(question);
                terminal::show(&asked.text);
                // What was typed for another question answers none of this one.
                let not_before = self.clock.monotonic() + READING;
                self.desk.change(|state| {
                    state.typed = None;
                    state.asked = Some((asked, not_before));
                });
                let touch = self.wait(|state| state.typed.take());
                self.desk.lock().asked = None;
                terminal::conclude(touch);
                touch
            }
            #[cfg(feature = "test-hooks")]
            Asking::Control(_) => self.wait(|state| state.touched.then_some(Touch::Given)),
        }
    }

    fn wait(&self, answer: impl Fn(&mut State) -> Option<Touch>) -> Touch {
        let deadline = self.clock.monotonic() + WITHIN;
        let mut state = self.desk.lock();
        loop {
            if state.ended || (state.cancelled.is_some() && state.cancelled == self.at) {
                return Touch::Cancelled;
            }
            if let Some(touch) = answer(&mut state) {
                return touch;
            }
            let left = deadline.saturating_sub(self.clock.monotonic());
            if left.is_zero() {
                return Touch::TimedOut;
            }
            let waited = self.desk.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn report(&self, waits: bool) {
        if let Some(ticket) = self.at {
            // Without a hub nobody hears it, nor the answer.
            let _ = self.events.send(Event::AwaitPerson(ticket, waits));
        }
    }
}

impl Person for Finger {
    async fn touch(&mut self, question: &Question<'_>) -> Touch {
        self.report(true);
        let touch = self.ask(question);
        self.report(false);
        touch
    }
}

/// Where question and answer meet.
#[derive(Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    cancelled: Option<Ticket>,
    ended: bool,
    /// The question, and when it can have been read.
    asked: Option<(question::Asked, Duration)>,
    typed: Option<Touch>,
    /// Whether a test's finger is on the device.
    #[cfg(feature = "test-hooks")]
    touched: bool,
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Takes a line that was typed. While nothing is asked it answers nothing, and neither does what was on its way to another
    /// question, which a program took back for this one at the last moment: then the question is shown again.
    fn take_line(&self, line: &str, now: Duration) {
        self.change(|state| match &state.asked {
            Some((asked, not_before)) if now < *not_before => terminal::show(&asked.again()),
            Some((asked, _)) => state.typed = Some(asked.judge(line)),
            None => {}
        });
    }

    /// Has whoever waits look at the clock again.
    #[cfg(feature = "test-hooks")]
    pub(super) fn look_up(&self) {
        self.changed.notify_all();
    }

    /// Puts a test's finger on the device, or takes it off.
    #[cfg(feature = "test-hooks")]
    pub(super) fn set_touched(&self, touched: bool) {
        self.change(|state| state.touched = touched);
    }
}

/// Takes questions back.
pub(super) struct Withdrawal(Arc<Desk>);

impl Withdrawal {
    /// Whoever sent this message no longer wants an answer. It counts also before the person is asked.
    pub(super) fn cancel(&self, ticket: Ticket) {
        self.0.change(|state| state.cancelled = Some(ticket));
    }

    /// It is over: nobody is asked any more.
    pub(super) fn end(&self) {
        self.0.change(|state| state.ended = true);
    }
}

/// Nobody reads a question and answers it in less.
const READING: Duration = Duration::from_secs(1);

/// How long the person may take: clients give up at about the same time.
const WITHIN: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
