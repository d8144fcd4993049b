#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use proptest::prelude::*;

use super::*;

/// `struct uhid_event` with an output, as the kernel hands it over: whole, whatever counts in it.
fn written(data: &[u8]) -> Vec<u8> {
    let mut event = OUTPUT.to_ne_bytes().to_vec();
    event.extend(data);
    event.resize(4 + DATA_LEN, 0);
    event.extend(u16::try_from(data.len()).unwrap().to_ne_bytes());
    event.push(1);
    event.resize(EVENT_LEN, 0);
    event
}

#[test]
fn a_frame_is_read_with_and_without_its_report_number() {
    let frame = [7; FRAME_LEN];
    let numbered = [&[0][..], &frame].concat();
    assert_eq!(Event::parse(&written(&frame)), Ok(Event::Output(frame)));
    assert_eq!(Event::parse(&written(&numbered)), Ok(Event::Output(frame)));
}

#[test]
fn what_is_no_frame_is_refused() {
    let other_report = [&[1][..], &[7; FRAME_LEN]].concat();
    for data in [&[][..], &[7; FRAME_LEN - 1], &[0; FRAME_LEN + 2], &other_report] {
        assert_eq!(Event::parse(&written(data)), Err(BadEvent), "{} bytes", data.len());
    }
}

#[test]
fn the_device_is_described_where_the_kernel_reads_it() {
    let event = create("Roamkey");
    assert_eq!(event[..4], 11_u32.to_ne_bytes());
    assert_eq!(&event[4..12], b"Roamkey\0");
    let after_names = 4 + 128 + 64 + 64;
    assert_eq!(event[after_names..after_names + 2], 34_u16.to_ne_bytes());
    assert_eq!(event[after_names + 2..after_names + 4], 3_u16.to_ne_bytes());
    assert_eq!(event[after_names + 20..], REPORT_DESCRIPTOR);
    assert!(event.len() <= EVENT_LEN);
}

#[test]
fn a_long_name_ends_with_a_zero() {
    assert_eq!(create(&"n".repeat(500))[4 + 127], 0);
}

#[test]
fn reports_outside_the_stream_are_refused_by_their_id() {
    let asked = [&GET_REPORT.to_ne_bytes()[..], &77_u32.to_ne_bytes(), &[0, 0]].concat();
    assert_eq!(Event::parse(&asked), Ok(Event::GetReport { id: 77 }));
    let refused = refuse_get(77);
    assert_eq!(refused[..4], 10_u32.to_ne_bytes());
    assert_eq!(refused[4..8], 77_u32.to_ne_bytes());
    assert_ne!(refused[8..10], [0, 0]);
    assert_eq!(refuse_set(77)[..4], 14_u32.to_ne_bytes());
}

proptest! {
    #[test]
    fn hostile_events_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..EVENT_LEN)) {
        let _ = Event::parse(&bytes);
    }

    #[test]
    fn hostile_outputs_never_panic(size: u16, data: [u8; 32]) {
        let mut event = written(&data);
        event[4 + DATA_LEN..4 + DATA_LEN + 2].copy_from_slice(&size.to_ne_bytes());
        let _ = Event::parse(&event);
    }
}
