//! A store that fails, and one under an attacker's control.

use std::convert::Infallible;

use roamkey_authenticator::{
    BackupState, Credential, CredentialId, CredentialStore, CredentialSummary, Error, Found, LargeBlob, MemoryStore,
    RpId,
};

use crate::world::{World, creation, sign_in};

/// Does something to each credential on its way out.
pub(crate) struct Tampering<F> {
    pub(crate) inner: MemoryStore,
    pub(crate) tamper: F,
}

/// Answers every question with this site's credentials.
pub(crate) const HOME: &str = "example.com";

impl<F: Fn(&mut Credential)> CredentialStore for Tampering<F> {
    type Error = Infallible;

    async fn find(&self, _: &RpId, _: &[CredentialId]) -> Result<Vec<CredentialSummary>, Infallible> {
        self.inner.find(&home(), &[]).await
    }

    async fn load(&self, _: &RpId, _: &CredentialId) -> Result<Option<(Credential, BackupState)>, Infallible> {
        let all = self.inner.find(&home(), &[]).await?;
        let Some(any) = all.first() else { return Ok(None) };
        let mut loaded = self.inner.load(&home(), &any.id).await?;
        if let Some((credential, _)) = &mut loaded {
            (self.tamper)(credential);
        }
        Ok(loaded)
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, Infallible> {
        self.inner.save(credential, replaces).await
    }

    async fn write_large_blob(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        blob: Option<&LargeBlob>,
    ) -> Result<Found, Infallible> {
        self.inner.write_large_blob(rp_id, id, blob).await
    }
}

fn home() -> RpId {
    RpId::try_from(HOME).unwrap()
}

/// Always out of order.
struct Broken;

#[derive(Debug, thiserror::Error)]
#[error("out of order")]
struct OutOfOrder;

impl CredentialStore for Broken {
    type Error = OutOfOrder;

    async fn find(&self, _: &RpId, _: &[CredentialId]) -> Result<Vec<CredentialSummary>, OutOfOrder> {
        Err(OutOfOrder)
    }

    async fn load(&self, _: &RpId, _: &CredentialId) -> Result<Option<(Credential, BackupState)>, OutOfOrder> {
        Err(OutOfOrder)
    }

    async fn save(&mut self, _: &Credential, _: &[CredentialId]) -> Result<BackupState, OutOfOrder> {
        Err(OutOfOrder)
    }

    async fn write_large_blob(
        &mut self,
        _: &RpId,
        _: &CredentialId,
        _: Option<&LargeBlob>,
    ) -> Result<Found, OutOfOrder> {
        Err(OutOfOrder)
    }
}

#[test]
fn the_stores_own_failure_is_passed_through() {
    let mut world = World::with_store(Broken);
    assert!(matches!(world.create(&creation("alice")), Err(Error::Storage(OutOfOrder))));
    assert!(matches!(world.get(&sign_in()), Err(Error::Storage(OutOfOrder))));
}
