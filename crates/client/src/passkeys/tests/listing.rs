//! Lists that are asked for while items are added.

use std::{
    pin::Pin,
    task::{Context, Waker},
};

use roamkey_vault::item::Note;

use super::*;
use crate::ItemDraft;

/// More than the store is asked for one list.
const NOTES: usize = 40;

#[test]
fn a_slow_list_puts_back_nothing_that_a_later_one_has_seen() {
    let (machine, session) = block_on(session());
    *machine.disk.yields.borrow_mut() = true;
    let list = async || assert!(session.list().await.is_ok());
    let add = async || {
        for number in 0..NOTES {
            let note = Note { title: number.to_string(), ..Note::default() };
            session.add(ItemDraft::Note(note)).await.unwrap();
            list().await;
        }
    };
    together(vec![Box::pin(list()), Box::pin(add()), Box::pin(list())]);
    *machine.disk.yields.borrow_mut() = false;
    assert_eq!(block_on(session.list()).unwrap().len(), NOTES);
}

/// Runs all of them in turn, until each is done.
fn together(mut works: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>) {
    while !works.is_empty() {
        works.retain_mut(|work| work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}
