//! The XML inside: groups in groups, and entries with named strings.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use quick_xml::{Reader, events::Event};
use roamkey_proto::Time;
use zeroize::Zeroizing;

use super::{broken, entry, stream::InnerStream};
use crate::{
    date::date,
    import::{Fault, Format, Import, ImportError},
    limits,
};

/// An entry as the XML has it.
#[derive(Default)]
pub(super) struct RawEntry {
    pub(super) id: String,
    /// Names of the groups around it, below the root.
    pub(super) path: Vec<String>,
    pub(super) strings: Vec<RawString>,
    pub(super) tags: String,
    pub(super) created: Option<Time>,
    pub(super) modified: Option<Time>,
    pub(super) has_files: bool,
    pub(super) history: Vec<RawEntry>,
    pub(super) is_in_bin: bool,
}

/// A named string.
#[derive(Default)]
pub(super) struct RawString {
    pub(super) name: String,
    pub(super) value: Zeroizing<String>,
    pub(super) is_protected: bool,
}

struct Group {
    id: String,
    name: String,
}

/// Reads the XML. The values that it calls protected are shown in its order.
pub(super) fn read(xml: &str, mut stream: InnerStream) -> Result<Import, ImportError> {
    let mut import = Import { format: Format::Kdbx, entries: Vec::new(), refused: Vec::new() };
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut entries: Vec<RawEntry> = Vec::new();
    let mut bin = String::new();
    let mut string = RawString::default();
    let mut text = Zeroizing::new(String::new());
    let mut number = 0;
    loop {
        match reader.read_event().map_err(|_| broken(Fault::Syntax))? {
            Event::Start(start) => {
                text.clear();
                let name = start.name().0.to_owned();
                match name.as_str() {
                    "Group" => groups.push(Group { id: String::new(), name: String::new() }),
                    "Entry" => entries.push(RawEntry::default()),
                    "String" => string = RawString::default(),
                    "Value" => {
                        let protected = start.try_get_attribute("Protected").map_err(|_| broken(Fault::Syntax))?;
                        string.is_protected =
                            protected.is_some_and(|protected| protected.value.eq_ignore_ascii_case("true"));
                    }
                    _ => {}
                }
                path.push(name);
                if path.len() > DEEPEST {
                    return Err(broken(Fault::Bomb));
                }
            }
            Event::Empty(empty) => {
                if empty.name().0 == "Binary"
                    && let Some(entry) = entries.last_mut()
                {
                    entry.has_files = true;
                }
            }
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::CData(piece) => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => text.push(letter),
                Ok(None) => text.push(entity(&reference.xml10_content())?),
                Err(_) => return Err(broken(Fault::Syntax)),
            },
            // Where documents of other kinds name files to be fetched, and entities that grow.
            Event::DocType(_) => return Err(broken(Fault::Entities)),
            Event::End(_) => {
                let Some(name) = path.pop() else { return Err(broken(Fault::Syntax)) };
                let parent = path.last().map_or("", String::as_str);
                match (parent, name.as_str()) {
                    ("Meta", "RecycleBinUUID") => bin = text.to_string(),
                    ("Group", "UUID") => {
                        if let Some(group) = groups.last_mut() {
                            group.id = text.to_string();
                        }
                    }
                    ("Group", "Name") => {
                        if let Some(group) = groups.last_mut() {
                            group.name = text.to_string();
                        }
                    }
                    ("String", "Key") => string.name = text.to_string(),
                    ("String", "Value") => {
                        string.value = if string.is_protected {
                            shown(&text, &mut stream)?
                        } else {
                            Zeroizing::new(text.to_string())
                        };
                    }
                    ("Entry", "String") => {
                        if let Some(entry) = entries.last_mut() {
                            entry.strings.push(std::mem::take(&mut string));
                        }
                    }
                    ("Entry", "UUID") => {
                        if let Some(entry) = entries.last_mut() {
                            entry.id = text.to_string();
                        }
                    }
                    ("Entry", "Tags") => {
                        if let Some(entry) = entries.last_mut() {
                            entry.tags = text.to_string();
                        }
                    }
                    ("Entry", "Binary") => {
                        if let Some(entry) = entries.last_mut() {
                            entry.has_files = true;
                        }
                    }
                    ("Times", "CreationTime") => {
                        if let Some(entry) = entries.last_mut() {
                            entry.created = time(&text);
                        }
                    }
                    ("Times", "LastModificationTime") => {
                        if let Some(entry) = entries.last_mut() {
                            entry.modified = time(&text);
                        }
                    }
                    (_, "Group") => drop(groups.pop()),
                    ("History", "Entry") => {
                        let old = entries.pop();
                        if let Some((entry, old)) = entries.last_mut().zip(old) {
                            entry.history.push(old);
                        }
                    }
                    (_, "Entry") => {
                        if let Some(mut entry) = entries.pop() {
                            entry.is_in_bin = !bin.is_empty() && groups.iter().any(|group| group.id == bin);
                            // The outermost group is the database.
                            entry.path = groups.iter().skip(1).map(|group| group.name.clone()).collect();
                            number += 1;
                            entry::read(entry, number, &mut import);
                        }
                        if import.entries.len() > limits::ITEMS {
                            return Err(ImportError::TooManyItems { limit: limits::ITEMS });
                        }
                    }
                    _ => {}
                }
                text.clear();
            }
            Event::Eof if path.is_empty() => return Ok(import),
            Event::Eof => return Err(broken(Fault::Syntax)),
            _ => {}
        }
    }
}

/// The five entities that XML itself knows; no other is expanded.
fn entity(name: &str) -> Result<char, ImportError> {
    match name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(broken(Fault::Entities)),
    }
}

fn shown(text: &str, stream: &mut InnerStream) -> Result<Zeroizing<String>, ImportError> {
    let mut bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| broken(Fault::Syntax))?);
    stream.apply(&mut bytes);
    core::str::from_utf8(&bytes).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| broken(Fault::NotText))
}

/// A date; or, in KDBX 4, the seconds since the year 1 in Base64.
fn time(text: &str) -> Option<Time> {
    date(text).or_else(|| {
        let bytes: [u8; 8] = STANDARD.decode(text.trim()).ok()?.try_into().ok()?;
        let seconds = u64::from_le_bytes(bytes).checked_sub(SECONDS_TO_1970)?;
        seconds.checked_mul(1_000).map(Time)
    })
}

const SECONDS_TO_1970: u64 = 62_135_596_800;

/// Groups nest, but not like this.
const DEEPEST: usize = 256;
