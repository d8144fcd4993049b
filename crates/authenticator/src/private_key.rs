//! Signing keys.

mod cose;
mod es256;
mod es384;
mod ml_dsa;
mod pkcs8;
mod rs256;

use std::fmt;

use ed25519_dalek::Signer as _;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use self::{cose::Kept, es256::Es256, es384::Es384, ml_dsa::MlDsa, rs256::Rs256};
use crate::{Algorithm, PublicKey};

/// A credential's signing key; zeroised on drop, never printed, copied or serialised by accident.
pub struct PrivateKey {
    /// The name that the site asked by; it fits what is inside.
    algorithm: Algorithm,
    inner: Inner,
}

enum Inner {
    Es256(Es256),
    EdDsa(ed25519_dalek::SigningKey),
    Es384(Es384),
    Rs256(Box<Rs256>),
    MlDsa(MlDsa),
}

impl PrivateKey {
    /// Draws a new key.
    pub fn make(algorithm: Algorithm, rng: &mut impl CryptoRng) -> Self {
        let inner = match algorithm {
            Algorithm::Es256 | Algorithm::Esp256 => Inner::Es256(Es256::make(rng)),
            Algorithm::EdDsa | Algorithm::Ed25519 => Inner::EdDsa((&*make_seed(rng)).into()),
            Algorithm::Es384 => Inner::Es384(Es384::make(rng)),
            Algorithm::Rs256 => Inner::Rs256(Box::new(Rs256::make(rng))),
            Algorithm::MlDsa44 => Inner::MlDsa(MlDsa::L44(make_seed(rng))),
            Algorithm::MlDsa65 => Inner::MlDsa(MlDsa::L65(make_seed(rng))),
            Algorithm::MlDsa87 => Inner::MlDsa(MlDsa::L87(make_seed(rng))),
        };
        Self { algorithm, inner }
    }

    /// What the key signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key as a canonical `COSE_Key` with its algorithm and private part.
    ///
    /// The public part is left out: it follows from the private one, and what is not there cannot contradict it. Only ES256
    /// has it besides, as a hint for its fast library, which would derive it with each signature.
    pub fn to_cose(&self) -> Zeroizing<Vec<u8>> {
        let point = match &self.inner {
            Inner::Es256(key) => key.point(),
            _ => None,
        };
        cose::encode(self.algorithm, &self.secret(), point)
    }

    /// Reads what [`PrivateKey::to_cose`] wrote, and nothing else: what is read is written the same.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for anything else, without saying what is wrong with it.
    pub fn from_cose(bytes: &[u8]) -> Result<Self, BadPrivateKey> {
        let Kept { algorithm, secret, point } = cose::decode(bytes)?;
        let inner = match algorithm {
            Algorithm::Es256 | Algorithm::Esp256 => Inner::Es256(Es256::from_secret(&secret, point)?),
            Algorithm::EdDsa | Algorithm::Ed25519 => Inner::EdDsa((&*seed(&secret)?).into()),
            Algorithm::Es384 => Inner::Es384(Es384::from_secret(&secret)?),
            Algorithm::Rs256 => Inner::Rs256(Box::new(Rs256::from_secret(&secret)?)),
            Algorithm::MlDsa44 => Inner::MlDsa(MlDsa::L44(seed(&secret)?)),
            Algorithm::MlDsa65 => Inner::MlDsa(MlDsa::L65(seed(&secret)?)),
            Algorithm::MlDsa87 => Inner::MlDsa(MlDsa::L87(seed(&secret)?)),
        };
        Ok(Self { algorithm, inner })
    }

    /// The algorithm of a key that [`PrivateKey::to_cose`] wrote, for a list: the key itself may still prove to be none.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for what has not even the form of one.
    pub fn algorithm_of(cose: &[u8]) -> Result<Algorithm, BadPrivateKey> {
        cose::decode(cose).map(|kept| kept.algorithm)
    }

    /// The public half; never as it was read.
    pub fn public_key(&self) -> PublicKey {
        match &self.inner {
            Inner::Es256(key) => key.public_key(self.algorithm),
            Inner::EdDsa(key) => PublicKey::ed25519(self.algorithm, key.verifying_key().to_bytes()),
            Inner::Es384(key) => key.public_key(),
            Inner::Rs256(key) => key.public_key(),
            Inner::MlDsa(key) => key.public_key(),
        }
    }

    /// Signs the parts of `message` one after the other, in the form that WebAuthn section 6.5.5 gives each algorithm.
    ///
    /// ECDSA as ASN.1 DER with the nonce of RFC 6979, so that there is no randomness to get wrong (with the feature `aws-lc`,
    /// ES256 draws it at random from the key, the message and the system); Ed25519 as RFC 8032 has
    /// it; RSA blinded, against timing; ML-DSA hedged, with an empty context, as FIPS 204 section 3.4 recommends.
    ///
    /// # Errors
    /// [`BadPrivateKey`] for an RSA key that does not work. That its factors are primes is not checked, which would take longer
    /// than signing: whoever kept something else gets signatures that no site takes.
    pub fn sign(&self, message: &[&[u8]], rng: &mut impl CryptoRng) -> Result<Vec<u8>, BadPrivateKey> {
        Ok(match &self.inner {
            Inner::Es256(key) => key.sign(message),
            Inner::EdDsa(key) => key.sign(&message.concat()).to_bytes().to_vec(),
            Inner::Es384(key) => key.sign(message),
            Inner::Rs256(key) => key.sign(message, rng)?,
            Inner::MlDsa(key) => key.sign(&message.concat(), rng),
        })
    }

    /// The bytes from which the key follows.
    fn secret(&self) -> Zeroizing<Vec<u8>> {
        match &self.inner {
            Inner::Es256(key) => secret(key.secret().as_slice()),
            Inner::EdDsa(key) => secret(key.as_bytes()),
            Inner::Es384(key) => secret(key.secret().as_slice()),
            Inner::Rs256(key) => key.secret(),
            Inner::MlDsa(key) => secret(key.seed()),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?}, [redacted])", self.algorithm())
    }
}

/// The bytes are not a private key as this crate writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a private key of a kind known here")]
pub struct BadPrivateKey;

/// 32 bytes from which a key of Ed25519 or ML-DSA follows.
type Seed = Zeroizing<[u8; 32]>;

fn make_seed(rng: &mut impl CryptoRng) -> Seed {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(seed.as_mut_slice());
    seed
}

fn seed(secret: &[u8]) -> Result<Seed, BadPrivateKey> {
    secret.try_into().map(Zeroizing::new).map_err(|_| BadPrivateKey)
}

fn secret(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.to_vec())
}
