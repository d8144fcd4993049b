//! Pairing: no bytes but the other side's own make a stage go on.

use roamkey_sealing::pairing::{Mailbox, MemberPairing, NewcomerPairing, PairingCode};
use roamkey_sync::Invitation;
use roamkey_testkit::{Fleet, seeded};

use crate::{Target, seeds};

pub(super) const TARGET: Target = Target { name: "pairing", seeds: starts, run };

fn code() -> PairingCode {
    PairingCode::make(7, &mut seeded(5)).expect("a number of a mailbox")
}

fn mailbox() -> Mailbox {
    Mailbox { origin: "https://sync.example".to_owned(), number: 7 }
}

fn newcomer() -> (NewcomerPairing, Vec<u8>) {
    NewcomerPairing::start(&code(), mailbox(), &mut seeded(6)).expect("a mailbox of its own")
}

fn starts() -> Vec<Vec<u8>> {
    let (newcomer, first) = newcomer();
    let (_, second) = MemberPairing::new(code(), mailbox()).answer(&first, &mut seeded(7)).expect("honest");
    let (_, third) = newcomer.confirm(&second).expect("honest");
    let invitation = invitation();
    [first, second, third, invitation].iter().enumerate().map(|(stage, bytes)| seeds::chosen(stage, bytes)).collect()
}

fn invitation() -> Vec<u8> {
    let mut fleet = Fleet::new(8);
    match fleet.command(0, roamkey_sync::Command::Invite) {
        Ok(roamkey_sync::Outcome::Invited(invitation)) => invitation,
        other => panic!("a lone device invites: {other:?}"),
    }
}

fn run(input: &[u8]) {
    let Some((&stage, bytes)) = input.split_first() else { return };
    let (newcomer, first) = newcomer();
    match stage % 4 {
        // Anybody may send a share: nothing is said of the account until a proof follows, and the member's own
        // answer is none.
        0 => {
            let member = MemberPairing::new(code(), mailbox());
            if let Ok((confirms, answer)) = member.answer(bytes, &mut seeded(7)) {
                assert!(confirms.verify(&answer).is_err(), "a member took its own answer for a proof");
            }
        }
        1 => {
            let (_, honest) = MemberPairing::new(code(), mailbox()).answer(&first, &mut seeded(7)).expect("honest");
            let confirmed = newcomer.confirm(bytes).is_ok();
            assert!(!confirmed || bytes == honest, "a newcomer confirmed somebody without the code");
        }
        2 => {
            let member = MemberPairing::new(code(), mailbox());
            let (confirms, second) = member.answer(&first, &mut seeded(7)).expect("honest");
            let (_, honest) = newcomer.confirm(&second).expect("honest");
            assert!(confirms.verify(bytes).is_err() || bytes == honest, "a member confirmed somebody without the code");
        }
        _ => {
            if let Ok((invitation, log)) = Invitation::open(bytes) {
                assert_eq!(invitation.to_bytes(), bytes, "an invitation has two encodings");
                assert!(log.head().seq <= invitation.pins.log.seq, "an invitation leads past its pin");
            }
        }
    }
}
