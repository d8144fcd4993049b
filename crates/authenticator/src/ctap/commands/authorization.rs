//! A platform's proof that it holds a token, and what the proof is good for.

use crate::{
    ManagedStore,
    ctap::{
        Person, StateStore, Status,
        device::Device,
        pin_uv::{Claim, Permissions, Protocol, Scope},
        request::Params,
    },
};

/// A `pinUvAuthParam` under its protocol.
#[derive(Clone, Copy)]
pub(super) struct Proof<'m> {
    pub(super) protocol: Protocol,
    pub(super) param: &'m [u8],
}

impl<'m> Proof<'m> {
    /// Reads the parameters, if there is a proof at all.
    pub(super) fn parse(params: Params<'m, '_>, protocol: i64, param: i64) -> Result<Option<Self>, Status> {
        let Some(param) = params.optional_bytes(param)? else { return Ok(None) };
        let protocol = parse_protocol(params, protocol)?;
        Ok(Some(Self { protocol, param }))
    }
}

/// A protocol that must be there, and one of ours.
pub(super) fn parse_protocol(params: Params<'_, '_>, key: i64) -> Result<Protocol, Status> {
    Protocol::from_number(params.unsigned(key)?).ok_or(Status::InvalidParameter)
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// Lets a command pass whose platform holds the token, with the permission that it takes.
    pub(super) fn admit(
        &mut self,
        proof: Proof<'_>,
        permission: Permissions,
        scope: Scope<'_>,
        message: &[&[u8]],
    ) -> Result<(), Status> {
        let claim = Claim { protocol: proof.protocol, param: proof.param, permission, scope };
        self.volatile.token.as_mut().ok_or(Status::PinAuthInvalid)?.admit(&claim, message)
    }
}
