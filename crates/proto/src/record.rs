use minicbor::{Decode, Decoder, Encode};

use crate::{AccountId, DecodeError, ItemId, Label, RecordHash, cbor, limits};

/// What the server may know of a record (protocol section 6); bound into its key and its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordHeader {
    /// [`VERSION`](crate::VERSION).
    #[n(0)]
    pub version: u16,
    /// [`SUITE`](crate::SUITE).
    #[n(1)]
    pub suite: u16,
    /// The account.
    #[n(2)]
    pub account: AccountId,
    /// The item that this is the latest state of.
    #[n(3)]
    pub item: ItemId,
    /// One more for each new record of the item, re-seals included; starts at 1.
    #[n(4)]
    pub revision: u64,
    /// The epoch whose key seals it.
    #[n(5)]
    pub epoch: u64,
}

/// One item, sealed: `header ‖ salt ‖ commitment ‖ ciphertext`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The visible part.
    pub header: RecordHeader,
    /// The salt of the single-use key.
    pub salt: [u8; 32],
    /// The commitment to that key.
    pub commitment: [u8; 32],
    /// The padded body under ChaCha20-Poly1305, tag included.
    pub ciphertext: Vec<u8>,
}

impl Record {
    /// Returns the bytes on the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = cbor::encode(&self.header);
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.commitment);
        bytes.extend_from_slice(&self.ciphertext);
        bytes
    }

    /// Reads a record from its bytes.
    ///
    /// # Errors
    /// Those of [`cbor::decode`] for the header, [`DecodeError::Malformed`] when it is too short
    /// to hold a body and a tag.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (header, rest) = Self::split(bytes)?;
        let (salt, rest) = rest.split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
        let (commitment, ciphertext) = rest.split_first_chunk::<32>().ok_or(DecodeError::Malformed)?;
        if ciphertext.len() < TAG {
            return Err(DecodeError::Malformed);
        }
        Ok(Self { header, salt: *salt, commitment: *commitment, ciphertext: ciphertext.to_vec() })
    }

    /// Reads only the header of a record.
    ///
    /// # Errors
    /// As [`Record::from_bytes`], but that the rest is not looked at.
    pub fn header_of(bytes: &[u8]) -> Result<RecordHeader, DecodeError> {
        Self::split(bytes).map(|(header, _)| header)
    }

    /// Whether a record's header says that it is of this item: for finding one among many at a fraction of what reading
    /// them costs. The header is not checked; [`Record::header_of`] does that to the one that was found.
    #[must_use]
    pub fn claims_item(bytes: &[u8], item: ItemId) -> bool {
        let mut decoder = Decoder::new(bytes);
        named_item(&mut decoder).is_some_and(|named| named == item.as_bytes())
    }

    /// Returns the hash of a record with these bytes.
    #[must_use]
    pub fn hash_of(bytes: &[u8]) -> RecordHash {
        RecordHash::new(Label::Record.hash(bytes))
    }

    fn split(bytes: &[u8]) -> Result<(RecordHeader, &[u8]), DecodeError> {
        if bytes.len() > limits::RECORD_BYTES {
            return Err(DecodeError::TooLong { limit: limits::RECORD_BYTES });
        }
        let mut decoder = Decoder::new(bytes);
        decoder.skip().map_err(|_| DecodeError::Malformed)?;
        let (header, rest) = bytes.split_at_checked(decoder.position()).ok_or(DecodeError::Malformed)?;
        Ok((cbor::decode_versioned(header, limits::RECORD_BYTES)?, rest))
    }
}

fn named_item<'b>(decoder: &mut Decoder<'b>) -> Option<&'b [u8]> {
    decoder.map().ok()?;
    while decoder.u8().ok()? != ITEM {
        decoder.skip().ok()?;
    }
    decoder.bytes().ok()
}

/// The key of [`RecordHeader::item`].
const ITEM: u8 = 3;

const TAG: usize = 16;
