#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    sync::mpsc::{self, Receiver},
    thread,
};

use roamkey_authenticator::transports::ctaphid::{Effect, Hid, Link, Version};

use super::*;

/// Two tickets, as CTAPHID gives them out.
fn tickets() -> (Ticket, Ticket) {
    let mut hid = Hid::new(Version { major: 0, minor: 0, patch: 0 });
    let mut ticket = || {
        let mut frame = [0; 64];
        frame[..7].copy_from_slice(&[0, 0, 0, 9, 0x86, 0, 8]);
        hid.receive(Link(0), &frame, Duration::ZERO);
        frame[4..8].copy_from_slice(&[0x90, 0, 1, 4]);
        hid.receive(Link(0), &frame, Duration::ZERO);
        let ticket = std::iter::from_fn(|| hid.next_effect()).find_map(|effect| match effect {
            Effect::Process { ticket, .. } => Some(ticket),
            _ => None,
        });
        hid.answer(ticket.unwrap(), &[0], Duration::ZERO);
        ticket.unwrap()
    };
    (ticket(), ticket())
}

fn finger(asking: Asking, guards_vault: bool) -> (Finger, Receiver<Event>) {
    let (events, incoming) = mpsc::channel();
    (Finger { asking, guards_vault, desk: Arc::default(), events, at: None }, incoming)
}

fn question(purpose: Purpose) -> Question<'static> {
    Question { purpose, rp_id: Some("shop.example"), user_name: None }
}

#[test]
fn always_agrees_and_clients_hear_that_the_person_was_asked() {
    let (mut finger, events) = finger(Asking::Always, true);
    finger.begin(tickets().0);
    assert_eq!(pollster::block_on(finger.touch(&question(Purpose::SignIn))), Touch::Given);
    let heard: Vec<bool> = events.try_iter().map(|event| matches!(event, Event::AwaitPerson(_, true))).collect();
    assert_eq!(heard, [true, false]);
}

#[test]
fn always_erases_what_is_forgotten_anyway_but_no_vault() {
    for (guards_vault, touch) in [(false, Touch::Given), (true, Touch::Declined)] {
        let (finger, _events) = finger(Asking::Always, guards_vault);
        assert_eq!(finger.ask(&question(Purpose::Reset)), touch);
        assert_eq!(finger.ask(&question(Purpose::ResetByLongTouch)), touch);
    }
}

#[test]
fn a_question_waits_for_its_answer() {
    let (finger, _events) = finger(Asking::Ask, true);
    let desk = Arc::clone(&finger.desk);
    desk.take_line("y");
    thread::scope(|scope| {
        let asked = scope.spawn(|| finger.ask(&question(Purpose::SignIn)));
        while desk.lock().asked.is_none() {
            thread::yield_now();
        }
        assert_eq!(desk.lock().typed, None, "what was typed before it was asked answers nothing");
        desk.take_line("y");
        assert_eq!(asked.join().unwrap(), Touch::Given);
    });
}

#[test]
fn a_cancel_counts_for_its_message_even_before_the_question() {
    let (mut finger, _events) = finger(Asking::Always, true);
    let (first, second) = tickets();
    let withdrawal = finger.withdrawal();
    withdrawal.cancel(first);
    finger.begin(first);
    assert_eq!(finger.ask(&question(Purpose::SignIn)), Touch::Cancelled);
    finger.begin(second);
    assert_eq!(finger.ask(&question(Purpose::SignIn)), Touch::Given);
}

#[test]
fn nobody_is_asked_after_the_end() {
    let (finger, _events) = finger(Asking::Ask, true);
    finger.withdrawal().end();
    assert_eq!(finger.ask(&question(Purpose::SignIn)), Touch::Cancelled);
}
