//! Messages from a platform that means harm, or does not know what it does.

use coset::cbor::Value;
use proptest::prelude::*;
use roamkey_authenticator::ctap::Status;

use crate::{
    platform::Protocol,
    wire::{encode, int, numbered},
    world::{ACFG, Creation, PIN, SITE, SignIn, World, made_id, status_of},
};

const COMMANDS: [u8; 11] = [0x01, 0x02, 0x04, 0x06, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x41];

#[test]
fn what_is_no_command_is_refused() {
    let mut world = World::new();
    assert_eq!(world.send_raw(&[]), [Status::InvalidLength.code()]);
    for byte in (0..=0xff).filter(|byte| !COMMANDS.contains(byte)) {
        assert_eq!(world.send_raw(&[byte]), [Status::InvalidCommand.code()], "{byte:#x}");
    }
}

#[test]
fn what_is_no_canonical_map_is_refused() {
    let mut world = World::new();
    for (body, status) in [
        (&b"\xa1\x01"[..], Status::InvalidCbor),
        (b"\xa1\x01\x02\x00", Status::InvalidCbor),
        (b"\xbf\xff", Status::InvalidCbor),
        (b"\xa1\x18\x01\x02", Status::InvalidCbor),
        (b"\xa2\x02\x01\x01\x02", Status::InvalidCbor),
        (b"\xa2\x01\x02\x01\x02", Status::InvalidCbor),
        (b"\xa1\x01\xf9\x00\x00", Status::InvalidCbor),
        (b"\xa1\x01\xc0\x00", Status::InvalidCbor),
        (b"\xa1\x01\x81\x81\x81\x81\x80", Status::InvalidCbor),
        (b"\x80", Status::CborUnexpectedType),
        (b"\x00", Status::CborUnexpectedType),
        (b"\xff", Status::InvalidCbor),
    ] {
        for command in COMMANDS {
            assert_eq!(world.send_raw(&[&[command], body].concat()), [status.code()], "{command:#x} {body:x?}");
        }
    }
}

#[test]
fn a_message_may_be_as_long_as_we_say() {
    let mut world = World::new();
    let longest = 7609;
    let mut creation = Creation::new("alice").extension("padding", Value::Bytes(vec![0; 7000]));
    let len = 1 + encode(&creation.encode()).len();
    creation.extensions = vec![("padding", Value::Bytes(vec![0; 7000 + longest - len]))];
    assert_eq!(1 + encode(&creation.encode()).len(), longest);
    assert!(world.create(&creation).is_ok());
    creation.extensions = vec![("padding", Value::Bytes(vec![0; 7001 + longest - len]))];
    assert_eq!(world.create(&creation), Err(Status::RequestTooLarge));
}

#[test]
fn members_nobody_knows_are_not_looked_at() {
    let mut world = World::new();
    let mut creation = Creation::new("alice");
    creation.more = vec![(0x77, int(1)), (-5, Value::Null)];
    assert!(world.create(&creation).is_ok());
    assert!(world.client_pin([(1, int(2)), (2, int(2)), (0x77, Value::Bool(true))]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_a_status_of_the_standard(command: u8, body in proptest::collection::vec(any::<u8>(), 0..64)) {
        let mut world = World::new();
        let answer = world.send_raw(&[&[command][..], &body].concat());
        check(&answer);
    }

    #[test]
    fn any_cbor_gets_a_status_of_the_standard(
        command in proptest::sample::select(&COMMANDS[..]),
        parameters in parameters(),
    ) {
        let mut world = World::with_pin();
        check(&world.send_raw(&[&[command][..], &encode(&parameters)].concat()));
    }

    #[test]
    fn a_request_with_a_member_exchanged_gets_a_status_of_the_standard(
        which in 0..6usize,
        key in 1..12i64,
        value in item(),
    ) {
        let mut world = World::with_pin();
        let id = made_id(&world.create(&Creation::new("alice")).unwrap());
        let token = world.token(Protocol::Two, PIN, ACFG, Some(SITE)).unwrap();
        let (command, whole) = match which {
            0 => (1, Creation::new("bob").by(&token).option("rk", true).encode()),
            1 => (2, SignIn::with(&id).by(&token).encode()),
            2 => (6, numbered([(1, int(2)), (2, int(key % 10))])),
            3 => (0x0a, numbered([(1, int(key % 8))])),
            4 => (0x0c, numbered([(1, int(1)), (3, int(0))])),
            _ => (0x0d, numbered([(1, int(key % 5))])),
        };
        let entries = whole.as_map().unwrap().iter().filter(|(other, _)| *other != int(key));
        let entries = entries.map(|(key, value)| (crate::wire::as_int(Some(key)), value.clone()));
        let exchanged = numbered(entries.chain([(key, value)]));
        check(&world.send_raw(&[&[command][..], &encode(&exchanged)].concat()));
        prop_assert!(world.fault.is_none());
    }
}

/// An answer is a status, and canonical CBOR where all is well.
fn check(answer: &[u8]) {
    let (status, body) = answer.split_first().unwrap();
    if status_of(*status) == Status::Ok {
        assert!(body.is_empty() || crate::wire::decode(body).is_map());
    } else {
        assert!(body.is_empty());
    }
}

fn parameters() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map(0..12i64, item(), 0..8).prop_map(numbered)
}

fn item() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (-300..300i64).prop_map(int),
        proptest::collection::vec(any::<u8>(), 0..80).prop_map(Value::Bytes),
        proptest::sample::select(vec!["", "public-key", "example.com", "id", "type"]).prop_map(Value::from),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map(-3..6i64, inner.clone(), 0..4).prop_map(numbered),
            proptest::collection::vec(inner, 4)
                .prop_map(|values| { crate::wire::worded(["id", "type", "alg", "up"].into_iter().zip(values)) }),
        ]
    })
}
