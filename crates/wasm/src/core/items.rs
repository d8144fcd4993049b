use std::collections::BTreeSet;

use roamkey_client::{
    ItemDraft, Order, Query, Session, Where,
    generate::{PasswordRules, make_passphrase},
};
use roamkey_interchange::otp::Totp;
use roamkey_proto::ItemId;
use roamkey_vault::{
    Change, Content, Kind, SecretText,
    item::{Login, Note, PasskeyFlags},
};

use super::{Browser, Core};
use crate::{
    convert::{self, count},
    messages::{
        AddLoginRequest, AddNoteRequest, DismissUnappliedRequest, Done, EditLoginRequest, EditNoteRequest, Edited,
        ErrorCode, Failure, GenerateRequest, Generated, Item, ItemCounts, ItemIds, ItemRequest, Items, ItemsRequest,
        ListFilter, ListOrder, ManyEdited, ManyItemsRequest, OneTimeCode, RenameItemRequest, Revealed, SiteItems,
        SiteItemsRequest, Unapplied, UnappliedRequest,
    },
};

impl<B: Browser> Core<B> {
    pub(super) async fn items(&self, request: &ItemsRequest) -> Result<Items, Failure> {
        let session = self.session().await?;
        let start = request.offset as usize;
        let page = session.page(&query(request), start..start.saturating_add(request.limit as usize)).await?;
        let items = page.items.iter().map(|(summary, used)| convert::summary(summary, *used)).collect();
        let counts = session.counts().await?;
        let old = Query { place: Where::OldTrash, ..Query::default() };
        let counts = ItemCounts {
            passkeys: count(counts.passkeys),
            logins: count(counts.logins),
            notes: count(counts.notes),
            trashed: count(counts.trashed),
            old_trash: count(session.page(&old, 0..0).await?.total),
        };
        Ok(Items { total: count(page.total), items, counts, tags: session.tags().await? })
    }

    pub(super) async fn item_ids(&self, request: &ItemsRequest) -> Result<ItemIds, Failure> {
        let ids = self.session().await?.ids(&query(request)).await?;
        Ok(ItemIds { ids: ids.iter().map(ToString::to_string).collect() })
    }

    pub(super) async fn site_items(&self, request: &SiteItemsRequest) -> Result<SiteItems, Failure> {
        let session = self.session().await?;
        if request.whole {
            let query = Query { host: Some(request.host.clone()), ..Query::default() };
            let page = session.page(&query, 0..MOST_OF_A_SITE).await?;
            return Ok(SiteItems {
                items: page.items.iter().map(|(summary, used)| convert::summary(summary, *used)).collect(),
            });
        }
        let found = session.at_host(&request.host).await?;
        let used = session.last_used(&found.iter().map(|summary| summary.id).collect::<Vec<_>>()).await?;
        Ok(SiteItems { items: found.iter().zip(used).map(|(summary, used)| convert::summary(summary, used)).collect() })
    }

    pub(super) async fn item(&self, request: &ItemRequest) -> Result<Item, Failure> {
        let session = self.session().await?;
        let id = item_id(&request.id)?;
        let found = session.item(id).await?;
        let used = session.last_used(&[id]).await?.pop().flatten();
        let beside = session.beside(id, MOST_BESIDE).await?;
        let beside = beside.iter().map(|summary| convert::summary(summary, None)).collect();
        convert::item(&found, used, beside).ok_or_else(no_such_item)
    }

    pub(super) async fn reveal(&self, request: &ItemRequest) -> Result<Revealed, Failure> {
        let found = self.session().await?.item(item_id(&request.id)?).await?;
        convert::revealed(&found).ok_or_else(no_such_item)
    }

    pub(super) async fn code(&self, request: &ItemRequest) -> Result<OneTimeCode, Failure> {
        let session = self.session().await?;
        let found = session.item(item_id(&request.id)?).await?;
        let Content::Login(login) = &found.item.content else { return Err(no_such_item()) };
        // Exposed to make the code that the person asked for.
        let totp = login.totp.as_ref().and_then(|totp| Totp::parse(totp.expose()).ok()).ok_or_else(no_codes)?;
        let (code, seconds) = totp.code(session.now());
        Ok(OneTimeCode { code: code.to_string(), seconds: count(seconds) })
    }

    pub(super) fn generate(&self, request: &GenerateRequest) -> Result<Generated, Failure> {
        let mut rng = self.host.rng();
        let made = if let Some(words) = request.words {
            make_passphrase(words as usize, &mut rng)
        } else {
            let rules = request.rules.as_deref().map_or_else(PasswordRules::default, PasswordRules::parse);
            let rules = match request.length {
                Some(length) => rules.with_length(length as usize),
                None => rules,
            };
            rules.make(&mut rng)
        };
        // Shown because the person asked for it.
        Ok(Generated { password: made.expose().to_owned() })
    }

    pub(super) async fn add_login(&self, request: &AddLoginRequest) -> Result<Edited, Failure> {
        let login = Login {
            title: request.title.clone(),
            sites: sites(&request.site),
            username: Some(request.user_name.clone()).filter(|name| !name.is_empty()),
            password: Some(SecretText::new(request.password.clone())),
            notes: Some(request.notes.clone()).filter(|notes| !notes.is_empty()).map(SecretText::new),
            ..Login::default()
        };
        let added = self.add(ItemDraft::Login(login)).await?;
        self.keep_no_longer(&request.password).await?;
        Ok(added)
    }

    pub(super) async fn edit_login(&self, request: &EditLoginRequest) -> Result<Edited, Failure> {
        let secret = |text: &String| Some(SecretText::new(text.clone()));
        let changes = [
            request.title.clone().map(Change::Title),
            request.sites.clone().map(Change::Sites),
            request.user_name.clone().map(|name| Change::Username(Some(name))),
            request.password.as_ref().map(|password| Change::Password(secret(password))),
            request.notes.as_ref().map(|notes| Change::Notes(secret(notes).filter(|_| !notes.is_empty()))),
            request.tags.as_ref().map(|tags| Change::Tags(tidy(tags))),
            request.codes.as_deref().map(codes).transpose()?,
        ];
        let edited = self.change(&request.id, changes.into_iter().flatten().collect()).await?;
        if let Some(password) = &request.password {
            self.keep_no_longer(password).await?;
        }
        Ok(edited)
    }

    pub(super) async fn add_note(&self, request: &AddNoteRequest) -> Result<Edited, Failure> {
        let text = SecretText::new(request.text.clone());
        self.add(ItemDraft::Note(Note { title: request.title.clone(), text, ..Note::default() })).await
    }

    pub(super) async fn edit_note(&self, request: &EditNoteRequest) -> Result<Edited, Failure> {
        let text = request.text.as_ref().map(|text| Change::Text(SecretText::new(text.clone())));
        let tags = request.tags.as_ref().map(|tags| Change::Tags(tidy(tags)));
        let changes = [request.title.clone().map(Change::Title), text, tags];
        self.change(&request.id, changes.into_iter().flatten().collect()).await
    }

    pub(super) async fn rename_item(&self, request: &RenameItemRequest) -> Result<Edited, Failure> {
        let found = self.session().await?.item(item_id(&request.id)?).await?;
        let change = match found.item.kind() {
            // A passkey is called by its site; what a person can tell two apart by is the name.
            Kind::Passkey => Change::DisplayName(Some(request.title.clone())),
            _ => Change::Title(request.title.clone()),
        };
        self.change(&request.id, vec![change]).await
    }

    pub(super) async fn offer_again(&self, request: &ItemRequest) -> Result<Edited, Failure> {
        let found = self.session().await?.item(item_id(&request.id)?).await?;
        let Content::Passkey(passkey) = &found.item.content else { return Err(no_such_item()) };
        self.change(&request.id, vec![Change::Flags(passkey.flags.without(PasskeyFlags::HIDDEN))]).await
    }

    pub(super) async fn trash(&self, request: &ItemRequest) -> Result<Edited, Failure> {
        let id = item_id(&request.id)?;
        self.session().await?.trash(id).await?;
        self.edited(id).await
    }

    pub(super) async fn restore(&self, request: &ItemRequest) -> Result<Edited, Failure> {
        let id = item_id(&request.id)?;
        self.session().await?.restore(id).await?;
        self.edited(id).await
    }

    pub(super) async fn purge(&self, request: &ItemRequest) -> Result<Edited, Failure> {
        let id = item_id(&request.id)?;
        self.session().await?.purge(id).await?;
        self.edited(id).await
    }

    pub(super) async fn trash_all(&self, request: &ManyItemsRequest) -> Result<ManyEdited, Failure> {
        let session = self.session().await?;
        many(&session, &session.trash_all(&item_ids(request)?).await?)
    }

    pub(super) async fn restore_all(&self, request: &ManyItemsRequest) -> Result<ManyEdited, Failure> {
        let session = self.session().await?;
        many(&session, &session.restore_all(&item_ids(request)?).await?)
    }

    pub(super) async fn purge_all(&self, request: &ManyItemsRequest) -> Result<ManyEdited, Failure> {
        let session = self.session().await?;
        many(&session, &session.purge_all(&item_ids(request)?).await?)
    }

    pub(super) async fn unapplied(&self, request: UnappliedRequest) -> Result<Unapplied, Failure> {
        let changes = self.session().await?.unapplied().await?;
        Ok(Unapplied { changes: changes.iter().map(|change| convert::unapplied(change, request.reveal)).collect() })
    }

    pub(super) async fn dismiss_unapplied(&self, request: &DismissUnappliedRequest) -> Result<Done, Failure> {
        self.session().await?.dismiss_unapplied(request.id.parse()?).await?;
        Ok(Done {})
    }

    async fn add(&self, draft: ItemDraft) -> Result<Edited, Failure> {
        let id = self.session().await?.add(draft).await?;
        self.edited(id).await
    }

    async fn change(&self, id: &str, changes: Vec<Change>) -> Result<Edited, Failure> {
        let id = item_id(id)?;
        self.session().await?.change(id, &changes).await?;
        self.edited(id).await
    }

    async fn edited(&self, id: ItemId) -> Result<Edited, Failure> {
        Ok(Edited { id: id.to_string(), pending: count(self.session().await?.pending()?) })
    }
}

pub(super) fn item_id(text: &str) -> Result<ItemId, Failure> {
    text.parse().map_err(|_| no_such_item())
}

fn item_ids(request: &ManyItemsRequest) -> Result<BTreeSet<ItemId>, Failure> {
    request.ids.iter().map(|id| item_id(id)).collect()
}

fn many<B: Browser>(session: &Session<B>, ids: &[ItemId]) -> Result<ManyEdited, Failure> {
    Ok(ManyEdited { ids: ids.iter().map(ToString::to_string).collect(), pending: count(session.pending()?) })
}

fn query(request: &ItemsRequest) -> Query {
    Query {
        words: request.query.clone().unwrap_or_default(),
        kinds: request.kinds.as_ref().map(|kinds| kinds.iter().copied().map(convert::list_kind).collect()),
        tag: request.tag.clone(),
        host: None,
        place: match request.filter.unwrap_or_default() {
            ListFilter::Kept => Where::Kept,
            ListFilter::Trashed => Where::Trash,
            ListFilter::OldTrash => Where::OldTrash,
        },
        order: match request.order.unwrap_or_default() {
            ListOrder::Site => Order::Site,
            ListOrder::Created => Order::Created,
            ListOrder::Used => Order::Used,
        },
    }
}

/// Tags as they are kept: each once, none empty.
fn tidy(tags: &[String]) -> Vec<String> {
    let mut tidy: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| tag.trim()).filter(|tag| !tag.is_empty()) {
        if !tidy.iter().any(|known| known == tag) {
            tidy.push(tag.to_owned());
        }
    }
    tidy
}

/// What was typed as the secret of one-time codes.
fn codes(typed: &str) -> Result<Change, Failure> {
    if typed.trim().is_empty() {
        return Ok(Change::Totp(None));
    }
    let totp = Totp::parse(typed).map_err(|_| no_codes())?;
    // Exposed to be moved where it is wiped as well.
    Ok(Change::Totp(Some(SecretText::new(totp.to_uri().to_string()))))
}

fn no_codes() -> Failure {
    Failure::new(ErrorCode::NotOneTimeCodes, "no generator of time-based one-time codes")
}

fn no_such_item() -> Failure {
    Failure::new(ErrorCode::NotFound, "there is no such item")
}

fn sites(site: &str) -> Vec<String> {
    if site.is_empty() { Vec::new() } else { vec![site.to_owned()] }
}

/// More of one site than this nobody reads beside an item.
const MOST_BESIDE: usize = 20;

/// More of one site than this nobody scrolls through in a popup.
const MOST_OF_A_SITE: usize = 100;
