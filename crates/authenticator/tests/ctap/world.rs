//! A device, the person at it and the platform before it, for one test.

use std::{cell::Cell, collections::VecDeque, rc::Rc, time::Duration};

use coset::cbor::Value;
use getrandom::SysRng;
use pollster::block_on;
use rand_core::UnwrapErr;
use roamkey_authenticator::{
    BackupState, MemoryStore,
    ctap::{BuiltIn, Clock, Device, Fault, MemoryState, Person, Profile, Purpose, Question, Status, Touch, Verified},
};
use sha2::{Digest as _, Sha256};

use crate::{
    platform::{Protocol, Session, Token, pad, pin_hash},
    stores::{Credentials, Failpoint, OutOfOrder, State},
    wire::{as_bytes, bytes, decode, encode, int, member, numbered, text, worded},
};

pub(crate) const PIN: &str = "a1b2c3d4";
pub(crate) const SITE: &str = "example.com";
pub(crate) const CLIENT_DATA_HASH: [u8; 32] = [7; 32];

pub(crate) const MC: i64 = 0x01;
pub(crate) const GA: i64 = 0x02;
pub(crate) const CM: i64 = 0x04;
pub(crate) const LBW: i64 = 0x10;
pub(crate) const ACFG: i64 = 0x20;
pub(crate) const PCMR: i64 = 0x40;

/// A device and everything around it.
pub(crate) struct World {
    /// There, except for the blink of a power cycle.
    device: Option<Device<Credentials, State, Owner>>,
    pub(crate) time: Time,
    pub(crate) failpoint: Failpoint,
    /// The fault of the last command, if it had one.
    pub(crate) fault: Option<Fault<OutOfOrder, OutOfOrder>>,
}

impl World {
    /// A new device with room for 20 credentials, whose owner touches it whenever it asks.
    pub(crate) fn new() -> Self {
        Self::with_profile(Profile::ephemeral())
    }

    pub(crate) fn with_profile(profile: Profile) -> Self {
        let time = Time::default();
        let failpoint = Failpoint::default();
        let credentials = Credentials {
            inner: MemoryStore::new(BackupState::NotBackedUp).with_capacity(20),
            failpoint: failpoint.clone(),
        };
        let state = State { inner: MemoryState::default(), failpoint: failpoint.clone() };
        let device = power_on(profile, credentials, state, Owner::new(time.clone()), &time);
        Self { device: Some(device), time, failpoint, fault: None }
    }

    /// The same with a PIN.
    pub(crate) fn with_pin() -> Self {
        let mut world = Self::new();
        world.set_pin(Protocol::Two, PIN).unwrap();
        world
    }

    /// The same, and the device can tell its owner itself.
    pub(crate) fn with_built_in() -> Self {
        let mut world = Self::new();
        world.owner().built_in = BuiltIn::Ready;
        world
    }

    pub(crate) fn owner(&mut self) -> &mut Owner {
        self.device().person_mut()
    }

    pub(crate) fn device(&mut self) -> &mut Device<Credentials, State, Owner> {
        self.device.as_mut().unwrap()
    }

    /// Pulls the plug and puts it back.
    pub(crate) fn cycle_power(&mut self) {
        let (profile, credentials, state, owner) = self.device.take().unwrap().power_off();
        self.device = Some(power_on(profile, credentials, state, owner, &self.time));
    }

    pub(crate) fn wait(&self, duration: Duration) {
        self.time.0.set(self.time.0.get() + duration);
    }

    /// Sends a message as it is.
    pub(crate) fn send_raw(&mut self, message: &[u8]) -> Vec<u8> {
        let time = self.time.clone();
        let reply = block_on(self.device().process(message, &time, &mut UnwrapErr(SysRng)));
        self.fault = reply.fault;
        reply.bytes
    }

    /// Sends a command. An answer without CBOR reads as `Null`.
    pub(crate) fn send(&mut self, command: u8, parameters: &Value) -> Result<Value, Status> {
        let body = if parameters.is_null() { Vec::new() } else { encode(parameters) };
        let answer = self.send_raw(&[&[command][..], &body].concat());
        let (status, body) = answer.split_first().unwrap();
        match status_of(*status) {
            Status::Ok if body.is_empty() => Ok(Value::Null),
            Status::Ok => Ok(decode(body)),
            status => {
                assert!(body.is_empty(), "an error is a byte");
                Err(status)
            }
        }
    }

    pub(crate) fn info(&mut self) -> Value {
        self.send(0x04, &Value::Null).unwrap()
    }

    pub(crate) fn option(&mut self, name: &str) -> Option<bool> {
        let info = self.info();
        crate::wire::word(member(&info, 4).unwrap(), name).map(|value| value.as_bool().unwrap())
    }

    pub(crate) fn client_pin(&mut self, entries: impl IntoIterator<Item = (i64, Value)>) -> Result<Value, Status> {
        self.send(0x06, &numbered(entries))
    }

    pub(crate) fn agree(&mut self, protocol: Protocol) -> Session {
        let answer = self.client_pin([(1, int(protocol.number())), (2, int(2))]).unwrap();
        Session::new(protocol, member(&answer, 1).unwrap())
    }

    pub(crate) fn set_pin(&mut self, protocol: Protocol, pin: &str) -> Result<Value, Status> {
        self.set_padded_pin(protocol, &pad(pin))
    }

    pub(crate) fn set_padded_pin(&mut self, protocol: Protocol, padded: &[u8]) -> Result<Value, Status> {
        let session = self.agree(protocol);
        let encrypted = session.encrypt(padded);
        let param = session.authenticate(&encrypted);
        self.client_pin([
            (1, int(protocol.number())),
            (2, int(3)),
            (3, session.key),
            (4, bytes(param)),
            (5, bytes(encrypted)),
        ])
    }

    pub(crate) fn change_pin(&mut self, protocol: Protocol, old: &str, new: &str) -> Result<Value, Status> {
        let session = self.agree(protocol);
        let (new, old) = (session.encrypt(&pad(new)), session.encrypt(&pin_hash(old)));
        let param = session.authenticate(&[new.clone(), old.clone()].concat());
        self.client_pin([
            (1, int(protocol.number())),
            (2, int(4)),
            (3, session.key),
            (4, bytes(param)),
            (5, bytes(new)),
            (6, bytes(old)),
        ])
    }

    pub(crate) fn pin_retries(&mut self) -> i64 {
        let answer = self.client_pin([(2, int(1))]).unwrap();
        crate::wire::as_int(member(&answer, 3))
    }

    /// `getPinToken`, without permissions.
    pub(crate) fn legacy_token(&mut self, protocol: Protocol, pin: &str) -> Result<Token, Status> {
        self.token_by_pin(protocol, 5, pin, [])
    }

    /// A token by the PIN, for a site or for none.
    pub(crate) fn token(
        &mut self,
        protocol: Protocol,
        pin: &str,
        permissions: i64,
        site: Option<&str>,
    ) -> Result<Token, Status> {
        let site = site.map(|site| (10, text(site)));
        self.token_by_pin(protocol, 9, pin, [(9, int(permissions))].into_iter().chain(site))
    }

    fn token_by_pin(
        &mut self,
        protocol: Protocol,
        command: i64,
        pin: &str,
        more: impl IntoIterator<Item = (i64, Value)>,
    ) -> Result<Token, Status> {
        let session = self.agree(protocol);
        let hash = session.encrypt(&pin_hash(pin));
        let entries = [(1, int(protocol.number())), (2, int(command)), (3, session.key.clone()), (6, bytes(hash))];
        let answer = self.client_pin(entries.into_iter().chain(more))?;
        Ok(Token { protocol, secret: session.decrypt(as_bytes(member(&answer, 2))) })
    }

    /// A token by the device's own verification.
    pub(crate) fn token_by_built_in(
        &mut self,
        protocol: Protocol,
        permissions: i64,
        site: Option<&str>,
    ) -> Result<Token, Status> {
        let session = self.agree(protocol);
        let entries = [(1, int(protocol.number())), (2, int(6)), (3, session.key.clone()), (9, int(permissions))];
        let site = site.map(|site| (10, text(site)));
        let answer = self.client_pin(entries.into_iter().chain(site))?;
        Ok(Token { protocol, secret: session.decrypt(as_bytes(member(&answer, 2))) })
    }

    pub(crate) fn create(&mut self, creation: &Creation) -> Result<Value, Status> {
        self.send(0x01, &creation.encode())
    }

    pub(crate) fn sign_in(&mut self, sign_in: &SignIn) -> Result<Value, Status> {
        self.send(0x02, &sign_in.encode())
    }

    /// A command of the token's holder on `32 * 0xff || command || subcommand || parameters`.
    pub(crate) fn config(
        &mut self,
        token: Option<&Token>,
        subcommand: i64,
        parameters: Option<Value>,
    ) -> Result<Value, Status> {
        let message =
            [&[0xff; 32][..], &[0x0d, u8::try_from(subcommand).unwrap()], &body(parameters.as_ref())].concat();
        self.send(0x0d, &numbered(authorized(token, &message, subcommand, parameters)))
    }

    /// A command of credential management on `subcommand || parameters`.
    pub(crate) fn manage(
        &mut self,
        token: Option<&Token>,
        subcommand: i64,
        parameters: Option<Value>,
    ) -> Result<Value, Status> {
        let message = [&[u8::try_from(subcommand).unwrap()][..], &body(parameters.as_ref())].concat();
        self.send(0x0a, &numbered(authorized(token, &message, subcommand, parameters)))
    }

    /// One fragment of the large-blob array.
    pub(crate) fn write_large_blobs(
        &mut self,
        token: Option<&Token>,
        offset: u32,
        length: Option<usize>,
        fragment: &[u8],
    ) -> Result<Value, Status> {
        let hash = Sha256::digest(fragment);
        let message = [&[0xff; 32][..], &[0x0c, 0x00], &offset.to_le_bytes(), &hash].concat();
        let length = length.map(|length| (4, int(i64::try_from(length).unwrap())));
        let param = token.map(|token| [(5, bytes(token.authenticate(&message))), (6, int(token.protocol.number()))]);
        let entries = [(2, bytes(fragment)), (3, int(i64::from(offset)))].into_iter().chain(length);
        self.send(0x0c, &numbered(entries.chain(param.into_iter().flatten())))
    }

    pub(crate) fn read_large_blobs(&mut self, offset: i64, count: i64) -> Result<Vec<u8>, Status> {
        let answer = self.send(0x0c, &numbered([(1, int(count)), (3, int(offset))]))?;
        Ok(as_bytes(member(&answer, 1)).to_vec())
    }
}

/// A request for a credential.
#[derive(Clone)]
pub(crate) struct Creation {
    pub(crate) site: &'static str,
    pub(crate) user: Vec<u8>,
    pub(crate) name: Option<&'static str>,
    pub(crate) algorithms: Vec<i64>,
    pub(crate) exclude: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<(&'static str, Value)>,
    pub(crate) options: Vec<(&'static str, bool)>,
    pub(crate) proof: Option<(i64, Vec<u8>)>,
    pub(crate) more: Vec<(i64, Value)>,
}

impl Creation {
    pub(crate) fn new(user: &str) -> Self {
        Self {
            site: SITE,
            user: user.as_bytes().to_vec(),
            name: Some("Alice"),
            algorithms: vec![-7],
            exclude: Vec::new(),
            extensions: Vec::new(),
            options: Vec::new(),
            proof: None,
            more: Vec::new(),
        }
    }

    /// A discoverable one.
    pub(crate) fn passkey(user: &str) -> Self {
        Self::new(user).option("rk", true)
    }

    pub(crate) fn at(self, site: &'static str) -> Self {
        Self { site, ..self }
    }

    pub(crate) fn option(mut self, name: &'static str, value: bool) -> Self {
        self.options.push((name, value));
        self
    }

    pub(crate) fn extension(mut self, name: &'static str, input: Value) -> Self {
        self.extensions.push((name, input));
        self
    }

    pub(crate) fn by(self, token: &Token) -> Self {
        Self { proof: Some((token.protocol.number(), token.authenticate(&CLIENT_DATA_HASH))), ..self }
    }

    pub(crate) fn encode(&self) -> Value {
        let user = [("id", bytes(&self.user))].into_iter().chain(self.name.map(|name| ("name", text(name))));
        let algorithm = |alg: &i64| worded([("alg", int(*alg)), ("type", text("public-key"))]);
        let mut entries = vec![
            (1, bytes(CLIENT_DATA_HASH)),
            (2, worded([("id", text(self.site)), ("name", text("Example"))])),
            (3, worded(user)),
            (4, Value::Array(self.algorithms.iter().map(algorithm).collect())),
        ];
        if !self.exclude.is_empty() {
            entries.push((5, descriptors(&self.exclude)));
        }
        if !self.extensions.is_empty() {
            entries.push((6, worded(self.extensions.clone())));
        }
        entries.extend(options(7, &self.options));
        entries.extend(proof(8, self.proof.as_ref()));
        entries.extend(self.more.clone());
        numbered(entries)
    }
}

/// A request for an assertion.
#[derive(Clone)]
pub(crate) struct SignIn {
    pub(crate) site: &'static str,
    pub(crate) allow: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<(&'static str, Value)>,
    pub(crate) options: Vec<(&'static str, bool)>,
    pub(crate) proof: Option<(i64, Vec<u8>)>,
}

impl SignIn {
    pub(crate) fn new() -> Self {
        Self { site: SITE, allow: Vec::new(), extensions: Vec::new(), options: Vec::new(), proof: None }
    }

    pub(crate) fn with(id: &[u8]) -> Self {
        Self { allow: vec![id.to_vec()], ..Self::new() }
    }

    pub(crate) fn at(self, site: &'static str) -> Self {
        Self { site, ..self }
    }

    pub(crate) fn option(mut self, name: &'static str, value: bool) -> Self {
        self.options.push((name, value));
        self
    }

    pub(crate) fn extension(mut self, name: &'static str, input: Value) -> Self {
        self.extensions.push((name, input));
        self
    }

    pub(crate) fn by(self, token: &Token) -> Self {
        Self { proof: Some((token.protocol.number(), token.authenticate(&CLIENT_DATA_HASH))), ..self }
    }

    pub(crate) fn encode(&self) -> Value {
        let mut entries = vec![(1, text(self.site)), (2, bytes(CLIENT_DATA_HASH))];
        if !self.allow.is_empty() {
            entries.push((3, descriptors(&self.allow)));
        }
        if !self.extensions.is_empty() {
            entries.push((4, worded(self.extensions.clone())));
        }
        entries.extend(options(5, &self.options));
        entries.extend(proof(6, self.proof.as_ref()));
        numbered(entries)
    }
}

pub(crate) fn descriptor(id: &[u8]) -> Value {
    worded([("id", bytes(id)), ("type", text("public-key"))])
}

fn descriptors(ids: &[Vec<u8>]) -> Value {
    Value::Array(ids.iter().map(|id| descriptor(id)).collect())
}

fn options(key: i64, options: &[(&'static str, bool)]) -> Option<(i64, Value)> {
    (!options.is_empty()).then(|| (key, worded(options.iter().map(|(name, on)| (*name, Value::Bool(*on))))))
}

fn proof(key: i64, proof: Option<&(i64, Vec<u8>)>) -> Vec<(i64, Value)> {
    proof.map(|(protocol, param)| vec![(key, bytes(param)), (key + 1, int(*protocol))]).unwrap_or_default()
}

fn body(parameters: Option<&Value>) -> Vec<u8> {
    parameters.map(encode).unwrap_or_default()
}

fn authorized(token: Option<&Token>, message: &[u8], subcommand: i64, parameters: Option<Value>) -> Vec<(i64, Value)> {
    let mut entries = vec![(1, int(subcommand))];
    entries.extend(parameters.map(|parameters| (2, parameters)));
    entries.extend(token.map(|token| (3, int(token.protocol.number()))));
    entries.extend(token.map(|token| (4, bytes(token.authenticate(message)))));
    entries
}

/// The flags of an answer's authenticator data.
pub(crate) fn flags(answer: &Value) -> u8 {
    as_bytes(member(answer, 2))[32]
}

pub(crate) const UP: u8 = 1;
pub(crate) const UV: u8 = 4;
pub(crate) const ED: u8 = 0x80;

/// The id of the credential that a creation made.
pub(crate) fn made_id(answer: &Value) -> Vec<u8> {
    let data = as_bytes(member(answer, 2));
    let len = usize::from(u16::from_be_bytes([data[53], data[54]]));
    data[55..55 + len].to_vec()
}

/// The extension outputs of an answer's authenticator data.
pub(crate) fn outputs(answer: &Value) -> Value {
    let data = as_bytes(member(answer, 2));
    if data[32] & ED == 0 {
        return Value::Map(Vec::new());
    }
    if data[32] & 0x40 == 0 {
        return decode(&data[37..]);
    }
    let rest = &data[55 + made_id(answer).len()..];
    // The public key, then the outputs: the key's length is wherever the rest is one item.
    let split = (1..rest.len()).find(|split| is_item(&rest[..*split])).unwrap();
    decode(&rest[split..])
}

fn is_item(bytes: &[u8]) -> bool {
    use coset::CborSerializable as _;
    Value::from_slice(bytes).is_ok()
}

/// The owner of a device.
pub(crate) struct Owner {
    time: Time,
    /// How they answer, one after the other; a touch when there is no more.
    pub(crate) touches: VecDeque<Touch>,
    pub(crate) built_in: BuiltIn,
    /// How verifying them goes, one after the other; it passes when there is no more.
    pub(crate) verifications: VecDeque<Verified>,
    /// How long they take.
    pub(crate) takes: Duration,
    /// What they were asked.
    pub(crate) asked: Vec<(Purpose, Option<String>)>,
}

impl Owner {
    fn new(time: Time) -> Self {
        Self {
            time,
            touches: VecDeque::new(),
            built_in: BuiltIn::None,
            verifications: VecDeque::new(),
            takes: Duration::ZERO,
            asked: Vec::new(),
        }
    }

    fn hear(&mut self, question: &Question<'_>) {
        self.asked.push((question.purpose, question.user_name.map(str::to_owned)));
        self.time.0.set(self.time.0.get() + self.takes);
    }
}

impl Person for Owner {
    async fn touch(&mut self, question: &Question<'_>) -> Touch {
        self.hear(question);
        self.touches.pop_front().unwrap_or(Touch::Given)
    }

    fn built_in(&self) -> BuiltIn {
        self.built_in
    }

    async fn verify(&mut self, question: &Question<'_>) -> Verified {
        self.hear(question);
        self.verifications.pop_front().unwrap_or(Verified::Passed)
    }
}

/// A clock that stands until it is told to go on.
#[derive(Clone, Default)]
pub(crate) struct Time(Rc<Cell<Duration>>);

impl Clock for Time {
    fn monotonic(&self) -> Duration {
        self.0.get()
    }

    fn unix_ms(&self) -> u64 {
        1_700_000_000_000 + u64::try_from(self.0.get().as_millis()).unwrap()
    }
}

fn power_on(
    profile: Profile,
    credentials: Credentials,
    state: State,
    owner: Owner,
    time: &Time,
) -> Device<Credentials, State, Owner> {
    let rng = &mut UnwrapErr(SysRng);
    block_on(Device::power_on(profile, credentials, state, owner, time, rng)).ok().unwrap()
}

/// The status with this code. One that the standard does not have is nobody's answer.
pub(crate) fn status_of(code: u8) -> Status {
    Status::ALL.into_iter().find(|status| status.code() == code).unwrap_or_else(|| panic!("0x{code:02x} is no status"))
}
