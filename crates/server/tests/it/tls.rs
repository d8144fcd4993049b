//! TLS in the process, and certificates that change while it runs.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use roamkey_server::TlsFiles;
use tokio_rustls::rustls::{
    self, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};

use crate::server::TestServer;

#[test]
fn a_new_certificate_is_taken_in_and_no_connection_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let files = make_certificate(folder.path());
    let before = CertificateDer::from_pem_file(&files.certificate).unwrap();
    let server = TestServer::start_with(|config| config.tls = Some(files.clone()));
    assert!(server.client.url.starts_with("https://"));
    let mut open = Connection::to(&server);
    assert_eq!(open.get("/healthz"), 204);
    assert_eq!(open.certificate(), before);

    make_certificate(folder.path());
    let after = CertificateDer::from_pem_file(&files.certificate).unwrap();
    assert_ne!(before, after);
    server.reload();
    assert_eq!(Connection::to(&server).certificate(), after);
    assert_eq!(open.get("/healthz"), 204);

    // A half-written file is not taken in.
    fs::write(&files.certificate, "-----BEGIN CERTIFICATE-----\n").unwrap();
    server.reload();
    assert_eq!(Connection::to(&server).certificate(), after);
    assert_eq!(open.get("/healthz"), 204);
}

#[test]
fn who_speaks_no_tls_is_turned_away_and_hurts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let files = make_certificate(folder.path());
    let server = TestServer::start_with(|config| {
        config.tls = Some(files);
        config.limits.request_seconds = 1;
    });
    let mut plain = connect(&server);
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));
    // One that says nothing at all is closed in its time.
    let mut silent = connect(&server);
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0);
    assert_eq!(Connection::to(&server).get("/healthz"), 204);
}

#[test]
fn a_certificate_without_its_key_does_not_start() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (files, others) = (make_certificate(one.path()), make_certificate(two.path()));
    assert!(files.check().is_ok());
    let mixed = TlsFiles { key: others.key, ..files.clone() };
    assert!(mixed.check().unwrap_err().to_string().contains("do not fit"));
    let missing = TlsFiles { certificate: one.path().join("none.pem"), ..files };
    assert!(missing.check().unwrap_err().to_string().contains("none.pem"));
}

struct Connection {
    stream: StreamOwned<ClientConnection, TcpStream>,
}

impl Connection {
    fn to(server: &TestServer) -> Self {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anyone))
            .with_no_client_auth();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, connect(server));
        stream.conn.complete_io(&mut stream.sock).unwrap();
        Self { stream }
    }

    fn certificate(&self) -> CertificateDer<'static> {
        self.stream.conn.peer_certificates().unwrap()[0].clone().into_owned()
    }

    fn get(&mut self, path: &str) -> u16 {
        write!(self.stream, "GET {path} HTTP/1.1\r\nhost: roamkey.test\r\n\r\n").unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().parse().unwrap()
    }
}

fn connect(server: &TestServer) -> TcpStream {
    TcpStream::connect(server.client.url.trim_start_matches("https://")).unwrap()
}

/// A certificate of its own making, and its key.
fn make_certificate(folder: &Path) -> TlsFiles {
    let files = TlsFiles { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") };
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=roamkey.test", "-addext", "subjectAltName=IP:127.0.0.1"])
        .arg("-out")
        .arg(&files.certificate)
        .arg("-keyout")
        .arg(&files.key)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
    files
}

/// Takes any certificate: the tests look at it themselves.
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
