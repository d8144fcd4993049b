//! The document in which a state is kept: a canonical CBOR map, in one version.

use std::ops::RangeInclusive;

use zeroize::Zeroizing;

use super::DeviceState;
use crate::{
    RpId,
    ctap::{
        cbor::{Map, Value},
        limits,
        pin_uv::{Pin, PinPolicy, TokenSecret},
        request::{Params, as_text},
    },
};

pub(super) fn encode(state: &DeviceState) -> Zeroizing<Vec<u8>> {
    let rp_ids = state.pin_policy_rp_ids.iter().map(RpId::as_str);
    let map = Map::default()
        .with(VERSION, CURRENT_VERSION)
        .with_some(PIN_HASH, state.pin.as_ref().map(|pin| &pin.expose().0[..]))
        .with_some(PIN_LENGTH, state.pin.as_ref().map(|pin| pin.expose().1))
        .with(PIN_RETRIES, state.pin_retries)
        .with(UV_RETRIES, state.uv_retries)
        .with(UV_COUNT, state.uv_count_since_pin)
        .with(FORCE_PIN_CHANGE, state.force_pin_change)
        .with(MIN_PIN_LENGTH, state.pin_policy.min_length)
        .with(REFUSES_OBVIOUS, state.pin_policy.refuses_obvious)
        .with(PIN_POLICY_RP_IDS, Value::array(rp_ids))
        .with(ALWAYS_UV, state.always_uv)
        .with(ENTERPRISE_ATTESTATION, state.enterprise_attestation)
        .with(LONG_TOUCH_FOR_RESET, state.long_touch_for_reset)
        // Kept, because platforms hold it across power cycles.
        .with(PERSISTENT_TOKEN, &state.persistent_token.expose()[..])
        .with(IDENTIFIER, &state.identifier[..])
        .with(CREDENTIAL_STORE_STATE, &state.credential_store_state[..])
        .with(LARGE_BLOBS, &state.large_blobs[..]);
    Zeroizing::new(Value::from(map).encode())
}

pub(super) fn decode(bytes: &[u8]) -> Option<DeviceState> {
    let Ok(Value::Map(map)) = Value::decode(bytes) else { return None };
    let params = Params::new(&map);
    if params.unsigned(VERSION).ok()? != CURRENT_VERSION {
        return None;
    }
    let state = DeviceState {
        pin: pin(params)?,
        pin_retries: within(params, PIN_RETRIES, 0..=limits::PIN_RETRIES)?,
        uv_retries: within(params, UV_RETRIES, 0..=limits::UV_RETRIES)?,
        uv_count_since_pin: params.unsigned(UV_COUNT).ok()?,
        force_pin_change: params.optional_bool(FORCE_PIN_CHANGE).ok()??,
        pin_policy: PinPolicy {
            min_length: within(params, MIN_PIN_LENGTH, PIN_LENGTHS)?,
            refuses_obvious: params.optional_bool(REFUSES_OBVIOUS).ok()??,
        },
        pin_policy_rp_ids: rp_ids(params)?,
        always_uv: params.optional_bool(ALWAYS_UV).ok()??,
        enterprise_attestation: params.optional_bool(ENTERPRISE_ATTESTATION).ok()??,
        long_touch_for_reset: params.optional_bool(LONG_TOUCH_FOR_RESET).ok()??,
        persistent_token: TokenSecret::from_bytes(params.bytes(PERSISTENT_TOKEN).ok()?.try_into().ok()?),
        identifier: params.bytes(IDENTIFIER).ok()?.try_into().ok()?,
        credential_store_state: params.bytes(CREDENTIAL_STORE_STATE).ok()?.try_into().ok()?,
        large_blobs: params.bytes(LARGE_BLOBS).ok()?.to_vec(),
    };
    // One state has one document: whatever else stood in this one is not ours.
    (*encode(&state) == bytes).then_some(state)
}

/// Neither part of a PIN, or both.
fn pin(params: Params<'_, '_>) -> Option<Option<Pin>> {
    let hash = params.optional_bytes(PIN_HASH).ok()?;
    match (hash, params.optional_unsigned(PIN_LENGTH).ok()?) {
        (None, None) => Some(None),
        (Some(hash), Some(_)) => {
            Some(Some(Pin::from_parts(hash.try_into().ok()?, within(params, PIN_LENGTH, PIN_LENGTHS)?)))
        }
        _ => None,
    }
}

fn rp_ids(params: Params<'_, '_>) -> Option<Vec<RpId>> {
    let texts = params.array(PIN_POLICY_RP_IDS).ok()?;
    texts.iter().map(|text| RpId::try_from(as_text(text).ok()?).ok()).collect()
}

fn within(params: Params<'_, '_>, key: i64, range: RangeInclusive<u8>) -> Option<u8> {
    u8::try_from(params.unsigned(key).ok()?).ok().filter(|value| range.contains(value))
}

const PIN_LENGTHS: RangeInclusive<u8> = limits::MIN_PIN_LEN..=limits::MAX_PIN_LEN;

const CURRENT_VERSION: u64 = 1;

const VERSION: i64 = 0;
const PIN_HASH: i64 = 1;
const PIN_LENGTH: i64 = 2;
const PIN_RETRIES: i64 = 3;
const UV_RETRIES: i64 = 4;
const UV_COUNT: i64 = 5;
const FORCE_PIN_CHANGE: i64 = 6;
const MIN_PIN_LENGTH: i64 = 7;
const REFUSES_OBVIOUS: i64 = 8;
const PIN_POLICY_RP_IDS: i64 = 9;
const ALWAYS_UV: i64 = 10;
const ENTERPRISE_ATTESTATION: i64 = 11;
const LONG_TOUCH_FOR_RESET: i64 = 12;
const PERSISTENT_TOKEN: i64 = 13;
const IDENTIFIER: i64 = 14;
const CREDENTIAL_STORE_STATE: i64 = 15;
const LARGE_BLOBS: i64 = 16;
