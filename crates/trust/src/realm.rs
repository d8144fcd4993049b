//! What is signed for a realm: by devices, by one that asks to come back, by a recovery authority (`spec/realms.md`).

use minicbor::{Decode, Encode};
use roamkey_proto::{
    DecodeError, DeviceId, Guess, GuessReset, Label, PrepareRealm, RecoveryRequest, ShareRegistration, Veto, cbor,
    limits,
};

use crate::{
    SignIdentity, SignWrite, SignatureError,
    sign1::{self, PublicKey, Sign1},
};

/// A kind of object that is signed for realms. The list is closed.
pub trait Message: Encode<()> + for<'b> Decode<'b, ()> + sealed::Sealed {
    /// Under which label it is signed.
    const LABEL: Label;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! messages {
    ($($name:ident, $label:ident;)+) => {$(
        impl sealed::Sealed for $name {}
        impl Message for $name {
            const LABEL: Label = Label::$label;
        }
    )+};
}

messages! {
    PrepareRealm, RealmKey;
    ShareRegistration, Share;
    RecoveryRequest, Recovery;
    Veto, Veto;
    Guess, Guess;
    GuessReset, GuessReset;
}

/// Signs with a device's identity key.
#[must_use]
pub fn sign_by_device<M: Message>(message: &M, device: DeviceId, key: &impl SignIdentity) -> Vec<u8> {
    sign1::sign_by_identity(M::LABEL, device, cbor::encode(message), key)
}

/// Signs with a recovery authority's key, under the authority's name.
#[must_use]
pub fn sign_by_authority<M: Message>(message: &M, authority: DeviceId, key: &impl SignWrite) -> Vec<u8> {
    sign1::sign_by_write(M::LABEL, *authority.as_bytes(), cbor::encode(message), key)
}

/// A signed object whose signature nobody has verified yet.
#[derive(Clone, Debug)]
pub struct Unverified<M> {
    signed: Sign1,
    message: M,
}

impl<M: Message> Unverified<M> {
    /// Reads a signed object strictly.
    ///
    /// # Errors
    /// Those of [`cbor::decode_versioned`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DecodeError> {
        let signed = Sign1::parse(bytes, limits::SMALL_BODY_BYTES)?;
        let message = cbor::decode_versioned(signed.unverified_payload(), limits::SMALL_BODY_BYTES)?;
        Ok(Self { signed, message })
    }

    /// Returns what it claims: to look up by whom it must be, to act on never.
    #[must_use]
    pub fn claims(&self) -> &M {
        &self.message
    }

    /// Returns who is said to have signed.
    #[must_use]
    pub fn signer(&self) -> DeviceId {
        DeviceId::new(*self.signed.kid())
    }

    /// Returns the payload: for its identifier.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.signed.unverified_payload()
    }

    /// Returns the message if `key` signed it under this name.
    ///
    /// # Errors
    /// [`SignatureError`], one for all causes.
    pub fn verify(self, signer: DeviceId, key: PublicKey<'_>) -> Result<M, SignatureError> {
        self.signed.verify(M::LABEL, signer.as_bytes(), key)?;
        Ok(self.message)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use roamkey_proto::{AccountId, RequestId, VERSION};

    use super::*;
    use crate::fixture::Device;

    fn veto(device: &Device) -> Veto {
        Veto { version: VERSION, account: AccountId::new([1; 32]), request: RequestId::new([2; 32]), device: device.id }
    }

    #[test]
    fn a_message_is_by_the_key_and_under_the_name_that_it_must_be_by() {
        let (device, other) = (Device::new(1), Device::new(2));
        let signed = sign_by_device(&veto(&device), device.id, &device.identity);
        let read = || Unverified::<Veto>::parse(&signed).unwrap();
        assert_eq!(read().signer(), device.id);
        assert_eq!(read().verify(device.id, PublicKey::Identity(&device.keys.identity)), Ok(veto(&device)));
        assert_eq!(read().verify(other.id, PublicKey::Identity(&device.keys.identity)), Err(SignatureError));
        assert_eq!(read().verify(device.id, PublicKey::Identity(&other.keys.identity)), Err(SignatureError));
        assert_eq!(read().verify(device.id, PublicKey::Write(&device.keys.write)), Err(SignatureError));
    }

    #[test]
    fn one_kind_of_message_is_never_another() {
        let device = Device::new(1);
        let veto = veto(&device);
        let signed = sign1::sign_by_identity(Label::Guess, device.id, cbor::encode(&veto), &device.identity);
        let read = Unverified::<Veto>::parse(&signed).unwrap();
        assert_eq!(read.verify(device.id, PublicKey::Identity(&device.keys.identity)), Err(SignatureError));
        let signed = sign_by_device(&veto, device.id, &device.identity);
        assert!(Unverified::<Guess>::parse(&signed).is_err());
        assert!(Unverified::<Veto>::parse(signed.get(1..).unwrap()).is_err());
    }

    #[test]
    fn an_authority_signs_by_its_own_key() {
        let device = Device::new(1);
        let reset = GuessReset {
            version: VERSION,
            account: AccountId::new([1; 32]),
            realm: "https://realm.example".to_owned(),
            number: 1,
            evaluated: 3,
        };
        let signed = sign_by_authority(&reset, device.id, &device.write);
        let read = Unverified::<GuessReset>::parse(&signed).unwrap();
        assert_eq!(read.claims().evaluated, 3);
        assert_eq!(read.verify(device.id, PublicKey::Write(&device.keys.write)), Ok(reset));
    }
}
