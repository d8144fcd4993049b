//! Where this device is, said to the others; where they are, as they say (`spec/heartbeats.md`).

use minicbor::bytes::ByteVec;
use roamkey_proto::{
    Chain, Heartbeat, Pin, Time, VERSION,
    api::{Heartbeats, SignedHeartbeat},
    cbor, limits, mutant,
};
use roamkey_trust::{Log, Refusal, TrustError, commit::Verified, heartbeat};

use super::{
    command::Order,
    core::{Core, Cx, Halt, Step, Turn},
    heads::read_receipt,
};
use crate::{
    Batch, Call, Command, Contact, EngineError, Idle, Pins,
    checkup::{Comparison, NotACheckUp, Shown},
};

impl Core {
    /// Once a round has brought this device up to date, it says so, if it has not for most of a day.
    pub(crate) fn beat_if_due(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        if self.is_beat_due(cx.now) { self.beat(cx) } else { Ok(Turn::Rest(Idle::UpToDate)) }
    }

    pub(crate) fn is_beat_due(&self, now: Time) -> bool {
        self.anchor.beat_at.is_none_or(|last| now.millis_since(last) >= limits::HEARTBEAT_EVERY_MS || last > now)
    }

    pub(crate) fn beat(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let signed = self.say(cx.now);
        self.request(Call::Beat(cbor::encode(&SignedHeartbeat { signed })), cx);
        Ok(Turn::Wait(Step::Beating))
    }

    /// Signs where this device is.
    pub(crate) fn say(&self, now: Time) -> Vec<u8> {
        let pins = &self.anchor.pins;
        let heartbeat = Heartbeat {
            version: VERSION,
            account: self.device.account,
            device: self.device.id,
            time: now,
            log: pins.log,
            vault: pins.vault,
            epoch: self.epochs.newest().map_or(0, |key| key.number()),
            log_receipt: pins.log_receipt.clone(),
            vault_receipt: pins.vault_receipt.clone(),
        };
        heartbeat::sign(&heartbeat, &self.device.secrets.write)
    }

    /// Reads what a device beside this one shows: a heartbeat, of which only what the server signed for can bind this device.
    pub(crate) fn read_check_up(&self, shown: &[u8], log: &Log) -> Result<Shown, NotACheckUp> {
        let verified = heartbeat::verify(shown, log);
        let comparison = |comparison| Ok(Shown { comparison, witness: None });
        let heartbeat = match verified {
            Ok(heartbeat) => heartbeat,
            Err(TrustError::Refused(Refusal::ForeignAccount)) => return comparison(Comparison::OtherAccount),
            Err(TrustError::Refused(_)) => return comparison(Comparison::UnknownDevice),
            Err(_) => return Err(NotACheckUp),
        };
        let Heartbeat { log, vault, log_receipt, vault_receipt, .. } = heartbeat.clone();
        let comparison = self.anchor.pins.check_up(&Pins { log, vault, log_receipt, vault_receipt });
        let is_telling = matches!(comparison, Comparison::Apart { .. } | Comparison::Different(_));
        Ok(Shown { comparison, witness: if is_telling { self.proven(heartbeat) } else { None } })
    }

    /// The server keeps it; now for those of the others.
    pub(crate) fn beaten(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        self.anchor.beat_at = Some(cx.now);
        self.persist(Batch::default(), cx);
        self.request(Call::Heartbeats, cx);
        Ok(Turn::Wait(Step::Hearing))
    }

    /// Heartbeats that did not get through are no failure of the round; the next one that is due tries again.
    pub(crate) fn unheard(&mut self, cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        self.anchor.beat_at = Some(cx.now);
        self.persist(Batch::default(), cx);
        self.end_of_hearing()
    }

    /// One that is shut out has spoken to be heard, not because its round was over.
    fn end_of_hearing(&self) -> Result<Turn, Halt> {
        Ok(if self.shut_out()?.is_some() { Turn::Next } else { Turn::Rest(Idle::UpToDate) })
    }

    pub(crate) fn heard(&mut self, body: &[u8], cx: &mut Cx<'_>) -> Result<Turn, Halt> {
        let Ok(answer) = cbor::decode::<Heartbeats>(body, limits::RESPONSE_BYTES) else {
            return Err(crate::Distrust::Malformed.into());
        };
        for SignedHeartbeat { signed } in answer.heartbeats.iter().take(limits::DEVICES) {
            // One that does not verify is worth as much as one that was not handed out.
            if let Ok(heartbeat) = heartbeat::verify(signed, self.log()?) {
                self.hear(heartbeat, cx)?;
            }
        }
        self.persist(Batch::default(), cx);
        if self.anchor.witnesses.is_empty() && self.order.is_none() {
            return self.end_of_hearing();
        }
        // Where they are is compared with the heads of now, not with those of before they said so.
        self.heads = None;
        Ok(Turn::Next)
    }

    fn hear(&mut self, heartbeat: Heartbeat, cx: &mut Cx<'_>) -> Result<(), EngineError> {
        let is_newer = self.note_contact(
            Contact { device: heartbeat.device, at: heartbeat.time, log: heartbeat.log, vault: heartbeat.vault },
            cx.now,
        );
        if heartbeat.device == self.device.id || !is_newer {
            return Ok(());
        }
        if self.lacks_our_epoch(&heartbeat)?
            && self.order.is_none()
            && self.outbox.bundle.is_none()
            && self.may_heal(cx.now)
        {
            self.order = Some(Order { command: Command::Rotate, is_asked: false });
        }
        if let Some(pins) = self.proven(heartbeat) {
            self.add_witness(pins);
        }
        Ok(())
    }

    /// Whether a device that knows of the newest epoch could not open it, and this one can help.
    fn lacks_our_epoch(&self, heartbeat: &Heartbeat) -> Result<bool, EngineError> {
        let log = self.log()?;
        let knows = log.extends(&heartbeat.log) && log.entry(heartbeat.log.seq).is_some_and(|e| e.epoch == log.epoch());
        Ok(knows && heartbeat.epoch < log.epoch() && self.epochs.holds(log.epoch()))
    }

    /// A heartbeat counts against the server only with the server's own word: a member alone can accuse nobody.
    fn proven(&self, heartbeat: Heartbeat) -> Option<Pins> {
        mutant!("witness.with-the-servers-word" => {
            let Heartbeat { log, vault, log_receipt, vault_receipt, .. } = heartbeat;
            return Some(Pins { log, vault, log_receipt, vault_receipt });
        });
        let log_receipt = self.receipt_for(Chain::Log, heartbeat.log, heartbeat.log_receipt)?;
        let vault_receipt = self.receipt_for(Chain::Vault, heartbeat.vault, heartbeat.vault_receipt);
        let vault = if vault_receipt.is_some() { heartbeat.vault } else { Pin::START };
        Some(Pins { log: heartbeat.log, vault, log_receipt: Some(log_receipt), vault_receipt })
    }

    fn receipt_for(&self, chain: Chain, pin: Pin, receipt: Option<ByteVec>) -> Option<ByteVec> {
        let receipt = receipt?;
        let head = read_receipt(&self.device, chain, receipt.to_vec()).ok()?;
        (head.pin == pin).then_some(receipt)
    }

    /// Notes the word of a device, unless a later one is known; tells whether it is new.
    pub(crate) fn note_contact(&mut self, mut contact: Contact, now: Time) -> bool {
        contact.at = contact.at.min(now);
        match self.anchor.contacts.binary_search_by_key(&contact.device, |known| known.device) {
            Ok(at) => {
                let Some(known) = self.anchor.contacts.get_mut(at) else { return false };
                let goes_back = contact.log.seq < known.log.seq || contact.vault.seq < known.vault.seq;
                let goes_on =
                    contact.at > known.at || contact.log.seq > known.log.seq || contact.vault.seq > known.vault.seq;
                if goes_back || !goes_on {
                    return false;
                }
                *known = contact;
            }
            Err(at) => self.anchor.contacts.insert(at, contact),
        }
        true
    }

    /// A commit is a signed word of its author as well.
    pub(crate) fn note_authors(&mut self, chain: &[Verified], now: Time) {
        for Verified { id, commit } in chain {
            let vault = Pin::vault(commit.seq, *id);
            self.note_contact(Contact { device: commit.author, at: commit.time, log: commit.log, vault }, now);
        }
    }
}
