//! Attestation by someone else's key: who is let speak for which credential.

use coset::cbor::Value as Cbor;
use rand_core::CryptoRng;
use roamkey_authenticator::{
    Algorithm, Attestation, AttestationFormat, Attester, AuthenticatorClass, BackupState, CertifiedKey, Claim,
    Enterprise, EnterpriseRequest, MadeCredential, MemoryStore, PlatformLists, PrivateKey, RpId,
};

use crate::{
    commands::{Create, request},
    relying_party::{entry, verifies},
};

/// Claims whatever it is told to.
struct Witness {
    key: CertifiedKey,
    claim: Claim,
    works: bool,
}

impl Witness {
    fn new(class: AuthenticatorClass) -> Self {
        let key = PrivateKey::make(Algorithm::Es256, &mut rng());
        Self { key: CertifiedKey::new(class, key, vec![0x30, 0], vec![]), claim: Claim::Software, works: true }
    }
}

impl Attester for Witness {
    fn class(&self) -> AuthenticatorClass {
        self.key.class()
    }

    fn claim(&self) -> Claim {
        self.claim
    }

    fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    fn certificates(&self) -> &[Vec<u8>] {
        self.key.certificates()
    }

    fn sign(&self, message: &[&[u8]], rng: &mut dyn CryptoRng) -> Option<Vec<u8>> {
        self.works.then(|| self.key.sign(message, rng)).flatten()
    }
}

fn rng() -> impl CryptoRng {
    rand_core::UnwrapErr(getrandom::SysRng)
}

fn create(class: AuthenticatorClass, attestation: Attestation<'_>) -> MadeCredential {
    let mut store = MemoryStore::new(BackupState::NotBackedUp);
    Create { class, attestation, ..Create::default() }.run(&mut store).unwrap()
}

fn is_certified(made: &MadeCredential) -> bool {
    let statement: Cbor = coset::cbor::de::from_reader(&made.statement.att_stmt[..]).unwrap();
    let certified = statement.as_map().unwrap().iter().any(|(name, _)| name.as_text() == Some("x5c"));
    // Whoever signed, it verifies with some key: the attester's, or the credential's own.
    if !certified {
        let signature = entry(&statement, "sig").as_bytes().unwrap();
        let message = [&made.authenticator_data[..], request().as_bytes()].concat();
        assert!(verifies(-7, &made.public_key.to_spki(), &message, signature));
    }
    certified
}

#[test]
fn an_attester_speaks_for_its_own_class_only() {
    use AuthenticatorClass::{DeviceBound, Ephemeral, Synced};
    for witness in [Synced, DeviceBound, Ephemeral] {
        for class in [Synced, DeviceBound, Ephemeral] {
            let attester = Witness::new(witness);
            assert_eq!(is_certified(&create(class, Attestation::Attester(&attester))), witness == class);
        }
    }
}

#[test]
fn a_synced_key_never_gets_a_hardware_statement() {
    use AuthenticatorClass::{DeviceBound, Ephemeral, Synced};
    for (class, is_believed) in [(Synced, false), (Ephemeral, false), (DeviceBound, true)] {
        let attester = Witness { claim: Claim::Hardware, ..Witness::new(class) };
        for attestation in [Attestation::Attester(&attester), Attestation::Enterprise(&attester)] {
            let made = create(class, attestation);
            assert_eq!(is_certified(&made), is_believed, "{class:?}");
            assert!(is_believed || !made.statement.is_enterprise);
        }
    }
}

#[test]
fn a_key_whose_attester_fails_speaks_for_itself() {
    let attester = Witness { works: false, ..Witness::new(AuthenticatorClass::Synced) };
    let made = create(AuthenticatorClass::Synced, Attestation::Enterprise(&attester));
    assert!(!is_certified(&made));
    assert_eq!(made.statement.format, AttestationFormat::Packed);
    assert!(!made.statement.is_enterprise);
}

#[test]
fn a_certified_statement_is_canonical_and_signed_by_the_attester() {
    let attester = Witness::new(AuthenticatorClass::Synced);
    let made = create(AuthenticatorClass::Synced, Attestation::Enterprise(&attester));
    assert!(made.statement.is_enterprise);
    let object: Cbor = coset::cbor::de::from_reader(&made.attestation_object()[..]).unwrap();
    let names = |map: &Cbor| -> Vec<String> {
        map.as_map().unwrap().iter().map(|(name, _)| name.as_text().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&object), ["fmt", "attStmt", "authData"]);
    let statement = entry(&object, "attStmt");
    assert_eq!(names(statement), ["alg", "sig", "x5c"]);
    assert_eq!(entry(statement, "x5c").as_array().unwrap(), &[Cbor::Bytes(vec![0x30, 0])]);
    let message = [&made.authenticator_data[..], request().as_bytes()].concat();
    let spki = attester.key.key().public_key().to_spki();
    assert!(verifies(-7, &spki, &message, entry(statement, "sig").as_bytes().unwrap()));
}

#[test]
fn each_class_has_its_aaguid_and_its_flag() {
    use AuthenticatorClass::{DeviceBound, Ephemeral, Synced};
    const BE: u8 = 0x08;
    let made = [Synced, DeviceBound, Ephemeral].map(|class| create(class, Attestation::None).authenticator_data);
    let aaguids: std::collections::BTreeSet<_> = made.iter().map(|data| data[37..53].to_vec()).collect();
    assert_eq!(aaguids.len(), 3);
    assert_eq!(made.map(|data| data[32] & BE != 0), [true, false, false]);
}

#[test]
fn an_organisation_is_named_only_to_its_own_sites() {
    let rp_id = |name: &str| RpId::try_from(name).unwrap();
    let organisation = |platform| {
        let attester = Box::new(Witness::new(AuthenticatorClass::Synced));
        Enterprise::new(attester, [rp_id("intra.example")], platform)
    };
    for (platform, request, site, is_named) in [
        (PlatformLists::Ignored, EnterpriseRequest::VendorFacilitated, "intra.example", true),
        (PlatformLists::Ignored, EnterpriseRequest::VendorFacilitated, "shop.example", false),
        (PlatformLists::Ignored, EnterpriseRequest::PlatformManaged, "intra.example", true),
        (PlatformLists::Ignored, EnterpriseRequest::PlatformManaged, "shop.example", false),
        (PlatformLists::Trusted, EnterpriseRequest::VendorFacilitated, "shop.example", false),
        (PlatformLists::Trusted, EnterpriseRequest::PlatformManaged, "shop.example", true),
    ] {
        let found = organisation(platform).attester_for(request, &rp_id(site)).is_some();
        assert_eq!(found, is_named, "{platform:?} {request:?} {site}");
    }
}

#[cfg(feature = "organisation")]
mod organisation {
    use roamkey_authenticator::{CertifiedKey, Names, Organisation, OrganisationError, Subject, Validity};
    use x509_cert::{
        Certificate,
        der::{Decode, Encode, asn1::OctetString},
    };

    use super::*;

    const YEARS: Validity = Validity { from: 1_700_000_000, until: 2_600_000_000 };

    fn names() -> Names {
        Names { country: "CH".to_owned(), organisation: "Müller, Söhne + Co".to_owned() }
    }

    fn extension(certificate: &Certificate, oid: &str) -> Option<Vec<u8>> {
        let extensions = certificate.tbs_certificate().extensions()?;
        let found = extensions.iter().find(|extension| extension.extn_id.to_string() == oid)?;
        assert!(!found.critical, "WebAuthn wants these not critical");
        Some(OctetString::from_der(found.extn_value.as_bytes()).unwrap().as_bytes().to_vec())
    }

    #[test]
    fn its_certificates_are_as_the_standard_wants_them() {
        let organisation = Organisation::make(names(), YEARS, &mut rng()).unwrap();
        for (subject, number) in [(Subject::Batch, None), (Subject::Device(b"laptop-7"), Some(b"laptop-7".to_vec()))] {
            let class = AuthenticatorClass::DeviceBound;
            let attester = organisation.issue(class, subject, YEARS, &mut rng()).unwrap();
            let leaf = Certificate::from_der(&attester.certificates()[0]).unwrap();
            let root = Certificate::from_der(&organisation.root().unwrap()).unwrap();
            let name = leaf.tbs_certificate().subject();
            assert_eq!(name.country().unwrap().unwrap().as_str(), "CH");
            assert_eq!(name.organization().unwrap().unwrap().value(), "Müller, Söhne + Co");
            assert_eq!(name.organization_unit().unwrap().unwrap().value(), "Authenticator Attestation");
            assert!(name.common_name().unwrap().is_some());
            assert_eq!(leaf.tbs_certificate().issuer(), root.tbs_certificate().subject());
            assert_eq!(extension(&leaf, "1.3.6.1.4.1.45724.1.1.4"), Some(class.aaguid().to_vec()));
            assert_eq!(extension(&leaf, "1.3.6.1.4.1.45724.1.1.2"), number);
            assert!(signed_by(&leaf, &root) && signed_by(&root, &root));

            let made = create(class, Attestation::Attester(&attester));
            assert!(is_certified(&made));
        }
    }

    fn signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
        let spki = issuer.tbs_certificate().subject_public_key_info().to_der().unwrap();
        let message = certificate.tbs_certificate().to_der().unwrap();
        verifies(-7, &spki, &message, certificate.signature().as_bytes().unwrap())
    }

    #[test]
    fn it_comes_back_from_what_was_kept_and_from_nothing_else() {
        let first = Organisation::make(names(), YEARS, &mut rng()).unwrap();
        let other = Organisation::make(names(), YEARS, &mut rng()).unwrap();
        let (key, root) = (first.to_pkcs8().unwrap(), first.root().unwrap());
        assert_eq!(Organisation::from_parts(names(), &key, &root).unwrap().root().unwrap(), root);
        let strange = Organisation::from_parts(names(), &key, &other.root().unwrap());
        assert!(matches!(strange, Err(OrganisationError::NotKept)));
        assert!(Organisation::from_parts(names(), &key, b"no certificate").is_err());
        assert!(Organisation::from_parts(names(), b"no key", &root).is_err());
    }

    #[test]
    fn an_attesters_key_comes_back_with_its_own_certificate_only() {
        use AuthenticatorClass::{DeviceBound, Ephemeral};
        let organisation = Organisation::make(names(), YEARS, &mut rng()).unwrap();
        let [first, other] = [Subject::Batch, Subject::Device(b"7")]
            .map(|subject| organisation.issue(Ephemeral, subject, YEARS, &mut rng()).unwrap());
        let key = first.key().to_pkcs8();
        let own = &first.certificates()[0];
        let kept = CertifiedKey::from_der(Ephemeral, &key, own).unwrap();
        assert!(is_certified(&create(Ephemeral, Attestation::Attester(&kept))));
        let root = (organisation.to_pkcs8().unwrap(), organisation.root().unwrap());
        for (class, key, certificate, why) in [
            (Ephemeral, &key[..], &other.certificates()[0], "of another key"),
            (DeviceBound, &key[..], own, "of another class"),
            (Ephemeral, &root.0[..], &root.1, "an authority's"),
            (Ephemeral, b"no key".as_slice(), own, "no key"),
            (Ephemeral, &key[..], &b"no certificate".to_vec(), "no certificate"),
        ] {
            let refused = CertifiedKey::from_der(class, key, certificate);
            assert!(matches!(refused, Err(OrganisationError::NotKept)), "{why}");
        }
    }

    #[test]
    fn a_country_that_no_certificate_can_hold_is_refused() {
        let nowhere = Names { country: "Ö!".to_owned(), ..names() };
        assert!(matches!(Organisation::make(nowhere, YEARS, &mut rng()), Err(OrganisationError::Unsayable(_))));
    }
}
