//! One-time codes: their addresses (`otpauth://`, the Key Uri Format) and what they generate (RFC 6238).

use core::fmt;

use hmac::Hmac;
use roamkey_proto::Time;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use url::Url;
use zeroize::Zeroizing;

/// A generator of time-based one-time codes.
pub struct Totp {
    /// The secret, in Base32 without padding.
    secret: Zeroizing<String>,
    /// The hash.
    pub algorithm: Algorithm,
    /// How many digits a code has.
    pub digits: u8,
    /// How many seconds a code lives.
    pub period: u8,
    /// Whose service it is.
    pub issuer: Option<String>,
    /// Whose account it is.
    pub account: Option<String>,
}

/// The hash of a generator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC-SHA-1, what nearly all use.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// Text that is no generator of codes, or of a kind that is not known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no generator of time-based one-time codes")]
pub struct BadTotp;

impl Totp {
    /// Makes a generator of a Base32 secret, as sites show it: spaces, dashes and case mean nothing.
    ///
    /// # Errors
    /// [`BadTotp`] for what is no Base32, or empty.
    pub fn new(secret: &str) -> Result<Self, BadTotp> {
        let letters = secret.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '='));
        let secret = Zeroizing::new(letters.map(|letter| letter.to_ascii_uppercase()).collect::<String>());
        let totp =
            Self { secret, algorithm: Algorithm::Sha1, digits: DIGITS, period: PERIOD, issuer: None, account: None };
        if totp.key().is_some_and(|key| !key.is_empty()) { Ok(totp) } else { Err(BadTotp) }
    }

    /// Reads an `otpauth://totp/` address, or a bare secret.
    ///
    /// # Errors
    /// [`BadTotp`] for anything else, counters (`hotp`) and Steam's letters included.
    pub fn parse(text: &str) -> Result<Self, BadTotp> {
        if !text.trim_start().get(..10).is_some_and(|scheme| scheme.eq_ignore_ascii_case("otpauth://")) {
            return Self::new(text);
        }
        let address = Url::parse(text.trim()).map_err(|_| BadTotp)?;
        if !address.host_str().is_some_and(|kind| kind.eq_ignore_ascii_case("totp")) {
            return Err(BadTotp);
        }
        let find = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        let mut totp = Self::new(&find("secret").ok_or(BadTotp)?)?;
        let label = address.path().trim_start_matches('/');
        // The colon may be written either way; one inside a name is always encoded.
        let (issuer, account) = label.split_once(':').or_else(|| label.split_once("%3A")).unwrap_or(("", label));
        let named = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        totp.account = named(percent_decoded(account));
        totp.issuer =
            find("issuer").and_then(|issuer| named(issuer.into_owned())).or_else(|| named(percent_decoded(issuer)));
        totp.algorithm =
            find("algorithm").map_or(Some(Algorithm::Sha1), |name| Algorithm::named(&name)).ok_or(BadTotp)?;
        let number = |name, usual| find(name).map_or(Ok(usual), |text| text.parse::<u8>().map_err(|_| BadTotp));
        totp.digits = number("digits", DIGITS)?;
        totp.period = number("period", PERIOD)?;
        if totp.is_sound() { Ok(totp) } else { Err(BadTotp) }
    }

    /// Returns the address, in one form for one generator.
    #[must_use]
    pub fn to_uri(&self) -> Zeroizing<String> {
        let mut address = Url::parse("otpauth://totp/").expect("a constant address");
        let trimmed =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (issuer, account) = (trimmed(&self.issuer), trimmed(&self.account));
        let label = match (&issuer, &account) {
            // A colon says where the account begins.
            (Some(issuer), account) => {
                [percent_encoded(issuer), percent_encoded(account.as_deref().unwrap_or_default())].join(":")
            }
            (None, Some(account)) if account.contains(':') => format!(":{}", percent_encoded(account)),
            (None, account) => percent_encoded(account.as_deref().unwrap_or_default()),
        };
        address.set_path(&format!("/{label}"));
        address.query_pairs_mut().append_pair("secret", &self.secret);
        if let Some(issuer) = &issuer {
            address.query_pairs_mut().append_pair("issuer", issuer);
        }
        if self.algorithm != Algorithm::Sha1 {
            address.query_pairs_mut().append_pair("algorithm", self.algorithm.name());
        }
        if self.digits != DIGITS {
            address.query_pairs_mut().append_pair("digits", &self.digits.to_string());
        }
        if self.period != PERIOD {
            address.query_pairs_mut().append_pair("period", &self.period.to_string());
        }
        Zeroizing::new(address.into())
    }

    /// Returns the secret in Base32, for writing it to another program.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.secret
    }

    /// Tells whether such a generator exists.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        (6..=10).contains(&self.digits) && self.period > 0
    }

    /// Returns the code at a time, and for how many seconds it will serve.
    #[must_use]
    pub fn code(&self, at: Time) -> (Zeroizing<String>, u64) {
        let (seconds, period) = (at.0 / 1_000, u64::from(self.period.max(1)));
        let key = self.key().unwrap_or_default();
        let step = (seconds / period).to_be_bytes();
        let tag = match self.algorithm {
            Algorithm::Sha1 => tag::<Hmac<Sha1>>(&key, &step),
            Algorithm::Sha256 => tag::<Hmac<Sha256>>(&key, &step),
            Algorithm::Sha512 => tag::<Hmac<Sha512>>(&key, &step),
        };
        // RFC 4226 section 5.3: the last four bits say where the number is read.
        let offset = tag.last().map_or(0, |last| usize::from(last & 0x0f));
        let word = tag.get(offset..offset + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
        let number = u64::from(word & 0x7fff_ffff) % 10_u64.pow(u32::from(self.digits.min(10)));
        let width = usize::from(self.digits);
        (Zeroizing::new(format!("{number:0width$}")), period - seconds % period)
    }

    /// The secret's bytes (RFC 4648 section 6, without padding); what is left of a last letter is dropped, as others do.
    fn key(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut key = Zeroizing::new(Vec::with_capacity(self.secret.len() * 5 / 8));
        let (mut bits, mut count) = (0_u32, 0_u32);
        for letter in self.secret.bytes() {
            let value = BASE32.iter().position(|&known| known == letter)?;
            bits = (bits << 5 | u32::try_from(value).ok()?) & 0xfff;
            count += 5;
            if count >= 8 {
                count -= 8;
                key.push(u8::try_from(bits >> count & 0xff).ok()?);
            }
        }
        Some(key)
    }
}

impl Algorithm {
    /// Returns the algorithm of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha512].into_iter().find(|known| known.name().eq_ignore_ascii_case(name))
    }

    /// Returns its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

impl fmt::Debug for Totp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Totp(redacted)")
    }
}

fn tag<M: hmac::Mac + hmac::KeyInit>(key: &[u8], step: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut mac = <M as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(step);
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

fn percent_decoded(text: &str) -> String {
    // A query's `+` is a space and a path's is none, so it is hidden from what decodes queries.
    let query = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(query.as_bytes()).map(|(key, _)| key.into_owned()).collect()
}

fn percent_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

const DIGITS: u8 = 6;
const PERIOD: u8 = 30;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    /// RFC 6238 appendix B.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let seeds = [
            (Algorithm::Sha1, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            (Algorithm::Sha256, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"),
            (
                Algorithm::Sha512,
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA",
            ),
        ];
        let codes = [
            (59, ["94287082", "46119246", "90693936"]),
            (1_111_111_109, ["07081804", "68084774", "25091201"]),
            (20_000_000_000, ["65353130", "77737706", "47863826"]),
        ];
        for (seconds, expected) in codes {
            for ((algorithm, secret), code) in seeds.into_iter().zip(expected) {
                let totp = Totp { algorithm, digits: 8, ..Totp::new(secret).unwrap() };
                assert_eq!(*totp.code(Time(seconds * 1_000)).0, code, "{algorithm:?} at {seconds}");
            }
        }
    }

    #[test]
    fn one_generator_has_one_address() {
        for (text, address) in [
            ("gezd gnbv-gy3t", "otpauth://totp/?secret=GEZDGNBVGY3T"),
            (
                "otpauth://totp/A%20B:ada%40x.org?secret=GEZDGNBV",
                "otpauth://totp/A%20B:ada%40x.org?secret=GEZDGNBV&issuer=A+B",
            ),
            (
                "otpauth://totp/ada?digits=6&period=30&algorithm=SHA1&secret=gezdgnbv=",
                "otpauth://totp/ada?secret=GEZDGNBV",
            ),
            (
                "otpauth://TOTP/?issuer=X&algorithm=sha256&digits=8&period=60&secret=GEZDGNBV",
                "otpauth://totp/X:?secret=GEZDGNBV&issuer=X&algorithm=SHA256&digits=8&period=60",
            ),
            ("otpauth://totp/a+b?secret=GEZDGNBV", "otpauth://totp/a%2Bb?secret=GEZDGNBV"),
            ("otpauth://totp/X%3A%20ada?secret=GEZDGNBV", "otpauth://totp/X:ada?secret=GEZDGNBV&issuer=X"),
            ("otpauth://totp/:a%3Ab?secret=GEZDGNBV", "otpauth://totp/:a%3Ab?secret=GEZDGNBV"),
        ] {
            let totp = Totp::parse(text).unwrap();
            assert_eq!(*totp.to_uri(), address);
            assert_eq!(*Totp::parse(address).unwrap().to_uri(), address, "reads back");
        }
    }

    #[test]
    fn what_makes_no_codes_is_refused() {
        for text in [
            "",
            "  ",
            "1234",
            "otpauth://hotp/a?secret=GEZDGNBV&counter=1",
            "otpauth://totp/a",
            "steam://GEZDGNBV",
            "otpauth://totp/a?secret=GEZDGNBV&algorithm=MD5",
            "otpauth://totp/a?secret=GEZDGNBV&period=0",
            "otpauth://totp/a?secret=GEZDGNBV&digits=99",
            "otpauth://totp/a?secret=GEZDGNBV&period=-1",
        ] {
            assert_eq!(Totp::parse(text).unwrap_err(), BadTotp, "{text}");
        }
    }
}
