use std::{future::poll_fn, pin::Pin, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use minicbor::{Decode, Encode};
use roamkey_proto::{cbor, limits, problem::Problem};

use crate::{refusal::Refusal, state::App};

/// A request body in canonical CBOR of at most `LIMIT` bytes; as an answer, any object.
#[derive(Debug)]
pub(crate) struct Cbor<T, const LIMIT: usize = { limits::SMALL_BODY_BYTES }>(pub(crate) T);

impl<T, const LIMIT: usize> FromRequest<App> for Cbor<T, LIMIT>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        // A web page can make a browser post forms and plain text anywhere, but not this type.
        if head.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != CONTENT_TYPE) {
            return Err(Refusal::bad_request("the content type is not application/cbor"));
        }
        let bytes = read(&head.headers, body, LIMIT, app.request_time()).await?;
        let value = cbor::decode(&bytes, LIMIT).map_err(|error| Refusal::bad_request(error.to_string()))?;
        Ok(Self(value))
    }
}

impl<T: Encode<()>> IntoResponse for Cbor<T> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")], cbor::encode(&self.0))
            .into_response()
    }
}

async fn read(headers: &HeaderMap, mut body: Body, limit: usize, time: Duration) -> Result<Vec<u8>, Refusal> {
    match tokio::time::timeout(time, collect(&mut body, announced(headers), limit)).await {
        Err(_) => Err(Refusal::bad_request("the body did not arrive in time")),
        Ok(Err(_)) => Err(Refusal::bad_request("the body ended early")),
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => {
            // Most clients read the answer only when they have sent everything.
            let _ = tokio::time::timeout(THROWN_AWAY_IN, throw_away(&mut body)).await;
            Err(Refusal::new(Problem::TooLarge, format!("a body here has at most {limit} bytes")))
        }
    }
}

fn announced(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// Reads a body; none if it is longer than `limit`.
async fn collect(body: &mut Body, announced: usize, limit: usize) -> Result<Option<Vec<u8>>, axum::Error> {
    if announced > limit {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(announced);
    while let Some(data) = next(body).await? {
        if bytes.len() + data.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Some(bytes))
}

async fn throw_away(body: &mut Body) -> Result<(), axum::Error> {
    let mut length = 0;
    while let Some(data) = next(body).await?
        && length < THROWN_AWAY
    {
        length += data.len();
    }
    Ok(())
}

async fn next(body: &mut Body) -> Result<Option<Bytes>, axum::Error> {
    let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await.transpose()?;
    // Trailers are no part of the object.
    Ok(frame.map(|frame| frame.into_data().unwrap_or_default()))
}

/// Bytes of a body over its limit that are read all the same.
const THROWN_AWAY: usize = 8 * 1024 * 1024;

/// How long they are read.
const THROWN_AWAY_IN: Duration = Duration::from_secs(2);

const CONTENT_TYPE: &str = "application/cbor";
