//! Credentials for stores that start with some.

use getrandom::SysRng;
use rand_core::UnwrapErr;
use roamkey_authenticator::{
    Algorithm, BackupEligibility, Credential, CredentialId, Discoverability, PrfSeeds, PrivateKey, Protection, RpId,
    ThirdPartyPayment, User, UserHandle,
};

/// A discoverable one of `example.com` for `user`, without anything that is optional.
pub(crate) fn credential(algorithm: Algorithm, user: &str) -> Credential {
    let mut rng = UnwrapErr(SysRng);
    Credential {
        id: CredentialId::make(&mut rng),
        rp_id: RpId::try_from("example.com").unwrap(),
        user: account(user),
        key: PrivateKey::make(algorithm, &mut rng),
        prf: PrfSeeds::make(&mut rng),
        created_ms: 0,
        eligibility: BackupEligibility::Synced,
        discoverability: Discoverability::Discoverable,
        protection: Protection::default(),
        cred_blob: None,
        large_blob_key: None,
        large_blob: None,
        third_party_payment: ThirdPartyPayment::default(),
    }
}

/// An account with a handle and a name.
pub(crate) fn account(user: &str) -> User {
    User {
        handle: Some(UserHandle::try_from(user.as_bytes()).unwrap()),
        name: Some(user.to_owned()),
        display_name: None,
    }
}
