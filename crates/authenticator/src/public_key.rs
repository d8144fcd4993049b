//! Public keys, as relying parties get them.

/// The public half of a credential's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// A point on P-256.
    Es256(p256::PublicKey),
    /// An Ed25519 point, compressed.
    EdDsa([u8; 32]),
}
