//! The sync engine: events and time in, effects out, no I/O.
