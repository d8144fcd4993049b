use hmac::{Hmac, KeyInit, Mac};
use roamkey_proto::{AccountId, DeviceId, Nonce, Time, limits};
use sha2::Sha256;

/// Makes challenges that carry their own proof, `expires ‖ 8 random bytes ‖ HMAC[..16]`, so that
/// asking for one stores nothing and costs the same for an account that is not there. Only a spent
/// one is remembered, with the session that it opened.
pub(crate) struct Challenges {
    key: [u8; 32],
}

impl Challenges {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    pub(crate) fn make(&self, account: AccountId, member: DeviceId, now: Time, random: [u8; 8]) -> Nonce {
        let expires = now.plus_millis(limits::CHALLENGE_LIFETIME_MS);
        let mut bytes = [0; Nonce::LEN];
        let (head, tag) = bytes.split_at_mut(HEAD);
        let (time, rest) = head.split_at_mut(8);
        time.copy_from_slice(&expires.0.to_be_bytes());
        rest.copy_from_slice(&random);
        let mac = self.mac(account, member, head).finalize().into_bytes();
        tag.copy_from_slice(mac.split_at(TAG).0);
        Nonce::new(bytes)
    }

    /// Returns when a challenge ends, if it is one of ours for this device and has not ended.
    pub(crate) fn check(&self, challenge: &Nonce, account: AccountId, member: DeviceId, now: Time) -> Option<Time> {
        let (head, tag) = challenge.as_bytes().split_at(HEAD);
        self.mac(account, member, head).verify_truncated_left(tag).ok()?;
        let expires = Time(u64::from_be_bytes(*head.first_chunk()?));
        (expires > now).then_some(expires)
    }

    fn mac(&self, account: AccountId, member: DeviceId, head: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(account.as_bytes());
        mac.update(member.as_bytes());
        mac.update(head);
        mac
    }
}

const HEAD: usize = 16;
const TAG: usize = Nonce::LEN - HEAD;

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: AccountId = AccountId::new([1; 32]);
    const MEMBER: DeviceId = DeviceId::new([2; 32]);

    #[test]
    fn a_challenge_serves_its_device_for_its_time() {
        let challenges = Challenges::new([3; 32]);
        let challenge = challenges.make(ACCOUNT, MEMBER, Time(1_000), [4; 8]);
        let expires = Time(1_000 + limits::CHALLENGE_LIFETIME_MS);
        assert_eq!(challenges.check(&challenge, ACCOUNT, MEMBER, Time(1_000)), Some(expires));
        assert_eq!(challenges.check(&challenge, ACCOUNT, MEMBER, expires), None);
        assert_eq!(challenges.check(&challenge, ACCOUNT, DeviceId::new([9; 32]), Time(1_000)), None);
        assert_eq!(challenges.check(&challenge, AccountId::new([9; 32]), MEMBER, Time(1_000)), None);
    }

    #[test]
    fn a_challenge_of_another_make_is_none() {
        let challenge = Challenges::new([3; 32]).make(ACCOUNT, MEMBER, Time(1_000), [4; 8]);
        assert_eq!(Challenges::new([5; 32]).check(&challenge, ACCOUNT, MEMBER, Time(1_000)), None);
        for index in 0..Nonce::LEN {
            let mut bytes = *challenge.as_bytes();
            if let Some(byte) = bytes.get_mut(index) {
                *byte ^= 1;
            }
            assert_eq!(Challenges::new([3; 32]).check(&Nonce::new(bytes), ACCOUNT, MEMBER, Time(1_000)), None);
        }
    }
}
