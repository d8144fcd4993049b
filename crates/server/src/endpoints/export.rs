use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use tokio::sync::mpsc;

use crate::{
    caller::Caller,
    export::{Export, ExportError},
    operation::{Access, Answer, Operation},
    refusal::Refusal,
    state::App,
};

pub(super) const OPERATION: Operation = Operation {
    summary: "Read everything that the server keeps of the account.",
    access: Access::Session,
    query: None,
    request: None,
    answer: Answer::Sequence("ExportPart"),
    problems: &[],
};

/// `GET /v1/accounts/{account}/export`
///
/// Streamed: an export as large as an account takes no more memory than a page. One that breaks off, as somebody
/// pushed meanwhile, lacks its end.
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<Response, Refusal> {
    app.rates.exports.take(caller.account)?;
    let mut export = Export::new(Arc::clone(&app.store), caller.account, caller.heads, app.now());
    let (pages, received) = mpsc::channel(PAGES);
    tokio::spawn(async move {
        loop {
            let page = match export.next().await {
                Ok(None) => return,
                Ok(Some(page)) => Ok(Bytes::from(page)),
                Err(error) => Err(error),
            };
            let is_last = page.is_err();
            // A client that is gone wants no more.
            if pages.send(page).await.is_err() || is_last {
                return;
            }
        }
    });
    let headers = [(header::CONTENT_TYPE, "application/cbor-seq"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::new(Pages { received })).into_response())
}

/// A body whose pages come from a task.
struct Pages {
    received: mpsc::Receiver<Result<Bytes, ExportError>>,
}

impl HttpBody for Pages {
    type Data = Bytes;
    type Error = ExportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ExportError>>> {
        self.received.poll_recv(context).map(|page| page.map(|page| page.map(Frame::data)))
    }
}

/// Pages that wait for a slow reader.
const PAGES: usize = 1;
