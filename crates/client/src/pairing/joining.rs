use std::{mem, rc::Rc, sync::Arc};

use roamkey_proto::mutant;
use roamkey_sealing::{
    DeviceSecrets, LocalKey,
    pairing::{
        Answer, Emoji, Enrolment, NewcomerEnrols, NewcomerJoins, NewcomerPairing, NewcomerWaits, PairingCode, Welcome,
    },
    unlock::Passphrase,
};
use roamkey_sync::{self as sync, Batch, Engine, Invitation, Pins};
use roamkey_trust::Log;

use super::{PairingError, mailbox::Mailbox};
use crate::{Error, Host, ServerUrl, Session, Stayed, Vacant, api};

/// A device that is on its way into an account. Its keys are in memory only, until the member has
/// let it in.
pub struct Joining<H: Host> {
    vacant: Vacant<H>,
    server: ServerUrl,
    passphrase: Passphrase,
    name: String,
    mailbox: Mailbox,
    stage: Stage,
}

/// How joining goes on, for the person at the newcomer.
pub enum JoinStage<H: Host> {
    /// The code is being checked.
    Waiting,
    /// Show this emoji: the person picks it on the member.
    Confirm {
        /// Which.
        emoji: Emoji,
    },
    /// This device is one of the account.
    Done(Box<Session<H>>),
}

enum Stage {
    Started(NewcomerPairing),
    Joining(NewcomerJoins),
    Waiting(NewcomerWaits, Box<Offered>),
    Over,
}

/// What the member told, verified, and the keys that answer it.
struct Offered {
    invitation: Invitation,
    secrets: DeviceSecrets,
    emoji: Emoji,
}

impl<H: Host> Vacant<H> {
    /// Begins to join an account with a code that a member shows.
    ///
    /// # Errors
    /// [`PairingError::CodeGone`]; [`Error::Unreachable`], [`Error::NotAServer`], [`Error::UpdateNeeded`].
    pub async fn join(
        self,
        code: &PairingCode,
        server: &ServerUrl,
        passphrase: Passphrase,
        device_name: &str,
    ) -> Result<Joining<H>, Stayed<Self>> {
        match begin(&*self.host, code, server).await {
            Ok((mailbox, stage)) => {
                let (server, name) = (server.clone(), device_name.to_owned());
                Ok(Joining { vacant: self, server, passphrase, name, mailbox, stage })
            }
            Err(error) => Err(Stayed { at: self, error }),
        }
    }
}

async fn begin(host: &impl Host, code: &PairingCode, server: &ServerUrl) -> Result<(Mailbox, Stage), Error> {
    api::server_info(host.transport(), server).await?;
    let mailbox = Mailbox::claim(host, server, code.number()).await?;
    let started = NewcomerPairing::start(code, mailbox.place(), &mut host.rng());
    let (pairing, share) = started.map_err(PairingError::from)?;
    mailbox.send(host, share).await?;
    Ok((mailbox, Stage::Started(pairing)))
}

impl<H: Host> Joining<H> {
    /// Goes on as far as the member's messages allow.
    ///
    /// # Errors
    /// [`Error::Pairing`], [`Error::Store`]: it is over, and nothing is kept. Any other: poll again; where it was over
    /// as well, because an answer was lost on its way, that says [`PairingError::NotPairing`].
    pub async fn poll(&mut self) -> Result<JoinStage<H>, Error> {
        if matches!(self.stage, Stage::Over) {
            return Err(PairingError::NotPairing.into());
        }
        if let Some(message) = self.mailbox.receive(&*self.vacant.host).await? {
            let stage = mem::replace(&mut self.stage, Stage::Over);
            match self.next(stage, &message).await {
                Ok(Next::Stage(stage)) => self.stage = stage,
                Ok(Next::Session(session)) => return Ok(JoinStage::Done(session)),
                Err(error) => {
                    // So that the member learns of it.
                    self.mailbox.close(&*self.vacant.host).await;
                    return Err(error);
                }
            }
        }
        Ok(match &self.stage {
            Stage::Waiting(_, offered) => JoinStage::Confirm { emoji: offered.emoji },
            _ => JoinStage::Waiting,
        })
    }

    /// Gives up; the member learns of it.
    pub async fn cancel(self) -> Vacant<H> {
        self.mailbox.close(&*self.vacant.host).await;
        self.vacant
    }

    async fn next(&self, stage: Stage, message: &[u8]) -> Result<Next<H>, Error> {
        let host = &*self.vacant.host;
        match stage {
            Stage::Started(pairing) => {
                let (joins, proof) = pairing.confirm(message).map_err(PairingError::from)?;
                self.mailbox.send(host, proof).await?;
                Ok(Next::Stage(Stage::Joining(joins)))
            }
            Stage::Joining(joins) => {
                let (enrols, welcome) = joins.receive(message).map_err(PairingError::from)?;
                let (invitation, log) = open(welcome)?;
                let secrets = DeviceSecrets::make(&mut host.rng());
                self.enrol(enrols, invitation, &log, secrets).await
            }
            Stage::Waiting(waits, offered) => match waits.receive(message).map_err(PairingError::from)? {
                Answer::Added(_) => self.settle(*offered).await,
                Answer::Retry(enrols, retry) => {
                    let Offered { mut invitation, secrets, .. } = *offered;
                    invitation.log.extend(retry.log);
                    invitation.pins.log = retry.log_pin;
                    let (invitation, log) = verify(&invitation)?;
                    self.enrol(enrols, invitation, &log, secrets).await
                }
            },
            Stage::Over => Err(PairingError::NotPairing.into()),
        }
    }

    /// Gives the keys, and the word for them at the end of the log as the member told it.
    async fn enrol(
        &self,
        enrols: NewcomerEnrols,
        invitation: Invitation,
        log: &Log,
        secrets: DeviceSecrets,
    ) -> Result<Next<H>, Error> {
        let host = &*self.vacant.host;
        let (device, possession) = invitation.answer(log, &secrets);
        let emoji = enrols.emoji(&device);
        let enrolment = Enrolment { device, possession, platform: host.platform().to_owned(), name: self.name.clone() };
        let (waits, message) = enrols.enrol(&enrolment).map_err(PairingError::from)?;
        self.mailbox.send(host, message).await?;
        Ok(Next::Stage(Stage::Waiting(waits, Box::new(Offered { invitation, secrets, emoji }))))
    }

    /// The member let this device in: it may keep its keys now.
    async fn settle(&self, offered: Offered) -> Result<Next<H>, Error> {
        let host: &Rc<H> = &self.vacant.host;
        let mut rng = host.rng();
        let local = Arc::new(LocalKey::make(&mut rng));
        let joining = sync::Joining { secrets: offered.secrets, invitation: offered.invitation };
        let engine = Engine::join(Arc::clone(&local), joining, host.now(), &mut rng);
        let engine = engine.map_err(|_| PairingError::Refused)?;
        let session =
            self.vacant.settle_in(engine, local, &self.server, &self.passphrase, &self.name, Batch::default()).await?;
        self.mailbox.close(&**host).await;
        Ok(Next::Session(Box::new(session)))
    }
}

enum Next<H: Host> {
    Stage(Stage),
    Session(Box<Session<H>>),
}

/// Verifies what the member told: the account certifies its genesis, and the pin the log up to it.
fn open(welcome: Welcome) -> Result<(Invitation, Log), PairingError> {
    let Welcome { account, log, log_pin, vault_pin, receipt_key } = welcome;
    let pins = Pins { log: log_pin, vault: vault_pin, log_receipt: None, vault_receipt: None };
    let (invitation, log) = verify(&Invitation { log, pins, receipt_key })?;
    if mutant!("pairing.account-certifies-its-log", log.account() == account) {
        Ok((invitation, log))
    } else {
        Err(PairingError::Refused)
    }
}

fn verify(invitation: &Invitation) -> Result<(Invitation, Log), PairingError> {
    Invitation::open(&invitation.to_bytes()).map_err(|_| PairingError::Refused)
}

#[cfg(test)]
mod tests;
