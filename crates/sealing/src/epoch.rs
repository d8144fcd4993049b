//! Epochs: one 32-byte key after another, each given to the members of its time
//! (protocol section 5, `spec/epochs.md`).

use rand_core::CryptoRng;
use roamkey_proto::{
    AccountId, DeviceId, Entry, EntryId, EntryWrap, EpochHeader, HeaderHash, KemPublicKey, Label, Recipient, VERSION,
    encode, mutant,
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    kem::{self, KemKey, KemKeyError},
    primitives::{context::Context, kdf, once},
};

/// The key of one epoch of one account: what seals its records.
///
/// It knows which epoch it is, so that a caller cannot open a record with the key of another.
pub struct EpochKey {
    account: AccountId,
    number: u64,
    secret: Zeroizing<[u8; 32]>,
}

impl EpochKey {
    /// Returns the account.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Returns the number of the epoch, 1 at the genesis.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn new(account: AccountId, number: u64, secret: &[u8; 32]) -> Self {
        Self { account, number, secret: Zeroizing::new(*secret) }
    }

    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl core::fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "EpochKey({}, redacted)", self.number)
    }
}

impl PartialEq for EpochKey {
    fn eq(&self, other: &Self) -> bool {
        self.account == other.account && self.number == other.number && bool::from(self.secret.ct_eq(&*other.secret))
    }
}

impl Eq for EpochKey {}

/// Where in the trust log an epoch opens; bound into every wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochPlace {
    /// The account.
    pub account: AccountId,
    /// The number of the epoch.
    pub epoch: u64,
    /// The seq of the entry that opens it.
    pub seq: u64,
    /// The entry before that one.
    pub prev: EntryId,
    /// Who signs that entry.
    pub author: DeviceId,
}

impl EpochPlace {
    /// Returns the place of the epoch with this number that a log entry opens.
    #[must_use]
    pub const fn of(entry: &Entry, epoch: u64) -> Self {
        Self { account: entry.account, epoch, seq: entry.seq, prev: entry.prev, author: entry.author }
    }

    fn info(&self, recipient: DeviceId) -> Vec<u8> {
        Context::new(Label::Wrap)
            .fixed(self.account.as_bytes())
            .number(self.epoch)
            .number(self.seq)
            .fixed(self.prev.as_bytes())
            .fixed(self.author.as_bytes())
            .fixed(recipient.as_bytes())
            .end()
    }
}

/// A new epoch: its key, and what goes with the entry that opens it.
#[derive(Debug)]
pub struct NewEpoch {
    /// The key.
    pub key: EpochKey,
    /// The bytes of the header.
    pub header: Vec<u8>,
    /// The hash that the entry carries.
    pub hash: HeaderHash,
    /// The key for each recipient, in the order of the header.
    pub wraps: Vec<EntryWrap>,
}

/// What the opener knows of the epoch that one ties to: its base.
#[derive(Clone, Copy, Debug)]
pub enum Before<'a> {
    /// There is none: this is the genesis.
    Nothing,
    /// Its key: the opener was a member then.
    Key(&'a EpochKey),
    /// Only its verified header: the opener joins with this epoch.
    Header(&'a EpochHeader),
}

/// Why no epoch can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MakeEpochError {
    /// A recipient's key is not one: no epoch can be made as long as that device is a member.
    #[error("the kem key of device {device} is no valid one")]
    Kem {
        /// Whose.
        device: DeviceId,
        /// What is wrong.
        source: KemKeyError,
    },
    /// The key given as the one to tie to belongs to another account, or is of no earlier epoch.
    #[error("the epoch does not follow the key before it")]
    OutOfStep,
    /// A device is named twice.
    #[error("a recipient is named twice")]
    Duplicate,
}

/// Why an epoch is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EpochError {
    /// The header says that the opener is no recipient.
    #[error("the epoch is not for this device")]
    NotARecipient,
    /// The header, the wrap or the key is not what the log and the epoch before demand. Which one
    /// is nobody's business.
    #[error("the epoch does not verify")]
    Refused,
}

/// Makes an epoch: draws its key, wraps it for every recipient and ties it to an earlier key.
///
/// That is the key before, or the newest one that the maker holds: then those between are skipped, which the log
/// allows only together with the removal of whoever opened them (decision 40).
///
/// The recipients are those that the log computes for the entry at `place`; their order is free.
///
/// # Errors
/// See [`MakeEpochError`].
pub fn make(
    rng: &mut impl CryptoRng,
    place: &EpochPlace,
    recipients: &[(DeviceId, &KemPublicKey)],
    previous: Option<&EpochKey>,
) -> Result<NewEpoch, MakeEpochError> {
    let follows = previous.map_or(place.epoch == 1, |key| key.account == place.account && key.number < place.epoch);
    if !follows {
        return Err(MakeEpochError::OutOfStep);
    }
    let key = draw(rng, place);
    let wraps = wrap_for_all(rng, &key, place, recipients)?;
    let mut header = EpochHeader {
        version: VERSION,
        account: place.account,
        epoch: place.epoch,
        seq: place.seq,
        prev: place.prev,
        commitment: commitment(&key),
        previous: previous.map(|before| seal_previous(&key, place.seq, place.prev, before)),
        tie: None,
        recipients: wraps
            .iter()
            .map(|wrap| Recipient { device: wrap.recipient, wrap: Recipient::hash_of(&wrap.wrap) })
            .collect(),
        base: previous.map(|before| before.number).filter(|base| base + 1 != place.epoch),
    };
    header.tie = previous.map(|before| tie(before, &header).to_vec());
    let bytes = encode(&header);
    Ok(NewEpoch { key, hash: EpochHeader::hash_of(&bytes), header: bytes, wraps })
}

/// Opens an epoch as one of its recipients, and accepts its key only when all of this holds:
/// header and place agree, the wrap is the one that the header names for `me`, the opened key is
/// the one that the header commits to, the key before is sealed under it, and the tie shows that
/// whoever made it knew that key.
///
/// That the header is the one the entry carries, and that its recipients are those of the log, is
/// verified with the log.
///
/// # Errors
/// See [`EpochError`].
pub fn open(
    kem: &KemKey,
    me: DeviceId,
    place: &EpochPlace,
    header: &EpochHeader,
    wrap: &[u8],
    before: Before<'_>,
) -> Result<EpochKey, EpochError> {
    if !stands_at(header, place) {
        return Err(EpochError::Refused);
    }
    let named = header.recipients.iter().find(|recipient| recipient.device == me).ok_or(EpochError::NotARecipient)?;
    if named.wrap != Recipient::hash_of(wrap) {
        return Err(EpochError::Refused);
    }
    let opened = kem.unwrap(&place.info(me), wrap).ok_or(EpochError::Refused)?;
    let secret: &[u8; 32] = opened.as_slice().try_into().map_err(|_| EpochError::Refused)?;
    let key = EpochKey::new(place.account, place.epoch, secret);
    if !mutant!("epoch.key-commitment", commits_to(header, &key)) {
        return Err(EpochError::Refused);
    }
    match before {
        Before::Nothing => follows_nothing(header)?,
        Before::Key(held) => follows(&key, header, held)?,
        Before::Header(previous) => open_previous(&key, header, previous).map(drop)?,
    }
    Ok(key)
}

/// Walks back: opens the key of `header`'s base with the key of `header`'s epoch, and
/// accepts it only if `previous`, the verified header of that epoch, commits to it and the tie
/// verifies.
///
/// # Errors
/// [`EpochError::Refused`].
pub fn open_previous(key: &EpochKey, header: &EpochHeader, previous: &EpochHeader) -> Result<EpochKey, EpochError> {
    if key.account != header.account || key.number != header.epoch || previous.account != header.account {
        return Err(EpochError::Refused);
    }
    let before = unseal_previous(key, header)?;
    if previous.epoch != before.number || !commits_to(previous, &before) || !is_tied(header, &before) {
        return Err(EpochError::Refused);
    }
    Ok(before)
}

fn draw(rng: &mut impl CryptoRng, place: &EpochPlace) -> EpochKey {
    let mut secret = Zeroizing::new([0; 32]);
    rng.fill_bytes(secret.as_mut_slice());
    EpochKey::new(place.account, place.epoch, &secret)
}

fn wrap_for_all(
    rng: &mut impl CryptoRng,
    key: &EpochKey,
    place: &EpochPlace,
    recipients: &[(DeviceId, &KemPublicKey)],
) -> Result<Vec<EntryWrap>, MakeEpochError> {
    let mut wraps = recipients
        .iter()
        .map(|&(recipient, public)| {
            let wrap = kem::wrap(public, &place.info(recipient), key.secret(), rng)
                .map_err(|source| MakeEpochError::Kem { device: recipient, source })?;
            Ok(EntryWrap { recipient, wrap })
        })
        .collect::<Result<Vec<_>, MakeEpochError>>()?;
    wraps.sort_by_key(|wrap| wrap.recipient);
    if wraps.is_sorted_by(|a, b| a.recipient < b.recipient) { Ok(wraps) } else { Err(MakeEpochError::Duplicate) }
}

fn stands_at(header: &EpochHeader, place: &EpochPlace) -> bool {
    header.account == place.account
        && header.epoch == place.epoch
        && header.seq == place.seq
        && header.prev == place.prev
}

/// `HKDF(E, "epoch-commit" ‖ account ‖ epoch)`: all recipients get the same key, or see it.
fn commitment(key: &EpochKey) -> [u8; 32] {
    *kdf::derive(key.secret(), &[], &purpose(Label::EpochCommit, key))
}

fn commits_to(header: &EpochHeader, key: &EpochKey) -> bool {
    commitment(key).ct_eq(&header.commitment).into()
}

fn follows_nothing(header: &EpochHeader) -> Result<(), EpochError> {
    let is_first = header.epoch == 1 && (&header.previous, &header.tie, header.base) == (&None, &None, None);
    if is_first { Ok(()) } else { Err(EpochError::Refused) }
}

fn follows(key: &EpochKey, header: &EpochHeader, held: &EpochKey) -> Result<(), EpochError> {
    let is_held = unseal_previous(key, header)? == *held;
    if !is_held || !mutant!("epoch.tied-to-the-key-before", is_tied(header, held)) {
        return Err(EpochError::Refused);
    }
    Ok(())
}

/// `Seal(HKDF(E, "epoch-previous" ‖ account ‖ epoch); E_prev)`: who is let in reads the past.
/// The key seals this one thing, so the nonce is zero.
fn seal_previous(key: &EpochKey, seq: u64, prev: EntryId, before: &EpochKey) -> Vec<u8> {
    let sealer: Zeroizing<[u8; 32]> = kdf::derive(key.secret(), &[], &purpose(Label::EpochPrevious, key));
    once::seal(&sealer, [0; 12], &previous_place(key, seq, prev), before.secret())
}

fn unseal_previous(key: &EpochKey, header: &EpochHeader) -> Result<EpochKey, EpochError> {
    let sealed = header.previous.as_deref().ok_or(EpochError::Refused)?;
    let number = header.base();
    if number == 0 || number >= header.epoch {
        return Err(EpochError::Refused);
    }
    let sealer: Zeroizing<[u8; 32]> = kdf::derive(key.secret(), &[], &purpose(Label::EpochPrevious, key));
    let opened = once::open(&sealer, [0; 12], &previous_place(key, header.seq, header.prev), sealed)
        .ok_or(EpochError::Refused)?;
    let secret: &[u8; 32] = opened.as_slice().try_into().map_err(|_| EpochError::Refused)?;
    Ok(EpochKey::new(key.account, number, secret))
}

fn previous_place(key: &EpochKey, seq: u64, prev: EntryId) -> Vec<u8> {
    Context::new(Label::EpochPrevious)
        .fixed(key.account.as_bytes())
        .number(key.number)
        .number(seq)
        .fixed(prev.as_bytes())
        .end()
}

/// `HMAC(HKDF(E_prev, "epoch-tie" ‖ account ‖ epoch of E_prev), header without tie)`: who does not
/// know the key before, such as a thief with a copied profile of a locked device, starts no epoch
/// (attack 43).
fn tie(before: &EpochKey, header: &EpochHeader) -> [u8; 32] {
    let key: Zeroizing<[u8; 32]> = kdf::derive(before.secret(), &[], &purpose(Label::EpochTie, before));
    let untied = EpochHeader { tie: None, ..header.clone() };
    kdf::mac(key.as_slice(), &[&encode(&untied)])
}

fn is_tied(header: &EpochHeader, before: &EpochKey) -> bool {
    header.tie.as_deref().is_some_and(|given| tie(before, header).ct_eq(given).into())
}

fn purpose(label: Label, key: &EpochKey) -> Vec<u8> {
    Context::new(label).fixed(key.account.as_bytes()).number(key.number).end()
}

#[cfg(test)]
mod constant_time;
#[cfg(test)]
mod tests;
