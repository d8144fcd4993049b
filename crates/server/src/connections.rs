mod stall;
mod tls;

use std::{convert::Infallible, net::IpAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use self::stall::Stalling;
pub(crate) use self::tls::Certificate;
pub use self::tls::TlsError;
use crate::{
    metrics::{Gauge, Metrics},
    places::{Place, Places},
    rate::{Address, Peer},
    state::stopped,
};

/// How connections are taken.
pub(crate) struct Connections {
    /// TLS, or plain.
    pub(crate) tls: Option<TlsAcceptor>,
    /// As many as may be open; others wait.
    pub(crate) at_most: usize,
    /// As many as may be open from one address, which is no limit for a proxy's.
    pub(crate) at_most_per_address: Option<u32>,
    /// How long a handshake, the head of a request, and a reader that does not read may take.
    pub(crate) patience: Duration,
    /// How long requests that are under way may take when the server stops.
    pub(crate) last_requests: Duration,
    pub(crate) metrics: Arc<Metrics>,
}

impl Connections {
    /// Takes connections until it is told to stop, then lets requests that are under way finish.
    ///
    /// HTTP/1.1 only: that is what proxies speak to a server behind them.
    pub(crate) async fn serve(self, listener: TcpListener, router: Router, mut stopping: watch::Receiver<bool>) {
        let places = Arc::new(Semaphore::new(self.at_most));
        let addresses = Places::default();
        let under_way = GracefulShutdown::new();
        let this = Arc::new(self);
        loop {
            let (stream, peer, place) = tokio::select! {
                () = stopped(&mut stopping) => break,
                accepted = accept(&listener, &places) => accepted,
            };
            let address_place = addresses.take(Address::from(peer), this.at_most_per_address.unwrap_or(u32::MAX));
            let Some(address_place) = address_place else {
                // Not even an answer: whoever has so many open is not owed one more.
                this.metrics.connections_refused.add(1);
                continue;
            };
            let held = (place, address_place, this.metrics.connections.enter());
            let watcher = under_way.watcher();
            tokio::spawn(Arc::clone(&this).run(stream, peer, router.clone(), watcher, held));
        }
        drop(listener);
        if timeout(this.last_requests, under_way.shutdown()).await.is_err() {
            tracing::warn!("requests were still under way when the server stopped");
        }
    }

    async fn run(self: Arc<Self>, stream: TcpStream, peer: IpAddr, router: Router, watcher: Watcher, _held: Held) {
        let Some(tls) = &self.tls else {
            return self.answer(stream, peer, router, watcher).await;
        };
        match timeout(self.patience, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.answer(stream, peer, router, watcher).await,
            // A client that does not trust the certificate, or no client at all.
            Ok(Err(_)) | Err(_) => self.metrics.handshakes_failed.add(1),
        }
    }

    async fn answer<S>(&self, stream: S, peer: IpAddr, router: Router, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
        builder.http1().timer(TokioTimer::new()).header_read_timeout(self.patience).max_buf_size(HEAD_BYTES);
        let stream = TokioIo::new(Stalling::new(stream, self.patience));
        let connection = builder.serve_connection_with_upgrades(stream, service(router, Peer(peer))).into_owned();
        // A client that breaks off is its own affair.
        let _ = watcher.watch(connection).await;
    }
}

/// What a connection takes as long as it is open.
type Held = (Option<OwnedSemaphorePermit>, Place<Address>, Gauge);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, IpAddr, Option<OwnedSemaphorePermit>) {
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and awaited: they do not wait for more.
                let _ = stream.set_nodelay(true);
                return (stream, peer.ip(), place);
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn service(
    router: Router,
    peer: Peer,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send + 'static,
> + Send
+ 'static {
    hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    })
}

/// The head of a request, and what a connection buffers of a body.
const HEAD_BYTES: usize = 32 * 1024;
