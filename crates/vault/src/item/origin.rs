use core::{fmt, str::FromStr};

use minicbor::{
    Decode, Decoder, Encode, Encoder, decode,
    encode::{self, Write},
};
use roamkey_proto::{DecodeError, Time};

use crate::SecretText;

/// Where an item was imported from: which import made it, so that all of it can be taken back, and what the file said that
/// this vault has no field for, so that it can go out again.
pub struct Origin {
    /// The import that made the item.
    pub import: ImportId,
    /// The format of the file.
    pub format: String,
    /// What the file calls the item. Items of one import with the same name were one there.
    pub name: String,
    /// Which part of that one it is, counted from 0.
    pub part: u64,
    /// What was not understood, in the words of the file.
    pub rest: Option<SecretText>,
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({}, redacted)", self.format)
    }
}

impl<C> Encode<C> for Origin {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.map(4 + u64::from(self.rest.is_some()))?;
        e.u8(IMPORT)?.bytes(&self.import.0)?;
        e.u8(FORMAT)?.str(&self.format)?;
        e.u8(NAME)?.str(&self.name)?;
        e.u8(PART)?.u64(self.part)?;
        if let Some(rest) = &self.rest {
            e.u8(REST)?;
            rest.encode(e, ctx)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Origin {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let malformed = || decode::Error::message("an origin");
        let count = d.map()?.filter(|count| (4..=5).contains(count)).ok_or_else(malformed)?;
        let expect = |d: &mut Decoder<'b>, key| if d.u8()? == key { Ok(()) } else { Err(malformed()) };
        expect(d, IMPORT)?;
        let import = ImportId(d.bytes()?.try_into().map_err(|_| malformed())?);
        expect(d, FORMAT)?;
        let format = d.str()?.to_owned();
        expect(d, NAME)?;
        let name = d.str()?.to_owned();
        expect(d, PART)?;
        let part = d.u64()?;
        let rest = if count == 5 {
            expect(d, REST)?;
            Some(SecretText::decode(d, ctx)?)
        } else {
            None
        };
        Ok(Self { import, format, name, part, rest })
    }
}

/// Names an import: when it was, and ten random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImportId([u8; Self::LEN]);

impl ImportId {
    /// How many bytes it has.
    pub const LEN: usize = 16;

    /// Names an import of this time by drawn bytes.
    #[must_use]
    pub fn new(at: Time, drawn: [u8; 10]) -> Self {
        let mut bytes = [0; Self::LEN];
        let (time, random) = bytes.split_at_mut(6);
        // 48 bits of milliseconds last for thousands of years.
        time.copy_from_slice(at.0.to_be_bytes().last_chunk::<6>().expect("6 of 8 bytes"));
        random.copy_from_slice(&drawn);
        Self(bytes)
    }

    /// Returns when it was, as its device says.
    #[must_use]
    pub fn at(&self) -> Time {
        Time(self.0.iter().take(6).fold(0, |time, byte| time << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for ImportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ImportId {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let id: roamkey_proto::ItemId = text.parse().map_err(|_| DecodeError::Malformed)?;
        Ok(Self(*id.as_bytes()))
    }
}

const IMPORT: u8 = 1;
const FORMAT: u8 = 2;
const NAME: u8 = 3;
const PART: u8 = 4;
const REST: u8 = 5;
