use rand_core::CryptoRng;
use roamkey_proto::{DeviceId, mutant};

use super::{
    Added, Emoji, Enrolment, Mailbox, PairingCode, PairingError, Question, Retry, Welcome,
    channel::{Channel, Kind, Side},
    handshake::{self, Unconfirmed},
    message,
};

/// The member that shows a code and waits for the newcomer's share.
#[derive(Debug)]
pub struct MemberPairing {
    code: PairingCode,
    mailbox: Mailbox,
}

impl MemberPairing {
    /// Begins: the person asked for it in this device's own settings, and was verified.
    #[must_use]
    pub const fn new(code: PairingCode, mailbox: Mailbox) -> Self {
        Self { code, mailbox }
    }

    /// Takes the newcomer's share; gives the member's, with its proof.
    ///
    /// # Errors
    /// [`PairingError::Message`].
    pub fn answer(self, share: &[u8], rng: &mut impl CryptoRng) -> Result<(MemberConfirms, Vec<u8>), PairingError> {
        let (key, message) = handshake::answer(&self.code, &self.mailbox, share, rng)?;
        Ok((MemberConfirms { key }, message))
    }
}

/// The member that waits for the newcomer's proof. It has said nothing of the account yet.
pub struct MemberConfirms {
    key: Unconfirmed,
}

impl MemberConfirms {
    /// Takes the newcomer's proof. If it fails the code is used up.
    ///
    /// # Errors
    /// [`PairingError::WrongCode`], [`PairingError::Message`].
    pub fn verify(self, proof: &[u8]) -> Result<MemberWelcomes, PairingError> {
        let keys = self.key.verify(proof)?;
        Ok(MemberWelcomes { channel: Channel::new(keys, Side::Member) })
    }
}

/// The member that knows that the other side holds the code.
pub struct MemberWelcomes {
    channel: Channel,
}

impl MemberWelcomes {
    /// Tells the newcomer of the account.
    ///
    /// # Errors
    /// [`PairingError::TooLong`]: send less of the log.
    pub fn welcome(mut self, welcome: &Welcome) -> Result<(MemberReceives, Vec<u8>), PairingError> {
        let message = message::seal(&mut self.channel, Kind::Welcome, welcome)?;
        Ok((MemberReceives { channel: self.channel }, message))
    }
}

/// The member that waits for the newcomer's keys.
pub struct MemberReceives {
    channel: Channel,
}

impl MemberReceives {
    /// Takes the newcomer's keys and its word for them. The caller verifies the word against the
    /// log before it adds the device.
    ///
    /// # Errors
    /// [`PairingError::Message`].
    pub fn receive(mut self, enrolment: &[u8]) -> Result<(MemberAsks, Enrolment), PairingError> {
        let enrolment = open_enrolment(&mut self.channel, enrolment)?;
        let emoji = self.channel.emoji(&enrolment.device);
        Ok((MemberAsks { channel: self.channel, emoji, device: enrolment.device.device_id() }, enrolment))
    }
}

/// The member that asks the person whether the newcomer is the device in their hands.
pub struct MemberAsks {
    channel: Channel,
    emoji: Emoji,
    device: DeviceId,
}

impl MemberAsks {
    /// Returns the question to put: the newcomer's emoji among decoys.
    #[must_use]
    pub fn question(&self, rng: &mut impl CryptoRng) -> Question {
        Question::make(self.emoji, rng)
    }

    /// Takes the answer. A wrong one ends the pairing.
    ///
    /// # Errors
    /// [`PairingError::WrongEmoji`].
    pub fn confirm(self, question: &Question, picked: Emoji) -> Result<MemberAdds, PairingError> {
        let is_picked = question.is_answered_by(picked) && question.is_answered_by(self.emoji);
        if mutant!("pairing.emoji-was-picked", is_picked) {
            Ok(MemberAdds { channel: self.channel, device: self.device })
        } else {
            Err(PairingError::WrongEmoji)
        }
    }

    /// Goes on without the question: the person said beforehand that whoever types the code is theirs,
    /// as someone does who runs both sides from one script.
    ///
    /// Dangerous, as the question is what finds out someone who read the code over a shoulder and typed it
    /// first: without it they are let in. Nothing that has a person to ask may call it.
    #[must_use]
    pub fn dangerous_confirm_unasked(self) -> MemberAdds {
        MemberAdds { channel: self.channel, device: self.device }
    }
}

/// The member that may add the device to the log.
pub struct MemberAdds {
    channel: Channel,
    device: DeviceId,
}

impl MemberAdds {
    /// Tells the newcomer that the server took the entry that adds it: the pairing is done.
    ///
    /// # Errors
    /// [`PairingError::TooLong`] never, in truth: the message is small.
    pub fn added(mut self, added: &Added) -> Result<Vec<u8>, PairingError> {
        message::seal(&mut self.channel, Kind::Added, added)
    }

    /// Asks the newcomer for its word for another place in the log, as another entry came first.
    ///
    /// # Errors
    /// [`PairingError::TooLong`]: send less of the log.
    pub fn retry(mut self, retry: &Retry) -> Result<(MemberRetries, Vec<u8>), PairingError> {
        let message = message::seal(&mut self.channel, Kind::Retry, retry)?;
        Ok((MemberRetries { channel: self.channel, device: self.device }, message))
    }
}

/// The member that waits for the newcomer's word once more. The person has confirmed this very
/// newcomer, and is not asked again.
pub struct MemberRetries {
    channel: Channel,
    device: DeviceId,
}

impl MemberRetries {
    /// Takes the newcomer's word for the new place; the keys must be those of before.
    ///
    /// # Errors
    /// [`PairingError::Message`].
    pub fn receive(mut self, enrolment: &[u8]) -> Result<(MemberAdds, Enrolment), PairingError> {
        let enrolment = open_enrolment(&mut self.channel, enrolment)?;
        if !mutant!("pairing.same-newcomer-after-a-conflict", enrolment.device.device_id() == self.device) {
            return Err(PairingError::Message);
        }
        Ok((MemberAdds { channel: self.channel, device: self.device }, enrolment))
    }
}

fn open_enrolment(channel: &mut Channel, sealed: &[u8]) -> Result<Enrolment, PairingError> {
    let enrolment: Enrolment = message::open(channel, Kind::Enrolment, sealed)?;
    let is_long = enrolment.platform.len().max(enrolment.name.len()) > message::TEXT_BYTES;
    if is_long { Err(PairingError::Message) } else { Ok(enrolment) }
}

/// Stages hold keys: printed, they say which they are and nothing else.
macro_rules! redacted_debug {
    ($($stage:ident),+) => {$(
        impl core::fmt::Debug for $stage {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($stage), "(redacted)"))
            }
        }
    )+};
}

redacted_debug!(MemberConfirms, MemberWelcomes, MemberReceives, MemberAsks, MemberAdds, MemberRetries);

pub(super) use redacted_debug;
