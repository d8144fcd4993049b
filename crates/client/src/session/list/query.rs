//! A part of the list: what somebody looks for, in an order.

use core::ops::Range;
use std::{cmp::Reverse, collections::BTreeSet};

use roamkey_proto::{ItemId, Time};
use roamkey_vault::{self as vault, item::host_of};

use super::{Kind, List, Row, Session, Summary, domain_of};
use crate::{Error, Host, fold::fold};

/// What to look for, and in which order.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Each of these words is in the title, the site, the account or a tag. Neither case nor accents matter.
    pub words: String,
    /// Only these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only of this host's site: what has an address with the same registered domain.
    pub host: Option<String>,
    /// Where.
    pub place: Where,
    /// In which order.
    pub order: Order,
}

/// Where to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Where {
    /// Among what is not in the trash.
    #[default]
    Kept,
    /// In the trash.
    Trash,
    /// Among what has been in the trash for [a month](Query::OLD_MS).
    OldTrash,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By site, so that all of one stands together; what is found by the beginning of a word comes first.
    #[default]
    Site,
    /// The newest first.
    Created,
    /// What served last on this device first.
    Used,
}

/// A part of the list.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many there are in all.
    pub total: usize,
    /// Those of the part, with when they last served on this device.
    pub items: Vec<(Summary, Option<Time>)>,
}

impl Query {
    /// How long something is in the trash until it counts as old: thirty days.
    pub const OLD_MS: u64 = 30 * 24 * 60 * 60 * 1_000;
}

impl<H: Host> Session<H> {
    /// Returns a part of what a query finds.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn page(&self, query: &Query, part: Range<usize>) -> Result<Page, Error> {
        self.prepare().await?;
        let list = self.list.borrow();
        let found = list.find(query, self.now());
        let part = found.iter().skip(part.start).take(part.len());
        let items = part.map(|row| (row.summary.clone(), list.last_use(row.summary.id))).collect();
        Ok(Page { total: found.len(), items })
    }

    /// Returns which items a query finds.
    ///
    /// # Errors
    /// As [`Session::page`].
    pub async fn ids(&self, query: &Query) -> Result<Vec<ItemId>, Error> {
        self.prepare().await?;
        Ok(self.list.borrow().find(query, self.now()).iter().map(|row| row.summary.id).collect())
    }

    /// Returns what else there is of an item's site, at most `limit`.
    ///
    /// # Errors
    /// As [`Session::page`].
    pub async fn beside(&self, id: ItemId, limit: usize) -> Result<Vec<Summary>, Error> {
        self.prepare().await?;
        let list = self.list.borrow();
        let group = list.row(id).and_then(|row| row.summary.group.as_ref());
        let Some(group) = group else { return Ok(Vec::new()) };
        let is_beside = |row: &&Row| {
            row.summary.id != id && row.summary.trashed.is_none() && row.summary.group.as_ref() == Some(group)
        };
        Ok(list.ordered().filter(is_beside).take(limit).map(|row| row.summary.clone()).collect())
    }

    /// Returns what serves at a host, by the index: nothing else is opened, however much there is. What is for another host
    /// of its site is found by [`Session::page`] alone.
    ///
    /// # Errors
    /// As [`Session::page`].
    pub async fn at_host(&self, host: &str) -> Result<Vec<Summary>, Error> {
        let host = host_of(host);
        let mut ids = BTreeSet::new();
        for name in suffixes(&host) {
            for kind in [vault::Kind::Passkey, vault::Kind::Login] {
                ids.extend(self.look_up(kind, name).await?);
            }
        }
        let mut found = self.find_all(&ids).await?;
        // The index keeps what an item was once looked up by.
        found.retain(|found| found.item.trashed.is_none() && serves(&found.item.content, &host));
        let mut summaries: Vec<_> = found.iter().filter_map(Summary::of).collect();
        summaries.sort_by_cached_key(|summary| (fold(&summary.title), summary.id));
        Ok(summaries)
    }

    /// Returns the tags of all that is not in the trash.
    ///
    /// # Errors
    /// As [`Session::page`].
    pub async fn tags(&self) -> Result<Vec<String>, Error> {
        self.prepare().await?;
        Ok(self.list.borrow().tags.clone())
    }

    async fn prepare(&self) -> Result<(), Error> {
        self.refresh().await?;
        if self.list.borrow().used.is_none() {
            let used = self.uses().await?;
            self.list.borrow_mut().used = Some(used);
        }
        self.list.borrow_mut().sort();
        Ok(())
    }
}

/// A host and the domains that it is in, down to the one that somebody registered.
fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    let least = domain_of(host).len();
    core::iter::successors(Some(host), |name| name.split_once('.').map(|(_, rest)| rest))
        .take_while(move |name| name.len() >= least)
}

fn serves(content: &vault::Content, host: &str) -> bool {
    match content {
        vault::Content::Passkey(passkey) => is_within(host, &passkey.rp_id),
        vault::Content::Login(login) => login.hosts().iter().any(|domain| is_within(host, domain)),
        _ => false,
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

impl List {
    fn find(&self, query: &Query, now: Time) -> Vec<&Row> {
        let folded = fold(&query.words);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let mut found: Vec<&Row> = self.ordered().filter(|row| row.is_found(query, &words, now)).collect();
        match query.order {
            // Whoever types the beginning of a name wants it at the top; within a rank the order stays.
            Order::Site => found.sort_by_cached_key(|row| row.rank(&words)),
            Order::Created => found.sort_by_key(|row| Reverse(row.summary.created)),
            Order::Used => found.sort_by_key(|row| Reverse(self.last_use(row.summary.id))),
        }
        found
    }

    fn last_use(&self, id: ItemId) -> Option<Time> {
        self.used.as_ref()?.get(&id).copied()
    }
}

impl Row {
    fn is_found(&self, query: &Query, words: &[&str], now: Time) -> bool {
        let is_there = match (query.place, self.summary.trashed) {
            (Where::Kept, trashed) => trashed.is_none(),
            (Where::Trash, trashed) => trashed.is_some(),
            (Where::OldTrash, trashed) => trashed.is_some_and(|since| now.millis_since(since) >= Query::OLD_MS),
        };
        is_there
            && query.kinds.as_ref().is_none_or(|kinds| kinds.contains(&self.summary.kind))
            && query.host.as_ref().is_none_or(|host| self.domains.contains(&domain_of(host)))
            && query.tag.as_ref().is_none_or(|tag| self.summary.tags.contains(tag))
            && words.iter().all(|word| self.words.contains(word))
    }

    /// The lower, the better what was found.
    fn rank(&self, words: &[&str]) -> u8 {
        let Some(first) = words.first() else { return 0 };
        let begins = |line: &str| line.starts_with(first);
        let has_word = |line: &str| line.split(|letter: char| !letter.is_alphanumeric()).any(begins);
        match () {
            () if self.words.lines().take(2).any(begins) => 0,
            () if self.words.lines().any(has_word) => 1,
            () => 2,
        }
    }
}
