//! Signature algorithms, by their COSE numbers.

/// A signature algorithm this authenticator can create keys for, under the name that a site gave it.
///
/// Two of them have two names: the fully specified ones of RFC 9864 beside the older. A site gets its key labelled with the
/// name it asked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// The same, by its fully specified name.
    Esp256,
    /// Ed25519.
    EdDsa,
    /// The same, by its fully specified name.
    Ed25519,
    /// ECDSA over P-384 with SHA-384.
    Es384,
    /// RSASSA-PKCS1-v1_5 with SHA-256, 2,048 bits.
    Rs256,
    /// ML-DSA-44 (FIPS 204).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

impl Algorithm {
    /// Every algorithm, in the order in which we would choose.
    pub const ALL: [Self; 9] = [
        Self::Es256,
        Self::Esp256,
        Self::EdDsa,
        Self::Ed25519,
        Self::Es384,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
        Self::Rs256,
    ];

    /// The algorithm with this number in the COSE registry, if it is one of ours.
    pub fn from_cose(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.cose() == id)
    }

    /// The number in the COSE registry.
    pub fn cose(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Esp256 => -9,
            Self::EdDsa => -8,
            Self::Ed25519 => -19,
            Self::Es384 => -35,
            Self::Rs256 => -257,
            Self::MlDsa44 => -48,
            Self::MlDsa65 => -49,
            Self::MlDsa87 => -50,
        }
    }

    /// The first of a site's algorithms that is ours: the site's order counts, not ours.
    ///
    /// An empty list is the client's business: in WebAuthn it stands for [`Algorithm::FOR_AN_EMPTY_LIST`], in CTAP for
    /// nothing at all.
    pub fn first_of(ids: impl IntoIterator<Item = i64>) -> Option<Self> {
        ids.into_iter().find_map(Self::from_cose)
    }

    /// What a web site's empty list stands for (WebAuthn section 5.1.3, step 10): ES256 and RS256.
    pub const FOR_AN_EMPTY_LIST: [Self; 2] = [Self::Es256, Self::Rs256];

    /// Whether both make the same signatures, whatever they are called.
    pub fn is_same_scheme(self, other: Self) -> bool {
        self.scheme() == other.scheme()
    }

    /// The same algorithm by its older name.
    pub(crate) fn scheme(self) -> Self {
        match self {
            Self::Esp256 => Self::Es256,
            Self::Ed25519 => Self::EdDsa,
            other => other,
        }
    }
}
