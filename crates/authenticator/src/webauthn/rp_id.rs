//! Which relying party ids an origin may use (WebAuthn section 5.1.3, steps 7 and 8).

use super::{Caller, Origin};
use crate::{RpId, WebauthnError};

/// The relying party id of a request: the one it asks for if the origin may use it, by its own name or by the word of the
/// id's owner; without one, the origin's domain.
pub(super) fn resolve(caller: &Caller, asked: Option<&str>) -> Result<RpId, WebauthnError> {
    let related = asked.and_then(|asked| caller.relation()?.permits(caller.origin(), asked));
    related.map_or_else(|| resolve_own(caller.origin(), asked), |rp_id| Ok(rp_id.clone()))
}

/// The same by the origin's own name alone.
pub(super) fn resolve_own(origin: &Origin, asked: Option<&str>) -> Result<RpId, WebauthnError> {
    let text = asked.unwrap_or(origin.domain());
    let may_use = text == origin.domain() || is_registrable_suffix(text, origin.domain());
    if !mutant!("rp-id.of-the-origin", may_use) {
        return Err(WebauthnError::Security("this origin may not use this relying party id"));
    }
    RpId::try_from(text).map_err(|_| WebauthnError::Security("the relying party id is too long"))
}

/// Whether `domain` lies below `suffix`, and `suffix` is something one can register: the HTML standard's "registrable
/// domain suffix", less equality.
///
/// The comparison is of bytes with an origin's canonical domain, so an id in capitals, in Unicode or with a dot at either
/// end matches nothing.
fn is_registrable_suffix(suffix: &str, domain: &str) -> bool {
    let below = domain.strip_suffix(suffix).is_some_and(|rest| mutant!("rp-id.whole-labels", rest.ends_with('.')));
    let is_private = registrable_len(domain).is_some_and(|least| suffix.len() >= least);
    below && mutant!("rp-id.no-public-suffix", is_private)
}

/// The length of the shortest suffix of `domain` that is not a public suffix, private ones such as `github.io` included.
fn registrable_len(domain: &str) -> Option<usize> {
    registrable_domain(domain).map(str::len)
}

/// Returns the part of `domain` that somebody registered: `example.co.uk` of `login.example.co.uk`.
#[must_use]
pub fn registrable_domain(domain: &str) -> Option<&str> {
    psl2::lookup(domain)?.registrable_domain()
}
