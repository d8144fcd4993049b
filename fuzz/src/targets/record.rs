//! Records: nothing opens but what was sealed, whichever item and epoch it is opened as.

use std::sync::LazyLock;

use roamkey_proto::{AccountId, ItemId, Record};
use roamkey_sealing::{EpochKey, HedgeKey, LocalKey, local::Purpose, record};
use roamkey_testkit::seeded;

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "record", seeds: starts, run };

const ITEMS: [ItemId; 2] = [ItemId::new([1; ItemId::LEN]), ItemId::new([2; ItemId::LEN])];

struct World {
    key: EpochKey,
    sealed: Vec<Vec<u8>>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let key = key();
    let hedge = HedgeKey::from_bytes(&[7; 32]);
    let bodies = [&b""[..], &[0xa5; 300]];
    let seal =
        |item| bodies.map(|body| record::seal(&key, &hedge, item, 3, body, &mut seeded(2)).expect("short bodies"));
    let sealed = ITEMS.into_iter().flat_map(seal).map(|record| record.to_bytes()).collect();
    World { key, sealed }
});

/// The key of an epoch, as a device finds it at rest.
fn key() -> EpochKey {
    let local = LocalKey::from_bytes(&[6; 32]);
    let (account, epoch) = (AccountId::new([4; AccountId::LEN]), 5_u64);
    let place = [account.as_bytes(), &epoch.to_be_bytes()[..]].concat();
    let rests = local.seal(Purpose::EpochKey, &place, &[8; 32], &mut seeded(1));
    local.open_epoch_key(account, epoch, &rests).expect("what was sealed for this epoch")
}

fn starts() -> Vec<Vec<u8>> {
    (0..ITEMS.len()).flat_map(|item| WORLD.sealed.iter().map(move |record| seeds::chosen(item, record))).collect()
}

fn run(input: &[u8]) {
    let Some((&item, bytes)) = input.split_first() else { return };
    let Ok(sealed) = Record::from_bytes(bytes) else { return };
    let item = ITEMS[usize::from(item) % ITEMS.len()];
    if record::open(&WORLD.key, item, &sealed).is_ok() {
        assert_eq!(sealed.header.item, item, "a record was opened as another item");
        assert!(WORLD.sealed.iter().any(|ours| ours == bytes), "a forged record was opened");
    }
}
