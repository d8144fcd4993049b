use core::fmt;

use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};

use crate::{DeviceId, Label, cbor};

/// Defines a public key of a fixed number of bytes. Its points are checked where it is used.
macro_rules! public_key {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The number of bytes.
            pub const LEN: usize = $len;

            /// Makes the key from its bytes.
            #[must_use]
            pub const fn new(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let head: String = self.0.iter().take(8).map(|b| format!("{b:02x}")).collect();
                write!(f, "{}({head}..)", stringify!($name))
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                d.bytes()?.try_into().map(Self).map_err(|_| decode::Error::message("key length"))
            }
        }
    };
}

public_key!(
    /// ES256: a compressed SEC1 point. Signs log entries and possessions.
    IdentityPublicKey,
    33
);
public_key!(
    /// Ed25519. Signs commits, sessions and heartbeats; renewable.
    WritePublicKey,
    32
);
public_key!(
    /// X-Wing (ML-KEM-768 and X25519). Receives epoch keys; renewable.
    KemPublicKey,
    1216
);

/// The three public keys of a device (protocol section 3).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceKeys {
    /// Signs log entries.
    #[n(1)]
    pub identity: IdentityPublicKey,
    /// Signs commits and sessions.
    #[n(2)]
    pub write: WritePublicKey,
    /// Receives epoch keys.
    #[n(3)]
    pub kem: KemPublicKey,
}

impl DeviceKeys {
    /// Returns the identity of a device that enrols with these keys.
    #[must_use]
    pub fn device_id(&self) -> DeviceId {
        DeviceId::new(Label::Device.hash(&cbor::encode(self)))
    }
}

/// The new device's own signatures over `(account, prev, keys)`: it holds what it enrols with.
///
/// Both are COSE_Sign1 signatures of 64 bytes over the same payload, label `possession`.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Possession {
    /// By the new identity key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub identity: [u8; 64],
    /// By the new write key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub write: [u8; 64],
}

impl fmt::Debug for Possession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Possession(..)")
    }
}
