//! Feeds the engine and does what it wants done.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    mem,
    rc::Rc,
    sync::Arc,
};

use async_lock::Mutex;
use roamkey_proto::{ItemId, Time};
use roamkey_sealing::LocalKey;
use roamkey_sync::{
    Batch, CommandError, Effect, Engine, EngineError, Event, Idle, Outcome, Reader, Request, Status, StoreKey, Table,
};

use super::connection::Connection;
use crate::{Error, Host, LocalStore, Row, StoreError};

/// The engine of an unlocked device and the loop around it.
pub(crate) struct Driver<H: Host> {
    host: Rc<H>,
    /// None once the device is locked.
    open: RefCell<Option<Open>>,
    /// Held by whoever feeds the engine: through reads and writes of the store, never through the network.
    turn: Mutex<()>,
    /// Held by whoever talks to the server.
    pub(super) wire: Mutex<Connection>,
    /// What the engine wants to ask the server; at most one at a time.
    outgoing: RefCell<Option<Request>>,
    /// Written together with the first batch of an engine that founds or joins.
    first: RefCell<Option<Batch>>,
    news: RefCell<News>,
    /// Counts engines: what answers one that was dropped is dropped as well.
    generation: Cell<u64>,
}

struct Open {
    engine: Engine,
    local: Arc<LocalKey>,
}

/// What the engine told since somebody asked.
#[derive(Default)]
pub(super) struct News {
    /// Items that are not as they were; for the list.
    pub(super) stale: BTreeSet<ItemId>,
    /// The same, for whoever syncs.
    pub(super) changed: BTreeSet<ItemId>,
    pub(super) commanded: Option<Result<Outcome, CommandError>>,
    pub(super) idle: Option<Idle>,
    pub(super) wake_at: Option<Time>,
    /// Items of changes that came to nothing.
    pub(super) unapplied: Vec<ItemId>,
}

impl<H: Host> Driver<H> {
    pub(super) fn new(host: Rc<H>, engine: Engine, local: Arc<LocalKey>, first: Option<Batch>) -> Self {
        Self {
            host,
            open: RefCell::new(Some(Open { engine, local })),
            turn: Mutex::new(()),
            wire: Mutex::new(Connection::default()),
            outgoing: RefCell::default(),
            first: RefCell::new(first),
            news: RefCell::default(),
            generation: Cell::new(0),
        }
    }

    pub(crate) fn host(&self) -> &H {
        &self.host
    }

    /// Runs the engine until it has read what it needs.
    pub(super) async fn begin(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        self.drain().await
    }

    /// Feeds an event to the engine, and reads and writes what follows from it.
    pub(super) async fn step(&self, event: Event) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        self.step_in_turn(event).await
    }

    /// As [`Self::step`] for the answer to a request, unless the engine that asked is gone.
    pub(super) async fn answer(&self, asked: Asked, event: Event) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        if asked.generation != self.generation.get() {
            return Ok(());
        }
        self.step_in_turn(event).await
    }

    /// Returns what the engine wants to ask the server.
    pub(super) fn take_request(&self) -> Option<Asked> {
        let request = self.outgoing.borrow_mut().take()?;
        Some(Asked { request, generation: self.generation.get() })
    }

    pub(super) fn news<T>(&self, read: impl FnOnce(&mut News) -> T) -> T {
        read(&mut self.news.borrow_mut())
    }

    pub(super) fn status(&self) -> Result<Status, Error> {
        self.with_engine(|engine| engine.status())?.ok_or(NOT_READY)
    }

    pub(super) fn local(&self) -> Result<Arc<LocalKey>, Error> {
        self.open.borrow().as_ref().map(|open| Arc::clone(&open.local)).ok_or(Error::Locked)
    }

    /// Lends the engine out; never across an await.
    pub(super) fn with_engine<T>(&self, read: impl FnOnce(&Engine) -> T) -> Result<T, Error> {
        self.open.borrow().as_ref().map(|open| read(&open.engine)).ok_or(Error::Locked)
    }

    /// Lends out what reads items; only for what needs no rows.
    pub(super) fn with_reader<T>(&self, read: impl FnOnce(&Reader<'_>) -> T) -> Result<T, Error> {
        self.with_engine(|engine| engine.reader().map(|reader| read(&reader)))?.ok_or(NOT_READY)
    }

    /// Reads rows and opens what they hold. In a turn of its own: between what the engine knows to
    /// be pending and what the store holds there must be no step.
    pub(super) async fn read<T>(
        &self,
        keys: impl FnOnce(&Reader<'_>) -> Vec<StoreKey>,
        open: impl FnOnce(&Reader<'_>, &[Option<Vec<u8>>]) -> Result<T, EngineError>,
    ) -> Result<T, Error> {
        let _turn = self.turn.lock().await;
        self.drain().await?;
        let keys = self.with_reader(keys)?;
        let rows = self.load(&keys).await?;
        Ok(self.with_reader(|reader| open(reader, &rows))??)
    }

    /// Drops the engine and the keys, after the turn at hand.
    pub(super) async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.open.borrow_mut().take();
        self.outgoing.borrow_mut().take();
        *self.news.borrow_mut() = News::default();
    }

    async fn step_in_turn(&self, event: Event) -> Result<(), Error> {
        // After a failed write the engine was opened anew, and has still to read.
        self.drain().await?;
        self.handle(event)?;
        self.drain().await
    }

    fn handle(&self, event: Event) -> Result<(), Error> {
        let mut open = self.open.borrow_mut();
        let engine = &mut open.as_mut().ok_or(Error::Locked)?.engine;
        Ok(engine.handle(event, self.host.now(), &mut self.host.rng())?)
    }

    fn next_effect(&self) -> Result<Option<Effect>, Error> {
        self.open.borrow_mut().as_mut().map(|open| open.engine.next_effect()).ok_or(Error::Locked)
    }

    async fn drain(&self) -> Result<(), Error> {
        let result = self.drain_effects().await;
        // What could not be read or written leaves the engine ahead of the store: begin again from there.
        if matches!(result, Err(Error::Store(_) | Error::Damaged(_))) {
            self.reopen();
        }
        result
    }

    async fn drain_effects(&self) -> Result<(), Error> {
        while let Some(effect) = self.next_effect()? {
            match effect {
                Effect::Load(keys) => self.handle(Event::Loaded(self.host.store().load(&keys).await?))?,
                Effect::Scan(table) => self.handle(Event::Scanned(self.scan(table).await?))?,
                Effect::Persist(batch) => self.persist(batch).await?,
                Effect::Request(request) => *self.outgoing.borrow_mut() = Some(request),
                told => self.note(told),
            }
        }
        Ok(())
    }

    async fn persist(&self, mut batch: Batch) -> Result<(), StoreError> {
        if let Some(first) = self.first.borrow_mut().take() {
            batch.writes.extend(first.writes);
        }
        self.host.store().apply(batch).await
    }

    /// Reads a whole table.
    pub(super) async fn scan(&self, table: Table) -> Result<Vec<Row>, StoreError> {
        let mut rows: Vec<Row> = Vec::new();
        loop {
            let after = rows.last().map(|(key, _)| key.clone());
            let page = self.host.store().scan(table, after.as_deref(), SCAN_ROWS).await?;
            let is_last = page.len() < SCAN_ROWS;
            rows.extend(page);
            if is_last {
                return Ok(rows);
            }
        }
    }

    fn note(&self, effect: Effect) {
        let mut news = self.news.borrow_mut();
        match effect {
            Effect::Changed(items) => {
                news.stale.extend(&items);
                news.changed.extend(items);
            }
            Effect::Stored(items) => news.stale.extend(items),
            Effect::Commanded(result) => news.commanded = Some(result),
            Effect::Idle(idle) => news.idle = Some(idle),
            Effect::WakeAt(time) => news.wake_at = Some(time),
            Effect::Unapplied(operation) => news.unapplied.push(operation.item),
            // That it is ready shows in its answers, and members are read from the log when asked for.
            _ => {}
        }
    }

    fn reopen(&self) {
        self.outgoing.borrow_mut().take();
        self.generation.set(self.generation.get() + 1);
        if let Some(open) = self.open.borrow_mut().as_mut() {
            open.engine = Engine::open(Arc::clone(&open.local));
        }
    }

    /// Reads rows that the engine named.
    pub(super) async fn load(&self, keys: &[StoreKey]) -> Result<Vec<Option<Vec<u8>>>, Error> {
        Ok(self.host.store().load(keys).await?)
    }
}

impl News {
    pub(super) fn take_changed(&mut self) -> Vec<ItemId> {
        mem::take(&mut self.changed).into_iter().collect()
    }

    pub(super) fn take_stale(&mut self) -> BTreeSet<ItemId> {
        mem::take(&mut self.stale)
    }
}

/// A request, and which engine wants it.
pub(super) struct Asked {
    pub(super) request: Request,
    generation: u64,
}

/// An engine answers nothing before it has read what it needs, and it did when the session started.
const NOT_READY: Error = Error::Damaged(EngineError::Unexpected);

/// Rows that one scan reads at most.
const SCAN_ROWS: usize = 1_000;
