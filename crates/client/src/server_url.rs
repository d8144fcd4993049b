use core::{fmt, str::FromStr};

use url::{Host, Url};

/// The origin of a server, such as `https://sync.example.org`: what every request goes to and every
/// session proof names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    /// Without a slash at the end; `https`, or `http` to this very machine.
    origin: String,
}

/// Why an address is none of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadServerUrl {
    /// It is no URL of the form `https://host` or `https://host:port`.
    #[error("a server's address looks like https://sync.example.org")]
    Malformed,
    /// It would go over the network unencrypted.
    #[error("plain HTTP is only for a server on this very machine; use https")]
    Insecure,
}

impl ServerUrl {
    /// Returns the origin.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Returns the URL of a path.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Returns the URL of the WebSocket at a path.
    #[must_use]
    pub fn socket(&self, path: &str) -> String {
        // `http` becomes `ws`, and `https` `wss`.
        format!("{}{path}", self.origin.replacen("http", "ws", 1))
    }
}

impl FromStr for ServerUrl {
    type Err = BadServerUrl;

    /// Reads what a person typed: the scheme may be left out, a slash at the end may stand.
    fn from_str(text: &str) -> Result<Self, BadServerUrl> {
        let text = text.trim();
        let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&text).map_err(|_| BadServerUrl::Malformed)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(BadServerUrl::Malformed);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(BadServerUrl::Insecure),
            _ => return Err(BadServerUrl::Malformed),
        }
        Ok(Self { origin: url.origin().ascii_serialization() })
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{BadServerUrl, ServerUrl};

    fn parse(text: &str) -> Result<String, BadServerUrl> {
        text.parse::<ServerUrl>().map(|url| url.to_string())
    }

    #[test]
    fn an_address_is_read_as_people_type_it() {
        assert_eq!(parse("sync.example.org").as_deref(), Ok("https://sync.example.org"));
        assert_eq!(parse(" https://Sync.Example.org:443/ ").as_deref(), Ok("https://sync.example.org"));
        assert_eq!(parse("https://sync.example.org:8443").as_deref(), Ok("https://sync.example.org:8443"));
        assert_eq!(parse("https://[2001:db8::1]").as_deref(), Ok("https://[2001:db8::1]"));
    }

    #[test]
    fn plain_http_goes_nowhere_but_to_this_machine() {
        assert_eq!(parse("http://127.0.0.1:8080").as_deref(), Ok("http://127.0.0.1:8080"));
        assert_eq!(parse("http://[::1]:8080").as_deref(), Ok("http://[::1]:8080"));
        assert_eq!(parse("http://localhost:8080").as_deref(), Ok("http://localhost:8080"));
        for remote in
            ["http://sync.example.org", "http://192.168.1.2", "http://localhost.example.org", "http://10.0.0.1"]
        {
            assert_eq!(parse(remote), Err(BadServerUrl::Insecure), "{remote}");
        }
    }

    #[test]
    fn what_is_no_origin_is_no_server() {
        for text in ["", "ftp://example.org", "https://", "https://a@b", "https://a/path", "https://a?q", "file:///etc"]
        {
            assert_eq!(parse(text), Err(BadServerUrl::Malformed), "{text}");
        }
    }

    #[test]
    fn the_socket_is_as_secure_as_the_server() {
        let url: ServerUrl = "https://http.example.org".parse().expect("an address");
        assert_eq!(url.socket("/wake"), "wss://http.example.org/wake");
    }
}
