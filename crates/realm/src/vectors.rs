//! The frozen vectors of what a realm derives, and the check that they still hold.
//!
//! What crosses the wire is among the objects of `roamkey-proto`; what a device makes of it among those of `roamkey-sealing`.

use roamkey_proto::{AccountId, Blinded};
use serde::{Deserialize, Serialize};

use crate::RealmKey;

/// Checks one file of vectors and returns how many cases it held.
///
/// # Errors
/// Says which case fails and how; an unknown name and a malformed file are failures.
pub fn check(name: &str, json: &str) -> Result<usize, String> {
    if name != "realm-keys.json" {
        return Err(format!("{name} holds no vectors of this crate"));
    }
    let file: File = serde_json::from_str(json).map_err(|error| error.to_string())?;
    file.cases.iter().try_for_each(check_key)?;
    Ok(file.cases.len())
}

/// `realm-keys.json`: the key of an account and version.
#[derive(Serialize, Deserialize)]
pub struct File {
    /// What the file is.
    pub about: String,
    /// Its cases.
    pub cases: Vec<KeyCase>,
}

/// A key, and what it evaluates.
#[derive(Serialize, Deserialize)]
pub struct KeyCase {
    /// What is special about it.
    pub name: String,
    /// The realm's own key.
    pub key: String,
    /// The account.
    pub account: String,
    /// The version.
    pub number: u64,
    /// The version's salt.
    pub salt: String,
    /// The public half of what is derived.
    pub public_key: String,
    /// An element.
    pub blinded: String,
    /// The element, evaluated.
    pub element: String,
}

fn check_key(case: &KeyCase) -> Result<(), String> {
    let account = AccountId::new(array(&case.account)?);
    let evaluator = RealmKey::from_bytes(&array(&case.key)?).derive(account, case.number, &array(&case.salt)?);
    let public_key = hex::encode(evaluator.public_key().0);
    // Of an evaluation the proof alone has anything random in it.
    let evaluated =
        evaluator.evaluate(&Blinded(array(&case.blinded)?), &mut Zeros).map_err(|error| error.to_string())?;
    let element = hex::encode(evaluated.element);
    if (&public_key, &element) == (&case.public_key, &case.element) {
        Ok(())
    } else {
        Err(format!("{}: {public_key} and {element}", case.name))
    }
}

fn array(text: &str) -> Result<[u8; 32], String> {
    hex::decode(text).map_err(|error| error.to_string())?.try_into().map_err(|_| "not 32 bytes".to_owned())
}

/// Nothing random: the proof is not looked at.
struct Zeros;

impl rand_core::TryRng for Zeros {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        out.fill(0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Zeros {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::{env, fs, path::Path};

    use super::*;

    /// Set `ROAMKEY_VECTORS=write` to write the file anew: only for a new version of a format.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "frozen vectors are files")]
    fn vectors_are_frozen() {
        let about = "spec/realms.md: the key by which a realm evaluates for an account and version.".to_owned();
        let mut made = serde_json::to_string_pretty(&File { about, cases: keys() }).unwrap();
        made.push('\n');
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/realm-keys.json");
        if env::var("ROAMKEY_VECTORS").is_ok_and(|mode| mode == "write") {
            fs::write(&path, &made).unwrap();
        }
        let frozen = fs::read_to_string(&path).unwrap();
        assert!(made == frozen, "realm-keys.json is not what this build makes: a format has changed");
        assert!(check("realm-keys.json", &frozen).unwrap() > 0);
    }

    #[test]
    fn a_vector_that_does_not_hold_is_told() {
        let mut cases = keys();
        cases.first_mut().unwrap().number += 1;
        let json = serde_json::to_string(&File { about: String::new(), cases }).unwrap();
        assert!(check("realm-keys.json", &json).is_err());
        assert!(check("unknown.json", "{}").is_err());
        assert!(check("realm-keys.json", "{").is_err());
    }

    fn keys() -> Vec<KeyCase> {
        let case = |name: &str, key: u8, account: u8, number: u64, salt: u8| {
            let evaluator = RealmKey::from_bytes(&[key; 32]).derive(AccountId::new([account; 32]), number, &[salt; 32]);
            // An element as good as any: the public half of another key.
            let blinded =
                RealmKey::from_bytes(&[0xb0; 32]).derive(AccountId::new([0xb1; 32]), 1, &[0xb2; 32]).public_key();
            let evaluated = evaluator.evaluate(&Blinded(blinded.0), &mut Zeros).unwrap();
            KeyCase {
                name: name.to_owned(),
                key: hex::encode([key; 32]),
                account: hex::encode([account; 32]),
                number,
                salt: hex::encode([salt; 32]),
                public_key: hex::encode(evaluator.public_key().0),
                blinded: hex::encode(blinded.0),
                element: hex::encode(evaluated.element),
            }
        };
        vec![
            case("a key", 0xa1, 0xa2, 1, 0xa3),
            case("another realm's", 0xa4, 0xa2, 1, 0xa3),
            case("another account's", 0xa1, 0xa5, 1, 0xa3),
            case("another version's", 0xa1, 0xa2, 2, 0xa3),
            case("with another salt", 0xa1, 0xa2, 1, 0xa6),
        ]
    }
}
