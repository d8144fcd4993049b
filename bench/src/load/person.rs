//! Somebody with a few devices.

use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use pollster::block_on;
use roamkey_client::{ItemDraft, ServerUrl, Session};
use roamkey_proto::ItemId;
use roamkey_vault::Change;

use super::{listener::Listener, machine::Machine, tally::Tally};
use crate::sync::{join_on, login, passphrase, vacant};

/// A laptop, a phone, a tablet.
pub(super) const DEVICES: usize = 3;

/// What a person does in a day; `docs/capacity.md` says why.
const SIGN_INS: usize = 24;
const PUSHES: usize = 6;
const SYNCS: usize = 60;

/// Syncs of a day that find nothing: a push is one, and each wakes the other devices for one.
const IDLE_SYNCS: usize = SYNCS - PUSHES * DEVICES;

/// Somebody, their devices and how long they waited.
pub(super) struct Person {
    server: ServerUrl,
    devices: Vec<Device>,
    items: Vec<ItemId>,
    tally: Tally,
    edits: usize,
}

struct Device {
    session: Session<Machine>,
    machine: Rc<Machine>,
    news: Option<Listener>,
}

impl Person {
    pub(super) fn new(server: &str) -> Result<Self> {
        let server = server.parse().context("the server's own address")?;
        Ok(Self { server, devices: Vec::new(), items: Vec::new(), tally: Tally::default(), edits: 0 })
    }

    /// Starts an account and brings everything to the server.
    pub(super) fn sign_up(&mut self, items: usize) -> Result<()> {
        let machine = Rc::new(Machine::new()?);
        let created = block_on(vacant(Rc::clone(&machine))?.create(&self.server, &passphrase()?, "load"));
        let session = created.map_err(|stayed| stayed.error)?;
        for number in 0..items {
            self.items.push(block_on(session.add(ItemDraft::Login(login(number))))?);
        }
        self.tally.time("first_push", || block_on(session.sync()))?;
        self.devices.push(Device { session, machine, news: None });
        Ok(())
    }

    /// Adds the other devices.
    pub(super) fn join(&mut self) -> Result<()> {
        while self.devices.len() < DEVICES {
            let machine = Rc::new(Machine::new()?);
            let member = self.devices.first().context("a first device")?;
            let session = join_on(&member.session, &self.server, Rc::clone(&machine))?;
            self.tally.time("first_sync", || block_on(session.sync()))?;
            let have = block_on(session.list())?.len();
            ensure!(have == self.items.len(), "a new device has {have} of {} items", self.items.len());
            self.devices.push(Device { session, machine, news: None });
        }
        // What the newcomers said of themselves.
        self.devices.iter().try_for_each(|device| block_on(device.session.sync()).map(drop))?;
        Ok(())
    }

    /// Looks for news, of which there are none, on each device.
    pub(super) fn pull_none(&mut self, times: usize) -> Result<()> {
        for _ in 0..times {
            for device in &self.devices {
                self.tally.time("sync_none", || block_on(device.session.sync()))?;
            }
        }
        Ok(())
    }

    /// Signs in on each device, and waits for news there.
    pub(super) fn sign_in(&mut self) -> Result<()> {
        (0..self.devices.len()).try_for_each(|device| self.sign_in_on(device))
    }

    fn sign_in_on(&mut self, device: usize) -> Result<()> {
        let device = self.devices.get_mut(device).context("a device")?;
        let address = self.tally.time("sign_in", || block_on(device.session.wake()))?;
        device.news = Some(Listener::open(&address)?);
        Ok(())
    }

    /// Lives a day: edits spread over it, and what else there is in between.
    pub(super) fn day(&mut self) -> Result<()> {
        for push in 0..PUSHES {
            self.edit(push % DEVICES)?;
            for turn in 0..share(IDLE_SYNCS, push) {
                let device = self.devices.get(turn % DEVICES).context("a device")?;
                self.tally.time("sync_none", || block_on(device.session.sync()))?;
            }
            for turn in 0..share(SIGN_INS, push) {
                self.sign_in_on((push + turn) % DEVICES)?;
            }
        }
        Ok(())
    }

    /// Changes an item on one device; the others hear of it, and fetch it.
    fn edit(&mut self, editor: usize) -> Result<()> {
        self.edits += 1;
        let item = *self.items.get(self.edits * 7 % self.items.len()).context("an item")?;
        let title = format!("Edited {}", self.edits);
        let Device { session, machine, .. } = self.devices.get(editor).context("a device")?;
        block_on(session.change(item, &[Change::Title(title.clone())]))?;
        self.tally.time("sync_push", || block_on(session.sync()))?;
        let (pushed, at) = (machine.pushed().context("a push")?, session.status()?.pins.vault.seq);
        for (_, device) in self.devices.iter().enumerate().filter(|(index, _)| *index != editor) {
            let news = device.news.as_ref().context("a device that waits")?.wait_for(at)?;
            self.tally.keep("wake", news.saturating_duration_since(pushed));
            self.tally.time("sync_one", || block_on(device.session.sync()))?;
            let has = block_on(device.session.list())?.iter().any(|shown| shown.id == item && shown.title == title);
            ensure!(has, "a woken device has not what woke it");
        }
        Ok(())
    }

    /// How long everything took.
    pub(super) fn into_tally(self) -> Tally {
        let mut tally = self.tally;
        for device in self.devices {
            tally.extend(&device.machine.requests().borrow());
        }
        tally
    }
}

/// The part of so many that belongs to one of the day's edits.
fn share(whole: usize, push: usize) -> usize {
    whole / PUSHES + usize::from(push < whole % PUSHES)
}
