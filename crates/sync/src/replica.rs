//! The records of a vault as they rest on a device, and how items are read from them.
//!
//! To read one item: [`Reader::keys`], load those rows, [`Reader::open`]. To read all: for each of
//! 256 pages [`Reader::page_keys`], load, [`Reader::open_page`]. To look up: scan
//! [`Table::Index`](crate::Table::Index) after [`Reader::lookup`] as long as keys start with it,
//! [`Reader::item_of`] each, read those.

use roamkey_proto::{ItemId, RecordHeader};
use roamkey_vault::ItemBody;

use crate::{EngineError, StoreKey};

/// What reads items: the keys of a device and which operations are pending. Take it anew after
/// loading, so that it knows every epoch that the rows name.
pub struct Reader<'a> {}

/// An item as it is here, with what is pending applied.
#[derive(Debug)]
pub struct Item {
    /// Which.
    pub id: ItemId,
    /// What it holds.
    pub body: ItemBody,
    /// Whether the server signed for a commit that holds all of it.
    pub stored: bool,
}

impl Reader<'_> {
    /// Returns the rows that hold an item. Read them in one transaction.
    pub fn keys(&self, item: ItemId) -> Vec<StoreKey>;

    /// Opens an item from the rows that [`Reader::keys`] named; none if there is no such item, or no more.
    ///
    /// # Errors
    /// [`EngineError::Store`] when a row does not open.
    pub fn open(&self, item: ItemId, rows: &[Option<Vec<u8>>]) -> Result<Option<Item>, EngineError>;

    /// Returns the rows that hold the items of a page. Read them in one transaction.
    pub fn page_keys(&self, page: u8) -> Vec<StoreKey>;

    /// Opens all items of a page from the rows that [`Reader::page_keys`] named.
    ///
    /// # Errors
    /// [`EngineError::Store`] when a row does not open.
    pub fn open_page(&self, page: u8, rows: &[Option<Vec<u8>>]) -> Result<Vec<Item>, EngineError>;

    /// Returns what the keys of [`Table::Index`](crate::Table::Index) begin with for items of this
    /// kind (the number of its record kind) and site.
    pub fn lookup(&self, kind: u8, site: &str) -> [u8; 32];

    /// Returns the item that a key of the index names.
    pub fn item_of(index_key: &[u8]) -> Option<ItemId>;
}

/// Reads the records of a page's row: the header and bytes of each, without opening any.
///
/// # Errors
/// [`EngineError::Store`] when the row is no page.
pub fn read_page(row: &[u8]) -> Result<Vec<(RecordHeader, &[u8])>, EngineError>;
