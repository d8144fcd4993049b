//! Founding an account, offline; telling the server of it, later.

use std::sync::Arc;

use roamkey_proto::{Chain, Genesis, Pin, cbor};
use roamkey_sealing::{
    LocalKey,
    epoch::{self, EpochPlace},
};
use roamkey_trust::{Draft, Log};

use super::{
    Epochs, Founding,
    core::{Core, Cx, Halt, Step, Turn},
    device::{Anchor, Device, Stage, Tip},
    heads::Head,
    outbox::Outgoing,
};
use crate::{Batch, Call, Effect, EngineError, Pins, StoreKey, Table};

pub(crate) fn found(local: Arc<LocalKey>, founding: Founding, cx: &mut Cx<'_>) -> Core {
    let Founding { secrets, receipt_key } = founding;
    let mut salt = [0; 32];
    cx.rng.fill_bytes(&mut salt);
    let genesis = Genesis { device: secrets.public(), salt };
    let draft = Draft::genesis(genesis, cx.now).expect("keys that were drawn here are usable");
    let next = draft.next_epoch().expect("a genesis opens the first epoch");
    let place =
        EpochPlace { account: next.account, epoch: next.epoch, seq: next.seq, prev: next.prev, author: next.author };
    let recipients: Vec<_> = next.recipients.iter().map(|(device, kem)| (*device, kem)).collect();
    let epoch = epoch::make(&mut cx.rng, &place, &recipients, None).expect("keys that were drawn here are usable");
    let mut bundle = draft.finish(Some((epoch.header, epoch.wraps)), &secrets.identity);
    let log = Log::open_whole_genesis(&bundle).expect("what was drafted by the rules keeps them");

    let device = Device::new(log.account(), receipt_key, secrets);
    let pins = Pins { log: log.head(), vault: Pin::START, log_receipt: None, vault_receipt: None };
    let anchor = Anchor::new(Stage::Founding, pins, Some(Tip::START));
    let mut core = Core::new(local, device, anchor, Epochs::default());
    let mut batch = Batch::default();
    core.device.persist(&core.local, &mut batch, &mut cx.rng);
    Epochs::persist(&epoch.key, &core.local, &mut batch, &mut cx.rng);
    core.epochs.insert(epoch.key);
    core.summary.persist(&core.local, &mut batch, &mut cx.rng);
    let outgoing = Outgoing { pin: log.head(), bundle: bundle.clone(), renewed: None };
    core.outbox.put_bundle(outgoing, &core.local, &mut batch, &mut cx.rng);
    bundle.wraps.clear();
    batch.put(StoreKey::numbered(Table::Log, 1), cbor::encode(&bundle));
    core.headers = vec![log.header().clone()];
    core.log = Some(log);
    core.persist(batch, cx);
    cx.emit(Effect::Ready);
    core
}

impl Core {
    pub(crate) fn send_genesis(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let outgoing = self.outbox.bundle.as_ref().ok_or(EngineError::Store(Table::Outbox))?;
        let body = cbor::encode(&outgoing.bundle);
        self.request(Call::CreateAccount(body), cx);
        Ok(Turn::Wait(Step::Founding))
    }

    pub(crate) fn founded(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let head = self.accept(Chain::Log, self.anchor.pins.log, body)?;
        Ok(self.enter_account(Some(head), cx))
    }

    /// The server has the genesis. If it says that the account was there before, its head will show
    /// whether that is this one: no other has its identifier.
    pub(crate) fn enter_account(&mut self, head: Option<Head>, cx: &mut Cx<'_>) -> Turn {
        let mut batch = Batch::default();
        self.outbox.take_bundle(&mut batch);
        self.anchor.stage = Stage::Member;
        self.anchor.pins.log_receipt = head.and_then(|head| head.receipt);
        self.persist(batch, cx);
        cx.emit(Effect::MembersChanged);
        Turn::Next
    }
}
