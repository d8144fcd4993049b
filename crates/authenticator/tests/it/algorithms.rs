//! Every algorithm, by every name, checked with independent verifiers.

use roamkey_authenticator::{Algorithm, Attestation, MemoryStore};
use serde_json::json;

use crate::{
    commands::{Create, Get, request},
    relying_party::verifies,
    world::{World, creation, sign_in, with},
};

fn only(algorithm: Algorithm) -> serde_json::Value {
    json!({"pubKeyCredParams": [{"type": "public-key", "alg": algorithm.cose()}]})
}

#[test]
fn each_signs_what_a_site_can_verify() {
    for algorithm in Algorithm::ALL {
        let mut world = World::new();
        let made = world.create(&with(creation("alice"), only(algorithm))).unwrap();
        assert_eq!(made.json["response"]["publicKeyAlgorithm"], algorithm.cose());
        let signed = world.get(&sign_in()).unwrap();
        assert!(made.verifies(&signed), "{algorithm:?}");
        let other = World::new().create(&with(creation("alice"), only(algorithm))).unwrap();
        assert!(!other.verifies(&signed), "{algorithm:?} with another key");
    }
}

#[test]
fn the_key_is_labelled_with_the_name_that_the_site_asked_by() {
    for algorithm in Algorithm::ALL {
        let made = World::new().create(&with(creation("alice"), only(algorithm))).unwrap();
        let cose = &made.data.attested.as_ref().unwrap().cose_key;
        let map: coset::cbor::Value = coset::cbor::de::from_reader(&cose[..]).unwrap();
        let entries = map.as_map().unwrap();
        let alg = entries.iter().find(|(label, _)| *label == 3.into()).unwrap();
        assert_eq!(alg.1, algorithm.cose().into());
    }
}

#[test]
fn public_keys_are_canonical() {
    for algorithm in Algorithm::ALL {
        let made = World::new().create(&with(creation("alice"), only(algorithm))).unwrap();
        let cose = &made.data.attested.as_ref().unwrap().cose_key;
        let map: coset::cbor::Value = coset::cbor::de::from_reader(&cose[..]).unwrap();
        let mut again = Vec::new();
        coset::cbor::ser::into_writer(&map, &mut again).unwrap();
        assert_eq!(again, *cose, "shortest forms: {algorithm:?}");
        // Canonical order: encodings by length, then bytewise; all labels here are of one byte.
        let labels: Vec<Vec<u8>> = map.as_map().unwrap().iter().map(|(label, _)| encoded(label)).collect();
        assert!(labels.is_sorted(), "{algorithm:?}: {labels:?}");
    }
}

fn encoded(value: &coset::cbor::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    coset::cbor::ser::into_writer(value, &mut bytes).unwrap();
    bytes
}

#[test]
fn each_attests_itself() {
    for algorithm in Algorithm::ALL {
        let mut store = MemoryStore::new(roamkey_authenticator::BackupState::NotBackedUp);
        let made =
            Create { algorithm, attestation: Attestation::ItsOwnKey, ..Create::default() }.run(&mut store).unwrap();
        let statement: coset::cbor::Value = coset::cbor::de::from_reader(&made.statement.att_stmt[..]).unwrap();
        let signature = crate::relying_party::entry(&statement, "sig").as_bytes().unwrap().clone();
        assert_eq!(crate::relying_party::entry(&statement, "alg"), &algorithm.cose().into());
        let message = [&made.authenticator_data[..], request().as_bytes()].concat();
        assert!(verifies(algorithm.cose(), &made.public_key.to_spki(), &message, &signature), "{algorithm:?}");
    }
}

#[test]
fn two_signatures_over_the_same_differ_only_where_the_standard_hedges() {
    for algorithm in Algorithm::ALL {
        let mut store = MemoryStore::new(roamkey_authenticator::BackupState::NotBackedUp);
        let made = Create { algorithm, ..Create::default() }.run(&mut store).unwrap();
        let signatures = [(); 2].map(|()| Get::default().run(&store, &made.id).unwrap().signature);
        let is_hedged = match algorithm {
            Algorithm::MlDsa44 | Algorithm::MlDsa65 | Algorithm::MlDsa87 => true,
            // By AWS-LC, which mixes the system's randomness into the nonce.
            Algorithm::Es256 | Algorithm::Esp256 => cfg!(any(target_os = "linux", target_os = "macos")),
            _ => false,
        };
        assert_eq!(signatures[0] != signatures[1], is_hedged, "{algorithm:?}");
    }
}
