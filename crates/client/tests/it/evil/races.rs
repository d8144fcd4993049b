//! Changes of the members that meet: the server's order decides, and everyone comes to the same members.

use std::{cell::RefCell, rc::Rc};

use pollster::block_on;
use roamkey_client::{Revocation, Unreachable};
use roamkey_proto::RevokeReason;
use roamkey_testkit::evil::{Ask, Ending, Endpoint, EvilServer, World};

/// Holds back what these devices append, until it is let through by hand.
fn hold(world: &World, devices: Vec<usize>) -> Rc<RefCell<Vec<Ask>>> {
    let held: Rc<RefCell<Vec<Ask>>> = Rc::default();
    let kept = Rc::clone(&held);
    world.server.tell(Box::new(move |ask, server: &EvilServer| {
        if ask.endpoint() == Endpoint::Append && devices.contains(&ask.device) {
            kept.borrow_mut().push(ask.clone());
            return Err(Unreachable { reason: "held back".to_owned() });
        }
        server.forward(ask)
    }));
    held
}

/// Lets what is held back through in this order, and has everyone meet the server.
fn let_through(world: &mut World, held: &RefCell<Vec<Ask>>, order: [usize; 2]) {
    world.server.turn_honest();
    for at in order {
        _ = world.server.forward(&held.borrow()[at]);
    }
    for _ in 0..3 {
        for device in 0..world.len() {
            _ = world.sync(device);
        }
    }
}

#[test]
fn of_two_devices_that_revoke_each_other_the_first_stays() {
    for (order, stays, goes) in [([0, 1], 0, 1), ([1, 0], 1, 0)] {
        let mut world = World::of(3, 3001);
        world.note(2, "shared");
        world.sync_all();
        let held = hold(&world, vec![0, 1]);
        for (by, goes, keep) in [(0, 1, vec![]), (1, 0, vec![world.id(1), world.id(2)])] {
            let revocation =
                Revocation { devices: vec![world.id(goes)], keep, reason: RevokeReason::Lost, keep_slots: Vec::new() };
            assert!(block_on(world.session(by).revoke(revocation)).is_err());
        }
        let_through(&mut world, &held, order);
        // The founder had let all of them in; whoever goes with it, every device that is left sees the same.
        let log = block_on(world.session(stays).log()).unwrap();
        assert!(log.active_member(world.id(stays)).is_some() && log.active_member(world.id(goes)).is_none());
        world.end_as(&[(goes, Ending::IsOut)]);
    }
}

#[test]
fn a_revocation_that_meets_an_addition_takes_the_planted_device_along() {
    for order in [[0, 1], [1, 0]] {
        let mut world = World::of(3, 3002);
        let held = hold(&world, vec![0, 2]);
        // The thief's addition and its own revocation are on their way at the same time.
        assert!(world.try_add_device(2).is_err());
        assert!(world.revoke(0, &[2]).is_err());
        let_through(&mut world, &held, order);
        let log = block_on(world.session(0).log()).unwrap();
        let active: Vec<_> = log.active().map(|(id, _)| id).collect();
        assert_eq!(active.len(), 2, "neither the thief nor what it planted is left");
        assert!(!active.contains(&world.id(2)));
        world.end_as(&[(2, Ending::IsOut)]);
    }
}

#[test]
fn edits_that_meet_a_revocation_are_kept() {
    let mut world = World::of(4, 3003);
    let id = world.note(0, "shared");
    world.sync_all();
    world.rename(1, id, "renamed meanwhile");
    world.note(1, "typed meanwhile");
    world.revoke(0, &[3]).unwrap();
    for device in [1, 0, 2, 1, 2] {
        world.sync(device).unwrap();
    }
    for device in 0..3 {
        assert_eq!(world.titles(device), ["renamed meanwhile", "typed meanwhile"], "device {device}");
    }
    world.end_as(&[(3, Ending::IsOut)]);
}
