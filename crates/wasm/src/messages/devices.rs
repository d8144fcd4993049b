//! The devices of the account and the log that vouches for them.

use serde::{Deserialize, Serialize};

/// The devices of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct Devices {
    /// In the order in which they joined.
    pub devices: Vec<DeviceView>,
    /// Whether records are still to be sealed anew after a removal; it goes on with each sync.
    pub resealing: bool,
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// The device, in hexadecimal.
    pub id: String,
    /// What it calls itself; absent until it has synced once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Whether it is this one.
    pub current: bool,
    /// When it joined, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub added_at: u64,
    /// The device that let it in, or had set the way back by which it came; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_by: Option<String>,
    /// Whether it came by a way back.
    pub recovered: bool,
    /// Whether it is still one of the account.
    pub status: DeviceStatus,
    /// Joined within the last seven days: worth a second look.
    pub recent: bool,
    /// When it last signed something that got here, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(type = "number", optional))]
    pub last_contact: Option<u64>,
    /// Whether it has been silent for so long that the person should ask where it is.
    pub silent: bool,
}

/// Whether a device is still one of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "status", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DeviceStatus {
    /// It reads and writes.
    Active,
    /// Another one took it out.
    Revoked {
        /// When, in milliseconds since 1970.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        at: u64,
        /// Why.
        reason: RevokeWhy,
    },
    /// It signed itself out.
    Left {
        /// When, in milliseconds since 1970.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        at: u64,
    },
}

/// Why a device goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum RevokeWhy {
    /// Lost or stolen.
    Lost,
    /// No longer used.
    Retired,
}

/// Gives this device another name.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct DeviceRequest {
    /// The name.
    pub name: String,
}

/// Takes devices out.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct RevokeRequest {
    /// The devices, in hexadecimal.
    pub devices: Vec<String>,
    /// Devices that one of those let in and that stay all the same. One that is in neither list is
    /// answered with the error `dependents`, which names it.
    pub keep: Vec<String>,
    /// Why.
    pub reason: RevokeWhy,
    /// Whether the recovery kit stays, should one that goes have made it.
    pub keep_kit: bool,
}

/// Signs this browser out.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LeaveRequest {
    /// Go even though changes have not reached the server, and lose them.
    pub lose_pending: bool,
}

/// The trust log, verified on this device from its first entry to its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct LogView {
    /// The entries, the oldest first.
    pub entries: Vec<LogEntry>,
    /// The identifier of the last one, in hexadecimal.
    pub head: String,
    /// The newest epoch.
    pub epoch: u32,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Its place, from 1.
    pub seq: u32,
    /// Its identifier, in hexadecimal.
    pub id: String,
    /// When its author says it was, in milliseconds since 1970.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub time: u64,
    /// The device or way back that signed it, in hexadecimal.
    pub author: String,
    /// Which way back that was: `kit`, `pin` or `contacts`; absent where a device signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery: Option<String>,
    /// What it does.
    pub action: LogAction,
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export))]
#[serde(tag = "action", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LogAction {
    /// Starts the account.
    Genesis,
    /// Lets a device in.
    AddDevice {
        /// Which.
        device: String,
    },
    /// Takes devices out.
    RevokeDevices {
        /// Which.
        devices: Vec<String>,
        /// Why.
        reason: RevokeWhy,
    },
    /// The author signs itself out.
    Leave,
    /// Makes a new epoch.
    Rotate,
    /// Renews the author's keys.
    RenewKeys,
    /// Sets or replaces a way back in.
    SetRecovery {
        /// Which: `kit`, `pin` or `contacts`.
        slot: String,
    },
    /// Removes a way back in.
    RemoveRecovery {
        /// Which.
        slot: String,
    },
    /// Raises the least suite that devices may use.
    RaiseSuite,
    /// Asks for the account's end.
    Close {
        /// Not before this, in milliseconds since 1970.
        #[cfg_attr(feature = "ts", ts(type = "number"))]
        not_before: u64,
    },
    /// Calls the account's end off.
    CancelClose,
}
