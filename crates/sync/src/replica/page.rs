//! One of the 256 pages that a vault's records rest in.

use std::collections::BTreeMap;

use minicbor::Decoder;
use roamkey_proto::{ItemId, Record, RecordHash, RecordHeader, api::SealedRecord, cbor, merkle::Subtree};
use roamkey_sealing::record;
use roamkey_vault::Body;
use zeroize::Zeroizing;

use crate::{EngineError, RecordFault, StoreKey, Table, engine::Epochs};

/// The records of a page by their items.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    records: BTreeMap<ItemId, PageRecord>,
}

/// A sealed record and its visible part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageRecord {
    pub(crate) header: RecordHeader,
    pub(crate) bytes: Vec<u8>,
}

/// Reads the records of a page's row: the header and bytes of each, without opening any.
///
/// # Errors
/// [`EngineError::Store`] when the row is no page.
pub fn read_page(row: &[u8]) -> Result<Vec<(RecordHeader, &[u8])>, EngineError> {
    records_in(row)?
        .map(|bytes| bytes.and_then(|bytes| Ok((Record::header_of(bytes).map_err(|_| DAMAGED)?, bytes))))
        .collect()
}

/// Finds the record of an item in a page's row, and passes over the others.
///
/// # Errors
/// [`EngineError::Store`] when the row, as far as it is read, is no page.
pub(crate) fn find_record(row: &[u8], item: ItemId) -> Result<Option<PageRecord>, EngineError> {
    for bytes in records_in(row)? {
        let bytes = bytes?;
        if Record::claims_item(bytes, item) {
            let header = Record::header_of(bytes).map_err(|_| DAMAGED)?;
            return Ok(Some(PageRecord { header, bytes: bytes.to_vec() }));
        }
    }
    Ok(None)
}

fn records_in(row: &[u8]) -> Result<impl Iterator<Item = Result<&[u8], EngineError>>, EngineError> {
    let mut decoder = Decoder::new(row);
    let length = decoder.array().ok().flatten().ok_or(DAMAGED)?;
    Ok((0..length).map(move |_| decoder.bytes().map_err(|_| DAMAGED)))
}

impl Page {
    /// Reads a page and checks that it is the one that the summary speaks of.
    pub(crate) fn open(number: u8, row: Option<&[u8]>, expected: Subtree) -> Result<Self, EngineError> {
        let records = row.map(read_page).transpose()?.unwrap_or_default().into_iter();
        let records = records.map(|(header, bytes)| (header.item, PageRecord { header, bytes: bytes.to_vec() }));
        let page = Self { records: records.collect() };
        if page.subtree(number)? == expected { Ok(page) } else { Err(DAMAGED) }
    }

    pub(crate) fn key(number: u8) -> StoreKey {
        StoreKey::new(Table::Pages, [number])
    }

    pub(crate) fn to_row(&self) -> Vec<u8> {
        let records: Vec<_> = self.records.values().map(|record| SealedRecord(record.bytes.clone())).collect();
        cbor::encode(&records)
    }

    pub(crate) fn subtree(&self, number: u8) -> Result<Subtree, EngineError> {
        let leaves = self.records.values().map(|record| (record.header.item, record.hash()));
        Subtree::of_page(number, leaves).map_err(|_| DAMAGED)
    }

    /// The oldest epoch of a record that can be sealed again: not those of epochs whose keys others have.
    pub(crate) fn oldest_epoch(&self, epochs: &Epochs) -> Option<u64> {
        self.records.values().map(|record| record.header.epoch).filter(|epoch| epochs.holds(*epoch)).min()
    }

    pub(crate) fn record(&self, item: ItemId) -> Option<&PageRecord> {
        self.records.get(&item)
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = &PageRecord> {
        self.records.values()
    }

    pub(crate) fn put(&mut self, record: PageRecord) {
        self.records.insert(record.header.item, record);
    }
}

impl PageRecord {
    pub(crate) fn hash(&self) -> RecordHash {
        Record::hash_of(&self.bytes)
    }

    /// Opens the record with the key of its epoch.
    pub(crate) fn open(&self, epochs: &Epochs) -> Result<Zeroizing<Vec<u8>>, RecordFault> {
        let key = epochs.key(self.header.epoch).ok_or(RecordFault::Header)?;
        let record = Record::from_bytes(&self.bytes).map_err(|_| RecordFault::Malformed)?;
        record::open(key, self.header.item, &record).map_err(|_| RecordFault::Sealed)
    }

    pub(crate) fn body(&self, epochs: &Epochs) -> Result<Body, RecordFault> {
        Body::decode(&self.open(epochs)?).map_err(|_| RecordFault::Sealed)
    }

    /// Opens the record if it is one.
    pub(crate) fn read(&self, epochs: &Epochs) -> Reading {
        if !epochs.holds(self.header.epoch) {
            return Reading::Skipped;
        }
        self.body(epochs).map_or(Reading::Rubbish, Reading::Body)
    }
}

/// What a record of a verified page opens to.
#[derive(Debug)]
pub(crate) enum Reading {
    /// A body.
    Body(Body),
    /// None: what a member's commit names and does not open, or opens to no body, is that member's doing. It is nothing
    /// to anyone, and must not stop everyone.
    Rubbish,
    /// Sealed under an epoch that was skipped and whose key is not here. Whoever has the key brings it back.
    Skipped,
}

impl Reading {
    /// What operations are played on: rubbish takes none, as an item that was purged; in the place of what cannot be read
    /// an item can be made.
    pub(crate) fn into_body(self) -> Option<Body> {
        match self {
            Self::Body(body) => Some(body),
            Self::Rubbish => Some(Body::Tombstone),
            Self::Skipped => None,
        }
    }
}

const DAMAGED: EngineError = EngineError::Store(Table::Pages);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

    use roamkey_proto::{AccountId, SUITE, VERSION};

    use super::*;

    fn item(number: u8) -> ItemId {
        ItemId::new([number; ItemId::LEN])
    }

    fn row(items: &[u8]) -> Vec<u8> {
        let mut page = Page::default();
        for number in items.iter().copied() {
            let account = AccountId::new([9; AccountId::LEN]);
            let (revision, epoch) = (u64::from(number) << 40, u64::from(number));
            let header = RecordHeader { version: VERSION, suite: SUITE, account, item: item(number), revision, epoch };
            let record = Record { header, salt: [1; 32], commitment: [2; 32], ciphertext: vec![number; 16] };
            page.put(PageRecord { header, bytes: record.to_bytes() });
        }
        page.to_row()
    }

    #[test]
    fn what_is_found_in_a_page_is_what_reading_all_of_it_gives() {
        let row = row(&[3, 9, 200]);
        let all: Vec<_> = read_page(&row).unwrap().into_iter().map(|(header, _)| header).collect();
        let found: Vec<_> = (0..=u8::MAX).filter_map(|number| find_record(&row, item(number)).unwrap()).collect();
        assert_eq!(found.iter().map(|record| record.header).collect::<Vec<_>>(), all);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_row_that_ends_too_early_is_damaged_where_it_ends() {
        let row = row(&[3, 9]);
        let cut = row.get(..row.len() - 1).unwrap();
        assert!(find_record(cut, item(3)).unwrap().is_some());
        assert_eq!(find_record(cut, item(9)).unwrap_err(), DAMAGED);
        assert_eq!(find_record(cut, item(200)).unwrap_err(), DAMAGED);
    }
}
