//! CBOR as a tree that can be written in ways that the canonical encoder never would.

/// One data item, with its head as it is to be written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    major: u8,
    number: u64,
    body: Body,
    form: Form,
}

#[derive(Clone, Debug)]
enum Body {
    None,
    Bytes(Vec<u8>),
    Items(Vec<Node>),
}

/// How a head is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Shortest,
    /// With an argument of eight bytes.
    Long,
    /// Without a length.
    Indefinite,
}

const UINT: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;

impl Node {
    /// Reads canonical bytes.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let (node, rest) = Self::read(bytes);
        assert!(rest.is_empty());
        node
    }

    fn read(bytes: &[u8]) -> (Self, &[u8]) {
        let (head, rest) = (bytes[0], &bytes[1..]);
        let (major, short) = (head >> 5, head & 0x1f);
        let width = if short < 24 { 0 } else { 1 << (short - 24) };
        let (argument, mut rest) = rest.split_at(width);
        let number = match width {
            0 => u64::from(short),
            _ => argument.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
        };
        let body = match major {
            BYTES | TEXT => {
                let (body, after) = rest.split_at(usize::try_from(number).unwrap());
                rest = after;
                Body::Bytes(body.to_vec())
            }
            ARRAY | MAP => {
                let count = if major == MAP { 2 * number } else { number };
                let mut items = Vec::new();
                for _ in 0..count {
                    let (item, after) = Self::read(rest);
                    rest = after;
                    items.push(item);
                }
                Body::Items(items)
            }
            _ => Body::None,
        };
        (Self { major, number, body, form: Form::Shortest }, rest)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.write_head(out);
        match &self.body {
            Body::None => {}
            // A string without a length is a list of chunks; here of one.
            Body::Bytes(bytes) if self.form == Form::Indefinite => {
                let chunk = Self { form: Form::Shortest, ..self.clone() };
                chunk.write_head(out);
                out.extend(bytes);
            }
            Body::Bytes(bytes) => out.extend(bytes),
            Body::Items(items) => items.iter().for_each(|item| item.write(out)),
        }
        if self.form == Form::Indefinite {
            out.push(0xff);
        }
    }

    fn write_head(&self, out: &mut Vec<u8>) {
        let major = self.major << 5;
        match (self.form, self.number) {
            (Form::Indefinite, _) => out.push(major | 31),
            (Form::Shortest, 0..24) => out.push(major | self.number.to_le_bytes()[0]),
            (Form::Shortest, 24..=0xff) => out.extend([major | 24, self.number.to_le_bytes()[0]]),
            (Form::Shortest, 0x100..=0xffff) => {
                out.push(major | 25);
                out.extend(&self.number.to_be_bytes()[6..]);
            }
            (Form::Shortest, 0x1_0000..=0xffff_ffff) => {
                out.push(major | 26);
                out.extend(&self.number.to_be_bytes()[4..]);
            }
            _ => {
                out.push(major | 27);
                out.extend(self.number.to_be_bytes());
            }
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// Returns every way to write the same data, or the same data and more, that is not canonical: its kind and bytes.
    pub(super) fn bent(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut all = Vec::new();
        for at in 0..self.count() {
            for (name, bend) in BENDS {
                let mut tree = self.clone();
                if bend(tree.nth(&mut { at }).unwrap()) {
                    all.push((name, tree.to_bytes()));
                }
            }
        }
        all
    }

    fn count(&self) -> usize {
        1 + self.items().iter().map(Self::count).sum::<usize>()
    }

    fn nth(&mut self, at: &mut usize) -> Option<&mut Self> {
        if *at == 0 {
            return Some(self);
        }
        *at -= 1;
        match &mut self.body {
            Body::Items(items) => items.iter_mut().find_map(|item| item.nth(at)),
            _ => None,
        }
    }

    fn items(&self) -> &[Self] {
        match &self.body {
            Body::Items(items) => items,
            _ => &[],
        }
    }

    fn entries(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.body {
            Body::Items(items) if self.major == MAP => Some(items),
            _ => None,
        }
    }

    fn uint(number: u64) -> Self {
        Self { major: UINT, number, body: Body::None, form: Form::Shortest }
    }
}

/// Ways to bend one node; each tells whether it applies.
type Bend = fn(&mut Node) -> bool;

const BENDS: [(&str, Bend); 5] = [
    ("long form", |node| {
        node.form = Form::Long;
        node.major <= MAP && node.number <= 0xffff_ffff
    }),
    ("indefinite length", |node| {
        node.form = Form::Indefinite;
        (BYTES..=MAP).contains(&node.major)
    }),
    ("unsorted keys", |node| {
        node.entries().is_some_and(|items| {
            let several = items.len() >= 4;
            if several {
                items.rotate_left(2);
            }
            several
        })
    }),
    ("duplicate key", |node| {
        node.number += 1;
        node.entries().is_some_and(|items| {
            let pair = items.iter().take(2).cloned().collect::<Vec<_>>();
            items.splice(0..0, pair.clone());
            !pair.is_empty()
        })
    }),
    ("unknown key", |node| {
        node.number += 1;
        node.entries().is_some_and(|items| {
            items.extend([Node::uint(200), Node::uint(0)]);
            true
        })
    }),
];
