//! What extensions say in the authenticator data, byte for byte.

use roamkey_authenticator::{
    AllowList, BackupState, CreateExtensions, GetExtensions, MadeCredential, MemoryStore, PrfDelivery, PrfRequest,
    PrfSalts, Protection, Verification,
};

use crate::commands::{Create, Get, accepted, outputs};

const ED: u8 = 0x80;

fn store() -> MemoryStore {
    MemoryStore::new(BackupState::NotBackedUp)
}

/// The outputs after the attested data.
fn creation_outputs(made: &MadeCredential) -> &[u8] {
    let attested = 37 + 16 + 2 + made.id.as_bytes().len() + made.public_key.to_cose().len();
    &made.authenticator_data[attested..]
}

fn create(store: &mut MemoryStore, extensions: CreateExtensions<'_>) -> MadeCredential {
    Create { extensions, ..Create::default() }.run(store).unwrap()
}

/// Stands for the encryption of a PIN protocol.
fn seal(plain: &[u8]) -> Vec<u8> {
    plain.iter().map(|byte| byte ^ 0xff).collect()
}

#[test]
fn who_asks_for_nothing_hears_nothing() {
    let mut store = store();
    let made = create(&mut store, CreateExtensions::default());
    assert_eq!(creation_outputs(&made), b"");
    assert_eq!(made.authenticator_data[32] & ED, 0);
    let signed = Get::default().run(&store, &made.id).unwrap();
    assert_eq!(signed.authenticator_data.len(), 37);
    assert_eq!(signed.authenticator_data[32] & ED, 0);
}

#[test]
fn outputs_of_a_creation_stand_in_canonical_order() {
    let salts = PrfSalts::new([1; 32], None);
    let made = create(
        &mut store(),
        CreateExtensions {
            protection: Some(Protection::OptionalWhereNamed),
            cred_blob: Some(b"blob"),
            large_blob_key: true,
            min_pin_length: Some(6),
            pin_complexity_policy: Some(false),
            hmac_secret: true,
            prf: Some(PrfRequest { salts: &salts, delivery: PrfDelivery::InAuthenticatorData(&|_| vec![9; 3]) }),
            third_party_payment: true,
        },
    );
    let expected = b"\xa7\x68credBlob\xf5\x6bcredProtect\x02\x6bhmac-secret\xf5\x6cminPinLength\x06\
        \x6ehmac-secret-mc\x43\x09\x09\x09\x71thirdPartyPayment\xf5\x73pinComplexityPolicy\xf4";
    assert_eq!(creation_outputs(&made), expected);
    assert_eq!(made.authenticator_data[32] & ED, ED);
    assert!(made.large_blob_key.is_some() && made.prf.is_none());
}

#[test]
fn outputs_of_a_sign_in_stand_in_canonical_order() {
    let mut store = store();
    let made = create(
        &mut store,
        CreateExtensions { cred_blob: Some(b"blob"), third_party_payment: true, ..CreateExtensions::default() },
    );
    let salts = PrfSalts::new([1; 32], None);
    let extensions = GetExtensions {
        cred_blob: true,
        large_blob_key: true,
        prf: Some(PrfRequest { salts: &salts, delivery: PrfDelivery::InAuthenticatorData(&|_| vec![9; 3]) }),
        third_party_payment: true,
    };
    let signed = Get { extensions, ..Get::default() }.run(&store, &made.id).unwrap();
    let expected = b"\xa3\x68credBlob\x44blob\x6bhmac-secret\x43\x09\x09\x09\x71thirdPartyPayment\xf5";
    assert_eq!(outputs(&signed), expected);
    assert!(signed.large_blob_key.is_none(), "it was made without one");
}

#[test]
fn a_blob_that_is_too_long_is_not_kept_and_fails_nothing() {
    let mut store = store();
    for (len, is_kept) in [(0, true), (32, true), (33, false)] {
        let blob = vec![5; len];
        let made = create(&mut store, CreateExtensions { cred_blob: Some(&blob), ..CreateExtensions::default() });
        assert_eq!(creation_outputs(&made), [b"\xa1\x68credBlob", &[0xf4 + u8::from(is_kept)][..]].concat());
        let extensions = GetExtensions { cred_blob: true, ..GetExtensions::default() };
        let signed = Get { extensions, ..Get::default() }.run(&store, &made.id).unwrap();
        let kept = if is_kept { &blob[..] } else { &[] };
        assert!(outputs(&signed).ends_with(kept));
        assert_eq!(signed.cred_blob.map_or(0, |blob| blob.expose().len()), kept.len());
    }
}

#[test]
fn a_credential_without_payments_says_so() {
    let mut store = store();
    let made = create(&mut store, CreateExtensions::default());
    let extensions = GetExtensions { third_party_payment: true, ..GetExtensions::default() };
    let signed = Get { extensions, ..Get::default() }.run(&store, &made.id).unwrap();
    assert_eq!(outputs(&signed), b"\xa1\x71thirdPartyPayment\xf4");
}

#[test]
fn the_large_blob_key_stays_the_same() {
    let mut store = store();
    let made = create(&mut store, CreateExtensions { large_blob_key: true, ..CreateExtensions::default() });
    let asked = || GetExtensions { large_blob_key: true, ..GetExtensions::default() };
    for _ in 0..2 {
        let signed = Get { extensions: asked(), ..Get::default() }.run(&store, &made.id).unwrap();
        assert_eq!(signed.large_blob_key, made.large_blob_key);
        assert_eq!(outputs(&signed), b"", "it is not signed");
    }
    let signed = Get::default().run(&store, &made.id).unwrap();
    assert!(signed.large_blob_key.is_none(), "nobody asked");
}

#[test]
fn functions_give_the_same_at_creation_and_later_and_differ_with_verification() {
    let mut store = store();
    let salts = PrfSalts::new([1; 32], Some([2; 32]));
    let sealed = PrfRequest { salts: &salts, delivery: PrfDelivery::InAuthenticatorData(&seal) };
    let open = PrfRequest { salts: &salts, delivery: PrfDelivery::ToClient };
    let made = create(&mut store, CreateExtensions { prf: Some(open), ..CreateExtensions::default() });
    let at_creation = made.prf.unwrap().concatenated();
    assert_eq!(at_creation.len(), 64);

    let later = |verification| {
        let extensions = GetExtensions { prf: Some(sealed), ..GetExtensions::default() };
        let allow = AllowList::Only(vec![made.id.clone()]);
        let signed = Get { allow, extensions, approval: accepted(verification).into() }.run(&store, &made.id).unwrap();
        assert!(signed.prf.is_none(), "only the platform can open it");
        signed.authenticator_data[37..].to_vec()
    };
    let verified = later(Verification::Performed);
    assert_eq!(verified[..15], *b"\xa1\x6bhmac-secret\x58\x40");
    assert_eq!(verified[15..], seal(&at_creation));
    assert_ne!(verified, later(Verification::NotPerformed));
}
