//! ML-DSA (FIPS 204), whose keys follow from 32 bytes.

use ml_dsa::{
    ExpandedSigningKey, Keypair as _, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, SigningKey,
    pkcs8::{self, DecodePrivateKey, EncodePrivateKey as _, SecretDocument},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::Seed;
use crate::{Algorithm, PublicKey};

/// A seed, and the parameter set that it is for. The key itself is made anew for each use: it is large, and a list of
/// credentials needs none.
pub(super) enum MlDsa {
    L44(Seed),
    L65(Seed),
    L87(Seed),
}

impl MlDsa {
    pub(super) fn seed(&self) -> &[u8; 32] {
        match self {
            Self::L44(seed) | Self::L65(seed) | Self::L87(seed) => seed,
        }
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        match self {
            Self::L44(_) => Algorithm::MlDsa44,
            Self::L65(_) => Algorithm::MlDsa65,
            Self::L87(_) => Algorithm::MlDsa87,
        }
    }

    /// Reads a DER `PrivateKeyInfo` that holds the seed.
    pub(super) fn from_pkcs8(der: &[u8]) -> Option<Self> {
        seed_in::<MlDsa44>(der)
            .map(Self::L44)
            .or_else(|| seed_in::<MlDsa65>(der).map(Self::L65))
            .or_else(|| seed_in::<MlDsa87>(der).map(Self::L87))
    }

    pub(super) fn to_pkcs8(&self) -> pkcs8::Result<SecretDocument> {
        match self {
            Self::L44(seed) => key::<MlDsa44>(seed).to_pkcs8_der(),
            Self::L65(seed) => key::<MlDsa65>(seed).to_pkcs8_der(),
            Self::L87(seed) => key::<MlDsa87>(seed).to_pkcs8_der(),
        }
    }

    pub(super) fn public_key(&self) -> PublicKey {
        let bytes = match self {
            Self::L44(seed) => verifying_key::<MlDsa44>(seed),
            Self::L65(seed) => verifying_key::<MlDsa65>(seed),
            Self::L87(seed) => verifying_key::<MlDsa87>(seed),
        };
        PublicKey::ml_dsa(self.algorithm(), bytes)
    }

    pub(super) fn sign(&self, message: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        match self {
            Self::L44(seed) => sign::<MlDsa44>(seed, message, rng),
            Self::L65(seed) => sign::<MlDsa65>(seed, message, rng),
            Self::L87(seed) => sign::<MlDsa87>(seed, message, rng),
        }
    }
}

fn key<P: MlDsaParams>(seed: &[u8; 32]) -> SigningKey<P> {
    SigningKey::from_seed(&(*seed).into())
}

fn verifying_key<P: MlDsaParams>(seed: &[u8; 32]) -> Vec<u8> {
    key::<P>(seed).verifying_key().encode().to_vec()
}

fn sign<P: MlDsaParams>(seed: &[u8; 32], message: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
    let key = ExpandedSigningKey::<P>::from_seed(&(*seed).into());
    let signature = key.sign_randomized(message, &[], rng);
    signature.expect("an empty context is short enough, and no seed exhausts the sampling").encode().to_vec()
}

fn seed_in<P: MlDsaParams>(der: &[u8]) -> Option<Seed>
where
    SigningKey<P>: DecodePrivateKey,
{
    let key = SigningKey::<P>::from_pkcs8_der(der).ok()?;
    Some(Zeroizing::new((*key.as_seed()).into()))
}
