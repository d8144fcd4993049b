//! `authenticatorConfig` (CTAP 2.3 section 6.11).

use super::authorization::Proof;
use crate::{
    ManagedStore, RpId,
    ctap::{
        Person, StateStore, Status,
        cbor::{Map, Value},
        device::{Device, Outcome},
        fault::Failure,
        limits,
        pin_uv::{Permissions, Scope},
        request::{Params, as_text},
    },
};

/// A subcommand, by its number. `vendorPrototype` (0xff) is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConfigCommand {
    EnableEnterpriseAttestation = 1,
    ToggleAlwaysUv = 2,
    SetMinPinLength = 3,
    EnableLongTouchForReset = 4,
}

impl ConfigCommand {
    const ALL: [Self; 4] =
        [Self::EnableEnterpriseAttestation, Self::ToggleAlwaysUv, Self::SetMinPinLength, Self::EnableLongTouchForReset];

    /// The number on the wire.
    pub(super) fn number(self) -> u8 {
        self as u8
    }
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// The subcommands that are served.
    pub(super) fn config_commands(&self) -> impl Iterator<Item = ConfigCommand> {
        let has_enterprise = self.profile.enterprise.is_some();
        ConfigCommand::ALL
            .into_iter()
            .filter(move |command| *command != ConfigCommand::EnableEnterpriseAttestation || has_enterprise)
    }

    pub(super) async fn config(&mut self, params: Params<'_, '_>) -> Outcome<C::Error, S::Error> {
        let number = params.unsigned(SUB_COMMAND)?;
        let command = self.config_commands().find(|command| u64::from(command.number()) == number);
        let command = command.ok_or(Status::InvalidSubcommand)?;
        let parameters = params.optional_map(SUB_COMMAND_PARAMS)?;
        self.admit_config(params, command, parameters)?;
        match command {
            ConfigCommand::EnableEnterpriseAttestation => {
                self.change_state(|state| state.enterprise_attestation = true).await?;
            }
            ConfigCommand::ToggleAlwaysUv => self.change_state(|state| state.always_uv = !state.always_uv).await?,
            ConfigCommand::EnableLongTouchForReset => {
                self.change_state(|state| state.long_touch_for_reset = true).await?;
            }
            ConfigCommand::SetMinPinLength => {
                let none = Map::default();
                self.set_min_pin_length(Params::new(parameters.unwrap_or(&none))).await?;
            }
        }
        Ok(None)
    }

    /// Nobody needs a token to configure a device that knows no person: not to set it up, nor to switch "always verify" off
    /// where it would keep everyone out.
    fn admit_config(
        &mut self,
        params: Params<'_, '_>,
        command: ConfigCommand,
        parameters: Option<&Map<'_>>,
    ) -> Result<(), Status> {
        let is_free = !self.is_protected() && (!self.state.always_uv || command == ConfigCommand::ToggleAlwaysUv);
        if is_free {
            return Ok(());
        }
        let proof = Proof::parse(params, PIN_UV_AUTH_PROTOCOL, PIN_UV_AUTH_PARAM)?.ok_or(Status::PuatRequired)?;
        let parameters = parameters.map(|map| Value::Map(map.clone()).encode()).unwrap_or_default();
        let message: &[&[u8]] = &[&[0xff; 32], &[0x0d, command.number()], &parameters];
        self.admit(proof, Permissions::AUTHENTICATOR_CONFIGURATION, Scope::Anything, message)
    }

    /// `setMinPINLength`: section 6.11.4.
    async fn set_min_pin_length(&mut self, params: Params<'_, '_>) -> Result<(), Failure<C::Error, S::Error>> {
        let mut policy = self.state.pin_policy;
        if let Some(length) = params.optional_unsigned(NEW_MIN_PIN_LENGTH)? {
            let longest_allowed = u64::from(limits::MAX_PIN_LEN);
            let length = u8::try_from(length.min(longest_allowed + 1)).map_err(|_| Status::PinPolicyViolation)?;
            if length < policy.min_length || length > limits::MAX_PIN_LEN {
                return Err(Status::PinPolicyViolation.into());
            }
            policy.min_length = length;
        }
        // Of the PIN there is only a hash: the policy holds for the next one, which `forceChangePin` may ask for at once.
        policy.refuses_obvious |= params.optional_bool(PIN_COMPLEXITY_POLICY)?.unwrap_or_default();
        let rp_ids = parse_rp_ids(params)?;
        let forced = params.optional_bool(FORCE_CHANGE_PIN)?.unwrap_or_default();
        let pin = self.state.pin.as_ref();
        if forced && pin.is_none() {
            return Err(Status::PinNotSet.into());
        }
        let too_short = pin.is_some_and(|pin| pin.is_shorter_than(policy.min_length));
        self.change_state(|state| {
            state.pin_policy = policy;
            state.force_pin_change |= forced || too_short;
            if let Some(rp_ids) = rp_ids {
                state.pin_policy_rp_ids = rp_ids;
            }
        })
        .await
    }
}

fn parse_rp_ids(params: Params<'_, '_>) -> Result<Option<Vec<RpId>>, Status> {
    let Some(items) = params.optional_array(MIN_PIN_LENGTH_RP_IDS)? else { return Ok(None) };
    if items.len() > limits::PIN_POLICY_RP_IDS {
        return Err(Status::KeyStoreFull);
    }
    let rp_ids = items.iter().map(|item| RpId::try_from(as_text(item)?).map_err(|_| Status::InvalidParameter));
    rp_ids.collect::<Result<_, _>>().map(Some)
}

const SUB_COMMAND: i64 = 1;
const SUB_COMMAND_PARAMS: i64 = 2;
const PIN_UV_AUTH_PROTOCOL: i64 = 3;
const PIN_UV_AUTH_PARAM: i64 = 4;

const NEW_MIN_PIN_LENGTH: i64 = 1;
const MIN_PIN_LENGTH_RP_IDS: i64 = 2;
const FORCE_CHANGE_PIN: i64 = 3;
const PIN_COMPLEXITY_POLICY: i64 = 4;
