use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Path, Query, RawPathParams},
    http::request::Parts,
};
use roamkey_proto::AccountId;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;

/// The account that a path names.
pub(crate) async fn account<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<AccountId, Refusal> {
    let malformed = || Refusal::bad_request("an account is 64 lower-case hexadecimal digits");
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| malformed())?;
    let text = params.iter().find(|(name, _)| *name == "account").map(|(_, text)| text);
    text.and_then(|text| AccountId::from_str(text).ok()).ok_or_else(malformed)
}

/// The number of a mailbox in a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub(crate) u32);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let number = Path::<u32>::from_request_parts(parts, state).await;
        number.map(|Path(number)| Self(number)).map_err(|_| Refusal::bad_request("a mailbox is a number"))
    }
}

/// The parameters after the question mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Params<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = Query::<T>::from_request_parts(parts, state).await;
        params.map(|Query(params)| Self(params)).map_err(|_| Refusal::bad_request("a parameter is malformed"))
    }
}
