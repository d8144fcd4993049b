//! Pairing a device (protocol section 8, `spec/pairing.md`).
