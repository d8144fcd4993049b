//! Moving out, and the proof that nothing was lost on the way.

use roamkey_interchange::{
    export::{self, Outgoing, PortableKey, Target, Written},
    import::{Foreign, Import},
};
use roamkey_proto::ItemId;
use roamkey_vault::{
    Content, Item,
    item::{Login, Passkey},
};

use super::{Found, Session, Summary};
use crate::{
    Error, Host,
    passkeys::foreign::{self, Likeness},
};

/// What comparing a file with the vault showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileComparison {
    /// Passkeys of the file that sign as those of the vault, and answer PRF as they do.
    pub passkeys: usize,
    /// Logins and notes of the file that are as those of the vault.
    pub others: usize,
    /// What is not as in the vault, or not there.
    pub differences: Vec<Difference>,
}

/// Something that is not in a file as it is in the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which item of the vault.
    pub item: ItemId,
    /// What it is called.
    pub title: String,
    /// What differs: a field, or `missing`.
    pub field: &'static str,
}

impl<H: Host> Session<H> {
    /// Writes all items that are not in the trash to a file for other programs. Whoever asks has verified the person.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn export(&self, target: Target) -> Result<Written, Error> {
        let found = self.living().await?;
        let outgoing: Vec<_> = found.iter().map(|found| outgoing(found.id, &found.item)).collect();
        Ok(export::write(target, &outgoing, self.home().account.as_bytes(), self.now()))
    }

    /// Compares a file with the vault: passkeys by what they sign and by their PRF answers, all else by its values.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn compare_file(&self, import: Import) -> Result<FileComparison, Error> {
        let now = self.now();
        let mut passkeys = Vec::new();
        let mut others = Vec::new();
        for entry in import.entries {
            match entry.content {
                Foreign::Passkey(passkey) => {
                    passkeys.extend(foreign::take_up(passkey, now, &mut self.host().rng()));
                }
                Foreign::Login(login) => others.push(Content::Login(login)),
                Foreign::Note(note) => others.push(Content::Note(note)),
            }
        }
        let mut comparison = FileComparison::default();
        for found in self.living().await? {
            let mut differs = |field| {
                let title = Summary::of(&found).map(|summary| summary.title).unwrap_or_default();
                comparison.differences.push(Difference { item: found.id, title, field });
            };
            match &found.item.content {
                Content::Passkey(ours) => {
                    let is_it = |theirs: &&Passkey| foreign::is_same_credential(ours, theirs);
                    match passkeys
                        .iter()
                        .find(is_it)
                        .map(|theirs| foreign::compare(ours, theirs, &mut self.host().rng()))
                    {
                        None => differs("missing"),
                        Some(Likeness::Differs(field)) => differs(field),
                        Some(Likeness::Same) => comparison.passkeys += 1,
                    }
                }
                content @ (Content::Login(_) | Content::Note(_)) => {
                    match others.iter().map(|other| difference(content, other)).min_by_key(
                        |difference| match difference {
                            None => 0,
                            Some("missing") => 2,
                            Some(_) => 1,
                        },
                    ) {
                        None => differs("missing"),
                        Some(Some(field)) => differs(field),
                        Some(None) => comparison.others += 1,
                    }
                }
                _ => {}
            }
        }
        Ok(comparison)
    }

    async fn living(&self) -> Result<Vec<Found>, Error> {
        let mut found = self.every_item().await?;
        found.retain(|found| found.item.trashed.is_none());
        found.sort_by_key(|found| (found.item.created, found.id));
        Ok(found)
    }
}

fn outgoing(id: ItemId, item: &Item) -> Outgoing<'_> {
    let key = match &item.content {
        Content::Passkey(passkey) => foreign::key_for_others(passkey),
        _ => None,
    };
    Outgoing { id, item, key: key.map(|(pkcs8, algorithm)| PortableKey { pkcs8, algorithm }) }
}

/// What differs first; `missing` where it is another item altogether.
fn difference(ours: &Content, theirs: &Content) -> Option<&'static str> {
    match (ours, theirs) {
        (Content::Login(ours), Content::Login(theirs)) => {
            if ours.title != theirs.title || ours.username != theirs.username {
                return Some("missing");
            }
            let sites = |login: &Login| login.sites.iter().map(|site| super::import::site_of(site)).collect::<Vec<_>>();
            [
                ("password", ours.password != theirs.password),
                ("sites", sites(ours) != sites(theirs)),
                ("totp", super::import::totp_of(ours) != super::import::totp_of(theirs)),
                ("notes", ours.notes != theirs.notes),
                ("tags", ours.tags != theirs.tags),
                ("fields", !is_same_fields(&ours.fields, &theirs.fields)),
            ]
            .into_iter()
            .find_map(|(field, differs)| differs.then_some(field))
        }
        (Content::Note(ours), Content::Note(theirs)) => {
            if ours.title != theirs.title {
                return Some("missing");
            }
            [
                ("text", ours.text != theirs.text),
                ("tags", ours.tags != theirs.tags),
                ("fields", !is_same_fields(&ours.fields, &theirs.fields)),
            ]
            .into_iter()
            .find_map(|(field, differs)| differs.then_some(field))
        }
        _ => Some("missing"),
    }
}

fn is_same_fields(ours: &[roamkey_vault::item::CustomField], theirs: &[roamkey_vault::item::CustomField]) -> bool {
    ours.len() == theirs.len()
        && ours
            .iter()
            .zip(theirs)
            .all(|(ours, theirs)| ours.label == theirs.label && ours.value == theirs.value && ours.kind == theirs.kind)
}
