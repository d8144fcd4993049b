//! Any frames in any order.

use std::time::Duration;

use proptest::prelude::*;

use super::{
    super::{Effect, Frame, Hid, Link, Version},
    client::*,
};

/// Something that happens to a device.
#[derive(Clone, Debug)]
enum Step {
    Frame { link: u64, frame: Frame },
    Answer { length: usize },
    Person(bool),
    Gone(u64),
    Pass(u64),
}

fn frame() -> impl Strategy<Value = Frame> {
    let channel = prop_oneof![Just(0_u32), Just(1), Just(2), Just(u32::MAX), any::<u32>()];
    let command = prop_oneof![Just(PING), Just(INIT), Just(WINK), Just(CBOR), Just(CANCEL), any::<u8>()];
    let length = prop_oneof![Just(8_u16), 0..200_u16, any::<u16>()];
    (channel, command, length, any::<[u8; 32]>())
        .prop_map(|(channel, command, length, data)| initial(channel, command, length, &data))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_u64, frame()).prop_map(|(link, frame)| Step::Frame { link, frame }),
        2 => (0..8000_usize).prop_map(|length| Step::Answer { length }),
        1 => any::<bool>().prop_map(Step::Person),
        1 => (0..3_u64).prop_map(Step::Gone),
        2 => (0..800_u64).prop_map(Step::Pass),
    ]
}

proptest! {
    #[test]
    fn whatever_comes_a_device_gets_one_message_at_a_time_and_stays_of_use(steps in prop::collection::vec(step(), 0..60)) {
        let mut hid = Hid::new(Version { major: 0, minor: 1, patch: 0 });
        let mut now = Duration::ZERO;
        let mut at_work = None;
        for step in steps {
            match step {
                Step::Frame { link, frame } => hid.receive(Link(link), &frame, now),
                Step::Answer { length } => {
                    if let Some(ticket) = at_work.take() {
                        hid.answer(ticket, &vec![0; length], now);
                    }
                }
                Step::Person(waits) => {
                    if let Some(ticket) = at_work {
                        hid.await_person(ticket, waits, now);
                    }
                }
                Step::Gone(link) => hid.disconnect(Link(link)),
                Step::Pass(milliseconds) => {
                    now += Duration::from_millis(milliseconds);
                    hid.tick(now);
                    prop_assert!(hid.wake_at().is_none_or(|at| at > now), "after a tick nothing is overdue");
                }
            }
            while let Some(effect) = hid.next_effect() {
                match effect {
                    Effect::Process { ticket, message, .. } => {
                        prop_assert!(!message.is_empty());
                        prop_assert_eq!(at_work.replace(ticket), None);
                    }
                    Effect::Cancel { ticket } => prop_assert_eq!(at_work, Some(ticket)),
                    Effect::Send { .. } | Effect::Wink => {}
                }
            }
        }
        // Whatever was left half-done: it times out or is answered, and a new client is served.
        if let Some(ticket) = at_work {
            hid.answer(ticket, &[0], now);
        }
        now += Duration::from_secs(1);
        hid.tick(now);
        while let Some(effect) = hid.next_effect() {
            if let Effect::Process { ticket, .. } = effect {
                hid.answer(ticket, &[0], now);
            }
        }
        let mut world = World { hid, now };
        let channel = world.allocate();
        prop_assert_eq!(world.ask(channel, PING, b"hello").bytes, b"hello");
    }

    #[test]
    fn fragments_of_two_clients_in_any_order_lead_to_an_echo_or_busy(
        messages in [prop::collection::vec(any::<u8>(), 0..400), prop::collection::vec(any::<u8>(), 0..400)],
        order in prop::collection::vec(any::<bool>(), 0..20),
    ) {
        let (mut world, first) = World::with_channel();
        let channels = [first, world.allocate()];
        let mut waiting: Vec<_> = (0..2).map(|who| frames(channels[who], PING, &messages[who]).into_iter()).collect();
        for second in order.into_iter().chain([true; 8]).chain([false; 8]) {
            if let Some(frame) = waiting[usize::from(second)].next() {
                world.frame(&frame);
            }
        }
        let heard = world.heard();
        for who in 0..2 {
            let channel = channels[who];
            let theirs: Vec<_> = heard.iter().filter(|heard| heard.channel == channel).collect();
            let echo = Heard { channel, command: PING, bytes: messages[who].clone() };
            prop_assert!(theirs == [&echo] || theirs == [&error(channel, 0x06)], "{:?}", theirs);
        }
        prop_assert!(heard.iter().any(|heard| heard.command == PING), "at most one was turned away");
    }
}
