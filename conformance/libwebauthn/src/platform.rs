//! The platform and its person.

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};
use libwebauthn::{
    UvUpdate,
    ops::webauthn::{
        GetAssertionRequest, JsonFormat, MakeCredentialRequest, OriginValidation, RequestOrigin, RequestSettings,
        WebAuthnIDLResponse as _,
    },
    transport::{Channel as _, hid::channel::HidChannel},
    webauthn::WebAuthn as _,
};
use p256::{
    ecdsa::{DerSignature, VerifyingKey, signature::Verifier as _},
    pkcs8::DecodePublicKey as _,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Platform<'d> {
    pub(crate) channel: HidChannel<'d>,
    /// The credential of the last creation.
    pub(crate) credential: Option<Credential>,
}

pub(crate) struct Credential {
    pub(crate) id: String,
    key: VerifyingKey,
}

impl<'d> Platform<'d> {
    pub(crate) fn new(channel: HidChannel<'d>) -> Self {
        let mut updates = channel.get_ux_update_receiver();
        // The person knows the PIN.
        tokio::spawn(async move {
            while let Ok(update) = updates.recv().await {
                if let UvUpdate::PinRequired(question) = update {
                    let _ = question.send_pin(PIN);
                }
            }
        });
        Self { channel, credential: None }
    }

    /// Makes a credential with these members of the options, and remembers it.
    pub(crate) async fn create(&mut self, members: Value) -> Result<Value> {
        let mut options = json!({
            "rp": {"id": "example.org", "name": "Example"},
            "user": {"id": "YW5u", "name": "ann", "displayName": "Ann"},
            "challenge": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
            "excludeCredentials": [],
            "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "discouraged"},
            "attestation": "none",
            "timeout": 10_000,
        });
        merge(&mut options, members);
        let origin: RequestOrigin = ORIGIN.try_into().map_err(|_| anyhow!("no origin"))?;
        let request = MakeCredentialRequest::prepare(&origin, &options.to_string(), &SETTINGS).await?;
        let answer = self.channel.webauthn_make_credential(&request).await?;
        let json: Value = serde_json::from_str(&answer.to_json_string(&request, JsonFormat::Minified)?)?;
        let spki = bytes(&json["response"]["publicKey"])?;
        let key = VerifyingKey::from_public_key_der(&spki)?;
        self.credential = Some(Credential { id: text(&json["id"])?.to_owned(), key });
        Ok(json)
    }

    /// Signs in with these members of the options, and checks the signature.
    pub(crate) async fn get(&mut self, members: Value) -> Result<Value> {
        let mut options = json!({
            "rpId": "example.org",
            "challenge": "EBESExQVFhcYGRobHB0eHxAREhMUFRYXGBkaGxwdHh8",
            "userVerification": "discouraged",
            "timeout": 10_000,
        });
        merge(&mut options, members);
        let origin: RequestOrigin = ORIGIN.try_into().map_err(|_| anyhow!("no origin"))?;
        let request = GetAssertionRequest::prepare(&origin, &options.to_string(), &SETTINGS).await?;
        let answer = self.channel.webauthn_get_assertion(&request).await?;
        let first = answer.assertions.first().context("no assertion came")?;
        let json: Value = serde_json::from_str(&first.to_json_string(&request, JsonFormat::Minified)?)?;
        let credential = self.credential.as_ref().context("nothing was made")?;
        ensure!(json["id"] == credential.id.as_str(), "another credential signed");
        let response = &json["response"];
        let mut message = bytes(&response["authenticatorData"])?;
        message.extend(Sha256::digest(bytes(&response["clientDataJSON"])?));
        let signature = bytes(&response["signature"])?;
        credential.key.verify(&message, &DerSignature::try_from(signature.as_slice())?)?;
        Ok(json)
    }

    /// A list with the last credential.
    pub(crate) fn named(&self) -> Result<Value> {
        let credential = self.credential.as_ref().context("nothing was made")?;
        Ok(json!([{"type": "public-key", "id": credential.id, "transports": ["usb"]}]))
    }
}

/// The flags of an answer's authenticator data.
pub(crate) fn flags(json: &Value) -> Result<u8> {
    authenticator_data(json)?.get(32).copied().context("authenticator data are longer")
}

pub(crate) fn authenticator_data(json: &Value) -> Result<Vec<u8>> {
    bytes(&json["response"]["authenticatorData"])
}

fn bytes(value: &Value) -> Result<Vec<u8>> {
    base64_url::decode(text(value)?).map_err(|error| anyhow!("{error}"))
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("not text: {value}"))
}

fn merge(options: &mut Value, members: Value) {
    if let (Value::Object(options), Value::Object(members)) = (options, members) {
        options.extend(members);
    }
}

pub(crate) const PIN: &str = "1234";
const ORIGIN: &str = "https://example.org";
const SETTINGS: RequestSettings<'static> = RequestSettings { origin: OriginValidation::Trust };
