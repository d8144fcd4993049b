use super::{Format, Place};

/// Why a file cannot be imported. Its text says where, never what stands there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It is larger than a file may be.
    #[error("the file is larger than {} MiB", limit / (1024 * 1024))]
    TooLarge {
        /// How many bytes it may have.
        limit: usize,
    },
    /// It holds more items than an import may.
    #[error("the file holds more than {limit} items")]
    TooManyItems {
        /// How many it may hold.
        limit: usize,
    },
    /// It is no export of a password manager that we know.
    #[error("the file is no export that is known here")]
    Unknown,
    /// It is encrypted, and its passphrase was not given.
    #[error("the file is encrypted: its passphrase is needed")]
    NeedsSecret,
    /// The passphrase is another one, or the file was changed: nobody can tell.
    #[error("the passphrase does not open the file")]
    WrongSecret,
    /// It is encrypted for an account of the other manager: only that can open it.
    #[error("the file is encrypted for an account of {0}: export it anew, with a passphrase of its own or with none")]
    OnlyForAccount(Format),
    /// It asks for more work or memory to be opened than any manager sets.
    #[error("the file asks for more work to be opened than any password manager sets")]
    TooCostly,
    /// It does not follow its format.
    #[error("{}the file does not follow {format}: {fault}", at(.place))]
    Malformed {
        /// The format.
        format: Format,
        /// Where.
        place: Option<Place>,
        /// What is wrong.
        fault: Fault,
    },
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Bytes that are no text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// A syntax error.
    #[error("its syntax breaks off or is not valid")]
    Syntax,
    /// A quotation mark that nothing closes.
    #[error("a quotation mark is opened and never closed")]
    OpenQuote,
    /// A member that must be there.
    #[error("`{0}` is missing or not of its type")]
    Missing(&'static str),
    /// An archive that unpacks to too much.
    #[error("it unpacks to more than an export holds")]
    Bomb,
    /// A document type or entities in XML.
    #[error("it declares entities, which no export does")]
    Entities,
    /// A version that is not known.
    #[error("its version {0} is not known")]
    Version(u64),
    /// A cipher, compression or derivation that is not known.
    #[error("it uses an unknown `{0}`")]
    Method(&'static str),
}

fn at(place: &Option<Place>) -> String {
    place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default()
}
