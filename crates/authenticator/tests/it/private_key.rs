use getrandom::SysRng;
use rand_core::UnwrapErr;
use roamkey_authenticator::{Algorithm, PrfSeeds, PrivateKey};

const BOTH: [Algorithm; 2] = [Algorithm::Es256, Algorithm::EdDsa];

fn key(algorithm: Algorithm) -> PrivateKey {
    PrivateKey::make(algorithm, &mut UnwrapErr(SysRng))
}

#[test]
fn a_key_comes_back_from_its_bytes() {
    for algorithm in BOTH {
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
    for algorithm in BOTH {
        assert_eq!(format!("{:?}", key(algorithm)), format!("PrivateKey({algorithm:?}, [redacted])"));
    }
    assert_eq!(format!("{:?}", PrfSeeds::from_bytes(&[7; PrfSeeds::LEN])), "PrfSeeds([redacted])");
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
