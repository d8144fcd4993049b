use hpke::{
    Deserializable, HpkeError, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::XWing, single_shot_open, single_shot_seal_with_rng,
};
use rand_core::CryptoRng;
use roamkey_proto::KemPublicKey;
use zeroize::Zeroizing;

use crate::primitives::secret::secret;

secret!(
    /// The secret half of a device's kem key: the 32-byte seed of an X-Wing key pair
    /// (ML-KEM-768 and X25519), with which epoch keys are received.
    KemKey,
    32
);

/// A public kem key that is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid kem key")]
pub struct KemKeyError;

impl KemKey {
    /// Returns the public half.
    #[must_use]
    pub fn public(&self) -> KemPublicKey {
        let bytes: [u8; KemPublicKey::LEN] = XWing::sk_to_pk(&self.private())
            .to_bytes()
            .as_slice()
            .try_into()
            .expect("the length of an X-Wing public key");
        KemPublicKey::new(bytes)
    }

    /// Returns the seed, for sealing it under the local key: nothing else may hold it.
    #[must_use]
    pub fn expose_bytes(&self) -> Zeroizing<[u8; 32]> {
        self.0.clone()
    }

    /// Opens `enc ‖ ciphertext`; `None` for whatever reason.
    pub(crate) fn unwrap(&self, info: &[u8], wrap: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (enc, ciphertext) = wrap.split_at_checked(ENC)?;
        let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).ok()?;
        let opened = single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.private(),
            &enc,
            info,
            ciphertext,
            &[],
        );
        opened.ok().map(Zeroizing::new)
    }

    fn private(&self) -> <XWing as Kem>::PrivateKey {
        <XWing as Kem>::PrivateKey::from_bytes(self.0.as_slice()).expect("any 32 bytes are a seed")
    }
}

/// HPKE base mode (RFC 9180) with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305: seals to one
/// recipient, as `enc ‖ ciphertext`.
///
/// X-Wing holds as long as either ML-KEM-768 or X25519 does, so that what is recorded today does
/// not open to a quantum computer. HPKE says nothing of the sender: the signed entry that carries
/// the wrap's hash does.
pub(crate) fn wrap(
    recipient: &KemPublicKey,
    info: &[u8],
    secret: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, KemKeyError> {
    let key = <XWing as Kem>::PublicKey::from_bytes(recipient.as_bytes()).map_err(|_: HpkeError| KemKeyError)?;
    let (enc, ciphertext) =
        single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeS::Base, &key, info, secret, &[], rng)
            .map_err(|_: HpkeError| KemKeyError)?;
    let mut wrap = enc.to_bytes().to_vec();
    wrap.extend_from_slice(&ciphertext);
    Ok(wrap)
}

/// The bytes of an X-Wing ciphertext.
const ENC: usize = 1_120;
