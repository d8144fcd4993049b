//! A store that hands out other credentials than it was asked for, as one fed by a malicious server would.

use roamkey_authenticator::{BackupState, Credential, CredentialId, Error, MemoryStore, RpId};
use serde_json::json;

use crate::{
    faulty_store::Tampering,
    world::{World, creation, descriptors, exception, page, sign_in, with},
};

fn world_with<F: Fn(&mut Credential)>(tamper: F) -> World<Tampering<F>> {
    let inner = MemoryStore::new(BackupState::NotBackedUp);
    World::with_store(Tampering { inner, tamper })
}

#[test]
fn a_passkey_of_another_relying_party_never_signs() {
    let mut world = world_with(|_| {});
    let made = world.create(&creation("alice")).unwrap();
    world.caller = page("https://evil.test");
    assert!(matches!(world.get_with(&sign_in(), Some(&made.id)), Err(Error::Relabelled)));
}

#[test]
fn a_passkey_relabelled_to_the_attackers_relying_party_is_no_prf_oracle() {
    let mut world = world_with(|_| {});
    let made = world.create(&creation("alice")).unwrap();
    world.caller = page("https://evil.test");
    let options = with(sign_in(), json!({"extensions": {"prf": {"eval": {"first": "AAAA"}}}}));
    assert!(matches!(world.get_with(&options, Some(&made.id)), Err(Error::Relabelled)));
}

#[test]
fn a_passkey_whose_body_names_another_relying_party_never_signs() {
    let mut world = world_with(|credential| credential.rp_id = RpId::try_from("evil.test").unwrap());
    world.create(&creation("alice")).unwrap();
    assert!(matches!(world.get(&sign_in()), Err(Error::Relabelled)));
}

#[test]
fn a_passkey_whose_body_names_another_id_never_signs() {
    let mut world = world_with(|credential| credential.id = CredentialId::try_from(&b"other"[..]).unwrap());
    world.create(&creation("alice")).unwrap();
    assert!(matches!(world.get(&sign_in()), Err(Error::Relabelled)));
}

#[test]
fn what_a_store_lists_beyond_the_question_is_not_shown() {
    let mut world = world_with(|_| {});
    world.create(&creation("alice")).unwrap();
    let allowing = with(sign_in(), json!({"allowCredentials": descriptors(&[b"other"])}));
    assert!(world.prompt_get(&allowing).unwrap().credentials.is_empty());
    assert_eq!(exception(world.get(&allowing)), "NotAllowedError");

    world.caller = page("https://evil.test");
    assert!(world.prompt_get(&sign_in()).unwrap().credentials.is_empty());
    let prompt = world.prompt_create(&creation("alice")).unwrap();
    assert!(prompt.replaces.is_empty(), "a site replaces no other site's passkey");
}

#[test]
fn an_untampered_store_signs() {
    let mut world = world_with(|_| {});
    let made = world.create(&creation("alice")).unwrap();
    assert!(made.verifies(&world.get(&sign_in()).unwrap()));
}
