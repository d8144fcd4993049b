//! Who asks.

use super::Origin;

/// The page that asks, as the browser knows it; never as the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    origin: Origin,
    embedding: Embedding,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Embedding {
    SameOrigin,
    CrossOrigin { top: Option<Origin> },
}

impl Caller {
    /// A page whose every ancestor, if it has any, is of the same origin.
    pub fn same_origin(origin: Origin) -> Self {
        Self { origin, embedding: Embedding::SameOrigin }
    }

    /// A frame with an ancestor of another origin; `top` is the origin of the outermost page, where it is known.
    pub fn cross_origin(origin: Origin, top: Option<Origin>) -> Self {
        Self { origin, embedding: Embedding::CrossOrigin { top } }
    }

    /// The page's origin.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether any ancestor is of another origin.
    pub fn is_cross_origin(&self) -> bool {
        matches!(self.embedding, Embedding::CrossOrigin { .. })
    }

    /// The outermost page's origin, for a cross-origin frame where it is known.
    pub fn top_origin(&self) -> Option<&Origin> {
        match &self.embedding {
            Embedding::SameOrigin => None,
            Embedding::CrossOrigin { top } => top.as_ref(),
        }
    }
}
