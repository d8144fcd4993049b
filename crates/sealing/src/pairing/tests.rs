#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
use core::convert::Infallible;

use pakery_cpace::{CpaceInitiator, CpaceMode, CpaceResponder};
use pakery_crypto::suites::CpaceRistretto255;
use rand_core::{TryCryptoRng, TryRng};
use roamkey_proto::{AccountId, Bundle, Pin, Possession, ReceiptKey};

use super::*;
use crate::{
    DeviceSecrets,
    primitives::testing::{CountingRng, rng},
};

fn mailbox() -> Mailbox {
    Mailbox { origin: "https://sync.example".to_owned(), number: 7 }
}

fn welcome() -> Welcome {
    Welcome {
        account: AccountId::new([1; 32]),
        log: vec![Bundle { entry: vec![1, 2, 3], header: Some(vec![4]), wraps: vec![] }],
        log_pin: Pin { seq: 1, id: [5; 32] },
        vault_pin: Pin::START,
        receipt_key: ReceiptKey([6; 32]),
    }
}

fn enrolment(device: &DeviceSecrets) -> Enrolment {
    Enrolment {
        device: device.public(),
        possession: Possession { identity: [7; 64], write: [8; 64] },
        platform: "Linux".to_owned(),
        name: "laptop".to_owned(),
    }
}

/// Both sides after the handshake, the newcomer having typed or scanned the code.
fn handshake(rng: &mut CountingRng, scanned: bool) -> (MemberWelcomes, NewcomerJoins) {
    let code = PairingCode::make(7, rng).unwrap();
    let entered: PairingCode = if scanned { code.expose_qr() } else { code.expose_text() }.parse().unwrap();
    let (newcomer, first) = NewcomerPairing::start(&entered, mailbox(), rng).unwrap();
    let (member, second) = MemberPairing::new(code, mailbox()).answer(&first, rng).unwrap();
    let (newcomer, third) = newcomer.confirm(&second).unwrap();
    (member.verify(&third).unwrap(), newcomer)
}

#[test]
fn two_devices_pair_by_words_and_by_camera() {
    for scanned in [false, true] {
        let mut rng = rng();
        let device = DeviceSecrets::make(&mut rng);
        let (member, newcomer) = handshake(&mut rng, scanned);

        let (member, message) = member.welcome(&welcome()).unwrap();
        let (newcomer, told) = newcomer.receive(&message).unwrap();
        assert_eq!(told, welcome());

        let shown = newcomer.emoji(&device.public());
        let (newcomer, message) = newcomer.enrol(&enrolment(&device)).unwrap();
        let (member, told) = member.receive(&message).unwrap();
        assert_eq!(told, enrolment(&device));

        let question = member.question(&mut rng);
        let member = member.confirm(&question, shown).unwrap();
        let added = Added { log_pin: Pin { seq: 2, id: [9; 32] } };
        let Answer::Added(told) = newcomer.receive(&member.added(&added).unwrap()).unwrap() else { unreachable!() };
        assert_eq!(told, added);
    }
}

#[test]
fn after_a_conflict_the_newcomer_gives_its_word_again_and_the_person_is_not_asked_again() {
    let mut rng = rng();
    let device = DeviceSecrets::make(&mut rng);
    let (member, newcomer) = handshake(&mut rng, false);
    let (member, message) = member.welcome(&welcome()).unwrap();
    let (newcomer, _) = newcomer.receive(&message).unwrap();
    let shown = newcomer.emoji(&device.public());
    let (newcomer, message) = newcomer.enrol(&enrolment(&device)).unwrap();
    let (member, _) = member.receive(&message).unwrap();
    let question = member.question(&mut rng);
    let member = member.confirm(&question, shown).unwrap();

    let retry = Retry { log: vec![], log_pin: Pin { seq: 2, id: [9; 32] } };
    let (member, message) = member.retry(&retry).unwrap();
    let Answer::Retry(newcomer, told) = newcomer.receive(&message).unwrap() else { unreachable!() };
    assert_eq!(told, retry);
    assert_eq!(newcomer.emoji(&device.public()), shown);
    let (_, message) = newcomer.enrol(&enrolment(&device)).unwrap();
    assert_eq!(member.receive(&message).unwrap().1, enrolment(&device));
}

#[test]
fn after_a_conflict_no_other_device_slips_in() {
    let mut rng = rng();
    let (device, another) = (DeviceSecrets::make(&mut rng), DeviceSecrets::make(&mut rng));
    let (member, newcomer) = handshake(&mut rng, false);
    let (member, message) = member.welcome(&welcome()).unwrap();
    let (newcomer, _) = newcomer.receive(&message).unwrap();
    let shown = newcomer.emoji(&device.public());
    let (newcomer, message) = newcomer.enrol(&enrolment(&device)).unwrap();
    let (member, _) = member.receive(&message).unwrap();
    let question = member.question(&mut rng);
    let member = member.confirm(&question, shown).unwrap();
    let (member, message) = member.retry(&Retry { log: vec![], log_pin: Pin::START }).unwrap();
    let Answer::Retry(newcomer, _) = newcomer.receive(&message).unwrap() else { unreachable!() };
    let (_, message) = newcomer.enrol(&enrolment(&another)).unwrap();
    assert_eq!(member.receive(&message).unwrap_err(), PairingError::Message);
}

#[test]
fn a_guessed_code_fails_before_any_payload_on_both_sides() {
    let mut rng = rng();
    let code: PairingCode = "7-abandon-zoo".parse().unwrap();
    let guess: PairingCode = "7-abandon-zone".parse().unwrap();
    let (newcomer, first) = NewcomerPairing::start(&guess, mailbox(), &mut rng).unwrap();
    let (member, second) = MemberPairing::new(code, mailbox()).answer(&first, &mut rng).unwrap();
    assert_eq!(newcomer.confirm(&second).unwrap_err(), PairingError::WrongCode);
    // What a guesser can send all the same: a proof for a key that it does not hold.
    let mut proof = vec![0xa1, 0x01, 0x58, 0x20];
    proof.extend_from_slice(&[0; 32]);
    assert_eq!(member.verify(&proof).unwrap_err(), PairingError::WrongCode);
}

#[test]
fn a_members_own_proof_sent_back_proves_nothing() {
    let mut rng = rng();
    let code = PairingCode::make(7, &mut rng).unwrap();
    let (_, first) = NewcomerPairing::start(&code, mailbox(), &mut rng).unwrap();
    let (member, second) = MemberPairing::new(code, mailbox()).answer(&first, &mut rng).unwrap();
    let mut reflected = vec![0xa1, 0x01, 0x58, 0x20];
    reflected.extend_from_slice(second.last_chunk::<32>().unwrap());
    assert_eq!(member.verify(&reflected).unwrap_err(), PairingError::WrongCode);
}

#[test]
fn devices_that_mean_another_server_or_mailbox_do_not_agree() {
    let elsewhere = Mailbox { origin: "https://evil.example".to_owned(), ..mailbox() };
    let another = Mailbox { number: 8, ..mailbox() };
    for theirs in [elsewhere, another] {
        let mut rng = rng();
        let code = PairingCode::make(7, &mut rng).unwrap();
        let (newcomer, first) = NewcomerPairing::start(&code, theirs, &mut rng).unwrap();
        let (_, second) = MemberPairing::new(code, mailbox()).answer(&first, &mut rng).unwrap();
        assert_eq!(newcomer.confirm(&second).unwrap_err(), PairingError::WrongCode);
    }
}

#[test]
fn a_server_that_claims_the_code_was_typed_gains_nothing() {
    let mut rng = rng();
    let code = PairingCode::make(7, &mut rng).unwrap();
    let scanned: PairingCode = code.expose_qr().parse().unwrap();
    let (newcomer, mut first) = NewcomerPairing::start(&scanned, mailbox(), &mut rng).unwrap();
    let flag = first.iter().position(|&byte| byte == 0xf5).unwrap();
    *first.get_mut(flag).unwrap() = 0xf4;
    let (_, second) = MemberPairing::new(code, mailbox()).answer(&first, &mut rng).unwrap();
    assert_eq!(newcomer.confirm(&second).unwrap_err(), PairingError::WrongCode);
}

#[test]
fn an_invalid_share_ends_the_pairing() {
    let mut rng = rng();
    let code = || "7-abandon-zoo".parse::<PairingCode>().unwrap();
    let (_, first) = NewcomerPairing::start(&code(), mailbox(), &mut rng).unwrap();
    for share in [[0; 32], [0xff; 32]] {
        let mut first = first.clone();
        let at = first.len() - 32;
        first.get_mut(at..).unwrap().copy_from_slice(&share);
        let result = MemberPairing::new(code(), mailbox()).answer(&first, &mut rng);
        assert_eq!(result.unwrap_err(), PairingError::Message);
    }
    assert!(MemberPairing::new(code(), mailbox()).answer(b"", &mut rng).is_err());
}

#[test]
fn a_members_invalid_share_ends_the_pairing() {
    // The neutral element would give a key that needs no code.
    for share in [[0; 32], [0xff; 32]] {
        let mut rng = rng();
        let code: PairingCode = "7-abandon-zoo".parse().unwrap();
        let (newcomer, first) = NewcomerPairing::start(&code, mailbox(), &mut rng).unwrap();
        let (_, mut second) = MemberPairing::new(code, mailbox()).answer(&first, &mut rng).unwrap();
        // A map of one key, then the byte string's head.
        second.get_mut(4..36).unwrap().copy_from_slice(&share);
        assert_eq!(newcomer.confirm(&second).unwrap_err(), PairingError::Message);
    }
}

#[test]
fn a_wrong_emoji_ends_the_pairing() {
    let mut rng = rng();
    let device = DeviceSecrets::make(&mut rng);
    let (member, newcomer) = handshake(&mut rng, false);
    let (member, message) = member.welcome(&welcome()).unwrap();
    let (newcomer, _) = newcomer.receive(&message).unwrap();
    let shown = newcomer.emoji(&device.public());
    let (_, message) = newcomer.enrol(&enrolment(&device)).unwrap();
    let (member, _) = member.receive(&message).unwrap();
    let question = member.question(&mut rng);
    let decoy = *question.choices().iter().find(|&&choice| choice != shown).unwrap();
    assert_eq!(member.confirm(&question, decoy).unwrap_err(), PairingError::WrongEmoji);
}

#[test]
fn a_newcomer_that_talks_too_much_is_refused() {
    let mut rng = rng();
    let device = DeviceSecrets::make(&mut rng);
    let (member, newcomer) = handshake(&mut rng, false);
    let (_, message) = member.welcome(&welcome()).unwrap();
    let (newcomer, _) = newcomer.receive(&message).unwrap();
    let long = Enrolment { platform: "x".repeat(257), ..enrolment(&device) };
    assert_eq!(newcomer.enrol(&long).unwrap_err(), PairingError::TooLong);
}

/// Gives the bytes of a scalar and then zeros: `pakery` reduces 64 bytes, which leaves it as it is.
struct Scalar(Vec<u8>);

impl TryRng for Scalar {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!()
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out {
            *byte = if self.0.is_empty() { 0 } else { self.0.remove(0) };
        }
        Ok(())
    }
}

impl TryCryptoRng for Scalar {}

/// draft-irtf-cfrg-cpace, test vectors for ristretto255 and SHA-512, initiator and responder.
#[test]
fn cpace_is_the_one_of_the_draft() {
    let hex = |text: &str| hex::decode(text).unwrap();
    let (prs, ci) = (b"Password", b"\nAinitiator\nBresponder");
    let sid = hex("7e4b4791d6a8ef019b936c79fb7f2c57");
    let mut ya = Scalar(hex("da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08"));
    let mut yb = Scalar(hex("d2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d"));
    let (share_a, state) = CpaceInitiator::<CpaceRistretto255>::start(prs, ci, &sid, b"ADa", &mut ya).unwrap();
    let (share_b, output) = CpaceResponder::<CpaceRistretto255>::respond(
        &share_a,
        prs,
        ci,
        &sid,
        b"ADa",
        b"ADb",
        CpaceMode::InitiatorResponder,
        &mut yb,
    )
    .unwrap();
    assert_eq!(hex::encode(&share_a), "383a85dd236978f17f8c8545b50dabc52a39fcdab2cf8bc531ce040ff77ca82d");
    assert_eq!(hex::encode(&share_b), "a6206309c0e8e5f579295e35997ac4300ab3fecec3c17f7b604f3e698fa1383c");
    let isk = "e91ccb2c0f5e0d0993a33956e3be59754f3f2b07db57631f5394452e\
               a2e7b4354674eb1f5686c078462bf83bec72e8743df440108e638f3526d9b90e85be096f";
    assert_eq!(hex::encode(output.isk.as_bytes()), isk);
    let output = state.finish(&share_b, b"ADb", CpaceMode::InitiatorResponder).unwrap();
    assert_eq!(hex::encode(output.isk.as_bytes()), isk);
}
