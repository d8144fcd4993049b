use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use roamkey_client::{HttpRequest, HttpResponse, Unreachable};
use roamkey_proto::{AccountId, Chain, Pin, ReceiptKey, api::PullRequest, cbor};
use roamkey_server_store::ServerSecrets;
use roamkey_trust::{SignWrite as _, WriteKey, receipt};

use super::{
    Answer, Ask, KeyRing, Lie,
    clock::HandClock,
    exchange::silence,
    honest::{Files, Honest},
};

/// Whoever runs the server: honest until it is told a [`Lie`].
pub struct EvilServer {
    servers: RefCell<Vec<Honest>>,
    /// Which history a device is shown; the first where none is said.
    routes: RefCell<BTreeMap<usize, usize>>,
    lie: RefCell<Option<Lie>>,
    tap: RefCell<Vec<u8>>,
    ring: RefCell<KeyRing>,
    /// Requests that are still on their way, and at which exchange each arrives.
    late: RefCell<Vec<(u64, Ask)>>,
    exchanges: Cell<u64>,
    /// How many more exchanges there may be.
    allowed: Cell<u64>,
    clock: HandClock,
}

/// A state of the server to go back to.
pub struct Snapshot(Files);

impl EvilServer {
    /// The origin by which every device knows it.
    pub const ORIGIN: &'static str = "https://sync.example";

    /// Starts the real server and stands before it.
    #[must_use]
    pub(super) fn start(clock: &HandClock, seed: u64) -> Self {
        Self {
            servers: RefCell::new(vec![Honest::start(Self::ORIGIN, clock, seed)]),
            routes: RefCell::default(),
            lie: RefCell::default(),
            tap: RefCell::default(),
            ring: RefCell::default(),
            late: RefCell::default(),
            exchanges: Cell::default(),
            allowed: Cell::new(u64::MAX),
            clock: clock.clone(),
        }
    }

    /// Takes up a lie, and leaves the one before.
    pub fn tell(&self, lie: Lie) {
        *self.lie.borrow_mut() = Some(lie);
    }

    /// Turns honest: every device is shown the one history again, the clock is right, and what was held up arrives.
    pub fn turn_honest(&self) {
        self.lie.borrow_mut().take();
        self.routes.borrow_mut().clear();
        self.servers.borrow_mut().truncate(1);
        self.lie_about_time(0);
        self.exchanges.set(u64::MAX);
        self.deliver_late();
        self.exchanges.set(0);
    }

    /// Tells no lie from here on; forks and a wrong clock stay.
    pub fn tell_none(&self) {
        self.lie.borrow_mut().take();
    }

    /// Panics after so many exchanges, where a device never comes to an end.
    pub fn allow(&self, exchanges: u64) {
        self.allowed.set(exchanges);
    }

    /// Goes by a clock that is so much ahead, or behind, and says so.
    pub fn lie_about_time(&self, ms: i64) {
        self.clock.set_server_ahead(ms);
    }

    /// Keeps a request on its way until after so many other exchanges; nobody hears what comes of it.
    pub fn hold_up(&self, ask: &Ask, exchanges: u64) {
        self.late.borrow_mut().push((self.exchanges.get() + exchanges, ask.clone()));
    }

    fn deliver_late(&self) {
        let due: Vec<_> = self.late.borrow_mut().extract_if(.., |(at, _)| *at <= self.exchanges.get()).collect();
        for (_, ask) in due {
            _ = self.forward(&ask);
        }
    }

    /// Copies the state that a device is shown.
    #[must_use]
    pub fn snapshot(&self, device: usize) -> Snapshot {
        let at = self.route(device);
        Snapshot(self.servers.borrow_mut()[at].files(Self::ORIGIN))
    }

    /// Goes back to a state, for everybody who is shown this history.
    pub fn roll_back(&self, device: usize, to: &Snapshot) {
        let at = self.route(device);
        self.servers.borrow_mut()[at].restore(Self::ORIGIN, &to.0);
    }

    /// Shows these devices a history of their own from here on, with the same keys and the same past.
    pub fn fork(&self, devices: &[usize]) {
        let first = devices.first().copied().unwrap_or_default();
        let snapshot = self.snapshot(first);
        self.fork_from(devices, &snapshot);
    }

    /// As [`Self::fork`], from an earlier state.
    pub fn fork_from(&self, devices: &[usize], past: &Snapshot) {
        let mut servers = self.servers.borrow_mut();
        servers.push(Honest::start_with(Self::ORIGIN, &self.clock, &past.0));
        let mut routes = self.routes.borrow_mut();
        routes.extend(devices.iter().map(|device| (*device, servers.len() - 1)));
    }

    /// Shows a device the history that another one is shown.
    pub fn route_like(&self, device: usize, other: usize) {
        let at = self.route(other);
        self.routes.borrow_mut().insert(device, at);
    }

    /// Asks as that device did, of the history that another one is shown: what a server knows, it can answer with.
    ///
    /// # Errors
    /// [`Unreachable`].
    pub fn answer_as(&self, shown: usize, ask: &Ask) -> Result<Answer, Unreachable> {
        let at = self.route(shown);
        self.servers.borrow()[at].answer(ask)
    }

    /// Signs a receipt with the server's own key, true or not.
    #[must_use]
    pub fn sign_receipt(&self, account: AccountId, chain: Chain, pin: Pin) -> Vec<u8> {
        self.servers.borrow()[0].sign_receipt(account, chain, pin)
    }

    /// Returns the head of the vault that a device is shown, with the server's word for it.
    ///
    /// # Panics
    /// When the server never showed that device one.
    #[must_use]
    pub fn head_of(&self, shown: usize, account: AccountId) -> Option<Vec<u8>> {
        let at = self.route(shown);
        self.servers.borrow()[at].vault_head(account)
    }

    /// Answers a pull of whatever head with that of the history which another device is shown.
    ///
    /// # Errors
    /// [`Unreachable`].
    pub fn answer_from(&self, shown: usize, ask: &Ask) -> Result<Answer, Unreachable> {
        let mut ask = ask.clone();
        if let (Some(mut pull), Some(account)) = (ask.decode::<PullRequest>(), ask.account()) {
            let head = self.head_of(shown, account);
            let key = ReceiptKey(self.receipt_key());
            if let Some(head) = head.and_then(|head| receipt::verify(&head, &key).ok()) {
                pull.target = head.pin;
                ask.body = Some(cbor::encode(&pull));
            }
        }
        self.answer_as(shown, &ask)
    }

    /// Returns the public key of its receipts.
    #[must_use]
    pub fn receipt_key(&self) -> [u8; 32] {
        *WriteKey::from_bytes(&self.secrets().receipt_seed).public().as_bytes()
    }

    /// Returns the keys that the server has.
    #[must_use]
    pub fn secrets(&self) -> ServerSecrets {
        self.servers.borrow()[0].secrets()
    }

    /// Returns every byte that the server saw or holds.
    #[must_use]
    pub fn everything(&self) -> Vec<u8> {
        let mut seen = self.tap.borrow().clone();
        for server in self.servers.borrow_mut().iter_mut() {
            seen.extend(server.database(Self::ORIGIN));
        }
        seen
    }

    /// Forgets what was seen so far: for tests of what is seen from here on.
    pub fn empty_tap(&self) {
        self.tap.borrow_mut().clear();
    }

    /// Returns what was seen on the wire.
    #[must_use]
    pub fn tapped(&self) -> Vec<u8> {
        self.tap.borrow().clone()
    }

    /// Lends out the keys that it knows and the records that it saw.
    pub fn ring<T>(&self, read: impl FnOnce(&mut KeyRing) -> T) -> T {
        read(&mut self.ring.borrow_mut())
    }

    pub(super) fn exchange(&self, device: usize, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        let ask = Ask::new(device, Self::ORIGIN, request);
        self.note(&ask);
        self.exchanges.set(self.exchanges.get() + 1);
        let Some(left) = self.allowed.get().checked_sub(1) else { panic!("device {device} never comes to an end") };
        self.allowed.set(left);
        // Rates go by the clock, so it must not stand still.
        self.clock.pass(EXCHANGE_MS);
        self.deliver_late();
        // Taken out while it runs, so that it may ask and sign.
        let lie = self.lie.borrow_mut().take();
        let answer = match lie {
            None => self.forward(&ask),
            Some(mut lie) => {
                let answer = lie(&ask, self);
                self.lie.borrow_mut().get_or_insert(lie);
                answer
            }
        };
        self.ring.borrow_mut().watch(&ask, answer.as_ref().ok());
        if let Ok(answer) = &answer {
            self.tap.borrow_mut().extend(&answer.body);
        }
        answer.map(Answer::into_response)
    }

    /// Has the real server answer, as the device that asks is shown it.
    ///
    /// # Errors
    /// [`Unreachable`].
    pub fn forward(&self, ask: &Ask) -> Result<Answer, Unreachable> {
        if !ask.path.starts_with('/') {
            return Err(silence());
        }
        self.answer_as(ask.device, ask)
    }

    fn route(&self, device: usize) -> usize {
        self.routes.borrow().get(&device).copied().unwrap_or_default()
    }

    fn note(&self, ask: &Ask) {
        let mut tap = self.tap.borrow_mut();
        tap.extend(ask.method.bytes());
        tap.extend(ask.path.bytes());
        for (name, value) in &ask.headers {
            tap.extend(name.bytes());
            tap.extend(value.bytes());
        }
        tap.extend(ask.body.iter().flatten());
        tap.push(b'\n');
    }
}

/// Milliseconds of a request and its answer.
const EXCHANGE_MS: u64 = 10;
