use minicbor::{Decode, Encode};
use roamkey_proto::{DeviceId, Pin, Time, limits};

/// The last signed word of another device: a heartbeat, or a commit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Contact {
    /// Whose.
    #[n(1)]
    pub device: DeviceId,
    /// When, as that device says, and not after it was heard here.
    #[n(2)]
    pub at: Time,
    /// The newest entry of the log that it is known to have seen.
    #[n(3)]
    pub log: Pin,
    /// The newest commit that it is known to have seen.
    #[n(4)]
    pub vault: Pin,
}

impl Contact {
    /// Tells whether the device has been silent for so long that the person should be warned: a fortnight.
    #[must_use]
    pub fn is_silent(&self, now: Time) -> bool {
        now.millis_since(self.at) > limits::SILENCE_MS
    }
}
