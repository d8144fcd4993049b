//! `authenticatorLargeBlobs` (CTAP 2.3 section 6.10).

use sha2::{Digest as _, Sha256};

use super::authorization::Proof;
use crate::{
    ManagedStore,
    ctap::{
        Person, StateStore, Status,
        cbor::Map,
        device::{Device, Outcome},
        limits,
        pin_uv::{Permissions, Scope},
        request::Params,
    },
};

/// A large-blob array on its way in, fragment by fragment.
pub(in super::super) struct PendingLargeBlobs {
    expected_len: usize,
    bytes: Vec<u8>,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn large_blobs(&mut self, params: Params<'_, '_>) -> Outcome<C::Error, S::Error> {
        let offset = params.optional_unsigned(OFFSET)?.ok_or(Status::InvalidParameter)?;
        let offset = usize::try_from(offset).map_err(|_| Status::InvalidParameter)?;
        match (params.optional_unsigned(GET)?, params.optional_bytes(SET)?) {
            (Some(count), None) => Ok(Some(self.read_large_blobs(params, offset, count)?)),
            (None, Some(fragment)) => self.write_large_blobs(params, offset, fragment).await,
            _ => Err(Status::InvalidParameter.into()),
        }
    }

    fn read_large_blobs(&self, params: Params<'_, '_>, offset: usize, count: u64) -> Result<Map<'static>, Status> {
        let writes = params.optional_unsigned(LENGTH)?.is_some()
            || params.optional_bytes(PIN_UV_AUTH_PARAM)?.is_some()
            || params.optional_unsigned(PIN_UV_AUTH_PROTOCOL)?.is_some();
        if writes {
            return Err(Status::InvalidParameter);
        }
        let count = usize::try_from(count).ok().filter(|count| *count <= limits::FRAGMENT_LEN);
        let count = count.ok_or(Status::InvalidLength)?;
        let rest = self.state.large_blobs.get(offset..).ok_or(Status::InvalidParameter)?;
        let fragment = rest.get(..count).unwrap_or(rest);
        Ok(Map::default().with(CONFIG, fragment.to_vec()))
    }

    async fn write_large_blobs(
        &mut self,
        params: Params<'_, '_>,
        offset: usize,
        fragment: &[u8],
    ) -> Outcome<C::Error, S::Error> {
        if fragment.len() > limits::FRAGMENT_LEN {
            return Err(Status::InvalidLength.into());
        }
        let (expected_len, written) = self.large_blobs_position(params, offset)?;
        if offset != written {
            return Err(Status::InvalidSeq.into());
        }
        self.admit_large_blobs(params, offset, fragment)?;
        if fragment.len() > expected_len - written {
            return Err(Status::InvalidParameter.into());
        }

        let mut pending = match self.volatile.large_blobs.take() {
            Some(pending) if offset > 0 => pending,
            _ => PendingLargeBlobs { expected_len, bytes: Vec::with_capacity(expected_len) },
        };
        pending.bytes.extend_from_slice(fragment);
        if pending.bytes.len() < pending.expected_len {
            self.volatile.large_blobs = Some(pending);
            return Ok(None);
        }
        check_integrity(&pending.bytes)?;
        self.change_state(|state| state.large_blobs = pending.bytes).await?;
        Ok(None)
    }

    /// How long the array will be, and how much of it is here.
    fn large_blobs_position(&self, params: Params<'_, '_>, offset: usize) -> Result<(usize, usize), Status> {
        let length = params.optional_unsigned(LENGTH)?;
        if offset > 0 {
            if length.is_some() {
                return Err(Status::InvalidParameter);
            }
            let pending = self.volatile.large_blobs.as_ref().ok_or(Status::InvalidSeq)?;
            return Ok((pending.expected_len, pending.bytes.len()));
        }
        let length = length.ok_or(Status::InvalidParameter)?;
        match usize::try_from(length) {
            Ok(length) if length < SHORTEST => Err(Status::InvalidParameter),
            Ok(length) if length <= limits::LARGE_BLOBS_LEN => Ok((length, 0)),
            _ => Err(Status::LargeBlobStorageFull),
        }
    }

    fn admit_large_blobs(&mut self, params: Params<'_, '_>, offset: usize, fragment: &[u8]) -> Result<(), Status> {
        if !self.is_protected() && !self.state.always_uv {
            return Ok(());
        }
        let offset = u32::try_from(offset).map_err(|_| Status::InvalidParameter)?;
        let message: &[&[u8]] = &[&[0xff; 32], &[0x0c, 0x00], &offset.to_le_bytes(), &Sha256::digest(fragment)];
        let proof = Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?.ok_or(Status::PuatRequired)?;
        self.admit(proof, Permissions::LARGE_BLOB_WRITE, Scope::Anything, message)
    }
}

/// The last 16 bytes are the left half of the SHA-256 of those before.
fn check_integrity(bytes: &[u8]) -> Result<(), Status> {
    let (array, hash) = bytes.split_last_chunk::<16>().ok_or(Status::IntegrityFailure)?;
    let intact = Sha256::digest(array).starts_with(hash);
    if mutant!("ctap.large-blobs-are-whole", intact) { Ok(()) } else { Err(Status::IntegrityFailure) }
}

/// An empty array and its hash.
const SHORTEST: usize = 17;

const GET: i64 = 1;
const SET: i64 = 2;
const OFFSET: i64 = 3;
const LENGTH: i64 = 4;
const PIN_UV_AUTH_PARAM: i64 = 5;
const PIN_UV_AUTH_PROTOCOL: i64 = 6;
const CONFIG: i64 = 1;
