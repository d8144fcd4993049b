//! An account with its log, realms at which a PIN is set, and whoever asks to come back.

use std::sync::OnceLock;

use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
use pakery_crypto::Ristretto255VoprfClient;
use rand_core::Rng;
use roamkey_proto::{
    AccountId, Blinded, Bundle, DeviceId, DeviceKeys, EntryWrap, EpochHeader, Genesis, Guess, GuessReset, KemPublicKey,
    Nonce, Op, PrepareRealm, PreparedRealm, Recipient, RecoveryPolicy, RecoveryRequest, RecoverySlot, RequestId,
    RevokeDevices, RevokeReason, SetRecovery, ShareRegistration, Time, VERSION, Veto, cbor,
};
use roamkey_realm::{
    Deposit, Forgive, Learn, Lodge, Look, MakeGuess, Overview, Prepare, Realm, RealmKey, Refusal, Release, Served,
    TakeVeto, Waiting,
};
use roamkey_sealing::{
    recovery::{
        AuthorityKeys, RecoverySecret,
        pin::{Choice, HardenedPin, Lock, PinSetup, Question},
        words,
    },
    unlock::Stretch,
};
use roamkey_trust::{
    Draft, IdentityKey, Log, SignIdentity as _, SignWrite as _, WriteKey, possession,
    possession::Place,
    realm::{Message, Unverified, sign_by_authority, sign_by_device},
};

use crate::disk::{Disk, Fault};

pub(crate) const NOW: Time = Time(1_800_000_000_000);
pub(crate) const DAY: u64 = 24 * 60 * 60 * 1000;

/// A device.
pub(crate) struct Device {
    pub(crate) identity: IdentityKey,
    pub(crate) write: WriteKey,
    pub(crate) keys: DeviceKeys,
    pub(crate) id: DeviceId,
}

impl Device {
    pub(crate) fn new(number: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(1_000 + number);
        let (identity, write) = (IdentityKey::make(&mut rng), WriteKey::make(&mut rng));
        let mut kem = [0; KemPublicKey::LEN];
        rng.fill_bytes(&mut kem);
        let keys = DeviceKeys { identity: identity.public(), write: write.public(), kem: KemPublicKey::new(kem) };
        Self { identity, write, id: keys.device_id(), keys }
    }

    pub(crate) fn sign<M: Message>(&self, message: &M) -> Unverified<M> {
        Unverified::parse(&sign_by_device(message, self.id, &self.identity)).unwrap()
    }
}

/// A realm with its disk.
pub(crate) struct Site {
    pub(crate) realm: Realm,
    pub(crate) disk: Disk,
}

/// A version that was set: what a test keeps of it.
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) lock: Lock,
    pub(crate) authority: AuthorityKeys,
}

pub(crate) struct World {
    pub(crate) log: Log,
    pub(crate) owner: Device,
    pub(crate) sites: Vec<Site>,
    pub(crate) rng: ChaCha20Rng,
}

/// The right PIN, hardened once: that takes a moment.
pub(crate) fn right() -> &'static HardenedPin {
    static PIN: OnceLock<HardenedPin> = OnceLock::new();
    PIN.get_or_init(|| harden("2580"))
}

pub(crate) fn wrong() -> &'static HardenedPin {
    static PIN: OnceLock<HardenedPin> = OnceLock::new();
    PIN.get_or_init(|| harden("0000"))
}

fn harden(typed: &str) -> HardenedPin {
    HardenedPin::derive(typed, World::new(0).account(), Stretch::Argon2id64MiB).unwrap()
}

impl World {
    /// An account with one device, and realms that know of it.
    pub(crate) fn new(realms: usize) -> Self {
        let owner = Device::new(1);
        let genesis = Genesis { device: owner.keys.clone(), salt: [7; 32] };
        let draft = Draft::genesis(genesis, NOW).unwrap();
        let epoch = epoch(&draft, true);
        let log = Log::open_whole_genesis(&draft.finish(epoch, &owner.identity)).unwrap();
        let sites = (0..realms).map(|at| {
            let key = RealmKey::from_bytes(&[u8::try_from(at + 1).unwrap(); 32]);
            Site { realm: Realm::new(origin(at), key).unwrap(), disk: Disk::default() }
        });
        let mut world = Self { log, owner, sites: sites.collect(), rng: ChaCha20Rng::seed_from_u64(7) };
        world.learn_everywhere();
        world
    }

    pub(crate) fn account(&self) -> AccountId {
        self.log.account()
    }

    /// Has the log go on by an entry of the owner.
    pub(crate) fn extend(&mut self, op: Op) -> Bundle {
        let bundle = entry(&self.log, op, &self.owner);
        self.log.append_whole(&bundle).unwrap();
        bundle
    }

    pub(crate) fn add(&mut self, device: &Device) {
        let op = joins(&self.log, device);
        self.extend(op);
        self.learn_everywhere();
    }

    pub(crate) fn revoke(&mut self, device: DeviceId) {
        self.extend(Op::RevokeDevices(RevokeDevices {
            devices: vec![device],
            keep: Vec::new(),
            reason: RevokeReason::Lost,
            slots: Vec::new(),
            keep_slots: Vec::new(),
        }));
    }

    pub(crate) fn unset(&mut self) {
        self.extend(Op::SetRecovery(SetRecovery { slot: RecoverySlot::Pin, keys: None, policy: None }));
    }

    pub(crate) fn learn(&mut self, at: usize) -> Result<(), Refusal> {
        let (account, log) = (self.account(), self.log.clone());
        self.sites[at].disk.run(account, Learn { log: &log }, NOW).map(|_| ())
    }

    pub(crate) fn learn_everywhere(&mut self) {
        (0..self.sites.len()).for_each(|at| self.learn(at).unwrap());
    }

    /// The order by which a device has a realm make a key.
    pub(crate) fn order(&self, at: usize, number: u64, blinded: Blinded) -> PrepareRealm {
        let (account, device) = (self.account(), self.owner.id);
        PrepareRealm { version: VERSION, account, realm: origin(at), number, device, blinded }
    }

    pub(crate) fn prepare(&mut self, at: usize, order: &Unverified<PrepareRealm>) -> Result<PreparedRealm, Refusal> {
        let (account, mut salt) = (self.account(), [0; 32]);
        self.rng.fill_bytes(&mut salt);
        let Site { realm, disk } = &mut self.sites[at];
        disk.run(account, Prepare { realm, order, salt }, NOW)?.evaluate(&mut self.rng)
    }

    pub(crate) fn deposit(&mut self, at: usize, registration: &ShareRegistration) -> Result<(), Refusal> {
        let (account, device, signed) = (self.account(), self.owner.id, self.owner.sign(registration));
        let Site { realm, disk } = &mut self.sites[at];
        disk.run(account, Deposit { realm, device, registration: &signed }, NOW)
    }

    /// Prepares a version at these realms, and deposits it there.
    pub(crate) fn deposit_all(
        &mut self,
        number: u64,
        threshold: u8,
        at: &[usize],
    ) -> (PinSetup, Vec<ShareRegistration>) {
        let realms = at.iter().map(|at| origin(*at)).collect();
        let choice = Choice { realms, threshold, by_server_operator: 0 };
        let chosen = words::make(&mut self.rng);
        let setup = PinSetup::make(self.account(), number, choice, &chosen, &mut self.rng).unwrap();
        let places: Vec<_> = setup.places().map(|(place, _)| place).collect();
        let mut registrations = Vec::new();
        for (place, at) in places.into_iter().zip(at) {
            let question = right().ask(&place, &mut self.rng);
            let order = self.owner.sign(&self.order(*at, number, question.blinded()));
            let prepared = self.prepare(*at, &order).unwrap();
            let registration = setup.register(&question, &prepared).unwrap();
            self.deposit(*at, &registration).unwrap();
            registrations.push(registration);
        }
        (setup, registrations)
    }

    /// Sets the right PIN at these realms, and has the log say so.
    pub(crate) fn set_at(&mut self, number: u64, threshold: u8, at: &[usize]) -> Version {
        let (setup, registrations) = self.deposit_all(number, threshold, at);
        let (keys, policy) = (setup.keys(), setup.policy(DAY, &registrations));
        self.extend(set_recovery(&setup, &policy));
        let lock = Lock::new(self.account(), keys, policy);
        self.learn_everywhere();
        Version { number, lock, authority: setup.expose_authority() }
    }

    pub(crate) fn set(&mut self, number: u64, threshold: u8) -> Version {
        let all: Vec<usize> = (0..self.sites.len()).collect();
        self.set_at(number, threshold, &all)
    }

    pub(crate) fn request(&self, device: &Device, nonce: u8) -> Unverified<RecoveryRequest> {
        device.sign(&RecoveryRequest {
            version: VERSION,
            account: self.account(),
            slot: RecoverySlot::Pin,
            device: device.keys.clone(),
            nonce: Nonce::new([nonce; 32]),
        })
    }

    pub(crate) fn lodge(
        &mut self,
        at: usize,
        request: &Unverified<RecoveryRequest>,
        now: Time,
    ) -> Result<(RequestId, Waiting), Refusal> {
        let account = self.account();
        let waiting = self.sites[at].disk.run(account, Lodge { request }, now)?;
        Ok((RecoveryRequest::id_of(request.payload()), waiting))
    }

    /// Lodges a request at each realm.
    pub(crate) fn ask(&mut self, device: &Device) -> RequestId {
        let request = self.request(device, 1);
        (0..self.sites.len()).map(|at| self.lodge(at, &request, NOW).unwrap().0).last().unwrap()
    }

    pub(crate) fn veto(&mut self, at: usize, by: &Device, request: RequestId) -> Result<(), Refusal> {
        let account = self.account();
        let veto = by.sign(&Veto { version: VERSION, account, request, device: by.id });
        self.sites[at].disk.run(account, TakeVeto { veto: &veto }, NOW)
    }

    pub(crate) fn release(&mut self, at: usize, request: RequestId, now: Time) -> Result<Served, Refusal> {
        let account = self.account();
        self.sites[at].disk.run(account, Release { request }, now)
    }

    pub(crate) fn look(&mut self, at: usize, now: Time) -> Overview {
        let account = self.account();
        self.sites[at].disk.run(account, Look, now).unwrap()
    }

    pub(crate) fn guess_of(&self, at: usize, number: u64, request: RequestId, blinded: Blinded) -> Guess {
        Guess { version: VERSION, account: self.account(), realm: origin(at), number, request, blinded }
    }

    /// Makes a guess at one realm.
    pub(crate) fn guess(&mut self, at: usize, guess: &Unverified<Guess>, now: Time) -> Result<PreparedRealm, Refusal> {
        self.guess_until(at, guess, now, None).unwrap()
    }

    pub(crate) fn guess_until(
        &mut self,
        at: usize,
        guess: &Unverified<Guess>,
        now: Time,
        fault: Option<Fault>,
    ) -> Option<Result<PreparedRealm, Refusal>> {
        let account = self.account();
        let Site { realm, disk } = &mut self.sites[at];
        let ticket = disk.run_until(account, MakeGuess { realm, guess }, now, fault)?;
        Some(ticket.and_then(|ticket| ticket.evaluate(&mut self.rng)))
    }

    pub(crate) fn reset_of(&self, at: usize, version: &Version, evaluated: u64) -> Unverified<GuessReset> {
        let (account, number) = (self.account(), version.number);
        let reset = GuessReset { version: VERSION, account, realm: origin(at), number, evaluated };
        let signed = sign_by_authority(&reset, version.authority.id(), &version.authority.sign);
        Unverified::parse(&signed).unwrap()
    }

    pub(crate) fn forgive(&mut self, at: usize, reset: &Unverified<GuessReset>) -> Result<u8, Refusal> {
        let account = self.account();
        let Site { realm, disk } = &mut self.sites[at];
        disk.run(account, Forgive { realm, reset }, NOW)
    }

    /// Tries a PIN at these realms, as a device does that comes back.
    pub(crate) fn try_pin(
        &mut self,
        pin: &HardenedPin,
        at: &[usize],
        version: &Version,
        device: &Device,
        request: RequestId,
        now: Time,
    ) -> Result<Option<RecoverySecret>, Refusal> {
        let mut shares = Vec::new();
        for at in at {
            let served = self.release(*at, request, now)?;
            let registration = version.lock.read(&served.registration).unwrap();
            let question: Question = pin.ask(&version.lock.place(&registration), &mut self.rng);
            let guess = device.sign(&self.guess_of(*at, registration.number, request, question.blinded()));
            let answer = self.guess(*at, &guess, now)?;
            shares.push(version.lock.share(&registration, &question, &answer.evaluation).unwrap());
        }
        Ok(version.lock.open(&shares).ok())
    }

    /// An element that nobody has sent yet.
    pub(crate) fn element(&mut self) -> Blinded {
        let client = Ristretto255VoprfClient::new(&self.sites_key()).unwrap();
        let mut input = [0; 32];
        self.rng.fill_bytes(&mut input);
        Blinded(client.blind(&input, &mut self.rng).unwrap().1)
    }

    /// Some public key: blinding makes no use of it.
    fn sites_key(&self) -> [u8; 32] {
        pakery_crypto::Ristretto255VoprfServer::derive(&[1; 32], b"any").unwrap().public_key()
    }
}

pub(crate) fn origin(at: usize) -> String {
    format!("https://realm-{at}.example")
}

pub(crate) fn after(ms: u64) -> Time {
    Time(NOW.0 + ms)
}

pub(crate) fn set_recovery(setup: &PinSetup, policy: &RecoveryPolicy) -> Op {
    Op::SetRecovery(SetRecovery { slot: RecoverySlot::Pin, keys: Some(setup.keys()), policy: Some(policy.clone()) })
}

pub(crate) fn joins(log: &Log, device: &Device) -> Op {
    let place = Place { account: log.account(), prev: roamkey_proto::EntryId::new(log.head().id), device: device.id };
    let possession = possession::sign(&place, &device.keys, &device.identity, &device.write);
    Op::AddDevice(roamkey_proto::AddDevice {
        device: device.keys.clone(),
        possession,
        via: roamkey_proto::Via::Pairing,
        request: None,
    })
}

/// An honest entry, with an epoch whose key nobody opens.
pub(crate) fn entry(log: &Log, op: Op, author: &Device) -> Bundle {
    let draft = log.draft(op, author.id, NOW).unwrap();
    let epoch = epoch(&draft, false);
    draft.finish(epoch, &author.identity)
}

fn epoch(draft: &Draft, first: bool) -> Option<(Vec<u8>, Vec<EntryWrap>)> {
    let next = draft.next_epoch()?;
    let wrap = |device: &DeviceId| [device.as_bytes().as_slice(), &next.epoch.to_be_bytes()].concat();
    let header = EpochHeader {
        version: VERSION,
        account: next.account,
        epoch: next.epoch,
        seq: next.seq,
        prev: next.prev,
        commitment: [9; 32],
        previous: (!first).then(|| vec![8; 48]),
        tie: (!first).then(|| vec![6; 32]),
        recipients: next
            .recipients
            .keys()
            .map(|device| Recipient { device: *device, wrap: Recipient::hash_of(&wrap(device)) })
            .collect(),
        base: None,
    };
    let wraps = next.recipients.keys().map(|device| EntryWrap { recipient: *device, wrap: wrap(device) }).collect();
    Some((cbor::encode(&header), wraps))
}
