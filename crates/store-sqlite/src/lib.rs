//! The sync server's storage on SQLite.
