//! Who vouches for a credential: its own key, an attester, an organisation.

use coset::cbor::Value;
use getrandom::SysRng;
use rand_core::UnwrapErr;
use roamkey_authenticator::{
    Algorithm, AuthenticatorClass, CertifiedKey, Enterprise, PlatformLists, PrivateKey, RpId,
    ctap::{Profile, Status},
};

use crate::{
    wire::{bytes, int, member, text, word},
    world::{Creation, SITE, World},
};

/// A key with this certificate; nobody reads it here.
fn certified(certificate: &[u8]) -> CertifiedKey {
    let key = PrivateKey::make(Algorithm::Es256, &mut UnwrapErr(SysRng));
    CertifiedKey::new(AuthenticatorClass::Ephemeral, key, certificate.to_vec(), Vec::new())
}

pub(crate) fn organisation(platform: PlatformLists) -> World {
    let site = RpId::try_from(SITE).unwrap();
    World::with_profile(Profile {
        attester: Some(Box::new(certified(b"batch"))),
        enterprise: Some(Enterprise::new(Box::new(certified(b"device 1")), [site], platform)),
        ..Profile::ephemeral()
    })
}

fn asking(number: i64, site: &'static str) -> Creation {
    let mut creation = Creation::new("alice").at(site);
    creation.more.push((10, int(number)));
    creation
}

fn certificate(made: &Value) -> &Value {
    &word(member(made, 3).unwrap(), "x5c").unwrap().as_array().unwrap()[0]
}

#[test]
fn an_attester_vouches_with_its_certificate() {
    let mut world = organisation(PlatformLists::Trusted);
    let made = world.create(&Creation::new("alice")).unwrap();
    assert_eq!(member(&made, 1), Some(&text("packed")));
    assert_eq!(certificate(&made), &bytes("batch"));
    assert_eq!(member(&made, 4), None);
}

#[test]
fn a_device_names_itself_once_its_organisation_switched_that_on() {
    let mut world = organisation(PlatformLists::Trusted);
    assert_eq!(world.option("ep"), Some(false));
    assert_eq!(world.create(&asking(1, SITE)), Err(Status::InvalidParameter));
    world.config(None, 1, None).unwrap();
    assert_eq!(world.option("ep"), Some(true));
    world.cycle_power();
    for (request, named) in [
        (asking(1, SITE), true),
        (asking(2, SITE), true),
        (asking(1, "example.org"), false),
        (asking(2, "example.org"), true),
        (Creation::new("alice"), false),
    ] {
        let made = world.create(&request).unwrap();
        assert_eq!(certificate(&made), &bytes(if named { "device 1" } else { "batch" }));
        assert_eq!(member(&made, 4), named.then_some(&Value::Bool(true)));
    }
    assert_eq!(world.create(&asking(3, SITE)), Err(Status::InvalidOption));
}

#[test]
fn an_organisation_may_trust_its_own_list_alone() {
    let mut world = organisation(PlatformLists::Ignored);
    world.config(None, 1, None).unwrap();
    assert_eq!(certificate(&world.create(&asking(2, "example.org")).unwrap()), &bytes("batch"));
}

#[test]
fn a_device_without_an_organisation_has_nobody_to_name_it() {
    assert_eq!(World::new().create(&asking(1, SITE)), Err(Status::InvalidParameter));
}
