//! What a server says: a device shows what honest devices wrote or says that it does not trust the server, and carries on
//! once the server is honest.

use std::{cell::Cell, rc::Rc};

use roamkey_proto::{ItemId, Time};
use roamkey_sync::Idle;
use roamkey_testkit::Fleet;
use roamkey_vault::{Content, Item, Operation, SecretText, item::Note};

use crate::Target;

pub(super) const TARGET: Target = Target { name: "answers", seeds: starts, run };

/// A lie takes eight bytes: which answer, what is done to it, where (two), and with what (four).
const LIE: usize = 8;

fn starts() -> Vec<Vec<u8>> {
    (0..6).flat_map(|answer| (0..4).map(move |deed| vec![answer, deed, 0, 40, 0xff, 0, 1, 2])).collect()
}

fn run(input: &[u8]) {
    let mut fleet = Fleet::new(11);
    let other = fleet.add_device(0);
    write(&mut fleet, 0, 1, "first");
    fleet.sync(other);
    write(&mut fleet, 0, 2, "second");
    let honest = [note_of(&fleet, 0, 1), note_of(&fleet, 0, 2)];

    let lies: Vec<[u8; LIE]> = input.chunks_exact(LIE).filter_map(|lie| lie.try_into().ok()).take(8).collect();
    let answers = Rc::new(Cell::new(0u8));
    fleet.tap(Some(Box::new(move |_, _, answer, _| {
        let number = answers.get();
        answers.set(number.wrapping_add(1));
        match (answer, lies.iter().find(|lie| lie[0] == number)) {
            (Ok(bytes), Some(lie)) => Ok(told(bytes, lie)),
            (answer, _) => answer,
        }
    })));
    fleet.sync(other);
    for (item, honest) in [(1, &honest[0]), (2, &honest[1])] {
        let shown = note_of(&fleet, other, item);
        assert!(shown.is_none() || shown == *honest, "a device shows what nobody wrote");
    }
    assert_eq!(note_of(&fleet, other, 1), honest[0], "a device lost what it had");

    fleet.tap(None);
    fleet.now = Time(fleet.now.0 + 60 * 60 * 1000);
    fleet.sync(other);
    assert_eq!(fleet.idle(other), Some(&Idle::UpToDate), "service does not resume under an honest server");
    assert_eq!([note_of(&fleet, other, 1), note_of(&fleet, other, 2)], honest);
}

fn told(mut bytes: Vec<u8>, lie: &[u8; LIE]) -> Vec<u8> {
    let &[_, deed, high, low, a, b, c, d] = lie;
    let at = usize::from(u16::from_be_bytes([high, low])) % bytes.len().max(1);
    match deed % 5 {
        0 => bytes.truncate(at),
        1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= a | 1),
        2 => drop(bytes.splice(at..at, [a, b, c, d])),
        3 => drop(bytes.drain(at..bytes.len().min(at + usize::from(a)))),
        _ => bytes = [a, b, c, d].repeat(usize::from(d)),
    }
    bytes
}

fn id(item: u8) -> ItemId {
    ItemId::new([item; ItemId::LEN])
}

fn write(fleet: &mut Fleet, device: usize, item: u8, text: &str) {
    let note = Note { title: text.to_owned(), text: SecretText::new(text.to_owned()), ..Note::default() };
    let operation = Operation::create(id(item), Item::new(Content::Note(note), fleet.now));
    fleet.edit(device, operation);
    fleet.sync(device);
}

fn note_of(fleet: &Fleet, device: usize, item: u8) -> Option<String> {
    match fleet.item(device, id(item))?.item.content {
        Content::Note(note) => Some(note.title),
        _ => None,
    }
}
