//! What end-to-end tests may ask; no release has it.

use std::rc::Rc;

use roamkey_authenticator::{
    BackupEligibility, Credential, CredentialId, CredentialStore as _, Discoverability, LargeBlob, PrfSeeds,
    PrivateKey, Protection, RpId, ThirdPartyPayment, User, UserHandle,
};
use roamkey_client::{Client, Found};
use roamkey_vault::{Content, item::PasskeyFlags};

use super::{Browser, Core, accounts::passphrase};
use crate::{
    convert::{self, base64url, from_base64url},
    messages::{
        Done, ErrorCode, Failure, TestCanaries, TestCreateVaultRequest, TestCredential, TestCredentialId,
        TestCredentials, TestVault,
    },
};

impl<B: Browser> Core<B> {
    pub(super) async fn test_create_vault(&self, request: &TestCreateVaultRequest) -> Result<TestVault, Failure> {
        let passphrase = passphrase(&request.passphrase)?;
        let _door = self.door.lock().await;
        let Client::Vacant(vacant) = Client::open(Rc::clone(&self.host)).await? else {
            return Err(Failure::new(ErrorCode::VaultExists, "this browser is of an account already"));
        };
        let session = vacant.create_without_server(&passphrase, "test").await?;
        let account_id = session.home().account.to_string();
        self.enter(session).await?;
        Ok(TestVault { account_id })
    }

    pub(super) async fn test_add_credential(&self, request: &TestCredential) -> Result<Done, Failure> {
        let credential =
            self.credential(request).ok_or_else(|| Failure::new(ErrorCode::BadRequest, "no credential"))?;
        self.session().await?.passkeys().save(&credential, &[]).await?;
        Ok(Done {})
    }

    pub(super) async fn test_credentials(&self) -> Result<TestCredentials, Failure> {
        let credentials = self.test_passkeys().await?.iter().filter_map(test_credential).collect();
        Ok(TestCredentials { credentials })
    }

    pub(super) async fn test_remove_credential(&self, request: &TestCredentialId) -> Result<Done, Failure> {
        let session = self.session().await?;
        for found in self.test_passkeys().await? {
            if test_credential(&found).is_some_and(|credential| credential.credential_id == request.credential_id) {
                session.purge(found.id).await?;
                return Ok(Done {});
            }
        }
        Err(Failure::new(ErrorCode::NotFound, "there is no such passkey"))
    }

    pub(super) async fn test_dump_canaries(&self) -> Result<TestCanaries, Failure> {
        let mut secrets = vec![convert::hex(self.session().await?.keep()?.as_slice())];
        for found in self.test_passkeys().await? {
            if let Content::Passkey(passkey) = &found.item.content {
                secrets.push(convert::hex(passkey.cose_key.expose()));
                secrets.push(convert::hex(passkey.rp_id.as_bytes()));
            }
        }
        Ok(TestCanaries { secrets })
    }

    async fn test_passkeys(&self) -> Result<Vec<Found>, Failure> {
        let session = self.session().await?;
        let mut passkeys = Vec::new();
        for summary in session.list().await? {
            if summary.kind == roamkey_client::Kind::Passkey && summary.trashed.is_none() {
                passkeys.push(session.item(summary.id).await?);
            }
        }
        Ok(passkeys)
    }

    fn credential(&self, request: &TestCredential) -> Option<Credential> {
        let handle = request.user_handle.as_deref().and_then(from_base64url);
        let large_blob = request.large_blob.as_deref().and_then(from_base64url);
        Some(Credential {
            id: CredentialId::try_from(from_base64url(&request.credential_id)?.as_slice()).ok()?,
            rp_id: RpId::try_from(request.rp_id.as_str()).ok()?,
            user: User {
                handle: handle.and_then(|handle| UserHandle::try_from(handle.as_slice()).ok()),
                name: request.user_name.clone(),
                display_name: request.user_display_name.clone(),
            },
            key: PrivateKey::from_pkcs8(&from_base64url(&request.private_key)?).ok()?,
            prf: PrfSeeds::make(&mut self.host.rng()),
            created_ms: self.host.now().0,
            eligibility: BackupEligibility::Synced,
            discoverability: if request.is_resident_credential {
                Discoverability::Discoverable
            } else {
                Discoverability::NamedOnly
            },
            protection: Protection::default(),
            cred_blob: None,
            large_blob_key: None,
            large_blob: large_blob.and_then(|blob| LargeBlob::try_from(blob.as_slice()).ok()),
            third_party_payment: ThirdPartyPayment::default(),
        })
    }
}

fn test_credential(found: &Found) -> Option<TestCredential> {
    let Content::Passkey(passkey) = &found.item.content else { return None };
    let key = PrivateKey::from_cose(passkey.cose_key.expose()).ok()?;
    Some(TestCredential {
        credential_id: base64url(&passkey.credential_id),
        is_resident_credential: passkey.flags.has(PasskeyFlags::DISCOVERABLE),
        rp_id: passkey.rp_id.clone(),
        private_key: base64url(&key.to_pkcs8()),
        user_handle: passkey.user_handle.as_deref().map(base64url),
        user_name: passkey.user_name.clone(),
        user_display_name: passkey.display_name.clone(),
        sign_count: 0,
        large_blob: passkey.large_blob.as_ref().map(|blob| base64url(blob.expose())),
    })
}
