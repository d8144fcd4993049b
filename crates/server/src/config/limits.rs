use super::{Given, Setting};

/// Defines each limit once: its field, its default, its name in files, variables and flags, and what is said of it.
macro_rules! define_limits {
    ($(#[doc = $help:literal] $field:ident: $kind:ty = $default:expr;)+) => {
        /// How much of everything. What the protocol itself limits is in [`roamkey_proto::limits`].
        #[derive(Clone, Debug)]
        pub struct Limits {
            $(#[doc = $help] pub $field: $kind,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl Limits {
            /// Reads those that were given; the others are the default ones.
            pub(super) fn read(given: &mut Given) -> Self {
                Self { $($field: given.take_number(stringify!($field)).unwrap_or($default),)+ }
            }
        }

        /// The limits, for those who set them.
        pub(super) const LIMITS: &[Setting] = &[
            $(Setting { field: stringify!($field), value: "NUMBER", help: $help, default: Some(stringify!($default)) },)+
        ];
    };
}

define_limits! {
    /// Records that an account may hold.
    records: u64 = 200_000;
    /// Bytes that the records of an account may take.
    record_bytes: u64 = 1_073_741_824;
    /// Bytes of signed commits a day by which the history of an account may go on growing.
    history_bytes_per_day: u64 = 67_108_864;
    /// Bytes of signed commits by which it may grow at once.
    history_burst_bytes: u64 = 67_108_864;
    /// Bytes that the SQLite database may take; 0 is as much as there is disk.
    database_bytes: u64 = 0;
    /// Requests that a device may make at once.
    device_burst: u32 = 2_000;
    /// Requests a second that a device may go on making.
    device_rate: u32 = 200;
    /// Requests that a device may make at once whatever the others of its account do.
    share_burst: u32 = 100;
    /// Requests a second that a device may go on making whatever the others of its account do.
    share_rate: u32 = 5;
    /// Requests that all devices of an account may make at once, beyond the share of each.
    account_burst: u32 = 6_000;
    /// Requests a second that all devices of an account may go on making, beyond the share of each.
    account_rate: u32 = 600;
    /// Trust log entries, revocations aside, that an account may make at once.
    entry_burst: u32 = 100;
    /// Trust log entries a minute, revocations aside, that an account may go on making.
    entries_per_minute: u32 = 1;
    /// Exports that an account may ask for in an hour.
    exports_per_hour: u32 = 10;
    /// Restores, of 16 MiB at most, that a device may bring at once.
    restore_burst: u32 = 8;
    /// Restores an hour that a device may go on bringing.
    restores_per_hour: u32 = 2;
    /// Sign-ins that an address may make at once.
    sign_in_burst: u32 = 600;
    /// Sign-ins a second that an address may go on making.
    sign_in_rate: u32 = 20;
    /// Accounts that an address may start at once.
    registration_burst: u32 = 100;
    /// Accounts a minute that an address may go on starting.
    registrations_per_minute: u32 = 10;
    /// Pairing mailboxes that an address may open or claim at once.
    mailbox_burst: u32 = 60;
    /// Pairing mailboxes a minute that an address may go on opening or claiming.
    mailboxes_per_minute: u32 = 30;
    /// Pairing mailboxes that an account may have open; the oldest give way.
    mailboxes: u32 = 4;
    /// Mailbox messages, reads and writes, that an address may make at once.
    message_burst: u32 = 600;
    /// Mailbox messages, reads and writes, a second that an address may go on making.
    message_rate: u32 = 20;
    /// Sessions that a device may have open; the oldest give way.
    sessions: u32 = 8;
    /// Wake-up sockets that a device may have open.
    sockets: u32 = 4;
    /// Wake-up sockets that all devices of an account may have open.
    sockets_per_account: u32 = 64;
    /// Connections open at the same time, sockets included; others wait.
    connections: u32 = 12_000;
    /// Connections that an address may have open at the same time; behind a proxy that counts for the proxy to do.
    connections_per_address: u32 = 512;
    /// Seconds in which the TLS handshake, the head and the body of a request have to be here, each.
    request_seconds: u64 = 15;
    /// Seconds between pings on a wake-up socket; one that is silent for three of them is closed.
    ping_seconds: u64 = 30;
    /// Seconds that requests under way get when the server stops.
    stop_seconds: u64 = 10;
    /// Verified trust logs kept in memory.
    cached_logs: u32 = 1_000;
}
