//! Tokens: a platform's licence to act for a verified person, for a while (CTAP 2.3 section 6.5.2.1).

use std::time::Duration;

use rand_core::CryptoRng;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Permissions, Protocol, authenticates};
use crate::{
    RpId,
    ctap::{Status, limits},
};

/// A `pinUvAuthToken` in use. There is one at most: a new one replaces it, whatever the protocol.
pub(in super::super) struct Token {
    secret: TokenSecret,
    protocol: Protocol,
    permissions: Permissions,
    rp_id: Option<RpId>,
    issued: Duration,
    used: bool,
    /// Until when the token counts as a touch.
    present_until: Option<Duration>,
    /// Whether it still counts as a verification. A touch uses that up.
    user_verified: bool,
}

impl Token {
    /// Draws a token for a person who was verified just now, and touched the device where `present` says so.
    pub(in super::super) fn make(
        protocol: Protocol,
        permissions: Permissions,
        rp_id: Option<RpId>,
        present: bool,
        now: Duration,
        rng: &mut impl CryptoRng,
    ) -> Self {
        Self {
            secret: TokenSecret::make(rng),
            protocol,
            permissions,
            rp_id,
            issued: now,
            used: false,
            present_until: present.then(|| now + limits::USER_PRESENT),
            user_verified: true,
        }
    }

    /// The secret, for the platform to get encrypted.
    pub(in super::super) fn secret(&self) -> &TokenSecret {
        &self.secret
    }

    /// Whether its time is up: unused for too long after it was issued, or too old.
    pub(in super::super) fn is_over(&self, now: Duration) -> bool {
        let age = now.saturating_sub(self.issued);
        age >= limits::TOKEN_LIFE || (!self.used && age >= limits::TOKEN_UNUSED)
    }

    /// Checks that the platform holds this token, and may do what it asks.
    ///
    /// All that can be wrong is one error: `CTAP2_ERR_PIN_AUTH_INVALID`.
    pub(in super::super) fn admit(&mut self, claim: &Claim<'_>, message: &[&[u8]]) -> Result<(), Status> {
        let genuine = self.protocol == claim.protocol
            && authenticates(claim.protocol, self.secret.expose(), message, claim.param);
        let permitted = mutant!("ctap.permission", self.permissions.has_any(claim.permission));
        let bound = mutant!("ctap.token-is-for-its-site", self.is_for(claim));
        if !genuine || !permitted || !bound {
            return Err(Status::PinAuthInvalid);
        }
        self.used = true;
        Ok(())
    }

    /// Binds the token to the first site it is used for.
    pub(in super::super) fn bind(&mut self, rp_id: &RpId) {
        self.rp_id.get_or_insert_with(|| rp_id.clone());
    }

    /// Whether it still stands for a verified person.
    pub(in super::super) fn user_verified(&self) -> bool {
        self.user_verified
    }

    /// Whether it stands for a touch.
    pub(in super::super) fn user_present(&self, now: Duration) -> bool {
        self.present_until.is_some_and(|until| now < until)
    }

    /// Takes from it what a touch uses up: one verification serves one credential or assertion. Only writing large blobs
    /// goes on, which belongs to the same ceremony.
    pub(in super::super) fn use_up(&mut self) {
        self.present_until = None;
        self.user_verified = false;
        self.permissions = self.permissions.only(Permissions::LARGE_BLOB_WRITE);
    }

    /// A bound token serves its site; commands that concern no site, or all, want one that is bound to none.
    fn is_for(&self, claim: &Claim<'_>) -> bool {
        match (&self.rp_id, claim.scope) {
            (None, _) | (Some(_), Scope::Anything) => true,
            (Some(bound), Scope::Site(rp_id)) => bound == rp_id,
            (Some(_), Scope::AllSites) => false,
        }
    }
}

/// What a platform claims to hold a token for.
pub(in super::super) struct Claim<'a> {
    /// The protocol it speaks.
    pub(in super::super) protocol: Protocol,
    /// Its MAC of the message.
    pub(in super::super) param: &'a [u8],
    /// What it wants to do.
    pub(in super::super) permission: Permissions,
    /// To whose credentials.
    pub(in super::super) scope: Scope<'a>,
}

/// Whose credentials a command touches.
#[derive(Clone, Copy)]
pub(in super::super) enum Scope<'a> {
    /// Nobody's: the command is about the device.
    Anything,
    /// One site's.
    Site(&'a RpId),
    /// Every site's.
    AllSites,
}

/// The 32 bytes of a token.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(in super::super) struct TokenSecret([u8; Self::LEN]);

impl TokenSecret {
    /// The length: protocol two wants 32 bytes, protocol one allows them.
    pub(in super::super) const LEN: usize = 32;

    /// Draws one.
    pub(in super::super) fn make(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self(*bytes)
    }

    /// Takes back what [`TokenSecret::expose`] gave.
    pub(in super::super) fn from_bytes(bytes: &[u8; Self::LEN]) -> Self {
        Self(*bytes)
    }

    /// The bytes, to encrypt for the platform, to key a MAC with, to keep across power cycles.
    pub(in super::super) fn expose(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}
