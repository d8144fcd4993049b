//! A value of each type from a seed: the same for tests that want many and for vectors that want one.

use crate::{api::*, *};

/// A stream of numbers (SplitMix64), so that samples depend on nothing but the seed.
pub(super) struct Source(pub(super) u64);

impl Source {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// What can be made from a seed.
pub(super) trait Sample: Sized {
    fn sample(source: &mut Source) -> Self;
}

impl Sample for u64 {
    /// Numbers of every length that CBOR knows.
    fn sample(source: &mut Source) -> Self {
        let number = source.next();
        number >> [0, 16, 32, 40, 48, 56, 59, 60][usize::try_from(number % 8).unwrap()]
    }
}

macro_rules! small_numbers {
    ($($name:ident),+) => {$(
        impl Sample for $name {
            fn sample(source: &mut Source) -> Self {
                Self::try_from(source.next() & 0x7f).unwrap()
            }
        }
    )+};
}
small_numbers!(u8, u16, u32);

impl Sample for Registration {
    fn sample(source: &mut Source) -> Self {
        [Self::Open, Self::Invitation, Self::Closed][(source.next() % 3) as usize]
    }
}

impl Sample for bool {
    fn sample(source: &mut Source) -> Self {
        source.next().is_multiple_of(2)
    }
}

impl Sample for String {
    fn sample(source: &mut Source) -> Self {
        format!("https://host-{}.example", u16::sample(source))
    }
}

impl<const N: usize> Sample for [u8; N] {
    fn sample(source: &mut Source) -> Self {
        std::array::from_fn(|_| source.next().to_le_bytes()[0])
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(source: &mut Source) -> Self {
        (0..1 + source.next() % 3).map(|_| T::sample(source)).collect()
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample(source: &mut Source) -> Self {
        (!source.next().is_multiple_of(4)).then(|| T::sample(source))
    }
}

macro_rules! wrapped {
    ($($name:ident),+) => {$(
        impl Sample for $name {
            fn sample(source: &mut Source) -> Self {
                Self::new(Sample::sample(source))
            }
        }
    )+};
}
wrapped!(
    AccountId,
    DeviceId,
    EntryId,
    CommitId,
    RequestId,
    ShareCommitment,
    HeaderHash,
    WrapHash,
    RecordHash,
    MerkleRoot,
    ItemId,
    Nonce,
    SessionToken,
    MailboxToken,
    InvitationToken,
    IdentityPublicKey,
    WritePublicKey,
    KemPublicKey
);

macro_rules! tuples {
    ($($name:ident),+) => {$(
        impl Sample for $name {
            fn sample(source: &mut Source) -> Self {
                Self(Sample::sample(source))
            }
        }
    )+};
}
tuples!(Time, ReceiptKey, SealedRecord, SignedCommit, OprfPublicKey, Blinded, Masked);

macro_rules! structs {
    ($($name:ident { $($field:ident),* $(; $fixed:ident = $value:expr)* })+) => {$(
        impl Sample for $name {
            fn sample(source: &mut Source) -> Self {
                Self { $($fixed: $value,)* $($field: Sample::sample(source)),* }
            }
        }
    )+};
}
structs! {
    Entry { account, seq, prev, author, time, min_suite, op, epoch; version = VERSION }
    Genesis { device, salt }
    AddDevice { device, possession, via, request }
    RevokeDevices { devices, keep, reason, slots, keep_slots }
    RenewKeys { write, kem, possession }
    SetRecovery { slot, keys, policy }
    RecoveryKeys { sign, kem }
    RecoveryPolicy { wait_ms, threshold, shares }
    Close { not_before }
    DeviceKeys { identity, write, kem }
    Possession { identity, write }
    Bundle { entry, header, wraps }
    EntryWrap { recipient, wrap }
    EpochHeader { account, epoch, seq, prev, commitment, previous, tie, recipients, base; version = VERSION }
    Recipient { device, wrap }
    RecordHeader { account, item, revision, epoch; version = VERSION; suite = SUITE }
    Record { header, salt, commitment; ciphertext = vec![7; 272] }
    Commit { account, seq, prev, author, time, log, epoch, root, count, changed; version = VERSION }
    Change { item, record }
    Receipt { account, chain, pin; version = VERSION }
    SessionProof { origin, account, member, challenge; version = VERSION }
    Pin { seq, id }
    ServerInfo { versions, receipt_key, time, registration }
    Accepted { receipt }
    ChallengeRequest { account, member }
    Challenge { challenge }
    SignIn { proof }
    Session { token, lifetime_ms }
    Heads { log, vault }
    LogPage { bundles, more }
    Push { commit, records }
    PullRequest { target, commits_after, records_after, cursor }
    PullCursor { commit, item }
    PullPage { commits, records, next }
    Heartbeat { account, device, time, log, vault, epoch, log_receipt, vault_receipt; version = VERSION }
    Evidence { kind, account, entries, objects, receipts, receipt_key, seen, said; version = VERSION }
    SignedHeartbeat { signed }
    Heartbeats { heartbeats }
    Restore { bundles, commits, records }
    Wake { log, vault }
    MailboxOpened { number, token }
    MailboxClaimed { token }
    MailboxMessage { body }
    MailboxMessages { messages, claimed }
    PrepareRealm { account, realm, number, device, blinded; version = VERSION }
    PreparedRealm { public_key, evaluation }
    Evaluation { element, proof }
    ShareRegistration { account, realm, number, index, threshold, public_key, masked; version = VERSION }
    RecoveryRequest { account, slot, device, nonce; version = VERSION }
    Veto { account, request, device; version = VERSION }
    Guess { account, realm, number, request, blinded; version = VERSION }
    GuessReset { account, realm, number, evaluated; version = VERSION }
}

impl Sample for Op {
    fn sample(source: &mut Source) -> Self {
        match source.next() % 11 {
            0 => Self::Genesis(Sample::sample(source)),
            1 => Self::AddDevice(Sample::sample(source)),
            2 => Self::RevokeDevices(Sample::sample(source)),
            3 => Self::Leave,
            4 => Self::Rotate,
            5 => Self::RenewKeys(Sample::sample(source)),
            6 => Self::SetMinSuite,
            7 => Self::Close(Sample::sample(source)),
            8 => Self::CancelClose,
            9 => Self::SetRecovery(Sample::sample(source)),
            _ => Self::Reserved(ReservedOp { number: 8, body: vec![0xa1, 0x01, 0x02] }),
        }
    }
}

impl Sample for minicbor::bytes::ByteVec {
    fn sample(source: &mut Source) -> Self {
        Vec::<u8>::sample(source).into()
    }
}

impl Sample for Via {
    fn sample(source: &mut Source) -> Self {
        if bool::sample(source) { Self::Pairing } else { Self::Recovery }
    }
}

impl Sample for RecoverySlot {
    fn sample(source: &mut Source) -> Self {
        Self::ALL[usize::try_from(source.next() % 4).unwrap()]
    }
}

impl Sample for RevokeReason {
    fn sample(source: &mut Source) -> Self {
        if bool::sample(source) { Self::Lost } else { Self::Retired }
    }
}

impl Sample for EvidenceKind {
    fn sample(source: &mut Source) -> Self {
        [Self::Fork, Self::Rollback, Self::Invalid, Self::ShutOut][usize::try_from(source.next() % 4).unwrap()]
    }
}

impl Sample for Chain {
    fn sample(source: &mut Source) -> Self {
        if bool::sample(source) { Self::Log } else { Self::Vault }
    }
}
