//! By what an item is looked up: rows whose keys are `HMAC ‖ item`, so that adding one reads nothing.

use roamkey_proto::ItemId;
use roamkey_sealing::LocalKey;
use roamkey_vault::{Content, Item, Kind};

use crate::{Batch, StoreKey, Table};

/// Writes the rows by which an item is found.
pub(crate) fn index_rows(local: &LocalKey, id: ItemId, item: &Item, batch: &mut Batch) {
    for key in keys(local, id, item) {
        batch.put(key, Vec::new());
    }
}

/// Removes the rows of an item that is gone for good. No other change removes any: an operation that
/// waits here may be why one is there.
pub(crate) fn remove_index_rows(local: &LocalKey, id: ItemId, item: &Item, batch: &mut Batch) {
    for key in keys(local, id, item) {
        batch.remove(key);
    }
}

/// Returns what keys of the index begin with for this kind and name.
pub(super) fn prefix(local: &LocalKey, kind: Kind, name: &str) -> [u8; 32] {
    let [high, low] = kind.number().to_be_bytes();
    let mut bytes = vec![high];
    bytes.extend_from_slice(name.as_bytes());
    local.index(low, &bytes)
}

pub(super) fn item_of(key: &[u8]) -> Option<ItemId> {
    let (_, item) = key.split_first_chunk::<32>()?;
    ItemId::try_from(item).ok()
}

fn keys(local: &LocalKey, id: ItemId, item: &Item) -> Vec<StoreKey> {
    let kind = item.kind();
    names(&item.content)
        .into_iter()
        .map(|name| {
            let mut key = prefix(local, kind, &name).to_vec();
            key.extend_from_slice(id.as_bytes());
            StoreKey::new(Table::Index, key)
        })
        .collect()
}

/// What an item of each kind is asked for by.
fn names(content: &Content) -> Vec<String> {
    match content {
        Content::Passkey(passkey) => vec![passkey.rp_id.clone()],
        Content::Login(login) => login.hosts(),
        Content::SiteRule(rule) => vec![rule.site.clone()],
        Content::Setting(setting) => vec![setting.name.clone()],
        Content::DeviceProfile(profile) => vec![profile.device.to_string()],
        Content::Usage(_) => vec![String::new()],
        Content::Note(_) | Content::Unknown(_) => Vec::new(),
    }
}
