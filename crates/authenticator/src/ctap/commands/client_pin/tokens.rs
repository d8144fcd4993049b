//! Handing out tokens (CTAP 2.3 section 6.5.5.7).

use rand_core::CryptoRng;

use super::{PERMISSIONS, PIN_HASH_ENC, PIN_UV_AUTH_TOKEN, PROTOCOL, RP_ID};
use crate::{
    ManagedStore, RpId,
    ctap::{
        BuiltIn, Person, Purpose, Question, StateStore, Status,
        cbor::Map,
        commands::authorization::parse_protocol,
        device::{Device, Surroundings},
        fault::Failure,
        pin_uv::{Iv, Permissions, Protocol, SharedSecret, Token},
        request::Params,
    },
};

/// What a token is asked for.
struct Grant {
    protocol: Protocol,
    permissions: Permissions,
    rp_id: Option<RpId>,
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// `getPinToken`, as platforms of CTAP 2.0 ask: permissions by default, for the site that uses it first.
    pub(super) async fn pin_token<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let pin_hash_enc = params.bytes(PIN_HASH_ENC)?;
        let protocol = parse_protocol(params, PROTOCOL)?;
        if params.optional_unsigned(PERMISSIONS)?.is_some() || params.optional_text(RP_ID)?.is_some() {
            return Err(Status::InvalidParameter.into());
        }
        let grant = Grant { protocol, permissions: Permissions::LEGACY, rp_id: None };
        let secret = self.check_pin(protocol, params, pin_hash_enc, surroundings).await?;
        if self.state.force_pin_change {
            return Err(Status::PinInvalid.into());
        }
        Ok(self.hand_out(grant, &secret, false, surroundings))
    }

    /// `getPinUvAuthTokenUsingPinWithPermissions`.
    pub(super) async fn token_using_pin<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let pin_hash_enc = params.bytes(PIN_HASH_ENC)?;
        let grant = parse_grant(params)?;
        let secret = self.check_pin(grant.protocol, params, pin_hash_enc, surroundings).await?;
        if self.state.force_pin_change {
            return Err(Status::PinPolicyViolation.into());
        }
        Ok(self.hand_out(grant, &secret, false, surroundings))
    }

    /// `getPinUvAuthTokenUsingUvWithPermissions`.
    pub(super) async fn token_using_uv<R: CryptoRng>(
        &mut self,
        params: Params<'_, '_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let grant = parse_grant(params)?;
        match self.person.built_in() {
            BuiltIn::None => return Err(Status::InvalidSubcommand.into()),
            BuiltIn::NotSetUp => return Err(Status::NotAllowed.into()),
            BuiltIn::Ready => {}
        }
        // The key first: a message that is wrong should cost the person nothing.
        let secret = self.shared_secret(grant.protocol, params)?;
        let rp_id = grant.rp_id.clone();
        let rp_id = rp_id.as_ref().map(RpId::as_str);
        self.verify(&Question { purpose: Purpose::GrantToken, rp_id, user_name: None }).await?;
        Ok(self.hand_out(grant, &secret, true, surroundings))
    }

    async fn check_pin<R: CryptoRng>(
        &mut self,
        protocol: Protocol,
        params: Params<'_, '_>,
        pin_hash_enc: &[u8],
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<SharedSecret, Failure<C::Error, S::Error>> {
        self.may_try_pin()?;
        let secret = self.shared_secret(protocol, params)?;
        self.try_pin(&secret, protocol, pin_hash_enc, surroundings).await?;
        Ok(secret)
    }

    /// The persistent token is handed out as it is; any other is new, and ends those before it.
    fn hand_out<R: CryptoRng>(
        &mut self,
        grant: Grant,
        secret: &SharedSecret,
        present: bool,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Map<'static> {
        let Grant { protocol, permissions, rp_id } = grant;
        let encrypted = if permissions.has_any(Permissions::PERSISTENT_CREDENTIAL_MANAGEMENT_READ_ONLY) {
            // Exposed to the platform that proved to act for the person, encrypted for it.
            secret.encrypt(self.state.persistent_token.expose(), &Iv::make(surroundings.rng))
        } else {
            let token = Token::make(protocol, permissions, rp_id, present, surroundings.now(), surroundings.rng);
            let encrypted = secret.encrypt(token.secret().expose(), &Iv::make(surroundings.rng));
            self.volatile.token = Some(token);
            encrypted
        };
        Map::default().with(PIN_UV_AUTH_TOKEN, encrypted)
    }
}

fn parse_grant(params: Params<'_, '_>) -> Result<Grant, Status> {
    let permissions = params.unsigned(PERMISSIONS)?;
    // Whether there is a key agreement is asked here, before anyone is.
    params.map(super::KEY_AGREEMENT)?;
    let protocol = parse_protocol(params, PROTOCOL)?;
    if permissions == 0 {
        return Err(Status::InvalidParameter);
    }
    let permissions = Permissions::from_bits(permissions);
    if permissions.has_any(Permissions::BIO_ENROLLMENT) || permissions.is_empty() {
        return Err(Status::UnauthorizedPermission);
    }
    if !permissions.is_persistent_alone_or_not_at_all() {
        return Err(Status::InvalidParameter);
    }
    // Without a site, though a platform should name one, the token is bound to the first that it is used for, like one of
    // `getPinToken`: platforms are known to ask so.
    let rp_id = params.optional_text(RP_ID)?.map(RpId::try_from).transpose().map_err(|_| Status::InvalidParameter)?;
    Ok(Grant { protocol, permissions, rp_id })
}
