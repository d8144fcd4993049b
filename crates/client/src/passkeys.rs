//! The one place where the authenticator meets the vault.
//!
//! A look-up goes through an index of HMACs under the local key, so that a request opens the
//! records of its own site and no other, however many there are.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use roamkey_authenticator::{
    BackupState, Credential, CredentialId, CredentialStore, CredentialSummary, Found as Changed, LargeBlob,
    ManagedStore, RpId, User, Visibility, webauthn::Held,
};
use roamkey_proto::{ItemId, Time};
use roamkey_vault::{
    Change, Content, Item, Kind, Operation, SecretBytes,
    item::{Passkey, PasskeyFlags},
};

use crate::{Error, Found, Host, Kind as ListKind, Session};

mod convert;
pub(crate) mod foreign;

/// The passkeys of an unlocked vault, as the authenticator wants them: those of one request.
///
/// What was read of a site is kept until this is dropped or saves, so that a request is answered from one reading.
pub struct Passkeys<'s, H: Host> {
    session: &'s Session<H>,
    read: RefCell<Option<(RpId, Rc<[Found]>)>>,
}

impl<H: Host> Session<H> {
    /// Returns the passkeys, for an authenticator.
    pub fn passkeys(&self) -> Passkeys<'_, H> {
        Passkeys { session: self, read: RefCell::default() }
    }
}

impl<H: Host> Passkeys<'_, H> {
    /// Returns the item of a passkey.
    ///
    /// # Errors
    /// [`Error::NoSuchItem`]; [`Error::Locked`], [`Error::Store`], [`Error::Damaged`].
    pub async fn item_of(&self, rp_id: &RpId, id: &CredentialId) -> Result<ItemId, Error> {
        let passkeys = self.of_site(rp_id).await?;
        with_id(&passkeys, id).map(|found| found.id).ok_or(Error::NoSuchItem)
    }

    /// Returns when a passkey last served on this device.
    ///
    /// # Errors
    /// As [`Passkeys::item_of`].
    pub async fn last_used(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<Time>, Error> {
        let item = self.item_of(rp_id, id).await?;
        Ok(self.session.last_used(&[item]).await?.pop().flatten())
    }

    /// Returns what is kept of a site, hidden passkeys included: what the site's signals are about.
    ///
    /// # Errors
    /// As [`Passkeys::item_of`].
    pub async fn held(&self, rp_id: &RpId) -> Result<Vec<Held>, Error> {
        let found = self.of_site(rp_id).await?;
        let held = found.iter().filter_map(|found| {
            let passkey = kept(&found.item)?;
            let is_hidden = passkey.flags.has(PasskeyFlags::HIDDEN);
            let visibility = if is_hidden { Visibility::Hidden } else { Visibility::Offered };
            Some(Held { summary: convert::summary(passkey, found.item.created).ok()?, visibility })
        });
        Ok(held.collect())
    }

    async fn of_site(&self, rp_id: &RpId) -> Result<Rc<[Found]>, Error> {
        if let Some((site, passkeys)) = &*self.read.borrow()
            && site == rp_id
        {
            return Ok(Rc::clone(passkeys));
        }
        let passkeys: Rc<[Found]> = self.read_site(rp_id).await?.into();
        *self.read.borrow_mut() = Some((rp_id.clone(), Rc::clone(&passkeys)));
        Ok(passkeys)
    }

    /// Opens the passkeys of a site that are not in the trash.
    async fn read_site(&self, rp_id: &RpId) -> Result<Vec<Found>, Error> {
        let mut passkeys = Vec::new();
        for item in self.session.look_up(Kind::Passkey, rp_id.as_str()).await? {
            // A row of the index may outlive its reason.
            let found = self.session.find(item).await?;
            passkeys.extend(found.filter(|found| kept(&found.item).is_some_and(|key| key.rp_id == rp_id.as_str())));
        }
        Ok(passkeys)
    }

    /// Changes a passkey, hidden or not.
    async fn change(&self, rp_id: &RpId, id: &CredentialId, changes: &[Change]) -> Result<Changed, Error> {
        let passkeys = self.of_site(rp_id).await?;
        let Some(found) = passkeys.iter().find(|found| has_id(kept(&found.item), id)) else {
            return Ok(Changed::Nothing);
        };
        self.read.borrow_mut().take();
        self.session.change(found.id, changes).await?;
        Ok(Changed::It)
    }
}

impl<H: Host> CredentialStore for Passkeys<'_, H> {
    type Error = Error;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, Error> {
        let found = self.of_site(rp_id).await?;
        Ok(summaries(&found).filter(|summary| ids.is_empty() || ids.contains(&summary.id)).collect())
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, Error> {
        let passkeys = self.of_site(rp_id).await?;
        let Some(found) = with_id(&passkeys, id) else { return Ok(None) };
        // The flag tells what the server signed for, not what is hoped. An edit that waits takes nothing from
        // that: what makes a passkey never changes.
        let backup = if found.has_record { BackupState::BackedUp } else { BackupState::NotBackedUp };
        let passkey = offered(&found.item).ok_or(Error::NoSuchItem)?;
        Ok(Some((convert::credential(passkey, found.item.created)?, backup)))
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Error> {
        let mut operations = Vec::new();
        let passkeys = self.of_site(&credential.rp_id).await?;
        for id in replaces {
            // Into the trash and not away: a person who was tricked into it gets it back.
            if let Some(found) = with_id(&passkeys, id) {
                operations.push(Operation::trash(found.id, &found.item, Time(credential.created_ms)));
            }
        }
        let item = Item::new(Content::Passkey(convert::passkey(credential)), Time(credential.created_ms));
        operations.push(Operation::create(self.session.draw_item_id(), item));
        self.read.borrow_mut().take();
        self.session.edit(operations).await?;
        Ok(BackupState::NotBackedUp)
    }

    async fn write_large_blob(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        blob: Option<&LargeBlob>,
    ) -> Result<Changed, Error> {
        // Exposed to be sealed into a record.
        let blob = blob.map(|blob| SecretBytes::new(blob.expose().to_vec()));
        self.change(rp_id, id, &[Change::LargeBlob(blob)]).await
    }
}

impl<H: Host> ManagedStore for Passkeys<'_, H> {
    async fn relying_parties(&self) -> Result<Vec<RpId>, Error> {
        let listed = self.session.list().await?;
        let passkeys = listed.into_iter().filter(|item| item.kind == ListKind::Passkey && item.trashed.is_none());
        let sites: BTreeSet<_> = passkeys.filter_map(|item| item.site).collect();
        let mut relying_parties = Vec::new();
        for site in sites {
            let Ok(rp_id) = RpId::try_from(site.as_str()) else { continue };
            // A site whose passkeys are all hidden, or of a newer version, shows none.
            if summaries(&self.of_site(&rp_id).await?).next().is_some() {
                relying_parties.push(rp_id);
            }
        }
        Ok(relying_parties)
    }

    async fn delete(&mut self, rp_id: &RpId, id: &CredentialId) -> Result<Changed, Error> {
        let passkeys = self.of_site(rp_id).await?;
        let Some(found) = with_id(&passkeys, id) else { return Ok(Changed::Nothing) };
        self.read.borrow_mut().take();
        // Into the trash: a platform may ask for this with a touch, and the person's other devices lose it too.
        self.session.trash(found.id).await?;
        Ok(Changed::It)
    }

    async fn update_user(&mut self, rp_id: &RpId, id: &CredentialId, user: &User) -> Result<Changed, Error> {
        let changes = [Change::UserName(user.name.clone()), Change::DisplayName(user.display_name.clone())];
        self.change(rp_id, id, &changes).await
    }

    async fn set_visibility(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        visibility: Visibility,
    ) -> Result<Changed, Error> {
        let passkeys = self.of_site(rp_id).await?;
        let Some(flags) = passkeys.iter().filter_map(|found| kept(&found.item)).find(|key| has_id(Some(key), id))
        else {
            return Ok(Changed::Nothing);
        };
        let flags = match visibility {
            Visibility::Offered => flags.flags.without(PasskeyFlags::HIDDEN),
            Visibility::Hidden => flags.flags.with(PasskeyFlags::HIDDEN),
        };
        self.change(rp_id, id, &[Change::Flags(flags)]).await
    }

    async fn clear(&mut self) -> Result<(), Error> {
        let now = self.session.now();
        let mut operations = Vec::new();
        for item in self.session.list().await? {
            if item.kind == ListKind::Passkey && item.trashed.is_none() {
                let found = self.session.item(item.id).await?;
                operations.push(Operation::trash(found.id, &found.item, now));
            }
        }
        self.read.borrow_mut().take();
        self.session.edit(operations).await
    }
}

fn with_id<'f>(passkeys: &'f [Found], id: &CredentialId) -> Option<&'f Found> {
    passkeys.iter().find(|found| has_id(offered(&found.item), id))
}

fn has_id(passkey: Option<&Passkey>, id: &CredentialId) -> bool {
    passkey.is_some_and(|passkey| passkey.credential_id == id.as_bytes())
}

/// The passkey, unless it is in the trash.
fn kept(item: &Item) -> Option<&Passkey> {
    match &item.content {
        Content::Passkey(passkey) if item.trashed.is_none() => Some(passkey),
        _ => None,
    }
}

/// The passkey, if sites may find it.
fn offered(item: &Item) -> Option<&Passkey> {
    kept(item).filter(|passkey| !passkey.flags.has(PasskeyFlags::HIDDEN))
}

/// What can be used of a site. A passkey that this version cannot read is none, and keeps no other from serving.
fn summaries(found: &[Found]) -> impl Iterator<Item = CredentialSummary> {
    let readable = |found: &Found| convert::summary(offered(&found.item)?, found.item.created).ok();
    found.iter().filter_map(readable)
}

#[cfg(test)]
mod tests;
