//! Lists that are asked for at the same time.

use std::{
    pin::Pin,
    task::{Context, Waker},
};

use roamkey_vault::item::Note;

use super::*;
use crate::ItemDraft;

const NOTES: usize = 40;

#[test]
fn who_asks_while_the_list_is_brought_up_to_date_gets_no_older_one() {
    let (machine, session) = block_on(session());
    assert!(block_on(session.list()).unwrap().is_empty());
    for number in 0..NOTES {
        let note = Note { title: number.to_string(), ..Note::default() };
        block_on(session.add(ItemDraft::Note(note))).unwrap();
    }
    *machine.disk.yields.borrow_mut() = true;
    let list = async || assert_eq!(session.list().await.unwrap().len(), NOTES);
    together(vec![Box::pin(list()), Box::pin(list())]);
}

/// Runs all of them in turn, until each is done.
fn together(mut works: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>) {
    while !works.is_empty() {
        works.retain_mut(|work| work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}
