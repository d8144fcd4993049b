//! The WebAuthn client behind a pipe: a request a line on stdin, an answer a line on stdout.
//!
//! It is for tests: the person is whom the request says, and the store forgets. `client-under-test [FOLDER]` takes the keys and
//! certificates of attesters from FOLDER.

mod attester;
mod requests;
mod session;

use std::{
    io::{self, BufRead, Write},
    path::PathBuf,
};

use anyhow::{Context, Result};

use crate::{attester::Attesters, session::Session};

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let attesters = folder.map(|folder| Attesters::read(&folder)).transpose()?;
    let mut session = Session::new(attesters);
    let mut answers = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let request = serde_json::from_str(&line?).context("not a request")?;
        writeln!(answers, "{}", session.answer(request)?)?;
        answers.flush()?;
    }
    Ok(())
}
