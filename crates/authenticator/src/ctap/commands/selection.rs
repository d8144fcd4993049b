//! `authenticatorSelection` (CTAP 2.3 section 6.9).

use crate::{
    ManagedStore,
    ctap::{
        Person, Purpose, Question, StateStore,
        device::{Device, Outcome},
    },
};

impl<C: ManagedStore, S: StateStore, P: Person> Device<C, S, P> {
    pub(super) async fn selection(&mut self) -> Outcome<C::Error, S::Error> {
        self.ask(&Question { purpose: Purpose::Select, rp_id: None, user_name: None }).await?;
        Ok(None)
    }
}
