//! KeePass databases, KDBX 3.1 and 4: opened here, read only.

mod binary;
mod content;
mod entry;
mod key;
mod stream;

use std::io::Read as _;

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt as _, KeyIvInit as _, StreamCipher as _, block_padding::Pkcs7};
use chacha20::ChaCha20;
use flate2::read::GzDecoder;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use self::{
    binary::{Header, InnerHeader, Reader},
    stream::InnerStream,
};
use super::{Fault, Format, Import, ImportError};
use crate::limits;

/// What a file begins with.
pub(super) const MAGIC: &[u8] = b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5";

type Plain = Zeroizing<Vec<u8>>;

/// Reads a database.
pub(super) fn read(file: &[u8], secret: Option<&str>) -> Result<Import, ImportError> {
    let secret = secret.ok_or(ImportError::NeedsSecret)?;
    let header = Header::read(file)?;
    let (xml, stream) = match header.major {
        4 => open_4(file, &header, secret)?,
        _ => open_3(file, &header, secret)?,
    };
    let text = core::str::from_utf8(&xml).map_err(|_| broken(Fault::NotText))?;
    content::read(text, stream)
}

/// KDBX 4: the header and each block are authenticated before anything is decrypted.
fn open_4(file: &[u8], header: &Header<'_>, secret: &str) -> Result<(Plain, InnerStream), ImportError> {
    let mut rest = Reader::new(file.get(header.length..).unwrap_or_default());
    let bytes = file.get(..header.length).unwrap_or_default();
    if rest.take(32)? != Sha256::digest(bytes).as_slice() {
        return Err(broken(Fault::Syntax));
    }
    let key = header.kdf.transform(secret)?;
    let base = Zeroizing::new(
        Sha512::new().chain_update(header.seed).chain_update(key.as_slice()).chain_update([1]).finalize(),
    );
    let mac = |number: u64| {
        let key =
            Zeroizing::new(Sha512::new().chain_update(number.to_le_bytes()).chain_update(base.as_slice()).finalize());
        Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes keys of any length")
    };
    let check = mac(u64::MAX).chain_update(bytes);
    check.verify_slice(rest.take(32)?).map_err(|_| ImportError::WrongSecret)?;
    let mut sealed = Vec::new();
    for number in 0.. {
        let (tag, length) = (rest.take(32)?, rest.take(4)?);
        let data = rest.take(binary::length(length)?)?;
        let check = mac(number).chain_update(number.to_le_bytes()).chain_update(length).chain_update(data);
        check.verify_slice(tag).map_err(|_| broken(Fault::Syntax))?;
        if data.is_empty() {
            break;
        }
        sealed.extend_from_slice(data);
    }
    let plain = unpacked(header, decrypted(header, key.as_slice(), sealed)?)?;
    let inner = InnerHeader::read(&plain)?;
    let stream = InnerStream::new(inner.stream, inner.key)?;
    Ok((Zeroizing::new(inner.rest.to_vec()), stream))
}

/// KDBX 3.1: 32 known bytes at the start tell a wrong passphrase, hashes tell damage.
fn open_3(file: &[u8], header: &Header<'_>, secret: &str) -> Result<(Plain, InnerStream), ImportError> {
    let key = header.kdf.transform(secret)?;
    let sealed = file.get(header.length..).unwrap_or_default().to_vec();
    // Padding that is none is a wrong key as well: nothing here tells the two apart.
    let plain = decrypted(header, key.as_slice(), sealed).map_err(|error| match error {
        ImportError::Malformed { fault: Fault::Syntax, .. } => ImportError::WrongSecret,
        error => error,
    })?;
    let mut rest = Reader::new(&plain);
    if rest.take(32).ok() != Some(header.stream_start) {
        return Err(ImportError::WrongSecret);
    }
    let mut packed = Zeroizing::new(Vec::with_capacity(plain.len()));
    loop {
        let (_, hash, length) = (rest.take(4)?, rest.take(32)?, rest.take(4)?);
        let data = rest.take(binary::length(length)?)?;
        if data.is_empty() {
            break;
        }
        if hash != Sha256::digest(data).as_slice() {
            return Err(broken(Fault::Syntax));
        }
        packed.extend_from_slice(data);
    }
    Ok((unpacked(header, packed)?, InnerStream::new(header.stream, header.stream_key)?))
}

fn decrypted(header: &Header<'_>, key: &[u8], mut sealed: Vec<u8>) -> Result<Plain, ImportError> {
    let key = Zeroizing::new(Sha256::new().chain_update(header.seed).chain_update(key).finalize());
    match header.cipher {
        binary::AES => {
            let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key.as_slice(), header.iv);
            let cipher = cipher.map_err(|_| broken(Fault::Method("cipher")))?;
            cipher.decrypt_padded_vec::<Pkcs7>(&sealed).map(Zeroizing::new).map_err(|_| broken(Fault::Syntax))
        }
        binary::CHACHA20 => {
            let cipher = ChaCha20::new_from_slices(key.as_slice(), header.iv);
            cipher.map_err(|_| broken(Fault::Method("cipher")))?.apply_keystream(&mut sealed);
            Ok(Zeroizing::new(sealed))
        }
        _ => Err(broken(Fault::Method("cipher"))),
    }
}

fn unpacked(header: &Header<'_>, packed: Plain) -> Result<Plain, ImportError> {
    if !header.is_compressed {
        return Ok(packed);
    }
    let limit = u64::try_from(limits::TEXT_BYTES).unwrap_or(u64::MAX);
    let mut plain = Zeroizing::new(Vec::new());
    let read = GzDecoder::new(packed.as_slice()).take(limit + 1).read_to_end(&mut plain);
    read.map_err(|_| broken(Fault::Syntax))?;
    if plain.len() > limits::TEXT_BYTES { Err(broken(Fault::Bomb)) } else { Ok(plain) }
}

const fn broken(fault: Fault) -> ImportError {
    ImportError::Malformed { format: Format::Kdbx, place: None, fault }
}

#[cfg(test)]
pub(crate) mod tests;
