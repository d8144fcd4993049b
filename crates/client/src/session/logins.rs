//! Logins in pages: what may be typed where, and what becomes of what a person typed.

use std::collections::BTreeSet;

use roamkey_proto::ItemId;
use roamkey_vault::{Content, SecretText, item::Login};

use super::{Found, Kind, Query, Session, Summary};
use crate::{Error, Host, LoginPage};

/// What a person typed into a page, and sent off.
pub struct Typed {
    /// The user name; empty where the page asked for none.
    pub username: String,
    /// The password.
    pub password: SecretText,
    /// The password that it takes the place of, where the page asked for that too.
    pub replaces: Option<SecretText>,
}

/// What the vault makes of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Weighed {
    /// It is kept already.
    Known,
    /// It is a new login.
    New,
    /// It may be the new password of one of these.
    Changes(Vec<Summary>),
}

impl<H: Host> Session<H> {
    /// Opens a login to be typed into a page, and notes that it served.
    ///
    /// # Errors
    /// [`Error::OtherSite`] when it is not of the page's site; [`Error::NoSuchItem`], also when it is none or in the trash;
    /// [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn login_for(&self, id: ItemId, page: &LoginPage) -> Result<Found, Error> {
        let found = self.item(id).await?;
        let Content::Login(login) = &found.item.content else { return Err(Error::NoSuchItem) };
        if found.item.trashed.is_some() {
            return Err(Error::NoSuchItem);
        }
        if !page.is_of(login) {
            return Err(Error::OtherSite);
        }
        self.note_use(id, self.now()).await?;
        Ok(found)
    }

    /// Compares what a person typed with what is kept for the page's site.
    ///
    /// # Errors
    /// As [`Session::page`].
    pub async fn weigh(&self, page: &LoginPage, typed: &Typed) -> Result<Weighed, Error> {
        let logins = self.logins_of(page).await?;
        let any = |is: &dyn Fn(&Login) -> bool| {
            let is_one = |found: &&Found| matches!(&found.item.content, Content::Login(login) if is(login));
            logins.iter().filter(is_one).filter_map(Summary::of).take(MOST_CHANGED).collect::<Vec<_>>()
        };
        if !any(&|login| login.password.as_ref() == Some(&typed.password) && typed.may_be_of(login)).is_empty() {
            return Ok(Weighed::Known);
        }
        // Who knows the password of before means the login that has it.
        let replaced =
            any(&|login| typed.replaces.is_some() && login.password == typed.replaces && typed.may_be_of(login));
        if !replaced.is_empty() {
            return Ok(Weighed::Changes(replaced));
        }
        let same = any(&|login| typed.username.is_empty() || typed.is_named_as(login));
        Ok(if same.is_empty() { Weighed::New } else { Weighed::Changes(same) })
    }

    async fn logins_of(&self, page: &LoginPage) -> Result<Vec<Found>, Error> {
        let query = Query { host: Some(page.host().to_owned()), kinds: Some(vec![Kind::Login]), ..Query::default() };
        let ids: BTreeSet<ItemId> = self.ids(&query).await?.into_iter().collect();
        let mut found = self.find_all(&ids).await?;
        found.retain(|found| matches!(&found.item.content, Content::Login(login) if page.is_of(login)));
        Ok(found)
    }
}

impl Typed {
    fn is_named_as(&self, login: &Login) -> bool {
        let name = login.username.as_deref().unwrap_or_default();
        // Sites that tell names apart by case are few, and a second login of one is offered all the same.
        name.trim().to_lowercase() == self.username.trim().to_lowercase()
    }

    /// Either does not say who it is of, or both say the same.
    fn may_be_of(&self, login: &Login) -> bool {
        self.username.is_empty() || login.username.as_deref().unwrap_or_default().is_empty() || self.is_named_as(login)
    }
}

/// More of one site nobody looks through to find whose password it was.
const MOST_CHANGED: usize = 20;
