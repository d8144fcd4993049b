#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use serde_json::Value;

use super::*;

fn bytes<const N: usize>(hex: &Value) -> [u8; N] {
    let hex = hex.as_str().unwrap();
    std::array::from_fn(|i| u8::from_str_radix(hex.get(2 * i..2 * i + 2).unwrap(), 16).unwrap())
}

#[test]
fn each_half_of_the_seeds_gives_the_results_of_the_vectors() {
    let file: Value = serde_json::from_str(include_str!("../../../../vectors/webauthn-prf.json")).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let salts = PrfSalts { first: bytes(&case["salt"]), second: Some(bytes(&case["salt"])) };
        let seeds = PrfSeeds::from_bytes(&bytes(&case["seeds"]));
        for (verification, expected) in
            [(Verification::Performed, "verified"), (Verification::NotPerformed, "unverified")]
        {
            let results = seeds.evaluate(&salts, verification);
            assert_eq!(*results.first, bytes(&case[expected]), "{case}");
            assert_eq!(*results.second.unwrap(), bytes(&case[expected]), "{case}");
        }
    }
}
