//! The device's side of a key agreement: ECDH on P-256 (CTAP 2.3 section 6.5.6).

use p256::{
    PublicKey, SecretKey,
    ecdh::diffie_hellman,
    elliptic_curve::{
        Generate as _,
        sec1::{FromSec1Point as _, ToSec1Point as _},
    },
};
use rand_core::CryptoRng;

use super::{Protocol, SharedSecret};
use crate::ctap::{Status, cbor::Map, request::Params};

/// A key pair that lives until the next power cycle, or the next wrong PIN.
pub(in super::super) struct KeyAgreement(SecretKey);

impl KeyAgreement {
    /// Draws a key pair (`regenerate`).
    pub(in super::super) fn make(rng: &mut impl CryptoRng) -> Self {
        Self(SecretKey::generate_from_rng(rng))
    }

    /// The public half as the `COSE_Key` that platforms expect (`getPublicKey`): its algorithm is -25, though that is not
    /// the one used.
    pub(in super::super) fn public_key(&self) -> Map<'static> {
        let point = self.0.public_key().to_sec1_point(false);
        let (x, y) = point.x().zip(point.y()).expect("an uncompressed point has both coordinates");
        let key = Map::default().with(KTY, EC2).with(ALG, ECDH_ES_HKDF_256).with(CRV, P_256);
        key.with(X, x.to_vec()).with(Y, y.to_vec())
    }

    /// What both sides share (`decapsulate`).
    pub(in super::super) fn agree(&self, protocol: Protocol, platform: &Map<'_>) -> Result<SharedSecret, Status> {
        let platform = parse(platform)?;
        let z = diffie_hellman(self.0.to_nonzero_scalar(), platform.as_affine());
        Ok(protocol.derive_secret(z.raw_secret_bytes()))
    }
}

/// A point that is on the curve, or nothing: anything else would tell an attacker about the private half.
fn parse(key: &Map<'_>) -> Result<PublicKey, Status> {
    let params = Params::new(key);
    let is =
        |label: i64, value: i64| params.optional_signed(label).map(|there| there.is_none_or(|there| there == value));
    if params.signed(KTY)? != EC2 || params.signed(CRV)? != P_256 || !is(ALG, ECDH_ES_HKDF_256)? {
        return Err(Status::InvalidParameter);
    }
    let (x, y) = (params.bytes(X)?, params.bytes(Y)?);
    let point: Vec<u8> = [&[UNCOMPRESSED], x, y].concat();
    let point = p256::Sec1Point::from_bytes(&point).map_err(|_| Status::InvalidParameter)?;
    Option::from(PublicKey::from_sec1_point(&point)).ok_or(Status::InvalidParameter)
}

/// The SEC1 tag of a point with both coordinates.
const UNCOMPRESSED: u8 = 4;

// Labels and values of RFC 9052 and RFC 9053.
const KTY: i64 = 1;
const ALG: i64 = 3;
const CRV: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const EC2: i64 = 2;
const P_256: i64 = 1;
const ECDH_ES_HKDF_256: i64 = -25;
