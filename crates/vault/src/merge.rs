//! What an operation makes of an item, whatever happened to it meanwhile (`spec/vault.md`).

use roamkey_proto::Time;
use roamkey_sealing::record::BODY_BYTES;

use crate::{
    Body, Content, Item,
    fields::{Fields, Value},
    item::Replaced,
    operation::{Action, Field, Operation, Set, value_hash},
};

/// What came of an operation.
#[derive(Debug)]
pub enum Outcome {
    /// The item changed as the person meant.
    Changed(Body),
    /// Someone else changed the field first: their value stays, this one is in the history, and
    /// the person should be shown it.
    Late(Body),
    /// Nothing is to change: it is so already.
    Unchanged,
    /// The item is no longer what the person saw when they took it away, so it stays.
    Superseded,
    /// The item was purged. What the operation holds is nowhere else: show it to the person before
    /// letting it go.
    Gone,
}

impl Outcome {
    /// Returns the new body, if the record is to be written.
    #[must_use]
    pub fn into_body(self) -> Option<Body> {
        match self {
            Self::Changed(body) | Self::Late(body) => Some(body),
            Self::Unchanged | Self::Superseded | Self::Gone => None,
        }
    }
}

/// Why an operation cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is no such item, nor was there.
    #[error("there is no such item")]
    NoSuchItem,
    /// The item is of a kind that has no such field, or the value is not one of the field.
    #[error("the operation does not fit the item")]
    Mismatch,
    /// The item would be longer than a record holds: shorten it, or forget some of its history.
    #[error("the item would be too long")]
    TooLong,
}

/// Applies an operation to the body of its item, or to none.
///
/// It is a function of its arguments alone, so that all who apply the same operations in the
/// server's order hold the same items; and whatever the order, a value that was typed is current
/// or in the history, unless the person purged or forgot it.
///
/// # Errors
/// See [`MergeError`].
pub fn apply(body: Option<&Body>, operation: &Operation) -> Result<Outcome, MergeError> {
    let outcome = match (body, &operation.action) {
        (None, Action::Create(item)) => Outcome::Changed(Body::Item(Box::new(copy(item)?))),
        (None, _) => return Err(MergeError::NoSuchItem),
        (Some(Body::Tombstone), _) => Outcome::Gone,
        (Some(Body::Item(item)), action) => apply_to(item, action, operation.at)?,
    };
    match &outcome {
        Outcome::Changed(body) | Outcome::Late(body) if body.encode().len() > BODY_BYTES => Err(MergeError::TooLong),
        _ => Ok(outcome),
    }
}

fn apply_to(item: &Item, action: &Action, at: Time) -> Result<Outcome, MergeError> {
    match action {
        Action::Create(again) => create_again(item, again, at),
        Action::Set(set) => self::set(item, set, at),
        Action::AddUses(uses) => {
            let mut item = copy(item)?;
            let Content::Usage(usage) = &mut item.content else { return Err(MergeError::Mismatch) };
            let before = usage.uses.clone();
            usage.add(uses);
            let is_new = usage.uses != before;
            Ok(if is_new { changed(item) } else { Outcome::Unchanged })
        }
        Action::Trash { .. } if item.trashed.is_some() => Ok(Outcome::Unchanged),
        Action::Trash { seen } | Action::Purge { seen } if *seen != item.state_hash() => Ok(Outcome::Superseded),
        Action::Trash { .. } => Ok(changed(copy(item)?.with_trashed(Some(at)))),
        Action::Restore if item.trashed.is_none() => Ok(Outcome::Unchanged),
        Action::Restore => Ok(changed(copy(item)?.with_trashed(None))),
        Action::Purge { .. } => Ok(Outcome::Changed(Body::Tombstone)),
        Action::Forget { values } => {
            let mut item = copy(item)?;
            let before = item.history.len();
            item.history.retain(|replaced| !values.contains(&replaced.hash()));
            let is_shorter = item.history.len() < before;
            Ok(if is_shorter { changed(item) } else { Outcome::Unchanged })
        }
    }
}

/// An item is made twice when its device did not learn that the first time was taken. What others
/// changed since stays; what the maker typed is kept.
fn create_again(item: &Item, again: &Item, at: Time) -> Result<Outcome, MergeError> {
    if item.kind() != again.kind() {
        return Err(MergeError::Mismatch);
    }
    let (current, proposed) = (item.to_fields(), again.to_fields());
    let mut merged = copy(item)?;
    for field in Field::ALL.into_iter().filter(|field| field.is_of(item.kind())) {
        if let Some(value) = proposed.raw(field.key())
            && current.raw(field.key()) != Some(value)
        {
            remember(&mut merged.history, field, value, at, true);
        }
    }
    let is_longer = merged.history.len() > item.history.len();
    Ok(if is_longer { Outcome::Late(Body::Item(Box::new(merged))) } else { Outcome::Unchanged })
}

fn set(item: &Item, set: &Set, at: Time) -> Result<Outcome, MergeError> {
    if !set.field.is_of(item.kind()) {
        return Err(MergeError::Mismatch);
    }
    let mut fields = item.to_fields();
    let current = fields.raw(set.field.key());
    if current == set.value.as_ref() {
        return edited(item, fields);
    }
    if value_hash(current) == set.replaces {
        let before = fields.replace(set.field.key(), set.value.clone());
        let mut changed = from_fields(fields)?;
        changed.trashed = None;
        if let Some(before) = before.filter(|_| set.field == Field::Password) {
            remember(&mut changed.history, set.field, &before, at, false);
            forget_oldest(&mut changed.history);
        }
        return Ok(self::changed(changed));
    }
    let Some(value) = &set.value else { return Ok(Outcome::Superseded) };
    // The value must be one of the field even where it only goes to the history.
    fields.replace(set.field.key(), Some(value.clone()));
    from_fields(fields)?;
    let mut kept = copy(item)?;
    let is_new = remember(&mut kept.history, set.field, value, at, true);
    Ok(if is_new { Outcome::Late(Body::Item(Box::new(kept))) } else { Outcome::Unchanged })
}

/// An edit takes an item out of the trash, even one that changes nothing any more.
fn edited(item: &Item, fields: Fields) -> Result<Outcome, MergeError> {
    if item.trashed.is_none() {
        return Ok(Outcome::Unchanged);
    }
    Ok(changed(from_fields(fields)?.with_trashed(None)))
}

/// Adds a value to the history unless it is there; tells whether it was added.
fn remember(history: &mut Vec<Replaced>, field: Field, value: &Value, at: Time, late: bool) -> bool {
    let is_new = !history.iter().any(|replaced| replaced.is(field.key(), value));
    if is_new {
        history.push(Replaced::new(field.key(), value.clone(), at, late));
    }
    is_new
}

/// What was replaced by someone who saw it need not stay for ever: an item that is edited often must not grow.
fn forget_oldest(history: &mut Vec<Replaced>) {
    let replaced = history.iter().filter(|old| !old.late).count();
    let mut surplus = replaced.saturating_sub(REPLACED);
    history.retain(|old| {
        let is_surplus = !old.late && surplus > 0;
        surplus -= usize::from(is_surplus);
        !is_surplus
    });
}

fn changed(item: Item) -> Outcome {
    Outcome::Changed(Body::Item(Box::new(item)))
}

fn copy(item: &Item) -> Result<Item, MergeError> {
    from_fields(item.to_fields())
}

/// Reads an item back; it fails when a value is not one of its field.
fn from_fields(fields: Fields) -> Result<Item, MergeError> {
    match Body::from_fields(fields) {
        Ok(Body::Item(item)) => Ok(*item),
        Ok(Body::Tombstone) | Err(_) => Err(MergeError::Mismatch),
    }
}

/// Passwords that were replaced and are kept, as a site may not have taken the new one.
const REPLACED: usize = 8;

#[cfg(test)]
mod tests;
