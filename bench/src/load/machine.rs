//! A machine in memory that keeps the time of each request.

use std::{
    cell::RefCell,
    time::{Instant, SystemTime},
};

use anyhow::{Result, anyhow};
use getrandom::{SysRng, rand_core::UnwrapErr};
use roamkey_cli::machine::HttpTransport;
use roamkey_client::{Host, HttpRequest, HttpResponse, MemoryStore, Transport, Unreachable};
use roamkey_proto::Time;

use super::tally::Tally;

/// A store in memory, the command line's HTTP, and a watch.
pub(super) struct Machine {
    store: MemoryStore,
    transport: Timed,
}

/// HTTP by the watch.
pub(super) struct Timed {
    inner: HttpTransport,
    requests: RefCell<Tally>,
    pushed: RefCell<Option<Instant>>,
}

impl Machine {
    pub(super) fn new() -> Result<Self> {
        let inner = HttpTransport::new(None).map_err(|error| anyhow!(error))?;
        let transport = Timed { inner, requests: RefCell::default(), pushed: RefCell::default() };
        Ok(Self { store: MemoryStore::default(), transport })
    }

    /// How long each request took.
    pub(super) fn requests(&self) -> &RefCell<Tally> {
        &self.transport.requests
    }

    /// When the last push was answered.
    pub(super) fn pushed(&self) -> Option<Instant> {
        *self.transport.pushed.borrow()
    }
}

impl Transport for Timed {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        let name = name(&request);
        let start = Instant::now();
        let response = self.inner.send(request).await?;
        self.requests.borrow_mut().keep(name, start.elapsed());
        if name == "push" {
            *self.pushed.borrow_mut() = Some(Instant::now());
        }
        Ok(response)
    }
}

/// What a request is for.
fn name(request: &HttpRequest) -> &'static str {
    let path = request.url.split('?').next().unwrap_or_default();
    let end = path.rsplit('/').next().unwrap_or_default();
    NAMES.iter().copied().find(|name| *name == end).unwrap_or("other")
}

/// Requests that are told apart, by the end of their path.
const NAMES: [&str; 9] =
    ["accounts", "challenge", "sessions", "heads", "log", "push", "pull", "heartbeats", "messages"];

impl Host for Machine {
    type Store = MemoryStore;
    type Transport = Timed;
    type Rng = UnwrapErr<SysRng>;

    fn store(&self) -> &MemoryStore {
        &self.store
    }

    fn transport(&self) -> &Timed {
        &self.transport
    }

    fn rng(&self) -> Self::Rng {
        UnwrapErr(SysRng)
    }

    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Time(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    fn platform(&self) -> &str {
        "bench"
    }
}
