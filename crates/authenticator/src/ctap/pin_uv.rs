//! PIN/UV authentication: the protocols, the tokens they hand out, and the PIN itself (CTAP 2.3 section 6.5).

mod key_agreement;
mod permissions;
mod pin;
mod protocol;
mod token;

pub(super) use key_agreement::KeyAgreement;
pub(super) use permissions::Permissions;
pub(super) use pin::{NewPin, Pin, PinPolicy};
pub(super) use protocol::{Iv, Protocol, SharedSecret, authenticates, encrypt_member};
pub(super) use token::{Claim, Scope, Token, TokenSecret};
