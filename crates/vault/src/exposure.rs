//! What a lost device could read, and what has been replaced since: the work list after a loss (protocol section 5).
//!
//! Sealing everything again keeps a lost device from what is written later. What it had read it has: each passkey and
//! password has to be replaced at its site. This says which, where, and how far the person is.

use std::collections::BTreeSet;

use roamkey_proto::{DeviceId, ItemId, Time};

use crate::{Content, Item, operation::Field};

/// A secret that a lost device could read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exposed {
    /// How far the person is with it; what is open comes first.
    pub progress: Progress,
    /// What kind of secret.
    pub kind: Secret,
    /// The site: a passkey's `rp_id`, a login's first site, or none where the person wrote none.
    pub site: Option<String>,
    /// The account's name there.
    pub account: Option<String>,
    /// What the person calls it.
    pub title: String,
    /// Which item.
    pub item: ItemId,
    /// Where the site says how it is replaced, to be fetched or opened when the person asks, and not before.
    pub replace_at: Option<String>,
}

/// A kind of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secret {
    /// A passkey: delete it at the site, after making another one there.
    Passkey,
    /// A password: change it at the site.
    Password,
    /// The seed of one-time codes: set it up anew at the site.
    OneTimeCodes,
    /// A note: only the person knows what follows from it.
    Note,
}

/// How far the person is with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// The lost device can use it still.
    Open,
    /// The vault holds another one since, or none.
    Replaced,
    /// The person says that it is done.
    Marked,
}

/// What marks of the person say, as the items of settings that they rest in.
pub type Marks = BTreeSet<String>;

/// What the order of commits says of an item: no clock of a device that is about to be lost bends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// It was surely made after the device had gone.
    pub is_new: bool,
    /// It was surely changed after that, by more than being sealed again.
    pub is_edited: bool,
}

/// Reports what a device could read that went at `gone`.
///
/// Times are those of the devices that wrote, the lost one among them: they make nothing new, and replaced only what was
/// changed since; what is in doubt is on the list. What was in the trash already is on the list: the device could read it.
#[must_use]
pub fn report<'a>(
    lost: DeviceId,
    gone: Time,
    items: impl IntoIterator<Item = (ItemId, &'a Item)>,
    written: impl Fn(ItemId) -> Written,
    marks: &Marks,
) -> Vec<Exposed> {
    let known = items.into_iter().map(|(id, item)| (id, item, written(id)));
    let known = known.filter(|(.., written)| !written.is_new);
    let exposed = |(id, item, written): (_, _, Written)| exposed(lost, gone, (id, item), written, marks);
    let mut report: Vec<_> = known.flat_map(exposed).collect();
    report.sort();
    report
}

/// Returns the name of the setting by which the person marks a secret as done.
#[must_use]
pub fn mark(lost: DeviceId, item: ItemId, kind: Secret) -> String {
    let kind = match kind {
        Secret::Passkey => "passkey",
        Secret::Password => "password",
        Secret::OneTimeCodes => "totp",
        Secret::Note => "note",
    };
    format!("exposure/{lost}/{item}/{kind}")
}

fn exposed(lost: DeviceId, gone: Time, (id, item): (ItemId, &Item), written: Written, marks: &Marks) -> Vec<Exposed> {
    let secrets: &[(Secret, Option<Field>)] = match &item.content {
        Content::Passkey(_) => &[(Secret::Passkey, None)],
        Content::Login(_) => &[(Secret::Password, Some(Field::Password)), (Secret::OneTimeCodes, Some(Field::Totp))],
        Content::Note(_) => &[(Secret::Note, Some(Field::Text))],
        _ => &[],
    };
    let (title, site, account) = names(&item.content);
    let held = secrets.iter().filter(|(kind, field)| was_there(item, *kind, *field, gone));
    let entry = |(kind, field): &(Secret, Option<Field>)| Exposed {
        progress: match () {
            () if written.is_edited && is_replaced(item, *field, gone) => Progress::Replaced,
            () if marks.contains(&mark(lost, id, *kind)) => Progress::Marked,
            () => Progress::Open,
        },
        kind: *kind,
        site: site.clone(),
        account: account.clone(),
        title: title.clone(),
        item: id,
        replace_at: site.as_deref().and_then(|site| replace_at(*kind, site)),
    };
    held.map(entry).collect()
}

/// Whether the item has such a secret, or had one at the time.
fn was_there(item: &Item, kind: Secret, field: Option<Field>, gone: Time) -> bool {
    let has = match (&item.content, kind) {
        (Content::Login(login), Secret::Password) => login.password.is_some(),
        (Content::Login(login), Secret::OneTimeCodes) => login.totp.is_some(),
        _ => true,
    };
    has || replaced_after(item, field, gone)
}

/// A passkey never changes: it is replaced by going to the trash. Anything else is when another value took its place.
fn is_replaced(item: &Item, field: Option<Field>, gone: Time) -> bool {
    item.trashed.is_some_and(|trashed| trashed > gone) || replaced_after(item, field, gone)
}

fn replaced_after(item: &Item, field: Option<Field>, gone: Time) -> bool {
    field.is_some() && item.history.iter().any(|old| old.field() == field && !old.late && old.at > gone)
}

fn names(content: &Content) -> (String, Option<String>, Option<String>) {
    match content {
        Content::Passkey(passkey) => {
            let name = passkey.user_name.clone().or_else(|| passkey.display_name.clone());
            (passkey.rp_id.clone(), Some(passkey.rp_id.clone()), name)
        }
        Content::Login(login) => (login.title.clone(), login.sites.first().cloned(), login.username.clone()),
        Content::Note(note) => (note.title.clone(), None, None),
        _ => (String::new(), None, None),
    }
}

/// Where a site says how (W3C "Passkey Endpoints", RFC draft "change-password"): paths that any site may serve.
fn replace_at(kind: Secret, site: &str) -> Option<String> {
    let host = site.strip_prefix("https://").unwrap_or(site);
    let host = host.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    // A site that a person typed may be anything; only a host becomes an address.
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let is_host = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        && port.parse::<u16>().is_ok();
    let path = match kind {
        Secret::Passkey => "passkey-endpoints",
        Secret::Password | Secret::OneTimeCodes => "change-password",
        Secret::Note => return None,
    };
    is_host.then(|| format!("https://{host}/.well-known/{path}"))
}

#[cfg(test)]
mod tests;
