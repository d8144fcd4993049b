use getrandom::SysRng;
use proptest::prelude::*;
use rand_core::UnwrapErr;
use roamkey_authenticator::{Algorithm, PrfSeeds, PrivateKey};
use sha2::{Digest as _, Sha256};

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
    let d = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    let pair = hex(&format!("a6010203262001215820{}225820{}235820{d}", &point[..64], &point[64..]));
    assert_eq!(PrivateKey::from_cose(&pair).unwrap().public_key().to_spki(), public);
    // The public key is the private one's, whatever is kept beside it.
    let wrong = hex(&format!("a6010203262001215820{d}225820{d}235820{d}"));
    assert_eq!(PrivateKey::from_cose(&wrong).unwrap().public_key().to_spki(), public);

    let ed_dsa = frozen("a4010103272006235820", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let public = PrivateKey::from_cose(&ed_dsa).unwrap().public_key().to_spki();
    assert_eq!(public[12..], hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
}

/// RFC 6979 appendix A.2.6; the seeds of RFC 9881's examples, of whose public keys the first bytes are here; a key by OpenSSL.
#[test]
fn frozen_keys_of_the_larger_algorithms_still_open() {
    let spki = |bytes: &str| PrivateKey::from_cose(&hex(bytes)).unwrap().public_key().to_spki();
    let d = "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5";
    let point = "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13\
                 8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720";
    assert_eq!(spki(&format!("a401020338222002235830{d}"))[24..], hex(point));

    let seed = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    for (alg, start) in [
        ("2f", "d7b2b47254aae0db45e7930d4a98d2c97d8f1397d1789d"),
        ("30", "48683d91978e31eb3dddb8b0473482d2b88a5f625949fd8f58a5"),
        ("31", "9792bcec2f2430686a82fccf3c2f5ff665e771d7ab41b90258cf"),
    ] {
        let spki = spki(&format!("a301070338{alg}215820{seed}"));
        assert!(spki[22..].starts_with(&hex(start)), "-{}", 1 + u8::from_str_radix(alg, 16).unwrap());
    }

    let digest = Sha256::digest(spki(&rsa(RSA_P, RSA_Q)));
    assert_eq!(digest.as_slice(), hex("5d1d8d18987bfd1e9be2e5bf3376a59104bc17b0e708d82798e7d23bbafeb7b1"));
}

fn rsa(p: &str, q: &str) -> String {
    format!("a4010303390100235880{p}245880{q}")
}

#[test]
fn what_are_no_factors_make_no_key() {
    let zero = "00".repeat(128);
    let even = format!("{}0", &RSA_P[..255]);
    let short = format!("00{}", &RSA_P[2..]);
    for (why, p, q) in [
        ("equal factors", RSA_P, RSA_P),
        ("a factor of zero", RSA_P, zero.as_str()),
        ("an even factor", even.as_str(), RSA_Q),
        ("a factor that is too short", short.as_str(), RSA_Q),
        ("127 bytes", &RSA_P[2..], RSA_Q),
    ] {
        assert!(PrivateKey::from_cose(&hex(&rsa(p, q))).is_err(), "{why}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Not RSA: its keys take too long to draw, and all that is said here of the form holds for it by the same code.
    #[test]
    fn whatever_is_read_is_written_the_same(pick in 0..Algorithm::ALL.len() - 1, at: prop::sample::Index, byte: u8) {
        let mut bytes = key(Algorithm::ALL[pick]).to_cose().to_vec();
        *at.get_mut(&mut bytes) = byte;
        if let Ok(read) = PrivateKey::from_cose(&bytes) {
            prop_assert_eq!(PrivateKey::algorithm_of(&bytes), Ok(read.algorithm()));
            prop_assert_eq!(read.to_cose().to_vec(), bytes);
        }
    }
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
        ("x without y", format!("a5010203262001215820{d}235820{d}")),
        ("y before x", format!("a6010203262001225820{d}215820{d}235820{d}")),
        ("a compressed point", format!("a6010203262001215820{d}22f5235820{d}")),
        ("a point without d", format!("a5010203262001215820{d}225820{d}")),
        ("a pair of another key type", format!("a6010103272006215820{d}225820{d}235820{d}")),
        ("a pair and a trailing byte", format!("a6010203262001215820{d}225820{d}235820{d}00")),
        ("a pair, truncated", format!("a6010203262001215820{d}225820{d}235820{}", &d[2..])),
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

const RSA_P: &str = "f9c545ce0d154f78c57a0fc935aefced59bf3984ca02116727a4b2b6609dbb1f5497cb3e2a0bbcaedaac015ecfbad48e8ca8\
    d38985a759160d266a4e1e5b7a320f793a65f7f3b6f5b7237ef9d5ac12f6d1d5259378b556c890ad72d26af2ad5847416727\
    ff5f8cde2fe34a505e624ad88ebca92ef4e7d3189637a2183ea188cf";

const RSA_Q: &str = "f7334a1b43297d9ab494f5916066b3501a04df13e512b760aeff98548eb658c260ce8bd19d88ac6c974b72b4eb9c641add6a\
    21a0d00a515360822290e8c3497502b95b65e9bacff8831ad60f2fbec5c9457b9b723eed9b9f02da2da9cbd77758c5fc6b48\
    f070793395bf973885f3790749d7ffd74f1fa32245f047267e95f52f";
