//! Another device joins; this one joins.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What to show for another device to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PairStarted {
    /// `<number>-<word>-<word>`, to be typed on the other device.
    pub code: String,
    /// When it no longer serves, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub expires: u64,
}

/// How pairing goes on. Ask again after a second or so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "stage", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PairPoll {
    /// No pairing goes on.
    Idle,
    /// The code is shown; nobody has come yet.
    Waiting,
    /// Ask the person which emoji the other device shows, and whether they hold it in their hands.
    Confirm {
        /// What the other device says that it runs on.
        platform: String,
        /// What the person called it there.
        name: String,
        /// The emoji to choose from; one is right.
        choices: Vec<EmojiChoice>,
    },
    /// The person agreed; the device is being let in.
    Admitting,
    /// It is one of the account now.
    Done {
        /// The device, in hexadecimal.
        device: String,
    },
    /// It did not work. Nothing changed.
    Failed {
        /// Why.
        reason: PairingEnd,
    },
}

/// An emoji and how to call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct EmojiChoice {
    /// The picture; what `pairConfirm` takes.
    pub emoji: String,
    /// Its English name, for screen readers and the telephone.
    pub name: String,
}

/// Why a pairing ended without a new member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum PairingEnd {
    /// The code was not the one shown, or someone sat between: make a new one.
    WrongCode,
    /// The person picked another emoji: someone else may have come. Make a new code.
    WrongEmoji,
    /// The ten minutes are over: make a new code.
    Expired,
    /// The other side gave up.
    Cancelled,
    /// The account or the server changed meanwhile in a way that does not allow it.
    Refused,
}

/// The person picked an emoji.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct PairConfirmRequest {
    /// The one that they say the other device shows.
    pub emoji: String,
}

/// Joins an account.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct JoinStartRequest {
    /// The code that the member shows; case and spaces do not matter.
    pub code: String,
    /// The server's URL, as the person typed it.
    pub server: String,
    /// What will unlock this browser.
    pub passphrase: String,
    /// What the person's devices will call this one.
    pub device_name: String,
}

/// Joining has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct JoinStarted {}

/// How joining goes on. Ask again after a second or so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "stage", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum JoinPoll {
    /// Not joining.
    Idle,
    /// The code is being checked.
    Waiting,
    /// The code was right. Show this emoji: the person picks it on the member.
    Confirm {
        /// The emoji.
        emoji: EmojiChoice,
    },
    /// This browser is a device of the account, unlocked; the first sync is to come.
    Done,
    /// It did not work. Nothing is kept.
    Failed {
        /// Why.
        reason: PairingEnd,
    },
}
