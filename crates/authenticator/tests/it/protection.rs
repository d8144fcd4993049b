//! `credProtect`: who finds a credential, and who gets a signature.

use pollster::block_on;
use roamkey_authenticator::{
    AllowList, Approval, BackupState, CommandError, CreateExtensions, CredentialId, Discoverability, MemoryStore,
    Protection, Verification, any_excluded, applicable,
};

use crate::commands::{Create, Get, accepted, rp_id};

const UNVERIFIED: Verification = Verification::NotPerformed;
const VERIFIED: Verification = Verification::Performed;

fn store_with(protection: Protection, discoverability: Discoverability) -> (MemoryStore, CredentialId) {
    let mut store = MemoryStore::new(BackupState::NotBackedUp);
    let extensions = CreateExtensions { protection: Some(protection), ..CreateExtensions::default() };
    let made = Create { extensions, discoverability, ..Create::default() }.run(&mut store).unwrap();
    (store, made.id)
}

/// CTAP 2.3 section 12.1: protection, discoverability, whether the site names it, whether the person was verified.
#[test]
fn the_table_of_the_standard_holds_for_lists_and_for_signatures() {
    use Discoverability::{Discoverable, NamedOnly};
    for (protection, unnamed_unverified, named_unverified) in [
        (Protection::Optional, true, true),
        (Protection::OptionalWhereNamed, false, true),
        (Protection::Required, false, false),
    ] {
        for discoverability in [Discoverable, NamedOnly] {
            let (store, id) = store_with(protection, discoverability);
            for (allow, verification, opens) in [
                (AllowList::Any, UNVERIFIED, unnamed_unverified && discoverability == Discoverable),
                (AllowList::Any, VERIFIED, discoverability == Discoverable),
                (AllowList::Only(vec![id.clone()]), UNVERIFIED, named_unverified),
                (AllowList::Only(vec![id.clone()]), VERIFIED, true),
                (AllowList::Only(vec![]), VERIFIED, false),
            ] {
                let case = format!("{protection:?} {discoverability:?} {allow:?} {verification:?}");
                let listed = block_on(applicable(&store, &rp_id(), &allow, verification)).unwrap();
                assert_eq!(listed.len(), usize::from(opens), "{case}");
                for approval in [accepted(verification).into(), Approval::Silent(verification)] {
                    let signed = Get { allow: allow.clone(), approval, ..Get::default() }.run(&store, &id);
                    assert_eq!(signed.is_ok(), opens, "{case}");
                    assert!(opens || matches!(signed, Err(CommandError::NoCredential)), "{case}");
                }
            }
        }
    }
}

#[test]
fn the_strictest_credential_does_not_show_itself_to_the_unverified() {
    for (protection, shows) in [(Protection::OptionalWhereNamed, true), (Protection::Required, false)] {
        let (mut store, id) = store_with(protection, Discoverability::Discoverable);
        let excluded = |verification| block_on(any_excluded(&store, &rp_id(), std::slice::from_ref(&id), verification));
        assert_eq!(excluded(UNVERIFIED).unwrap(), shows);
        assert!(excluded(VERIFIED).unwrap());
        let again = Create { exclude: vec![id], verification: UNVERIFIED, ..Create::default() }.run(&mut store);
        assert_eq!(matches!(again, Err(CommandError::Excluded)), shows);
    }
}
