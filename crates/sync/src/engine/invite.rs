//! Both ends of an invitation: the member's, who drafts it, and the newcomer's, who starts from it.

use std::sync::Arc;

use roamkey_proto::{Pin, cbor};
use roamkey_sealing::LocalKey;

use super::{
    Epochs, Joining,
    core::{Core, Cx, Halt, Turn},
    device::{Anchor, Device, Stage, Tip},
    log::{decode_rows, header_of},
};
use crate::{Batch, Command, Effect, Invitation, InvitationError, Outcome, Pins, StoreKey, Table};

/// Starts a newcomer. It trusts the member for the place of the vault's head, and the server for nothing.
pub(crate) fn join(local: Arc<LocalKey>, joining: Joining, cx: &mut Cx<'_>) -> Result<Core, InvitationError> {
    let Joining { secrets, invitation } = joining;
    let log = invitation.verify()?;
    let device = Device::new(log.account(), invitation.receipt_key, secrets);
    let tip = (invitation.pins.vault == Pin::START).then_some(Tip::START);
    // The member's pins stay as a witness of what the rest of a long log has to lead to.
    let pins = Pins { log: log.head(), ..invitation.pins.clone() };
    let mut anchor = Anchor::new(Stage::Joining, pins, tip);
    anchor.witnesses.push(invitation.pins);
    let mut core = Core::new(local, device, anchor, Epochs::default());
    let mut batch = Batch::default();
    core.device.persist(&core.local, &mut batch, &mut cx.rng);
    core.summary.persist(&core.local, &mut batch, &mut cx.rng);
    for (seq, bundle) in (1..).zip(&invitation.log) {
        batch.put(StoreKey::numbered(Table::Log, seq), cbor::encode(bundle));
    }
    core.headers = invitation.log.iter().filter_map(header_of).collect();
    core.log = Some(log);
    core.persist(batch, cx);
    cx.emit(Effect::Ready);
    Ok(core)
}

impl Core {
    pub(crate) fn wants_invitation(&self) -> bool {
        self.order.as_ref().is_some_and(|order| order.command == Command::Invite)
    }

    /// Drafts an invitation from the log at rest.
    pub(crate) fn invite(&mut self, rows: Vec<(Vec<u8>, Vec<u8>)>, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let log = decode_rows(&rows)?;
        let invitation = Invitation::of(log, self.anchor.pins.clone(), self.device.receipt_key);
        if let Some(order) = self.order.take() {
            order.answer(Ok(Outcome::Invited(invitation.to_bytes())), cx);
        }
        Ok(Turn::Next)
    }
}
