//! A device's machine, as the command line has it, with a meter on the network.

use std::{cell::Cell, rc::Rc};

use anyhow::{Result, anyhow};
use getrandom::{SysRng, rand_core::UnwrapErr};
use roamkey_cli::machine::{Folder, HttpTransport, Machine, SqliteStore};
use roamkey_client::{Host, HttpRequest, HttpResponse, Transport, Unreachable};
use roamkey_proto::Time;

/// A machine whose store is on disk, in a folder of its own that goes with it.
pub(crate) struct Metered {
    machine: Machine,
    transport: MeteredTransport,
    meter: Rc<Meter>,
    _folder: tempfile::TempDir,
}

impl Metered {
    /// Opens a machine that nothing is on yet.
    pub(crate) fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let held = Folder::open_at(folder.path().join("device")).map_err(|error| anyhow!("{error:?}"))?;
        let machine = Machine::open(held, None).map_err(|error| anyhow!("{error:?}"))?;
        let meter = Rc::new(Meter::default());
        let inner = HttpTransport::new(None).map_err(|error| anyhow!(error))?;
        let transport = MeteredTransport { inner, meter: Rc::clone(&meter) };
        Ok(Self { machine, transport, meter, _folder: folder })
    }

    /// What went over the network.
    pub(crate) fn meter(&self) -> Rc<Meter> {
        Rc::clone(&self.meter)
    }
}

/// Bytes of bodies, both ways.
#[derive(Default)]
pub(crate) struct Meter(Cell<usize>);

impl Meter {
    /// Begins anew.
    pub(crate) fn reset(&self) {
        self.0.set(0);
    }

    /// What went since.
    pub(crate) fn bytes(&self) -> usize {
        self.0.get()
    }
}

/// The command line's HTTP.
pub(crate) struct MeteredTransport {
    inner: HttpTransport,
    meter: Rc<Meter>,
}

impl Transport for MeteredTransport {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unreachable> {
        let sent = request.body.as_ref().map_or(0, Vec::len);
        let response = self.inner.send(request).await?;
        self.meter.0.set(self.meter.bytes() + sent + response.body.len());
        Ok(response)
    }
}

impl Host for Metered {
    type Store = SqliteStore;
    type Transport = MeteredTransport;
    type Rng = UnwrapErr<SysRng>;

    fn store(&self) -> &SqliteStore {
        self.machine.store()
    }

    fn transport(&self) -> &MeteredTransport {
        &self.transport
    }

    fn rng(&self) -> Self::Rng {
        UnwrapErr(SysRng)
    }

    fn now(&self) -> Time {
        self.machine.now()
    }

    fn platform(&self) -> &str {
        self.machine.platform()
    }
}
