//! The trust log: entries, roles, state and their verification. Signatures only.
