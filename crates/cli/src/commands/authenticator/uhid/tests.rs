//! Against a stand-in that speaks the kernel's events. It shows that we speak them, not that a kernel agrees.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

use std::{
    os::unix::net::UnixDatagram,
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use super::*;

/// A socket keeps events apart as the kernel does.
impl Kernel for UnixDatagram {
    fn next_event(&self, event: &mut [u8]) -> io::Result<usize> {
        self.recv(event)
    }

    fn tell(&self, event: &[u8]) -> io::Result<usize> {
        self.send(event)
    }
}

/// A device that is plugged in, from its kernel's point of view.
fn plugged_in() -> (UnixDatagram, Receiver<Event>, Box<dyn Wire>) {
    let (kernel, device) = UnixDatagram::pair().unwrap();
    kernel.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (events, incoming) = mpsc::channel();
    plug_in(Arc::new(device), events).unwrap();
    assert_eq!(hear(&kernel)[..4], 11_u32.to_ne_bytes(), "UHID_CREATE2");
    let Event::Opened(_, wire) = next(&incoming) else { panic!("no way back") };
    (kernel, incoming, wire)
}

fn hear(kernel: &UnixDatagram) -> Vec<u8> {
    let mut event = vec![0; EVENT_LEN];
    let length = kernel.recv(&mut event).unwrap();
    event[..length].to_vec()
}

fn next(events: &Receiver<Event>) -> Event {
    events.recv_timeout(Duration::from_secs(20)).unwrap()
}

/// `struct uhid_event`: its type, and the rest whole, as the kernel hands it over.
fn event(kind: u32, rest: &[u8]) -> Vec<u8> {
    let mut event = [&kind.to_ne_bytes()[..], rest].concat();
    event.resize(EVENT_LEN, 0);
    event
}

#[test]
fn what_clients_write_arrives_as_frames() {
    let (kernel, events, _wire) = plugged_in();
    // Start, open, then a report with its number before it.
    kernel.send(&event(2, &[0; 8])).unwrap();
    kernel.send(&event(4, &[])).unwrap();
    let mut output = vec![0];
    output.extend([7; 64]);
    output.resize(4096, 0);
    output.extend(65_u16.to_ne_bytes());
    output.push(1);
    kernel.send(&event(6, &output)).unwrap();
    let Event::Frame(_, frame) = next(&events) else { panic!("no frame") };
    assert_eq!(frame, [7; 64]);
}

#[test]
fn frames_reach_clients_as_input() {
    let (kernel, _events, mut wire) = plugged_in();
    wire.send(&[9; 64]).unwrap();
    let input = hear(&kernel);
    assert_eq!(input[..6], [&12_u32.to_ne_bytes()[..], &64_u16.to_ne_bytes()].concat());
    assert_eq!(input[6..], [9; 64]);
}

#[test]
fn reports_that_no_fido_device_has_are_refused() {
    let (kernel, _events, _wire) = plugged_in();
    kernel.send(&event(9, &77_u32.to_ne_bytes())).unwrap();
    let refused = hear(&kernel);
    assert_eq!(refused[..8], [&10_u32.to_ne_bytes()[..], &77_u32.to_ne_bytes()].concat());
}

#[test]
fn the_device_goes_when_it_is_closed() {
    let (kernel, _events, mut wire) = plugged_in();
    wire.close();
    assert_eq!(hear(&kernel), 1_u32.to_ne_bytes());
}
