//! Stores that fail when they are told to.

use std::{cell::Cell, rc::Rc};

use roamkey_authenticator::{
    BackupState, Credential, CredentialId, CredentialStore, CredentialSummary, Found, LargeBlob, ManagedStore,
    MemoryStore, RpId, User, Visibility,
    ctap::{DeviceState, MemoryState, StateStore},
};

/// Decides which write fails, over both stores of a device.
#[derive(Clone, Default)]
pub(crate) struct Failpoint(Rc<Cell<Plan>>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Plan {
    #[default]
    Never,
    /// After so many writes that succeed.
    After(u32, Kind),
}

/// How a write fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing is written.
    Lost,
    /// It is written, and nobody hears of it: a power cut right after.
    Unheard,
}

impl Failpoint {
    /// Lets `writes` succeed, and the one after them fail.
    pub(crate) fn arm(&self, writes: u32, kind: Kind) {
        self.0.set(Plan::After(writes, kind));
    }

    pub(crate) fn disarm(&self) {
        self.0.set(Plan::Never);
    }

    /// Whether the failure that was armed is still to come.
    pub(crate) fn is_armed(&self) -> bool {
        self.0.get() != Plan::Never
    }

    fn next(&self) -> Option<Kind> {
        match self.0.get() {
            Plan::Never => None,
            Plan::After(0, kind) => {
                self.disarm();
                Some(kind)
            }
            Plan::After(writes, kind) => {
                self.0.set(Plan::After(writes - 1, kind));
                None
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("out of order")]
pub(crate) struct OutOfOrder;

/// Runs a write, or fails as planned.
macro_rules! write {
    ($self:ident, $write:expr) => {{
        match $self.failpoint.next() {
            Some(Kind::Lost) => Err(OutOfOrder),
            Some(Kind::Unheard) => {
                let _ = $write.await;
                Err(OutOfOrder)
            }
            None => Ok($write.await.unwrap()),
        }
    }};
}

/// What a device remembers, over a failpoint.
pub(crate) struct State {
    pub(crate) inner: MemoryState,
    pub(crate) failpoint: Failpoint,
}

impl StateStore for State {
    type Error = OutOfOrder;

    async fn load(&self) -> Result<Option<DeviceState>, OutOfOrder> {
        Ok(self.inner.load().await.unwrap())
    }

    async fn save(&mut self, state: &DeviceState) -> Result<(), OutOfOrder> {
        write!(self, self.inner.save(state))
    }
}

/// A device's credentials, over a failpoint.
pub(crate) struct Credentials {
    pub(crate) inner: MemoryStore,
    pub(crate) failpoint: Failpoint,
}

impl CredentialStore for Credentials {
    type Error = OutOfOrder;

    async fn find(&self, rp_id: &RpId, ids: &[CredentialId]) -> Result<Vec<CredentialSummary>, OutOfOrder> {
        Ok(self.inner.find(rp_id, ids).await.unwrap())
    }

    async fn load(&self, rp_id: &RpId, id: &CredentialId) -> Result<Option<(Credential, BackupState)>, OutOfOrder> {
        Ok(self.inner.load(rp_id, id).await.unwrap())
    }

    async fn save(&mut self, credential: &Credential, replaces: &[CredentialId]) -> Result<BackupState, OutOfOrder> {
        write!(self, self.inner.save(credential, replaces))
    }

    async fn write_large_blob(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        blob: Option<&LargeBlob>,
    ) -> Result<Found, OutOfOrder> {
        write!(self, self.inner.write_large_blob(rp_id, id, blob))
    }

    async fn remaining(&self) -> Result<Option<usize>, OutOfOrder> {
        Ok(self.inner.remaining().await.unwrap())
    }
}

impl ManagedStore for Credentials {
    async fn relying_parties(&self) -> Result<Vec<RpId>, OutOfOrder> {
        Ok(self.inner.relying_parties().await.unwrap())
    }

    async fn delete(&mut self, rp_id: &RpId, id: &CredentialId) -> Result<Found, OutOfOrder> {
        write!(self, self.inner.delete(rp_id, id))
    }

    async fn update_user(&mut self, rp_id: &RpId, id: &CredentialId, user: &User) -> Result<Found, OutOfOrder> {
        write!(self, self.inner.update_user(rp_id, id, user))
    }

    async fn set_visibility(
        &mut self,
        rp_id: &RpId,
        id: &CredentialId,
        visibility: Visibility,
    ) -> Result<Found, OutOfOrder> {
        write!(self, self.inner.set_visibility(rp_id, id, visibility))
    }

    async fn clear(&mut self) -> Result<(), OutOfOrder> {
        write!(self, self.inner.clear())
    }
}
