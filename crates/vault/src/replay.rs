//! What became of an item in one history, as operations to be played in another (`spec/vault.md`).

use roamkey_proto::{ItemId, Time};

use crate::{
    Body, Content, Item, apply,
    operation::{Action, Field, Operation, Set, value_hash},
};

/// Returns what makes `meant` of an item as it was at `base`, where two histories part.
///
/// Played on what the other history made of the item, each operation is merged as one that was typed there late. Without a
/// base, as both histories changed the item, what was typed in the one goes to the history of the other's.
#[must_use]
pub fn replay(item: ItemId, base: Option<&Body>, meant: Body, at: Time) -> Vec<Operation> {
    let operation = |action| Operation { item, at, action };
    match (base, meant) {
        (Some(Body::Item(base)), Body::Item(meant)) => edits(item, base, &meant, at),
        (Some(Body::Item(base)), Body::Tombstone) => vec![operation(Action::Purge { seen: base.state_hash() })],
        (Some(Body::Tombstone), _) | (None, Body::Tombstone) => Vec::new(),
        (None, Body::Item(meant)) => {
            let again = match &meant.content {
                Content::Usage(usage) => Some(operation(Action::AddUses(usage.uses.clone()))),
                _ => None,
            };
            [operation(Action::Create(meant))].into_iter().chain(again).collect()
        }
    }
}

fn edits(item: ItemId, base: &Item, meant: &Item, at: Time) -> Vec<Operation> {
    let operation = |action| Operation { item, at, action };
    let (before, after) = (base.to_fields(), meant.to_fields());
    let changed = Field::ALL.into_iter().filter(|field| field.is_of(meant.kind()));
    let changed = changed.filter(|field| before.raw(field.key()) != after.raw(field.key()));
    let mut operations: Vec<_> = changed
        .map(|field| {
            let (value, replaces) = (after.raw(field.key()).cloned(), value_hash(before.raw(field.key())));
            operation(Action::Set(Set { field, value, replaces }))
        })
        .collect();
    if let Content::Usage(usage) = &meant.content {
        operations.push(operation(Action::AddUses(usage.uses.clone())));
    }
    match (base.trashed, meant.trashed) {
        (None, Some(_)) => operations.push(operation(Action::Trash { seen: state_after(base, &operations) })),
        (Some(_), None) if operations.is_empty() => operations.push(operation(Action::Restore)),
        _ => {}
    }
    operations
}

/// The state that whoever threw the item away saw, as these operations make it.
fn state_after(base: &Item, operations: &[Operation]) -> [u8; 32] {
    let mut state = None;
    for operation in operations {
        let before = state.unwrap_or_else(|| Body::from_fields(base.to_fields()).unwrap_or(Body::Tombstone));
        let after = apply(Some(&before), operation).ok().and_then(crate::Outcome::into_body);
        state = Some(after.unwrap_or(before));
    }
    state.as_ref().and_then(Body::item).map_or_else(|| base.state_hash(), Item::state_hash)
}

#[cfg(test)]
mod tests;
