use core::{fmt, str::FromStr};

use bip39::Language;
use rand_core::CryptoRng;
use roamkey_proto::limits;
use zeroize::Zeroizing;

/// What a member device shows and a newcomer is given: `<number>-<word>-<word>`, or a QR code that
/// holds 16 random bytes more.
///
/// The number is the mailbox; the words are the secret, 22 bits, which CPace gives one guess at.
/// The words are those of BIP-39's English list: 2,048 common ones of three to eight letters, of
/// which no two begin with the same four.
pub struct PairingCode {
    number: u32,
    words: Zeroizing<[u16; 2]>,
    /// What only the QR code holds.
    extra: Option<Zeroizing<[u8; EXTRA]>>,
}

/// Text that is no pairing code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// It is not a number and two words.
    #[error("a pairing code is a number and two words")]
    Form,
    /// The number is not one of a mailbox.
    #[error("the number in the pairing code is not a mailbox's")]
    Number,
    /// A word is not on the list: a slip of the pen, most likely.
    #[error("word {place} of the pairing code is not one that it can have")]
    Word {
        /// The first or the second.
        place: usize,
    },
}

impl PairingCode {
    /// Draws a code for a mailbox.
    ///
    /// # Errors
    /// [`CodeError::Number`].
    pub fn make(number: u32, rng: &mut impl CryptoRng) -> Result<Self, CodeError> {
        if number >= limits::MAILBOX_NUMBERS {
            return Err(CodeError::Number);
        }
        let mut words = Zeroizing::new([0; 2]);
        for word in words.iter_mut() {
            let mut bytes = [0; 2];
            rng.fill_bytes(&mut bytes);
            // 2,048 divides 65,536: no word is likelier than another.
            *word = u16::from_le_bytes(bytes) % WORDS;
        }
        let mut extra = Zeroizing::new([0; EXTRA]);
        rng.fill_bytes(extra.as_mut_slice());
        Ok(Self { number, words, extra: Some(extra) })
    }

    /// Returns the mailbox.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Returns what the person reads out or types: the member shows it to its own user.
    #[must_use]
    pub fn expose_text(&self) -> Zeroizing<String> {
        let [first, second] = self.words.map(word);
        Zeroizing::new(format!("{}-{first}-{second}", self.number))
    }

    /// Returns what the QR code holds: the text, and the other bytes where there are some.
    #[must_use]
    pub fn expose_qr(&self) -> Zeroizing<String> {
        let mut text = self.expose_text();
        if let Some(extra) = &self.extra {
            text.reserve_exact(1 + 2 * EXTRA);
            text.push('-');
            for byte in extra.iter() {
                text.push(hex_digit(byte >> 4));
                text.push(hex_digit(byte & 15));
            }
        }
        text
    }

    /// Tells whether the other bytes are there: shown to a camera, not typed.
    #[must_use]
    pub const fn is_scanned(&self) -> bool {
        self.extra.is_some()
    }

    /// The words as CPace's password; with the other bytes when both sides have them.
    pub(super) fn password(&self, scanned: bool) -> Option<Zeroizing<Vec<u8>>> {
        let mut password = Zeroizing::new(Vec::with_capacity(4 + EXTRA));
        for word in self.words.iter() {
            password.extend_from_slice(&word.to_be_bytes());
        }
        if scanned {
            password.extend_from_slice(self.extra.as_ref()?.as_slice());
        }
        Some(password)
    }
}

/// Reads a code as people type it: in any case, with spaces, dots or dashes between its parts.
/// The first four letters of a word are enough.
impl FromStr for PairingCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.len() > TYPED_BYTES {
            return Err(CodeError::Form);
        }
        let text = Zeroizing::new(text.to_ascii_lowercase());
        let mut parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        let (Some(number), Some(first), Some(second)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CodeError::Form);
        };
        let extra = parts.next().map(bytes_of).transpose()?;
        if parts.next().is_some() {
            return Err(CodeError::Form);
        }
        let number: u32 = number.parse().map_err(|_| CodeError::Form)?;
        if number >= limits::MAILBOX_NUMBERS {
            return Err(CodeError::Number);
        }
        let find = |place, word| index_of(word).ok_or(CodeError::Word { place });
        Ok(Self { number, words: Zeroizing::new([find(1, first)?, find(2, second)?]), extra })
    }
}

impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PairingCode({}, redacted)", self.number)
    }
}

/// Returns a word of the list of 2,048 by its number; numbers beyond begin again.
#[must_use]
pub fn word(index: u16) -> &'static str {
    Language::English.word_list().get(usize::from(index % WORDS)).expect("the list has as many")
}

/// Finds a word of the list by its text, or by as many of its letters as no other begins with, four at least.
pub(crate) fn index_of(typed: &str) -> Option<u16> {
    if let Some(index) = Language::English.find_word(typed) {
        return Some(index);
    }
    if typed.len() < 4 {
        return None;
    }
    let mut longer = Language::English.words_by_prefix_iter(typed);
    longer.next().filter(|_| longer.next().is_none()).and_then(|word| Language::English.find_word(word))
}

fn bytes_of(hex: &str) -> Result<Zeroizing<[u8; EXTRA]>, CodeError> {
    let (pairs, []) = hex.as_bytes().as_chunks::<2>() else { return Err(CodeError::Form) };
    if pairs.len() != EXTRA {
        return Err(CodeError::Form);
    }
    let mut bytes = Zeroizing::new([0; EXTRA]);
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = hex_value(*high)? << 4 | hex_value(*low)?;
    }
    Ok(bytes)
}

fn hex_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).expect("half a byte is one digit")
}

fn hex_value(digit: u8) -> Result<u8, CodeError> {
    let value = char::from(digit).to_digit(16).ok_or(CodeError::Form)?;
    u8::try_from(value).map_err(|_| CodeError::Form)
}

const WORDS: u16 = 2_048;
const EXTRA: usize = 16;

/// Longer than a QR code's text with room for what people put in between.
const TYPED_BYTES: usize = 128;

#[cfg(test)]
mod tests;
