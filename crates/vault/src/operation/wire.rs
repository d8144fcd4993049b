use minicbor::bytes::ByteArray;
use roamkey_proto::{DecodeError, VERSION};
use roamkey_sealing::record::BODY_BYTES;
use zeroize::Zeroizing;

use super::{Action, Field, Operation, Set};
use crate::{
    fields::{Fields, Value},
    item::Body,
};

pub(super) fn encode(operation: &Operation) -> Zeroizing<Vec<u8>> {
    let mut fields = Fields::default();
    fields.put(VERSION_KEY, &VERSION);
    fields.put(ITEM, &operation.item);
    fields.put(AT, &operation.at);
    fields.put(ACTION, &number(&operation.action));
    match &operation.action {
        Action::Create(item) => drop(fields.replace(BODY, Some(item.to_fields().encode()))),
        Action::Set(set) => {
            fields.put(FIELD, &set.field.key());
            fields.replace(VALUE, set.value.clone());
            fields.put(HASH, &ByteArray::from(set.replaces));
        }
        Action::AddUses(uses) => fields.put(USES, uses),
        Action::Trash { seen } | Action::Purge { seen } => fields.put(HASH, &ByteArray::from(*seen)),
        Action::Restore => {}
        Action::Forget { values } => {
            fields.put(HASHES, &values.iter().copied().map(ByteArray::from).collect::<Vec<_>>());
        }
    }
    fields.encode()
}

pub(super) fn decode(bytes: &[u8]) -> Result<Operation, DecodeError> {
    if bytes.len() > OPERATION_BYTES {
        return Err(DecodeError::TooLong { limit: OPERATION_BYTES });
    }
    let mut fields = Fields::decode(bytes)?;
    let version = fields.need(VERSION_KEY)?;
    if version != VERSION {
        return Err(DecodeError::UpdateNeeded { version });
    }
    let (item, at) = (fields.need(ITEM)?, fields.need(AT)?);
    let action = action(&mut fields)?;
    let operation = Operation { item, at, action };
    // Fields that the action does not have were left out above, and so differ here.
    if encode(&operation).as_slice() == bytes { Ok(operation) } else { Err(DecodeError::NonCanonical) }
}

fn action(fields: &mut Fields) -> Result<Action, DecodeError> {
    let number: u8 = fields.need(ACTION)?;
    Ok(match number {
        1 => Action::Create(created(fields.replace(BODY, None))?),
        2 => Action::Set(Set {
            field: Field::from_key(fields.need(FIELD)?).ok_or(DecodeError::Malformed)?,
            value: fields.replace(VALUE, None),
            replaces: hash(fields)?,
        }),
        3 => Action::AddUses(fields.need(USES)?),
        4 => Action::Trash { seen: hash(fields)? },
        5 => Action::Restore,
        6 => Action::Purge { seen: hash(fields)? },
        7 => {
            let values: Vec<ByteArray<32>> = fields.need(HASHES)?;
            Action::Forget { values: values.into_iter().map(Into::into).collect() }
        }
        _ => return Err(DecodeError::Malformed),
    })
}

fn created(body: Option<Value>) -> Result<Box<crate::Item>, DecodeError> {
    match Body::decode(&body.ok_or(DecodeError::Malformed)?)? {
        Body::Item(item) => Ok(item),
        Body::Tombstone => Err(DecodeError::Malformed),
    }
}

fn hash(fields: &mut Fields) -> Result<[u8; 32], DecodeError> {
    fields.need::<ByteArray<32>>(HASH).map(Into::into)
}

const fn number(action: &Action) -> u8 {
    match action {
        Action::Create(_) => 1,
        Action::Set(_) => 2,
        Action::AddUses(_) => 3,
        Action::Trash { .. } => 4,
        Action::Restore => 5,
        Action::Purge { .. } => 6,
        Action::Forget { .. } => 7,
    }
}

const VERSION_KEY: u64 = 0;
const ITEM: u64 = 1;
const AT: u64 = 2;
const ACTION: u64 = 3;
const BODY: u64 = 4;
const FIELD: u64 = 5;
const VALUE: u64 = 6;
const HASH: u64 = 7;
const USES: u64 = 8;
const HASHES: u64 = 9;

/// A body and what an operation says around it.
const OPERATION_BYTES: usize = BODY_BYTES + 1_024;
