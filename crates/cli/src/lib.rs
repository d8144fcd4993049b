//! What a device on a desktop machine runs on: a folder, a SQLite store, HTTP.
//!
//! The program `roamkey` is built on it, and so is whatever measures a device as it really runs. Whoever wants the
//! device itself wants `roamkey-client`.

pub mod machine;
