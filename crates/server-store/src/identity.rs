use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Answer;

/// The server's own secrets, made once and the same for every instance.
pub trait Identity: Send + Sync {
    /// Keeps `fresh` if there are no secrets yet, and returns those that are kept.
    fn identity(&self, fresh: ServerSecrets) -> Answer<'_, ServerSecrets>;
}

/// Secrets of a server.
#[derive(PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ServerSecrets {
    /// The seed of the Ed25519 key that signs receipts.
    pub receipt_seed: [u8; 32],
    /// The key that authenticates sign-in challenges.
    pub challenge_key: [u8; 32],
}

impl fmt::Debug for ServerSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerSecrets(redacted)")
    }
}
