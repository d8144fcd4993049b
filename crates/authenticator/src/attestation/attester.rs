//! Someone who vouches for new keys with a key and certificates of their own.

use rand_core::CryptoRng;

use super::Statement;
use crate::{Algorithm, AuthenticatorClass, PrivateKey};

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
    fn sign(&self, message: &[&[u8]], rng: &mut dyn CryptoRng) -> Option<Vec<u8>>;
}

/// What an attester's certificate says of where keys live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// In software.
    Software,
    /// In hardware that never gives them away. Never said of a synced key, of which there are copies.
    Hardware,
}

/// A key in software with certificates, as an organisation issues it.
#[derive(Debug)]
pub struct CertifiedKey {
    /// The class that the certificate is for.
    class: AuthenticatorClass,
    key: PrivateKey,
    /// Not empty; the first is the key's own.
    chain: Vec<Vec<u8>>,
}

impl CertifiedKey {
    /// A key with its certificate, which names the AAGUID of `class`, and those that lead from there to the root.
    pub fn new(class: AuthenticatorClass, key: PrivateKey, certificate: Vec<u8>, others: Vec<Vec<u8>>) -> Self {
        Self { class, key, chain: [vec![certificate], others].concat() }
    }

    /// The key, for its owner to keep.
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }
}

impl Attester for CertifiedKey {
    fn class(&self) -> AuthenticatorClass {
        self.class
    }

    fn claim(&self) -> Claim {
        Claim::Software
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn certificates(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn sign(&self, message: &[&[u8]], mut rng: &mut dyn CryptoRng) -> Option<Vec<u8>> {
        self.key.sign(message, &mut rng).ok()
    }
}

/// The statement of `attester`, if it is one to speak of such keys.
pub(super) fn certify(
    attester: &dyn Attester,
    class: AuthenticatorClass,
    message: &[&[u8]],
    rng: &mut dyn CryptoRng,
) -> Option<Statement> {
    let is_true = attester.claim() == Claim::Software || class == AuthenticatorClass::DeviceBound;
    if attester.class() != class || !is_true || attester.certificates().is_empty() {
        return None;
    }
    let signature = attester.sign(message, rng)?;
    Some(Statement::packed(attester.algorithm().cose(), &signature, attester.certificates()))
}
