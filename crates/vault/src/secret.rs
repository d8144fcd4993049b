use core::fmt;

use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Text that nobody sees by accident: wiped when dropped, not printed, not cloned.
#[derive(Default)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes text up.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the text, for showing or filling it where the person asked for that.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Bytes that nobody sees by accident: wiped when dropped, not printed, not cloned.
#[derive(Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes bytes up.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Returns the bytes, for signing with them or answering the site that they belong to.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(redacted)")
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretText {}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretBytes {}

impl<C> Encode<C> for SecretText {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for SecretText {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        d.str().map(|text| Self::new(text.to_owned()))
    }
}

impl<C> Encode<C> for SecretBytes {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for SecretBytes {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        d.bytes().map(|bytes| Self::new(bytes.to_vec()))
    }
}

#[cfg(test)]
mod constant_time {
    use roamkey_taint::{taint, untaint};

    use super::*;

    #[test]
    fn secret_texts_and_bytes_are_compared() {
        let (text, other) = (SecretText::new("correct horse".into()), SecretText::new("correct house".into()));
        taint(text.expose().as_bytes());
        assert!(untaint(text == SecretText::new("correct horse".into())));
        assert!(!untaint(text == other));
        let (bytes, other) = (SecretBytes::new(vec![7; 32]), SecretBytes::new(vec![8; 32]));
        taint(bytes.expose());
        assert!(!untaint(bytes == other));
    }
}
