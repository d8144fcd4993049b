//! A passphrase that nobody has to think up: seven words, for where a single realm counts the guesses.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::pairing::{index_of, word};

/// Words in a generated passphrase: 7 of 2,048 are 77 bits, which nobody tries even who has the realm's own key.
pub const WORDS: usize = 7;

/// Draws a passphrase: common words, with a space between.
#[must_use]
pub fn make(rng: &mut impl CryptoRng) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(LONGEST));
    for at in 0..WORDS {
        let mut bytes = Zeroizing::new([0; 2]);
        rng.fill_bytes(bytes.as_mut_slice());
        if at > 0 {
            text.push(' ');
        }
        // 2,048 divides 65,536: no word is likelier than another.
        text.push_str(word(u16::from_le_bytes(*bytes)));
    }
    text
}

/// Reads what a person typed: where it is seven words of the list, in any case, with anything but letters between, or by
/// their first four letters, then as [`make`] spelt it. Anything else is a PIN or a passphrase of their own, and stays as it is.
#[must_use]
pub fn tidied(typed: &str) -> Zeroizing<String> {
    generated(typed).unwrap_or_else(|| Zeroizing::new(typed.to_owned()))
}

/// Tells whether a text is a passphrase as [`make`] draws them.
#[must_use]
pub fn is_generated(typed: &str) -> bool {
    generated(typed).is_some()
}

fn generated(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > 2 * LONGEST {
        return None;
    }
    let lower = Zeroizing::new(typed.to_lowercase());
    let mut text = Zeroizing::new(String::with_capacity(LONGEST));
    let mut count = 0;
    for typed in lower.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()) {
        if count > 0 {
            text.push(' ');
        }
        text.push_str(word(index_of(typed)?));
        count += 1;
        if count > WORDS {
            return None;
        }
    }
    (count == WORDS).then_some(text)
}

/// Seven words of eight letters, and what stands between.
const LONGEST: usize = 9 * WORDS;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primitives::testing::rng;

    #[test]
    fn a_generated_passphrase_is_seven_words_and_is_read_back_however_it_is_typed() {
        let made = make(&mut rng());
        assert_eq!(made.split(' ').count(), 7);
        assert!(is_generated(&made));
        assert_eq!(*tidied(&made), *made);
        assert_eq!(*tidied(&format!("  {}\n", made.to_uppercase().replace(' ', " -  "))), *made);
        let short: Vec<String> = made.split(' ').map(|word| word.chars().take(4).collect()).collect();
        assert_eq!(*tidied(&short.join(".")), *made, "four letters are enough");
    }

    #[test]
    fn two_passphrases_are_two() {
        let mut rng = rng();
        assert_ne!(*make(&mut rng), *make(&mut rng));
    }

    #[test]
    fn what_a_person_thought_up_stays_as_it_is() {
        for own in
            ["1234", "Correct  Horse", "", "abandon", "zoo zoo zoo zoo zoo zoo", "zoo zoo zoo zoo zoo zoo zoo zoo"]
        {
            assert_eq!(*tidied(own), own);
            assert!(!is_generated(own), "{own}");
        }
    }
}
