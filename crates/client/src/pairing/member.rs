use std::mem;

use roamkey_proto::{DeviceId, Time, mutant};
use roamkey_sealing::pairing::{
    Added, Emoji, Enrolment, MemberAdds, MemberAsks, MemberConfirms, MemberPairing, MemberReceives, MemberRetries,
    PairingCode, Question, Retry, Welcome,
};
use roamkey_sync::{Command, CommandError, Invitation, Outcome};
use zeroize::Zeroizing;

use super::{PairingError, mailbox::Mailbox};
use crate::{Error, Host, Session};

/// A pairing that this device, a member, offers by showing a code.
pub struct Pairing {
    code: Zeroizing<String>,
    mailbox: Mailbox,
    stage: Stage,
}

/// How a pairing goes on, for the person who started it.
#[derive(Debug)]
pub enum PairStage {
    /// The code is shown; the newcomer has still to come, or to answer.
    Waiting,
    /// Ask which of these emoji the newcomer shows, and whether it is in the person's hands.
    Confirm {
        /// What the newcomer runs on, as it says.
        platform: String,
        /// What the person called it there.
        name: String,
        /// The emoji to choose from.
        choices: Vec<Emoji>,
    },
    /// The person agreed; the device is being let in.
    Admitting,
    /// It is one of the account.
    Done {
        /// Which.
        device: DeviceId,
    },
}

enum Stage {
    Shown(MemberPairing),
    Proving(MemberConfirms),
    Welcomed(MemberReceives, Offer),
    Asking(Box<Asking>),
    Admitting(Box<Admitting>),
    Retrying(MemberRetries, Offer),
    Done(DeviceId),
    Over,
}

/// What the newcomer was told of the log last.
struct Offer {
    entries: usize,
}

struct Asking {
    asks: MemberAsks,
    question: Question,
    enrolment: Enrolment,
    offer: Offer,
}

struct Admitting {
    adds: MemberAdds,
    enrolment: Enrolment,
    offer: Offer,
}

impl<H: Host> Session<H> {
    /// Offers a pairing: opens a mailbox and draws a code. Only after the person asked for it on
    /// this very device.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::NotAServer`], [`Error::Refused`], [`Error::Locked`].
    pub async fn pair(&self) -> Result<Pairing, Error> {
        self.keep()?;
        let mailbox = Mailbox::open(self).await?;
        let code = PairingCode::make(mailbox.number(), &mut self.host().rng()).map_err(|_| Error::NotAServer)?;
        let text = code.expose_text();
        let stage = Stage::Shown(MemberPairing::new(code, mailbox.place()));
        Ok(Pairing { code: text, mailbox, stage })
    }
}

impl Pairing {
    /// Returns the code to show to this device's own user.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns when the code no longer serves.
    #[must_use]
    pub fn expires(&self) -> Time {
        self.mailbox.expires()
    }

    /// Goes on as far as the newcomer's messages allow.
    ///
    /// # Errors
    /// [`Error::Pairing`]: it is over. Any other: poll again; where it was over as well, because an answer was lost
    /// on its way, that says [`PairingError::NotPairing`].
    pub async fn poll<H: Host>(&mut self, session: &Session<H>) -> Result<PairStage, Error> {
        if matches!(self.stage, Stage::Admitting(_)) {
            self.admit(session).await?;
        }
        if self.awaits_message() {
            let received = self.mailbox.receive(session.host()).await;
            let received = self.told_over(received)?;
            if let Some(message) = received {
                self.take(session, &message).await?;
            }
        }
        self.report()
    }

    /// Takes the person's answer to the question.
    ///
    /// # Errors
    /// [`PairingError::WrongEmoji`]: it is over; [`PairingError::NotPairing`] where nothing was asked.
    pub async fn confirm<H: Host>(&mut self, session: &Session<H>, picked: Emoji) -> Result<(), Error> {
        let Stage::Asking(asking) = mem::replace(&mut self.stage, Stage::Over) else {
            return Err(PairingError::NotPairing.into());
        };
        let Asking { asks, question, enrolment, offer } = *asking;
        match asks.confirm(&question, picked) {
            Ok(adds) => self.stage = Stage::Admitting(Box::new(Admitting { adds, enrolment, offer })),
            Err(error) => {
                self.mailbox.close(session.host()).await;
                return Err(PairingError::from(error).into());
            }
        }
        Ok(())
    }

    /// Lets the newcomer in without the question: whoever runs both sides from one script has
    /// nobody to ask.
    ///
    /// Dangerous, as whoever learnt the code and typed it first is let in. Nothing that has a person to ask
    /// may call it.
    ///
    /// # Errors
    /// [`PairingError::NotPairing`] where nothing was asked.
    pub fn dangerous_confirm_unasked(&mut self) -> Result<(), Error> {
        let Stage::Asking(asking) = mem::replace(&mut self.stage, Stage::Over) else {
            return Err(PairingError::NotPairing.into());
        };
        let Asking { asks, enrolment, offer, .. } = *asking;
        self.stage = Stage::Admitting(Box::new(Admitting { adds: asks.dangerous_confirm_unasked(), enrolment, offer }));
        Ok(())
    }

    /// Gives up; the newcomer learns of it.
    pub async fn cancel<H: Host>(self, session: &Session<H>) {
        self.mailbox.close(session.host()).await;
    }

    fn awaits_message(&self) -> bool {
        matches!(self.stage, Stage::Shown(_) | Stage::Proving(_) | Stage::Welcomed(..) | Stage::Retrying(..))
    }

    /// A newcomer that threw the mailbox away right after our proof did not believe it: the codes differ.
    fn told_over<T>(&mut self, received: Result<T, Error>) -> Result<T, Error> {
        match received {
            Err(Error::Pairing(error)) => {
                let proving = matches!(mem::replace(&mut self.stage, Stage::Over), Stage::Proving(_));
                let was_wrong = proving && error == PairingError::Cancelled;
                Err(if was_wrong { PairingError::WrongCode } else { error }.into())
            }
            other => other,
        }
    }

    async fn take<H: Host>(&mut self, session: &Session<H>, message: &[u8]) -> Result<(), Error> {
        let stage = mem::replace(&mut self.stage, Stage::Over);
        match self.next(session, stage, message).await {
            Ok(stage) => {
                self.stage = stage;
                Ok(())
            }
            Err(error) => {
                // A code serves one try, whatever ended it.
                self.mailbox.close(session.host()).await;
                Err(error)
            }
        }
    }

    async fn next<H: Host>(&self, session: &Session<H>, stage: Stage, message: &[u8]) -> Result<Stage, Error> {
        let host = session.host();
        match stage {
            Stage::Shown(pairing) => {
                let (confirms, reply) = pairing.answer(message, &mut host.rng()).map_err(PairingError::from)?;
                self.mailbox.send(host, reply).await?;
                Ok(Stage::Proving(confirms))
            }
            Stage::Proving(confirms) => {
                let welcomes = confirms.verify(message).map_err(PairingError::from)?;
                let (welcome, offer) = welcome(session).await?;
                let (receives, reply) = welcomes.welcome(&welcome).map_err(PairingError::from)?;
                self.mailbox.send(host, reply).await?;
                Ok(Stage::Welcomed(receives, offer))
            }
            Stage::Welcomed(receives, offer) => {
                let (asks, enrolment) = receives.receive(message).map_err(PairingError::from)?;
                mutant!("pairing.nobody-is-let-in-unasked" => {
                    let adds = asks.dangerous_confirm_unasked();
                    return Ok(Stage::Admitting(Box::new(Admitting { adds, enrolment, offer })));
                });
                let question = asks.question(&mut host.rng());
                Ok(Stage::Asking(Box::new(Asking { asks, question, enrolment, offer })))
            }
            Stage::Retrying(retries, offer) => {
                let (adds, enrolment) = retries.receive(message).map_err(PairingError::from)?;
                Ok(Stage::Admitting(Box::new(Admitting { adds, enrolment, offer })))
            }
            Stage::Asking(_) | Stage::Admitting(_) | Stage::Done(_) | Stage::Over => {
                Err(PairingError::NotPairing.into())
            }
        }
    }

    /// Enters the newcomer in the log; where another entry came first, asks it for its word again.
    async fn admit<H: Host>(&mut self, session: &Session<H>) -> Result<(), Error> {
        let Stage::Admitting(admitting) = mem::replace(&mut self.stage, Stage::Over) else { return Ok(()) };
        let device = admitting.enrolment.device.device_id();
        let command = Command::AddDevice {
            device: Box::new(admitting.enrolment.device.clone()),
            possession: Box::new(admitting.enrolment.possession.clone()),
        };
        match session.try_command(command).await {
            Ok(Ok(_)) => {
                let added = Added { log_pin: session.log_pin()? };
                let message = admitting.adds.added(&added).map_err(PairingError::from)?;
                self.stage = Stage::Done(device);
                // The newcomer is in, whether or not it hears of it this way: its sync tells it too.
                let _ = self.mailbox.send(session.host(), message).await;
                Ok(())
            }
            Ok(Err(CommandError::InvitationStale)) => self.retry(session, *admitting).await,
            Ok(Err(CommandError::Busy | CommandError::Offline)) => {
                self.stage = Stage::Admitting(admitting);
                Ok(())
            }
            Ok(Err(_)) => {
                self.mailbox.close(session.host()).await;
                Err(PairingError::Refused.into())
            }
            Err(error) => {
                self.stage = Stage::Admitting(admitting);
                Err(error)
            }
        }
    }

    async fn retry<H: Host>(&mut self, session: &Session<H>, admitting: Admitting) -> Result<(), Error> {
        let Invitation { log, pins, .. } = invite(session).await?;
        let entries = log.len();
        let retry = Retry { log: log.into_iter().skip(admitting.offer.entries).collect(), log_pin: pins.log };
        let (retries, message) = admitting.adds.retry(&retry).map_err(PairingError::from)?;
        self.mailbox.send(session.host(), message).await?;
        self.stage = Stage::Retrying(retries, Offer { entries });
        Ok(())
    }

    fn report(&self) -> Result<PairStage, Error> {
        match &self.stage {
            Stage::Shown(_) | Stage::Proving(_) | Stage::Welcomed(..) => Ok(PairStage::Waiting),
            Stage::Asking(asking) => Ok(PairStage::Confirm {
                platform: asking.enrolment.platform.clone(),
                name: asking.enrolment.name.clone(),
                choices: asking.question.choices().to_vec(),
            }),
            Stage::Admitting(_) | Stage::Retrying(..) => Ok(PairStage::Admitting),
            Stage::Done(device) => Ok(PairStage::Done { device: *device }),
            Stage::Over => Err(PairingError::NotPairing.into()),
        }
    }
}

async fn welcome<H: Host>(session: &Session<H>) -> Result<(Welcome, Offer), Error> {
    let Invitation { log, pins, receipt_key } = invite(session).await?;
    let offer = Offer { entries: log.len() };
    let account = session.home().account;
    Ok((Welcome { account, log, log_pin: pins.log, vault_pin: pins.vault, receipt_key }, offer))
}

async fn invite<H: Host>(session: &Session<H>) -> Result<Invitation, Error> {
    match session.command(Command::Invite).await? {
        Outcome::Invited(bytes) => Ok(Invitation::open(&bytes).map_err(|_| INVALID)?.0),
        _ => Err(INVALID),
    }
}

const INVALID: Error = Error::Internal("the engine's own invitation does not hold");
