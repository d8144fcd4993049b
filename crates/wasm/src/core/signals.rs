//! What sites and this browser say of passkeys beside the two ceremonies.

use roamkey_authenticator::{
    ManagedStore as _, User,
    webauthn::{self, Change, Signal},
};

use super::{Browser, Core, passkeys};
use crate::{
    convert::count,
    messages::{Capabilities, Failure, PasskeySignalRequest, PasskeySignalled, SignalKind, State},
};

impl<B: Browser> Core<B> {
    /// Does what a site says, in so far as it can be undone: what it disowns is hidden and stays.
    pub(super) async fn passkey_signal(&self, request: &PasskeySignalRequest) -> Result<PasskeySignalled, Failure> {
        let caller = passkeys::caller(&request.caller).map_err(passkeys::dom)?;
        let json = request.options.to_string();
        let signal = Signal::from_json(kind(request.signal), &caller, &json).map_err(passkeys::dom)?;
        let session = self.session().await?;
        let mut passkeys = session.passkeys();
        let changes = signal.changes(&passkeys.held(signal.rp_id()).await?);
        for change in &changes {
            match change {
                Change::Visibility { credential, to, .. } => {
                    passkeys.set_visibility(signal.rp_id(), credential, *to).await?;
                }
                Change::Names { credential, to, .. } => {
                    let (name, display_name) = (to.name.clone(), to.display_name.clone());
                    let user = User { name, display_name, ..User::default() };
                    passkeys.update_user(signal.rp_id(), credential, &user).await?;
                }
            }
        }
        Ok(PasskeySignalled { changed: count(changes.len()) })
    }

    /// A browser without a vault, or one that lost its place, speaks for itself alone.
    pub(super) async fn capabilities(&self, browser: &Capabilities) -> Result<Capabilities, Failure> {
        Ok(match self.state().await? {
            State::Empty | State::Revoked { .. } => browser.clone(),
            _ => Capabilities { capabilities: webauthn::merge_capabilities(&browser.capabilities) },
        })
    }
}

fn kind(kind: SignalKind) -> webauthn::SignalKind {
    match kind {
        SignalKind::UnknownCredential => webauthn::SignalKind::UnknownCredential,
        SignalKind::AllAcceptedCredentials => webauthn::SignalKind::AllAcceptedCredentials,
        SignalKind::CurrentUserDetails => webauthn::SignalKind::CurrentUserDetails,
    }
}
