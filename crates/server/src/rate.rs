use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use roamkey_proto::{AccountId, DeviceId, InvitationToken, problem::Problem};
use roamkey_server_store::TokenHash;

use crate::{
    caller::bearer,
    config::{Limits, Registration},
    refusal::Refusal,
    state::App,
};

/// How often whoever asks may ask: a token bucket each, in memory.
///
/// Each instance counts for itself; behind a balancer the limits multiply by the instances.
pub(crate) struct Rates {
    pub(crate) devices: Buckets<(AccountId, DeviceId)>,
    /// What a device may ask whatever the others of its account ask: enough to revoke them.
    pub(crate) shares: Buckets<(AccountId, DeviceId)>,
    /// All devices of an account together, beyond the share of each.
    pub(crate) members: Buckets<AccountId>,
    /// Log entries but revocations: a log has an end, and a thief must not get there before it is noticed.
    pub(crate) entries: Buckets<AccountId>,
    pub(crate) exports: Buckets<AccountId>,
    /// Each may bring megabytes of history, which push bounds in the store.
    pub(crate) restores: Buckets<(AccountId, DeviceId)>,
    pub(crate) sign_ins: Buckets<Address>,
    pub(crate) registrations: Buckets<Address>,
    pub(crate) mailboxes: Buckets<Address>,
    pub(crate) messages: Buckets<Address>,
}

impl Rates {
    /// Takes a request of a device, from its own share first: however many devices a thief added, they use up only what is
    /// common to all.
    pub(crate) fn take_request(&self, account: AccountId, device: DeviceId) -> Result<(), Refusal> {
        self.devices.take((account, device))?;
        self.shares.take((account, device)).or_else(|_| self.members.take(account))
    }

    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            devices: Buckets::new(limits.device_burst, SECOND / u64::from(limits.device_rate.max(1))),
            shares: Buckets::new(limits.share_burst, SECOND / u64::from(limits.share_rate.max(1))),
            members: Buckets::new(limits.account_burst, SECOND / u64::from(limits.account_rate.max(1))),
            entries: Buckets::new(limits.entry_burst, MINUTE / u64::from(limits.entries_per_minute.max(1))),
            exports: Buckets::new(limits.exports_per_hour, HOUR / u64::from(limits.exports_per_hour.max(1))),
            restores: Buckets::new(limits.restore_burst, HOUR / u64::from(limits.restores_per_hour.max(1))),
            sign_ins: Buckets::new(limits.sign_in_burst, SECOND / u64::from(limits.sign_in_rate.max(1))),
            registrations: Buckets::new(
                limits.registration_burst,
                MINUTE / u64::from(limits.registrations_per_minute.max(1)),
            ),
            mailboxes: Buckets::new(limits.mailbox_burst, MINUTE / u64::from(limits.mailboxes_per_minute.max(1))),
            messages: Buckets::new(limits.message_burst, SECOND / u64::from(limits.message_rate.max(1))),
        }
    }
}

/// Whoever shares an address: one of IPv4, or the 64 bits of IPv6 that a household gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address(u64);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(u64::from(address.to_bits())),
            IpAddr::V6(address) => Self((address.to_bits() >> 64) as u64),
        }
    }
}

/// The address at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl FromRequestParts<App> for Address {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let forwarded = if app.behind_proxy { forwarded(&parts.headers) } else { None };
        let address = forwarded.or_else(|| parts.extensions.get::<Peer>().map(|peer| peer.0));
        Ok(address.unwrap_or(IpAddr::from([0, 0, 0, 0])).into())
    }
}

/// Leave to send a mailbox message, taken before its body is read: an anonymous flood costs no memory.
pub(crate) struct MayMessage;

impl FromRequestParts<App> for MayMessage {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let address = Address::from_request_parts(parts, app).await?;
        app.rates.messages.take(address).map(|()| Self)
    }
}

/// Leave to start an account, taken before its genesis is read.
pub(crate) struct MayRegister {
    /// What has to be redeemed first.
    pub(crate) invitation: Option<TokenHash>,
}

impl FromRequestParts<App> for MayRegister {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let address = Address::from_request_parts(parts, app).await?;
        app.rates.registrations.take(address)?;
        let refuse = |detail| Err(Refusal::new(Problem::NotInvited, detail));
        match app.registration {
            Registration::Open => Ok(Self { invitation: None }),
            Registration::Invitation => match bearer::<InvitationToken>(&parts.headers) {
                Some(token) => Ok(Self { invitation: Some(TokenHash::of_invitation(&token)) }),
                None => refuse("this server asks for an invitation"),
            },
            Registration::Closed => refuse("this server takes no new accounts"),
        }
    }
}

/// The last address is the one that our own proxy saw; those before are whatever the client wrote.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}

/// A bucket a key: so many at once, then one each interval.
pub(crate) struct Buckets<K> {
    /// When the bucket of a key is full again, in microseconds; absent when it is.
    full_at: Mutex<HashMap<K, u64>>,
    interval: u64,
    depth: u64,
    /// Time is counted from here, by a clock that nobody sets: one that goes back by a day would keep everybody waiting.
    since: Instant,
}

impl<K: Hash + Eq> Buckets<K> {
    fn new(burst: u32, interval: u64) -> Self {
        let interval = interval.max(1);
        let depth = interval * u64::from(burst.max(1));
        Self { full_at: Mutex::default(), interval, depth, since: Instant::now() }
    }

    /// Takes one, or says how long to wait for one.
    pub(crate) fn take(&self, key: K) -> Result<(), Refusal> {
        self.take_at(key, self.since.elapsed())
    }

    fn take_at(&self, key: K, since: Duration) -> Result<(), Refusal> {
        let now = u64::try_from(since.as_micros()).unwrap_or(u64::MAX);
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS {
            buckets.retain(|_, full_at| *full_at > now);
        }
        if buckets.len() >= KEYS {
            // Whoever has so many addresses is not stopped by counting them.
            buckets.clear();
        }
        let full_at = buckets.entry(key).or_insert(now);
        let after = (*full_at).max(now).saturating_add(self.interval);
        let wait = (after - now).saturating_sub(self.depth);
        if wait > 0 {
            return Err(
                Refusal::new(Problem::RateLimited, "too many requests").retry_after(Duration::from_micros(wait))
            );
        }
        *full_at = after;
        Ok(())
    }
}

/// In microseconds.
const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Keys that one kind of bucket remembers: about two megabytes at most.
const KEYS: usize = 20_000;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_burst_is_taken_at_once_and_then_one_each_interval() {
        let buckets = Buckets::new(3, 100_000);
        for _ in 0..3 {
            buckets.take_at("a", Duration::from_millis(1_000)).unwrap();
        }
        assert_eq!(buckets.take_at("a", Duration::from_millis(1_000)).unwrap_err().problem(), Problem::RateLimited);
        buckets.take_at("b", Duration::from_millis(1_000)).unwrap();
        buckets.take_at("a", Duration::from_millis(1_100)).unwrap();
        assert!(buckets.take_at("a", Duration::from_millis(1_199)).is_err());
        for _ in 0..3 {
            buckets.take_at("a", Duration::from_millis(9_000)).unwrap();
        }
    }

    #[test]
    fn a_flood_of_keys_stays_within_its_memory() {
        let buckets = Buckets::new(1, 1_000_000);
        for key in 0..3 * KEYS {
            buckets.take_at(key, Duration::from_millis(1)).unwrap();
        }
        assert!(buckets.full_at.lock().unwrap().len() <= KEYS);
    }

    #[test]
    fn a_household_of_ipv6_counts_as_one() {
        let address = |text: &str| Address::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
    }

    #[test]
    fn only_the_last_forwarded_address_counts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "6.6.6.6".parse().unwrap());
        headers.append("x-forwarded-for", "9.9.9.9, 10.0.0.7".parse().unwrap());
        assert_eq!(forwarded(&headers), Some("10.0.0.7".parse().unwrap()));
    }
}
