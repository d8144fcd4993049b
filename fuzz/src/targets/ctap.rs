//! What a platform says to a CTAP device whose owner declines everything: each message gets a status of the standard, nothing
//! is signed, and nothing is made or erased.

use std::time::Duration;

use minicbor::Decoder;
use pollster::block_on;
use roamkey_authenticator::{
    BackupState, ManagedStore as _, MemoryStore,
    ctap::{Clock, Device, MemoryState, Person, Profile, Question, Status, Touch},
};
use roamkey_testkit::seeded;

use crate::Target;

pub(super) const TARGET: Target = Target { name: "ctap", seeds: starts, run };

/// A session: one message of each kind, and all of them one after the other.
fn starts() -> Vec<Vec<u8>> {
    let messages = MESSAGES.map(|message| hex::decode(message).expect("hexadecimal"));
    let framed = messages.map(|message| {
        let len = u16::try_from(message.len()).expect("a short message");
        [&len.to_be_bytes()[..], &message].concat()
    });
    framed.iter().cloned().chain([framed.concat()]).collect()
}

fn run(input: &[u8]) {
    let mut rng = seeded(0xc7a9);
    let store = MemoryStore::new(BackupState::NotBackedUp);
    let device = Device::power_on(Profile::ephemeral(), store, MemoryState::default(), Nobody, &Midnight, &mut rng);
    let Ok(mut device) = block_on(device) else { unreachable!("memory does not fail") };
    for message in Messages(input) {
        let reply = block_on(device.process(message, &Midnight, &mut rng));
        assert!(reply.fault.is_none(), "memory does not fail");
        let (status, body) = reply.bytes.split_first().expect("an answer has a status");
        assert!(Status::ALL.iter().any(|known| known.code() == *status), "{status:#x} is no status");
        if *status == Status::Ok.code() {
            let command = message.first().expect("an empty message is refused");
            assert!(!TAKE_A_PERSON.contains(command), "{command:#x} went without a person");
            assert!(is_one_item(body));
        } else {
            assert!(body.is_empty(), "an error is a byte");
        }
    }
    let made = block_on(device.credentials_mut().relying_parties());
    assert_eq!(made.as_deref(), Ok(&[][..]), "a credential was made without a person");
}

fn is_one_item(body: &[u8]) -> bool {
    let mut decoder = Decoder::new(body);
    body.is_empty() || (decoder.skip().is_ok() && decoder.position() == body.len())
}

/// Messages behind their lengths; the last may be cut off.
struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (len, rest) = self.0.split_first_chunk()?;
        let end = usize::from(u16::from_be_bytes(*len)).min(rest.len());
        let (message, rest) = rest.split_at(end);
        self.0 = rest;
        Some(message)
    }
}

struct Nobody;

impl Person for Nobody {
    async fn touch(&mut self, _: &Question<'_>) -> Touch {
        Touch::Declined
    }
}

/// It is always the same moment.
struct Midnight;

impl Clock for Midnight {
    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    fn unix_ms(&self) -> u64 {
        0
    }
}

/// The commands that nobody's device carries out: create, sign in, reset, go on, select.
const TAKE_A_PERSON: [u8; 5] = [0x01, 0x02, 0x07, 0x08, 0x0b];

const MESSAGES: [&str; 10] = [
    // authenticatorMakeCredential
    "01a501582007070707070707070707070707070707070707070707070707070707070707070702a16269646b6578616d706c652e636f6d\
     03a162696445616c6963650481a263616c672664747970656a7075626c69632d6b657907a162726bf5",
    // authenticatorGetAssertion, without a touch
    "02a3016b6578616d706c652e636f6d0258200707070707070707070707070707070707070707070707070707070707070707\
     05a1627570f4",
    "04",
    // getKeyAgreement
    "06a201020202",
    "07",
    "08",
    // enumerateRPsBegin with a proof of nothing
    "0aa30102030204500000000000000000000000000000000000",
    "0b",
    // an empty large-blob array
    "0ca302518076be8b528d0075f7aae98d6fa57a6d3c03000411",
    // setMinPINLength
    "0da2010302a1010a",
];
