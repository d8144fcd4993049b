//! `authenticatorGetInfo`.

use coset::cbor::Value;
use roamkey_authenticator::ctap::{BuiltIn, Profile};

use crate::{
    platform::Protocol,
    wire::{as_bytes, as_int, int, member, text, word},
    world::{Creation, PCMR, PIN, World},
};

#[test]
fn every_member_that_applies_is_there() {
    let mut world = World::with_built_in();
    let info = world.info();
    let present: Vec<i64> = info.as_map().unwrap().iter().map(|(key, _)| as_int(Some(key))).collect();
    // Certifications, modality, vendor commands and a policy's URL are what this device has none of.
    let absent = [0x12, 0x13, 0x15, 0x1c];
    assert_eq!(present, (0x01..=0x1f).filter(|key| !absent.contains(key)).collect::<Vec<_>>());
}

#[test]
fn the_versions_are_those_that_are_served() {
    let info = World::new().info();
    let versions = ["FIDO_2_0", "FIDO_2_1_PRE", "FIDO_2_1", "FIDO_2_3"].map(text);
    assert_eq!(member(&info, 1), Some(&Value::Array(versions.to_vec())));
}

#[test]
fn what_the_standard_ties_together_is_together() {
    let mut world = World::with_built_in();
    let info = world.info();
    let extensions = member(&info, 2).unwrap().as_array().unwrap();
    for needed in ["hmac-secret", "hmac-secret-mc", "credProtect", "credBlob", "largeBlobKey", "minPinLength"] {
        assert!(extensions.contains(&text(needed)), "{needed}");
    }
    for option in ["rk", "pinUvAuthToken", "credMgmt", "largeBlobs", "authnrCfg", "setMinPINLength", "uvAcfg"] {
        assert_eq!(world.option(option), Some(true), "{option}");
    }
    assert_eq!(world.option("alwaysUv"), Some(false));
    assert_eq!(world.option("makeCredUvNotRqd"), Some(true));
    assert!(!member(&info, 0x16).unwrap().as_array().unwrap().contains(&text("none")));
    assert_eq!(member(&info, 6), Some(&Value::Array(vec![int(2), int(1)])));
    assert!(as_int(member(&info, 5)) >= 1024);
}

#[test]
fn options_say_how_the_person_can_be_told() {
    let mut world = World::new();
    assert_eq!((world.option("clientPin"), world.option("uv")), (Some(false), None));
    world.set_pin(Protocol::Two, PIN).unwrap();
    world.owner().built_in = BuiltIn::NotSetUp;
    assert_eq!((world.option("clientPin"), world.option("uv")), (Some(true), Some(false)));
    world.owner().built_in = BuiltIn::Ready;
    assert_eq!(world.option("uv"), Some(true));
}

#[test]
fn a_vault_names_no_transport_for_a_reset_and_no_enterprise_attestation() {
    let mut world = World::with_profile(Profile::synced());
    let info = world.info();
    assert_eq!(member(&info, 0x1a), None);
    assert_eq!(world.option("ep"), None);
    assert_eq!(member(&info, 0x1f), Some(&Value::Array([2, 3, 4].map(int).to_vec())));
    assert_eq!(word(member(&info, 4).unwrap(), "plat"), Some(&Value::Bool(false)));
}

#[test]
fn room_for_credentials_shrinks_with_each() {
    let mut world = World::new();
    assert_eq!(as_int(member(&world.info(), 0x14)), 20);
    world.create(&Creation::passkey("alice")).unwrap();
    assert_eq!(as_int(member(&world.info(), 0x14)), 19);
}

#[test]
fn the_device_shows_who_it_is_to_holders_of_the_persistent_token_alone() {
    let mut world = World::with_pin();
    let (before, after) = (world.info(), world.info());
    for key in [0x19, 0x1e] {
        assert_eq!(as_bytes(member(&before, key)).len(), 32);
        assert_ne!(member(&before, key), member(&after, key), "unlinkable");
    }
    let token = world.token(Protocol::Two, PIN, PCMR, None).unwrap();
    let open = |info: &Value, name, key| token.open_member(name, as_bytes(member(info, key)));
    let identifier = open(&before, "encIdentifier", 0x19);
    assert_eq!(open(&after, "encIdentifier", 0x19), identifier);

    let state = open(&after, "encCredStoreState", 0x1e);
    assert_eq!(open(&before, "encCredStoreState", 0x1e), state);
    world.create(&Creation::new("alice")).unwrap();
    let changed = world.info();
    assert_ne!(open(&changed, "encCredStoreState", 0x1e), state);
    world.cycle_power();
    let info = world.info();
    assert_eq!(open(&info, "encIdentifier", 0x19), identifier);
    assert_eq!(open(&info, "encCredStoreState", 0x1e), open(&changed, "encCredStoreState", 0x1e));
}

#[test]
fn platforms_hear_of_credentials_that_came_another_way() {
    let mut world = World::with_pin();
    let token = world.token(Protocol::Two, PIN, PCMR, None).unwrap();
    let state = |world: &mut World| token.open_member("encCredStoreState", as_bytes(member(&world.info(), 0x1e)));
    let before = state(&mut world);
    let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
    pollster::block_on(world.device().credentials_changed(&mut rng)).unwrap();
    assert_ne!(state(&mut world), before);
}

#[test]
fn a_power_cycle_changes_nothing_that_a_platform_knows() {
    let mut world = World::with_pin();
    let known = |world: &mut World| {
        let entries = world.info().as_map().unwrap().clone().into_iter();
        entries.filter(|(key, _)| ![int(0x19), int(0x1e)].contains(key)).collect::<Vec<_>>()
    };
    let before = known(&mut world);
    world.cycle_power();
    assert_eq!(known(&mut world), before);
}
