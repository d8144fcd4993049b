//! The list of items: opened once, then kept up to date by what changes.

mod query;

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use roamkey_authenticator::webauthn::registrable_domain;
use roamkey_proto::{DeviceId, ItemId, Time, merkle::page_of};
use roamkey_sync::{EngineError, Reader, replica::Entry};
use roamkey_vault::{Content, Item, item::host_of};

pub use self::query::{Order, Page, Query, Where};
use super::{Found, Profile, Session, driver::News};
use crate::{Error, Host, fold::fold};

/// What a list shows of an item; no secret of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Which.
    pub id: ItemId,
    /// Of what kind.
    pub kind: Kind,
    /// What to show first.
    pub title: String,
    /// The site that it is for.
    pub site: Option<String>,
    /// The domain that somebody registered for that site: what has the same one belongs together.
    pub group: Option<String>,
    /// The account's name there.
    pub account: Option<String>,
    /// Words by which the person keeps order.
    pub tags: Vec<String>,
    /// When it was made.
    pub created: Time,
    /// Since when it lies in the trash.
    pub trashed: Option<Time>,
    /// Whether the server signed for a commit that holds all of it.
    pub stored: bool,
}

/// The kinds of items that a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A passkey.
    Passkey,
    /// A user name and a password.
    Login,
    /// Text.
    Note,
}

/// How many items there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passkeys that are not in the trash.
    pub passkeys: usize,
    /// Logins that are not in the trash.
    pub logins: usize,
    /// Notes that are not in the trash.
    pub notes: usize,
    /// Items in the trash.
    pub trashed: usize,
}

/// What is known of every item.
#[derive(Default)]
pub(crate) struct List {
    is_complete: bool,
    items: BTreeMap<ItemId, Listed>,
    /// By site; none after a change.
    order: Option<Vec<ItemId>>,
    /// Of all that is not in the trash; as old as the order.
    tags: Vec<String>,
    /// When items last served here; none before somebody asked.
    used: Option<BTreeMap<ItemId, Time>>,
}

enum Listed {
    Item(Row),
    Profile(DeviceId, Profile),
}

/// An item with what is looked at for each of ten thousand at every key that somebody types.
struct Row {
    summary: Summary,
    /// Title, hosts, account and tags, folded, a line each.
    words: String,
    /// The domains that somebody registered for all its sites.
    domains: Vec<String>,
    /// Its place in the order: the site's domain, then the title, both folded.
    place: (String, String),
}

impl<H: Host> Session<H> {
    /// Lists the items, in the order of their titles. The first list opens every record; a later
    /// one only those that changed.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn list(&self) -> Result<Vec<Summary>, Error> {
        self.refresh().await?;
        let list = self.list.borrow();
        let mut summaries: Vec<_> = list.items.values().filter_map(Listed::summary).cloned().collect();
        summaries.sort_by_cached_key(|summary| (fold(&summary.title), summary.id));
        Ok(summaries)
    }

    /// Counts the items.
    ///
    /// # Errors
    /// As [`Session::list`].
    pub async fn counts(&self) -> Result<Counts, Error> {
        self.refresh().await?;
        let mut counts = Counts::default();
        for summary in self.list.borrow().items.values().filter_map(Listed::summary) {
            let count = match (summary.trashed, summary.kind) {
                (Some(_), _) => &mut counts.trashed,
                (None, Kind::Passkey) => &mut counts.passkeys,
                (None, Kind::Login) => &mut counts.logins,
                (None, Kind::Note) => &mut counts.notes,
            };
            *count += 1;
        }
        Ok(counts)
    }

    /// Returns what devices call themselves.
    pub(super) async fn profiles(&self) -> Result<BTreeMap<DeviceId, (ItemId, Profile)>, Error> {
        self.refresh().await?;
        let profile = |(id, listed): (&ItemId, &Listed)| match listed {
            Listed::Profile(device, profile) => Some((*device, (*id, profile.clone()))),
            Listed::Item(_) => None,
        };
        Ok(self.list.borrow().items.iter().filter_map(profile).collect())
    }

    pub(super) async fn refresh(&self) -> Result<(), Error> {
        let _turn = self.listing.lock().await;
        // What changes while pages are read is stale again, and read in the next round.
        let stale = self.driver.news(News::take_stale);
        if !self.list.borrow().is_complete {
            return self.read_all().await;
        }
        let read = if stale.len() < MANY { self.read_each(stale).await } else { self.read_pages_of(stale).await };
        if read.is_err() {
            // Nobody remembers any more what was stale.
            self.list.borrow_mut().is_complete = false;
        }
        read
    }

    async fn read_each(&self, stale: BTreeSet<ItemId>) -> Result<(), Error> {
        for id in stale {
            let found = self.find(id).await?;
            self.list.borrow_mut().note(id, found);
        }
        Ok(())
    }

    async fn read_pages_of(&self, stale: BTreeSet<ItemId>) -> Result<(), Error> {
        let found = self.find_in_pages(&stale).await?;
        let mut list = self.list.borrow_mut();
        for id in stale {
            list.note(id, None);
        }
        for found in found {
            list.note(found.id, Some(found));
        }
        Ok(())
    }

    /// Opens these items, those that are there.
    pub(super) async fn find_all(&self, ids: &BTreeSet<ItemId>) -> Result<Vec<Found>, Error> {
        if ids.len() >= MANY {
            return self.find_in_pages(ids).await;
        }
        let mut found = Vec::new();
        for id in ids {
            found.extend(self.find(*id).await?);
        }
        Ok(found)
    }

    /// A page costs the same whether one of its items or all are looked for.
    async fn find_in_pages(&self, ids: &BTreeSet<ItemId>) -> Result<Vec<Found>, Error> {
        let pages: BTreeSet<u8> = ids.iter().copied().map(page_of).collect();
        let mut found = self.read_pages(pages).await?;
        found.retain(|found| ids.contains(&found.id));
        Ok(found)
    }

    async fn read_all(&self) -> Result<(), Error> {
        let mut list = List::default();
        for found in self.read_pages(0..=u8::MAX).await? {
            list.note(found.id, Some(found));
        }
        list.is_complete = true;
        list.used = self.list.borrow_mut().used.take();
        *self.list.borrow_mut() = list;
        Ok(())
    }

    /// Reads every item.
    pub(super) async fn every_item(&self) -> Result<Vec<Found>, Error> {
        self.read_pages(0..=u8::MAX).await
    }

    async fn read_pages(&self, pages: impl IntoIterator<Item = u8>) -> Result<Vec<Found>, Error> {
        let pages: Vec<u8> = pages.into_iter().collect();
        let mut found = Vec::new();
        for pages in pages.chunks(PAGES_AT_ONCE) {
            let keys = |reader: &Reader<'_>| pages.iter().flat_map(|page| reader.page_keys(*page)).collect();
            let entries = self.driver.read(keys, |reader, rows| open_pages(reader, pages, rows)).await?;
            found.extend(entries.into_iter().map(Found::from));
        }
        Ok(found)
    }
}

/// Opens the items of pages from the rows of all of them.
fn open_pages(reader: &Reader<'_>, pages: &[u8], mut rows: &[Option<Vec<u8>>]) -> Result<Vec<Entry>, EngineError> {
    let mut entries = Vec::new();
    for &page in pages {
        let (own, others) = rows.split_at_checked(reader.page_keys(page).len()).ok_or(EngineError::Unexpected)?;
        entries.extend(reader.open_page(page, own)?);
        rows = others;
    }
    Ok(entries)
}

/// A trip to the store costs a browser more than what it brings; between two of them others have their turn.
const PAGES_AT_ONCE: usize = 32;

/// From so many changed items on, whole pages are read: a first sync changes all of them.
const MANY: usize = 16;

impl List {
    fn note(&mut self, id: ItemId, found: Option<Found>) {
        self.order = None;
        match found.and_then(|found| Listed::new(&found)) {
            Some(listed) => self.items.insert(id, listed),
            None => self.items.remove(&id),
        };
    }

    pub(super) fn note_use(&mut self, id: ItemId, at: Time) {
        if let Some(used) = &mut self.used {
            used.insert(id, at);
        }
    }

    fn row(&self, id: ItemId) -> Option<&Row> {
        self.items.get(&id).and_then(Listed::row)
    }

    fn sort(&mut self) {
        if self.order.is_some() {
            return;
        }
        let mut rows: Vec<&Row> = self.items.values().filter_map(Listed::row).collect();
        rows.sort_unstable_by(|left, right| (&left.place, left.summary.id).cmp(&(&right.place, right.summary.id)));
        let kept = rows.iter().filter(|row| row.summary.trashed.is_none());
        let tags: BTreeSet<&String> = kept.flat_map(|row| &row.summary.tags).collect();
        let tags = tags.into_iter().cloned().collect();
        self.order = Some(rows.iter().map(|row| row.summary.id).collect());
        self.tags = tags;
    }

    /// All items by site; none before [`List::sort`].
    fn ordered(&self) -> impl Iterator<Item = &Row> {
        self.order.iter().flatten().filter_map(|id| self.row(*id))
    }
}

impl Listed {
    fn new(found: &Found) -> Option<Self> {
        let Item { created, trashed, content, .. } = &found.item;
        let summary = |kind, title: &str, site: Option<&str>, account: Option<&str>, tags: &[String]| Summary {
            id: found.id,
            kind,
            title: title.to_owned(),
            site: site.map(str::to_owned),
            group: site.map(domain_of),
            account: account.filter(|name| !name.is_empty()).map(str::to_owned),
            tags: tags.to_vec(),
            created: *created,
            trashed: *trashed,
            stored: found.stored,
        };
        match content {
            Content::Passkey(passkey) => {
                let account = account(passkey.user_name.as_deref(), passkey.display_name.as_deref());
                let summary = summary(Kind::Passkey, &passkey.rp_id, Some(&passkey.rp_id), account.as_deref(), &[]);
                Some(Self::Item(Row::new(summary, &[])))
            }
            Content::Login(login) => {
                let site = login.sites.first().map(String::as_str);
                let title = if login.title.is_empty() { site.unwrap_or_default() } else { &login.title };
                let summary = summary(Kind::Login, title, site, login.username.as_deref(), &login.tags);
                Some(Self::Item(Row::new(summary, &login.hosts())))
            }
            Content::Note(note) => {
                let summary = summary(Kind::Note, &note.title, None, None, &note.tags);
                Some(Self::Item(Row::new(summary, &[])))
            }
            Content::DeviceProfile(profile) => {
                let name = profile.name.clone();
                Some(Self::Profile(profile.device, Profile { name, platform: profile.platform.clone() }))
            }
            _ => None,
        }
    }

    fn row(&self) -> Option<&Row> {
        match self {
            Self::Item(row) => Some(row),
            Self::Profile(..) => None,
        }
    }

    fn summary(&self) -> Option<&Summary> {
        self.row().map(|row| &row.summary)
    }
}

impl Row {
    fn new(summary: Summary, hosts: &[String]) -> Self {
        let lines = [&summary.title].into_iter().chain(hosts).chain(&summary.account).chain(&summary.tags);
        let words = lines.map(|line| fold(line)).collect::<Vec<_>>().join("\n");
        let title = fold(&summary.title);
        let domains = hosts.iter().map(|host| domain_of(host)).chain(summary.group.clone()).collect();
        let place = (summary.group.as_deref().map_or_else(|| title.clone(), fold), title);
        Self { summary, words, domains, place }
    }
}

/// The domain that somebody registered for a site; what is none, such as an address of this network, is its own.
fn domain_of(site: &str) -> String {
    let host = host_of(site);
    // An address has dots as well, and nobody registered its end.
    let registered = if host.parse::<IpAddr>().is_ok() { None } else { registrable_domain(&host) };
    registered.unwrap_or(&host).to_owned()
}

/// Names an account by what it is called for people, which they may change, and by what the site calls it.
fn account(user_name: Option<&str>, display_name: Option<&str>) -> Option<String> {
    let is_given = |name: &&str| !name.is_empty();
    match (user_name.filter(is_given), display_name.filter(is_given)) {
        (Some(user), Some(display)) if user != display => Some(format!("{display} ({user})")),
        (user, display) => user.or(display).map(str::to_owned),
    }
}

impl Summary {
    /// Returns what a list shows of an item; none of what no list shows.
    #[must_use]
    pub fn of(found: &Found) -> Option<Self> {
        match Listed::new(found)? {
            Listed::Item(row) => Some(row.summary),
            Listed::Profile(..) => None,
        }
    }

    /// Tells whether every word of a query is in the title, the site, the account or a tag. Neither case nor accents matter.
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        let text = [Some(&self.title), self.site.as_ref(), self.account.as_ref()];
        let text: Vec<_> = text.into_iter().flatten().chain(&self.tags).map(|text| fold(text)).collect();
        fold(query).split_whitespace().all(|word| text.iter().any(|text| text.contains(word)))
    }
}
