//! The epoch keys that this device holds.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DeviceId, EpochHeader};
use roamkey_sealing::{
    EpochKey, KemKey, LocalKey,
    epoch::{self, Before, EpochPlace},
};

use crate::{Batch, EngineError, StoreKey, Table};

/// Keys by epoch: for a member all from the first on, but for those that were skipped.
#[derive(Debug, Default)]
pub(crate) struct Epochs(BTreeMap<u64, EpochKey>);

impl Epochs {
    pub(crate) fn open(account: AccountId, local: &LocalKey, rows: &[(Vec<u8>, Vec<u8>)]) -> Result<Self, EngineError> {
        let mut epochs = Self::default();
        for (key, row) in rows {
            let number = key.as_slice().try_into().map(u64::from_be_bytes).map_err(|_| DAMAGED)?;
            epochs.insert(local.open_epoch_key(account, number, row).map_err(|_| DAMAGED)?);
        }
        Ok(epochs)
    }

    pub(crate) fn insert(&mut self, key: EpochKey) {
        self.0.insert(key.number(), key);
    }

    pub(crate) fn key(&self, epoch: u64) -> Option<&EpochKey> {
        self.0.get(&epoch)
    }

    /// Tells whether the key of this epoch is here: it is not where that epoch was skipped, or did not open.
    pub(crate) fn holds(&self, epoch: u64) -> bool {
        self.0.contains_key(&epoch)
    }

    /// Returns the newest key.
    pub(crate) fn newest(&self) -> Option<&EpochKey> {
        self.0.values().next_back()
    }

    /// Takes out the keys of this epoch and those after it.
    pub(crate) fn split_off(&mut self, epoch: u64) -> Self {
        Self(self.0.split_off(&epoch))
    }

    pub(crate) fn persist(key: &EpochKey, local: &LocalKey, batch: &mut Batch, rng: &mut impl CryptoRng) {
        batch.put(StoreKey::numbered(Table::Epochs, key.number()), local.seal_epoch_key(key, rng));
    }
}

impl IntoIterator for Epochs {
    type Item = EpochKey;
    type IntoIter = std::collections::btree_map::IntoValues<u64, EpochKey>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_values()
    }
}

/// The keys that an opener of epochs has.
#[derive(Clone, Copy)]
pub(crate) struct Held<'a> {
    /// Those at rest,
    pub(crate) at_rest: &'a Epochs,
    /// up to this epoch: those after it may be of another history, with the same numbers,
    pub(crate) upto: u64,
    /// and those that came with the entries being read.
    pub(crate) new: &'a Epochs,
}

impl<'a> Held<'a> {
    fn key(self, epoch: u64) -> Option<&'a EpochKey> {
        self.at_rest.key(epoch).filter(|_| epoch <= self.upto).or_else(|| self.new.key(epoch))
    }
}

/// What became of an epoch that is for this device.
pub(crate) enum Unwrapped {
    /// Its key, and those that walking back from it gave.
    Keys(Vec<EpochKey>),
    /// The server sent no wrap for it.
    NotSent,
    /// It does not open to what its signed header says: its opener's doing, and nobody else's.
    Refused,
}

/// Opens the newest epoch, whose header the log has verified, and all before it that are not held: a newcomer's whole
/// past, or what did not open by itself.
///
/// `headers` are those of all epochs, from the first on.
pub(crate) fn unwrap_newest(
    held: Held<'_>,
    kem: &KemKey,
    me: DeviceId,
    place: &EpochPlace,
    headers: &[EpochHeader],
    wrap: Option<&[u8]>,
) -> Unwrapped {
    let Some(wrap) = wrap else { return Unwrapped::NotSent };
    let Some(header) = headers.last() else { return Unwrapped::Refused };
    let before = match (held.key(header.base()), header_of(headers, header.base())) {
        (Some(key), _) => Before::Key(key),
        (None, Some(header)) => Before::Header(header),
        (None, None) => Before::Nothing,
    };
    let Ok(key) = epoch::open(kem, me, place, header, wrap, before) else { return Unwrapped::Refused };
    walk_back(key, headers, held).map_or(Unwrapped::Refused, Unwrapped::Keys)
}

/// Reads the past as far as it is not held: each key is sealed under a later one, and checked against its own header.
fn walk_back(key: EpochKey, headers: &[EpochHeader], held: Held<'_>) -> Option<Vec<EpochKey>> {
    let mut keys = vec![key];
    loop {
        let key = keys.last()?;
        let header = header_of(headers, key.number())?;
        let base = header.base();
        if base == 0 || held.key(base).is_some() {
            return Some(keys);
        }
        keys.push(epoch::open_previous(key, header, header_of(headers, base)?).ok()?);
    }
}

fn header_of(headers: &[EpochHeader], epoch: u64) -> Option<&EpochHeader> {
    headers.get(usize::try_from(epoch.checked_sub(1)?).ok()?)
}

const DAMAGED: EngineError = EngineError::Store(Table::Epochs);
