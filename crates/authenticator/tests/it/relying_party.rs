//! A relying party that reads the answers without any of the crate's own code.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use coset::{CborSerializable, CoseKey, cbor::Value as Cbor};
use ed25519_dalek::Verifier as _;
use p256::pkcs8::DecodePublicKey;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A parsed `RegistrationResponseJSON`.
pub(crate) struct Registration {
    pub(crate) json: Value,
    pub(crate) id: Vec<u8>,
    pub(crate) data: AuthenticatorData,
    pub(crate) attestation: Cbor,
    pub(crate) spki: Vec<u8>,
}

/// A parsed `AuthenticationResponseJSON`.
pub(crate) struct Assertion {
    pub(crate) json: Value,
    pub(crate) id: Vec<u8>,
    pub(crate) data: AuthenticatorData,
    pub(crate) user_handle: Vec<u8>,
}

/// Authenticator data, taken apart.
pub(crate) struct AuthenticatorData {
    pub(crate) raw: Vec<u8>,
    pub(crate) rp_id_hash: Vec<u8>,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
    pub(crate) attested: Option<Attested>,
}

pub(crate) struct Attested {
    pub(crate) aaguid: Vec<u8>,
    pub(crate) id: Vec<u8>,
    pub(crate) cose_key: Vec<u8>,
}

pub(crate) const UP: u8 = 0x01;
pub(crate) const UV: u8 = 0x04;
pub(crate) const BE: u8 = 0x08;
pub(crate) const BS: u8 = 0x10;
pub(crate) const AT: u8 = 0x40;
const ED: u8 = 1 << 7;

impl Registration {
    pub(crate) fn parse(json: &str) -> Self {
        let json: Value = serde_json::from_str(json).unwrap();
        let response = &json["response"];
        Self {
            id: bytes(&json["rawId"]),
            data: AuthenticatorData::parse(bytes(&response["authenticatorData"])),
            attestation: Cbor::from_slice(&bytes(&response["attestationObject"])).unwrap(),
            spki: bytes(&response["publicKey"]),
            json,
        }
    }

    pub(crate) fn client_data(&self) -> Value {
        serde_json::from_slice(&bytes(&self.json["response"]["clientDataJSON"])).unwrap()
    }

    /// What an attestation or assertion by this credential is over.
    pub(crate) fn signed_message(&self) -> Vec<u8> {
        signed_message(&self.data, &self.json)
    }

    /// Checks a sign-in with the key from this registration, as a site would: by the SPKI bytes.
    pub(crate) fn verifies(&self, assertion: &Assertion) -> bool {
        let signature = bytes(&assertion.json["response"]["signature"]);
        self.verifies_bytes(&signed_message(&assertion.data, &assertion.json), &signature)
    }

    pub(crate) fn verifies_bytes(&self, message: &[u8], signature: &[u8]) -> bool {
        verifies(self.json["response"]["publicKeyAlgorithm"].as_i64().unwrap(), &self.spki, message, signature)
    }

    /// An entry of the attestation object.
    pub(crate) fn attestation_entry(&self, name: &str) -> &Cbor {
        entry(&self.attestation, name)
    }

    pub(crate) fn cose_key(&self) -> CoseKey {
        CoseKey::from_slice(&self.data.attested.as_ref().unwrap().cose_key).unwrap()
    }
}

impl Assertion {
    pub(crate) fn parse(json: &str) -> Self {
        let json: Value = serde_json::from_str(json).unwrap();
        let response = &json["response"];
        Self {
            id: bytes(&json["rawId"]),
            data: AuthenticatorData::parse(bytes(&response["authenticatorData"])),
            user_handle: bytes(&response["userHandle"]),
            json,
        }
    }

    pub(crate) fn client_data(&self) -> Value {
        serde_json::from_slice(&bytes(&self.json["response"]["clientDataJSON"])).unwrap()
    }
}

impl AuthenticatorData {
    fn parse(raw: Vec<u8>) -> Self {
        let mut end = 37;
        let attested = (raw[32] & AT != 0).then(|| {
            let id_len = usize::from(u16::from_be_bytes(raw[53..55].try_into().unwrap()));
            let key = 55 + id_len;
            end = key + item_len(&raw[key..]);
            Attested { aaguid: raw[37..53].to_vec(), id: raw[55..key].to_vec(), cose_key: raw[key..end].to_vec() }
        });
        if raw[32] & ED != 0 {
            end += item_len(&raw[end..]);
        }
        assert_eq!(raw.len(), end, "nothing follows what the flags announce");
        Self {
            rp_id_hash: raw[..32].to_vec(),
            flags: raw[32],
            counter: u32::from_be_bytes(raw[33..37].try_into().unwrap()),
            attested,
            raw,
        }
    }
}

/// The length of the CBOR item at the front of `bytes`.
fn item_len(bytes: &[u8]) -> usize {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.skip().unwrap();
    decoder.position()
}

pub(crate) fn entry<'a>(map: &'a Cbor, name: &str) -> &'a Cbor {
    let entries = map.as_map().unwrap();
    &entries.iter().find(|(key, _)| key.as_text() == Some(name)).unwrap().1
}

pub(crate) fn bytes(text: &Value) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

fn signed_message(data: &AuthenticatorData, json: &Value) -> Vec<u8> {
    let client_data_hash = Sha256::digest(bytes(&json["response"]["clientDataJSON"]));
    [data.raw.as_slice(), &client_data_hash].concat()
}

/// Checks a signature as a site does that knows COSE's numbers and SPKI.
pub(crate) fn verifies(algorithm: i64, spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    match algorithm {
        -7 | -9 => {
            let key = p256::ecdsa::VerifyingKey::from_public_key_der(spki).unwrap();
            key.verify(message, &p256::ecdsa::DerSignature::from_bytes(signature).unwrap()).is_ok()
        }
        -8 | -19 => {
            let key = ed25519_dalek::VerifyingKey::from_public_key_der(spki).unwrap();
            key.verify(message, &signature.try_into().unwrap()).is_ok()
        }
        -35 => {
            let key = p384::ecdsa::VerifyingKey::from_public_key_der(spki).unwrap();
            key.verify(message, &p384::ecdsa::DerSignature::from_bytes(signature).unwrap()).is_ok()
        }
        -257 => {
            let key = rsa::RsaPublicKey::from_public_key_der(spki).unwrap();
            key.verify(rsa::Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(message), signature).is_ok()
        }
        -48 => ml_dsa_verifies::<ml_dsa::MlDsa44>(spki, message, signature),
        -49 => ml_dsa_verifies::<ml_dsa::MlDsa65>(spki, message, signature),
        -50 => ml_dsa_verifies::<ml_dsa::MlDsa87>(spki, message, signature),
        other => panic!("not asked for: {other}"),
    }
}

fn ml_dsa_verifies<P: ml_dsa::MlDsaParams>(spki: &[u8], message: &[u8], signature: &[u8]) -> bool
where
    ml_dsa::VerifyingKey<P>: DecodePublicKey,
{
    let key = ml_dsa::VerifyingKey::<P>::from_public_key_der(spki).unwrap();
    key.verify(message, &ml_dsa::Signature::<P>::try_from(signature).unwrap()).is_ok()
}
