use roamkey_proto::{AccountId, Time};

use crate::{Answer, TokenHash};

/// Invitations: each lets one account start.
pub trait Invitations: Send + Sync {
    /// Keeps an invitation.
    fn invite(&self, invitation: NewInvitation) -> Answer<'_, ()>;

    /// Uses an invitation for an account; tells whether it serves. The account that used it may do so
    /// again, so that a lost answer costs it nothing.
    fn redeem(&self, token: TokenHash, account: AccountId, now: Time) -> Answer<'_, bool>;

    /// Takes back an invitation that nobody used; tells whether there was one.
    fn withdraw(&self, token: TokenHash) -> Answer<'_, bool>;
}

/// An invitation to keep.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitation {
    /// What the person is given, at rest.
    pub token: TokenHash,
    /// When it no longer serves.
    pub expires: Time,
}
