//! `authenticatorLargeBlobs`.

use coset::cbor::Value;
use roamkey_authenticator::ctap::Status;
use sha2::{Digest as _, Sha256};

use crate::{
    platform::Protocol,
    wire::{bytes, encode, int, numbered},
    world::{LBW, PIN, World},
};

/// A serialised large-blob array with these entries.
pub(crate) fn array(entries: &[Vec<u8>]) -> Vec<u8> {
    let array = encode(&Value::Array(entries.iter().map(bytes).collect()));
    let hash = Sha256::digest(&array);
    [&array[..], &hash[..16]].concat()
}

fn sized(len: usize) -> Vec<u8> {
    // An array of one string, their heads and the hash.
    let heads = if len > 256 { 4 } else { 3 };
    let bytes = array(&[vec![9; len - 16 - heads]]);
    assert_eq!(bytes.len(), len);
    bytes
}

fn lbw(world: &mut World) -> crate::platform::Token {
    world.token(Protocol::Two, PIN, LBW, None).unwrap()
}

#[test]
fn at_first_it_is_empty() {
    let mut world = World::new();
    assert_eq!(world.read_large_blobs(0, 1024).unwrap(), array(&[]));
    assert_eq!(world.read_large_blobs(17, 1024).unwrap(), b"");
    assert_eq!(world.read_large_blobs(18, 1024), Err(Status::InvalidParameter));
}

#[test]
fn what_is_written_is_read_across_power_cycles() {
    for protocol in Protocol::BOTH {
        let mut world = World::with_pin();
        let token = world.token(protocol, PIN, LBW, None).unwrap();
        let blobs = sized(4096);
        world.write_large_blobs(Some(&token), 0, Some(4096), &blobs[..3000]).unwrap();
        assert_eq!(world.read_large_blobs(0, 7000).unwrap(), array(&[]), "all of it or nothing");
        world.write_large_blobs(Some(&token), 3000, None, &blobs[3000..]).unwrap();
        world.cycle_power();
        let read: Vec<u8> = (0..5).flat_map(|part| world.read_large_blobs(part * 1000, 1000).unwrap()).collect();
        assert_eq!(read, blobs);
    }
}

#[test]
fn it_takes_a_token_where_there_is_a_person_to_protect() {
    let blobs = array(&[]);
    let mut world = World::new();
    assert!(world.write_large_blobs(None, 0, Some(17), &blobs).is_ok());
    world.set_pin(Protocol::Two, PIN).unwrap();
    assert_eq!(world.write_large_blobs(None, 0, Some(17), &blobs), Err(Status::PuatRequired));
    assert!(world.read_large_blobs(0, 17).is_ok());
}

#[test]
fn a_token_vouches_for_the_very_fragment() {
    let mut world = World::with_pin();
    let token = lbw(&mut world);
    let hash = Sha256::digest(array(&[vec![1]]));
    let message = [&[0xff; 32][..], &[0x0c, 0, 0, 0, 0, 0], &hash].concat();
    let param = [(5, bytes(token.authenticate(&message))), (6, int(2))];
    let forged = [(2, bytes(array(&[]))), (3, int(0)), (4, int(17))].into_iter().chain(param);
    assert_eq!(world.send(0x0c, &numbered(forged)), Err(Status::PinAuthInvalid));
}

#[test]
fn a_broken_array_is_not_taken() {
    let mut world = World::with_pin();
    let token = lbw(&mut world);
    let mut blobs = array(&[vec![1]]);
    blobs[1] ^= 1;
    let len = blobs.len();
    assert_eq!(world.write_large_blobs(Some(&token), 0, Some(len), &blobs), Err(Status::IntegrityFailure));
    assert_eq!(world.read_large_blobs(0, 1024).unwrap(), array(&[]));
}

#[test]
fn fragments_come_in_order() {
    let mut world = World::with_pin();
    let token = lbw(&mut world);
    let blobs = sized(100);
    let write = |world: &mut World, offset: u32, length, part: &[u8]| {
        world.write_large_blobs(Some(&token), offset, length, part)
    };
    assert_eq!(write(&mut world, 10, None, &blobs[10..]), Err(Status::InvalidSeq), "nothing was begun");
    write(&mut world, 0, Some(100), &blobs[..50]).unwrap();
    assert_eq!(write(&mut world, 40, None, &blobs[40..]), Err(Status::InvalidSeq));
    assert_eq!(write(&mut world, 60, None, &blobs[60..]), Err(Status::InvalidSeq));
    assert_eq!(write(&mut world, 50, Some(100), &blobs[50..]), Err(Status::InvalidParameter));
    let too_much = [&blobs[50..], &[0]].concat();
    assert_eq!(write(&mut world, 50, None, &too_much), Err(Status::InvalidParameter));
    write(&mut world, 0, Some(100), &blobs[..30]).unwrap();
    write(&mut world, 30, None, &blobs[30..]).unwrap();
    assert_eq!(world.read_large_blobs(0, 1024).unwrap(), blobs);
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut world = World::with_pin();
    let token = lbw(&mut world);
    let blobs = array(&[]);
    for (length, status) in [
        (Some(4097), Status::LargeBlobStorageFull),
        (Some(16), Status::InvalidParameter),
        (None, Status::InvalidParameter),
    ] {
        assert_eq!(world.write_large_blobs(Some(&token), 0, length, &blobs), Err(status));
    }
    assert_eq!(world.read_large_blobs(0, 7546), Err(Status::InvalidLength));
    for wrong in [
        vec![(1, int(1))],
        vec![(3, int(0))],
        vec![(1, int(1)), (2, bytes([1])), (3, int(0))],
        vec![(1, int(1)), (3, int(0)), (4, int(17))],
        vec![(1, int(1)), (3, int(0)), (5, bytes([0; 32]))],
        vec![(1, int(1)), (3, int(0)), (6, int(2))],
    ] {
        assert_eq!(world.send(0x0c, &numbered(wrong)), Err(Status::InvalidParameter));
    }
}

#[test]
fn a_begun_array_is_forgotten_with_the_power() {
    let mut world = World::new();
    let blobs = sized(100);
    world.write_large_blobs(None, 0, Some(100), &blobs[..50]).unwrap();
    world.cycle_power();
    assert_eq!(world.write_large_blobs(None, 50, None, &blobs[50..]), Err(Status::InvalidSeq));
}
