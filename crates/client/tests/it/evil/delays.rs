//! What arrives late: a request that nobody waits for any more, an answer to the question before.

use roamkey_testkit::evil::{Ending, Endpoint, World, lies};

#[test]
fn a_push_that_arrives_late_is_taken_once_or_refused() {
    let mut given_up = 0;
    for exchanges in 1..9 {
        let mut world = World::of(2, 1_750);
        world.server.tell(lies::only(0, lies::delay(Endpoint::Push, exchanges)));
        world.note(0, "held up");
        // The device finds it there when it asks again, or has given up before.
        given_up += usize::from(world.sync(0).is_err());
        world.server.tell_none();
        world.note(1, "typed meanwhile");
        for device in [1, 0, 1, 0, 1] {
            world.sync(device).unwrap();
        }
        for device in 0..2 {
            assert_eq!(world.titles(device), ["held up", "typed meanwhile"], "after {exchanges}, device {device}");
        }
        world.end();
    }
    assert_ne!(given_up, 0, "nothing was late");
}

#[test]
fn a_revocation_that_arrives_late_is_the_one_that_was_signed() {
    for exchanges in 1..9 {
        let mut world = World::of(3, 1_751);
        world.server.tell(lies::only(0, lies::delay(Endpoint::Append, exchanges)));
        assert!(world.revoke(0, &[2]).is_err());
        world.server.tell_none();
        for device in [1, 0, 2, 0, 1] {
            _ = world.sync(device);
        }
        let (one, other) = (world.pins(0).0, world.pins(1).0);
        assert_eq!((one.seq, one), (4, other), "after {exchanges}");
        world.end_as(&[(2, Ending::IsOut)]);
    }
}

#[test]
fn an_answer_to_the_question_before_is_not_taken_for_one_to_this() {
    for endpoint in [Endpoint::Heads, Endpoint::Log, Endpoint::Pull, Endpoint::Push] {
        let mut world = World::of(2, 1_752);
        world.server.tell(lies::only(1, lies::delay_answers(endpoint)));
        for round in 0..4 {
            world.note(0, &format!("round {round}"));
            world.note(1, &format!("other round {round}"));
            world.sync(0).unwrap();
            // Refused or believed: what is shown then was written, and never goes back.
            _ = world.sync(1);
        }
        world.end();
    }
}
