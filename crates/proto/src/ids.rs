use core::{fmt, str::FromStr};

use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};

/// Bytes or text that do not spell an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The number of bytes is not that of the identifier.
    #[error("an identifier has the wrong length")]
    Length,
    /// The text is not lower-case hexadecimal.
    #[error("an identifier is not lower-case hexadecimal")]
    Hex,
}

/// Defines an identifier of a fixed number of bytes; two of them do not mix.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The number of bytes.
            pub const LEN: usize = $len;

            /// Makes the identifier from its bytes.
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

        impl TryFrom<&[u8]> for $name {
            type Error = IdError;
            fn try_from(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError::Length)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                if text.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err(IdError::Hex);
                }
                let mut bytes = [0; $len];
                match hex::decode_to_slice(text, &mut bytes) {
                    Ok(()) => Ok(Self(bytes)),
                    Err(hex::FromHexError::InvalidHexCharacter { .. }) => Err(IdError::Hex),
                    Err(_) => Err(IdError::Length),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                Self::try_from(d.bytes()?).map_err(|_| decode::Error::message("identifier length"))
            }
        }
    };
}

/// Writes an identifier in hexadecimal when it is printed for debugging.
macro_rules! open_debug {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    )+};
}

id!(
    /// An account: the hash of its genesis operation, so that it certifies itself.
    ///
    /// ```compile_fail
    /// use roamkey_proto::{AccountId, DeviceId};
    /// let device: DeviceId = AccountId::new([0; 32]); // two identifiers do not mix
    /// ```
    AccountId,
    32
);
id!(
    /// A device: the hash of the keys that it was enrolled with.
    ///
    /// Where a member is named (an entry's author, a recipient, who signs in), a recovery authority stands in the same
    /// place by the hash of its slot and keys, under a label of its own: see
    /// [`RecoveryKeys::member_id`](crate::RecoveryKeys::member_id).
    DeviceId,
    32
);
id!(
    /// An entry of the trust log: the hash of its payload, never of its signature.
    EntryId,
    32
);
id!(
    /// A commit of the vault: the hash of its payload, never of its signature.
    CommitId,
    32
);
id!(
    /// A request for recovery: the hash of what the asking device signed.
    RequestId,
    32
);
id!(
    /// A commitment to one share of a recovery authority's secret.
    ShareCommitment,
    32
);
id!(
    /// The hash of an epoch header.
    HeaderHash,
    32
);
id!(
    /// The hash of an epoch key wrapped for one recipient.
    WrapHash,
    32
);
id!(
    /// The hash of a sealed record.
    RecordHash,
    32
);
id!(
    /// The Merkle root over all records of a vault.
    MerkleRoot,
    32
);
id!(
    /// An item of the vault: 16 random bytes.
    ItemId,
    16
);
id!(
    /// 32 bytes that the server drew for one signed answer.
    Nonce,
    32
);
id!(
    /// What opens a session: short-lived, opaque, a secret of its holder.
    SessionToken,
    32
);
id!(
    /// What opens one side of a pairing mailbox; a secret of its holder.
    MailboxToken,
    32
);
id!(
    /// What lets one account start on a server that asks for it; a secret of whoever was invited. Typed or pasted by
    /// people, so no longer than it has to be.
    InvitationToken,
    16
);

open_debug!(
    AccountId,
    DeviceId,
    EntryId,
    CommitId,
    RequestId,
    ShareCommitment,
    HeaderHash,
    WrapHash,
    RecordHash,
    MerkleRoot,
    ItemId,
    Nonce
);

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(redacted)")
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationToken(redacted)")
    }
}

impl fmt::Debug for MailboxToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxToken(redacted)")
    }
}

impl EntryId {
    /// What the first entry of a log names as the entry before it.
    pub const NONE: Self = Self([0; 32]);
}

impl CommitId {
    /// What the first commit of a vault names as the commit before it.
    pub const NONE: Self = Self([0; 32]);
}

impl MerkleRoot {
    /// The root of a vault without records.
    pub const EMPTY: Self = Self([0; 32]);
}
