//! Pairing, with the server in between and other people at the doors.

use std::{cell::RefCell, rc::Rc};

use pollster::block_on;
use roamkey_client::{
    Error,
    pairing::{JoinStage, PairStage, PairingError},
};
use roamkey_proto::{Chain, Pin, api::MailboxMessages};
use roamkey_sync::Distrust;
use roamkey_testkit::evil::{Answer, Endpoint, EvilServer, World, joined, lies};
use roamkey_trust::{Refusal, TrustError};

/// Runs both sides as far as they go by themselves, nobody answering any question; returns how each ended.
fn unattended(world: &mut World, code: Option<&str>) -> (Result<PairStage, Error>, Option<Error>) {
    let machine = world.machine();
    let mut pairing = block_on(world.session(0).pair()).unwrap();
    let code = code.map_or_else(
        || pairing.code().to_owned(),
        |words| {
            let number = pairing.code().split('-').next().unwrap();
            format!("{number}-{words}")
        },
    );
    let mut joining = match joined(machine, &code, world.url(), "newcomer") {
        Ok(joining) => joining,
        Err(error) => return (Ok(PairStage::Waiting), Some(error)),
    };
    let (mut stage, mut ended) = (Ok(PairStage::Waiting), None);
    for _ in 0..8 {
        if stage.is_ok() {
            stage = block_on(pairing.poll(world.session(0)));
        }
        if ended.is_none() {
            ended = block_on(joining.poll()).err();
        }
    }
    (stage, ended)
}

fn members(world: &World) -> usize {
    block_on(world.session(0).log()).unwrap().active().count()
}

#[test]
fn a_code_serves_one_try_and_a_wrong_one_gets_nothing() {
    let mut world = World::new(801);
    world.login(0, "secret");
    world.sync(0).unwrap();
    let machine = world.machine();
    let mut pairing = block_on(world.session(0).pair()).unwrap();
    let code = pairing.code().to_owned();
    let number = code.split('-').next().unwrap();
    let guess = if code.ends_with("-abandon-ability") { "zoo-zone" } else { "abandon-ability" };
    world.server.empty_tap();
    let mut guessing = joined(Rc::clone(&machine), &format!("{number}-{guess}"), world.url(), "thief").unwrap();
    let mut ends = Vec::new();
    for _ in 0..4 {
        ends.extend(block_on(pairing.poll(world.session(0))).err());
        ends.extend(block_on(guessing.poll()).err());
    }
    assert!(ends.iter().any(|end| matches!(end, Error::Pairing(PairingError::WrongCode))), "{ends:?}");
    // Not even the right code is of use now.
    let late = joined(machine, &code, world.url(), "late").err();
    assert!(matches!(late, Some(Error::Pairing(PairingError::CodeGone))), "{late:?}");
    // What went over: shares and proofs, no byte of the account.
    let account = *world.account().as_bytes();
    assert!(!hex::encode(world.server.tapped()).contains(&hex::encode(account)));
    assert_eq!(members(&world), 1);
    world.end();
}

#[test]
fn no_prompt_and_no_number_of_them_adds_a_device() {
    let mut world = World::new(2601);
    for _ in 0..12 {
        let (stage, ended) = unattended(&mut world, None);
        assert!(matches!(stage, Ok(PairStage::Confirm { .. })) && ended.is_none(), "the question stands");
    }
    // Nor does anything that a server can say by itself.
    world
        .server
        .tell(lies::answer_with(Endpoint::Heads, Answer::problem(roamkey_proto::problem::Problem::Conflict, "")));
    for _ in 0..5 {
        _ = world.sync(0);
    }
    assert_eq!(members(&world), 1);
    world.end();
}

#[test]
fn whoever_sits_in_between_is_noticed_before_any_payload() {
    // Each message in turn is changed on its way to the one side or the other.
    for at in 0..3_usize {
        let mut world = World::new(2701 + at as u64);
        let count = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&count);
        world.server.empty_tap();
        world.server.tell(Box::new(move |ask, server: &EvilServer| {
            let answer = server.forward(ask)?;
            if ask.endpoint() != Endpoint::Mailbox || ask.method != "GET" {
                return Ok(answer);
            }
            Ok(answer.edited(|page: &mut MailboxMessages| {
                for message in &mut page.messages {
                    if *counted.borrow() == at {
                        let middle = message.body.len() / 2;
                        message.body[middle] ^= 1;
                    }
                    *counted.borrow_mut() += 1;
                }
            }))
        }));
        let (stage, ended) = unattended(&mut world, None);
        assert!(stage.is_err() || ended.is_some());
        assert!(!matches!(stage, Ok(PairStage::Confirm { .. })), "nobody is asked");
        let account = *world.account().as_bytes();
        assert!(!hex::encode(world.server.tapped()).contains(&hex::encode(account)));
        assert_eq!(members(&world), 1);
        world.end();
    }
}

#[test]
fn messages_replayed_swapped_or_sent_back_end_the_pairing() {
    for trick in 0..2 {
        let mut world = World::new(2711 + trick);
        let first: Rc<RefCell<Option<Vec<u8>>>> = Rc::default();
        world.server.tell(Box::new(move |ask, server: &EvilServer| {
            let answer = server.forward(ask)?;
            if ask.endpoint() != Endpoint::Mailbox || ask.method != "GET" {
                return Ok(answer);
            }
            Ok(answer.edited(|page: &mut MailboxMessages| {
                for message in &mut page.messages {
                    match (trick, first.borrow_mut().as_ref()) {
                        // Each side hears the first message for ever, or what it said itself.
                        (0, Some(old)) => message.body.clone_from(old),
                        (_, Some(_)) if ask.device == 0 => message.body.reverse(),
                        _ => {}
                    }
                    let mut kept = first.borrow_mut();
                    kept.get_or_insert_with(|| message.body.clone());
                }
            }))
        }));
        let (stage, ended) = unattended(&mut world, None);
        assert!(!matches!(stage, Ok(PairStage::Confirm { .. })) && (stage.is_err() || ended.is_some()));
        assert_eq!(members(&world), 1);
        world.end();
    }
}

#[test]
fn who_read_the_code_over_a_shoulder_is_told_by_the_emoji() {
    let mut world = World::new(4801);
    let (thief, own) = (world.machine(), world.machine());
    let mut pairing = block_on(world.session(0).pair()).unwrap();
    let mut first = joined(thief, pairing.code(), world.url(), "your new phone").unwrap();
    // The person's own device comes second, and is turned away.
    let turned = joined(own, pairing.code(), world.url(), "phone").err();
    assert!(matches!(turned, Some(Error::Pairing(PairingError::CodeGone))));
    let (mut shown, mut asked) = (None, None);
    for _ in 0..8 {
        if let PairStage::Confirm { choices, .. } = block_on(pairing.poll(world.session(0))).unwrap() {
            asked = Some(choices);
        }
        if let JoinStage::Confirm { emoji } = block_on(first.poll()).unwrap() {
            shown = Some(emoji);
        }
    }
    // The device in the person's hands shows none of them; whichever they pick but the thief's, it is over.
    let (choices, shown) = (asked.unwrap(), shown.unwrap());
    assert!(choices.contains(&shown) && choices.len() > 3);
    let picked = choices.into_iter().find(|choice| *choice != shown).unwrap();
    let refused = block_on(pairing.confirm(world.session(0), picked));
    assert!(matches!(refused, Err(Error::Pairing(PairingError::WrongEmoji))), "{refused:?}");
    assert!(block_on(first.poll()).is_err());
    assert_eq!(members(&world), 1);
    world.end();
}

#[test]
fn a_newcomer_is_not_led_into_a_foreign_vault() {
    let mut world = World::of(2, 2801);
    let mut other = World::of(5, 2802);
    other.sync_all();
    let newcomer = world.add_device(0);
    world.add_device(0);
    // From its first meeting on, the newcomer is shown another account's log.
    let bundles = other.server.ring(|ring| ring.bundles().to_vec());
    let head = other.session(0).status().unwrap().pins.log;
    let pinned = usize::try_from(world.session(newcomer).status().unwrap().pins.log.seq).unwrap();
    let mut claim = lies::claim_head(Chain::Log, head);
    world.server.tell(Box::new(move |ask, server: &EvilServer| match ask.endpoint() {
        Endpoint::Log => Ok(server
            .forward(ask)?
            .edited(|page: &mut roamkey_proto::api::LogPage| page.bundles = bundles[pinned..].to_vec())),
        _ => claim(ask, server),
    }));
    let seen = super::distrust(world.sync(newcomer));
    let foreign = TrustError::Refused(Refusal::ForeignAccount);
    assert!(matches!(&seen, Distrust::Entry { cause, .. } if *cause == foreign), "{seen}");
    other.end();
    world.end();
}

#[test]
fn a_newcomer_is_not_shown_a_vault_from_before_its_pairing() {
    let mut world = World::of(2, 2803);
    world.note(0, "old");
    world.sync_all();
    let past = world.server.snapshot(0);
    world.note(0, "new");
    world.sync_all();
    let newcomer = world.add_device(0);
    let then = world.session(0).status().unwrap().pins.vault;
    world.server.tell(lies::claim_head(Chain::Vault, Pin { seq: then.seq - 1, id: [1; 32] }));
    let seen = super::distrust(world.sync(newcomer));
    assert!(matches!(seen, Distrust::RolledBack { chain: Chain::Vault, .. }), "{seen}");
    drop(past);
    world.end();
}
