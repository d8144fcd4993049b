//! The browser: what the background worker lends the core.

mod store;
mod transport;

use js_sys::{Array, Uint8Array};
use rand_core::UnwrapErr;
use roamkey_client::{self as client, Error, StoreError};
use roamkey_proto::Time;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use zeroize::Zeroizing;

use self::{store::BrowserStore, transport::BrowserTransport};
use crate::core::{Browser, Core as GenericCore};

#[wasm_bindgen]
extern "C" {
    /// What the background worker gives: TypeScript that only forwards.
    #[derive(Clone)]
    pub type Host;

    #[wasm_bindgen(method, catch)]
    async fn get(this: &Host, tables: Array, keys: Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn scan(this: &Host, table: &str, after: Option<Uint8Array>, limit: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn apply(this: &Host, batch: Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn fetch(
        this: &Host,
        method: &str,
        url: &str,
        headers: Array,
        body: Option<Uint8Array>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method)]
    fn now(this: &Host) -> f64;

    #[wasm_bindgen(method, catch, js_name = keepSession)]
    async fn keep_session(this: &Host, bytes: Option<Uint8Array>) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn session(this: &Host) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = userAgent)]
    static USER_AGENT: Option<String>;
}

/// The core of one background worker.
#[wasm_bindgen]
pub struct Core(GenericCore<Machine>);

#[wasm_bindgen]
impl Core {
    /// Opens the core over what the worker gives it.
    pub async fn open(host: Host) -> Self {
        Self(GenericCore::new(Machine::new(host)))
    }

    /// Answers a request: JSON in, JSON out.
    pub async fn call(&self, request: String) -> String {
        self.0.call(request).await
    }
}

/// The browser as a machine to run on.
struct Machine {
    host: Host,
    store: BrowserStore,
    transport: BrowserTransport,
    platform: String,
}

impl Machine {
    fn new(host: Host) -> Self {
        let agent = USER_AGENT.with(Clone::clone).unwrap_or_default();
        Self {
            store: BrowserStore::new(host.clone()),
            transport: BrowserTransport::new(host.clone()),
            platform: platform(&agent),
            host,
        }
    }
}

impl client::Host for Machine {
    type Store = BrowserStore;
    type Transport = BrowserTransport;
    type Rng = UnwrapErr<getrandom::SysRng>;

    fn store(&self) -> &BrowserStore {
        &self.store
    }

    fn transport(&self) -> &BrowserTransport {
        &self.transport
    }

    fn rng(&self) -> Self::Rng {
        UnwrapErr(getrandom::SysRng)
    }

    fn now(&self) -> Time {
        // A clock before 1970 counts as 1970.
        Time(self.host.now() as u64)
    }

    fn platform(&self) -> &str {
        &self.platform
    }
}

impl Browser for Machine {
    async fn keep_session(&self, bytes: Option<&[u8]>) -> Result<(), Error> {
        let bytes = bytes.map(Uint8Array::from);
        let kept = self.host.keep_session(bytes.clone()).await.map(drop).map_err(refused);
        // The browser has its sealed copy; this one is done.
        if let Some(bytes) = bytes {
            bytes.fill(0, 0, bytes.length());
        }
        Ok(kept?)
    }

    async fn kept_session(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let value = self.host.session().await.map_err(refused)?;
        if value.is_undefined() {
            return Ok(None);
        }
        let array: Uint8Array = value.dyn_into().map_err(refused)?;
        let bytes = Zeroizing::new(array.to_vec());
        array.fill(0, 0, array.length());
        Ok(Some(bytes))
    }
}

/// Says the browser and the system, as a person calls them.
fn platform(agent: &str) -> String {
    let name = [("Firefox/", "Firefox"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chromium")];
    let system =
        [("Windows", "Windows"), ("Android", "Android"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];
    let find =
        |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(&name), find(&system)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => "Browser".to_owned(),
    }
}

/// What a rejected promise says, as far as it can be told.
fn reason(error: &JsValue) -> String {
    let error: Option<&js_sys::Error> = error.dyn_ref();
    error.map_or("unknown".to_owned(), |error| {
        format!("{}: {}", String::from(error.name()), String::from(error.message()))
    })
}

/// The browser did not do it; a full disk has a name of its own.
fn refused(error: JsValue) -> StoreError {
    let text = reason(&error);
    if text.starts_with("QuotaExceededError") { StoreError::Full } else { StoreError::Unavailable(text) }
}
