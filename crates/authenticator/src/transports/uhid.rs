//! The events of Linux's `/dev/uhid`, by which a program is a HID device (`include/uapi/linux/uhid.h`).
//!
//! A read gives one event, a write takes one: packed structs in the machine's byte order, of which the kernel accepts any
//! beginning and pads the rest with zeros.

use super::ctaphid::{FRAME_LEN, Frame};

/// The length of the longest event, and so of a buffer to read into.
pub const EVENT_LEN: usize = 4 + 128 + 64 + 64 + 2 + 2 + 4 * 4 + DATA_LEN;

/// What the kernel tells a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A client wrote a frame.
    Output(Frame),
    /// A client asks for a report outside the stream of frames, which FIDO devices do not have: refuse it.
    GetReport {
        /// Names the request in the reply.
        id: u32,
    },
    /// A client sends a report outside the stream of frames: refuse it.
    SetReport {
        /// Names the request in the reply.
        id: u32,
    },
    /// The last client closed the device.
    Closed,
    /// Nothing that a FIDO device acts on.
    Other,
}

impl Event {
    /// Takes an event apart, as one read gave it.
    ///
    /// # Errors
    /// [`BadEvent`] where it is shorter than its kind, or an output that is no frame.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadEvent> {
        let (kind, rest) = bytes.split_first_chunk().ok_or(BadEvent)?;
        match u32::from_ne_bytes(*kind) {
            OUTPUT => output(rest).map(Self::Output),
            GET_REPORT => Ok(Self::GetReport { id: id(rest)? }),
            SET_REPORT => Ok(Self::SetReport { id: id(rest)? }),
            CLOSE => Ok(Self::Closed),
            _ => Ok(Self::Other),
        }
    }
}

/// The event that makes the device appear.
pub fn create(name: &str) -> Vec<u8> {
    let mut event = kind(CREATE2);
    event.extend(padded::<128>(name.as_bytes()));
    event.extend([0; 64 + 64]);
    event.extend(u16::try_from(REPORT_DESCRIPTOR.len()).expect("34 bytes").to_ne_bytes());
    event.extend(BUS_USB.to_ne_bytes());
    for number in [VENDOR, PRODUCT, 0, 0] {
        event.extend(number.to_ne_bytes());
    }
    event.extend(REPORT_DESCRIPTOR);
    event
}

/// The event that makes it go.
pub fn destroy() -> Vec<u8> {
    kind(DESTROY)
}

/// The event that hands a frame to the clients.
pub fn input(frame: &Frame) -> Vec<u8> {
    let mut event = kind(INPUT2);
    event.extend(u16::try_from(FRAME_LEN).expect("64").to_ne_bytes());
    event.extend(frame);
    event
}

/// The event that refuses [`Event::GetReport`].
pub fn refuse_get(id: u32) -> Vec<u8> {
    let mut event = refuse(GET_REPORT_REPLY, id);
    event.extend(0_u16.to_ne_bytes());
    event
}

/// The event that refuses [`Event::SetReport`].
pub fn refuse_set(id: u32) -> Vec<u8> {
    refuse(SET_REPORT_REPLY, id)
}

/// What the kernel sent is not an event of a FIDO device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an event of a FIDO device")]
pub struct BadEvent;

/// Reads `struct uhid_output_req`: 4,096 bytes of data, how many of them count, and the kind of report. A write through
/// hidraw puts the number of the report first, which is 0 as a FIDO device has one only.
fn output(rest: &[u8]) -> Result<Frame, BadEvent> {
    let (data, rest) = rest.split_first_chunk::<DATA_LEN>().ok_or(BadEvent)?;
    let size = rest.first_chunk().map(|size| usize::from(u16::from_ne_bytes(*size))).ok_or(BadEvent)?;
    match data.get(..size).ok_or(BadEvent)? {
        [0, frame @ ..] if size == FRAME_LEN + 1 => frame.try_into(),
        frame => frame.try_into(),
    }
    .map_err(|_| BadEvent)
}

fn id(rest: &[u8]) -> Result<u32, BadEvent> {
    rest.first_chunk().map(|id| u32::from_ne_bytes(*id)).ok_or(BadEvent)
}

fn refuse(reply: u32, id: u32) -> Vec<u8> {
    let mut event = kind(reply);
    event.extend(id.to_ne_bytes());
    event.extend(EIO.to_ne_bytes());
    event
}

fn kind(kind: u32) -> Vec<u8> {
    kind.to_ne_bytes().to_vec()
}

/// A C string in a field of a fixed length, its last byte always 0.
fn padded<const LEN: usize>(text: &[u8]) -> [u8; LEN] {
    let mut field = [0; LEN];
    field.iter_mut().zip(text.iter().take(LEN - 1)).for_each(|(to, from)| *to = *from);
    field
}

const DESTROY: u32 = 1;
const CLOSE: u32 = 5;
const OUTPUT: u32 = 6;
const GET_REPORT: u32 = 9;
const GET_REPORT_REPLY: u32 = 10;
const CREATE2: u32 = 11;
const INPUT2: u32 = 12;
const SET_REPORT: u32 = 13;
const SET_REPORT_REPLY: u32 = 14;

/// `HID_MAX_DESCRIPTOR_SIZE` and `UHID_DATA_MAX`.
const DATA_LEN: usize = 4096;

/// Clients look for FIDO devices on this bus only.
const BUS_USB: u16 = 3;

/// pid.codes, whose product 1 is for devices that are not sold.
const VENDOR: u32 = 0x1209;
const PRODUCT: u32 = 1;

const EIO: u16 = 5;

/// One input and one output of 64 bytes, on the page of FIDO (CTAP 2.3 section 11.2.8.2).
const REPORT_DESCRIPTOR: [u8; 34] = [
    0x06, 0xd0, 0xf1, // usage page: FIDO alliance
    0x09, 0x01, // usage: CTAPHID
    0xa1, 0x01, // collection: application
    0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02, // input: 64 bytes
    0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, // output: 64 bytes
    0xc0, // end of the collection
];

#[cfg(test)]
mod tests;
