use std::rc::Rc;

use roamkey_client::{
    Client, Error,
    pairing::{Emoji, JoinStage, PairStage, PairingError, parse_code},
};

use super::{Browser, Core, accounts::passphrase};
use crate::{
    convert::emoji,
    messages::{
        Done, ErrorCode, Failure, JoinPoll, JoinStartRequest, JoinStarted, PairConfirmRequest, PairPoll, PairStarted,
        PairingEnd,
    },
};

impl<B: Browser> Core<B> {
    pub(super) async fn pair_start(&self) -> Result<PairStarted, Failure> {
        let session = self.session().await?;
        let mut slot = self.pairing.lock().await;
        if let Some(before) = slot.take() {
            before.cancel(&session).await;
        }
        let pairing = session.pair().await?;
        let started = PairStarted { code: pairing.code().to_owned(), expires: pairing.expires().0 };
        *slot = Some(pairing);
        Ok(started)
    }

    pub(super) async fn pair_poll(&self) -> Result<PairPoll, Failure> {
        let session = self.session().await?;
        let mut slot = self.pairing.lock().await;
        let Some(pairing) = slot.as_mut() else { return Ok(PairPoll::Idle) };
        match pairing.poll(&session).await {
            Ok(PairStage::Waiting) => Ok(PairPoll::Waiting),
            Ok(PairStage::Confirm { platform, name, choices }) => {
                let choices = choices.into_iter().map(emoji).collect();
                Ok(PairPoll::Confirm { platform, name, choices })
            }
            Ok(PairStage::Admitting) => Ok(PairPoll::Admitting),
            Ok(PairStage::Done { device }) => {
                slot.take();
                Ok(PairPoll::Done { device: device.to_string() })
            }
            Err(Error::Pairing(error)) => {
                slot.take();
                Ok(PairPoll::Failed { reason: end(error) })
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn pair_confirm(&self, request: &PairConfirmRequest) -> Result<Done, Failure> {
        let session = self.session().await?;
        let mut slot = self.pairing.lock().await;
        let pairing = slot.as_mut().ok_or_else(not_pairing)?;
        let all = (0..).map_while(Emoji::from_index);
        let picked = all.into_iter().find(|emoji| emoji.glyph() == request.emoji);
        let picked = picked.ok_or_else(|| Failure::new(ErrorCode::BadRequest, "no such emoji"))?;
        match pairing.confirm(&session, picked).await {
            // Said by the next poll, like every other end.
            Ok(()) | Err(Error::Pairing(PairingError::WrongEmoji)) => Ok(Done {}),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn pair_cancel(&self) -> Result<Done, Failure> {
        let session = self.session().await?;
        if let Some(pairing) = self.pairing.lock().await.take() {
            pairing.cancel(&session).await;
        }
        Ok(Done {})
    }

    pub(super) async fn join_start(&self, request: &JoinStartRequest) -> Result<JoinStarted, Failure> {
        let server = request.server.parse().map_err(Error::from)?;
        let code = parse_code(&request.code).map_err(Error::from)?;
        let passphrase = passphrase(&request.passphrase)?;
        let mut slot = self.joining.lock().await;
        if let Some(before) = slot.take() {
            before.cancel().await;
        }
        let Client::Vacant(vacant) = Client::open(Rc::clone(&self.host)).await? else {
            return Err(Failure::new(ErrorCode::VaultExists, "this browser is of an account already"));
        };
        *slot = Some(vacant.join(&code, &server, passphrase, &request.device_name).await?);
        Ok(JoinStarted {})
    }

    pub(super) async fn join_poll(&self) -> Result<JoinPoll, Failure> {
        let mut slot = self.joining.lock().await;
        let Some(joining) = slot.as_mut() else { return Ok(JoinPoll::Idle) };
        match joining.poll().await {
            Ok(JoinStage::Waiting) => Ok(JoinPoll::Waiting),
            Ok(JoinStage::Confirm { emoji: shown }) => Ok(JoinPoll::Confirm { emoji: emoji(shown) }),
            Ok(JoinStage::Done(session)) => {
                slot.take();
                let _door = self.door.lock().await;
                self.enter(*session).await?;
                Ok(JoinPoll::Done)
            }
            Err(Error::Pairing(error)) => {
                slot.take();
                Ok(JoinPoll::Failed { reason: end(error) })
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn join_cancel(&self) -> Result<Done, Failure> {
        if let Some(joining) = self.joining.lock().await.take() {
            joining.cancel().await;
        }
        Ok(Done {})
    }
}

fn end(error: PairingError) -> PairingEnd {
    match error {
        PairingError::WrongCode | PairingError::BadCode => PairingEnd::WrongCode,
        PairingError::WrongEmoji => PairingEnd::WrongEmoji,
        PairingError::Expired | PairingError::CodeGone => PairingEnd::Expired,
        PairingError::Cancelled => PairingEnd::Cancelled,
        _ => PairingEnd::Refused,
    }
}

fn not_pairing() -> Failure {
    Failure::new(ErrorCode::NotPairing, "no pairing goes on")
}
