//! Passwords that serve at more than one site.

use std::collections::BTreeSet;

use roamkey_vault::{Content, SecretText};

use super::{Found, Session, Summary};
use crate::{Error, Host, fold::fold};

impl<H: Host> Session<H> {
    /// Finds the logins of different sites that have a password in common: whoever learns it at one of them tries it at the
    /// others. The largest group comes first.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn reused(&self) -> Result<Vec<Vec<Summary>>, Error> {
        let mut logins = self.every_item().await?;
        logins.retain(|found| found.item.trashed.is_none() && password(found).is_some());
        // Side by side, what is the same needs no other place to be compared in.
        logins.sort_by(|left, right| password(left).cmp(&password(right)));
        let same = logins.chunk_by(|left, right| password(left) == password(right));
        let mut groups: Vec<Vec<Summary>> = same.map(summaries).filter(|group| sites(group) > 1).collect();
        groups.sort_by_cached_key(|group| (usize::MAX - group.len(), group.first().map(|first| fold(&first.title))));
        Ok(groups)
    }
}

fn password(found: &Found) -> Option<&str> {
    let Content::Login(login) = &found.item.content else { return None };
    // Exposed to be compared with the others of the same vault.
    login.password.as_ref().map(SecretText::expose).filter(|password| !password.is_empty())
}

fn summaries(same: &[Found]) -> Vec<Summary> {
    let mut summaries: Vec<_> = same.iter().filter_map(Summary::of).collect();
    summaries.sort_by_cached_key(|summary| (fold(&summary.title), summary.id));
    summaries
}

/// What has no site is one of its own.
fn sites(group: &[Summary]) -> usize {
    let named: BTreeSet<_> = group.iter().filter_map(|summary| summary.group.as_ref()).collect();
    named.len() + group.iter().filter(|summary| summary.group.is_none()).count()
}
