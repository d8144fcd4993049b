use minicbor::{Decode, Encode};
use pakery_cpace::{CpaceInitiator, CpaceMode, CpaceOutput, CpaceResponder, InitiatorState};
use pakery_crypto::suites::CpaceRistretto255;
use rand_core::CryptoRng;
use roamkey_proto::{Label, VERSION, cbor, mutant};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{PairingCode, PairingError, channel::ChannelKeys};
use crate::primitives::{context::Context, kdf};

/// The place where two devices meet: both must mean the same, or they do not agree on a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The server's origin as the device has it configured.
    pub origin: String,
    /// The mailbox on that server.
    pub number: u32,
}

impl Mailbox {
    /// CPace's channel identifier.
    fn channel(&self) -> Vec<u8> {
        Context::new(Label::Pairing).byte(CHANNEL).number(self.number.into()).last(self.origin.as_bytes())
    }
}

/// The newcomer's share: the first message.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Share {
    #[n(0)]
    version: u16,
    /// Drawn by the newcomer; CPace's session.
    #[cbor(n(1), with = "minicbor::bytes")]
    session: [u8; 16],
    /// Whether the newcomer scanned the code: the password is longer then.
    #[n(2)]
    scanned: bool,
    #[cbor(n(3), with = "minicbor::bytes")]
    share: [u8; 32],
}

/// The member's share and its proof that it holds the key: the second message.
#[derive(Encode, Decode)]
#[cbor(map)]
struct ShareAndProof {
    #[cbor(n(1), with = "minicbor::bytes")]
    share: [u8; 32],
    #[cbor(n(2), with = "minicbor::bytes")]
    proof: [u8; 32],
}

/// The newcomer's proof: the third message.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Proof {
    #[cbor(n(1), with = "minicbor::bytes")]
    proof: [u8; 32],
}

/// The newcomer between its share and the member's.
pub(super) struct Started {
    state: InitiatorState<CpaceRistretto255>,
    message: Vec<u8>,
}

/// A key that one side has and does not know yet whether the other has as well.
pub(super) struct Unconfirmed {
    secret: Zeroizing<Vec<u8>>,
    transcript: [u8; 32],
}

/// Begins CPace (draft-irtf-cfrg-cpace, ristretto255 and SHA-512) as the newcomer, its initiator.
///
/// CPace lets whoever guesses the words test one guess a run, and learn nothing for testing more
/// afterwards: that is why two words are enough, and why a code serves one try.
pub(super) fn start(
    code: &PairingCode,
    mailbox: &Mailbox,
    rng: &mut impl CryptoRng,
) -> Result<(Started, Vec<u8>), PairingError> {
    let mut session = [0; 16];
    rng.fill_bytes(&mut session);
    let scanned = code.is_scanned();
    let password = code.password(scanned).ok_or(PairingError::Message)?;
    let (share, state) = CpaceInitiator::start(&password, &mailbox.channel(), &session, NEWCOMER, rng)
        .map_err(|_| PairingError::Message)?;
    let share = share.try_into().map_err(|_| PairingError::Message)?;
    let message = cbor::encode(&Share { version: VERSION, session, scanned, share });
    Ok((Started { state, message: message.clone() }, message))
}

/// Answers as the member, CPace's responder: share and proof in one message.
pub(super) fn answer(
    code: &PairingCode,
    mailbox: &Mailbox,
    first: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<(Unconfirmed, Vec<u8>), PairingError> {
    let theirs: Share = cbor::decode_versioned(first, MESSAGE_BYTES).map_err(|_| PairingError::Message)?;
    let password = code.password(theirs.scanned).ok_or(PairingError::Message)?;
    let (share, output) = CpaceResponder::<CpaceRistretto255>::respond(
        &theirs.share,
        &password,
        &mailbox.channel(),
        &theirs.session,
        NEWCOMER,
        MEMBER,
        CpaceMode::InitiatorResponder,
        rng,
    )
    .map_err(|_| PairingError::Message)?;
    let share: [u8; 32] = share.try_into().map_err(|_| PairingError::Message)?;
    let key = Unconfirmed::new(&output, mailbox, first, &share);
    let message = cbor::encode(&ShareAndProof { share, proof: key.proof(MEMBER) });
    Ok((key, message))
}

impl Started {
    /// Takes the member's share, demands its proof and gives the newcomer's.
    pub(super) fn finish(self, mailbox: &Mailbox, second: &[u8]) -> Result<(ChannelKeys, Vec<u8>), PairingError> {
        let theirs: ShareAndProof = cbor::decode(second, MESSAGE_BYTES).map_err(|_| PairingError::Message)?;
        let output = self
            .state
            .finish(&theirs.share, MEMBER, CpaceMode::InitiatorResponder)
            .map_err(|_| PairingError::Message)?;
        let key = Unconfirmed::new(&output, mailbox, &self.message, &theirs.share);
        let message = cbor::encode(&Proof { proof: key.proof(NEWCOMER) });
        Ok((key.confirm(MEMBER, &theirs.proof)?, message))
    }
}

impl Unconfirmed {
    fn new(output: &CpaceOutput, mailbox: &Mailbox, first: &[u8], share: &[u8; 32]) -> Self {
        let transcript = Sha256::new()
            .chain_update(Sha256::digest(mailbox.channel()))
            .chain_update(Sha256::digest(first))
            .chain_update(share)
            .finalize()
            .into();
        Self { secret: Zeroizing::new(output.isk.as_bytes().to_vec()), transcript }
    }

    /// Takes the newcomer's proof.
    pub(super) fn verify(self, third: &[u8]) -> Result<ChannelKeys, PairingError> {
        let theirs: Proof = cbor::decode(third, MESSAGE_BYTES).map_err(|_| PairingError::Message)?;
        self.confirm(NEWCOMER, &theirs.proof)
    }

    /// `HMAC(HKDF(ISK, transcript, "proof"), side)`.
    fn proof(&self, side: &[u8]) -> [u8; 32] {
        let key: Zeroizing<[u8; 32]> = self.derive(PROOF);
        kdf::mac(key.as_slice(), &[side])
    }

    fn is_proven(&self, side: &[u8], proof: &[u8; 32]) -> bool {
        self.proof(side).ct_eq(proof).into()
    }

    fn confirm(self, side: &[u8], proof: &[u8; 32]) -> Result<ChannelKeys, PairingError> {
        if !mutant!("pairing.key-is-confirmed", self.is_proven(side, proof)) {
            return Err(PairingError::WrongCode);
        }
        Ok(ChannelKeys {
            to_newcomer: self.derive(TO_NEWCOMER),
            to_member: self.derive(TO_MEMBER),
            emoji: self.derive(EMOJI),
            transcript: self.transcript,
        })
    }

    fn derive(&self, purpose: u8) -> Zeroizing<[u8; 32]> {
        kdf::derive(&self.secret, &self.transcript, &Context::new(Label::Pairing).byte(purpose).end())
    }
}

const NEWCOMER: &[u8] = b"newcomer";
const MEMBER: &[u8] = b"member";

/// What the label `pairing` is used for: no two share a number.
const CHANNEL: u8 = 1;
const PROOF: u8 = 2;
const TO_NEWCOMER: u8 = 3;
const TO_MEMBER: u8 = 4;
const EMOJI: u8 = 5;

/// The messages of the handshake take less than 100 bytes.
const MESSAGE_BYTES: usize = 256;

#[cfg(test)]
mod constant_time {
    use roamkey_taint::{taint, untaint};

    use super::*;

    #[test]
    fn a_proof_of_the_key_is_compared() {
        let secret = [7; 64];
        let key = |secret: &[u8]| Unconfirmed { secret: Zeroizing::new(secret.to_vec()), transcript: [1; 32] };
        let right = key(&secret).proof(NEWCOMER);
        taint(&secret);
        for (proof, is_right) in [(right, true), ([0; 32], false)] {
            assert_eq!(untaint(key(&secret).is_proven(NEWCOMER, &proof)), is_right);
        }
    }
}
