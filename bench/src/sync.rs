//! Two devices of one account, each with a store on disk, and a server between them: the first sync of a newcomer,
//! and the pull of one change.

use std::rc::Rc;

use anyhow::{Context, Result, bail, ensure};
use pollster::block_on;
use roamkey_client::{
    Client, Host, ItemDraft, ServerUrl, Session, Vacant,
    pairing::{JoinStage, PairStage},
};
use roamkey_proto::ItemId;
use roamkey_sealing::unlock::Passphrase;
use roamkey_vault::{Change, item::Login};

use crate::{
    machine::{Meter, Metered},
    report::Report,
    samples::{SAMPLES, Samples},
    server::Server,
};

/// The numbers of items that are compared.
const SIZES: [usize; 3] = [100, 1_000, 10_000];

/// Newcomers whose first sync is timed at each size.
const NEWCOMERS: usize = 3;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let server = Server::start()?;
    let mut pairs = SIZES.map(|size| Pair::of(&server, size)).into_iter().collect::<Result<Vec<_>>>()?;
    for _ in 0..SAMPLES {
        for pair in &mut pairs {
            pair.pull_one()?;
        }
    }
    for Pair { size, first, one, bytes, .. } in &pairs {
        report.add(format!("sync.first.native_ms.{size}"), first.median_ms(), "ms");
        report.add(format!("sync.pull_one.ms.{size}"), one.median_ms(), "ms");
        report.add(format!("sync.pull_one.bytes.{size}"), *bytes as f64, "bytes");
    }
    Ok(())
}

pub(crate) type Device = Session<Metered>;

/// A vault of a size, the device that made it and the newest one that joined.
struct Pair {
    size: usize,
    first: Samples,
    one: Samples,
    /// The most that one pull took, both ways.
    bytes: usize,
    item: ItemId,
    writer: Device,
    reader: Device,
    meter: Rc<Meter>,
}

impl Pair {
    fn of(server: &Server, size: usize) -> Result<Self> {
        eprintln!("filling a vault of {size}");
        let url: ServerUrl = server.url().parse().context("the server's own address")?;
        let writer = block_on(vacant(Rc::new(Metered::open()?))?.create(&url, &passphrase()?, "writer"))
            .map_err(|stayed| stayed.error)?;
        let mut item = block_on(writer.add(ItemDraft::Login(login(0))))?;
        for number in 1..size {
            item = block_on(writer.add(ItemDraft::Login(login(number))))?;
        }
        block_on(writer.sync())?;
        let mut first = Samples::default();
        let mut last = None;
        for _ in 0..NEWCOMERS {
            let (newcomer, meter) = join(&writer, &url)?;
            first.time(|| block_on(newcomer.sync()))?;
            let items = block_on(newcomer.list())?.len();
            ensure!(items >= size, "a newcomer has {items} of {size} items");
            block_on(writer.sync())?;
            last = Some((newcomer, meter));
        }
        let (reader, meter) = last.context("at least one newcomer")?;
        Ok(Self { size, first, one: Samples::default(), bytes: 0, item, writer, reader, meter })
    }

    /// Changes one item on one device, and times the other's pull of it.
    fn pull_one(&mut self) -> Result<()> {
        let Self { writer, reader, one, meter, .. } = self;
        let title = format!("Changed {}", one.count());
        block_on(writer.change(self.item, &[Change::Title(title)]))?;
        block_on(writer.sync())?;
        meter.reset();
        one.time(|| block_on(reader.sync()))?;
        self.bytes = self.bytes.max(meter.bytes());
        Ok(())
    }
}

/// Adds a device with a store on disk to an account.
pub(crate) fn join(member: &Device, server: &ServerUrl) -> Result<(Device, Rc<Meter>)> {
    let machine = Rc::new(Metered::open()?);
    let meter = machine.meter();
    Ok((join_on(member, server, machine)?, meter))
}

/// Pairs both sides from one script, so that nobody has to compare emoji.
pub(crate) fn join_on<H: Host>(member: &Session<H>, server: &ServerUrl, machine: Rc<H>) -> Result<Session<H>> {
    let mut pairing = block_on(member.pair())?;
    let code = pairing.code().parse().context("a code of our own")?;
    let join = block_on(vacant(machine)?.join(&code, server, passphrase()?, "reader"));
    let mut joining = join.map_err(|stayed| stayed.error)?;
    for _ in 0..ROUNDS {
        if let PairStage::Confirm { .. } = block_on(pairing.poll(member))? {
            pairing.dangerous_confirm_unasked()?;
        }
        if let JoinStage::Done(session) = block_on(joining.poll())? {
            return Ok(*session);
        }
    }
    bail!("the pairing does not end")
}

/// Polls after which a pairing hangs.
const ROUNDS: usize = 100;

pub(crate) fn vacant<H: Host>(machine: Rc<H>) -> Result<Vacant<H>> {
    match block_on(Client::open(machine))? {
        Client::Vacant(vacant) => Ok(vacant),
        Client::Locked(_) => bail!("a new folder holds a device"),
    }
}

pub(crate) fn passphrase() -> Result<Passphrase> {
    Ok(Passphrase::new("a passphrase for measurements")?)
}

pub(crate) fn login(number: usize) -> Login {
    Login { title: format!("Site {number}"), ..Login::default() }
}
