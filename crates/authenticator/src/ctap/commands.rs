//! The commands, one file each (CTAP 2.3 section 6).

mod authorization;
mod client_pin;
mod config;
mod credential_management;
mod entities;
mod extensions;
mod get_assertion;
mod get_info;
mod hmac_secret;
mod large_blobs;
mod make_credential;
mod reset;
mod selection;
mod user_interaction;
mod verification;

use rand_core::CryptoRng;

use super::{
    Person, StateStore,
    cbor::Map,
    device::{Device, Outcome, Surroundings},
    request::Params,
};
use crate::ManagedStore;

pub(super) use get_assertion::NextAssertion;
pub(super) use large_blobs::PendingLargeBlobs;

/// A command, by its byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    MakeCredential,
    GetAssertion,
    GetInfo,
    ClientPin,
    Reset,
    GetNextAssertion,
    CredentialManagement,
    Selection,
    LargeBlobs,
    Config,
}

impl Command {
    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0x01 => Self::MakeCredential,
            0x02 => Self::GetAssertion,
            0x04 => Self::GetInfo,
            0x06 => Self::ClientPin,
            0x07 => Self::Reset,
            0x08 => Self::GetNextAssertion,
            // 0x41 is what `FIDO_2_1_PRE` called it.
            0x0a | 0x41 => Self::CredentialManagement,
            0x0b => Self::Selection,
            0x0c => Self::LargeBlobs,
            0x0d => Self::Config,
            _ => return None,
        })
    }
}

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// Runs a command. Whatever an earlier one left to go on with is gone, unless this is the one that goes on.
    pub(super) async fn run<R: CryptoRng>(
        &mut self,
        command: Command,
        parameters: &Map<'_>,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        let continuation = self.volatile.continuation.take().map(|(continuation, _)| continuation);
        if command != Command::CredentialManagement {
            self.volatile.relying_parties = None;
        }
        let params = Params::new(parameters);
        match command {
            Command::GetInfo => self.get_info(surroundings).await.map(Some),
            Command::MakeCredential => self.make_credential(params, surroundings).await.map(Some),
            Command::GetAssertion => self.get_assertion(params, surroundings).await.map(Some),
            Command::GetNextAssertion => self.get_next_assertion(continuation, surroundings).await.map(Some),
            Command::ClientPin => self.client_pin(params, surroundings).await,
            Command::CredentialManagement => self.credential_management(params, continuation, surroundings).await,
            Command::LargeBlobs => self.large_blobs(params).await,
            Command::Config => self.config(params).await,
            Command::Selection => self.selection().await,
            Command::Reset => self.reset(surroundings).await,
        }
    }
}
