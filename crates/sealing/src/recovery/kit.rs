use core::fmt;

use minicbor::{Decode, Encode};
use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DecodeError, Label, Pin, ReceiptKey, RecoverySlot, VERSION, cbor, limits};
use zeroize::Zeroizing;

use super::{
    AuthorityKeys, RecoverySecret,
    groups::{self, GroupsError},
};

/// A recovery kit: all that it takes to come back into an account, on paper or in a file (protocol section 9).
///
/// Its pins are those of the moment at which it was made: no server can show an older history to who holds it.
#[derive(Debug)]
pub struct Kit {
    /// What its authority is derived from.
    pub secret: RecoverySecret,
    /// The account.
    pub account: AccountId,
    /// The origin of the server.
    pub server: String,
    /// The key of the server's receipts.
    pub receipt_key: ReceiptKey,
    /// An entry of the log: not older than the one that set this kit's authority.
    pub log: Pin,
    /// A commit of the vault; [`Pin::START`] before the first.
    pub vault: Pin,
}

/// Text or bytes that are no kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KitError {
    /// A group is mistyped: look at that one again.
    #[error(transparent)]
    Groups(#[from] GroupsError),
    /// It was made by a newer version of the protocol: update.
    #[error("the kit was made by a newer version ({version}); update to use it")]
    UpdateNeeded {
        /// The version that it names.
        version: u16,
    },
    /// It is no kit, or it is damaged.
    #[error("this is no recovery kit")]
    NotAKit,
}

impl Kit {
    /// The line above the groups of a kit in a file.
    pub const BEGIN: &str = "-----BEGIN ROAMKEY RECOVERY KIT-----";

    /// The line below them.
    pub const END: &str = "-----END ROAMKEY RECOVERY KIT-----";

    /// Returns the private keys of its authority.
    #[must_use]
    pub fn derive_authority(&self) -> AuthorityKeys {
        self.secret.derive_authority(self.account, RecoverySlot::Kit)
    }

    /// Draws the secret of a new kit.
    #[must_use]
    pub fn make_secret(rng: &mut impl CryptoRng) -> RecoverySecret {
        RecoverySecret::make(rng)
    }

    /// Returns the groups that are printed; a QR code holds the same text.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        groups::encode(&self.to_bytes())
    }

    /// Reads what was typed or scanned, or a file that holds a kit between [`Self::BEGIN`] and [`Self::END`].
    ///
    /// # Errors
    /// See [`KitError`].
    pub fn from_text(text: &str) -> Result<Self, KitError> {
        let within = text.split_once(Self::BEGIN).and_then(|(_, rest)| rest.split_once(Self::END));
        let groups = groups::decode(within.map_or(text, |(groups, _)| groups))?;
        Self::from_bytes(&groups)
    }

    /// Returns the bytes: the kit in CBOR, and the first four bytes of `id(kit, …)` of that.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let written = Written {
            version: VERSION,
            secret: Zeroizing::new(*self.secret.bytes()),
            account: self.account,
            server: self.server.clone(),
            receipt_key: self.receipt_key,
            log: self.log,
            vault: self.vault,
        };
        let mut bytes = Zeroizing::new(cbor::encode(&written));
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, KitError> {
        let (written, sum) = bytes.split_last_chunk::<SUM>().map(|(a, b)| (a, *b)).ok_or(KitError::NotAKit)?;
        if checksum(written) != sum {
            return Err(KitError::NotAKit);
        }
        let written: Written = cbor::decode_versioned(written, KIT_BYTES).map_err(|error| match error {
            DecodeError::UpdateNeeded { version } => KitError::UpdateNeeded { version },
            _ => KitError::NotAKit,
        })?;
        if written.server.len() > limits::ORIGIN_BYTES {
            return Err(KitError::NotAKit);
        }
        Ok(Self {
            secret: RecoverySecret::from_bytes(&written.secret),
            account: written.account,
            server: written.server,
            receipt_key: written.receipt_key,
            log: written.log,
            vault: written.vault,
        })
    }
}

/// A kit on its way to or from paper.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Written {
    #[n(0)]
    version: u16,
    #[cbor(n(1), with = "secret_bytes")]
    secret: Zeroizing<[u8; 32]>,
    #[n(2)]
    account: AccountId,
    #[n(3)]
    server: String,
    #[n(4)]
    receipt_key: ReceiptKey,
    #[n(5)]
    log: Pin,
    #[n(6)]
    vault: Pin,
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Written(redacted)")
    }
}

mod secret_bytes {
    use minicbor::{
        Decoder, Encoder,
        decode::Error as DecodeError,
        encode::{Error as EncodeError, Write},
    };
    use zeroize::Zeroizing;

    pub(super) fn encode<C, W: Write>(
        secret: &Zeroizing<[u8; 32]>,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        e.bytes(secret.as_slice())?.ok()
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Zeroizing<[u8; 32]>, DecodeError> {
        d.bytes()?.try_into().map(Zeroizing::new).map_err(|_| DecodeError::message("a secret has 32 bytes"))
    }
}

/// Against slips that the groups' own checks miss; nobody is kept from anything by it.
fn checksum(bytes: &[u8]) -> [u8; SUM] {
    let mut sum = [0; SUM];
    sum.iter_mut().zip(Label::Kit.hash(bytes)).for_each(|(sum, byte)| *sum = byte);
    sum
}

const SUM: usize = 4;

/// A kit takes five times 32 bytes, two numbers and a server's origin.
const KIT_BYTES: usize = 768;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::primitives::testing::rng;

    fn kit() -> Kit {
        Kit {
            secret: Kit::make_secret(&mut rng()),
            account: AccountId::new([1; 32]),
            server: "https://sync.example.org".to_owned(),
            receipt_key: ReceiptKey([2; 32]),
            log: Pin { seq: 2, id: [3; 32] },
            vault: Pin::START,
        }
    }

    #[test]
    fn a_kit_comes_back_from_paper() {
        let kit = kit();
        let read = Kit::from_text(&kit.to_text()).unwrap();
        assert_eq!(read.to_bytes(), kit.to_bytes());
        assert_eq!(read.derive_authority().id(), kit.derive_authority().id());
        assert_eq!(read.secret, kit.secret);
        let file = format!("Keep this.\n\n{}\n{}\n{}\n\nMade today.", Kit::BEGIN, &*kit.to_text(), Kit::END);
        assert_eq!(Kit::from_text(&file).unwrap().to_bytes(), kit.to_bytes());
    }

    #[test]
    fn a_mistyped_kit_says_which_group() {
        let mut text: Vec<char> = kit().to_text().chars().collect();
        // The third character of the fifth group.
        let at = 4 * 9 + 2;
        let other = if text.get(at) == Some(&'7') { '8' } else { '7' };
        *text.get_mut(at).unwrap() = other;
        let error = Kit::from_text(&text.iter().collect::<String>()).unwrap_err();
        assert_eq!(error, KitError::Groups(GroupsError::Group { group: 5 }));
    }

    #[test]
    fn what_is_no_kit_or_a_newer_one_is_told_apart() {
        let kit = kit();
        let bytes = kit.to_bytes();
        let (written, _) = bytes.split_last_chunk::<SUM>().unwrap();
        let text = |written: &[u8]| groups::encode(&[written, &checksum(written)].concat());
        // The version is the third byte of the map.
        let mut newer = written.to_vec();
        *newer.get_mut(2).unwrap() = 2;
        assert_eq!(Kit::from_text(&text(&newer)).unwrap_err(), KitError::UpdateNeeded { version: 2 });
        assert_eq!(Kit::from_text(&text(&[0xa0])).unwrap_err(), KitError::NotAKit);
        assert_eq!(Kit::from_text(&groups::encode(written)).unwrap_err(), KitError::NotAKit);
        assert_eq!(Kit::from_text("").unwrap_err(), KitError::NotAKit);
    }

    #[test]
    fn a_kit_shows_no_secret_when_it_is_printed() {
        let shown = format!("{:?}", kit());
        assert!(shown.contains("RecoverySecret(redacted)"), "{shown}");
    }
}
