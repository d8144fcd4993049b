//! CSV: a line of names, then a line an item. Whose it is shows from the names, in whatever order they stand.

mod column;
mod dialect;
mod item;

use self::dialect::Dialect;
use super::{Fault, Import, ImportError, Place, Reason, Refused};
use crate::limits;

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Import, ImportError> {
    read_named(bytes, None)
}

/// Reads a table of Dashlane's archive, whose name is part of each place.
pub(super) fn read_table(bytes: &[u8], file: &str) -> Result<Import, ImportError> {
    read_named(bytes, Some(file))
}

fn read_named(bytes: &[u8], file: Option<&str>) -> Result<Import, ImportError> {
    if bytes.len() > limits::TEXT_BYTES {
        return Err(ImportError::TooLarge { limit: limits::TEXT_BYTES });
    }
    let place = |line| match file {
        Some(file) => Place::LineOf(file.to_owned(), line),
        None => Place::Line(line),
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(true).from_reader(bytes);
    let broken = |format, line, fault| ImportError::Malformed { format, place: Some(place(line)), fault };
    let header = reader.headers().map_err(|_| ImportError::Unknown)?.clone();
    let dialect = if file.is_some() { Some(Dialect::any()) } else { Dialect::of(&header) };
    let Some(dialect) = dialect else { return Err(ImportError::Unknown) };
    let columns = dialect.columns(&header);
    let mut import = Import { format: dialect.format, entries: Vec::new(), refused: Vec::new() };
    let mut row = csv::StringRecord::new();
    let mut last = 1;
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut row) {
            // What follows an open quotation mark, all the rest of the file, would be one value.
            Ok(false) if is_open(bytes) => return Err(broken(dialect.format, last, Fault::OpenQuote)),
            Ok(false) => break,
            Ok(true) => {}
            // Rows are in memory and may have any length: only text can be wrong.
            Err(_) => return Err(broken(dialect.format, line, Fault::NotText)),
        }
        // The position behind the row before may be that of a blank line.
        let line = row.position().map_or(line, csv::Position::line);
        last = line;
        if row.len() != header.len() {
            import.refused.push(Refused { place: place(line), reason: Reason::Columns });
        } else if !row.iter().all(str::is_empty) {
            import.entries.push(item::read(dialect, &columns, &row, place(line)));
        }
        if import.entries.len() > limits::ITEMS {
            return Err(ImportError::TooManyItems { limit: limits::ITEMS });
        }
    }
    Ok(import)
}

/// Whether a quotation mark is opened and never closed: those of a text come in pairs.
fn is_open(bytes: &[u8]) -> bool {
    bytes.iter().filter(|&&byte| byte == b'"').count() % 2 == 1
}

#[cfg(test)]
mod tests;
