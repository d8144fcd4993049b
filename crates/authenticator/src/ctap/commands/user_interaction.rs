//! Asking the person: a touch, or a verification by the device itself.

use crate::{
    ManagedStore,
    ctap::{BuiltIn, Person, Question, StateStore, Status, Touch, Verified, device::Device, fault::Failure, limits},
};

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    /// Asks for a touch.
    pub(super) async fn ask(&mut self, question: &Question<'_>) -> Result<(), Status> {
        match self.person.touch(question).await {
            Touch::Given => Ok(()),
            Touch::Declined => Err(Status::OperationDenied),
            Touch::TimedOut => Err(Status::UserActionTimeout),
            Touch::Cancelled => Err(Status::KeepaliveCancel),
        }
    }

    /// Whether somebody who merely holds the device can be told from its owner (section 7.2: "protected by some form of
    /// user verification").
    pub(super) fn is_protected(&self) -> bool {
        self.state.pin.is_some() || self.person.built_in() == BuiltIn::Ready
    }

    /// Verifies the person without the platform's help (`performBuiltInUv`, section 6.5.3.1).
    ///
    /// Each try is counted on disk before it is made, so that nobody gets more of them by pulling the plug.
    pub(super) async fn verify(&mut self, question: &Question<'_>) -> Result<(), Failure<C::Error, S::Error>> {
        for _ in 0..limits::UV_TRIES_PER_COMMAND {
            let retries = self.state.uv_retries.checked_sub(1).ok_or(Status::UvBlocked)?;
            self.change_state(|state| state.uv_retries = retries).await?;
            match self.person.verify(question).await {
                Verified::Passed => return self.count_verification().await,
                Verified::Failed => {}
                Verified::Declined => return self.give_back_try(retries, Status::OperationDenied).await,
                Verified::TimedOut => return self.give_back_try(retries, Status::UserActionTimeout).await,
                Verified::Cancelled => return self.give_back_try(retries, Status::KeepaliveCancel).await,
            }
        }
        Err(if self.state.uv_retries == 0 { Status::UvBlocked } else { Status::UvInvalid }.into())
    }

    async fn count_verification(&mut self) -> Result<(), Failure<C::Error, S::Error>> {
        self.change_state(|state| {
            state.uv_retries = limits::UV_RETRIES;
            state.uv_count_since_pin = state.uv_count_since_pin.saturating_add(1);
        })
        .await
    }

    /// Nobody was held against anything, so no try was used.
    async fn give_back_try(&mut self, retries: u8, status: Status) -> Result<(), Failure<C::Error, S::Error>> {
        self.change_state(|state| state.uv_retries = retries.saturating_add(1)).await?;
        Err(status.into())
    }
}
