//! WebAuthn's dictionaries as CTAP carries them: maps under words.

use crate::{
    Algorithm, CredentialId, RpId, User, UserHandle,
    ctap::{
        Status,
        cbor::{Map, Value},
        request::{as_array, as_bytes, as_map, as_signed, as_text},
    },
    limits,
};

/// A `PublicKeyCredentialRpEntity`. Its name is not kept.
pub(super) fn parse_rp(entity: &Map<'_>) -> Result<RpId, Status> {
    let id = word(entity, "id")?;
    optional_text(entity, "name")?;
    optional_text(entity, "icon")?;
    RpId::try_from(as_text(id)?).map_err(|_| Status::InvalidParameter)
}

/// A `PublicKeyCredentialUserEntity`. Names may be missing or empty; what is too long is cut, as WebAuthn section 6.4.1 lets us.
pub(super) fn parse_user(entity: &Map<'_>) -> Result<User, Status> {
    let id = as_bytes(word(entity, "id")?)?;
    if id.len() > limits::USER_HANDLE_LEN {
        return Err(Status::InvalidLength);
    }
    optional_text(entity, "icon")?;
    Ok(User {
        handle: UserHandle::try_from(id).ok(),
        name: optional_text(entity, "name")?.and_then(cut),
        display_name: optional_text(entity, "displayName")?.and_then(cut),
    })
}

/// The first of `pubKeyCredParams` that is ours. What lacks a member is an error of its own (section 6.1.2, step 3).
pub(super) fn parse_algorithm(items: &[Value<'_>]) -> Result<Algorithm, Status> {
    let mut offered = Vec::new();
    for item in items {
        let item = as_map(item)?;
        let algorithm = as_signed(item.word("alg").ok_or(Status::UnsupportedAlgorithm)?)?;
        if as_text(item.word("type").ok_or(Status::InvalidCbor)?)? == PUBLIC_KEY {
            offered.push(algorithm);
        }
    }
    Algorithm::first_of(offered).ok_or(Status::UnsupportedAlgorithm)
}

/// The ids in a list of `PublicKeyCredentialDescriptor`s; those of other kinds, and those that no credential can have, name
/// nothing.
pub(super) fn parse_ids(items: &[Value<'_>]) -> Result<Vec<CredentialId>, Status> {
    let ids = items.iter().map(|item| parse_descriptor(as_map(item)?));
    Ok(ids.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// One `PublicKeyCredentialDescriptor`.
pub(super) fn parse_descriptor(descriptor: &Map<'_>) -> Result<Option<CredentialId>, Status> {
    let id = as_bytes(word(descriptor, "id")?)?;
    let is_key = as_text(word(descriptor, "type")?)? == PUBLIC_KEY;
    if let Some(transports) = descriptor.word("transports") {
        as_array(transports)?.iter().try_for_each(|transport| as_text(transport).map(drop))?;
    }
    Ok(CredentialId::try_from(id).ok().filter(|_| is_key))
}

/// The same for an answer.
pub(super) fn descriptor(id: &CredentialId) -> Map<'static> {
    Map::default().with("id", id.as_bytes().to_vec()).with("type", PUBLIC_KEY)
}

/// What an answer says of a user; `None` for one of whom nothing is known.
pub(super) fn user_entity(user: &User, detail: Detail) -> Option<Map<'static>> {
    let id = user.handle.as_ref()?.as_bytes().to_vec();
    let entity = Map::default().with("id", id);
    match detail {
        Detail::Nothing => None,
        Detail::Handle => Some(entity),
        Detail::Names => {
            Some(entity.with_some("name", user.name.clone()).with_some("displayName", user.display_name.clone()))
        }
    }
}

/// How much of a user is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Nothing, to those whom nobody answered.
    Nothing,
    /// What the site calls the account.
    Handle,
    /// What people call it too: only to someone verified.
    Names,
}

fn word<'m, 'a>(map: &'m Map<'a>, key: &str) -> Result<&'m Value<'a>, Status> {
    map.word(key).ok_or(Status::MissingParameter)
}

fn optional_text<'m>(map: &'m Map<'_>, key: &str) -> Result<Option<&'m str>, Status> {
    map.word(key).map(as_text).transpose()
}

fn cut(name: &str) -> Option<String> {
    let end = name.floor_char_boundary(limits::NAME_LEN);
    name.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
}

const PUBLIC_KEY: &str = "public-key";
