//! `fetch`, behind the background worker.

use js_sys::{Array, Reflect, Uint8Array};
use roamkey_client::{HttpRequest, HttpResponse, Transport, Unreachable};
use roamkey_proto::limits;
use wasm_bindgen::{JsCast as _, JsValue};

use super::{Host, reason};

/// Requests by the browser.
pub(crate) struct BrowserTransport {
    host: Host,
}

impl BrowserTransport {
    pub(super) fn new(host: Host) -> Self {
        Self { host }
    }
}

impl Transport for BrowserTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        let headers: Array = request
            .headers
            .iter()
            .map(|(name, value)| [JsValue::from(*name), JsValue::from(value)].into_iter().collect::<Array>())
            .collect();
        let body = request.body.as_deref().map(Uint8Array::from);
        let answer = self.host.fetch(request.method, &request.url, headers, body).await;
        let answer = answer.map_err(|error| Unreachable { reason: reason(&error) })?;
        read(&answer).ok_or_else(|| Unreachable { reason: "the browser gave no answer".to_owned() })
    }
}

/// `{status, contentType, retryAfter?, body}`
fn read(answer: &JsValue) -> Option<HttpResponse> {
    let member = |name: &str| Reflect::get(answer, &name.into()).ok();
    let body: Uint8Array = member("body")?.dyn_into().ok()?;
    if body.length() as usize > limits::RESPONSE_BYTES {
        return None;
    }
    Some(HttpResponse {
        status: member("status")?.as_f64()? as u16,
        content_type: member("contentType")?.as_string()?,
        retry_after: member("retryAfter").and_then(|value| value.as_string()),
        body: body.to_vec(),
    })
}
