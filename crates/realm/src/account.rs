//! What a realm keeps of one account, and how it reads it back.

use minicbor::{Decode, Encode, bytes::ByteVec};
use roamkey_proto::{
    AccountId, Blinded, DecodeError, DeviceId, IdentityPublicKey, Pin, RecoveryPolicy, RequestId, ShareCommitment,
    ShareRegistration, Time, VERSION, WritePublicKey, cbor, limits, mutant,
};
use roamkey_trust::sign1::PublicKey;

use crate::{Mark, Refusal};

/// What a realm keeps of one account. It changes by [commands](crate::Command) alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Account {
    #[n(0)]
    version: u16,
    /// Rises with every write, so that of two writers who read the same one loses.
    #[n(1)]
    pub(crate) revision: u64,
    #[n(2)]
    pub(crate) account: AccountId,
    #[n(3)]
    pub(crate) mark: Mark,
    /// What the trust log says; none before it was brought.
    #[n(4)]
    pub(crate) view: Option<View>,
    /// The version that serves once the log says so.
    #[n(5)]
    pub(crate) pending: Option<Pending>,
    /// The one version that serves.
    #[n(6)]
    pub(crate) live: Option<Live>,
    #[n(7)]
    pub(crate) requests: Vec<Held>,
}

/// What the newest log that a realm was brought says of who may do what.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct View {
    #[n(1)]
    pub(crate) log: Pin,
    #[n(2)]
    pub(crate) devices: Vec<Device>,
    #[n(3)]
    pub(crate) authority: Option<Authority>,
}

/// An active device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Device {
    #[n(1)]
    pub(crate) id: DeviceId,
    #[n(2)]
    pub(crate) identity: IdentityPublicKey,
}

/// The recovery authority that a PIN leads to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Authority {
    #[n(1)]
    pub(crate) id: DeviceId,
    #[n(2)]
    pub(crate) sign: WritePublicKey,
    #[n(3)]
    pub(crate) policy: RecoveryPolicy,
}

/// A version in the making.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Pending {
    #[n(1)]
    pub(crate) number: u64,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(crate) salt: [u8; 32],
    /// The one element that is evaluated for it before it serves.
    #[n(3)]
    pub(crate) blinded: Blinded,
    /// Its registration, once it has come.
    #[n(4)]
    pub(crate) registration: Option<ByteVec>,
}

/// The version that serves.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Live {
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) salt: [u8; 32],
    #[n(2)]
    pub(crate) registration: ByteVec,
    /// What was counted already: the same element again costs nothing, as nothing new is learnt by it.
    #[n(3)]
    pub(crate) guessed: Vec<Blinded>,
}

/// A request for recovery.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Held {
    #[n(1)]
    pub(crate) id: RequestId,
    #[n(2)]
    pub(crate) device: DeviceId,
    #[n(3)]
    pub(crate) identity: IdentityPublicKey,
    #[n(4)]
    pub(crate) lodged: Time,
    #[n(5)]
    pub(crate) vetoed: Option<DeviceId>,
    #[n(6)]
    pub(crate) guesses: u8,
    #[n(7)]
    pub(crate) last: Option<Time>,
}

/// What a device is shown of an account at a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// How far the counting is.
    pub mark: Mark,
    /// The guesses that are left for the version that serves; none where none serves.
    pub left: Option<u8>,
    /// The newest log entry that the realm was brought.
    pub log: Option<Pin>,
    /// Who asks to come back.
    pub requests: Vec<Asked>,
}

/// A request as devices are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its identifier.
    pub request: RequestId,
    /// The device that asks.
    pub device: DeviceId,
    /// When it was lodged.
    pub lodged: Time,
    /// How it stands.
    pub state: AskedState,
    /// Guesses that were made with it.
    pub guesses: u8,
    /// When the last one was.
    pub last: Option<Time>,
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedState {
    /// It waits for a veto.
    Waits {
        /// Until when.
        until: Time,
    },
    /// It is served.
    Served {
        /// Until when.
        until: Time,
    },
    /// A device has called it off.
    Vetoed {
        /// Which.
        by: DeviceId,
    },
}

impl Account {
    /// Reads what was kept, and joins it with the mark that was kept by itself.
    ///
    /// What comes from a backup is known by that: a version that a newer one has replaced since serves no more, and guesses that were
    /// made since count.
    pub(crate) fn open(account: AccountId, row: Option<&[u8]>, mark: Mark) -> Result<Self, DecodeError> {
        let mut opened = match row {
            Some(row) => cbor::decode_versioned(row, limits::REALM_ACCOUNT_BYTES)?,
            None => Self::empty(account),
        };
        if opened.account != account {
            return Err(DecodeError::Malformed);
        }
        opened.mark = mutant!("realm.restored-counts-on", opened.mark.join(mark) => opened.mark);
        let newest = opened.mark.number;
        let serves = |live: &Live| live.number() == Some(newest);
        if !mutant!("realm.restored-version-is-gone", opened.live.as_ref().is_none_or(serves)) {
            opened.end_live();
        }
        opened.pending.take_if(|pending| pending.number <= newest);
        Ok(opened)
    }

    fn empty(account: AccountId) -> Self {
        Self {
            version: VERSION,
            revision: 0,
            account,
            mark: Mark::default(),
            view: None,
            pending: None,
            live: None,
            requests: Vec::new(),
        }
    }

    /// Tells whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::empty(self.account)
    }

    /// Returns the highest version that there was or is to be.
    pub(crate) fn newest(&self) -> u64 {
        self.pending.as_ref().map_or(0, |pending| pending.number).max(self.mark.number)
    }

    /// Returns the key of an active device.
    pub(crate) fn device(&self, id: DeviceId) -> Result<PublicKey<'_>, Refusal> {
        let devices = self.view.iter().flat_map(|view| &view.devices);
        let found = devices.into_iter().find(|device| device.id == id).ok_or(Refusal::NotAMember)?;
        Ok(PublicKey::Identity(&found.identity))
    }

    /// Returns what serves, with the authority that it leads to.
    pub(crate) fn serving(&self) -> Result<(&Live, &Authority), Refusal> {
        let authority = self.view.as_ref().and_then(|view| view.authority.as_ref());
        self.live.as_ref().zip(authority).ok_or(Refusal::NotSet)
    }

    /// Ends the version that serves. Its key cannot be made again, and who asked for it asks anew.
    pub(crate) fn end_live(&mut self) {
        self.live = None;
        self.requests.clear();
    }

    /// Returns how long a request waits.
    pub(crate) fn wait_ms(&self) -> Result<u64, Refusal> {
        self.serving().map(|(_, authority)| authority.policy.wait_ms)
    }

    /// Forgets requests whose time is over.
    pub(crate) fn sweep(&mut self, now: Time) {
        let Ok(wait) = self.wait_ms() else { return };
        self.requests.retain(|held| now.0 < held.over(wait).0);
    }

    pub(crate) fn held(&self, id: RequestId) -> Result<&Held, Refusal> {
        self.requests.iter().find(|held| held.id == id).ok_or(Refusal::UnknownRequest)
    }

    pub(crate) fn held_mut(&mut self, id: RequestId) -> Result<&mut Held, Refusal> {
        self.requests.iter_mut().find(|held| held.id == id).ok_or(Refusal::UnknownRequest)
    }
}

impl Live {
    /// Returns its version; none where it cannot be read, which serves nobody.
    pub(crate) fn number(&self) -> Option<u64> {
        self.read().ok().map(|registration| registration.number)
    }

    pub(crate) fn read(&self) -> Result<ShareRegistration, DecodeError> {
        cbor::decode_versioned(&self.registration, limits::SMALL_BODY_BYTES)
    }

    pub(crate) fn commitment(&self) -> ShareCommitment {
        ShareRegistration::commitment_of(&self.registration)
    }
}

impl Held {
    /// Returns when its wait is over.
    pub(crate) fn ripe(&self, wait_ms: u64) -> Time {
        Time(self.lodged.0.saturating_add(wait_ms))
    }

    /// Returns when it is served no more.
    pub(crate) fn over(&self, wait_ms: u64) -> Time {
        Time(self.ripe(wait_ms).0.saturating_add(limits::RECOVERY_WINDOW_MS))
    }

    /// Returns how it stands.
    pub(crate) fn state(&self, wait_ms: u64, now: Time) -> AskedState {
        if let Some(by) = self.vetoed {
            return AskedState::Vetoed { by };
        }
        let until = self.ripe(wait_ms);
        if now < until { AskedState::Waits { until } } else { AskedState::Served { until: self.over(wait_ms) } }
    }

    /// Checks that it is served now.
    pub(crate) fn may_be_served(&self, wait_ms: u64, now: Time) -> Result<(), Refusal> {
        if !mutant!("realm.veto-holds", self.vetoed.is_none()) {
            return Err(Refusal::Vetoed);
        }
        let until = self.ripe(wait_ms);
        if mutant!("realm.waits", now >= until) { Ok(()) } else { Err(Refusal::Waits { until }) }
    }
}
