#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod decoding;
mod frozen;
mod ids;
mod sample;
mod tree;
