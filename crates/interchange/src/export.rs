//! Writing files that other password managers read.

mod bitwarden;
mod csv;
mod cxf;

use roamkey_proto::{ItemId, Time};
use roamkey_vault::{Content, Item};
use zeroize::Zeroizing;

/// An item that goes out.
pub struct Outgoing<'a> {
    /// Which.
    pub id: ItemId,
    /// What it is.
    pub item: &'a Item,
    /// A passkey's key in the form of others; none for what is no passkey, or one that this version cannot read.
    pub key: Option<PortableKey>,
}

/// A passkey's key in the form of others.
pub struct PortableKey {
    /// PKCS#8 in DER.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The algorithm's number in COSE, by the name that the site asked for.
    pub algorithm: i64,
}

/// A file.
pub struct Written {
    /// Its text.
    pub text: Zeroizing<String>,
    /// How many items of the vault it holds.
    pub items: usize,
    /// What it does not hold.
    pub left_out: Vec<LeftOut>,
}

/// Something that a format has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Of which item.
    pub item: ItemId,
    /// What.
    pub field: &'static str,
}

/// A format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// FIDO's Credential Exchange Format: holds all but old passwords.
    Cxf,
    /// Bitwarden's JSON: holds logins, notes, and passkeys of ES256 without their extensions.
    Bitwarden,
    /// CSV as Apple Passwords and browsers read it: holds logins.
    Csv,
}

/// Writes a file of items. What they are is theirs to say: whoever wants none of the trash in it leaves it out.
#[must_use]
pub fn write(target: Target, items: &[Outgoing<'_>], account: &[u8], now: Time) -> Written {
    let items: Vec<_> = items.iter().filter(|outgoing| is_for_people(&outgoing.item.content)).collect();
    match target {
        Target::Cxf => cxf::write(&items, account, now),
        Target::Bitwarden => bitwarden::write(&items),
        Target::Csv => csv::write(&items),
    }
}

/// Whether a person made it; devices, uses, settings and rules are the vault's own.
const fn is_for_people(content: &Content) -> bool {
    matches!(content, Content::Passkey(_) | Content::Login(_) | Content::Note(_))
}

impl core::fmt::Debug for PortableKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PortableKey(redacted)")
    }
}

impl core::fmt::Debug for Written {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Written({} items, redacted)", self.items)
    }
}
