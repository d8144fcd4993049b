//! The epoch keys that this device holds.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use roamkey_proto::{AccountId, DeviceId, EpochHeader};
use roamkey_sealing::{
    DeviceSecrets, EpochKey, LocalKey,
    epoch::{self, Before, EpochPlace},
};

use crate::{Batch, Distrust, EngineError, StoreKey, Table};

/// Keys by epoch: all of them from the first on, for a member.
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

/// Opens the newest epoch, whose header the log has verified, and for a newcomer all before it.
///
/// `headers` are those of all epochs, from the first on.
pub(crate) fn open_newest(
    held: &Epochs,
    secrets: &DeviceSecrets,
    me: DeviceId,
    place: &EpochPlace,
    headers: &[EpochHeader],
    wrap: Option<&[u8]>,
) -> Result<Vec<EpochKey>, Distrust> {
    let distrust = || Distrust::Epoch { epoch: place.epoch };
    let (header, earlier) = headers.split_last().ok_or_else(distrust)?;
    let wrap = wrap.ok_or_else(distrust)?;
    let before = match (held.key(place.epoch.saturating_sub(1)), earlier.last()) {
        (Some(key), _) => Before::Key(key),
        (None, Some(header)) => Before::Header(header),
        (None, None) => Before::Nothing,
    };
    let key = epoch::open(&secrets.kem, me, place, header, wrap, before).map_err(|_| distrust())?;
    let mut keys = vec![key];
    if let Before::Header(_) = before {
        walk_back(&mut keys, headers)?;
    }
    Ok(keys)
}

/// A newcomer reads the past: each key is sealed under the next, and checked against its own header.
fn walk_back(keys: &mut Vec<EpochKey>, headers: &[EpochHeader]) -> Result<(), Distrust> {
    for pair in headers.windows(2).rev() {
        let ([previous, header], Some(key)) = (pair, keys.last()) else { continue };
        let opened =
            epoch::open_previous(key, header, previous).map_err(|_| Distrust::Epoch { epoch: previous.epoch })?;
        keys.push(opened);
    }
    Ok(())
}

const DAMAGED: EngineError = EngineError::Store(Table::Epochs);
