//! Names of sites from the time of U2F: the input of `appid` and `appidExclude` (WebAuthn sections 10.1.1 and 10.1.2).

use url::{Host, Url};

use crate::{
    WebauthnError, limits,
    webauthn::{Origin, rp_id},
};

/// An AppID, yet to be checked against the origin that uses it.
#[derive(Clone, Debug)]
pub(in super::super) struct AppId(Option<Url>);

impl AppId {
    /// An empty one stands for the caller's own origin.
    pub(super) fn parse(text: &str) -> Result<Self, WebauthnError> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let url = Some(text).filter(|text| text.len() <= limits::APP_ID_LEN).and_then(|text| Url::parse(text).ok());
        url.map(|url| Self(Some(url))).ok_or(WebauthnError::Syntax("an AppID is no URL"))
    }

    /// Whether `origin` may use it: it must lie on a host of the same registrable domain, as browsers have it; nobody fetches
    /// lists of facets any more.
    pub(in super::super) fn check(&self, origin: &Origin) -> Result<(), WebauthnError> {
        let Some(url) = &self.0 else { return Ok(()) };
        let Some(Host::Domain(domain)) = url.host() else { return Err(FOREIGN) };
        let is_own = domain == origin.domain()
            || rp_id::registrable_domain(domain)
                .is_some_and(|own| rp_id::registrable_domain(origin.domain()) == Some(own));
        if is_own && url.scheme() == origin.scheme() { Ok(()) } else { Err(FOREIGN) }
    }
}

const FOREIGN: WebauthnError = WebauthnError::Security("this origin may not use this AppID");
