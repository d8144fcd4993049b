//! Sites that share one relying party id over several domains (WebAuthn section 5.11).
//!
//! Nothing is fetched here. A request that needs another site's word says where that word stands, whoever runs the
//! ceremony fetches it, and what comes back is judged into a [`Relation`], which the caller then carries.

use std::collections::BTreeSet;

use serde_json::Value;
use url::{Host, Url};

use super::{Origin, rp_id};
use crate::{RpId, WebauthnError, limits};

/// A request by a page that may use the relying party id only if the owner of that id says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedOriginsRequest {
    origin: Origin,
    rp_id: RpId,
}

impl RelatedOriginsRequest {
    /// The question, where there is one: not for a page that may use the id anyway, and not for an id that is no domain,
    /// which nobody can speak for.
    pub(super) fn new(origin: &Origin, asked: Option<&str>) -> Option<Self> {
        let asked = asked.filter(|asked| rp_id::resolve_own(origin, Some(asked)).is_err())?;
        let url = Url::parse(&format!("https://{asked}/")).ok()?;
        let is_domain = url.host() == Some(Host::Domain(asked)) && rp_id::registrable_domain(asked).is_some();
        let rp_id = RpId::try_from(asked).ok().filter(|_| is_domain)?;
        Some(Self { origin: origin.clone(), rp_id })
    }

    /// Where the owner's word stands: to be fetched without credentials and without a referrer, through redirections to
    /// `https` only.
    pub fn url(&self) -> String {
        format!("https://{}/.well-known/webauthn", self.rp_id)
    }

    /// Looks for the page's origin in what was fetched.
    ///
    /// # Errors
    /// [`WebauthnError::Security`] for an answer that is no such document, or one that does not name the origin among
    /// those of its first [`limits::RELATED_LABELS`] names.
    pub fn judge(&self, fetched: &Fetched<'_>) -> Result<Relation, WebauthnError> {
        if names(&fetched.origins()?, &self.origin) {
            Ok(Relation { origin: self.origin.clone(), rp_id: self.rp_id.clone() })
        } else {
            Err(WebauthnError::Security("the relying party id's owner does not name this origin"))
        }
    }
}

/// What a server answered, after redirections.
#[derive(Clone, Copy, Debug)]
pub struct Fetched<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header; empty if there was none.
    pub content_type: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Fetched<'_> {
    fn origins(&self) -> Result<Vec<String>, WebauthnError> {
        if self.status != 200 || !is_json(self.content_type) {
            return Err(WebauthnError::Security("the relying party id's owner names no origins"));
        }
        if self.body.len() > limits::WELL_KNOWN_LEN {
            return Err(WebauthnError::Security("the list of related origins is too long"));
        }
        parse(self.body).ok_or(WebauthnError::Security("the list of related origins is malformed"))
    }
}

/// Proof that the owner of a relying party id lets an origin use it.
///
/// Only [`RelatedOriginsRequest::judge`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    origin: Origin,
    rp_id: RpId,
}

impl Relation {
    /// The id, where this is about that very origin and id.
    pub(super) fn permits(&self, origin: &Origin, asked: &str) -> Option<&RpId> {
        (self.origin == *origin && self.rp_id.as_str() == asked).then_some(&self.rp_id)
    }
}

/// `application/json`, whatever its parameters.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn parse(body: &[u8]) -> Option<Vec<String>> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Ok(Value::Object(mut document)) = serde_json::from_slice(body) else { return None };
    let Value::Array(origins) = document.remove("origins")? else { return None };
    let text = |value| if let Value::String(text) = value { Some(text) } else { None };
    origins.into_iter().map(text).collect()
}

/// Whether `origin` is listed. A domain's name counts without its public suffix, so that a site in many countries is one
/// name; entries beyond the limit of names are not looked at, so that a list does not tie the whole web together.
fn names(listed: &[String], origin: &Origin) -> bool {
    let mut seen = BTreeSet::new();
    for (url, label) in listed.iter().filter_map(|text| parse_entry(text)) {
        if !seen.contains(&label) && seen.len() >= limits::RELATED_LABELS {
            continue;
        }
        if url.origin().ascii_serialization() == origin.as_str() {
            return true;
        }
        seen.insert(label);
    }
    false
}

/// A listed origin and its registrable label: `example` of `https://login.example.co.uk`.
fn parse_entry(text: &str) -> Option<(Url, String)> {
    let url = Url::parse(text).ok()?;
    let Some(Host::Domain(domain)) = url.host() else { return None };
    let label = rp_id::registrable_domain(domain)?.split('.').next()?.to_owned();
    Some((url, label))
}
