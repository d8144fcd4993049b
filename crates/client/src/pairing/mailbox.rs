use roamkey_proto::{
    MailboxToken, Time,
    api::{MailboxClaimed, MailboxMessage, MailboxMessages},
    cbor, limits,
    problem::Problem,
};
use roamkey_sealing::pairing as sealed;

use super::PairingError;
use crate::{
    Error, Host, ServerUrl, Session,
    api::{self, Call, CallError},
};

/// One side of a mailbox: what the two devices say to each other goes through here, and the server
/// reads none of it.
pub(super) struct Mailbox {
    server: ServerUrl,
    number: u32,
    token: MailboxToken,
    /// Messages of the other side that were read.
    read: u32,
    expires: Time,
}

impl Mailbox {
    /// Opens a mailbox, as the member.
    pub(super) async fn open<H: Host>(session: &Session<H>) -> Result<Self, Error> {
        let opened = session.open_mailbox().await?;
        Ok(Self::new(session.host(), &session.home().server, opened.number, opened.token))
    }

    /// Claims the other side of a mailbox, as the newcomer.
    pub(super) async fn claim(host: &impl Host, server: &ServerUrl, number: u32) -> Result<Self, Error> {
        let path = format!("/v1/mailboxes/{number}/claim");
        let call = Call { method: "POST", path: &path, bearer: None, body: None };
        match api::ask::<MailboxClaimed>(host.transport(), server, call).await {
            Ok(claimed) => Ok(Self::new(host, server, number, claimed.token)),
            Err(CallError::Refused { problem: Problem::MailboxGone, .. }) => Err(PairingError::CodeGone.into()),
            Err(error) => Err(error.into()),
        }
    }

    fn new(host: &impl Host, server: &ServerUrl, number: u32, token: MailboxToken) -> Self {
        let expires = host.now().plus_millis(limits::MAILBOX_LIFETIME_MS);
        Self { server: server.clone(), number, token, read: 0, expires }
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn expires(&self) -> Time {
        self.expires
    }

    /// Returns what both sides bind their keys to.
    pub(super) fn place(&self) -> sealed::Mailbox {
        sealed::Mailbox { origin: self.server.as_str().to_owned(), number: self.number }
    }

    /// Sends a message to the other side.
    pub(super) async fn send(&self, host: &impl Host, body: Vec<u8>) -> Result<(), Error> {
        let path = format!("/v1/mailboxes/{}/messages", self.number);
        let body = Some(cbor::encode(&MailboxMessage { body }));
        let call = Call { method: "POST", path: &path, bearer: Some(self.token.to_string()), body };
        api::send(host.transport(), &self.server, call).await.map(drop).map_err(|error| self.explain(host, error))
    }

    /// Returns the other side's next message, if there is one. The steps of a pairing alternate, so
    /// that more than one at a time never has a meaning.
    pub(super) async fn receive(&mut self, host: &impl Host) -> Result<Option<Vec<u8>>, Error> {
        let path = format!("/v1/mailboxes/{}/messages?after={}", self.number, self.read);
        let call = Call { method: "GET", path: &path, bearer: Some(self.token.to_string()), body: None };
        let answer = api::ask::<MailboxMessages>(host.transport(), &self.server, call).await;
        let messages = answer.map_err(|error| self.explain(host, error))?.messages;
        let Some(message) = messages.into_iter().next() else { return Ok(None) };
        self.read += 1;
        Ok(Some(message.body))
    }

    /// Throws the mailbox away, so that the other side learns that it is over.
    pub(super) async fn close(&self, host: &impl Host) {
        let path = format!("/v1/mailboxes/{}", self.number);
        let call = Call { method: "DELETE", path: &path, bearer: Some(self.token.to_string()), body: None };
        // One that cannot be reached now ends by itself.
        let _ = api::send(host.transport(), &self.server, call).await;
    }

    fn explain(&self, host: &impl Host, error: CallError) -> Error {
        match error {
            CallError::Refused { problem: Problem::MailboxGone | Problem::Unauthorized, .. } => {
                let is_over = host.now() >= self.expires;
                if is_over { PairingError::Expired.into() } else { PairingError::Cancelled.into() }
            }
            error => error.into(),
        }
    }
}
