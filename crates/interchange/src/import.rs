//! Reading the files of other password managers.

mod archive;
mod bitwarden;
mod csv;
mod cxf;
mod error;
mod format;
mod json;
mod kdbx;
mod keeper;
mod notice;
mod onepassword;
mod proton;

use roamkey_proto::Time;
use roamkey_vault::{
    SecretBytes, SecretText,
    item::{Login, Note, PrfSeeds},
};

use self::archive::Archive;
pub use self::{
    error::{Fault, ImportError},
    format::Format,
    notice::{Effect, Notice, Reason},
};
use crate::{limits, otp::Totp};

/// What a file holds.
#[derive(Debug)]
pub struct Import {
    /// What the file is.
    pub format: Format,
    /// Its items, in its order.
    pub entries: Vec<Entry>,
    /// What of it could not be taken up at all.
    pub refused: Vec<Refused>,
}

/// One item of a file, or a part of one.
#[derive(Debug)]
pub struct Entry {
    /// What it is.
    pub content: Foreign,
    /// When it was made, if the file says so.
    pub created: Option<Time>,
    /// Whether the file has it in its trash.
    pub is_trashed: bool,
    /// Passwords that it had before, and when they were replaced; the newest last.
    pub old_passwords: Vec<(SecretText, Option<Time>)>,
    /// What the file calls the item; parts of one item have one name.
    pub name: String,
    /// Which part of that item, counted from 0.
    pub part: u64,
    /// What the vault has no field for, in the words of the file.
    pub rest: Option<SecretText>,
    /// Where in the file it stands.
    pub place: Place,
    /// What is not as it was.
    pub notices: Vec<Notice>,
}

/// An item as a file has it.
pub enum Foreign {
    /// A user name and password.
    Login(Login),
    /// Text, and whatever is no login.
    Note(Note),
    /// A passkey, whose key is still in the file's form.
    Passkey(ForeignPasskey),
}

/// A passkey as a file has it.
pub struct ForeignPasskey {
    /// The relying party.
    pub rp_id: String,
    /// The credential's identifier.
    pub credential_id: Vec<u8>,
    /// The site's number for the user.
    pub user_handle: Option<Vec<u8>>,
    /// The user's name there.
    pub user_name: Option<String>,
    /// The user's name as shown there.
    pub display_name: Option<String>,
    /// The private key: PKCS#8 in DER.
    pub key: SecretBytes,
    /// What PRF answers are computed from, if the file has it.
    pub prf_seeds: Option<PrfSeeds>,
    /// CTAP's credBlob.
    pub cred_blob: Option<SecretBytes>,
    /// WebAuthn's largeBlob.
    pub large_blob: Option<SecretBytes>,
    /// Whether a site finds it without naming it.
    pub is_discoverable: bool,
    /// Whether it serves payments in a frame of another site.
    pub serves_payments: bool,
    /// What only our own files say.
    pub own: Option<OwnTraits>,
}

/// What a file of ours says of a passkey beyond its format.
pub struct OwnTraits {
    /// The name of the algorithm, where a key has several: its number in COSE.
    pub algorithm: i64,
    /// All that holds for it.
    pub flags: u64,
    /// CTAP's largeBlobKey.
    pub large_blob_key: Option<SecretBytes>,
}

/// What could not be taken up.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where in the file it stands.
    pub place: Place,
    /// Why.
    pub reason: Reason,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A line, counted from 1.
    Line(u64),
    /// An item, counted from 1.
    Item(usize),
    /// A line of a file in an archive.
    LineOf(String, u64),
}

impl Entry {
    /// An item without anything special.
    pub(crate) fn new(content: Foreign, name: String, place: Place) -> Self {
        Self {
            content,
            created: None,
            is_trashed: false,
            old_passwords: Vec::new(),
            name,
            part: 0,
            rest: None,
            place,
            notices: Vec::new(),
        }
    }

    pub(crate) fn note(&mut self, field: impl Into<String>, reason: Reason) {
        self.notices.push(Notice { field: field.into(), reason });
    }

    /// Returns what it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        match &self.content {
            Foreign::Login(login) if login.title.is_empty() => login.sites.first().map_or("", String::as_str),
            Foreign::Login(login) => &login.title,
            Foreign::Note(note) => &note.title,
            Foreign::Passkey(passkey) => &passkey.rp_id,
        }
    }

    /// Returns the account's name, if it has one.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.content {
            Foreign::Login(login) => login.username.as_deref(),
            Foreign::Note(_) => None,
            Foreign::Passkey(passkey) => passkey.user_name.as_deref().or(passkey.display_name.as_deref()),
        }
    }
}

impl core::fmt::Debug for Foreign {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Login(_) => "Login(redacted)",
            Self::Note(_) => "Note(redacted)",
            Self::Passkey(_) => "Passkey(redacted)",
        })
    }
}

impl core::fmt::Display for Place {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Item(item) => write!(f, "item {item}"),
            Self::LineOf(file, line) => write!(f, "{file}, line {line}"),
        }
    }
}

/// Reads a file. What it is shows from its structure, whatever it is called.
///
/// `secret` is the passphrase of an encrypted file.
///
/// # Errors
/// See [`ImportError`]; [`ImportError::NeedsSecret`] asks for the passphrase.
pub fn read(bytes: &[u8], secret: Option<&str>) -> Result<Import, ImportError> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(ImportError::TooLarge { limit: limits::FILE_BYTES });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let import = match () {
        () if bytes.starts_with(kdbx::MAGIC) => kdbx::read(bytes, secret)?,
        () if bytes.starts_with(archive::MAGIC) => read_archive(bytes)?,
        () => read_text(bytes, secret)?,
    };
    if import.entries.len() > limits::ITEMS {
        return Err(ImportError::TooManyItems { limit: limits::ITEMS });
    }
    Ok(import)
}

fn read_text(bytes: &[u8], secret: Option<&str>) -> Result<Import, ImportError> {
    let import = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => read_json(bytes, secret)?,
        Some(_) => csv::read(bytes)?,
        None => return Err(ImportError::Unknown),
    };
    Ok(import)
}

/// What an archive is shows from the names of its files.
fn read_archive(bytes: &[u8]) -> Result<Import, ImportError> {
    let mut archive = Archive::open(bytes)?;
    let names = archive.names();
    let find = |ending: &str| names.iter().find(|name| name.rsplit('/').next() == Some(ending));
    if let Some(name) = find("export.data") {
        return onepassword::read(json::parse(&archive.read(name)?)?);
    }
    if let Some(name) = find("data.json") {
        return read_json(&archive.read(name)?, None);
    }
    if find("data.pgp").is_some() {
        return Err(ImportError::OnlyForAccount(Format::ProtonJson));
    }
    if find("credentials.csv").is_none() {
        return Err(ImportError::Unknown);
    }
    // Dashlane: a table for each kind of item.
    let mut import = Import { format: Format::DashlaneCsv, entries: Vec::new(), refused: Vec::new() };
    for name in names.iter().filter(|name| name.ends_with(".csv")) {
        let table = csv::read_table(&archive.read(name)?, name)?;
        import.entries.extend(table.entries);
        import.refused.extend(table.refused);
        if import.entries.len() > limits::ITEMS {
            return Err(ImportError::TooManyItems { limit: limits::ITEMS });
        }
    }
    Ok(import)
}

/// Makes the address of a generator of one-time codes, if a text is one. Where it is a bare secret, the item names it.
fn totp(text: &str, title: &str, account: Option<&str>) -> Option<SecretText> {
    let mut totp = Totp::parse(text).ok()?;
    totp.issuer = totp.issuer.or_else(|| Some(title.to_owned()).filter(|title| !title.is_empty()));
    totp.account = totp.account.or_else(|| account.map(str::to_owned));
    // Exposed to be moved where it is wiped as well.
    Some(SecretText::new(totp.to_uri().to_string()))
}

fn read_json(bytes: &[u8], secret: Option<&str>) -> Result<Import, ImportError> {
    let document = json::parse(bytes)?;
    let has = |name: &str| document.contains_key(name);
    if has("encrypted") && (has("items") || has("data")) {
        bitwarden::read(document, secret)
    } else if has("vaults") && has("version") {
        proton::read(document)
    } else if document.get("records").is_some_and(serde_json::Value::is_array) {
        Ok(keeper::read(document))
    } else if has("exporterRpId") && has("accounts") {
        cxf::read(document)
    } else {
        Err(ImportError::Unknown)
    }
}

#[cfg(test)]
mod tests;
