//! What is on its way to the server: at most one bundle, and attempts at a push.

use minicbor::{Decode, Encode, bytes::ByteVec};
use rand_core::CryptoRng;
use roamkey_proto::{Bundle, CommitId, Pin, cbor};
use roamkey_sealing::LocalKey;

use super::{pending::OperationId, rest};
use crate::{Batch, EngineError, StoreKey, Table};

/// A bundle that was signed: it is sent, byte for byte, until its place in the log is filled.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Outgoing {
    /// Where it goes in the log.
    #[n(1)]
    pub(crate) pin: Pin,
    #[n(2)]
    pub(crate) bundle: Bundle,
    /// The sealed keys of this device from that entry on, where it renews them.
    #[n(3)]
    pub(crate) renewed: Option<ByteVec>,
}

/// A commit that was signed and may be in the chain, with what it would settle.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Attempt {
    #[n(1)]
    pub(crate) seq: u64,
    #[n(2)]
    pub(crate) id: CommitId,
    #[n(3)]
    pub(crate) operations: Vec<OperationId>,
}

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) bundle: Option<Outgoing>,
    /// This device's own entry that opened the newest epoch, with all its wraps, for a server that loses them.
    pub(crate) whole: Option<Outgoing>,
    pub(crate) attempts: Vec<Attempt>,
}

impl Outbox {
    pub(crate) fn open(local: &LocalKey, rows: Vec<(Vec<u8>, Vec<u8>)>) -> Result<Self, EngineError> {
        let mut outbox = Self::default();
        for (key, row) in rows {
            let key = StoreKey::new(Table::Outbox, key);
            match key.key.as_slice() {
                BUNDLE => outbox.bundle = Some(rest::open_value(local, &key, &row)?),
                WHOLE => outbox.whole = Some(rest::open_value(local, &key, &row)?),
                _ => outbox.attempts.push(rest::open_value(local, &key, &row)?),
            }
        }
        Ok(outbox)
    }

    pub(crate) fn put_bundle(
        &mut self,
        outgoing: Outgoing,
        local: &LocalKey,
        batch: &mut Batch,
        rng: &mut impl CryptoRng,
    ) {
        let key = StoreKey::new(Table::Outbox, BUNDLE);
        let sealed = rest::seal(local, &key, &cbor::encode(&outgoing), rng);
        batch.put(key, sealed);
        self.bundle = Some(outgoing);
    }

    pub(crate) fn take_bundle(&mut self, batch: &mut Batch) -> Option<Outgoing> {
        let outgoing = self.bundle.take()?;
        batch.remove(StoreKey::new(Table::Outbox, BUNDLE));
        Some(outgoing)
    }

    pub(crate) fn put_attempt(
        &mut self,
        attempt: Attempt,
        local: &LocalKey,
        batch: &mut Batch,
        rng: &mut impl CryptoRng,
    ) {
        if self.attempts.len() >= ATTEMPTS {
            batch.remove(attempt_key(&self.attempts.remove(0)));
        }
        let key = attempt_key(&attempt);
        let sealed = rest::seal(local, &key, &cbor::encode(&attempt), rng);
        batch.put(key, sealed);
        self.attempts.push(attempt);
    }

    pub(crate) fn put_whole(
        &mut self,
        opened: Outgoing,
        local: &LocalKey,
        batch: &mut Batch,
        rng: &mut impl CryptoRng,
    ) {
        let key = StoreKey::new(Table::Outbox, WHOLE);
        let sealed = rest::seal(local, &key, &cbor::encode(&opened), rng);
        batch.put(key, sealed);
        self.whole = Some(opened);
    }

    /// Lets go of an entry whose epoch is not the newest any more.
    pub(crate) fn drop_whole_before(&mut self, seq: u64, batch: &mut Batch) {
        if self.whole.take_if(|whole| whole.pin.seq < seq).is_some() {
            batch.remove(StoreKey::new(Table::Outbox, WHOLE));
        }
    }

    /// Takes out every attempt whose place the chain has filled, up to `seq`.
    pub(crate) fn take_decided(&mut self, seq: u64, batch: &mut Batch) -> Vec<Attempt> {
        let (decided, open) = self.attempts.drain(..).partition(|attempt| attempt.seq <= seq);
        self.attempts = open;
        let decided: Vec<Attempt> = decided;
        for attempt in &decided {
            batch.remove(attempt_key(attempt));
        }
        decided
    }
}

fn attempt_key(attempt: &Attempt) -> StoreKey {
    StoreKey::new(Table::Outbox, attempt.id.as_bytes().as_slice())
}

// Shorter than the identifiers that attempts are kept by.
const BUNDLE: &[u8] = b"bundle";
const WHOLE: &[u8] = b"whole";

/// Attempts kept at once. Forgetting one costs no more than that its operations are played again,
/// which changes nothing where they were played before.
const ATTEMPTS: usize = 64;
