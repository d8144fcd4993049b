//! The list of items: opened once, then kept up to date by what changes.

use std::collections::{BTreeMap, BTreeSet};

use roamkey_proto::{DeviceId, ItemId, Time, merkle::page_of};
use roamkey_sync::{EngineError, Reader, replica::Entry};
use roamkey_vault::{Content, Item};

use super::{Found, Profile, Session, driver::News};
use crate::{Error, Host};

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
    /// The account's name there.
    pub account: Option<String>,
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
}

enum Listed {
    Item(Summary),
    Profile(DeviceId, Profile),
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
        summaries.sort_by_cached_key(|summary| (summary.title.to_lowercase(), summary.id));
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

    async fn refresh(&self) -> Result<(), Error> {
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

    /// A page costs the same whether one of its items or all are looked for.
    async fn read_pages_of(&self, stale: BTreeSet<ItemId>) -> Result<(), Error> {
        let pages: BTreeSet<u8> = stale.iter().copied().map(page_of).collect();
        let found = self.read_pages(pages).await?;
        let mut list = self.list.borrow_mut();
        for id in stale {
            list.note(id, None);
        }
        for found in found {
            list.note(found.id, Some(found));
        }
        Ok(())
    }

    async fn read_all(&self) -> Result<(), Error> {
        let mut list = List::default();
        for found in self.read_pages(0..=u8::MAX).await? {
            list.note(found.id, Some(found));
        }
        list.is_complete = true;
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
        match found.and_then(|found| Listed::new(&found)) {
            Some(listed) => self.items.insert(id, listed),
            None => self.items.remove(&id),
        };
    }
}

impl Listed {
    fn new(found: &Found) -> Option<Self> {
        let Item { created, trashed, content, .. } = &found.item;
        let summary = |kind, title: &str, site: Option<&str>, account: Option<&str>| {
            Some(Self::Item(Summary {
                id: found.id,
                kind,
                title: title.to_owned(),
                site: site.map(str::to_owned),
                account: account.filter(|name| !name.is_empty()).map(str::to_owned),
                created: *created,
                trashed: *trashed,
                stored: found.stored,
            }))
        };
        match content {
            Content::Passkey(passkey) => {
                let account = account(passkey.user_name.as_deref(), passkey.display_name.as_deref());
                summary(Kind::Passkey, &passkey.rp_id, Some(&passkey.rp_id), account.as_deref())
            }
            Content::Login(login) => {
                let site = login.sites.first().map(String::as_str);
                let title = if login.title.is_empty() { site.unwrap_or_default() } else { &login.title };
                summary(Kind::Login, title, site, login.username.as_deref())
            }
            Content::Note(note) => summary(Kind::Note, &note.title, None, None),
            Content::DeviceProfile(profile) => {
                let name = profile.name.clone();
                Some(Self::Profile(profile.device, Profile { name, platform: profile.platform.clone() }))
            }
            _ => None,
        }
    }

    fn summary(&self) -> Option<&Summary> {
        match self {
            Self::Item(summary) => Some(summary),
            Self::Profile(..) => None,
        }
    }
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
            Listed::Item(summary) => Some(summary),
            Listed::Profile(..) => None,
        }
    }

    /// Tells whether every word of a query is in the title, the site or the account.
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        let text = [Some(self.title.as_str()), self.site.as_deref(), self.account.as_deref()];
        let text = text.into_iter().flatten().collect::<Vec<_>>().join("\n").to_lowercase();
        query.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}
