//! Channels.

use super::client::*;

#[test]
fn a_client_gets_a_channel_its_nonce_back_and_what_the_device_can() {
    let heard = World::new().ask(u32::MAX, INIT, NONCE);
    assert_eq!((heard.channel, heard.command), (u32::MAX, INIT));
    assert_eq!(&heard.bytes[..8], NONCE);
    assert_eq!(heard.bytes[12..], [2, 1, 2, 3, 0x0d]);
}

#[test]
fn two_clients_get_two_channels() {
    let (mut world, first) = World::with_channel();
    let second = world.allocate();
    assert_ne!(first, second);
    for channel in [first, second] {
        assert!(channel != 0 && channel != u32::MAX);
        assert_eq!(world.ask(channel, PING, b"hello").bytes, b"hello");
    }
}

#[test]
fn a_channel_is_synchronised_and_stays_what_it_was() {
    let (mut world, channel) = World::with_channel();
    let heard = world.ask(channel, INIT, NONCE);
    assert_eq!(heard.channel, channel);
    assert_eq!(heard.bytes[8..12], channel.to_be_bytes());
    assert_eq!(world.ask(channel, PING, b"hello").bytes, b"hello");
}

#[test]
fn a_channel_that_was_never_given_out_is_served_and_given_to_nobody_else() {
    let mut world = World::new();
    assert_eq!(world.ask(2, PING, b"hello").bytes, b"hello");
    assert_eq!(world.ask(3, INIT, NONCE).bytes[8..12], 3_u32.to_be_bytes());
    assert_eq!([world.allocate(), world.allocate(), world.allocate()], [1, 4, 5]);
}

#[test]
fn numbers_that_clients_brought_are_kept_for_as_many_as_a_machine_may_have() {
    let mut world = World::new();
    for channel in 1..=65 {
        world.ask(channel, PING, b"");
    }
    assert_eq!(world.allocate(), 1);
    assert_eq!(world.allocate(), 66);
}

#[test]
fn a_nonce_has_eight_bytes() {
    let (mut world, channel) = World::with_channel();
    for nonce in [&b""[..], b"7 bytes", b"9 bytes.."] {
        assert_eq!(world.ask(u32::MAX, INIT, nonce), error(u32::MAX, 0x03));
        assert_eq!(world.ask(channel, INIT, nonce), error(channel, 0x03));
    }
}

#[test]
fn the_reserved_channel_is_nobodys() {
    let mut world = World::new();
    for command in [INIT, PING, CBOR, CANCEL] {
        assert_eq!(world.ask(0, command, NONCE), error(0, 0x0b));
    }
}

#[test]
fn the_broadcast_channel_is_for_init_only() {
    let mut world = World::new();
    for command in [PING, CBOR, WINK, CANCEL, 0xe6] {
        assert_eq!(world.ask(u32::MAX, command, NONCE), error(u32::MAX, 0x0b));
    }
}
