use roamkey_client::ItemDraft;
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
        ErrorCode, Failure, Item, ItemCounts, ItemRequest, Items, ItemsRequest, ListFilter, RenameItemRequest,
        Revealed, Unapplied, UnappliedRequest,
    },
};

impl<B: Browser> Core<B> {
    pub(super) async fn items(&self, request: &ItemsRequest) -> Result<Items, Failure> {
        let session = self.session().await?;
        let trashed = matches!(request.filter, Some(ListFilter::Trashed));
        let query = request.query.as_deref().unwrap_or_default();
        let mut summaries = session.list().await?;
        summaries.retain(|summary| {
            let is_of_kind = request.kinds.as_ref().is_none_or(|kinds| kinds.contains(&convert::kind(summary.kind)));
            is_of_kind && summary.trashed.is_some() == trashed && summary.matches(query)
        });
        let total = count(summaries.len());
        let page: Vec<_> = summaries.into_iter().skip(request.offset as usize).take(request.limit as usize).collect();
        let used = session.last_used(&page.iter().map(|summary| summary.id).collect::<Vec<_>>()).await?;
        let items = page.iter().zip(used).map(|(summary, used)| convert::summary(summary, used)).collect();
        let counts = session.counts().await?;
        let counts = ItemCounts {
            passkeys: count(counts.passkeys),
            logins: count(counts.logins),
            notes: count(counts.notes),
            trashed: count(counts.trashed),
        };
        Ok(Items { total, items, counts })
    }

    pub(super) async fn item(&self, request: &ItemRequest) -> Result<Item, Failure> {
        let session = self.session().await?;
        let id = item_id(&request.id)?;
        let found = session.item(id).await?;
        let used = session.last_used(&[id]).await?.pop().flatten();
        convert::item(&found, used).ok_or_else(no_such_item)
    }

    pub(super) async fn reveal(&self, request: &ItemRequest) -> Result<Revealed, Failure> {
        let found = self.session().await?.item(item_id(&request.id)?).await?;
        convert::revealed(&found).ok_or_else(no_such_item)
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
        self.add(ItemDraft::Login(login)).await
    }

    pub(super) async fn edit_login(&self, request: &EditLoginRequest) -> Result<Edited, Failure> {
        let secret = |text: &String| Some(SecretText::new(text.clone()));
        let changes = [
            request.title.clone().map(Change::Title),
            request.site.as_deref().map(|site| Change::Sites(sites(site))),
            request.user_name.clone().map(|name| Change::Username(Some(name))),
            request.password.as_ref().map(|password| Change::Password(secret(password))),
            request.notes.as_ref().map(|notes| Change::Notes(secret(notes))),
        ];
        self.change(&request.id, changes.into_iter().flatten().collect()).await
    }

    pub(super) async fn add_note(&self, request: &AddNoteRequest) -> Result<Edited, Failure> {
        let text = SecretText::new(request.text.clone());
        self.add(ItemDraft::Note(Note { title: request.title.clone(), text, ..Note::default() })).await
    }

    pub(super) async fn edit_note(&self, request: &EditNoteRequest) -> Result<Edited, Failure> {
        let text = request.text.as_ref().map(|text| Change::Text(SecretText::new(text.clone())));
        let changes = [request.title.clone().map(Change::Title), text];
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

fn no_such_item() -> Failure {
    Failure::new(ErrorCode::NotFound, "there is no such item")
}

fn sites(site: &str) -> Vec<String> {
    if site.is_empty() { Vec::new() } else { vec![site.to_owned()] }
}
