//! Archives: what is asked for is unpacked, and never more than a text may have, all files together.

use std::io::{Cursor, Read as _};

use zeroize::Zeroizing;
use zip::ZipArchive;

use super::{Fault, Format, ImportError};
use crate::limits;

/// What an archive begins with.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// An archive that is being read.
pub(super) struct Archive<'b> {
    files: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes that may still be unpacked.
    room: usize,
}

impl<'b> Archive<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ImportError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken(Fault::Syntax))?;
        if archive.len() > limits::ARCHIVE_ENTRIES {
            return Err(broken(Fault::Bomb));
        }
        Ok(Self { files: archive, room: limits::TEXT_BYTES })
    }

    /// The names of all files, in an order of their own.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.files.file_names().flatten().map(|name| name.into_owned()).collect();
        names.sort_unstable();
        names
    }

    /// Unpacks the file of this name. How long it says it is counts for nothing.
    pub(super) fn read(&mut self, name: &str) -> Result<Zeroizing<Vec<u8>>, ImportError> {
        let limit = u64::try_from(self.room).unwrap_or(u64::MAX);
        let file = self.files.by_name(name).map_err(|_| broken(Fault::Syntax))?;
        let mut text = Zeroizing::new(Vec::new());
        file.take(limit + 1).read_to_end(&mut text).map_err(|_| broken(Fault::Syntax))?;
        self.room = self.room.checked_sub(text.len()).ok_or(broken(Fault::Bomb))?;
        Ok(text)
    }
}

const fn broken(fault: Fault) -> ImportError {
    ImportError::Malformed { format: Format::Archive, place: None, fault }
}
