use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use pollster::block_on;
use roamkey_client::{Error, ItemDraft, Revocation, ServerUrl, Session, Synced};
use roamkey_proto::{AccountId, Bundle, DeviceId, EpochHeader, ItemId, Pin, RevokeReason, Time, cbor, limits};
use roamkey_sync::Table;
use roamkey_trust::Log;
use roamkey_vault::{
    Change, SecretText,
    item::{Login, Note},
};

use super::{
    Canaries, Device, EvilHost, EvilServer, Oracle,
    clock::HandClock,
    device::{paired, passphrase, vacant},
    oracle::View,
};

/// An account, its devices, and the malicious server between them.
pub struct World {
    /// The server.
    pub server: Rc<EvilServer>,
    /// What must not be seen.
    pub canaries: Canaries,
    /// What honest devices wrote.
    pub oracle: Oracle,
    devices: Vec<Device>,
    seen: BTreeMap<usize, Seen>,
    /// Devices whose keys the adversary has, with the last epoch that they were members of.
    lost: Vec<usize>,
    clock: HandClock,
    url: ServerUrl,
    seed: u64,
    machines: usize,
}

/// Where a device has been: it never goes back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// The last entry of the log.
    pub log: u64,
    /// The last commit.
    pub vault: u64,
}

/// What becomes of a device once the server is honest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It carries on, at the one history.
    Resumes,
    /// It is no member any more, and knows it.
    IsOut,
    /// It signed itself out and forgot everything.
    Gone,
    /// It holds what contradicts the server for good, and says so until a person decides.
    Stays,
}

impl World {
    /// Starts an account of one device.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let clock = HandClock::new(Time(1_800_000_000_000));
        let server = Rc::new(EvilServer::start(&clock, seed));
        let mut world = Self {
            server,
            canaries: Canaries::default(),
            oracle: Oracle::default(),
            devices: Vec::new(),
            seen: BTreeMap::new(),
            lost: Vec::new(),
            clock,
            url: EvilServer::ORIGIN.parse().expect("an address"),
            seed,
            machines: 0,
        };
        let host = world.machine();
        let name = world.canaries.plant("laptop");
        let founded =
            block_on(vacant(Rc::clone(&host)).expect("a new machine").create(&world.url, &passphrase(), &name));
        world.enrol(host, founded.expect("an account"));
        world.sync(0).expect("an honest server");
        world
    }

    /// Starts an account of several devices that are all up to date.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn of(devices: usize, seed: u64) -> Self {
        let mut world = Self::new(seed);
        while world.devices.len() < devices {
            world.add_device(0);
        }
        world.sync_all();
        world
    }

    /// Returns a device.
    #[must_use]
    pub fn device(&self, device: usize) -> &Device {
        &self.devices[device]
    }

    /// Returns a device's session.
    #[must_use]
    pub fn session(&self, device: usize) -> &Session<EvilHost> {
        self.devices[device].session()
    }

    /// Returns the name of a device in the log.
    #[must_use]
    pub fn id(&self, device: usize) -> DeviceId {
        self.devices[device].id
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
        self.session(0).home().account
    }

    /// Returns the server's address.
    #[must_use]
    pub fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// Returns the time that everyone sees.
    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Lets time pass.
    pub fn pass_millis(&self, ms: u64) {
        self.clock.pass(ms);
    }

    /// Brings a machine that is of no account.
    pub fn machine(&mut self) -> Rc<EvilHost> {
        self.machines += 1;
        EvilHost::new(&self.server, self.machines - 1, &self.clock, self.seed)
    }

    /// Pairs a new device with a member, and returns its number.
    ///
    /// # Panics
    /// When that fails.
    pub fn add_device(&mut self, member: usize) -> usize {
        self.try_add_device(member).expect("a pairing between honest people")
    }

    /// Pairs a new device with a member, and returns its number.
    ///
    /// # Errors
    /// Why the pairing ended.
    pub fn try_add_device(&mut self, member: usize) -> Result<usize, Error> {
        let name = self.canaries.plant("newcomer");
        let host = self.machine();
        let session = paired(self.session(member), Rc::clone(&host), &self.url, &name)?;
        Ok(self.enrol(host, session))
    }

    /// Takes a session into the world as a device of its own.
    pub fn enrol(&mut self, host: Rc<EvilHost>, session: Session<EvilHost>) -> usize {
        let local = session.keep().expect("an unlocked device");
        self.canaries.guard("a local key", local.as_slice());
        self.devices.push(Device::new(host, session));
        self.devices.len() - 1
    }

    /// Writes a note.
    ///
    /// # Panics
    /// When the device does not take it.
    pub fn note(&mut self, device: usize, title: &str) -> ItemId {
        let note = Note {
            title: self.canaries.plant(title),
            text: SecretText::new(self.canaries.plant("the text of a note")),
            tags: vec![self.canaries.plant("a tag")],
            fields: Vec::new(),
        };
        self.write(device, ItemDraft::Note(note))
    }

    /// Writes a login whose every field is a secret.
    ///
    /// # Panics
    /// When the device does not take it.
    pub fn login(&mut self, device: usize, title: &str) -> ItemId {
        let mut secret = |field: &str| Some(SecretText::new(self.canaries.plant(field)));
        let (password, notes) = (secret("a password"), secret("notes"));
        let totp = secret("otpauth://totp/");
        let login = Login {
            title: self.canaries.plant(title),
            sites: vec![self.canaries.plant_host()],
            username: Some(self.canaries.plant("a user name")),
            password,
            notes,
            totp,
            tags: vec![self.canaries.plant("a tag")],
            fields: Vec::new(),
        };
        self.write(device, ItemDraft::Login(login))
    }

    /// Writes an item that was prepared elsewhere.
    ///
    /// # Panics
    /// When the device does not take it.
    pub fn write(&mut self, device: usize, draft: ItemDraft) -> ItemId {
        let id = block_on(self.session(device).add(draft)).expect("a device takes what is typed");
        self.note_written(device, id);
        id
    }

    /// Gives an item another title.
    ///
    /// # Panics
    /// When the device does not take it.
    pub fn rename(&mut self, device: usize, id: ItemId, title: &str) {
        let change = Change::Title(self.canaries.plant(title));
        block_on(self.session(device).change(id, &[change])).expect("a device takes what is typed");
        self.note_written(device, id);
    }

    /// Puts an item into the trash.
    ///
    /// # Panics
    /// When the device does not.
    pub fn trash(&mut self, device: usize, id: ItemId) {
        block_on(self.session(device).trash(id)).expect("a device takes what is asked");
    }

    /// Meets the server; whatever comes of it, what the device shows then is what honest devices wrote.
    ///
    /// # Errors
    /// Those of [`Session::sync`].
    ///
    /// # Panics
    /// When it shows anything else, or went back.
    pub fn sync(&mut self, device: usize) -> Result<Synced, Error> {
        let synced = block_on(self.session(device).sync());
        self.check(device);
        synced
    }

    /// Has every device meet the server until all are at one head.
    ///
    /// # Panics
    /// When one of them does not.
    pub fn sync_all(&mut self) {
        for _ in 0..2 {
            for device in 0..self.devices.len() {
                self.sync(device).unwrap_or_else(|error| panic!("device {device}: {error}"));
            }
        }
    }

    /// Returns the titles that a device shows of what is not in the trash, in their order.
    ///
    /// # Panics
    /// When the device cannot read its items.
    #[must_use]
    pub fn titles(&self, device: usize) -> Vec<String> {
        let list = block_on(self.session(device).list()).expect("a device reads its items");
        let shown = list.into_iter().filter(|summary| summary.trashed.is_none());
        shown.map(|summary| summary.title.split(" cAnArY").next().unwrap_or_default().to_owned()).collect()
    }

    /// Revokes devices, with all that they added.
    ///
    /// # Errors
    /// Those of [`Session::revoke`].
    pub fn revoke(&mut self, by: usize, devices: &[usize]) -> Result<(), Error> {
        let devices = devices.iter().map(|device| self.id(*device)).collect();
        let revocation = Revocation { devices, keep: Vec::new(), reason: RevokeReason::Lost, keep_slots: Vec::new() };
        let revoked = block_on(self.session(by).revoke(revocation));
        self.check(by);
        revoked
    }

    /// Has a device die and start again.
    pub fn crash(&mut self, device: usize) {
        self.devices[device].crash();
    }

    /// Returns where a device is in both chains.
    ///
    /// # Panics
    /// When it is locked.
    #[must_use]
    pub fn pins(&self, device: usize) -> (Pin, Pin) {
        let log = block_on(self.session(device).log()).expect("a log that verifies").head();
        let vault = self.devices[device].rows(Table::Commits).last().map_or(0, |(key, _)| number(key));
        (log, Pin { seq: vault, id: [0; 32] })
    }

    /// Hands a device's keys to the adversary: it was stolen while unlocked.
    ///
    /// # Panics
    /// When the device is locked.
    pub fn lose(&mut self, device: usize) {
        let thief = &self.devices[device];
        let local = thief.session().keep().expect("an unlocked device");
        let local = roamkey_sealing::LocalKey::from_bytes(&local);
        for (key, row) in thief.rows(Table::Epochs) {
            let place = [self.account().as_bytes().as_slice(), &key].concat();
            let opened = local.open(roamkey_sealing::local::Purpose::EpochKey, &place, &row).expect("its own key");
            let bytes: [u8; 32] = opened.as_slice().try_into().expect("a key has 32 bytes");
            self.server.ring(|ring| ring.learn(bytes));
        }
        self.lost.push(device);
    }

    /// Ends a test: the server turns honest, every device carries on, and nothing secret was seen.
    ///
    /// # Panics
    /// When any of that does not hold.
    pub fn end(self) {
        self.end_as(&[]);
    }

    /// As [`Self::end`], where the founder's log says who is still a member.
    ///
    /// # Panics
    /// When any of it does not hold.
    pub fn end_by_log(mut self) {
        self.server.turn_honest();
        self.sync(0).expect("an honest server");
        let log = block_on(self.session(0).log()).expect("a log that verifies");
        let gone = (0..self.devices.len()).filter(|device| log.active_member(self.id(*device)).is_none());
        let endings: Vec<_> = gone.map(|device| (device, Ending::IsOut)).collect();
        self.end_as(&endings);
    }

    /// As [`Self::end`], where these devices end otherwise than by carrying on.
    ///
    /// # Panics
    /// When any of it does not hold.
    pub fn end_as(mut self, endings: &[(usize, Ending)]) {
        let ending = |device: usize| {
            endings.iter().find(|(which, _)| *which == device).map_or(Ending::Resumes, |(_, ending)| *ending)
        };
        (0..self.devices.len()).for_each(|device| self.check(device));
        self.server.turn_honest();
        let going_on: Vec<_> = (0..self.devices.len()).filter(|device| ending(*device) == Ending::Resumes).collect();
        self.assert_service_resumes(&going_on);
        for device in 0..self.devices.len() {
            match ending(device) {
                Ending::Resumes | Ending::Gone => {}
                Ending::IsOut => {
                    let synced = self.sync(device);
                    assert!(
                        matches!(synced, Err(Error::Ended(_) | Error::Refused { .. })),
                        "device {device}: {synced:?}"
                    );
                }
                Ending::Stays => {
                    let synced = self.sync(device);
                    assert!(matches!(synced, Err(Error::Distrust(_))), "device {device}: {synced:?}");
                }
            }
        }
        let witness = going_on.first().copied().unwrap_or_default();
        self.assert_recipients_are_members(witness);
        self.assert_nothing_opens(witness);
        self.assert_canaries_unseen();
    }

    /// Nothing secret is in what the server saw or holds.
    pub(super) fn assert_canaries_unseen(&self) {
        self.canaries.assert_unseen(&self.server.everything());
    }

    fn assert_service_resumes(&mut self, devices: &[usize]) {
        let Some(&first) = devices.first() else { return };
        // Two rounds: what one device has to do first, another one waits for.
        for _ in 0..2 {
            for &device in devices {
                self.sync(device).unwrap_or_else(|error| panic!("device {device} does not carry on: {error}"));
            }
        }
        self.note(first, "written after");
        for &device in devices.iter().chain([&first]) {
            self.sync(device).unwrap_or_else(|error| panic!("device {device} does not carry on: {error}"));
        }
        for &device in devices {
            let titles = self.titles(device);
            assert!(titles.contains(&"written after".to_owned()), "device {device} shows {titles:?}");
            assert_eq!(titles, self.titles(first), "devices {first} and {device} differ");
        }
    }

    /// Each key that was given out, ever, was for devices that the log had as members then.
    pub(super) fn assert_recipients_are_members(&self, witness: usize) {
        let log = block_on(self.session(witness).log()).expect("a log that verifies");
        let rows = self.devices[witness].rows(Table::Log);
        let bundles: Vec<Bundle> = rows
            .iter()
            .map(|(_, row)| cbor::decode(row, limits::BUNDLE_BYTES).expect("a bundle that was kept"))
            .collect();
        for (at, bundle) in (1..).zip(&bundles) {
            let Some(header) = &bundle.header else { continue };
            let header: EpochHeader = cbor::decode(header, limits::HEADER_BYTES).expect("a header that was kept");
            let members = Log::replay(&bundles[..at]).expect("a log that verifies");
            let given: BTreeSet<_> = header.recipients.iter().map(|recipient| recipient.device).collect();
            let members: BTreeSet<_> = members.recipients().into_keys().collect();
            assert_eq!(given, members, "epoch {} went to others than the members", header.epoch);
        }
        assert!(log.head().seq as usize == bundles.len(), "a log without gaps");
    }

    /// No key that the adversary has opens what was written after its last device went.
    pub(super) fn assert_nothing_opens(&self, witness: usize) {
        let account = self.account();
        let secrets = self.server.secrets();
        let tapped = self.server.tapped();
        let opened = self.server.ring(|ring| {
            for key in [[0; 32], *account.as_bytes(), secrets.receipt_seed, secrets.challenge_key] {
                ring.learn(key);
            }
            // What lies about in what it saw: a key in clear would be among it.
            ring.learn_all(tapped.get(..TRIED).unwrap_or(&tapped));
            ring.opened(account)
        });
        let log = block_on(self.session(witness).log()).expect("a log that verifies");
        let lost: BTreeSet<_> = self.lost.iter().map(|device| self.id(*device)).collect();
        let members: BTreeSet<_> = log.recipients().into_keys().collect();
        if !members.is_empty() && members.is_subset(&lost) {
            // Nobody is left who could take it out: the account is the adversary's.
            return;
        }
        let known = self.lost.iter().filter_map(|device| {
            let gone = log.member(self.id(*device))?.gone_at()?;
            log.entry(gone - 1).map(|entry| entry.epoch)
        });
        let known = known.max().unwrap_or(0);
        let beyond: Vec<_> = opened.into_iter().filter(|epoch| *epoch > known).collect();
        assert_eq!(beyond, [0; 0], "the adversary opened records of these epochs");
    }

    /// What a device shows is what honest devices wrote, whole, and it never goes back.
    pub(super) fn check(&mut self, device: usize) {
        let Ok(list) = block_on(self.session(device).list()) else { return };
        let mut view = View::new();
        for summary in list {
            let Ok(found) = block_on(self.session(device).item(summary.id)) else { continue };
            self.oracle.assert_written(found.id, &found.item);
            view.insert(found.id, (found.item.state_hash(), found.item.trashed.is_some()));
        }
        let Ok(status) = self.session(device).status() else { return };
        let now = Seen { log: status.pins.log.seq, vault: status.pins.vault.seq };
        let before = self.seen.insert(device, now).unwrap_or_default();
        assert!(before.log <= now.log && before.vault <= now.vault, "device {device} went back: {before:?} {now:?}");
        if status.pending == 0 && status.pins.vault != Pin::START {
            self.oracle.assert_state(status.pins.vault, view);
        }
    }

    pub(super) fn note_written(&mut self, device: usize, id: ItemId) {
        let found = block_on(self.session(device).item(id)).expect("what was just written");
        self.oracle.wrote(id, &found.item);
    }
}

fn number(key: &[u8]) -> u64 {
    key.try_into().map_or(0, u64::from_be_bytes)
}

/// Bytes of the tap that are tried as keys: more would take minutes.
const TRIED: usize = 4_096;
