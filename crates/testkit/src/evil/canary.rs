//! What must never be seen: planted in every secret field, looked for in every encoding that comes to mind.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// The secrets of a world.
#[derive(Default)]
pub struct Canaries {
    secrets: Vec<(String, Vec<u8>)>,
    planted: u32,
}

impl Canaries {
    /// Part of everything that is planted: one search finds all of them.
    const SONG: &'static str = "cAnArY";

    /// Makes text for a secret field, unlike any other.
    pub fn plant(&mut self, field: &str) -> String {
        self.planted += 1;
        format!("{field} {}{}", Self::SONG, self.planted)
    }

    /// Makes a host name to plant where a URL or a relying party id goes: those are lower case.
    pub fn plant_host(&mut self) -> String {
        self.planted += 1;
        let host = format!("canary-host-{}.example", self.planted);
        self.guard(&host, host.as_bytes());
        host
    }

    /// Looks for these bytes as well, such as those of a key.
    pub fn guard(&mut self, what: &str, secret: &[u8]) {
        self.secrets.push((what.to_owned(), secret.to_vec()));
    }

    /// Asserts that none of it is in `seen`, plain or encoded.
    ///
    /// # Panics
    /// When one is.
    pub fn assert_unseen(&self, seen: &[u8]) {
        // As hexadecimal text, since the search for text is the fast one; where a match may be off by half a byte it is
        // one all the same for all that is likely.
        let seen = hex::encode(seen);
        let song = ("a planted text".to_owned(), Self::SONG.as_bytes().to_vec());
        for (what, secret) in self.secrets.iter().chain([&song]) {
            for disguise in disguises(secret) {
                assert!(!seen.contains(&hex::encode(&disguise)), "the server saw {what}");
            }
        }
    }
}

/// The bytes as they are, as hexadecimal, as Base64 at each of three offsets, as UTF-16.
fn disguises(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut disguises = vec![secret.to_vec(), hex::encode(secret).into_bytes()];
    for offset in 0..3 {
        let shifted = [&[0; 2][..offset.min(2)], secret].concat();
        let text = STANDARD_NO_PAD.encode(shifted);
        // What depends on the neighbours is left out at both ends.
        let core = text.get(4..text.len().saturating_sub(4)).unwrap_or_default();
        if core.len() >= 6 {
            disguises.push(core.as_bytes().to_vec());
            disguises.push(core.replace('+', "-").replace('/', "_").into_bytes());
        }
    }
    disguises.push(secret.iter().flat_map(|byte| [*byte, 0]).collect());
    disguises
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sees(seen: &[u8]) -> bool {
        let mut canaries = Canaries::default();
        canaries.guard("a key", b"0123456789abcdef");
        std::panic::catch_unwind(|| canaries.assert_unseen(seen)).is_err()
    }

    #[test]
    fn a_secret_is_found_in_each_disguise() {
        assert!(!sees(b"nothing of it"));
        assert!(sees(b"..0123456789abcdef.."));
        assert!(sees(format!("..{}", hex::encode("0123456789abcdef")).as_bytes()));
        for before in ["", "x", "xy", "xyz"] {
            let text = STANDARD_NO_PAD.encode(format!("{before}0123456789abcdef and more"));
            assert!(sees(text.as_bytes()), "{before}");
        }
        assert!(sees(b"0\x001\x002\x003\x004\x005\x006\x007\x008\x009\x00a\x00b\x00c\x00d\x00e\x00f\x00"));
        assert!(sees(Canaries::default().plant("a title").as_bytes()));
    }
}
