//! HTTP by `ureq`.

use std::{fs, io::Read as _, path::Path, time::Duration};

use roamkey_client::{HttpRequest, HttpResponse, Transport, Unreachable};
use roamkey_proto::limits;
use ureq::{
    Agent,
    http::{Request, Response},
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

/// Blocking requests with time-outs.
#[derive(Debug)]
pub struct HttpTransport {
    agent: Agent,
}

impl HttpTransport {
    /// Trusts the web's certificate authorities, or only those of a PEM file.
    pub fn new(authority: Option<&Path>) -> Result<Self, String> {
        let mut tls = TlsConfig::builder();
        if let Some(path) = authority {
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates(path)?));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(WHOLE))
            .user_agent("roamkey")
            .build();
        Ok(Self { agent: config.new_agent() })
    }
}

impl Transport for HttpTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        let unreachable = |error: ureq::Error| Unreachable { reason: error.to_string() };
        let mut builder = Request::builder().method(request.method).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let invalid = |error: ureq::http::Error| Unreachable { reason: error.to_string() };
        let response = match request.body {
            Some(body) => self.agent.run(builder.body(body).map_err(invalid)?),
            None => self.agent.run(builder.body(()).map_err(invalid)?),
        };
        let response = response.map_err(unreachable)?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let content_type = header("content-type").unwrap_or_default().to_owned();
        let retry_after = header("retry-after").map(str::to_owned);
        Ok(HttpResponse { status: response.status().as_u16(), content_type, retry_after, body: body(response)? })
    }
}

fn body(response: Response<ureq::Body>) -> Result<Vec<u8>, Unreachable> {
    let mut bytes = Vec::new();
    let limit = limits::RESPONSE_BYTES as u64;
    let read = response.into_body().into_reader().take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| Unreachable { reason: error.to_string() })?;
    if bytes.len() > limits::RESPONSE_BYTES {
        return Err(Unreachable { reason: "the answer is longer than any answer of a server".to_owned() });
    }
    Ok(bytes)
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let pem = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| format!("{}: {error}", path.display()))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() { Err(format!("{}: no certificate in it", path.display())) } else { Ok(certificates) }
}

const CONNECT: Duration = Duration::from_secs(10);
/// A full page of a pull over a slow line.
const WHOLE: Duration = Duration::from_secs(60);
