use std::time::Duration;

use axum::{
    body::{self, Body},
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

async fn read(headers: &HeaderMap, body: Body, limit: usize, time: Duration) -> Result<body::Bytes, Refusal> {
    let too_large = || Refusal::new(Problem::TooLarge, format!("a body here has at most {limit} bytes"));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(time, body::to_bytes(body, limit)).await {
        Err(_) => Err(Refusal::bad_request("the body did not arrive in time")),
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_large(&error) => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::bad_request("the body ended early")),
    }
}

/// `to_bytes` tells by the source of its error whether the limit or the connection ended the body.
fn is_too_large(error: &axum::Error) -> bool {
    core::error::Error::source(error).is_some_and(|source| source.to_string().contains("length limit"))
}

const CONTENT_TYPE: &str = "application/cbor";
