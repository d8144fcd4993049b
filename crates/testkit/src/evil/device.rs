//! A device as a person has it: the real client on a machine of its own.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use chacha20::ChaCha20Rng;
use pollster::block_on;
use roamkey_client::{
    Client, Error, Host, HttpRequest, HttpResponse, LocalStore, Row, ServerUrl, Session, StoreError, Transport,
    Unreachable, Vacant,
    pairing::{JoinStage, PairStage, parse_code},
};
use roamkey_proto::{DeviceId, Time};
use roamkey_sealing::unlock::Passphrase;
use roamkey_sync::{Batch, StoreKey, Table};

use super::{EvilServer, clock::HandClock};
use crate::{MemoryStore, seeded};

/// A machine: a disk, a wire, a clock that is moved by hand, and randomness from a seed.
pub struct EvilHost {
    disk: Disk,
    wire: Wire,
    clock: HandClock,
    /// How far this machine's clock is ahead, or behind.
    skew_ms: Cell<i64>,
    seed: u64,
    drawn: Cell<u64>,
}

/// The way to the server.
#[derive(Clone)]
pub struct Wire {
    server: Rc<EvilServer>,
    device: usize,
}

/// What rests on the machine.
#[derive(Default)]
pub struct Disk(RefCell<MemoryStore>);

/// A device of the world.
pub struct Device {
    /// Its name in the log.
    pub id: DeviceId,
    host: Rc<EvilHost>,
    session: Session<EvilHost>,
}

impl Device {
    pub(super) fn new(host: Rc<EvilHost>, session: Session<EvilHost>) -> Self {
        Self { id: session.home().device, host, session }
    }

    /// Returns the unlocked session.
    #[must_use]
    pub fn session(&self) -> &Session<EvilHost> {
        &self.session
    }

    /// Dies and starts again: nothing that was in memory is left.
    ///
    /// # Panics
    /// When the device does not open from its own disk.
    pub fn crash(&mut self) {
        let kept = self.session.keep().expect("an unlocked device");
        let Ok(Client::Locked(locked)) = block_on(Client::open(Rc::clone(&self.host))) else {
            panic!("a device of an account");
        };
        self.session = block_on(locked.resume(&kept)).expect("a device that opens from its disk");
    }

    /// Returns every byte at rest, as a thief of the disk has them.
    #[must_use]
    pub fn disk(&self) -> Vec<u8> {
        self.host.disk.0.borrow().bytes()
    }

    /// Returns the rows of a table.
    #[must_use]
    pub fn rows(&self, table: Table) -> Vec<Row> {
        self.host.disk.0.borrow().scan(table)
    }

    /// Copies the disk, as a thief does or a backup.
    #[must_use]
    pub fn copy_disk(&self) -> MemoryStore {
        self.host.disk.0.borrow().clone()
    }

    /// Returns the number by which the server knows this machine, of all that there were.
    #[must_use]
    pub fn machine(&self) -> usize {
        self.host.wire.device
    }

    /// Sets this machine's clock so much ahead, or behind.
    pub fn skew(&self, ms: i64) {
        self.host.skew_ms.set(ms);
    }
}

impl EvilHost {
    pub(super) fn new(server: &Rc<EvilServer>, device: usize, clock: &HandClock, seed: u64) -> Rc<Self> {
        Rc::new(Self {
            disk: Disk::default(),
            wire: Wire { server: Rc::clone(server), device },
            clock: clock.clone(),
            skew_ms: Cell::new(0),
            seed: seed.wrapping_mul(1_000).wrapping_add(device as u64),
            drawn: Cell::new(0),
        })
    }
}

impl Host for EvilHost {
    type Store = Disk;
    type Transport = Wire;
    type Rng = ChaCha20Rng;

    fn store(&self) -> &Disk {
        &self.disk
    }

    fn transport(&self) -> &Wire {
        &self.wire
    }

    fn rng(&self) -> ChaCha20Rng {
        self.drawn.set(self.drawn.get() + 1);
        seeded(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(self.drawn.get()))
    }

    fn now(&self) -> Time {
        Time(self.clock.now().0.saturating_add_signed(self.skew_ms.get()))
    }

    fn platform(&self) -> &str {
        "Test"
    }
}

impl Transport for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        self.server.exchange(self.device, request)
    }
}

impl LocalStore for Disk {
    async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        Ok(self.0.borrow().load(keys))
    }

    async fn scan(&self, table: Table, after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let rows = self.0.borrow().scan(table).into_iter();
        Ok(rows.filter(|(key, _)| after.is_none_or(|after| key.as_slice() > after)).take(limit).collect())
    }

    async fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.0.borrow_mut().apply(batch);
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        *self.0.borrow_mut() = MemoryStore::default();
        Ok(())
    }
}

/// What unlocks every device here.
///
/// # Panics
/// Never: it is a passphrase.
#[must_use]
pub fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple").expect("a passphrase")
}

/// Pairs a new machine with a member, both persons doing as they should.
///
/// # Errors
/// Why either side ended it.
pub fn paired(
    member: &Session<EvilHost>,
    newcomer: Rc<EvilHost>,
    server: &ServerUrl,
    name: &str,
) -> Result<Session<EvilHost>, Error> {
    let mut pairing = block_on(member.pair())?;
    let mut joining = joined(newcomer, pairing.code(), server, name)?;
    let mut shown = None;
    for _ in 0..TURNS {
        if let PairStage::Confirm { choices, .. } = block_on(pairing.poll(member))?
            && let Some(emoji) = choices.iter().find(|choice| shown.as_ref() == Some(*choice))
        {
            block_on(pairing.confirm(member, *emoji))?;
        }
        match block_on(joining.poll())? {
            JoinStage::Done(session) => return Ok(*session),
            JoinStage::Confirm { emoji } => shown = Some(emoji),
            JoinStage::Waiting => {}
        }
    }
    Err(Error::Busy)
}

/// Begins to join, as someone who types this code.
///
/// # Errors
/// Why it did not begin.
pub fn joined(
    newcomer: Rc<EvilHost>,
    code: &str,
    server: &ServerUrl,
    name: &str,
) -> Result<roamkey_client::pairing::Joining<EvilHost>, Error> {
    let vacant = vacant(newcomer)?;
    let code = parse_code(code)?;
    block_on(vacant.join(&code, server, passphrase(), name)).map_err(|stayed| stayed.error)
}

/// Begins on a machine that is of no account.
///
/// # Errors
/// [`Error::Busy`] when it is of one.
pub fn vacant(host: Rc<EvilHost>) -> Result<Vacant<EvilHost>, Error> {
    match block_on(Client::open(host))? {
        Client::Vacant(vacant) => Ok(vacant),
        Client::Locked(_) => Err(Error::Busy),
    }
}

/// More turns than any pairing takes.
const TURNS: usize = 24;
