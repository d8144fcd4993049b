//! Who asks.

use url::Url;

use super::{Origin, Relation};
use crate::{WebauthnError, limits};

/// The page that asks, as the browser knows it; never as the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    origin: Origin,
    embedding: Embedding,
    relation: Option<Relation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Embedding {
    SameOrigin,
    CrossOrigin { top: Option<String> },
}

impl Caller {
    /// A page whose every ancestor, if it has any, is of the same origin.
    pub fn same_origin(origin: Origin) -> Self {
        Self { origin, embedding: Embedding::SameOrigin, relation: None }
    }

    /// A frame with an ancestor of another origin; `top` is the origin of the outermost page, where it is known.
    pub fn cross_origin(origin: Origin, top: Option<Origin>) -> Self {
        let top = top.map(|top| top.as_str().to_owned());
        Self { origin, embedding: Embedding::CrossOrigin { top }, relation: None }
    }

    /// A frame with these ancestors, the nearest first, as the browser serialises their origins; none for a page of its
    /// own.
    ///
    /// A foreign ancestor anywhere makes the frame cross-origin, even below a top of the frame's own origin.
    ///
    /// # Errors
    /// [`WebauthnError::Security`] for an ancestor that is no serialised origin.
    pub fn framed<'a>(origin: Origin, ancestors: impl IntoIterator<Item = &'a str>) -> Result<Self, WebauthnError> {
        let mut embedding = Embedding::SameOrigin;
        let mut top = origin.as_str();
        for ancestor in ancestors {
            check_ancestor(ancestor)?;
            if ancestor != origin.as_str() {
                embedding = Embedding::CrossOrigin { top: None };
            }
            top = ancestor;
        }
        if let Embedding::CrossOrigin { top: named } = &mut embedding {
            *named = (top != OPAQUE).then(|| top.to_owned());
        }
        Ok(Self { origin, embedding, relation: None })
    }

    /// Lets the page use another site's relying party id, as that site's owner says.
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        Self { relation: Some(relation), ..self }
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
    pub fn top_origin(&self) -> Option<&str> {
        match &self.embedding {
            Embedding::SameOrigin => None,
            Embedding::CrossOrigin { top } => top.as_deref(),
        }
    }

    pub(super) fn relation(&self) -> Option<&Relation> {
        self.relation.as_ref()
    }
}

/// Any page can frame one that uses WebAuthn, an extension's for instance; so all that is asked of an ancestor is the form
/// of an origin, whose letters need no escape in client data.
fn check_ancestor(text: &str) -> Result<(), WebauthnError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".:/[]-_+".contains(&byte);
    let is_origin = text.len() <= limits::ORIGIN_LEN && text.bytes().all(plain) && Url::parse(text).is_ok();
    if text == OPAQUE || is_origin { Ok(()) } else { Err(WebauthnError::Security("an ancestor has no origin")) }
}

/// How browsers serialise an origin that names nobody.
const OPAQUE: &str = "null";
