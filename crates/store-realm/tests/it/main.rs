//! A realm on real files: what they keep when a process ends, when a copy is brought back, and when two work at once.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

#[path = "../../../realm/tests/it/disk.rs"]
#[expect(dead_code, reason = "the realm's own tests use the rest")]
mod disk;
mod keeping;
mod served;
#[path = "../../../realm/tests/it/world.rs"]
#[expect(dead_code, reason = "the realm's own tests use the rest")]
mod world;
