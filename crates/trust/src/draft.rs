use std::collections::BTreeMap;

use roamkey_proto::{
    AccountId, Bundle, DeviceId, Entry, EntryId, EntryWrap, EpochHeader, Genesis, KemPublicKey, Label, Op, Time,
    VERSION, cbor,
};

use crate::{Log, SignIdentity, SignWrite, TrustError, judge, sign1};

/// An entry about to be made: judged, not signed.
///
/// Where it opens an epoch, [`next_epoch`](Self::next_epoch) says what the epoch's header must hold; then
/// [`finish`](Self::finish) signs it all.
#[derive(Clone, Debug)]
pub struct Draft {
    entry: Entry,
    next_epoch: Option<NextEpoch>,
}

/// What the header of the epoch that an entry opens must hold, and who gets its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextEpoch {
    /// The account.
    pub account: AccountId,
    /// The epoch.
    pub epoch: u64,
    /// The entry's place.
    pub seq: u64,
    /// The entry before.
    pub prev: EntryId,
    /// Who signs the entry.
    pub author: DeviceId,
    /// Who gets the key, ascending.
    pub recipients: BTreeMap<DeviceId, KemPublicKey>,
    /// The oldest epoch that it may tie to; 0 at the genesis, and the one before where nobody goes who opened that.
    pub oldest_base: u64,
}

impl Draft {
    /// Drafts the start of an account.
    ///
    /// # Errors
    /// [`TrustError::Refused`] when a key is not usable.
    pub fn genesis(genesis: Genesis, time: Time) -> Result<Self, TrustError> {
        let author = genesis.device.device_id();
        Log::empty(genesis.account_id()).draft(Op::Genesis(genesis), author, time)
    }

    /// Returns the entry as it is so far; the header's hash is missing still.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Returns what the header of the next epoch must hold; none where the operation opens no epoch.
    #[must_use]
    pub fn next_epoch(&self) -> Option<&NextEpoch> {
        self.next_epoch.as_ref()
    }

    /// Binds the epoch's header, signs, and bundles it all.
    ///
    /// Persist the bundle before sending it, and send it again byte for byte: a second entry for the same place
    /// would be a fork.
    #[must_use]
    pub fn finish(self, epoch: Option<(Vec<u8>, Vec<EntryWrap>)>, signer: &impl SignIdentity) -> Bundle {
        self.bundle(epoch, |author, entry| sign1::sign_by_identity(Label::Entry, author, entry, signer))
    }

    /// As [`finish`](Self::finish), where the author is a recovery authority.
    #[must_use]
    pub fn finish_recovery(self, epoch: Option<(Vec<u8>, Vec<EntryWrap>)>, signer: &impl SignWrite) -> Bundle {
        self.bundle(epoch, |author, entry| sign1::sign_by_write(Label::Entry, *author.as_bytes(), entry, signer))
    }

    fn bundle(
        mut self,
        epoch: Option<(Vec<u8>, Vec<EntryWrap>)>,
        sign: impl FnOnce(DeviceId, Vec<u8>) -> Vec<u8>,
    ) -> Bundle {
        let (header, wraps) = epoch.map_or((None, Vec::new()), |(header, wraps)| (Some(header), wraps));
        self.entry.epoch = header.as_deref().map(EpochHeader::hash_of);
        let entry = sign(self.entry.author, cbor::encode(&self.entry));
        Bundle { entry, header, wraps }
    }
}

impl Log {
    /// Drafts the next entry.
    ///
    /// # Errors
    /// What [`append`](Self::append) would say of an entry with this operation by this author.
    pub fn draft(&self, op: Op, author: DeviceId, time: Time) -> Result<Draft, TrustError> {
        let head = self.head();
        let min_suite = match op {
            Op::SetMinSuite => judge::SUITES.last().copied().unwrap_or_default(),
            _ => self.min_suite(),
        };
        let entry = Entry {
            version: VERSION,
            account: self.account(),
            seq: head.seq + 1,
            prev: EntryId::new(head.id),
            author,
            time,
            min_suite,
            op,
            epoch: None,
        };
        judge::content(self, &entry)?;
        let next_epoch = entry.op.opens_epoch().then(|| NextEpoch {
            account: entry.account,
            epoch: self.epoch() + 1,
            seq: entry.seq,
            prev: entry.prev,
            author,
            recipients: judge::recipients_after(self, &entry),
            oldest_base: judge::oldest_base(self, &entry.op, &judge::active_after(self, &entry)),
        });
        Ok(Draft { entry, next_epoch })
    }
}
