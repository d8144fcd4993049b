use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{Router, body::Body, http::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tower::ServiceExt;

use crate::{rate::Peer, state::stopped};

/// Takes connections until it is told to stop, then lets requests that are under way finish.
///
/// HTTP/1.1 only: that is what proxies speak to a server behind them.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
    at_most: usize,
    head_time: Duration,
) {
    let places = Arc::new(Semaphore::new(at_most));
    let under_way = GracefulShutdown::new();
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head_time).max_buf_size(HEAD_BYTES);
    loop {
        let (stream, place) = tokio::select! {
            () = stopped(&mut stopping) => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Ok(peer) = stream.peer_addr() else { continue };
        let service = service(router.clone(), Peer(peer.ip()));
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is its own affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_REQUESTS, under_way.shutdown()).await.is_err() {
        tracing::warn!("requests were still under way when the server stopped");
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<tokio::sync::OwnedSemaphorePermit>) {
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and awaited: they do not wait for more.
                let _ = stream.set_nodelay(true);
                return (stream, place);
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

/// How long requests that are under way may take when the server stops.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
