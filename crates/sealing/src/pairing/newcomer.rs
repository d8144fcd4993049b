use rand_core::CryptoRng;
use roamkey_proto::DeviceKeys;

use super::{
    Added, Emoji, Enrolment, Mailbox, PairingCode, PairingError, Retry, Welcome,
    channel::{self, Channel, Kind, Side},
    handshake::{self, Started},
    member::redacted_debug,
    message,
};

/// The newcomer that sent its share and waits for the member's.
pub struct NewcomerPairing {
    started: Started,
    mailbox: Mailbox,
}

impl NewcomerPairing {
    /// Begins with the code that the person entered; gives the first message.
    ///
    /// # Errors
    /// [`PairingError::Message`] never, in truth: CPace starts from any password.
    pub fn start(
        code: &PairingCode,
        mailbox: Mailbox,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Vec<u8>), PairingError> {
        let (started, message) = handshake::start(code, &mailbox, rng)?;
        Ok((Self { started, mailbox }, message))
    }

    /// Takes the member's share and proof; gives the newcomer's proof. If it fails the code is used
    /// up.
    ///
    /// # Errors
    /// [`PairingError::WrongCode`], [`PairingError::Message`].
    pub fn confirm(self, share: &[u8]) -> Result<(NewcomerJoins, Vec<u8>), PairingError> {
        let (keys, message) = self.started.finish(&self.mailbox, share)?;
        Ok((NewcomerJoins { channel: Channel::new(keys, Side::Newcomer) }, message))
    }
}

/// The newcomer that knows that the other side holds the code, and waits to be told the account.
pub struct NewcomerJoins {
    channel: Channel,
}

impl NewcomerJoins {
    /// Takes what the member says of the account. The caller verifies the log and pins it.
    ///
    /// # Errors
    /// [`PairingError::Message`].
    pub fn receive(mut self, welcome: &[u8]) -> Result<(NewcomerEnrols, Welcome), PairingError> {
        let welcome = message::open(&mut self.channel, Kind::Welcome, welcome)?;
        Ok((NewcomerEnrols { channel: self.channel }, welcome))
    }
}

/// The newcomer that is to give its keys, and its word for them at the pin it was told last.
pub struct NewcomerEnrols {
    channel: Channel,
}

impl NewcomerEnrols {
    /// Returns the emoji to show, which the person is to pick on the member.
    #[must_use]
    pub fn emoji(&self, device: &DeviceKeys) -> Emoji {
        self.channel.emoji(device)
    }

    /// Gives the keys.
    ///
    /// # Errors
    /// [`PairingError::TooLong`]: the platform or the name is.
    pub fn enrol(mut self, enrolment: &Enrolment) -> Result<(NewcomerWaits, Vec<u8>), PairingError> {
        if enrolment.platform.len().max(enrolment.name.len()) > message::TEXT_BYTES {
            return Err(PairingError::TooLong);
        }
        let message = message::seal(&mut self.channel, Kind::Enrolment, enrolment)?;
        Ok((NewcomerWaits { channel: self.channel }, message))
    }
}

/// The newcomer that waits for the person and the member.
pub struct NewcomerWaits {
    channel: Channel,
}

/// What the member says in the end.
#[derive(Debug)]
pub enum Answer {
    /// The newcomer is a member. Its epoch key comes as a wrap, with the log.
    Added(Added),
    /// Another entry came first: enrol again, for the new place.
    Retry(NewcomerEnrols, Retry),
}

impl NewcomerWaits {
    /// Takes the member's answer.
    ///
    /// # Errors
    /// [`PairingError::Message`].
    pub fn receive(mut self, answer: &[u8]) -> Result<Answer, PairingError> {
        if channel::is(Kind::Retry, answer) {
            let retry = message::open(&mut self.channel, Kind::Retry, answer)?;
            return Ok(Answer::Retry(NewcomerEnrols { channel: self.channel }, retry));
        }
        message::open(&mut self.channel, Kind::Added, answer).map(Answer::Added)
    }
}

redacted_debug!(NewcomerPairing, NewcomerJoins, NewcomerEnrols, NewcomerWaits);
