//! The binary part of a database: lengths, then bytes, all of them little-endian.

use super::{MAGIC, broken, key::Kdf};
use crate::import::{Fault, ImportError};

/// Bytes that are taken from the front.
pub(super) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'b [u8], ImportError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(broken(Fault::Syntax))?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, ImportError> {
        self.take(1)?.first().copied().ok_or(broken(Fault::Syntax))
    }

    pub(super) const fn rest(&self) -> &'b [u8] {
        self.0
    }
}

/// A length that is written in two or four bytes.
pub(super) fn length(bytes: &[u8]) -> Result<usize, ImportError> {
    usize::try_from(number(bytes)?).map_err(|_| broken(Fault::Syntax))
}

/// A number of at most eight bytes.
pub(super) fn number(bytes: &[u8]) -> Result<u64, ImportError> {
    if bytes.len() > 8 {
        return Err(broken(Fault::Syntax));
    }
    Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// What stands before the encrypted part.
pub(super) struct Header<'b> {
    pub(super) major: u16,
    /// How many bytes it takes.
    pub(super) length: usize,
    pub(super) cipher: &'b [u8],
    pub(super) is_compressed: bool,
    pub(super) seed: &'b [u8],
    pub(super) iv: &'b [u8],
    pub(super) kdf: Kdf<'b>,
    /// Of KDBX 3: the inner stream and what the plaintext begins with.
    pub(super) stream: u64,
    pub(super) stream_key: &'b [u8],
    pub(super) stream_start: &'b [u8],
}

impl<'b> Header<'b> {
    pub(super) fn read(file: &'b [u8]) -> Result<Self, ImportError> {
        let mut reader = Reader::new(file);
        reader.take(MAGIC.len())?;
        let version = number(reader.take(4)?)?;
        let major = u16::try_from(version >> 16).map_err(|_| broken(Fault::Syntax))?;
        if !matches!(major, 3 | 4) {
            return Err(broken(Fault::Version(u64::from(major))));
        }
        let mut header = Self {
            major,
            length: 0,
            cipher: &[],
            is_compressed: false,
            seed: &[],
            iv: &[],
            kdf: Kdf::None,
            stream: 0,
            stream_key: &[],
            stream_start: &[],
        };
        let (mut transform_seed, mut rounds) = (&[][..], 0);
        loop {
            let field = reader.byte()?;
            let length = length(reader.take(if major == 4 { 4 } else { 2 })?)?;
            let value = reader.take(length)?;
            match field {
                0 => break,
                2 => header.cipher = value,
                3 => header.is_compressed = number(value)? == 1,
                4 => header.seed = value,
                5 => transform_seed = value,
                6 => rounds = number(value)?,
                7 => header.iv = value,
                8 => header.stream_key = value,
                9 => header.stream_start = value,
                10 => header.stream = number(value)?,
                11 => header.kdf = Kdf::read(value)?,
                _ => {}
            }
        }
        header.length = file.len() - reader.rest().len();
        if major == 3 {
            header.kdf = Kdf::Aes { seed: transform_seed, rounds };
        }
        if header.stream_start.len() != 32 && major == 3 {
            Err(broken(Fault::Missing("stream start")))
        } else {
            Ok(header)
        }
    }
}

/// What stands before the XML of KDBX 4.
pub(super) struct InnerHeader<'b> {
    pub(super) stream: u64,
    pub(super) key: &'b [u8],
    pub(super) rest: &'b [u8],
}

impl<'b> InnerHeader<'b> {
    pub(super) fn read(plain: &'b [u8]) -> Result<Self, ImportError> {
        let mut reader = Reader::new(plain);
        let (mut stream, mut key) = (0, &[][..]);
        loop {
            let field = reader.byte()?;
            let length = length(reader.take(4)?)?;
            let value = reader.take(length)?;
            match field {
                0 => return Ok(Self { stream, key, rest: reader.rest() }),
                1 => stream = number(value)?,
                2 => key = value,
                // Attached files.
                _ => {}
            }
        }
    }
}

/// The identifiers of ciphers.
pub(super) const AES: &[u8] = b"\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff";
pub(super) const CHACHA20: &[u8] = b"\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a";
