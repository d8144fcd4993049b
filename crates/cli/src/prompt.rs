//! Asking the person.

use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::Path,
};

use roamkey_sealing::unlock::Passphrase;
use zeroize::Zeroizing;

use crate::{Global, explain::Explanation};

/// Gets the passphrase that unlocks this device.
pub(crate) fn passphrase(global: &Global) -> Result<Passphrase, Explanation> {
    read(global.passphrase_file.as_deref(), || secret("Passphrase: "))
}

/// Gets a passphrase that will unlock this device: typed twice, as nobody sees it.
pub(crate) fn new_passphrase(file: Option<&Path>) -> Result<Passphrase, Explanation> {
    read(file, || {
        let first = secret("New passphrase: ")?;
        if first == secret("Once more: ")? { Ok(first) } else { Err(Explanation::passphrases_differ()) }
    })
}

/// Gets the passphrase of a file.
pub(crate) fn passphrase_of_file(file: Option<&Path>) -> Result<Passphrase, Explanation> {
    read(file, || secret("Passphrase of the file: "))
}

/// Asks for something that is not to be seen.
pub(crate) fn secret(question: &str) -> Result<Zeroizing<String>, Explanation> {
    rpassword::prompt_password(question).map(Zeroizing::new).map_err(|error| Explanation::no_answer(&error))
}

/// Asks for a line.
pub(crate) fn line(question: &str) -> Result<String, Explanation> {
    if !io::stdin().is_terminal() {
        return Err(Explanation::no_answer(&io::Error::other("standard input is no terminal")));
    }
    let asked = write!(io::stderr(), "{question}").and_then(|()| io::stderr().flush());
    asked.map_err(|error| Explanation::no_answer(&error))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Explanation::no_answer(&error))?;
    Ok(answer.trim().to_owned())
}

fn read(
    file: Option<&Path>,
    ask: impl FnOnce() -> Result<Zeroizing<String>, Explanation>,
) -> Result<Passphrase, Explanation> {
    let typed = match file {
        Some(path) => from_file(path)?,
        None => ask()?,
    };
    Passphrase::new(&typed).map_err(|error| Explanation::bad_passphrase(&error))
}

/// Reads a passphrase: the first line of a file, or of standard input.
fn from_file(path: &Path) -> Result<Zeroizing<String>, Explanation> {
    let text = if path == Path::new("-") {
        let mut line = Zeroizing::new(String::new());
        io::stdin().lock().read_line(&mut line).map(|_| line)
    } else {
        fs::read_to_string(path).map(Zeroizing::new)
    };
    let text = text.map_err(|error| Explanation::unreadable(path, &error))?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
