//! Sealing and opening one record of a common size.

use anyhow::{Context, Result};
use getrandom::{SysRng, rand_core::UnwrapErr};
use roamkey_proto::{AccountId, DeviceId, EntryId, ItemId};
use roamkey_sealing::{DeviceSecrets, HedgeKey, epoch, record};

use crate::{
    report::Report,
    samples::{SAMPLES, Samples},
};

/// Bytes of a body that fills the bucket of 512: a passkey with its names.
const BODY_BYTES: usize = 400;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let rng = &mut UnwrapErr(SysRng);
    let secrets = DeviceSecrets::make(rng);
    let public = secrets.public();
    let me = public.device_id();
    let key = epoch::make(rng, &genesis(me), &[(me, &public.kem)], None)?.key;
    let hedge = HedgeKey::make(rng);
    let (item, body) = (ItemId::new([7; 16]), [0x61; BODY_BYTES]);
    let (mut seal, mut open) = (Samples::default(), Samples::default());
    for revision in 1..=SAMPLES as u64 {
        let sealed = seal.time(|| record::seal(&key, &hedge, item, revision, &body, rng))?;
        let opened = open.time(|| record::open(&key, item, &sealed)).context("what was just sealed")?;
        anyhow::ensure!(opened.as_slice() == body, "a record opened to something else");
    }
    report.add("record.seal_us", seal.median_us(), "us");
    report.add("record.open_us", open.median_us(), "us");
    Ok(())
}

fn genesis(author: DeviceId) -> epoch::EpochPlace {
    epoch::EpochPlace { account: AccountId::new([1; 32]), epoch: 1, seq: 1, prev: EntryId::NONE, author }
}
