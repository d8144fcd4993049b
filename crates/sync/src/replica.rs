//! The records of a vault as they rest on a device, and how items are read from them.
//!
//! To read one item: [`Reader::keys`], load those rows, [`Reader::open`]. To read all: for each of
//! 256 pages [`Reader::page_keys`], load, [`Reader::open_page`]. To look up: scan
//! [`Table::Index`](crate::Table::Index) after [`Reader::lookup`] as long as keys start with it,
//! [`Reader::item_of`] each, read those and compare.

mod index;
mod page;
mod reader;
mod summary;

pub use page::read_page;
pub(crate) use reader::open_operation;
pub use reader::{Entry, Reader};

pub(crate) use index::{index_rows, remove_index_rows};
pub(crate) use page::{Page, PageRecord, Reading};
pub(crate) use roamkey_proto::merkle::page_of;
pub(crate) use summary::Summary;
