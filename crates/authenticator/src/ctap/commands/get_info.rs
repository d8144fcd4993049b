//! `authenticatorGetInfo` (CTAP 2.3 section 6.4).

use rand_core::CryptoRng;

use super::{config::ConfigCommand, extensions::EXTENSIONS};
use crate::{
    Algorithm, AttestationFormat, ManagedStore,
    ctap::{
        BuiltIn, Person, ResetRule, StateStore, Transport,
        cbor::{Map, Value},
        device::{Device, Surroundings},
        fault::{Failure, Fault},
        limits,
        pin_uv::{Iv, Protocol, encrypt_member},
    },
};

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn get_info<R: CryptoRng>(
        &mut self,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Result<Map<'static>, Failure<C::Error, S::Error>> {
        let remaining = self.credentials.remaining().await;
        let remaining = remaining.map_err(|error| Failure::Fault(Fault::Credentials(error)))?;
        let info = self.info_about_limits(self.info_about_pin(self.info_about_model()));
        let info = info.with_some(REMAINING_DISCOVERABLE_CREDENTIALS, remaining.map(|remaining| remaining as u64));
        Ok(self.info_about_identity(info, surroundings.rng))
    }

    fn info_about_model(&self) -> Map<'static> {
        let resets = self.profile.reset == ResetRule::Allowed;
        Map::default()
            .with(VERSIONS, Value::array(SERVED_VERSIONS))
            .with(EXTENSION_NAMES, Value::array(EXTENSIONS))
            .with(AAGUID, self.profile.class.aaguid().to_vec())
            .with(OPTIONS, self.options())
            .with(PROTOCOLS, Value::array(Protocol::ALL.map(Protocol::number)))
            .with(TRANSPORTS, self.transports())
            .with(ALGORITHMS, Value::array(Algorithm::ALL.map(|algorithm| parameters(algorithm.cose()))))
            .with(FIRMWARE_VERSION, self.profile.firmware_version)
            // "none" goes without saying, and must.
            .with(ATTESTATION_FORMATS, Value::array([AttestationFormat::Packed.as_str()]))
            .with(LONG_TOUCH_FOR_RESET, self.state.long_touch_for_reset)
            .with_some(TRANSPORTS_FOR_RESET, resets.then(|| self.transports()))
            .with(CONFIG_COMMANDS, Value::array(self.config_commands().map(ConfigCommand::number)))
    }

    fn info_about_pin(&self, info: Map<'static>) -> Map<'static> {
        let has_built_in = self.person.built_in() != BuiltIn::None;
        info.with(FORCE_PIN_CHANGE, self.state.force_pin_change)
            .with(MIN_PIN_LENGTH, self.state.pin_policy.min_length)
            .with(MAX_PIN_LENGTH, limits::MAX_PIN_LEN)
            .with(PIN_COMPLEXITY_POLICY, self.state.pin_policy.refuses_obvious)
            .with_some(PREFERRED_PLATFORM_UV_ATTEMPTS, has_built_in.then_some(limits::UV_TRIES_PER_COMMAND))
            .with_some(UV_COUNT_SINCE_LAST_PIN_ENTRY, has_built_in.then_some(self.state.uv_count_since_pin))
    }

    fn info_about_limits(&self, info: Map<'static>) -> Map<'static> {
        info.with(MAX_MSG_SIZE, limits::MESSAGE_LEN as u64)
            .with(MAX_CREDENTIAL_COUNT_IN_LIST, limits::CREDENTIALS_IN_LIST)
            .with(MAX_CREDENTIAL_ID_LENGTH, crate::limits::CREDENTIAL_ID_LEN as u64)
            .with(MAX_SERIALIZED_LARGE_BLOB_ARRAY, limits::LARGE_BLOBS_LEN as u64)
            .with(MAX_CRED_BLOB_LENGTH, crate::limits::CRED_BLOB_LEN as u64)
            .with(MAX_RP_IDS_FOR_SET_MIN_PIN_LENGTH, limits::PIN_POLICY_RP_IDS as u64)
    }

    /// What only those learn who hold the persistent token. To all others it differs each time.
    fn info_about_identity(&self, info: Map<'static>, rng: &mut impl CryptoRng) -> Map<'static> {
        let token = &self.state.persistent_token;
        let state = &self.state.credential_store_state;
        info.with(ENC_IDENTIFIER, encrypt_member(token, "encIdentifier", &self.state.identifier, &Iv::make(rng)))
            .with(ENC_CRED_STORE_STATE, encrypt_member(token, "encCredStoreState", state, &Iv::make(rng)))
    }

    fn transports(&self) -> Value<'static> {
        Value::array(self.profile.transports.iter().map(|transport| transport.as_str()))
    }

    fn options(&self) -> Map<'static> {
        let built_in = self.person.built_in();
        let has_built_in = built_in != BuiltIn::None;
        Map::default()
            .with("plat", self.profile.transports.contains(&Transport::Internal))
            .with("rk", true)
            .with("up", true)
            .with_some("uv", has_built_in.then_some(built_in == BuiltIn::Ready))
            .with("clientPin", self.state.pin.is_some())
            .with("pinUvAuthToken", true)
            .with("noMcGaPermissionsWithClientPin", false)
            .with("largeBlobs", true)
            .with_some("ep", self.profile.enterprise.as_ref().map(|_| self.state.enterprise_attestation))
            .with("authnrCfg", true)
            .with_some("uvAcfg", has_built_in.then_some(true))
            .with("credMgmt", true)
            .with("perCredMgmtRO", true)
            .with("credentialMgmtPreview", true)
            .with("setMinPINLength", true)
            .with("alwaysUv", self.state.always_uv)
            .with("makeCredUvNotRqd", !self.state.always_uv)
    }
}

fn parameters(algorithm: i64) -> Map<'static> {
    Map::default().with("alg", algorithm).with("type", "public-key")
}

/// There is no `FIDO_2_2`: section 6.4 says so.
const SERVED_VERSIONS: [&str; 4] = ["FIDO_2_0", "FIDO_2_1_PRE", "FIDO_2_1", "FIDO_2_3"];

const VERSIONS: i64 = 0x01;
const EXTENSION_NAMES: i64 = 0x02;
const AAGUID: i64 = 0x03;
const OPTIONS: i64 = 0x04;
const MAX_MSG_SIZE: i64 = 0x05;
const PROTOCOLS: i64 = 0x06;
const MAX_CREDENTIAL_COUNT_IN_LIST: i64 = 0x07;
const MAX_CREDENTIAL_ID_LENGTH: i64 = 0x08;
const TRANSPORTS: i64 = 0x09;
const ALGORITHMS: i64 = 0x0a;
const MAX_SERIALIZED_LARGE_BLOB_ARRAY: i64 = 0x0b;
const FORCE_PIN_CHANGE: i64 = 0x0c;
const MIN_PIN_LENGTH: i64 = 0x0d;
const FIRMWARE_VERSION: i64 = 0x0e;
const MAX_CRED_BLOB_LENGTH: i64 = 0x0f;
const MAX_RP_IDS_FOR_SET_MIN_PIN_LENGTH: i64 = 0x10;
const PREFERRED_PLATFORM_UV_ATTEMPTS: i64 = 0x11;
const REMAINING_DISCOVERABLE_CREDENTIALS: i64 = 0x14;
const ATTESTATION_FORMATS: i64 = 0x16;
const UV_COUNT_SINCE_LAST_PIN_ENTRY: i64 = 0x17;
const LONG_TOUCH_FOR_RESET: i64 = 0x18;
const ENC_IDENTIFIER: i64 = 0x19;
const TRANSPORTS_FOR_RESET: i64 = 0x1a;
const PIN_COMPLEXITY_POLICY: i64 = 0x1b;
const MAX_PIN_LENGTH: i64 = 0x1d;
const ENC_CRED_STORE_STATE: i64 = 0x1e;
const CONFIG_COMMANDS: i64 = 0x1f;
