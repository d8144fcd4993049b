//! webauthn-rs as a site: a request a line on stdin, an answer a line on stdout. `webauthn-rs-verifier FOLDER`

use std::{
    fs,
    io::{self, BufRead},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use webauthn_rs_core::{
    WebauthnCore,
    proto::{
        AttestationCaList, AttestationConveyancePreference, AuthenticationState, COSEAlgorithm, Credential,
        ParsedAttestationData, PublicKeyCredential, RegisterPublicKeyCredential, RegistrationState,
        UserVerificationPolicy,
    },
};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
enum Request {
    Creation { algorithm: i64, attestation: String },
    Register { response: RegisterPublicKeyCredential },
    Request,
    Authenticate { response: PublicKeyCredential },
}

struct Site {
    core: WebauthnCore,
    root: AttestationCaList,
    registration: Option<RegistrationState>,
    authentication: Option<AuthenticationState>,
    credential: Option<Credential>,
}

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("FOLDER is missing")?);
    let root = fs::read(folder.join("root.pem"))?;
    let origin = Url::parse("https://example.com")?;
    let mut site = Site {
        core: WebauthnCore::new_unsafe_experts_only(
            "Example",
            "example.com",
            vec![origin],
            Duration::from_secs(60),
            None,
            None,
        ),
        root: AttestationCaList::try_from(root.as_slice()).map_err(|error| anyhow!("{error:?}"))?,
        registration: None,
        authentication: None,
        credential: None,
    };
    for line in io::stdin().lock().lines() {
        // Whatever the verifier refuses is its verdict.
        let answer = site.answer(&line?).unwrap_or_else(|error| json!({"error": format!("{error:#}")}));
        println!("{answer}");
    }
    Ok(())
}

impl Site {
    fn answer(&mut self, line: &str) -> Result<Value> {
        match serde_json::from_str(line)? {
            Request::Creation { algorithm, attestation } => self.creation(algorithm, &attestation),
            Request::Register { response } => self.register(&response),
            Request::Request => self.request(),
            Request::Authenticate { response } => self.authenticate(&response),
        }
    }

    fn creation(&mut self, algorithm: i64, attestation: &str) -> Result<Value> {
        let conveyance = match attestation {
            "none" => AttestationConveyancePreference::None,
            _ => AttestationConveyancePreference::Direct,
        };
        let known = COSEAlgorithm::try_from(i128::from(algorithm)).ok();
        let builder = self.core.new_challenge_register_builder(b"ann", "ann", "Ann")?;
        let builder = builder.attestation(conveyance).user_verification_policy(UserVerificationPolicy::Required);
        let builder = match known {
            Some(known) => builder.credential_algorithms(vec![known]),
            None => builder,
        };
        let (challenge, state) = self.core.generate_challenge_register(builder)?;
        self.registration = Some(state);
        let mut options = serde_json::to_value(challenge.public_key)?;
        // What the library cannot even ask for, so that it says itself what it makes of the answer.
        options["pubKeyCredParams"] = json!([{"type": "public-key", "alg": algorithm}]);
        options["attestation"] = json!(attestation);
        Ok(json!({ "options": options }))
    }

    fn register(&mut self, response: &RegisterPublicKeyCredential) -> Result<Value> {
        let state = self.registration.as_ref().context("nothing was asked")?;
        let mut credential = self.core.register_credential(response, state, None)?;
        if let ParsedAttestationData::Basic(_) = credential.attestation.data {
            credential = self.core.register_credential(response, state, Some(&self.root))?;
        }
        let format = serde_json::to_value(&credential.attestation_format)?;
        self.credential = Some(credential);
        Ok(json!({ "format": format }))
    }

    fn request(&mut self) -> Result<Value> {
        let credential = self.credential.clone().context("nothing is registered")?;
        let builder = self.core.new_challenge_authenticate_builder(vec![credential], None)?;
        let (challenge, state) = self.core.generate_challenge_authenticate(builder)?;
        self.authentication = Some(state);
        Ok(json!({ "options": challenge.public_key }))
    }

    fn authenticate(&mut self, response: &PublicKeyCredential) -> Result<Value> {
        let state = self.authentication.as_ref().context("nothing was asked")?;
        self.core.authenticate_credential(response, state)?;
        Ok(json!({}))
    }
}
