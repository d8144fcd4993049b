//! Secrets: epochs, records, pairing and the local key.
