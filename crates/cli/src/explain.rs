//! Why a command failed, in words: what happened, what is safe, what to do.

use std::{
    fmt::Display,
    io::{self, Write as _},
    path::Path,
};

use roamkey_client::{BadServerUrl, Error, Stayed, StoreError, pairing::PairingError, recovery::RecoveryError};
use roamkey_interchange::import::ImportError;
use roamkey_proto::problem::Problem;
use roamkey_sealing::{recovery::KitError, unlock::PassphraseError};
use roamkey_trust::{TrustError, evidence::EvidenceError};
use serde_json::json;

use roamkey_cli::machine::{FolderError, MachineError};

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Explanation {
    code: &'static str,
    happened: String,
    safe: &'static str,
    advice: &'static str,
}

impl Explanation {
    fn new(code: &'static str, happened: impl Into<String>, safe: &'static str, advice: &'static str) -> Self {
        Self { code, happened: happened.into(), safe, advice }
    }

    /// Prints it: for people on standard error, for programs on standard output.
    pub(crate) fn print(&self, json: bool) {
        // Nobody may be there to read it; the exit code says it too.
        let _ = if json {
            let error = json!({"code": self.code, "message": self.happened, "safe": self.safe, "advice": self.advice});
            writeln!(io::stdout(), "{}", json!({ "error": error }))
        } else {
            writeln!(io::stderr(), "Error: {}\n{}\n{}", self.happened, self.safe, self.advice)
        };
    }

    pub(crate) fn passphrases_differ() -> Self {
        Self::new("passphrases-differ", "The two passphrases differ.", NOTHING, "Run the command again.")
    }

    pub(crate) fn bad_passphrase(error: &PassphraseError) -> Self {
        Self::new("bad-passphrase", sentence(error), NOTHING, "Choose another passphrase.")
    }

    pub(crate) fn no_answer(error: &io::Error) -> Self {
        let happened = format!("There is nobody to ask: {error}.");
        Self::new(
            "no-answer",
            happened,
            NOTHING,
            "Give the passphrase with --passphrase-file, and --yes where it asks.",
        )
    }

    pub(crate) fn cannot_serve(error: &dyn Display) -> Self {
        let happened = format!("The authenticator cannot be served: {error}.");
        Self::new("cannot-serve", happened, NOTHING, "Check the address of --transport, and who may use it.")
    }

    pub(crate) fn no_attestation(path: &Path, error: &dyn Display) -> Self {
        let happened = format!("{} is of no use for attestation: {error}.", path.display());
        let advice = "A key and its certificate belong together, and the certificate names this kind of device.";
        Self::new("no-attestation", happened, NOTHING, advice)
    }

    pub(crate) fn open_to_all() -> Self {
        let happened = "Every user of this machine can reach tcp and udp, and would sign in as you.";
        Self::new("open-to-all", happened, NOTHING, "Serve a unix socket, or have each use asked for: --presence ask.")
    }

    pub(crate) fn no_terminal() -> Self {
        let happened = "There is no terminal to ask in before each use.";
        Self::new(
            "no-terminal",
            happened,
            NOTHING,
            "Run it in a terminal, or agree to every use with --presence always.",
        )
    }

    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let happened = format!("{} cannot be read: {error}.", path.display());
        Self::new("unreadable", happened, NOTHING, "Check the path and who may read it.")
    }

    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        let happened = format!("{} cannot be written: {error}.", path.display());
        Self::new("unwritable", happened, NOTHING, "Name a file that is not there yet, in a folder of yours.")
    }

    pub(crate) fn no_evidence() -> Self {
        let advice = "There is some once a sync ended with something that cannot be true.";
        Self::new("no-evidence", "This device saw nothing that it should not have.", NOTHING, advice)
    }

    pub(crate) fn not_evidence(error: &EvidenceError) -> Self {
        let happened = format!("The file cannot be judged: {error}.");
        Self::new(
            "not-evidence",
            happened,
            NOTHING,
            "Take one that `roamkey evidence export` wrote, as it was written.",
        )
    }

    pub(crate) fn not_a_log() -> Self {
        let advice = "Take a file that `roamkey log export` or `roamkey evidence export` wrote.";
        Self::new("not-a-log", "The file holds no log.", NOTHING, advice)
    }

    pub(crate) fn bad_log(error: &TrustError) -> Self {
        let happened = format!("The log in the file does not verify: {error}.");
        Self::new("bad-log", happened, NOTHING, "Do not believe it. Take the file from where it was written.")
    }

    pub(crate) fn no_check_up() -> Self {
        let advice = "Copy the whole code that `roamkey check-up` shows on the other device.";
        Self::new("no-check-up", "That is no code of another device.", NOTHING, advice)
    }

    pub(crate) fn no_account() -> Self {
        let advice =
            "Start an account with `roamkey create --server URL`, or join one with `roamkey join CODE --server URL`.";
        Self::new("no-account", "This device is of no account yet.", NOTHING, advice)
    }

    pub(crate) fn account_exists() -> Self {
        let advice = "To use another account beside it, set ROAMKEY_HOME to another folder.";
        Self::new("account-exists", "This device is of an account already.", NOTHING, advice)
    }

    pub(crate) fn no_such(what: &str, named: &str) -> Self {
        let happened = format!("There is no {what} `{named}`.");
        Self::new("not-found", happened, NOTHING, "See `roamkey list` and `roamkey devices` for what there is.")
    }

    pub(crate) fn ambiguous(named: &str) -> Self {
        let happened = format!("`{named}` names more than one.");
        Self::new("ambiguous", happened, NOTHING, "Write more of its identifier.")
    }

    pub(crate) fn no_codes(named: &str) -> Self {
        let happened = format!("`{named}` has no one-time codes.");
        Self::new("no-codes", happened, NOTHING, "See `roamkey list` for what there is.")
    }

    pub(crate) fn always_plain() -> Self {
        let happened = "Other programs read this format without a passphrase only.";
        Self::new("always-plain", happened, NOTHING, "Add --plain, and delete the file once it is read; or export CXF.")
    }

    pub(crate) fn export_differs(count: usize) -> Self {
        let happened = format!("{count} things are not in the file as they are in the vault.");
        Self::new("export-differs", happened, NOTHING, "See what differs with `roamkey export FILE --verify --json`.")
    }

    pub(crate) fn recovery_refused() -> Self {
        let advice = "If the devices or the dates look wrong, compare with another device of yours before you go on.";
        Self::new("refused", "This device was not let in.", NOTHING, advice)
    }

    pub(crate) fn refused_newcomer() -> Self {
        let advice = "If it was a slip, run `roamkey pair` again for a new code.";
        Self::new("refused", "You did not pick what it shows; it was not let in.", NOTHING, advice)
    }
}

impl From<Error> for Explanation {
    fn from(error: Error) -> Self {
        match error {
            Error::WrongPassphrase => Self::new(
                "wrong-passphrase",
                "The passphrase is wrong.",
                NOTHING,
                "Try again. Nobody can reset it; another device of yours can pair this one anew.",
            ),
            Error::Locked | Error::SessionOver => {
                Self::new("locked", "The vault is locked.", NOTHING, "Give the passphrase.")
            }
            Error::Server(BadServerUrl::Insecure) => Self::new(
                "insecure-server",
                sentence(BadServerUrl::Insecure),
                NOTHING,
                "Use the server's https address.",
            ),
            Error::Server(error) => Self::new("bad-server", sentence(error), NOTHING, "Check the address."),
            Error::Store(error) => Self::from(error),
            Error::Damaged(error) => Self::new(
                "damaged",
                format!("What this device keeps is damaged: {error}."),
                "The account and your other devices are not affected.",
                "Move the folder away and pair this device again.",
            ),
            Error::Unreachable(error) => {
                Self::new("unreachable", sentence(error), KEPT, "Try `roamkey sync` when the network is back.")
            }
            Error::NotAServer => Self::new(
                "not-a-server",
                sentence(Error::NotAServer),
                KEPT,
                "Check the server's address, and proxies on the way.",
            ),
            Error::Refused { problem, .. } => refused(problem),
            Error::AsksForInvitation => Self::new(
                "asks-for-invitation",
                sentence(Error::AsksForInvitation),
                NOTHING,
                "Ask whoever runs it for one, and give it with --invitation.",
            ),
            Error::TakesNoAccounts => {
                Self::new("takes-no-accounts", sentence(Error::TakesNoAccounts), NOTHING, "Choose another server.")
            }
            Error::TooLong => Self::new("too-long", sentence(Error::TooLong), NOTHING, "Make it shorter, or split it."),
            Error::UpdateNeeded => {
                Self::new("update-needed", sentence(Error::UpdateNeeded), KEPT, "Install the newest roamkey.")
            }
            Error::Distrust(distrust) => Self::new(
                "distrust",
                format!("The server showed what your devices cannot have written: {distrust}."),
                "Nothing of it was taken over. What is here can be used; syncing stops.",
                "Compare with another device (`roamkey log verify`), and ask whoever runs the server.",
            ),
            Error::Ended(_) => Self::new(
                "ended",
                "This device is no longer one of the account.",
                "What it holds can still be read here.",
                "To use the account on it again, move its folder away and pair it.",
            ),
            Error::NotAdmitted => Self::new(
                "not-admitted",
                "This device has not been let in yet.",
                NOTHING,
                "Wait until the other device is done, then run `roamkey sync`.",
            ),
            Error::NoSuchItem => Self::new("not-found", "There is no such item.", NOTHING, "See `roamkey list`."),
            Error::NoSuchDevice => {
                Self::new("not-found", "There is no such device in the account.", NOTHING, "See `roamkey devices`.")
            }
            Error::AlsoRevoke(devices) => {
                let names: Vec<_> = devices.iter().map(ToString::to_string).collect();
                Self::new(
                    "also-revoke",
                    format!("These opened epochs that this device cannot read: {}.", names.join(", ")),
                    "Nothing was changed. What is here can be used, and what you type waits.",
                    "Revoke all of them in one command.",
                )
            }
            Error::OtherHistory => Self::new(
                "other-history",
                "The server shows another history than the one that was picked.",
                NOTHING,
                "See `roamkey repair` again.",
            ),
            Error::PairAgain => Self::new(
                "pair-again",
                "This device is no member in the server's history.",
                "What it holds can still be read here.",
                "To use the server's, move this device's folder away and pair it again from one that is a member.",
            ),
            Error::AlreadySo => Self::new("already-so", "It is so already.", NOTHING, "There is nothing to do."),
            Error::NotACheckUp => Self::no_check_up(),
            Error::Dependents(devices) => {
                let names: Vec<_> = devices.iter().map(ToString::to_string).collect();
                Self::new(
                    "dependents",
                    format!("A device that goes had let others in: {}.", names.join(", ")),
                    NOTHING,
                    "Name each of them as well, or keep it with --keep.",
                )
            }
            Error::LastDevice => Self::new(
                "last-device",
                "It is the last device: nobody could open the vault any more.",
                NOTHING,
                "Pair another device first.",
            ),
            Error::PendingChanges(count) => Self::new(
                "pending-changes",
                format!("{count} changes have not reached the server."),
                KEPT,
                "Run `roamkey sync` first.",
            ),
            Error::Busy => Self::new("busy", sentence(Error::Busy), NOTHING, "Run the command again."),
            Error::Pairing(error) => pairing(error),
            Error::Kit(error) => kit(error),
            Error::Recovery(error) => recovery(&error),
            other => Self::new("internal", sentence(other), NOTHING, "This is a fault of roamkey; please report it."),
        }
    }
}

impl From<ImportError> for Explanation {
    fn from(error: ImportError) -> Self {
        let happened = sentence(&error);
        let (code, advice) = match error {
            ImportError::TooLarge { .. } | ImportError::TooManyItems { .. } => {
                ("file-too-large", "Export less at a time, or without attachments.")
            }
            ImportError::Unknown => (
                "unknown-format",
                "Take a file as the other program exported it: CSV with its first line, JSON, or one of its own formats.",
            ),
            ImportError::NeedsSecret => ("needs-passphrase", "Give the passphrase of the file with --file-passphrase."),
            ImportError::WrongSecret => {
                ("wrong-file-passphrase", "Try again with the passphrase that was chosen for the file.")
            }
            ImportError::OnlyForAccount(_) => ("only-for-account", "Only the other program can open this one."),
            ImportError::TooCostly => {
                ("too-costly", "Export it anew with the usual settings, or without a passphrase.")
            }
            _ => {
                ("malformed-file", "Export it anew; a table that an editor changed may have lost its quotation marks.")
            }
        };
        Self::new(code, happened, NOTHING, advice)
    }
}

impl From<StoreError> for Explanation {
    fn from(error: StoreError) -> Self {
        let happened = sentence(&error);
        match error {
            StoreError::Full => Self::new(
                "disk-full",
                "The disk is full, or a limit on it is reached.",
                "Nothing was changed.",
                "Make room and run the command again.",
            ),
            StoreError::UpdateNeeded => Self::new("update-needed", happened, NOTHING, "Install the newest roamkey."),
            StoreError::Damaged(_) => Self::new(
                "damaged",
                happened,
                "The account and your other devices are not affected.",
                "Move the folder away and pair this device again.",
            ),
            _ => Self::new("store", happened, NOTHING, "Check the folder and who may write to it."),
        }
    }
}

impl<L> From<Stayed<L>> for Explanation {
    fn from(stayed: Stayed<L>) -> Self {
        stayed.error.into()
    }
}

impl From<FolderError> for Explanation {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Nowhere => Self::new(
                "no-folder",
                "There is no home directory to keep the device in.",
                NOTHING,
                "Set ROAMKEY_HOME to a folder.",
            ),
            FolderError::InUse(path) => Self::new(
                "in-use",
                format!("Another roamkey is using {}.", path.display()),
                NOTHING,
                "Wait until it is done, or end it.",
            ),
            FolderError::Io(path, error) => Self::new(
                "store",
                format!("{} cannot be used: {error}.", path.display()),
                NOTHING,
                "Check the folder and who may write to it.",
            ),
        }
    }
}

impl From<MachineError> for Explanation {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Authority(reason) => {
                Self::new("bad-authority", format!("{reason}."), NOTHING, "Give a PEM file with --ca or ROAMKEY_CA.")
            }
            MachineError::Store(error) => error.into(),
        }
    }
}

fn refused(problem: Problem) -> Explanation {
    let (happened, advice) = match problem {
        Problem::QuotaExceeded => {
            ("The account on the server is full.", "Delete items, or ask whoever runs the server for room.")
        }
        Problem::Unavailable => ("The server cannot write at the moment.", "Try `roamkey sync` later."),
        Problem::Held => {
            ("Another device is taking one out of the account; that goes first.", "Try `roamkey sync` in a moment.")
        }
        Problem::RateLimited => ("The server was asked too often.", "Try `roamkey sync` in a moment."),
        Problem::NotAMember => {
            ("This device is no longer one of the account.", "To use the account on it again, pair it.")
        }
        Problem::UnknownAccount => {
            ("The server does not know the account.", "Check the server's address, or ask whoever runs it.")
        }
        Problem::NotInvited => (
            "The invitation is over, or another account was started with it.",
            "Ask whoever runs the server for another one, and create the account anew with --invitation, in an empty ROAMKEY_HOME.",
        ),
        _ => ("The server refused.", "Try again; if it stays so, report it with the code below."),
    };
    Explanation::new(problem.kind(), happened, KEPT, advice)
}

fn pairing(error: PairingError) -> Explanation {
    let advice = match error {
        PairingError::BadCode => "A code looks like 4711-apple-river. Type it as the other device shows it.",
        PairingError::WrongEmoji => "If it was a slip, run `roamkey pair` again for a new code.",
        _ => "Run `roamkey pair` on the other device for a new code, and join with that.",
    };
    Explanation::new(error.code(), sentence(error), "Nothing was changed, and nobody was let in.", advice)
}

fn kit(error: KitError) -> Explanation {
    match error {
        KitError::Groups(_) => Explanation::new(
            "kit-mistyped",
            sentence(error),
            NOTHING,
            "Compare that group with the page. A group has eight characters; there is no letter I, L, O or U.",
        ),
        KitError::UpdateNeeded { .. } => {
            Explanation::new("update-needed", sentence(error), NOTHING, "Install the newest roamkey.")
        }
        _ => Explanation::new(
            "not-a-kit",
            sentence(error),
            NOTHING,
            "Type or scan the whole kit, from its first group on.",
        ),
    }
}

fn recovery(error: &RecoveryError) -> Explanation {
    let (code, advice) = match error {
        RecoveryError::Replaced { .. } | RecoveryError::NotSet => {
            ("kit-replaced", "Find the newest kit: an older one serves no more once it was replaced.")
        }
        RecoveryError::ForeignServer => {
            ("foreign-server", "Check the network that you are on, and ask whoever runs the server whether it moved.")
        }
        RecoveryError::UpdateNeeded => ("update-needed", "Install the newest roamkey."),
        RecoveryError::OtherAccount => ("other-account", "Use the kit of this account."),
        RecoveryError::ShutOut => ("shut-out", "Revoke the device that did it, on one that is still in."),
        RecoveryError::RolledBack { .. } | RecoveryError::Forked { .. } | RecoveryError::Withheld => {
            ("distrust", "Do not go on. Ask whoever runs the server whether it was restored from a backup.")
        }
        _ => ("recovery-failed", "Do not go on; report it with what is said here."),
    };
    Explanation::new(code, sentence(error), "Nothing was signed, and nobody was let in.", advice)
}

/// An error's text as a sentence.
fn sentence(error: impl Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

const NOTHING: &str = "Nothing was changed.";
const KEPT: &str = "What you changed is kept on this device.";
