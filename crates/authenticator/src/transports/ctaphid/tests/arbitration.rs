//! Messages, their fragments, and who may speak.

use super::{super::Link, client::*};

#[test]
fn a_ping_of_any_length_comes_back() {
    let (mut world, channel) = World::with_channel();
    for length in [0, 1, 56, 57, 58, 57 + 59, 57 + 60, 1024, 7608, 7609] {
        let message: Vec<u8> = (0..length).map(|index| u8::try_from(index % 251).unwrap()).collect();
        assert_eq!(world.ask(channel, PING, &message).bytes, message);
    }
}

#[test]
fn a_message_above_the_limit_is_refused_at_its_first_frame() {
    let (mut world, channel) = World::with_channel();
    world.frame(&initial(channel, PING, 7610, &[]));
    assert_eq!(world.heard(), [error(channel, 0x03)]);
    world.frame(&continued(channel, 0, &[]));
    assert_eq!(world.heard(), []);
}

#[test]
fn unknown_commands_are_refused_those_of_u2f_among_them() {
    let (mut world, channel) = World::with_channel();
    for command in [MSG, 0x84, 0xe6, 0xc0, 0xff, KEEPALIVE, ERROR] {
        assert_eq!(world.ask(channel, command, b""), error(channel, 0x01), "{command:x}");
    }
}

#[test]
fn a_message_for_the_device_has_at_least_a_command() {
    let (mut world, channel) = World::with_channel();
    assert_eq!(world.ask(channel, CBOR, b""), error(channel, 0x03));
}

#[test]
fn the_person_is_shown_the_device_and_the_client_told_so() {
    let (mut world, channel) = World::with_channel();
    assert_eq!(world.ask(channel, WINK, b"?"), error(channel, 0x03));
    world.send(channel, WINK, b"");
    let (heard, told) = world.outcome();
    assert_eq!(heard, [Heard { channel, command: WINK, bytes: vec![] }]);
    assert_eq!(told, [Told::Wink]);
}

#[test]
fn a_fragment_out_of_order_ends_the_message() {
    let (mut world, channel) = World::with_channel();
    world.frame(&initial(channel, PING, 1168, &[]));
    world.frame(&continued(channel, 0, &[]));
    world.frame(&continued(channel, 2, &[]));
    assert_eq!(world.heard(), [error(channel, 0x04)]);
    world.frame(&continued(channel, 1, &[]));
    assert_eq!(world.heard(), [], "what follows continues nothing");
    assert_eq!(world.ask(channel, PING, b"hello").bytes, b"hello");
}

#[test]
fn a_new_message_where_a_fragment_belongs_ends_both() {
    let (mut world, channel) = World::with_channel();
    world.frame(&initial(channel, PING, 100, &[]));
    world.frame(&initial(channel, PING, 100, &[]));
    assert_eq!(world.heard(), [error(channel, 0x04)]);
    world.frame(&continued(channel, 0, &[]));
    assert_eq!(world.heard(), []);
}

#[test]
fn fragments_that_continue_nothing_are_ignored() {
    let (mut world, channel) = World::with_channel();
    for channel in [channel, 0, 99, u32::MAX] {
        world.frame(&continued(channel, 0, b"?"));
    }
    assert_eq!(world.heard(), []);
}

#[test]
fn a_message_that_stays_incomplete_times_out_between_400_and_1000_ms() {
    let (mut world, channel) = World::with_channel();
    world.frame(&initial(channel, PING, 1024, &[]));
    world.pass(400);
    assert_eq!(world.heard(), []);
    let wake_at = world.hid.wake_at().unwrap();
    assert!(wake_at < world.now + std::time::Duration::from_millis(600));
    world.now = wake_at;
    world.pass(0);
    assert_eq!(world.heard(), [error(channel, 0x05)]);
    assert_eq!(world.hid.wake_at(), None);
    assert_eq!(world.ask(channel, PING, b"hello").bytes, b"hello");
}

#[test]
fn each_fragment_gives_the_next_its_full_time() {
    let (mut world, channel) = World::with_channel();
    let message = [7; 57 + 5 * 59];
    for frame in frames(channel, PING, &message) {
        world.pass(600);
        world.frame(&frame);
    }
    assert_eq!(world.heard(), [Heard { channel, command: PING, bytes: message.to_vec() }]);
}

#[test]
fn init_on_the_same_channel_ends_a_message() {
    let (mut world, channel) = World::with_channel();
    world.frame(&initial(channel, PING, 1024, &[]));
    assert_eq!(world.ask(channel, INIT, NONCE).command, INIT);
    world.frame(&continued(channel, 0, &[]));
    world.pass(2000);
    assert_eq!(world.heard(), []);
}

#[test]
fn init_of_others_is_served_and_ends_nothing() {
    let (mut world, channel) = World::with_channel();
    let message = [7; 70];
    let frames = frames(channel, PING, &message);
    world.frame(&frames[0]);
    assert_eq!(world.ask(u32::MAX, INIT, NONCE).command, INIT);
    world.hid.receive(Link(2), &initial(0x1122_3344, INIT, 8, NONCE), world.now);
    assert_eq!(world.heard()[0].command, INIT);
    world.frame(&frames[1]);
    assert_eq!(world.heard(), [Heard { channel, command: PING, bytes: message.to_vec() }]);
}

#[test]
fn a_client_that_starts_afresh_on_another_channel_has_given_up_what_it_began() {
    let (mut world, channel) = World::with_channel();
    world.frame(&initial(channel, PING, 1024, &[]));
    let other = 0x1122_3344;
    assert_eq!(world.ask(other, INIT, NONCE).command, INIT);
    assert_eq!(world.ask(other, PING, b"hello").bytes, b"hello");
    world.pass(2000);
    assert_eq!(world.heard(), []);
}

#[test]
fn others_hear_busy_and_disturb_nothing() {
    let (mut world, first) = World::with_channel();
    let second = world.allocate();
    let message = [7; 99];
    let theirs = frames(first, PING, &message);
    world.frame(&theirs[0]);
    for channel in [second, 0x1122_3344] {
        for frame in frames(channel, PING, &message) {
            world.frame(&frame);
        }
        assert_eq!(world.heard(), [error(channel, 0x06)]);
    }
    world.frame(&theirs[1]);
    assert_eq!(world.heard(), [Heard { channel: first, command: PING, bytes: message.to_vec() }]);
    assert_eq!(world.ask(second, PING, b"now").bytes, b"now");
}

#[test]
fn a_fragment_from_another_connection_joins_no_message() {
    let (mut world, channel) = World::with_channel();
    let frames = frames(channel, PING, &[7; 70]);
    world.frame(&frames[0]);
    world.hid.receive(Link(2), &continued(channel, 0, b"another's"), world.now);
    assert_eq!(world.heard(), []);
    world.frame(&frames[1]);
    assert_eq!(world.heard(), [Heard { channel, command: PING, bytes: vec![7; 70] }]);
}

#[test]
fn a_message_from_another_connection_ends_none() {
    let (mut world, channel) = World::with_channel();
    let frames = frames(channel, PING, &[7; 70]);
    world.frame(&frames[0]);
    world.hid.receive(Link(2), &frames[0], world.now);
    assert_eq!(world.heard(), [error(channel, 0x06)], "told to whoever sent it");
    world.hid.receive(Link(2), &initial(channel, INIT, 8, NONCE), world.now);
    assert_eq!(world.heard()[0].command, INIT, "it is served");
    world.frame(&frames[1]);
    assert_eq!(world.heard(), [Heard { channel, command: PING, bytes: vec![7; 70] }], "and ends nothing");
}
