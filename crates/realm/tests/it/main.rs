//! What a realm promises, against real logs, keys and signatures, on disks that a test breaks.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod asking;
mod counting;
mod disk;
mod logs;
mod setting;
mod world;
