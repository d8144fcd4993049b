//! The one place where the authenticator meets the vault.
//!
//! A look-up goes through an index of HMACs under the local key, so that a request opens the
//! records of its own site and no other, however many there are.

use std::{cell::RefCell, rc::Rc};

use roamkey_authenticator::{
    BackupEligibility, BackupState, Credential, CredentialId, CredentialStore, CredentialSummary, PrfSeeds, PrivateKey,
    RpId, UserHandle,
};
use roamkey_proto::{ItemId, Time};
use roamkey_vault::{
    Content, Item, Kind, Operation, SecretBytes,
    item::{Passkey, PasskeyFlags, PrfSeeds as SealedSeeds},
};

use crate::{Error, Found, Host, Session};

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

    /// Opens the passkeys of a site that may be used: those in the trash may not.
    async fn read_site(&self, rp_id: &RpId) -> Result<Vec<Found>, Error> {
        let mut passkeys = Vec::new();
        for item in self.session.look_up(Kind::Passkey, rp_id.as_str()).await? {
            // A row of the index may outlive its reason.
            let found = self.session.find(item).await?;
            passkeys.extend(found.filter(|found| usable(&found.item).is_some_and(|key| key.rp_id == rp_id.as_str())));
        }
        Ok(passkeys)
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
        Ok(Some((credential(&found.item)?, backup)))
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
        let item = Item::new(Content::Passkey(passkey(credential)), Time(credential.created_ms));
        operations.push(Operation::create(self.session.draw_item_id(), item));
        self.read.borrow_mut().take();
        self.session.edit(operations).await?;
        Ok(BackupState::NotBackedUp)
    }
}

fn with_id<'f>(passkeys: &'f [Found], id: &CredentialId) -> Option<&'f Found> {
    passkeys.iter().find(|found| usable(&found.item).is_some_and(|key| key.credential_id == id.as_bytes()))
}

fn usable(item: &Item) -> Option<&Passkey> {
    match &item.content {
        Content::Passkey(passkey) if item.trashed.is_none() && !passkey.flags.has(PasskeyFlags::HIDDEN) => {
            Some(passkey)
        }
        _ => None,
    }
}

fn passkey(credential: &Credential) -> Passkey {
    let eligible = match credential.eligibility {
        BackupEligibility::Synced => PasskeyFlags::BACKUP_ELIGIBLE,
        BackupEligibility::ThisDeviceOnly => PasskeyFlags::default(),
    };
    let seeds = credential.prf.expose();
    let verified = seeds.first_chunk().expect("32 of 64 bytes");
    let unverified = seeds.last_chunk().expect("32 of 64 bytes");
    Passkey {
        rp_id: credential.rp_id.as_str().to_owned(),
        credential_id: credential.id.as_bytes().to_vec(),
        user_handle: Some(credential.user_handle.as_bytes().to_vec()),
        user_name: Some(credential.user_name.clone()),
        display_name: Some(credential.display_name.clone()),
        // Exposed to be sealed into a record.
        cose_key: SecretBytes::new(credential.key.to_cose().to_vec()),
        prf_seeds: Some(SealedSeeds::new(verified, unverified)),
        cred_blob: None,
        large_blob: None,
        flags: eligible.with(PasskeyFlags::DISCOVERABLE),
    }
}

fn credential(item: &Item) -> Result<Credential, Error> {
    let passkey = usable(item).ok_or(UNREADABLE)?;
    // Exposed to sign with it.
    let key = PrivateKey::from_cose(passkey.cose_key.expose()).map_err(|_| UNREADABLE)?;
    let seeds = passkey.prf_seeds.as_ref().ok_or(UNREADABLE)?;
    let mut both = zeroize::Zeroizing::new([0; PrfSeeds::LEN]);
    let (verified, unverified) = both.split_at_mut(32);
    verified.copy_from_slice(seeds.expose_verified());
    unverified.copy_from_slice(seeds.expose_unverified());
    let eligibility = if passkey.flags.has(PasskeyFlags::BACKUP_ELIGIBLE) {
        BackupEligibility::Synced
    } else {
        BackupEligibility::ThisDeviceOnly
    };
    let (id, rp_id, user_handle) = names(passkey)?;
    Ok(Credential {
        id,
        rp_id,
        user_handle,
        user_name: passkey.user_name.clone().unwrap_or_default(),
        display_name: passkey.display_name.clone().unwrap_or_default(),
        key,
        prf: PrfSeeds::from_bytes(&both),
        created_ms: item.created.0,
        eligibility,
    })
}

/// What can be used of a site. A passkey that this version cannot read is none, and keeps no other from serving.
fn summaries(found: &[Found]) -> impl Iterator<Item = CredentialSummary> {
    found.iter().filter_map(|found| credential(&found.item).ok()).map(|credential| credential.summary())
}

fn names(passkey: &Passkey) -> Result<(CredentialId, RpId, UserHandle), Error> {
    let id = CredentialId::try_from(passkey.credential_id.as_slice()).map_err(|_| UNREADABLE)?;
    let rp_id = RpId::try_from(passkey.rp_id.as_str()).map_err(|_| UNREADABLE)?;
    let handle = passkey.user_handle.as_deref().unwrap_or_default();
    Ok((id, rp_id, UserHandle::try_from(handle).map_err(|_| UNREADABLE)?))
}

/// A passkey of a newer version, or of a kind that this authenticator does not make.
const UNREADABLE: Error = Error::Internal("a passkey that this version cannot use");

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use rand_core::{TryCryptoRng, TryRng};

    use super::*;

    /// Any key does.
    struct Ones;

    impl TryRng for Ones {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            Ok(1)
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            Ok(1)
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            bytes.fill(1);
            Ok(())
        }
    }

    impl TryCryptoRng for Ones {}

    fn found(user_handle: Option<&[u8]>) -> Found {
        let key = PrivateKey::make(roamkey_authenticator::Algorithm::Es256, &mut Ones);
        let passkey = Passkey {
            rp_id: "shop.example".to_owned(),
            credential_id: vec![7; 16],
            user_handle: user_handle.map(<[u8]>::to_vec),
            user_name: None,
            display_name: None,
            cose_key: SecretBytes::new(key.to_cose().to_vec()),
            prf_seeds: Some(SealedSeeds::new(&[1; 32], &[2; 32])),
            cred_blob: None,
            large_blob: None,
            flags: PasskeyFlags::default().with(PasskeyFlags::DISCOVERABLE),
        };
        let item = Item::new(Content::Passkey(passkey), Time(0));
        Found { id: ItemId::new([1; ItemId::LEN]), item, stored: true, has_record: true }
    }

    #[test]
    fn a_passkey_that_cannot_be_read_keeps_no_other_from_serving() {
        let site = [found(None), found(Some(b"ann"))];
        let handles: Vec<_> = summaries(&site).map(|summary| summary.user_handle.as_bytes().to_vec()).collect();
        assert_eq!(handles, [b"ann"]);
    }
}
