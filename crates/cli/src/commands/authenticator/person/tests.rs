#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    sync::mpsc::{self, Receiver},
    thread,
};

use roamkey_authenticator::{
    ctap::Purpose,
    transports::ctaphid::{Effect, Hid, Link, Version},
};

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

fn finger(asking: Asking) -> (Finger, Receiver<Event>) {
    let (events, incoming) = mpsc::channel();
    (Finger { asking, desk: Arc::default(), clock: ShellClock::default(), events, at: None }, incoming)
}

fn question(purpose: Purpose) -> Question<'static> {
    Question { purpose, rp_id: Some("shop.example"), user_name: None }
}

#[test]
fn always_agrees_and_clients_hear_that_the_person_was_asked() {
    let (mut finger, events) = finger(Asking::Always);
    finger.begin(tickets().0);
    assert_eq!(pollster::block_on(finger.touch(&question(Purpose::SignIn))), Touch::Given);
    let heard: Vec<bool> = events.try_iter().map(|event| matches!(event, Event::AwaitPerson(_, true))).collect();
    assert_eq!(heard, [true, false]);
}

#[test]
fn a_question_waits_for_its_answer() {
    let (finger, _events) = finger(Asking::Ask);
    let desk = Arc::clone(&finger.desk);
    desk.take_line("y", Duration::ZERO);
    thread::scope(|scope| {
        let asked = scope.spawn(|| finger.ask(&question(Purpose::SignIn)));
        while desk.lock().asked.is_none() {
            thread::yield_now();
        }
        assert_eq!(desk.lock().typed, None, "what was typed before it was asked answers nothing");
        desk.take_line("y", finger.clock.monotonic() + READING);
        assert_eq!(asked.join().unwrap(), Touch::Given);
    });
}

#[test]
fn what_was_on_its_way_to_another_question_answers_nothing() {
    let (finger, _events) = finger(Asking::Ask);
    let desk = Arc::clone(&finger.desk);
    thread::scope(|scope| {
        let asked = scope.spawn(|| finger.ask(&question(Purpose::SignIn)));
        let not_before = loop {
            match &desk.lock().asked {
                Some((_, not_before)) => break *not_before,
                None => thread::yield_now(),
            }
        };
        desk.take_line("y", not_before - Duration::from_millis(1));
        assert!(desk.lock().asked.is_some() && desk.lock().typed.is_none(), "it is still asked");
        desk.take_line("n", not_before);
        assert_eq!(asked.join().unwrap(), Touch::Declined);
    });
}

#[test]
fn a_cancel_counts_for_its_message_even_before_the_question() {
    let (mut finger, _events) = finger(Asking::Always);
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
    let (finger, _events) = finger(Asking::Ask);
    finger.withdrawal().end();
    assert_eq!(finger.ask(&question(Purpose::SignIn)), Touch::Cancelled);
}
