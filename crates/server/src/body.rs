use std::{future::poll_fn, pin::Pin, time::Duration};

use axum::{
    body::{Body, HttpBody},
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

async fn read(headers: &HeaderMap, body: Body, limit: usize, time: Duration) -> Result<Vec<u8>, Refusal> {
    match tokio::time::timeout(time, collect(body, announced(headers), limit)).await {
        Err(_) => Err(Refusal::bad_request("the body did not arrive in time")),
        Ok(Err(_)) => Err(Refusal::bad_request("the body ended early")),
        Ok(Ok(None)) => Err(Refusal::new(Problem::TooLarge, format!("a body here has at most {limit} bytes"))),
        Ok(Ok(Some(bytes))) => Ok(bytes),
    }
}

fn announced(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// Reads a body; none if it is longer than `limit`.
///
/// What is too long is read on for a while and thrown away: most clients read the answer only when
/// they have sent everything.
async fn collect(mut body: Body, announced: usize, limit: usize) -> Result<Option<Vec<u8>>, axum::Error> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame?.into_data() else { continue };
        length += data.len();
        if length.max(announced) <= limit {
            bytes.extend_from_slice(&data);
        } else if length > limit + THROWN_AWAY {
            break;
        }
    }
    Ok((length <= limit).then_some(bytes))
}

/// Bytes over the limit that are read all the same.
const THROWN_AWAY: usize = 4 * 1024 * 1024;

const CONTENT_TYPE: &str = "application/cbor";
