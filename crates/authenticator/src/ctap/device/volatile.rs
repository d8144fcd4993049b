//! What a device remembers until the next power cycle.

use std::{collections::VecDeque, time::Duration};

use rand_core::CryptoRng;

use crate::{
    CredentialSummary, RpId,
    ctap::{
        commands::{NextAssertion, PendingLargeBlobs},
        limits,
        pin_uv::{KeyAgreement, Protocol, Token},
    },
};

/// What dies with the power.
pub(in super::super) struct Volatile {
    pub(in super::super) powered_on: Duration,
    key_agreement_one: KeyAgreement,
    key_agreement_two: KeyAgreement,
    pub(in super::super) token: Option<Token>,
    /// Wrong PINs in a row.
    pub(in super::super) pin_mismatches: u8,
    pub(in super::super) continuation: Option<(Continuation, Duration)>,
    /// The sites still to be listed. A platform may look into one before it asks for the next.
    pub(in super::super) relying_parties: Option<(VecDeque<RpId>, Duration)>,
    pub(in super::super) large_blobs: Option<PendingLargeBlobs>,
}

/// What the command that must come next goes on with; any other command ends it.
pub(in super::super) enum Continuation {
    Assertions(Box<NextAssertion>),
    Credentials(VecDeque<CredentialSummary>),
}

impl Volatile {
    pub(in super::super) fn make(now: Duration, rng: &mut impl CryptoRng) -> Self {
        Self {
            powered_on: now,
            key_agreement_one: KeyAgreement::make(rng),
            key_agreement_two: KeyAgreement::make(rng),
            token: None,
            pin_mismatches: 0,
            continuation: None,
            relying_parties: None,
            large_blobs: None,
        }
    }

    /// The key pair of a protocol.
    pub(in super::super) fn key_agreement(&self, protocol: Protocol) -> &KeyAgreement {
        match protocol {
            Protocol::One => &self.key_agreement_one,
            Protocol::Two => &self.key_agreement_two,
        }
    }

    /// Draws a protocol's key pair anew (`regenerate`).
    pub(in super::super) fn regenerate(&mut self, protocol: Protocol, rng: &mut impl CryptoRng) {
        match protocol {
            Protocol::One => self.key_agreement_one = KeyAgreement::make(rng),
            Protocol::Two => self.key_agreement_two = KeyAgreement::make(rng),
        }
    }

    /// Forgets what was to come next.
    pub(in super::super) fn end_sequences(&mut self) {
        self.continuation = None;
        self.relying_parties = None;
        self.large_blobs = None;
    }

    /// Ends what time has ended.
    pub(in super::super) fn forget_what_is_over(&mut self, now: Duration) {
        if self.token.as_ref().is_some_and(|token| mutant!("ctap.token-ends", token.is_over(now) => false)) {
            self.token = None;
        }
        let waits_too_long = |since: Duration| now.saturating_sub(since) >= limits::NEXT_WITHIN;
        self.continuation.take_if(|(_, since)| waits_too_long(*since));
        self.relying_parties.take_if(|(_, since)| waits_too_long(*since));
    }
}
