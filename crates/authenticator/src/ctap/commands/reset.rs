//! `authenticatorReset` (CTAP 2.3 section 6.6).

use rand_core::CryptoRng;

use crate::{
    ManagedStore,
    ctap::{
        DeviceState, Person, Purpose, Question, ResetRule, StateStore, Status,
        device::{Device, Outcome, Surroundings, Volatile},
        fault::{Failure, Fault},
        limits,
    },
};

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn reset<R: CryptoRng>(
        &mut self,
        surroundings: &mut Surroundings<'_, R>,
    ) -> Outcome<C::Error, S::Error> {
        if self.profile.reset == ResetRule::Refused {
            return Err(Status::InvalidCommand.into());
        }
        let powered_on = self.volatile.powered_on;
        let in_time = surroundings.now().saturating_sub(powered_on) <= limits::RESET_WITHIN;
        if !mutant!("ctap.reset-window", in_time) {
            return Err(Status::NotAllowed.into());
        }
        let purpose = if self.state.long_touch_for_reset { Purpose::ResetByLongTouch } else { Purpose::Reset };
        self.ask(&Question { purpose, rp_id: None, user_name: None }).await?;

        // The credentials first: were the state first and the power cut between, they would be there without their PIN.
        self.credentials.clear().await.map_err(|error| Failure::Fault(Fault::Credentials(error)))?;
        let fresh = DeviceState::make(surroundings.rng);
        self.change_state(|state| *state = fresh).await?;
        self.volatile = Volatile::make(powered_on, surroundings.rng);
        Ok(None)
    }
}
