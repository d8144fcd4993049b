//! The adversary's keys, each tried on everything that is sealed.

use std::collections::BTreeSet;

use roamkey_proto::{
    AccountId, Bundle, ItemId, Record,
    api::{PullPage, Push},
    cbor, limits,
};
use roamkey_sealing::{EpochKey, LocalKey, local::Purpose, record};

use super::{Answer, Ask, Endpoint};
use crate::seeded;

/// Every key that the adversary knows, and every record that it saw.
#[derive(Default)]
pub struct KeyRing {
    keys: BTreeSet<[u8; 32]>,
    records: Vec<Vec<u8>>,
    bundles: Vec<Bundle>,
}

impl KeyRing {
    /// Learns a key.
    pub fn learn(&mut self, key: [u8; 32]) {
        self.keys.insert(key);
    }

    /// Learns every 32 bytes in a row of something that is public or the server's own.
    pub fn learn_all(&mut self, bytes: &[u8]) {
        self.keys.extend(bytes.chunks_exact(32).filter_map(|chunk| <[u8; 32]>::try_from(chunk).ok()));
    }

    /// Takes what an exchange shows: records, and bundles with their wraps.
    pub fn watch(&mut self, ask: &Ask, answer: Option<&Answer>) {
        match ask.endpoint() {
            Endpoint::Push => {
                let push = ask.decode::<Push>();
                self.records.extend(push.into_iter().flat_map(|push| push.records).map(|record| record.0));
            }
            Endpoint::Append | Endpoint::Create => self.bundles.extend(ask.decode::<Bundle>()),
            Endpoint::Pull => {
                let page =
                    answer.and_then(|answer| cbor::decode::<PullPage>(&answer.body, limits::RESPONSE_BYTES).ok());
                self.records.extend(page.into_iter().flat_map(|page| page.records).map(|record| record.0));
            }
            _ => {}
        }
    }

    /// Returns the bundles that were sent, in their order.
    #[must_use]
    pub fn bundles(&self) -> &[Bundle] {
        &self.bundles
    }

    /// Returns the newest record of an item that it saw.
    #[must_use]
    pub fn last_record(&self, item: ItemId) -> Option<Vec<u8>> {
        let of_item = |bytes: &&Vec<u8>| Record::header_of(bytes).is_ok_and(|header| header.item == item);
        self.records.iter().rev().find(of_item).cloned()
    }

    /// Tries every key on every record, and returns the epochs of those that opened.
    #[must_use]
    pub fn opened(&self, account: AccountId) -> BTreeSet<u64> {
        let mut opened = BTreeSet::new();
        let records: BTreeSet<_> = self.records.iter().collect();
        for bytes in records {
            let Ok(sealed) = Record::from_bytes(bytes) else { continue };
            let (item, epoch) = (sealed.header.item, sealed.header.epoch);
            let opens = |key: &[u8; 32]| record::open(&forged_epoch_key(account, epoch, key), item, &sealed).is_ok();
            if self.keys.iter().any(opens) {
                opened.insert(epoch);
            }
        }
        opened
    }
}

/// Takes bytes for an epoch key, by the one way that there is: as one that rested on a device.
///
/// # Panics
/// Never: what was just sealed opens.
#[must_use]
pub fn forged_epoch_key(account: AccountId, epoch: u64, bytes: &[u8; 32]) -> EpochKey {
    let local = LocalKey::from_bytes(&[0; 32]);
    let place = [account.as_bytes().as_slice(), &epoch.to_be_bytes()].concat();
    let sealed = local.seal(Purpose::EpochKey, &place, bytes, &mut seeded(0));
    local.open_epoch_key(account, epoch, &sealed).expect("what was just sealed")
}
