//! Several credentials of one person: which stay, and which make room.

use pollster::block_on;
use roamkey_authenticator::{
    Algorithm, AuthenticatorClass, BackupState, CommandError, CredentialId, CredentialStore, Discoverability,
    MemoryStore, User,
};

use crate::{
    commands::{Create, rp_id},
    sample::account,
};

fn kept(store: &MemoryStore) -> Vec<CredentialId> {
    block_on(store.find(&rp_id(), &[])).unwrap().into_iter().map(|found| found.id).collect()
}

/// What a second credential does to a first, by what differs between them.
#[test]
fn a_discoverable_credential_replaces_its_like_and_nothing_else() {
    let anonymous = || User { name: Some("alice".to_owned()), ..User::default() };
    for (why, first, second, replaces) in [
        ("the same again", Create::default(), Create::default(), true),
        (
            "the same account under another name",
            Create::default(),
            Create { user: User { name: Some("al".to_owned()), ..account("alice") }, ..Create::default() },
            true,
        ),
        ("another account", Create::default(), Create { user: account("bob"), ..Create::default() }, false),
        ("another algorithm", Create::default(), Create { algorithm: Algorithm::EdDsa, ..Create::default() }, false),
        (
            "the same algorithm by its newer name",
            Create::default(),
            Create { algorithm: Algorithm::Esp256, ..Create::default() },
            true,
        ),
        (
            "one for this device only",
            Create::default(),
            Create { class: AuthenticatorClass::DeviceBound, ..Create::default() },
            false,
        ),
        (
            "a discoverable one beside one that must be named",
            Create { discoverability: Discoverability::NamedOnly, ..Create::default() },
            Create::default(),
            false,
        ),
        (
            "one that must be named beside a discoverable one",
            Create::default(),
            Create { discoverability: Discoverability::NamedOnly, ..Create::default() },
            false,
        ),
        (
            "two without a handle",
            Create { user: anonymous(), ..Create::default() },
            Create { user: anonymous(), ..Create::default() },
            true,
        ),
    ] {
        let mut store = MemoryStore::new(BackupState::NotBackedUp);
        let old = first.run(&mut store).unwrap().id;
        let new = second.run(&mut store).unwrap().id;
        assert_eq!(kept(&store).contains(&old), !replaces, "{why}");
        assert!(kept(&store).contains(&new), "{why}");
    }
}

#[test]
fn a_full_store_takes_only_what_makes_room_for_itself() {
    let mut store = MemoryStore::new(BackupState::NotBackedUp).with_capacity(1);
    Create::default().run(&mut store).unwrap();
    let other = Create { user: account("bob"), ..Create::default() }.run(&mut store);
    assert!(matches!(other, Err(CommandError::StoreFull)));
    let again = Create::default().run(&mut store).unwrap();
    assert_eq!(kept(&store), [again.id]);
}
