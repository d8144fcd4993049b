use getrandom::SysRng;
use rand_core::UnwrapErr;
use roamkey_authenticator::{Algorithm, PrfSeeds, PrivateKey};

fn key(algorithm: Algorithm) -> PrivateKey {
    PrivateKey::make(algorithm, &mut UnwrapErr(SysRng))
}

#[test]
fn a_key_comes_back_from_its_bytes() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let back = PrivateKey::from_cose(&key.to_cose()).unwrap();
        assert_eq!(back.algorithm(), algorithm);
        assert_eq!(back.public_key(), key.public_key());
    }
}

/// RFC 6979 appendix A.2.5 and RFC 8032 section 7.1, test 1: bytes that must open for ever.
#[test]
fn frozen_keys_still_open() {
    let frozen = |prefix: &str, d: &str| hex(&[prefix, d].concat());
    let es256 = frozen("a4010203262001235820", "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let public = PrivateKey::from_cose(&es256).unwrap().public_key().to_spki();
    let point = "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                 7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    assert_eq!(public[27..], hex(point));

    let ed_dsa = frozen("a4010103272006235820", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let public = PrivateKey::from_cose(&ed_dsa).unwrap().public_key().to_spki();
    assert_eq!(public[12..], hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
}

#[test]
fn a_key_has_one_encoding_only() {
    let d = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    for (why, bytes) in [
        ("empty", String::new()),
        ("truncated", format!("a4010203262001235820{}", &d[2..])),
        ("trailing byte", format!("a4010203262001235820{d}00")),
        ("labels out of order", format!("a4032601022001235820{d}")),
        ("long form of an integer", format!("a401180203262001235820{d}")),
        ("long form of a length", format!("a401020326200123590020{d}")),
        ("indefinite map", format!("bf010203262001235820{d}ff")),
        ("five entries announced", format!("a5010203262001235820{d}")),
        ("an algorithm of another key type", format!("a4010203272001235820{d}")),
        ("a curve of another key type", format!("a4010203262006235820{d}")),
        ("an unknown algorithm", format!("a401020338222001235820{d}")),
        ("31 bytes", format!("a401020326200123581f{}", &d[2..])),
        ("scalar zero", format!("a4010203262001235820{}", "00".repeat(32))),
        ("scalar beyond the order", format!("a4010203262001235820{}", "ff".repeat(32))),
        ("x instead of d", format!("a4010203262001215820{d}")),
    ] {
        assert!(PrivateKey::from_cose(&hex(&bytes)).is_err(), "{why}");
    }
}

#[test]
fn nothing_secret_is_printed() {
    for algorithm in Algorithm::ALL {
        assert_eq!(format!("{:?}", key(algorithm)), format!("PrivateKey({algorithm:?}, [redacted])"));
    }
    assert_eq!(format!("{:?}", PrfSeeds::from_bytes(&[7; PrfSeeds::LEN])), "PrfSeeds([redacted])");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// The example of RFC 8410 section 10.3, and a P-256 key by OpenSSL.
#[test]
fn other_programs_keys_open() {
    let ed_dsa = "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";
    let key = PrivateKey::from_pkcs8(&hex(ed_dsa)).unwrap();
    assert_eq!(key.algorithm(), Algorithm::EdDsa);
    let point = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    assert_eq!(key.public_key().to_spki()[12..], hex(point));

    let key = PrivateKey::from_pkcs8(&hex(OPENSSL_P256)).unwrap();
    assert_eq!(key.algorithm(), Algorithm::Es256);
    assert_eq!(key.public_key().to_spki()[27..], hex(OPENSSL_P256)[74..]);
}

#[test]
fn an_exported_key_is_the_same_key() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let back = PrivateKey::from_pkcs8(&key.to_pkcs8()).unwrap();
        assert_eq!(back.public_key().to_spki(), key.public_key().to_spki());
        assert!(back.algorithm().is_same_scheme(algorithm), "a file has no word for the newer names");
    }
    assert_eq!(*PrivateKey::from_pkcs8(&hex(OPENSSL_P256)).unwrap().to_pkcs8(), hex(OPENSSL_P256));
}

#[test]
fn a_key_with_another_keys_public_half_does_not_open() {
    let mut spoilt = hex(OPENSSL_P256);
    let other = key(Algorithm::Es256).public_key().to_spki();
    spoilt[74..].copy_from_slice(&other[27..]);
    assert!(PrivateKey::from_pkcs8(&spoilt).is_err());
    assert!(PrivateKey::from_pkcs8(&hex(OPENSSL_P256)[..100]).is_err(), "truncated");
    assert!(PrivateKey::from_pkcs8(&[]).is_err(), "empty");
}

const OPENSSL_P256: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104205bb9252d897b8a614d0546\
    2bfab1d9c0b8bfceaa26199a6eb8af08b2815b9fa1a14403420004ffedc8a39e087b559d72e493e0c9315b476026b7138306a9e4c24e5a044a92a6\
    3b8b3a4ffc10676069f158b3387cc9a17ab781ce13b1f069814a70233aa2cdcd";
