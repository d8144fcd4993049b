//! Passwords and passphrases that nobody thinks up.

use rand_core::CryptoRng;
use roamkey_sealing::pairing::word;
use roamkey_vault::SecretText;

/// What a site wants of a password, in the words of its `passwordrules` attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    length: usize,
    /// Sets of which a password has at least one letter each.
    required: Vec<Vec<char>>,
    /// All letters that may be in it.
    allowed: Vec<char>,
    max_consecutive: Option<usize>,
}

impl Default for PasswordRules {
    /// Twenty letters, digits and signs that no site refuses: 119 bits.
    fn default() -> Self {
        let required = vec![letters('a'..='z'), letters('A'..='Z'), letters('0'..='9'), vec!['-']];
        let mut allowed = required.concat();
        allowed.sort_unstable();
        Self { length: LENGTH, required, allowed, max_consecutive: None }
    }
}

impl PasswordRules {
    /// Reads an attribute, as far as it is understood: a site's slip is to keep nobody from a password.
    #[must_use]
    pub fn parse(attribute: &str) -> Self {
        let (mut least, mut most) = (0, LONGEST);
        let (mut required, mut allowed, mut max_consecutive) = (Vec::new(), Vec::new(), None);
        for rule in split(attribute) {
            let Some((name, value)) = rule.split_once(':') else { continue };
            match name.trim().to_lowercase().as_str() {
                "minlength" => least = value.trim().parse().unwrap_or(least),
                "maxlength" => most = value.trim().parse().unwrap_or(most),
                "max-consecutive" => max_consecutive = value.trim().parse().ok().filter(|most| *most > 0),
                "required" => required.extend(Some(class(value)).filter(|class| !class.is_empty())),
                "allowed" => allowed.extend(class(value)),
                _ => {}
            }
        }
        if required.is_empty() && allowed.is_empty() {
            let usual = Self::default();
            (required, allowed) = (usual.required, usual.allowed);
        }
        allowed.extend(required.iter().flatten());
        allowed.sort_unstable();
        allowed.dedup();
        let most = most.clamp(1, LONGEST).max(required.len());
        Self { length: LENGTH.max(least).min(most), required, allowed, max_consecutive }
    }

    /// The same with another length; at least one letter of each required set fits.
    #[must_use]
    pub fn with_length(self, length: usize) -> Self {
        Self { length: length.clamp(self.required.len().max(1), LONGEST), ..self }
    }

    /// Draws a password. Each that fits the rules is as likely as any other.
    #[must_use]
    pub fn make(&self, rng: &mut impl CryptoRng) -> SecretText {
        for _ in 0..TRIES {
            let letters: Vec<char> = (0..self.length).filter_map(|_| pick(&self.allowed, rng)).collect();
            if self.fits(&letters) {
                return SecretText::new(letters.into_iter().collect());
            }
        }
        // A rule that hardly any password fits: one letter of each set, then any, in an order that is drawn.
        let mut letters: Vec<char> = self.required.iter().filter_map(|set| pick(set, rng)).collect();
        letters.extend((letters.len()..self.length).filter_map(|_| pick(&self.allowed, rng)));
        for last in (1..letters.len()).rev() {
            letters.swap(last, below(last + 1, rng));
        }
        SecretText::new(letters.into_iter().collect())
    }

    fn fits(&self, letters: &[char]) -> bool {
        let has_all = self.required.iter().all(|set| letters.iter().any(|letter| set.contains(letter)));
        let runs = |most: usize| letters.chunk_by(|left, right| left == right).all(|run| run.len() <= most);
        has_all && self.max_consecutive.is_none_or(runs)
    }
}

/// Draws a passphrase of so many words: 11 bits each.
#[must_use]
pub fn make_passphrase(count: usize, rng: &mut impl CryptoRng) -> SecretText {
    let mut draw = || word(u16::try_from(below(WORDS, rng)).expect("there are 2,048"));
    let words: Vec<&str> = (0..count.clamp(1, MOST_WORDS)).map(|_| draw()).collect();
    SecretText::new(words.join("-"))
}

/// Splits at semicolons that stand in no set.
fn split(attribute: &str) -> Vec<&str> {
    let mut is_in_set = false;
    let is_end = |letter: char| {
        match letter {
            '[' => is_in_set = true,
            ']' => is_in_set = false,
            _ => {}
        }
        letter == ';' && !is_in_set
    };
    attribute.split(is_end).collect()
}

/// The letters of a class or a set, or of several with commas between them.
fn class(value: &str) -> Vec<char> {
    let value = value.trim();
    if let Some((set, rest)) = value.strip_prefix('[').and_then(|value| value.rsplit_once(']')) {
        let set = set.chars().filter(char::is_ascii_graphic);
        return set.chain(class(rest.trim_start_matches(','))).collect();
    }
    let (first, rest) = value.split_once(',').unwrap_or((value, ""));
    let mut class_letters = match first.trim().to_lowercase().as_str() {
        "lower" => letters('a'..='z'),
        "upper" => letters('A'..='Z'),
        "digit" => letters('0'..='9'),
        "special" => "-~!@#$%^&*_+=`|(){}[:;\"'<>,.?] ".chars().filter(char::is_ascii_graphic).collect(),
        "ascii-printable" | "unicode" => letters('!'..='~'),
        _ => Vec::new(),
    };
    if !rest.is_empty() {
        class_letters.extend(class(rest));
    }
    class_letters
}

fn letters(range: core::ops::RangeInclusive<char>) -> Vec<char> {
    range.collect()
}

fn pick<T: Copy>(from: &[T], rng: &mut impl CryptoRng) -> Option<T> {
    if from.is_empty() { None } else { from.get(below(from.len(), rng)).copied() }
}

/// Draws a number below another one; numbers that would make the first ones likelier are drawn again.
fn below(end: usize, rng: &mut impl CryptoRng) -> usize {
    let end = u32::try_from(end).unwrap_or(u32::MAX);
    let fair = u32::MAX - u32::MAX % end;
    loop {
        let number = rng.next_u32();
        if number < fair {
            return usize::try_from(number % end).expect("32 bits fit");
        }
    }
}

const LENGTH: usize = 20;
const LONGEST: usize = 128;
const MOST_WORDS: usize = 32;

/// Those of BIP-39.
const WORDS: usize = 2_048;

/// Passwords that are drawn until one fits. With the usual rules every second does.
const TRIES: usize = 200;

#[cfg(test)]
mod tests {
    use roamkey_testkit::seeded;

    use super::*;

    fn made(rules: &PasswordRules, seed: u64) -> String {
        rules.make(&mut seeded(seed)).expose().to_owned()
    }

    #[test]
    fn a_password_follows_the_rules_of_its_site() {
        for (attribute, length, alphabet) in [
            ("", 20, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
            (
                "minlength: 8; maxlength: 12; required: lower; required: digit;",
                12,
                "abcdefghijklmnopqrstuvwxyz0123456789",
            ),
            ("minlength: 30; required: digit; allowed: [;x]", 30, "0123456789;x"),
            ("maxlength: 4; required: digit; max-consecutive: 1", 4, "0123456789"),
            ("required: upper, lower; maxlength: 1", 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            (
                "nonsense; minlength: many; required: [\u{7}]",
                20,
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-",
            ),
        ] {
            let rules = PasswordRules::parse(attribute);
            for seed in 0..50 {
                let password = made(&rules, seed);
                assert_eq!(password.chars().count(), length, "{attribute}");
                assert!(password.chars().all(|letter| alphabet.contains(letter)), "{attribute}: {password}");
                assert!(rules.fits(&password.chars().collect::<Vec<_>>()), "{attribute}: {password}");
            }
        }
    }

    #[test]
    fn no_letter_is_likelier_than_another() {
        let rules =
            PasswordRules { length: 1, required: Vec::new(), allowed: letters('a'..='z'), max_consecutive: None };
        let mut counts = std::collections::BTreeMap::new();
        let mut rng = seeded(1);
        for _ in 0..26_000 {
            *counts.entry(rules.make(&mut rng).expose().to_owned()).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 26);
        assert!(counts.values().all(|count| (850..1_150).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_passphrase_has_as_many_words_as_asked_for() {
        let passphrase = make_passphrase(6, &mut seeded(1));
        assert_eq!(passphrase.expose().split('-').count(), 6);
        assert_ne!(passphrase.expose(), make_passphrase(6, &mut seeded(2)).expose());
        assert_eq!(make_passphrase(0, &mut seeded(1)).expose().split('-').count(), 1);
    }

    #[test]
    fn a_length_that_leaves_no_room_for_what_is_required_is_not_taken() {
        assert_eq!(made(&PasswordRules::default().with_length(0), 1).len(), 4);
        assert_eq!(made(&PasswordRules::default().with_length(1_000), 1).len(), 128);
    }

    #[test]
    fn rules_without_anything_are_the_usual_ones() {
        assert_eq!(PasswordRules::parse("minlength: 4"), PasswordRules::default());
        assert!(PasswordRules::parse(";;;:").make(&mut seeded(1)).expose().len() == LENGTH);
        let _ = PasswordRules::parse("required: [").make(&mut seeded(1));
    }
}
