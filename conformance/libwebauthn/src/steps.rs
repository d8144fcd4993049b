//! What the platform asks, each a claim about our authenticator.

use anyhow::{Result, bail, ensure};
use libwebauthn::{
    management::{AuthenticatorReset as _, CredentialManagement as _},
    pin::PinManagement as _,
    proto::ctap2::Ctap2 as _,
};
use serde_json::{Value, json};

use crate::platform::{PIN, Platform, TIMEOUT, authenticator_data, flags};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    TellsWhatItIs,
    MakesACredentialAndSigns,
    RefusesAnExcludedCredential,
    HasNothingForAnotherSite,
    TakesAPin,
    VerifiesByPin,
    IsFoundWithoutBeingNamed,
    KeepsABlobAndItsProtection,
    ComputesPrfs,
    KeepsALargeBlob,
    ListsItsCredentials,
    DeletesACredential,
    Resets,
}

/// In the order in which they must run.
pub(crate) const STEPS: &[Step] = &[
    Step::TellsWhatItIs,
    Step::MakesACredentialAndSigns,
    Step::RefusesAnExcludedCredential,
    Step::HasNothingForAnotherSite,
    Step::TakesAPin,
    Step::VerifiesByPin,
    Step::IsFoundWithoutBeingNamed,
    Step::KeepsABlobAndItsProtection,
    Step::ComputesPrfs,
    Step::KeepsALargeBlob,
    Step::ListsItsCredentials,
    Step::DeletesACredential,
    Step::Resets,
];

impl Step {
    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }

    pub(crate) async fn run(self, platform: &mut Platform<'_>) -> Result<()> {
        match self {
            Self::TellsWhatItIs => tells_what_it_is(platform).await,
            Self::MakesACredentialAndSigns => makes_a_credential_and_signs(platform).await,
            Self::RefusesAnExcludedCredential => refuses_an_excluded_credential(platform).await,
            Self::HasNothingForAnotherSite => has_nothing_for_another_site(platform).await,
            Self::TakesAPin => Ok(platform.channel.change_pin(PIN.to_owned(), TIMEOUT).await?),
            Self::VerifiesByPin => verifies_by_pin(platform).await,
            Self::IsFoundWithoutBeingNamed => is_found_without_being_named(platform).await,
            Self::KeepsABlobAndItsProtection => keeps_a_blob_and_its_protection(platform).await,
            Self::ComputesPrfs => computes_prfs(platform).await,
            Self::KeepsALargeBlob => keeps_a_large_blob(platform).await,
            Self::ListsItsCredentials => lists_its_credentials(platform).await,
            Self::DeletesACredential => deletes_a_credential(platform).await,
            Self::Resets => resets(platform).await,
        }
    }
}

async fn tells_what_it_is(platform: &mut Platform<'_>) -> Result<()> {
    let info = platform.channel.ctap2_get_info().await?;
    ensure!(info.versions.iter().any(|version| version == "FIDO_2_1"), "{:?}", info.versions);
    Ok(())
}

async fn makes_a_credential_and_signs(platform: &mut Platform<'_>) -> Result<()> {
    platform.create(json!({})).await?;
    let signed = platform.get(json!({"allowCredentials": platform.named()?})).await?;
    ensure!(flags(&signed)? & 0b101 == 0b001, "present, and not verified");
    Ok(())
}

async fn refuses_an_excluded_credential(platform: &mut Platform<'_>) -> Result<()> {
    let excluded = platform.named()?;
    expect_refusal(platform.create(json!({"excludeCredentials": excluded})).await)
}

async fn has_nothing_for_another_site(platform: &mut Platform<'_>) -> Result<()> {
    let named = platform.named()?;
    expect_refusal(platform.get(json!({"rpId": "login.example.org", "allowCredentials": named})).await)
}

async fn verifies_by_pin(platform: &mut Platform<'_>) -> Result<()> {
    let made = platform.create(selection("required", "required")).await?;
    ensure!(flags(&made)? & 0b100 != 0, "verified at creation");
    let named = platform.named()?;
    let signed = platform.get(json!({"allowCredentials": named, "userVerification": "required"})).await?;
    ensure!(flags(&signed)? & 0b100 != 0, "verified at the sign-in");
    Ok(())
}

async fn is_found_without_being_named(platform: &mut Platform<'_>) -> Result<()> {
    let signed = platform.get(json!({"userVerification": "required"})).await?;
    ensure!(signed["response"]["userHandle"] == "YW5u", "{}", signed["response"]["userHandle"]);
    Ok(())
}

async fn keeps_a_blob_and_its_protection(platform: &mut Platform<'_>) -> Result<()> {
    let mut asked = selection("required", "required");
    asked["extensions"] = json!({
        "credBlob": "AAEC", "credProps": true, "credentialProtectionPolicy": "userVerificationRequired",
        "enforceCredentialProtectionPolicy": true,
    });
    platform.create(asked).await?;
    let named = platform.named()?;
    // libwebauthn leaves the answer in the authenticator data.
    let blob = json!({"getCredBlob": true});
    let asked = json!({"allowCredentials": named, "userVerification": "required", "extensions": blob});
    let signed = platform.get(asked).await?;
    ensure!(authenticator_data(&signed)?.ends_with(b"\xa1\x68credBlob\x43\x00\x01\x02"), "{signed}");
    let unverified = platform.get(json!({"allowCredentials": platform.named()?})).await;
    expect_refusal(unverified)
}

async fn computes_prfs(platform: &mut Platform<'_>) -> Result<()> {
    let mut asked = selection("required", "required");
    asked["extensions"] = json!({"prf": {}});
    let made = platform.create(asked).await?;
    ensure!(results(&made)["prf"]["enabled"] == true, "{}", results(&made));
    let named = platform.named()?;
    let eval = json!({"prf": {"eval": {"first": "AQID", "second": "BAUG"}}});
    let asked = json!({"allowCredentials": named, "userVerification": "required", "extensions": eval});
    let first = platform.get(asked.clone()).await?;
    let again = platform.get(asked).await?;
    let computed = &results(&first)["prf"]["results"];
    ensure!(computed["first"].is_string() && computed["first"] != computed["second"], "{computed}");
    ensure!(computed == &results(&again)["prf"]["results"], "another result");
    Ok(())
}

async fn keeps_a_large_blob(platform: &mut Platform<'_>) -> Result<()> {
    let mut asked = selection("required", "required");
    asked["extensions"] = json!({"largeBlob": {"support": "required"}});
    let made = platform.create(asked).await?;
    ensure!(results(&made)["largeBlob"]["supported"] == true, "{}", results(&made));
    let named = platform.named()?;
    let read = json!({"largeBlob": {"read": true}});
    let asked = json!({"allowCredentials": named, "userVerification": "required", "extensions": read});
    platform.get(asked).await?;
    Ok(())
}

async fn lists_its_credentials(platform: &mut Platform<'_>) -> Result<()> {
    let (site, sites) = platform.channel.enumerate_rps_begin(TIMEOUT).await?;
    ensure!(sites == 1, "{sites} sites");
    let (_, credentials) = platform.channel.enumerate_credentials_begin(&site.rp_id_hash, TIMEOUT).await?;
    ensure!(credentials == 1, "{credentials} credentials");
    Ok(())
}

async fn deletes_a_credential(platform: &mut Platform<'_>) -> Result<()> {
    let (site, _) = platform.channel.enumerate_rps_begin(TIMEOUT).await?;
    let (credential, _) = platform.channel.enumerate_credentials_begin(&site.rp_id_hash, TIMEOUT).await?;
    platform.channel.delete_credential(&credential.credential_id, TIMEOUT).await?;
    let left = platform.channel.get_credential_metadata(TIMEOUT).await?;
    ensure!(left.existing_resident_credentials_count == 0, "{left:?}");
    Ok(())
}

async fn resets(platform: &mut Platform<'_>) -> Result<()> {
    platform.channel.reset(TIMEOUT).await?;
    let info = platform.channel.ctap2_get_info().await?;
    ensure!(info.option_exists("clientPin") && !info.option_enabled("clientPin"), "the PIN is gone");
    Ok(())
}

fn selection(resident_key: &str, verification: &str) -> Value {
    json!({"authenticatorSelection": {"residentKey": resident_key, "userVerification": verification}})
}

fn results(json: &Value) -> &Value {
    &json["clientExtensionResults"]
}

fn expect_refusal(outcome: Result<Value>) -> Result<()> {
    match outcome {
        Ok(answer) => bail!("it answered: {answer}"),
        Err(_) => Ok(()),
    }
}
