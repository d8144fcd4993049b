//! What a browser hands to an extension that answers in its place (`chrome.webAuthenticationProxy`).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Caller, Origin, options::json};
use crate::WebauthnError;

/// A request that the browser itself hands over: it has checked the relying party id, permissions policy and focus, and
/// says for which origin it asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Proxied {
    /// Who asks. The browser does not say what the outermost page is.
    pub caller: Caller,
    /// The options, in the JSON form that [`CreationOptions`](super::CreationOptions) and
    /// [`RequestOptions`](super::RequestOptions) take.
    pub options: Value,
}

impl Proxied {
    /// Parses the details of a request. The origin is in an extension input that the browser adds, and that no page can set.
    ///
    /// # Errors
    /// [`WebauthnError::Type`] for what is no such request; otherwise as [`Origin::parse`].
    pub fn from_json(details: &str) -> Result<Self, WebauthnError> {
        let mut options: Map<String, Value> = json::parse(details)?;
        let extensions = options.get_mut("extensions").and_then(Value::as_object_mut);
        let word = extensions.and_then(|extensions| extensions.remove(OVERRIDE)).ok_or(WebauthnError::Type(NOBODY))?;
        let json::Dictionary(Override { origin, same_origin_with_ancestors }) =
            json::Dictionary::deserialize(word).map_err(|_| WebauthnError::Type(NOBODY))?;
        let origin = Origin::parse(&origin)?;
        let caller =
            if same_origin_with_ancestors { Caller::same_origin(origin) } else { Caller::cross_origin(origin, None) };
        Ok(Self { caller, options: Value::Object(options) })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Override {
    origin: String,
    same_origin_with_ancestors: bool,
}

const OVERRIDE: &str = "remoteDesktopClientOverride";
const NOBODY: &str = "the browser does not say who asks";
