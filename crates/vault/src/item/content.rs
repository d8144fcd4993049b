use core::fmt;

use minicbor::{Decode, Encode};
use roamkey_proto::{DecodeError, DeviceId};

use super::{Kind, Passkey, Usage};
use crate::{SecretText, fields::Fields};

/// What an item is, with its fields.
pub enum Content {
    /// A passkey.
    Passkey(Passkey),
    /// A user name and password.
    Login(Login),
    /// Text.
    Note(Note),
    /// What a device is called.
    DeviceProfile(DeviceProfile),
    /// When and where passkeys were used from one device.
    Usage(Usage),
    /// A choice that holds on all devices.
    Setting(Setting),
    /// A choice for one site.
    SiteRule(SiteRule),
    /// A kind of a newer version, all of whose fields are kept.
    Unknown(u16),
}

/// A user name and password for a site.
#[derive(Default)]
pub struct Login {
    /// What the person calls it.
    pub title: String,
    /// Where it serves: hosts or origins.
    pub sites: Vec<String>,
    /// The user name.
    pub username: Option<String>,
    /// The password.
    pub password: Option<SecretText>,
    /// What else the person wrote.
    pub notes: Option<SecretText>,
    /// The one-time code generator, as an `otpauth://` address.
    pub totp: Option<SecretText>,
    /// Words by which the person keeps order.
    pub tags: Vec<String>,
    /// Whatever else belongs to it, each under a name of its own.
    pub fields: Vec<CustomField>,
}

impl Login {
    /// Returns the hosts that it is for, each once: sites without scheme, account, port and path, in lower case.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts: Vec<String> = Vec::new();
        for host in self.sites.iter().map(|site| host_of(site)).filter(|host| !host.is_empty()) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts
    }
}

/// Returns the host of a site as people and programs write it: an address, an origin, or the host alone.
#[must_use]
pub fn host_of(site: &str) -> String {
    let rest = site.split_once("://").map_or(site, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let without_port = match host.rsplit_once(':') {
        // An address of IPv6 has colons of its own, and brackets where a port may follow.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    };
    without_port.trim().trim_end_matches('.').to_lowercase()
}

/// Text that a person keeps.
#[derive(Default)]
pub struct Note {
    /// Its title.
    pub title: String,
    /// The text.
    pub text: SecretText,
    /// Words by which the person keeps order.
    pub tags: Vec<String>,
    /// Whatever else belongs to it, each under a name of its own.
    pub fields: Vec<CustomField>,
}

/// A value under a name that the person, or another program, gave it.
#[derive(Encode, Decode)]
#[cbor(map)]
pub struct CustomField {
    /// Its name.
    #[n(1)]
    pub label: String,
    /// The value.
    #[n(2)]
    pub value: SecretText,
    /// Whether it is shown.
    #[n(3)]
    pub kind: FieldKind,
}

/// Whether a custom field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum FieldKind {
    /// It is.
    #[n(1)]
    Text,
    /// Only where the person asks.
    #[n(2)]
    Hidden,
}

impl fmt::Debug for CustomField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomField({:?}, redacted)", self.kind)
    }
}

/// What a device is called. Its name is typed, so it is here and not in the log.
pub struct DeviceProfile {
    /// The device; never changes.
    pub device: DeviceId,
    /// What the person calls it.
    pub name: String,
    /// What it runs on.
    pub platform: String,
}

/// A choice that holds on all devices.
pub struct Setting {
    /// Which one; never changes.
    pub name: String,
    /// What was chosen, in the words of that setting.
    pub value: String,
}

/// A choice for one site.
pub struct SiteRule {
    /// The registrable domain; never changes.
    pub site: String,
    /// What was chosen.
    pub rule: Rule,
}

/// What Roamkey does on a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum Rule {
    /// It asks, as everywhere.
    #[n(1)]
    Offer,
    /// It leaves the site to the browser.
    #[n(2)]
    Leave,
}

impl Content {
    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Passkey(_) => Kind::Passkey,
            Self::Login(_) => Kind::Login,
            Self::Note(_) => Kind::Note,
            Self::DeviceProfile(_) => Kind::DeviceProfile,
            Self::Usage(_) => Kind::Usage,
            Self::Setting(_) => Kind::Setting,
            Self::SiteRule(_) => Kind::SiteRule,
            Self::Unknown(number) => Kind::Unknown(*number),
        }
    }

    pub(super) fn take(kind: Kind, fields: &mut Fields) -> Result<Self, DecodeError> {
        Ok(match kind {
            Kind::Passkey => Self::Passkey(Passkey::take(fields)?),
            Kind::Login => Self::Login(Login {
                title: fields.need(key::TITLE)?,
                sites: fields.need(key::SITES)?,
                username: fields.take(key::USERNAME)?,
                password: fields.take(key::PASSWORD)?,
                notes: fields.take(key::NOTES)?,
                totp: fields.take(key::TOTP)?,
                tags: take_list(fields, key::TAGS)?,
                fields: take_list(fields, key::FIELDS)?,
            }),
            Kind::Note => Self::Note(Note {
                title: fields.need(key::TITLE)?,
                text: fields.need(key::TEXT)?,
                tags: take_list(fields, key::TAGS)?,
                fields: take_list(fields, key::FIELDS)?,
            }),
            Kind::DeviceProfile => Self::DeviceProfile(DeviceProfile {
                device: fields.need(key::SUBJECT)?,
                name: fields.need(key::NAME)?,
                platform: fields.need(key::PLATFORM)?,
            }),
            Kind::Usage => Self::Usage(Usage::take(fields)?),
            Kind::Setting => {
                Self::Setting(Setting { name: fields.need(key::SUBJECT)?, value: fields.need(key::CHOICE)? })
            }
            Kind::SiteRule => {
                Self::SiteRule(SiteRule { site: fields.need(key::SUBJECT)?, rule: fields.need(key::CHOICE)? })
            }
            Kind::Unknown(number) => Self::Unknown(number),
        })
    }

    pub(super) fn put(&self, fields: &mut Fields) {
        match self {
            Self::Passkey(passkey) => passkey.put(fields),
            Self::Login(login) => {
                fields.put(key::TITLE, &login.title);
                fields.put(key::SITES, &login.sites);
                fields.put_some(key::USERNAME, login.username.as_ref());
                fields.put_some(key::PASSWORD, login.password.as_ref());
                fields.put_some(key::NOTES, login.notes.as_ref());
                fields.put_some(key::TOTP, login.totp.as_ref());
                put_list(fields, key::TAGS, &login.tags);
                put_list(fields, key::FIELDS, &login.fields);
            }
            Self::Note(note) => {
                fields.put(key::TITLE, &note.title);
                fields.put(key::TEXT, &note.text);
                put_list(fields, key::TAGS, &note.tags);
                put_list(fields, key::FIELDS, &note.fields);
            }
            Self::DeviceProfile(profile) => {
                fields.put(key::SUBJECT, &profile.device);
                fields.put(key::NAME, &profile.name);
                fields.put(key::PLATFORM, &profile.platform);
            }
            Self::Usage(usage) => usage.put(fields),
            Self::Setting(setting) => {
                fields.put(key::SUBJECT, &setting.name);
                fields.put(key::CHOICE, &setting.value);
            }
            Self::SiteRule(rule) => {
                fields.put(key::SUBJECT, &rule.site);
                fields.put(key::CHOICE, &rule.rule);
            }
            Self::Unknown(_) => {}
        }
    }
}

/// Reads a list; an empty one takes no key, so that there is one way to write it.
fn take_list<T: for<'b> Decode<'b, ()>>(fields: &mut Fields, key: u64) -> Result<Vec<T>, DecodeError> {
    match fields.take::<Vec<T>>(key)? {
        Some(list) if list.is_empty() => Err(DecodeError::NonCanonical),
        list => Ok(list.unwrap_or_default()),
    }
}

fn put_list<T: Encode<()>>(fields: &mut Fields, key: u64, list: &Vec<T>) {
    fields.put_some(key, (!list.is_empty()).then_some(list));
}

/// Says only the kind: names of sites and users are secrets of the vault as well.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(redacted)", self.kind())
    }
}

/// The keys of the fields, beside those of passkeys.
pub(crate) mod key {
    /// What an item of this kind is about; never changes.
    pub(crate) const SUBJECT: u64 = 16;
    pub(crate) const TITLE: u64 = 17;
    pub(crate) const SITES: u64 = 18;
    pub(crate) const USERNAME: u64 = 19;
    pub(crate) const PASSWORD: u64 = 20;
    pub(crate) const NOTES: u64 = 21;
    pub(crate) const TOTP: u64 = 22;
    pub(crate) const TEXT: u64 = 23;
    pub(crate) const NAME: u64 = 24;
    pub(crate) const PLATFORM: u64 = 25;
    pub(crate) const CHOICE: u64 = 26;
    pub(crate) const USES: u64 = 27;
    pub(crate) const TAGS: u64 = 28;
    pub(crate) const FIELDS: u64 = 29;
}
