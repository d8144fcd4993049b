//! Someone who vouches for new keys with a key and certificates of their own.

use super::Statement;
use crate::{Algorithm, AuthenticatorClass};

/// Signs attestations with certificates.
pub trait Attester {
    /// The class of authenticator that the certificate is for: its AAGUID is in it.
    fn class(&self) -> AuthenticatorClass;

    /// What the certificate says of where keys live.
    fn claim(&self) -> Claim;

    /// The algorithm of [`Attester::sign`].
    fn algorithm(&self) -> Algorithm;

    /// The chain in DER, that of the signing key first.
    fn certificates(&self) -> &[Vec<u8>];

    /// Signs the parts of a message one after the other; `None` if the key cannot be used now.
    fn sign(&self, message: &[&[u8]]) -> Option<Vec<u8>>;
}

/// What an attester's certificate says of where keys live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// In software.
    Software,
    /// In hardware that never gives them away. Never said of a synced key, of which there are copies.
    Hardware,
}

/// The statement of `attester`, if it is one to speak of such keys.
pub(super) fn certify(attester: &dyn Attester, class: AuthenticatorClass, message: &[&[u8]]) -> Option<Statement> {
    let is_true = attester.claim() == Claim::Software || class == AuthenticatorClass::DeviceBound;
    if attester.class() != class || !is_true || attester.certificates().is_empty() {
        return None;
    }
    let signature = attester.sign(message)?;
    Some(Statement::packed(attester.algorithm().cose(), &signature, attester.certificates()))
}
