//! What the messages say for what the client says.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use roamkey_authenticator::{PrivateKey, WebauthnError, webauthn};
use roamkey_client::{
    BadPage, Device, DeviceStatus as ClientStatus, Error, Found, Kind, Stayed, StoreError, Summary,
    pairing::{Emoji, PairingError},
    recovery::RecoveryError,
};
use roamkey_proto::{RevokeReason, Time, problem::Problem};
use roamkey_sealing::recovery::KitError;
use roamkey_trust::{Change, Log, Summary as Entry};
use roamkey_vault::{
    Content, SecretText,
    item::{CustomField, FieldKind, PasskeyFlags},
    operation::Field,
};

use crate::messages::{
    DeviceStatus, DeviceView, DomErrorName, EmojiChoice, ErrorCode, Failure, FieldView, ImportedFrom, Item, ItemDetail,
    ItemKind, ItemSummary, LogAction, LogEntry, LogView, LostText, PastValue, Revealed, RevokeWhy, UnappliedChange,
    UserVerification,
};

impl Failure {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), name: None, devices: None, place: None, group: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Locked | Error::SessionOver => ErrorCode::Locked,
            Error::WrongPassphrase => ErrorCode::WrongPassphrase,
            Error::Server(_) | Error::NotAServer => ErrorCode::BadServer,
            Error::Store(StoreError::Damaged(_)) | Error::Damaged(_) => ErrorCode::Damaged,
            Error::Store(StoreError::UpdateNeeded) | Error::UpdateNeeded => ErrorCode::UpdateNeeded,
            Error::Store(_) => ErrorCode::Storage,
            Error::AsksForInvitation => ErrorCode::AsksForInvitation,
            Error::TakesNoAccounts => ErrorCode::TakesNoAccounts,
            Error::Unreachable(_) => ErrorCode::Unreachable,
            Error::Refused { problem, .. } => refused(*problem),
            Error::Distrust(_) => ErrorCode::Distrust,
            Error::Ended(_) => ErrorCode::Revoked,
            Error::OtherHistory => ErrorCode::OtherHistory,
            Error::PairAgain => ErrorCode::PairAgain,
            Error::NoSuchItem | Error::NoSuchDevice => ErrorCode::NotFound,
            Error::Page(BadPage::Insecure) => ErrorCode::NotEncrypted,
            Error::Page(_) => ErrorCode::ForeignFrame,
            Error::OtherSite => ErrorCode::OtherSite,
            Error::Dependents(_) => ErrorCode::Dependents,
            Error::LastDevice => ErrorCode::LastDevice,
            Error::PendingChanges(_) => ErrorCode::PendingChanges,
            Error::TooLong => ErrorCode::TooLong,
            Error::Busy | Error::NotAdmitted => ErrorCode::Unavailable,
            Error::Pairing(PairingError::BadCode) => ErrorCode::BadCode,
            Error::Pairing(PairingError::NotPairing) => ErrorCode::NotPairing,
            Error::Pairing(_) => ErrorCode::CodeGone,
            Error::Kit(KitError::UpdateNeeded { .. }) | Error::Recovery(RecoveryError::UpdateNeeded) => {
                ErrorCode::UpdateNeeded
            }
            Error::Kit(_) => ErrorCode::BadKit,
            Error::Recovery(RecoveryError::Replaced { .. } | RecoveryError::NotSet) => ErrorCode::KitReplaced,
            Error::Recovery(RecoveryError::OtherAccount) => ErrorCode::OtherAccount,
            Error::Recovery(_) => ErrorCode::Distrust,
            _ => ErrorCode::Internal,
        };
        let devices = match &error {
            Error::Dependents(devices) => Some(devices.iter().map(ToString::to_string).collect()),
            _ => None,
        };
        let group = match &error {
            Error::Kit(KitError::Groups(error)) => error.group().map(count),
            _ => None,
        };
        Self { devices, group, ..Self::new(code, error.to_string()) }
    }
}

impl<L> From<Stayed<L>> for Failure {
    fn from(stayed: Stayed<L>) -> Self {
        stayed.error.into()
    }
}

fn refused(problem: Problem) -> ErrorCode {
    match problem {
        Problem::QuotaExceeded => ErrorCode::QuotaExceeded,
        Problem::NotAMember => ErrorCode::Revoked,
        Problem::NotInvited => ErrorCode::BadInvitation,
        Problem::Unavailable | Problem::Held | Problem::RateLimited | Problem::Internal => ErrorCode::Unavailable,
        _ => ErrorCode::Refused,
    }
}

/// A number for TypeScript; none of ours comes near its end.
pub(crate) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn kind(kind: Kind) -> ItemKind {
    match kind {
        Kind::Passkey => ItemKind::Passkey,
        Kind::Login => ItemKind::Login,
        Kind::Note => ItemKind::Note,
    }
}

pub(crate) fn list_kind(kind: ItemKind) -> Kind {
    match kind {
        ItemKind::Passkey => Kind::Passkey,
        ItemKind::Login => Kind::Login,
        ItemKind::Note => Kind::Note,
    }
}

pub(crate) fn summary(summary: &Summary, last_used: Option<Time>) -> ItemSummary {
    ItemSummary {
        id: summary.id.to_string(),
        kind: kind(summary.kind),
        title: summary.title.clone(),
        site: summary.site.clone(),
        group: summary.group.clone(),
        account: summary.account.clone(),
        tags: Some(summary.tags.clone()).filter(|tags| !tags.is_empty()),
        created: summary.created.0,
        last_used: last_used.map(|time| time.0),
        trashed: summary.trashed.map(|time| time.0),
        synced: summary.stored,
    }
}

/// One item; none if it is of a kind that no list shows.
pub(crate) fn item(found: &Found, last_used: Option<Time>, beside: Vec<ItemSummary>) -> Option<Item> {
    let shown = |secret: &Option<SecretText>| secret.as_ref().map(|text| text.expose().to_owned()).unwrap_or_default();
    let detail = match &found.item.content {
        Content::Passkey(passkey) => ItemDetail::Passkey {
            rp_id: passkey.rp_id.clone(),
            credential_id: base64url(&passkey.credential_id),
            user_name: passkey.user_name.clone().unwrap_or_default(),
            display_name: passkey.display_name.clone().unwrap_or_default(),
            algorithm: algorithm(passkey.cose_key.expose()),
            hidden: passkey.flags.has(PasskeyFlags::HIDDEN),
        },
        Content::Login(login) => ItemDetail::Login {
            sites: login.sites.clone(),
            user_name: login.username.clone().unwrap_or_default(),
            notes: shown(&login.notes),
            has_codes: login.totp.is_some(),
            tags: login.tags.clone(),
            fields: login.fields.iter().map(field_view).collect(),
        },
        Content::Note(note) => ItemDetail::Note {
            text: note.text.expose().to_owned(),
            tags: note.tags.clone(),
            fields: note.fields.iter().map(field_view).collect(),
        },
        _ => return None,
    };
    let history = found.item.history.iter().filter(|past| past.field() != Some(Field::Password));
    let history = history.filter_map(|past| {
        let text = past.expose_text().map(str::to_owned);
        let value = text.or_else(|| past.expose_texts().map(|texts| texts.join(", ")))?;
        Some(PastValue { field: field(past.field()?).to_owned(), value, time: past.at.0 })
    });
    let origin = found.item.origin.as_ref();
    let imported = origin.map(|origin| ImportedFrom { format: origin.format.clone(), at: origin.import.at().0 });
    let summary = self::summary(&Summary::of(found)?, last_used);
    Some(Item { summary, detail, history: history.collect(), beside, imported })
}

/// A field of a person's own; a hidden one without its value.
fn field_view(field: &CustomField) -> FieldView {
    let value = (field.kind != FieldKind::Hidden).then(|| field.value.expose().to_owned());
    FieldView { label: field.label.clone(), value }
}

/// What is hidden until asked for: passwords, and the values of its own fields.
pub(crate) fn revealed(found: &Found) -> Option<Revealed> {
    // Shown because the person asked for it.
    let exposed = |fields: &[CustomField]| fields.iter().map(|field| field.value.expose().to_owned()).collect();
    let (password, fields) = match &found.item.content {
        Content::Login(login) => (login.password.as_ref(), exposed(&login.fields)),
        Content::Note(note) => (None, exposed(&note.fields)),
        _ => return None,
    };
    let password = password.map(|password| password.expose().to_owned()).unwrap_or_default();
    let past = found.item.history.iter().rev().filter(|past| past.field() == Some(Field::Password));
    let past = past.filter_map(|past| past.expose_text().map(str::to_owned)).collect();
    Some(Revealed { password, past, fields })
}

/// A change that came to nothing; what is secret of it only where the person asked.
pub(crate) fn unapplied(change: &roamkey_client::Unapplied, reveal: bool) -> UnappliedChange {
    let text = |(field, text): &(Field, SecretText)| {
        let is_shown = reveal || !matches!(field, Field::Password | Field::Totp | Field::Fields);
        LostText { field: self::field(*field).to_owned(), text: is_shown.then(|| text.expose().to_owned()) }
    };
    UnappliedChange {
        id: change.id.to_string(),
        item: change.item.to_string(),
        time: change.at.0,
        texts: change.texts.iter().map(text).collect(),
    }
}

fn algorithm(cose_key: &[u8]) -> String {
    PrivateKey::from_cose(cose_key).map_or("unknown".to_owned(), |key| format!("{:?}", key.algorithm()))
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Sites => "site",
        Field::Username | Field::UserName => "userName",
        Field::Password => "password",
        Field::Notes => "notes",
        Field::Text => "text",
        Field::Name => "name",
        Field::DisplayName => "displayName",
        _ => "other",
    }
}

pub(crate) fn device(device: &Device, now: Time) -> DeviceView {
    DeviceView {
        id: device.id.to_string(),
        name: device.profile.as_ref().map(|profile| profile.name.clone()),
        platform: device.profile.as_ref().map(|profile| profile.platform.clone()),
        current: device.is_current,
        added_at: device.added.0,
        added_by: device.added_by.map(|id| id.to_string()),
        recovered: device.is_recovered,
        status: match device.status {
            ClientStatus::Active => DeviceStatus::Active,
            ClientStatus::Revoked { time, reason } => DeviceStatus::Revoked { at: time.0, reason: why(reason) },
            ClientStatus::Left { time } => DeviceStatus::Left { at: time.0 },
        },
        recent: device.added_by.is_some() && now.millis_since(device.added) < RECENT_MS,
        last_contact: device.last_contact.map(|time| time.0),
        silent: device.is_silent,
    }
}

pub(crate) fn reason(why: RevokeWhy) -> RevokeReason {
    match why {
        RevokeWhy::Lost => RevokeReason::Lost,
        RevokeWhy::Retired => RevokeReason::Retired,
    }
}

fn why(reason: RevokeReason) -> RevokeWhy {
    match reason {
        RevokeReason::Lost => RevokeWhy::Lost,
        _ => RevokeWhy::Retired,
    }
}

pub(crate) fn log(log: &Log) -> LogView {
    LogView {
        entries: log.entries().iter().map(|each| entry(log, each)).collect(),
        head: hex(&log.head().id),
        epoch: count(log.epoch()),
    }
}

fn entry(log: &Log, entry: &Entry) -> LogEntry {
    LogEntry {
        seq: count(entry.seq),
        id: entry.id.to_string(),
        time: entry.time.0,
        author: entry.author.to_string(),
        recovery: log.authority(entry.author).map(|authority| authority.slot().to_string()),
        action: match &entry.change {
            Change::Founded => LogAction::Genesis,
            Change::Added(device) => LogAction::AddDevice { device: device.to_string() },
            Change::Revoked { devices, reason, .. } => LogAction::RevokeDevices {
                devices: devices.iter().map(ToString::to_string).collect(),
                reason: why(*reason),
            },
            Change::Left => LogAction::Leave,
            Change::Renewed => LogAction::RenewKeys,
            Change::RecoverySet { slot, .. } => LogAction::SetRecovery { slot: slot.to_string() },
            Change::RecoveryRemoved(slot) => LogAction::RemoveRecovery { slot: slot.to_string() },
            Change::SuiteRaised(_) => LogAction::RaiseSuite,
            Change::Closing { not_before } => LogAction::Close { not_before: not_before.0 },
            Change::CloseCancelled => LogAction::CancelClose,
            // Whatever else is known makes a new epoch and changes nobody.
            _ => LogAction::Rotate,
        },
    }
}

pub(crate) fn emoji(emoji: Emoji) -> EmojiChoice {
    EmojiChoice { emoji: emoji.glyph().to_owned(), name: emoji.name().to_owned() }
}

pub(crate) fn user_verification(wanted: webauthn::UserVerification) -> UserVerification {
    match wanted {
        webauthn::UserVerification::Required => UserVerification::Required,
        webauthn::UserVerification::Preferred => UserVerification::Preferred,
        webauthn::UserVerification::Discouraged => UserVerification::Discouraged,
    }
}

pub(crate) fn dom_name(error: &WebauthnError) -> DomErrorName {
    match error {
        WebauthnError::NotAllowed(_) => DomErrorName::NotAllowedError,
        WebauthnError::InvalidState => DomErrorName::InvalidStateError,
        WebauthnError::Security(_) => DomErrorName::SecurityError,
        WebauthnError::NotSupported(_) => DomErrorName::NotSupportedError,
        WebauthnError::Syntax(_) => DomErrorName::SyntaxError,
        WebauthnError::Encoding(_) => DomErrorName::EncodingError,
        WebauthnError::Type(_) => DomErrorName::TypeError,
        WebauthnError::Abort => DomErrorName::AbortError,
    }
}

/// A new member is shown as new for a week, so that one who should not be there is seen.
const RECENT_MS: u64 = 7 * 24 * 60 * 60 * 1000;
