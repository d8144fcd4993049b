//! While the device is at work.

use super::{super::Link, client::*};

const GET_INFO: &[u8] = &[4];

#[test]
fn a_message_reaches_the_device_and_its_answer_the_client() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    let answer = vec![9; 3000];
    world.hid.answer(ticket, &answer, world.now);
    assert_eq!(world.heard(), [Heard { channel, command: CBOR, bytes: answer }]);
    assert_eq!(world.hid.wake_at(), None);
}

#[test]
fn a_waiting_client_hears_at_least_every_100_ms_that_the_device_is_at_work() {
    let (mut world, channel) = World::with_channel();
    world.begin(channel, GET_INFO);
    for _ in 0..50 {
        let wake_at = world.hid.wake_at().unwrap();
        assert!(wake_at > world.now && wake_at <= world.now + std::time::Duration::from_millis(100));
        world.now = wake_at;
        world.pass(0);
        assert_eq!(world.heard(), [keepalive(channel, 1)]);
    }
}

#[test]
fn a_client_hears_at_once_that_the_person_is_needed_and_no_longer_needed() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.hid.await_person(ticket, true, world.now);
    world.hid.await_person(ticket, true, world.now);
    assert_eq!(world.heard(), [keepalive(channel, 2)]);
    world.pass(90);
    assert_eq!(world.heard(), [keepalive(channel, 2)]);
    world.hid.await_person(ticket, false, world.now);
    assert_eq!(world.heard(), [keepalive(channel, 1)]);
}

#[test]
fn a_cancel_reaches_the_device_which_still_answers() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.send(channel, CANCEL, b"");
    assert_eq!(world.outcome(), (vec![], vec![Told::Cancel(ticket)]));
    world.hid.answer(ticket, &[0x2d], world.now);
    assert_eq!(world.heard(), [Heard { channel, command: CBOR, bytes: vec![0x2d] }]);
}

#[test]
fn a_cancel_counts_only_on_its_own_channel_and_while_the_device_is_at_work() {
    let (mut world, first) = World::with_channel();
    let second = world.allocate();
    world.send(first, CANCEL, b"");
    assert_eq!(world.heard(), []);
    world.begin(first, GET_INFO);
    world.send(second, CANCEL, b"");
    assert_eq!(world.heard(), []);
}

#[test]
fn another_connection_withdraws_nothing() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.hid.receive(Link(2), &initial(channel, CANCEL, 0, &[]), world.now);
    assert_eq!(world.outcome(), (vec![], vec![]));
    world.hid.receive(Link(2), &initial(channel, INIT, 8, NONCE), world.now);
    let (heard, told) = world.outcome();
    assert_eq!((heard[0].command, told), (INIT, vec![]));
    world.hid.answer(ticket, &[0], world.now);
    assert_eq!(world.heard(), [Heard { channel, command: CBOR, bytes: vec![0] }]);
}

#[test]
fn a_cancel_between_fragments_ends_nothing() {
    let (mut world, channel) = World::with_channel();
    let frames = frames(channel, PING, &[7; 60]);
    world.frame(&frames[0]);
    world.send(channel, CANCEL, b"");
    world.frame(&frames[1]);
    assert_eq!(world.heard().len(), 1);
}

#[test]
fn everybody_hears_busy_while_the_device_is_at_work() {
    let (mut world, first) = World::with_channel();
    let second = world.allocate();
    world.begin(first, GET_INFO);
    for channel in [first, second, 0x1122_3344] {
        assert_eq!(world.ask(channel, CBOR, GET_INFO), error(channel, 0x06));
        assert_eq!(world.ask(channel, PING, b""), error(channel, 0x06));
    }
}

#[test]
fn init_gives_a_message_up_and_its_answer_goes_nowhere() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.send(channel, INIT, NONCE);
    let (heard, told) = world.outcome();
    assert_eq!((heard.len(), told), (1, vec![Told::Cancel(ticket)]));
    world.pass(1000);
    world.hid.answer(ticket, &[0x2d], world.now);
    assert_eq!(world.heard(), []);
}

#[test]
fn a_message_after_one_that_was_given_up_waits_for_the_device() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.ask_and_drop_cancel(channel);
    world.send(channel, CBOR, &[6, 1]);
    assert_eq!(world.heard(), []);
    world.pass(90);
    assert_eq!(world.heard(), [keepalive(channel, 1)]);
    world.hid.answer(ticket, &[0x2d], world.now);
    let (heard, told) = world.outcome();
    assert_eq!(heard, []);
    let Some(Told::Process(next, message)) = told.into_iter().next() else { panic!("not processed") };
    assert_eq!(message, [6, 1]);
    world.hid.answer(next, &[0], world.now);
    assert_eq!(world.heard(), [Heard { channel, command: CBOR, bytes: vec![0] }]);
}

#[test]
fn a_message_that_waits_for_the_device_can_be_cancelled() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.ask_and_drop_cancel(channel);
    world.send(channel, CBOR, &[6, 1]);
    world.send(channel, CANCEL, b"");
    assert_eq!(world.heard(), [Heard { channel, command: CBOR, bytes: vec![0x2d] }]);
    world.hid.answer(ticket, &[0x2d], world.now);
    assert_eq!(world.heard(), []);
}

#[test]
fn an_answer_counts_once() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.hid.answer(ticket, &[0], world.now);
    world.hid.answer(ticket, &[0], world.now);
    assert_eq!(world.heard().len(), 1);
    let next = world.begin(channel, GET_INFO);
    world.hid.answer(ticket, &[0x7f], world.now);
    assert_eq!(world.heard(), []);
    world.hid.answer(next, &[0], world.now);
    assert_eq!(world.heard().len(), 1);
}

#[test]
fn an_answer_above_the_limit_is_an_error() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.hid.answer(ticket, &[0; 7610], world.now);
    assert_eq!(world.heard(), [error(channel, 0x7f)]);
}

#[test]
fn a_connection_that_goes_takes_its_message_along() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.hid.disconnect(Link(2));
    assert_eq!(world.heard(), []);
    world.hid.disconnect(Link(1));
    assert_eq!(world.outcome(), (vec![], vec![Told::Cancel(ticket)]));
    assert_eq!(world.ask(channel, PING, b"next").bytes, b"next", "others need not wait for the device");
}

#[test]
fn a_device_without_power_forgets_its_channels_and_what_it_was_asked() {
    let (mut world, channel) = World::with_channel();
    let ticket = world.begin(channel, GET_INFO);
    world.hid.cycle_power();
    assert_eq!(world.outcome(), (vec![], vec![Told::Cancel(ticket)]));
    world.hid.answer(ticket, &[0], world.now);
    assert_eq!(world.heard(), []);
    assert_eq!(world.allocate(), channel, "numbers begin anew");
}

impl World {
    /// Synchronises the channel, which withdraws what the device is at.
    fn ask_and_drop_cancel(&mut self, channel: u32) {
        self.send(channel, INIT, NONCE);
        let (heard, told) = self.outcome();
        assert_eq!((heard.len(), told.len()), (1, 1));
    }
}
