//! What a device shows and allows after it stopped trusting the server: what it saw, what is safe, what to do.

use minicbor::{Decode, Encode};
use roamkey_proto::{Chain, DeviceId};
use roamkey_sync::{Distrust, ShutOut};
use roamkey_trust::{CommitError, TrustError};

/// A device does not believe the server at the moment, or a member shuts it out. Local use goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantine {
    /// What it saw.
    pub saw: Saw,
    /// What is safe all the same.
    pub safe: &'static [Safe],
    /// What the person can do, the most useful first.
    pub remedies: Vec<Remedy>,
}

/// What a device saw.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[non_exhaustive]
pub enum Saw {
    /// The server shows two histories.
    #[n(1)]
    TwoHistories {
        /// Of what.
        #[n(1)]
        chain: Chain,
        /// From where on.
        #[n(2)]
        seq: u64,
        /// Whether the server signed both, so that anyone can be shown.
        #[n(3)]
        is_proven: bool,
    },
    /// The server's data ends before where it had been, and it does not take back what is missing.
    #[n(2)]
    WentBack {
        /// Of what.
        #[n(1)]
        chain: Chain,
        /// Where it had been.
        #[n(2)]
        pinned: u64,
        /// Where it is now.
        #[n(3)]
        shown: u64,
    },
    /// A member opened an epoch that this device cannot read.
    #[n(3)]
    ShutOut {
        /// Who must be revoked to end it.
        #[n(1)]
        openers: Vec<DeviceId>,
    },
    /// The server withholds something, or shows what honest devices cannot have written.
    #[n(4)]
    Invalid {
        /// What, in English, for a report.
        #[n(1)]
        detail: String,
    },
    /// A member entered a key that no one can use.
    #[n(5)]
    UnusableKey {
        /// Whose.
        #[n(1)]
        device: DeviceId,
    },
    /// The newest key did not come: the server withholds it, or whoever gave the server back what it had lost left it out.
    #[n(6)]
    KeyWithheld {
        /// Who can be revoked to go on without it.
        #[n(1)]
        openers: Vec<DeviceId>,
    },
}

/// What is safe while the server is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safe {
    /// All that is here can be read.
    Read,
    /// Passkeys and passwords that are here serve.
    SignIn,
    /// What is typed here stays, and is sent when the server is believed again.
    Edit,
}

/// What a person can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// Revoke these devices.
    Revoke(Vec<DeviceId>),
    /// Compare with another device, side by side: it shows whether both see one history.
    CheckUp,
    /// See both histories, and go on with one of them.
    Repair,
    /// Export the evidence, and show it to whoever runs the server.
    ExportEvidence,
    /// Wait: another device, or the server's next answer, may end it.
    Wait,
}

impl Saw {
    /// Says what a device saw whose round ended with this.
    #[must_use]
    pub fn of(distrust: &Distrust, shut_out: Option<&ShutOut>) -> Self {
        match distrust {
            Distrust::Forked { chain, seq, receipts } => {
                Self::TwoHistories { chain: *chain, seq: *seq, is_proven: receipts.is_some() }
            }
            // What the server goes on with builds on something else than what this device has.
            Distrust::Entry { seq, cause: TrustError::Conflict { .. } } => {
                Self::TwoHistories { chain: Chain::Log, seq: *seq, is_proven: false }
            }
            Distrust::Commit { seq, cause: CommitError::DoesNotFollow | CommitError::ForeignLog } => {
                Self::TwoHistories { chain: Chain::Vault, seq: *seq, is_proven: false }
            }
            Distrust::RolledBack { chain, pinned, shown } => {
                Self::WentBack { chain: *chain, pinned: *pinned, shown: *shown }
            }
            Distrust::ShutOut { opener, .. } => {
                Self::ShutOut { openers: shut_out.map_or_else(|| vec![*opener], |shut_out| shut_out.openers.clone()) }
            }
            Distrust::Epoch { .. } => {
                Self::KeyWithheld { openers: shut_out.map_or_else(Vec::new, |shut_out| shut_out.openers.clone()) }
            }
            Distrust::UnusableKey { device } => Self::UnusableKey { device: *device },
            other => Self::Invalid { detail: other.to_string() },
        }
    }
}

impl From<Saw> for Quarantine {
    fn from(saw: Saw) -> Self {
        let remedies = match &saw {
            Saw::TwoHistories { .. } => vec![Remedy::CheckUp, Remedy::ExportEvidence, Remedy::Repair],
            Saw::WentBack { .. } => vec![Remedy::Wait, Remedy::CheckUp, Remedy::ExportEvidence, Remedy::Repair],
            Saw::ShutOut { openers } => vec![Remedy::Revoke(openers.clone()), Remedy::Wait],
            Saw::UnusableKey { device } => vec![Remedy::Revoke(vec![*device])],
            // Whoever opened that epoch may be honest: the next one, or a server that has the key again, ends it as well.
            Saw::KeyWithheld { openers } if openers.is_empty() => vec![Remedy::Wait, Remedy::ExportEvidence],
            Saw::KeyWithheld { openers } => vec![Remedy::Wait, Remedy::Revoke(openers.clone()), Remedy::ExportEvidence],
            Saw::Invalid { .. } => vec![Remedy::Wait, Remedy::ExportEvidence],
        };
        Self { saw, safe: &[Safe::Read, Safe::SignIn, Safe::Edit], remedies }
    }
}

#[cfg(test)]
mod tests {
    use super::{Chain, DeviceId, Distrust, Quarantine, Remedy, Safe, Saw, ShutOut};

    const ROGUE: DeviceId = DeviceId::new([1; 32]);

    #[test]
    fn whoever_shuts_a_device_out_is_named_for_revocation() {
        let distrust = Distrust::ShutOut { epoch: 4, opener: ROGUE };
        let accomplice = DeviceId::new([2; 32]);
        let shut_out = ShutOut { epoch: 4, openers: vec![ROGUE, accomplice] };
        let quarantine = Quarantine::from(Saw::of(&distrust, Some(&shut_out)));
        assert_eq!(quarantine.remedies.first(), Some(&Remedy::Revoke(vec![ROGUE, accomplice])));
        let alone = Quarantine::from(Saw::of(&distrust, None));
        assert_eq!(alone.remedies.first(), Some(&Remedy::Revoke(vec![ROGUE])));
    }

    #[test]
    fn who_opened_an_epoch_whose_key_did_not_come_is_named_after_waiting() {
        let distrust = Distrust::Epoch { epoch: 4 };
        let shut_out = ShutOut { epoch: 4, openers: vec![ROGUE] };
        let quarantine = Quarantine::from(Saw::of(&distrust, Some(&shut_out)));
        assert_eq!(quarantine.remedies, [Remedy::Wait, Remedy::Revoke(vec![ROGUE]), Remedy::ExportEvidence]);
        let nobody = Quarantine::from(Saw::of(&distrust, None));
        assert_eq!(nobody.remedies, [Remedy::Wait, Remedy::ExportEvidence]);
    }

    #[test]
    fn local_use_is_safe_whatever_was_seen_and_a_proof_is_said_to_be_one() {
        let receipts = Some(Box::new([vec![1], vec![2]]));
        let proven = Saw::of(&Distrust::Forked { chain: Chain::Vault, seq: 9, receipts }, None);
        assert_eq!(proven, Saw::TwoHistories { chain: Chain::Vault, seq: 9, is_proven: true });
        let seen = [
            proven,
            Saw::of(&Distrust::Forked { chain: Chain::Log, seq: 9, receipts: None }, None),
            Saw::of(&Distrust::RolledBack { chain: Chain::Vault, pinned: 9, shown: 8 }, None),
            Saw::of(&Distrust::UnusableKey { device: ROGUE }, None),
            Saw::of(&Distrust::Malformed, None),
        ];
        for saw in seen {
            let quarantine = Quarantine::from(saw);
            assert_eq!(quarantine.safe, [Safe::Read, Safe::SignIn, Safe::Edit]);
            assert!(!quarantine.remedies.is_empty());
        }
    }
}
