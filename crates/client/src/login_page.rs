//! Pages that ask for a user name and a password.

use roamkey_authenticator::webauthn::registrable_domain;
use roamkey_proto::mutant;
use roamkey_vault::item::{Login, host_of};
use url::{Host, Url};

/// A page, or a frame of one, that a login may be typed into: of one site with all that is around it, and encrypted on its
/// way. Who asks is the browser's word.
#[derive(Clone, Debug)]
pub struct LoginPage {
    host: String,
    site: Site,
}

/// Why no password is typed into a page, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPage {
    /// Its content may be anyone's: it is sandboxed, or no page of the web.
    #[error("the page has no origin")]
    Opaque,
    /// Whoever is on the way reads and changes it.
    #[error("the page is not encrypted")]
    Insecure,
    /// Another site's page is around it, and may hide what it is or lead the person's hand.
    #[error("the page is in a frame of another site")]
    ForeignFrame,
}

/// What belongs together: everything below a domain that somebody registered, or one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Site {
    Registered(String),
    Machine(Host),
}

impl LoginPage {
    /// Frames around a frame; browsers give up at fewer.
    pub const ANCESTORS: usize = 64;

    /// Takes the origin of a page and those of the frames around it, the nearest first, as browsers serialise them.
    ///
    /// # Errors
    /// See [`BadPage`].
    pub fn parse(origin: &str, ancestors: &[String]) -> Result<Self, BadPage> {
        let url = parse_origin(origin)?;
        if !mutant!("fill.encrypted-alone", is_secure(&url)) {
            return Err(BadPage::Insecure);
        }
        let host = url.host_str().ok_or(BadPage::Opaque)?.to_owned();
        let site = Site::of(url.host().ok_or(BadPage::Opaque)?.to_owned());
        let is_own = |ancestor: &String| {
            parse_origin(ancestor).is_ok_and(|url| is_secure(&url) && Site::of_url(&url).as_ref() == Some(&site))
        };
        let all_own = ancestors.len() <= Self::ANCESTORS && ancestors.iter().all(is_own);
        if !mutant!("fill.no-foreign-frame", all_own) {
            return Err(BadPage::ForeignFrame);
        }
        Ok(Self { host, site })
    }

    /// Returns the host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Tells whether a login is for this page: the person wrote down an address of its site.
    #[must_use]
    pub fn is_of(&self, login: &Login) -> bool {
        let is_here = login.sites.iter().filter_map(|site| Site::of_text(site)).any(|site| site == self.site);
        mutant!("fill.own-site-alone", is_here)
    }
}

impl Site {
    fn of(host: Host) -> Self {
        match &host {
            // An address has dots as well, and nobody registered its end.
            Host::Domain(domain) => match registrable_domain(domain) {
                Some(registered) => Self::Registered(registered.to_owned()),
                None => Self::Machine(host),
            },
            Host::Ipv4(_) | Host::Ipv6(_) => Self::Machine(host),
        }
    }

    fn of_url(url: &Url) -> Option<Self> {
        Some(Self::of(url.host()?.to_owned()))
    }

    /// A site as people and other programs write it down; an app's name is no site, though it looks like one.
    fn of_text(site: &str) -> Option<Self> {
        if let Some((scheme, _)) = site.split_once("://")
            && !["https", "http"].iter().any(|web| scheme.trim().eq_ignore_ascii_case(web))
        {
            return None;
        }
        Host::parse(&host_of(site)).ok().map(Self::of)
    }
}

fn parse_origin(text: &str) -> Result<Url, BadPage> {
    let url = Url::parse(text).map_err(|_| BadPage::Opaque)?;
    if url.origin().ascii_serialization() == text { Ok(url) } else { Err(BadPage::Opaque) }
}

/// Encrypted, or never on any way.
fn is_secure(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

#[cfg(test)]
mod tests;
