use std::collections::{BTreeMap, BTreeSet};

use roamkey_vault::Content;
use sha2::{Digest as _, Sha256};

use super::Fate;

/// What the vault holds already, so that an import finds it again. Of secrets only hashes are held.
#[derive(Default)]
pub(super) struct Known {
    passkeys: BTreeSet<(String, Vec<u8>)>,
    /// Of each account at a site, what its logins are.
    logins: BTreeMap<(String, String), BTreeSet<[u8; 32]>>,
    notes: BTreeSet<[u8; 32]>,
}

impl Known {
    pub(super) fn add(&mut self, content: &Content) {
        match content {
            Content::Passkey(passkey) => {
                self.passkeys.insert((passkey.rp_id.clone(), passkey.credential_id.clone()));
            }
            Content::Login(login) => {
                let hash = login_hash(login);
                for site in accounts(login) {
                    self.logins.entry(site).or_default().insert(hash);
                }
            }
            Content::Note(note) => {
                self.notes.insert(note_hash(note));
            }
            _ => {}
        }
    }

    /// Says what becomes of one that comes.
    pub(super) fn fate(&self, content: &Content) -> Fate {
        match content {
            Content::Passkey(passkey) => {
                // A second passkey with the identifier of the first would serve instead of it, or never.
                let is_known = self.passkeys.contains(&(passkey.rp_id.clone(), passkey.credential_id.clone()));
                if is_known { Fate::Known } else { Fate::Added }
            }
            Content::Login(login) => {
                let hash = login_hash(login);
                let mut known = accounts(login).into_iter().map(|account| self.logins.get(&account)).peekable();
                if known.peek().is_none() {
                    return Fate::Added;
                }
                let known: Vec<_> = known.collect();
                if known.iter().all(|hashes| hashes.is_some_and(|hashes| hashes.contains(&hash))) {
                    Fate::Known
                } else if known.iter().any(Option::is_some) {
                    Fate::Differs
                } else {
                    Fate::Added
                }
            }
            Content::Note(note) if self.notes.contains(&note_hash(note)) => Fate::Known,
            _ => Fate::Added,
        }
    }
}

/// The accounts that a login is for: a site each, or its title where it has none.
fn accounts(login: &roamkey_vault::item::Login) -> Vec<(String, String)> {
    let username = login.username.clone().unwrap_or_default();
    if login.sites.is_empty() {
        return vec![(format!("title:{}", login.title), username)];
    }
    login.sites.iter().map(|site| (site_of(site), username.clone())).collect()
}

/// A site without what programs write differently: scheme, path and case.
pub(in crate::session) fn site_of(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest).to_lowercase();
    if matches!(scheme, "http" | "https") { host } else { address.to_lowercase() }
}

fn password(login: &roamkey_vault::item::Login) -> &str {
    // Exposed to be hashed.
    login.password.as_ref().map_or("", |password| password.expose())
}

pub(in crate::session) fn totp(login: &roamkey_vault::item::Login) -> &str {
    let totp = login.totp.as_ref().map_or("", |totp| totp.expose());
    // The secret alone: programs name a generator differently.
    totp.split(['?', '&']).find_map(|part| part.strip_prefix("secret=")).unwrap_or(totp)
}

/// All that is lost when a login is left out; what it is called is not.
fn login_hash(login: &roamkey_vault::item::Login) -> [u8; 32] {
    let notes = login.notes.as_ref().map_or("", |notes| notes.expose());
    let mut parts = vec![password(login), totp(login), notes];
    parts.extend(login.fields.iter().flat_map(|field| [field.label.as_str(), field.value.expose()]));
    hash(&parts)
}

fn note_hash(note: &roamkey_vault::item::Note) -> [u8; 32] {
    let mut parts = vec![note.title.as_str(), note.text.expose()];
    parts.extend(note.fields.iter().flat_map(|field| [field.label.as_str(), field.value.expose()]));
    hash(&parts)
}

fn hash(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
