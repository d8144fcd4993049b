//! From libwebauthn's HID messages to our authenticator's frames: 64 bytes each, behind a length of two bytes.

use std::{
    fmt,
    io::{self, Read as _, Write as _},
    net::TcpStream,
};

use libwebauthn::transport::hid::{
    HidPipeBackend,
    framing::{HidMessage, HidMessageParser, HidMessageParserState},
};

/// A connection that carries the messages of one device.
pub(crate) struct TcpPipe(TcpStream);

impl TcpPipe {
    pub(crate) fn connect(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    fn write(&mut self, message: &HidMessage) -> io::Result<()> {
        for packet in message.packets(FRAME)? {
            let mut frame = packet;
            frame.resize(FRAME, 0);
            self.0.write_all(&[0, 64])?;
            self.0.write_all(&frame)?;
        }
        Ok(())
    }

    fn read(&mut self) -> io::Result<HidMessage> {
        let mut parser = HidMessageParser::new();
        loop {
            let mut frame = [0; 2 + FRAME];
            self.0.read_exact(&mut frame)?;
            if let HidMessageParserState::Done = parser.update(&frame[2..])? {
                return parser.message();
            }
        }
    }
}

impl HidPipeBackend for TcpPipe {
    fn send(&mut self, message: &HidMessage) {
        self.write(message).expect("the device listens");
    }

    fn recv(&mut self) -> HidMessage {
        self.read().expect("the device answers")
    }
}

impl fmt::Debug for TcpPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TcpPipe")
    }
}

const FRAME: usize = 64;
