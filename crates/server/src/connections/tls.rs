use std::{
    fs,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use tokio::sync::watch;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

use crate::{TlsFiles, state::stopped};

/// Why a certificate or its key does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read, or is no PEM file of its kind.
    #[error("cannot read {path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// The key is of an unknown kind, or is not the certificate's.
    #[error("the certificate and its key do not fit: {0}")]
    Unfit(#[source] rustls::Error),
}

impl TlsFiles {
    /// Reads both files, and says whether they would serve.
    ///
    /// # Errors
    /// Every variant of [`TlsError`].
    pub fn check(&self) -> Result<(), TlsError> {
        self.load().map(drop)
    }

    fn load(&self) -> Result<CertifiedKey, TlsError> {
        let failed = |path: &std::path::Path, error: &dyn std::fmt::Display| TlsError::File {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let chain = CertificateDer::pem_file_iter(&self.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|error| failed(&self.certificate, &error))?;
        if chain.is_empty() {
            return Err(failed(&self.certificate, &"no certificate in it"));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| failed(&self.key, &error))?;
        CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(TlsError::Unfit)
    }

    /// What changes when a file is replaced or written to.
    fn stamp(&self) -> Stamp {
        let of = |path| fs::metadata(path).ok().map(|file| (file.modified().ok(), file.len()));
        [of(&self.certificate), of(&self.key)]
    }
}

type Stamp = [Option<(Option<SystemTime>, u64)>; 2];

/// The certificate as of the last time that both files were good.
#[derive(Debug)]
pub(crate) struct Certificate {
    files: TlsFiles,
    current: RwLock<Arc<CertifiedKey>>,
    seen: Mutex<Stamp>,
}

impl Certificate {
    /// Reads the files for the first time.
    pub(crate) fn load(files: &TlsFiles) -> Result<Arc<Self>, TlsError> {
        let seen = Mutex::new(files.stamp());
        Ok(Arc::new(Self { current: RwLock::new(Arc::new(files.load()?)), files: files.clone(), seen }))
    }

    /// Reads the files again. Connections that are open keep what they have; where a file is not good,
    /// half written perhaps, new ones do as well.
    pub(crate) fn reload(&self) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = self.files.stamp();
        match self.files.load() {
            Ok(certificate) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificate);
                tracing::info!("took in the certificate");
            }
            Err(error) => tracing::warn!(%error, "the certificate before stays in use"),
        }
    }

    /// Reads the files again if they are not as they were.
    pub(crate) fn reload_if_changed(&self) {
        if self.files.stamp() != *self.seen.lock().unwrap_or_else(PoisonError::into_inner) {
            self.reload();
        }
    }

    /// Looks after the files until the server stops.
    pub(crate) async fn watch(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = stopped(&mut stopping) => return,
                () = tokio::time::sleep(LOOK_EVERY) => self.reload_if_changed(),
            }
        }
    }

    /// Speaks TLS 1.3 with the newest certificate: every client of ours knows it.
    pub(crate) fn acceptor(self: Arc<Self>) -> Result<TlsAcceptor, TlsError> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(TlsError::Unfit)?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(self);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Ten thousand idle connections: a session in memory for each is not worth it.
        config.send_tls13_tickets = 0;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
