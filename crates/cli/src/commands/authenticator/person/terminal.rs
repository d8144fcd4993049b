//! Asking in the terminal, which has one reader for as long as we run: a read cannot be taken back.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    sync::Arc,
    thread,
};

use roamkey_authenticator::ctap::{Clock as _, Touch};

use super::{Desk, ShellClock};
use crate::report::progress;

pub(super) fn is_there() -> bool {
    io::stdin().is_terminal()
}

/// Hands every typed line to the desk.
pub(super) fn listen(desk: Arc<Desk>, clock: ShellClock) {
    thread::spawn(move || {
        let lines = io::stdin().lock().lines().map_while(Result::ok);
        lines.for_each(|line| desk.take_line(&line, clock.monotonic()));
    });
}

pub(super) fn show(question: &str) {
    // The bell, because the person looks elsewhere. A terminal that is gone answers nothing either.
    let _ = write!(io::stderr(), "\x07{question}").and_then(|()| io::stderr().flush());
}

/// Says how it went where the person did not say it.
pub(super) fn conclude(touch: Touch) {
    match touch {
        Touch::Given | Touch::Declined => {}
        Touch::TimedOut => progress("\nToo late: the program was told that nobody answered."),
        Touch::Cancelled => progress("\nThe program took its question back."),
    }
}
