//! Moving in: what a file holds becomes items, all of which can be taken back together.

mod known;

use std::collections::BTreeMap;

use rand_core::Rng as _;
use roamkey_interchange::{
    import::{Entry, Foreign, Import, Notice, Place, Reason},
    limits,
};
use roamkey_proto::Time;
use roamkey_sealing::record::BODY_BYTES;
use roamkey_vault::{
    Content, Item, Operation,
    item::{ImportId, Origin, Replaced},
};

use self::known::Known;
pub(super) use self::known::{site_of, totp as totp_of};
use super::{Kind, Session};
use crate::{Error, Host, passkeys::foreign};

/// What an import would do, for showing it before it is done.
#[derive(Debug)]
pub struct ImportPlan {
    id: ImportId,
    /// What the file is.
    pub format: &'static str,
    /// Its items, in its order.
    pub items: Vec<Planned>,
}

/// What an import would do with one item of a file.
#[derive(Debug)]
pub struct Planned {
    /// What it is called.
    pub title: String,
    /// The account's name there.
    pub account: Option<String>,
    /// What it is; none if it cannot be taken up at all.
    pub kind: Option<Kind>,
    /// Where in the file it stands.
    pub place: Place,
    /// What would become of it.
    pub fate: Fate,
    /// What of it is not as it was.
    pub notices: Vec<Notice>,
    /// Whether the person leaves it out, though it could be added.
    pub is_left_out: bool,
    item: Option<Item>,
}

/// What would become of an item of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is added.
    Added,
    /// The vault, or the file before it, has the very same: nothing is added.
    Known,
    /// The vault has the account, with another password or something else in it: the person chooses.
    Differs,
    /// It cannot be taken up.
    Refused(Reason),
}

/// What to do with accounts that the vault has, but not as the file has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Add them beside those.
    Add,
    /// Leave them out.
    Skip,
}

/// What came of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Names the import, for taking it back.
    pub id: ImportId,
    /// How many items were added.
    pub added: usize,
}

/// An import that was done on some device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSummary {
    /// Names it.
    pub id: ImportId,
    /// When, as its device says.
    pub at: Time,
    /// The format of the file.
    pub format: String,
    /// How many of its items are there, those in the trash left out.
    pub items: usize,
}

impl<H: Host> Session<H> {
    /// Says what importing a file would do. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn plan_import(&self, import: Import) -> Result<ImportPlan, Error> {
        let now = self.now();
        let mut rng = self.host().rng();
        let mut drawn = [0; 10];
        rng.fill_bytes(&mut drawn);
        let id = ImportId::new(now, drawn);
        let mut known = Known::default();
        for found in self.every_item().await?.iter().filter(|found| found.item.trashed.is_none()) {
            known.add(&found.item.content);
        }
        let format = import.format.name();
        let mut items: Vec<_> =
            import.refused.into_iter().map(|refused| Planned::refused(refused.place, refused.reason)).collect();
        for entry in import.entries {
            let mut planned = Planned::new(entry, id, format, now, &mut rng);
            if let Some(item) = &planned.item {
                planned.fate = known.fate(&item.content);
                known.add(&item.content);
            }
            items.push(planned);
        }
        items.sort_by(|left, right| left.place.cmp(&right.place));
        Ok(ImportPlan { id, format, items })
    }

    /// Does what was planned. What was added is kept when this returns, and pending until the server has it; should it be
    /// interrupted, a second import of the file adds what is missing.
    ///
    /// `progress` is told how many of how many items are done.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn import(
        &self,
        plan: ImportPlan,
        duplicates: Duplicates,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Imported, Error> {
        let is_wanted = |fate| fate == Fate::Added || (fate == Fate::Differs && duplicates == Duplicates::Add);
        let wanted = plan.items.into_iter().filter(|planned| is_wanted(planned.fate) && !planned.is_left_out);
        let items: Vec<Item> = wanted.filter_map(|planned| planned.item).collect();
        let all = items.len();
        let operations = items.into_iter().map(|item| Operation::create(self.draw_item_id(), item));
        let added = self.edit_in_batches(operations, |done| progress(done, all)).await?;
        Ok(Imported { id: plan.id, added })
    }

    /// Lists the imports of the account, the newest first.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn imports(&self) -> Result<Vec<ImportSummary>, Error> {
        let mut imports: BTreeMap<ImportId, ImportSummary> = BTreeMap::new();
        for found in self.every_item().await? {
            let Some(origin) = &found.item.origin else { continue };
            let summary = imports.entry(origin.import).or_insert_with(|| ImportSummary {
                id: origin.import,
                at: origin.import.at(),
                format: origin.format.clone(),
                items: 0,
            });
            summary.items += usize::from(found.item.trashed.is_none());
        }
        Ok(imports.into_values().rev().collect())
    }

    /// Takes an import back: all that it added goes to the trash, from where it can be restored. Returns how many there were.
    ///
    /// # Errors
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn undo_import(&self, id: ImportId) -> Result<usize, Error> {
        let now = self.now();
        let is_of = |item: &Item| item.origin.as_ref().is_some_and(|origin| origin.import == id);
        let entries = self.every_item().await?;
        let there = entries.iter().filter(|found| is_of(&found.item) && found.item.trashed.is_none());
        let operations: Vec<_> = there.map(|found| Operation::trash(found.id, &found.item, now)).collect();
        self.edit_in_batches(operations, |_| {}).await
    }
}

impl Planned {
    fn new(mut entry: Entry, import: ImportId, format: &str, now: Time, rng: &mut impl rand_core::CryptoRng) -> Self {
        let (title, account) = (entry.title().to_owned(), entry.account().map(str::to_owned));
        // A time to come would hide an item from the list of what a lost device could read.
        let created = entry.created.map_or(now, |created| created.min(now));
        let content = match entry.content {
            Foreign::Login(login) => Ok(Content::Login(login)),
            Foreign::Note(note) => Ok(Content::Note(note)),
            Foreign::Passkey(passkey) => foreign::take_up(passkey, created, rng).map(Content::Passkey),
        };
        let content = match content {
            Ok(content) => content,
            Err(reason) => return Self { title, account, ..Self::refused(entry.place, reason) },
        };
        let kind = match &content {
            Content::Passkey(_) => Kind::Passkey,
            Content::Login(_) => Kind::Login,
            _ => Kind::Note,
        };
        let mut item = Item::new(content, created);
        item.trashed = entry.is_trashed.then_some(now);
        let surplus = entry.old_passwords.len().saturating_sub(limits::OLD_PASSWORDS);
        if surplus > 0 {
            entry.notices.push(Notice { field: "passwordHistory".to_owned(), reason: Reason::OldPasswords });
        }
        let kept = entry.old_passwords.iter().skip(surplus);
        item.history = kept.map(|(password, at)| Replaced::password(password, at.unwrap_or(created))).collect();
        let (name, part, rest) = (entry.name, entry.part, entry.rest);
        item.origin = Some(Origin { import, format: format.to_owned(), name, part, rest });
        if is_too_long(&item) {
            // Without what nobody sees it may still fit.
            if let Some(origin) = &mut item.origin {
                origin.rest = None;
            }
            entry.notices.push(Notice { field: "rest".to_owned(), reason: Reason::TooLong });
        }
        if is_too_long(&item) {
            return Self { title, account, ..Self::refused(entry.place, Reason::TooLong) };
        }
        Self {
            title,
            account,
            kind: Some(kind),
            place: entry.place,
            fate: Fate::Added,
            notices: entry.notices,
            is_left_out: false,
            item: Some(item),
        }
    }

    fn refused(place: Place, reason: Reason) -> Self {
        Self {
            title: String::new(),
            account: None,
            kind: None,
            place,
            fate: Fate::Refused(reason),
            notices: Vec::new(),
            is_left_out: false,
            item: None,
        }
    }
}

/// The operation that makes an item holds it whole, and must fit as well.
fn is_too_long(item: &Item) -> bool {
    item.encoded_len() + OPERATION > BODY_BYTES
}

/// Bytes of an operation around its item.
const OPERATION: usize = 128;
