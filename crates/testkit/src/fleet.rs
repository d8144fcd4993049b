//! Several devices of one account, their server, and the wire between them.

use std::sync::Arc;

use chacha20::ChaCha20Rng;
use rand_core::Rng;
use roamkey_proto::{AccountId, DeviceId, ItemId, RecoverySlot, SetRecovery, Time, problem::Problem};
use roamkey_sealing::{DeviceSecrets, LocalKey, recovery::Kit};
use roamkey_sync::{
    Call, Command, Effect, Engine, EngineError, Event, Failure, Founding, Idle, Invitation, Joining, Outcome, Request,
    recovery::{Admission, Recovery, RecoveryError},
    replica::Entry,
};
use roamkey_vault::Operation;

use crate::{MemoryStore, ModelServer, seeded};

/// What happens to a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It arrives, and its answer too.
    Deliver,
    /// It never arrives.
    LoseRequest,
    /// It arrives; its answer is lost.
    LoseAnswer,
    /// It never reaches the honest server; the adversary on the wire answers.
    Deceive,
    /// It arrives twice; the second answer comes back.
    Duplicate,
}

/// The wire, as an adversary holds it: sees each request, and edits each answer.
pub type Wire = Box<dyn FnMut(DeviceId, &Request, Result<Vec<u8>, Problem>, &ModelServer) -> Result<Vec<u8>, Problem>>;

/// Devices of one account.
pub struct Fleet {
    /// The server.
    pub server: ModelServer,
    /// The time that everyone sees.
    pub now: Time,
    devices: Vec<Device>,
    rng: ChaCha20Rng,
    wire: Option<Wire>,
}

struct Device {
    id: DeviceId,
    local: [u8; 32],
    engine: Engine,
    store: MemoryStore,
    request: Option<Request>,
    idle: Option<Idle>,
    wakes_at: Option<Time>,
    outcome: Option<Result<Outcome, roamkey_sync::CommandError>>,
    unapplied: Vec<Operation>,
    batches: usize,
    loads: usize,
}

impl Fleet {
    /// Starts a fleet of one device, whose account the server has taken.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut fleet = Self {
            server: ModelServer::new(seed ^ 0x5e5e),
            now: Time(1_800_000_000_000),
            devices: Vec::new(),
            rng: seeded(seed),
            wire: None,
        };
        fleet.found();
        fleet.sync(0);
        fleet
    }

    /// Puts an adversary on the wire, or takes it off.
    pub fn tap(&mut self, wire: Option<Wire>) {
        self.wire = wire;
    }

    /// Takes the adversary off the wire, to be put there again.
    pub fn untap(&mut self) -> Option<Wire> {
        self.wire.take()
    }

    /// Returns how many devices there are or were.
    #[must_use]
    pub fn len(&self) -> usize {
        self.devices.len()
    }

    /// Tells whether there are none; there is one always.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.devices.is_empty()
    }

    /// Returns the account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.engine(0).identity().expect("an engine that is open").0
    }

    /// Returns the name of a device.
    #[must_use]
    pub fn id(&self, device: usize) -> DeviceId {
        self.at(device).id
    }

    /// Returns a device's engine.
    #[must_use]
    pub fn engine(&self, device: usize) -> &Engine {
        &self.at(device).engine
    }

    /// Returns a device's store.
    #[must_use]
    pub fn store(&self, device: usize) -> &MemoryStore {
        &self.at(device).store
    }

    /// Returns how the device's last round ended.
    #[must_use]
    pub fn idle(&self, device: usize) -> Option<&Idle> {
        self.at(device).idle.as_ref()
    }

    /// Returns when the device asked last to be woken.
    #[must_use]
    pub fn wakes_at(&self, device: usize) -> Option<Time> {
        self.at(device).wakes_at
    }

    /// Returns what became of the device's last command, once.
    pub fn outcome(&mut self, device: usize) -> Option<Result<Outcome, roamkey_sync::CommandError>> {
        self.at_mut(device).outcome.take()
    }

    /// Returns the operations that came to nothing on a device.
    #[must_use]
    pub fn unapplied(&self, device: usize) -> &[Operation] {
        &self.at(device).unapplied
    }

    /// Returns how many rows the device loaded and how many batches it wrote so far.
    #[must_use]
    pub fn cost(&self, device: usize) -> (usize, usize) {
        (self.at(device).loads, self.at(device).batches)
    }

    /// Draws bytes.
    pub fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Draws a number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(u64::from_be_bytes(self.draw()) % end.max(1) as u64).unwrap_or(0)
    }

    /// Hands an event to a device and runs what follows, up to its next request.
    ///
    /// # Errors
    /// What the engine says.
    pub fn handle(&mut self, device: usize, event: Event) -> Result<(), EngineError> {
        let (now, Self { devices, rng, .. }) = (self.now, self);
        let device = devices.get_mut(device).expect("a device of the fleet");
        device.engine.handle(event, now, rng)?;
        device.run(now, rng, usize::MAX)
    }

    /// Makes a device sync, over an honest wire or the adversary's, until nothing is under way.
    pub fn sync(&mut self, device: usize) {
        self.handle(device, Event::Sync).expect("a store that is whole");
        while self.deliver(device, Deed::Deliver) {}
    }

    /// Does something to a vault on a device, and keeps it there.
    pub fn edit(&mut self, device: usize, operation: Operation) {
        self.handle(device, Event::Edit(vec![operation])).expect("a store that is whole");
    }

    /// Gives a device a command and lets it finish.
    ///
    /// # Errors
    /// What became of it.
    pub fn command(&mut self, device: usize, command: Command) -> Result<Outcome, Option<roamkey_sync::CommandError>> {
        self.handle(device, Event::Command(command)).expect("a store that is whole");
        while self.deliver(device, Deed::Deliver) {}
        self.outcome(device).ok_or(None)?.map_err(Some)
    }

    /// Pairs a new device with a member and lets it finish; returns its number.
    pub fn add_device(&mut self, member: usize) -> usize {
        let newcomer = self.join(member).expect("an honest pairing");
        self.sync(newcomer);
        newcomer
    }

    /// Pairs a new device with a member, and leaves it at its first moment.
    ///
    /// # Errors
    /// What became of the member's commands.
    pub fn join(&mut self, member: usize) -> Result<usize, Option<roamkey_sync::CommandError>> {
        let Outcome::Invited(invitation) = self.command(member, Command::Invite)? else { return Err(None) };
        let (invitation, log) = Invitation::open(&invitation).expect("an honest invitation");
        let secrets = DeviceSecrets::make(&mut self.rng);
        let (device, possession) = invitation.answer(&log, &secrets);
        let add = Command::AddDevice { device: Box::new(device), possession: Box::new(possession) };
        self.command(member, add)?;
        let local = self.draw();
        let joining = Joining { secrets, invitation };
        let engine = Engine::join(Arc::new(LocalKey::from_bytes(&local)), joining, self.now, &mut self.rng);
        Ok(self.enrol(engine.expect("an honest invitation"), local))
    }

    /// Sets a recovery kit by a device, in place of any other.
    ///
    /// # Errors
    /// What became of the device's command.
    pub fn set_kit(&mut self, device: usize) -> Result<Kit, Option<roamkey_sync::CommandError>> {
        let secret = Kit::make_secret(&mut self.rng);
        let keys = secret.derive_authority(self.account(), RecoverySlot::Kit).public();
        let op = SetRecovery { slot: RecoverySlot::Kit, keys: Some(keys), policy: None };
        self.command(device, Command::SetRecovery(Box::new(op)))?;
        let pins = self.engine(device).status().expect("an engine that is open").pins;
        Ok(Kit {
            secret,
            account: self.account(),
            server: "https://fleet.example".to_owned(),
            receipt_key: self.server.receipt_key(),
            log: pins.log,
            vault: pins.vault,
        })
    }

    /// Asks the server all that a recovery wants to know.
    ///
    /// # Errors
    /// Why it stops.
    pub fn survey(&mut self, kit: &Kit) -> Result<Recovery, RecoveryError> {
        let mut recovery = Recovery::by_kit(kit);
        let (_, id) = recovery.identity();
        while let Some(request) = recovery.next_request() {
            recovery.answered(&self.send(id, &request).map_err(|_| RecoveryError::Malformed)?)?;
        }
        Ok(recovery)
    }

    /// Comes back by a kit with a new device, and lets that finish; returns its number.
    ///
    /// # Errors
    /// Why it stops.
    pub fn recover(&mut self, kit: &Kit) -> Result<usize, RecoveryError> {
        let recovery = self.survey(kit)?;
        let secrets = DeviceSecrets::make(&mut self.rng);
        let Admission { joining, entry } = recovery.admit(secrets, self.now, &mut self.rng)?;
        let append = Request { account: kit.account, call: Call::Append(entry.bundle.clone()) };
        let body = self.send(recovery.identity().1, &append).map_err(|_| RecoveryError::Malformed)?;
        entry.accepted(&body)?;
        let local = self.draw();
        let engine = Engine::join(Arc::new(LocalKey::from_bytes(&local)), joining, self.now, &mut self.rng);
        let newcomer = self.enrol(engine.expect("a log that was verified"), local);
        self.handle(newcomer, Event::Witness(entry.witness)).expect("a store that is whole");
        while self.deliver(newcomer, Deed::Deliver) {}
        Ok(newcomer)
    }

    /// Ends a device's engine where it stands and opens another one from its store.
    pub fn crash(&mut self, device: usize) {
        self.reopen(device);
        self.run(device, usize::MAX);
    }

    /// Hands an event to a device and ends its engine after so many effects.
    pub fn crash_after(&mut self, device: usize, event: Event, effects: usize) {
        let now = self.now;
        let Self { devices, rng, .. } = self;
        let at = devices.get_mut(device).expect("a device of the fleet");
        if at.engine.handle(event, now, rng).is_ok() {
            at.run(now, rng, effects).expect("a store that is whole");
        }
        self.crash(device);
    }

    /// Takes a device's request off the wire; tells whether there was one.
    pub fn deliver(&mut self, device: usize, deed: Deed) -> bool {
        let id = self.id(device);
        let Some(request) = self.at_mut(device).request.take() else { return false };
        let answer = match deed {
            Deed::LoseRequest => Err(Failure::Unreachable),
            Deed::Deliver => self.send(id, &request),
            Deed::Deceive => self.forge(id, &request),
            Deed::LoseAnswer => {
                let _ = self.send(id, &request);
                Err(Failure::Unreachable)
            }
            Deed::Duplicate => {
                let _ = self.send(id, &request);
                self.send(id, &request)
            }
        };
        let event = match answer {
            Ok(body) => Event::Answered(body),
            Err(failure) => Event::Failed(failure),
        };
        self.handle(device, event).expect("a store that is whole");
        true
    }

    /// Answers a device's request and ends its engine after so many of the effects that follow; tells whether there was one.
    pub fn deliver_and_crash(&mut self, device: usize, effects: usize) -> bool {
        let id = self.id(device);
        let Some(request) = self.at_mut(device).request.take() else { return false };
        let event = self.send(id, &request).map_or_else(Event::Failed, Event::Answered);
        self.crash_after(device, event, effects);
        true
    }

    /// Tells whether a device has a request on the wire.
    #[must_use]
    pub fn is_waiting(&self, device: usize) -> bool {
        self.at(device).request.is_some()
    }

    /// Reads an item as a device has it.
    #[must_use]
    pub fn item(&self, device: usize, item: ItemId) -> Option<Entry> {
        let reader = self.engine(device).reader().expect("an engine that is open");
        let rows = self.store(device).load(&reader.keys(item));
        reader.open(item, &rows).expect("a store that is whole")
    }

    /// Reads all items as a device has them.
    #[must_use]
    pub fn items(&self, device: usize) -> Vec<Entry> {
        let reader = self.engine(device).reader().expect("an engine that is open");
        let pages = (0..=u8::MAX).map(|page| {
            let rows = self.store(device).load(&reader.page_keys(page));
            reader.open_page(page, &rows).expect("a store that is whole")
        });
        pages.flatten().collect()
    }

    fn found(&mut self) {
        let local = self.draw();
        let founding = Founding { secrets: DeviceSecrets::make(&mut self.rng), receipt_key: self.server.receipt_key() };
        let engine = Engine::found(Arc::new(LocalKey::from_bytes(&local)), founding, self.now, &mut self.rng);
        self.enrol(engine, local);
    }

    fn enrol(&mut self, engine: Engine, local: [u8; 32]) -> usize {
        let (_, id) = engine.identity().expect("an engine that is open");
        self.devices.push(Device {
            id,
            local,
            engine,
            store: MemoryStore::default(),
            request: None,
            idle: None,
            wakes_at: None,
            outcome: None,
            unapplied: Vec::new(),
            batches: 0,
            loads: 0,
        });
        let device = self.devices.len() - 1;
        self.run(device, usize::MAX);
        device
    }

    fn run(&mut self, device: usize, effects: usize) {
        let (now, Self { devices, rng, .. }) = (self.now, self);
        let device = devices.get_mut(device).expect("a device of the fleet");
        device.run(now, rng, effects).expect("a store that is whole");
    }

    fn reopen(&mut self, device: usize) {
        let device = self.at_mut(device);
        device.engine = Engine::open(Arc::new(LocalKey::from_bytes(&device.local)));
        device.request = None;
    }

    fn send(&mut self, device: DeviceId, request: &Request) -> Result<Vec<u8>, Failure> {
        let mut answer = self.server.answer(device, request);
        if let Some(wire) = &mut self.wire {
            answer = wire(device, request, answer, &self.server);
        }
        answer.map_err(|problem| Failure::Refused { problem, retry_after_ms: None })
    }

    fn forge(&mut self, device: DeviceId, request: &Request) -> Result<Vec<u8>, Failure> {
        let wire = self.wire.as_mut().ok_or(Failure::Unreachable)?;
        let answer = wire(device, request, Err(Problem::Unavailable), &self.server);
        answer.map_err(|problem| Failure::Refused { problem, retry_after_ms: None })
    }

    fn at(&self, device: usize) -> &Device {
        self.devices.get(device).expect("a device of the fleet")
    }

    fn at_mut(&mut self, device: usize) -> &mut Device {
        self.devices.get_mut(device).expect("a device of the fleet")
    }
}

impl Device {
    /// Does what the engine wants, in order, until it waits for the wire or `effects` are done.
    fn run(&mut self, now: Time, rng: &mut ChaCha20Rng, effects: usize) -> Result<(), EngineError> {
        for _ in 0..effects {
            let Some(effect) = self.engine.next_effect() else { break };
            match effect {
                Effect::Load(keys) => {
                    self.loads += keys.len();
                    self.engine.handle(Event::Loaded(self.store.load(&keys)), now, rng)?;
                }
                Effect::Scan(table) => self.engine.handle(Event::Scanned(self.store.scan(table)), now, rng)?,
                Effect::Persist(batch) => {
                    self.batches += 1;
                    self.store.apply(batch);
                }
                Effect::Request(request) => self.request = Some(request),
                Effect::Idle(idle) => self.idle = Some(idle),
                Effect::WakeAt(time) => self.wakes_at = Some(time),
                Effect::Commanded(outcome) => self.outcome = Some(outcome),
                Effect::Unapplied(operation) => self.unapplied.push(operation),
                _ => {}
            }
        }
        Ok(())
    }
}
