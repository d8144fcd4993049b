//! Frames of 64 bytes, and the packets in them.

/// The length of a frame: what a full-speed USB device moves at once.
pub const FRAME_LEN: usize = 64;

/// A frame as it travels.
pub type Frame = [u8; FRAME_LEN];

/// What an initialization packet carries at most.
pub(super) const INITIAL_DATA: usize = FRAME_LEN - 7;

/// What a continuation packet carries at most.
pub(super) const CONTINUED_DATA: usize = FRAME_LEN - 5;

/// A conversation between one client and the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Channel(pub(super) u32);

impl Channel {
    /// Nobody's.
    pub(super) const RESERVED: Self = Self(0);
    /// Where a client without a channel asks for one.
    pub(super) const BROADCAST: Self = Self(u32::MAX);
}

/// A frame taken apart. Every frame is one of the two: nothing in it can be malformed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packet<'f> {
    /// The first of a message.
    Initial { channel: Channel, command: u8, length: usize, data: &'f [u8; INITIAL_DATA] },
    /// What follows it.
    Continued { channel: Channel, sequence: u8, data: &'f [u8; CONTINUED_DATA] },
}

impl<'f> Packet<'f> {
    pub(super) fn parse(frame: &'f Frame) -> Self {
        let [a, b, c, d, kind, ..] = frame;
        let channel = Channel(u32::from_be_bytes([*a, *b, *c, *d]));
        if kind & INITIAL == 0 {
            let data = frame.last_chunk().expect("59 of 64 bytes");
            return Self::Continued { channel, sequence: *kind, data };
        }
        let [.., high, low] = frame.first_chunk::<7>().expect("7 of 64 bytes");
        let data = frame.last_chunk().expect("57 of 64 bytes");
        Self::Initial { channel, command: kind & !INITIAL, length: u16::from_be_bytes([*high, *low]).into(), data }
    }
}

/// Cuts a message into frames. `message` has at most [`super::MESSAGE_LEN`] bytes.
pub(super) fn frames(channel: Channel, command: u8, message: &[u8]) -> impl Iterator<Item = Frame> {
    let length = u16::try_from(message.len()).expect("the caller keeps the limit, which is below 65,536");
    let [high, low] = length.to_be_bytes();
    let (initial, rest) = message.split_at(message.len().min(INITIAL_DATA));
    let first = frame(channel, &[command | INITIAL, high, low], initial);
    let others =
        (0_u8..).zip(rest.chunks(CONTINUED_DATA)).map(move |(sequence, data)| frame(channel, &[sequence], data));
    std::iter::once(first).chain(others)
}

fn frame(channel: Channel, header: &[u8], data: &[u8]) -> Frame {
    let mut frame = [0; FRAME_LEN];
    let bytes = channel.0.to_be_bytes().into_iter().chain(header.iter().copied()).chain(data.iter().copied());
    frame.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    frame
}

/// Tells the two kinds of packets apart.
const INITIAL: u8 = 0x80;
