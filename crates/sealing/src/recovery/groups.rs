//! Bytes as groups of characters that a person can copy by hand, each with a checksum of its own (`spec/recovery.md`).
//!
//! Crockford's base32: no letter that looks like a digit, case does not matter. A group is seven characters of data and
//! one that checks them and the group's place, so that a slip of the pen is named by its group.

use zeroize::Zeroizing;

/// Text that spells no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupsError {
    /// A character that is none of the alphabet.
    #[error("group {group} holds a character that it cannot have")]
    Character {
        /// Which group, from 1.
        group: usize,
    },
    /// A group is mistyped, or in another's place.
    #[error("group {group} is mistyped, or in another group's place")]
    Group {
        /// Which, from 1.
        group: usize,
    },
    /// A group is missing, or cut short.
    #[error("group {group} is not whole")]
    Length {
        /// Which, from 1.
        group: usize,
    },
    /// There is more than anything of ours has.
    #[error("the text is too long")]
    TooLong,
}

impl GroupsError {
    /// Returns the group to look at, from 1.
    #[must_use]
    pub fn group(&self) -> Option<usize> {
        match self {
            Self::Character { group } | Self::Group { group } | Self::Length { group } => Some(*group),
            Self::TooLong => None,
        }
    }
}

/// Spells bytes, in groups of eight characters with a space between.
#[must_use]
pub fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let symbols = symbols_of(bytes);
    let mut text = Zeroizing::new(String::with_capacity(symbols.len() * 2));
    for (place, group) in symbols.chunks(DATA).enumerate() {
        if place > 0 {
            text.push(' ');
        }
        group.iter().for_each(|symbol| text.push(character(*symbol)));
        text.push(character(check(place, group)));
    }
    text
}

/// Reads what a person typed or scanned: spaces, line ends and hyphens mean nothing, nor does case.
///
/// # Errors
/// See [`GroupsError`]: which group is wrong.
pub fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, GroupsError> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len().min(MOST)));
    for character in text.chars().filter(|character| !character.is_whitespace() && *character != '-') {
        if symbols.len() >= MOST {
            return Err(GroupsError::TooLong);
        }
        let group = symbols.len() / (DATA + 1) + 1;
        symbols.push(symbol(character).ok_or(GroupsError::Character { group })?);
    }
    let mut data = Zeroizing::new(Vec::with_capacity(symbols.len()));
    let last = symbols.len().div_ceil(DATA + 1);
    for (place, group) in symbols.chunks(DATA + 1).enumerate() {
        let number = place + 1;
        let (given, group) = group.split_last().ok_or(GroupsError::Length { group: number })?;
        if group.is_empty() {
            return Err(GroupsError::Length { group: number });
        }
        if *given != check(place, group) {
            return Err(GroupsError::Group { group: number });
        }
        data.extend_from_slice(group);
    }
    bytes_of(&data).ok_or(GroupsError::Length { group: last })
}

/// The characters by their values: Crockford's base32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Characters of data in a group.
const DATA: usize = 7;

/// More characters than a kit has.
const MOST: usize = 2_048;

fn character(symbol: u8) -> char {
    ALPHABET.get(usize::from(symbol)).copied().map_or('0', char::from)
}

/// What looks like another character is read as that one.
fn symbol(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|each| char::from(*each) == upper).and_then(|at| u8::try_from(at).ok())
}

fn symbols_of(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(bytes.len() * 8 / 5 + 1));
    let (mut bits, mut held) = (0u32, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            symbols.push(low_five(bits >> held));
        }
    }
    if held > 0 {
        symbols.push(low_five(bits << (5 - held)));
    }
    symbols
}

/// None where the last character holds more than the bits that fill it up, which are zero.
fn bytes_of(symbols: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(symbols.len() * 5 / 8));
    let (mut bits, mut held) = (0u32, 0);
    for symbol in symbols {
        bits = bits << 5 | u32::from(*symbol);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    (held < 5 && bits & ((1 << held) - 1) == 0).then_some(bytes)
}

fn low_five(bits: u32) -> u8 {
    u8::try_from(bits & 0x1f).unwrap_or_default()
}

/// The sum of each character times a power of `x` that is its own, in the field of 32 elements, plus the group's place:
/// it changes with every single character, with every two that change places, and with a group that does.
fn check(place: usize, group: &[u8]) -> u8 {
    let place = low_five(u32::try_from(place % 32).unwrap_or_default());
    group.iter().fold(place, |sum, symbol| times_x(sum ^ *symbol))
}

/// Multiplies by `x` modulo `x^5 + x^2 + 1`, whose powers of `x` are all 31 elements but zero.
fn times_x(symbol: u8) -> u8 {
    let doubled = symbol << 1;
    if doubled & 0x20 == 0 { doubled } else { (doubled ^ 0x25) & 0x1f }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_come_back(bytes in proptest::collection::vec(any::<u8>(), 1..300)) {
            let text = encode(&bytes);
            prop_assert_eq!(&*decode(&text).unwrap(), &bytes);
            let typed = text.to_lowercase().replace(' ', "-\n").replace('0', "o").replace('1', "l");
            prop_assert_eq!(&*decode(&typed).unwrap(), &bytes);
        }

        #[test]
        fn a_wrong_character_is_named_by_its_group(
            bytes in proptest::collection::vec(any::<u8>(), 5..200), at in any::<usize>(), other in 0usize..32,
        ) {
            let mut text: Vec<char> = encode(&bytes).chars().collect();
            let at = at % text.len();
            let new = char::from(ALPHABET[other]);
            prop_assume!(text[at] != ' ' && text[at] != new);
            text[at] = new;
            let group = at / (DATA + 2) + 1;
            prop_assert_eq!(decode(&text.iter().collect::<String>()), Err(GroupsError::Group { group }));
        }

        #[test]
        fn two_characters_that_change_places_are_noticed(
            bytes in proptest::collection::vec(any::<u8>(), 5..200), at in any::<usize>(),
        ) {
            let mut text: Vec<char> = encode(&bytes).chars().collect();
            let at = at % (text.len() - 1);
            prop_assume!(text[at] != ' ' && text[at + 1] != ' ' && text[at] != text[at + 1]);
            text.swap(at, at + 1);
            let group = at / (DATA + 2) + 1;
            prop_assert_eq!(decode(&text.iter().collect::<String>()), Err(GroupsError::Group { group }));
        }
    }

    #[test]
    fn groups_that_change_places_are_noticed() {
        let text = encode(&(0..70).collect::<Vec<u8>>());
        let mut groups: Vec<&str> = text.split(' ').collect();
        groups.swap(3, 6);
        assert_eq!(decode(&groups.join(" ")), Err(GroupsError::Group { group: 4 }));
        let mut groups: Vec<&str> = text.split(' ').collect();
        groups.remove(2);
        assert_eq!(decode(&groups.join(" ")), Err(GroupsError::Group { group: 3 }));
    }

    #[test]
    fn what_is_no_character_or_no_end_is_named() {
        let text = encode(&[7; 40]);
        assert_eq!(decode(&text.replacen(' ', " U", 1)), Err(GroupsError::Character { group: 2 }));
        let cut: String = text.chars().take(text.len() - 1).collect();
        assert!(matches!(decode(&cut), Err(GroupsError::Group { .. } | GroupsError::Length { .. })));
        assert_eq!(decode(&"0".repeat(3_000)), Err(GroupsError::TooLong));
        assert_eq!(decode("0"), Err(GroupsError::Length { group: 1 }));
        assert_eq!(*decode("").unwrap(), Vec::<u8>::new());
    }
}
