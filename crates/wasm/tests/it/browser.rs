//! A browser for tests: rows in memory, a server that only says who it is.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use rand_core::UnwrapErr;
use roamkey_client::{
    Error, Host, HttpRequest, HttpResponse, LocalStore, MemoryStore, Row, StoreError, Transport, Unreachable,
};
use roamkey_proto::{
    ReceiptKey, Time, VERSION,
    api::{Registration, ServerInfo},
    cbor,
};
use roamkey_sync::{Batch, StoreKey, Table};
use roamkey_wasm::{Browser, Core};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// What outlives a worker: the rows and the kept session.
#[derive(Default)]
pub(crate) struct Profile {
    store: MemoryStore,
    session: RefCell<Option<Vec<u8>>>,
    /// Rows that were read, one by one or in scans.
    pub(crate) reads: Cell<usize>,
    /// Requests wait for ever instead of failing.
    pub(crate) hangs: Cell<bool>,
}

/// A worker: what it knows ends with it.
pub(crate) struct Worker {
    core: Core<TestBrowser>,
}

impl Worker {
    pub(crate) fn start(profile: &Rc<Profile>) -> Self {
        let profile = Rc::clone(profile);
        let (store, transport) = (Counted(Rc::clone(&profile)), Nowhere(Rc::clone(&profile)));
        Self { core: Core::new(TestBrowser { profile, store, transport }) }
    }

    /// A worker of a profile with a new account.
    pub(crate) fn with_account(profile: &Rc<Profile>) -> Self {
        let worker = Self::start(profile);
        worker.ok(&json!({
            "type": "create",
            "server": "http://localhost:8800",
            "passphrase": PASSPHRASE,
            "deviceName": "laptop",
        }));
        worker
    }

    /// Asks, and wants an answer.
    pub(crate) fn ok(&self, request: &Value) -> Value {
        pollster::block_on(self.ask(request))
    }

    pub(crate) async fn ask(&self, request: &Value) -> Value {
        let mut reply: Value = serde_json::from_str(&self.core.call(request.to_string()).await).unwrap();
        assert!(reply.get("ok").is_some(), "{request}\n{reply}");
        reply["ok"].take()
    }

    /// Asks, and wants a failure.
    pub(crate) fn fails(&self, request: &Value) -> Value {
        self.fails_raw(&request.to_string())
    }

    pub(crate) fn fails_raw(&self, request: &str) -> Value {
        let reply = pollster::block_on(self.core.call(request.to_owned()));
        let mut reply: Value = serde_json::from_str(&reply).unwrap();
        assert!(reply.get("error").is_some(), "{request}\n{reply}");
        reply["error"].take()
    }
}

pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

struct TestBrowser {
    profile: Rc<Profile>,
    store: Counted,
    transport: Nowhere,
}

impl Host for TestBrowser {
    type Store = Counted;
    type Transport = Nowhere;
    type Rng = UnwrapErr<getrandom::SysRng>;

    fn store(&self) -> &Counted {
        &self.store
    }

    fn transport(&self) -> &Nowhere {
        &self.transport
    }

    fn rng(&self) -> Self::Rng {
        UnwrapErr(getrandom::SysRng)
    }

    fn now(&self) -> Time {
        Time(1_795_369_544_000)
    }

    fn platform(&self) -> &str {
        "Test"
    }
}

impl Browser for TestBrowser {
    async fn keep_session(&self, bytes: Option<&[u8]>) -> Result<(), Error> {
        *self.profile.session.borrow_mut() = bytes.map(<[u8]>::to_vec);
        Ok(())
    }

    async fn kept_session(&self) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        Ok(self.profile.session.borrow().clone().map(Zeroizing::new))
    }
}

struct Counted(Rc<Profile>);

impl LocalStore for Counted {
    async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.0.reads.set(self.0.reads.get() + keys.len());
        self.0.store.load(keys).await
    }

    async fn scan(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let rows = self.0.store.scan(table, after, limit).await?;
        self.0.reads.set(self.0.reads.get() + rows.len());
        Ok(rows)
    }

    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.0.store.apply(batch).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.0.store.clear().await
    }
}

struct Nowhere(Rc<Profile>);

impl Transport for Nowhere {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        if request.url.ends_with("/v1/server") {
            let info = ServerInfo {
                versions: vec![VERSION],
                receipt_key: ReceiptKey([1; 32]),
                time: Time(0),
                registration: Registration::Open,
            };
            let content_type = "application/cbor".to_owned();
            return Ok(HttpResponse { status: 200, content_type, retry_after: None, body: cbor::encode(&info) });
        }
        if self.0.hangs.get() {
            std::future::pending::<()>().await;
        }
        Err(Unreachable { reason: "nobody is there".to_owned() })
    }
}
