//! What can be asked of a realm. Each command decides on what is kept of an account, and nothing else.

mod deposit;
mod forgive;
mod guess;
mod learn;
mod lodge;
mod look;
mod prepare;
mod release;
mod veto;

use roamkey_proto::Time;

use crate::{Refusal, account::Account};

pub use self::{
    deposit::Deposit,
    forgive::Forgive,
    guess::{MakeGuess, Ticket},
    learn::Learn,
    lodge::{Lodge, Waiting},
    look::Look,
    prepare::Prepare,
    release::{Release, Served},
    veto::TakeVeto,
};

/// A command: decides what becomes of an account, and what comes of it once that is written.
///
/// It may be asked more than once, where another writer was faster.
pub trait Command: core::fmt::Debug {
    /// What comes of it.
    type Output: core::fmt::Debug;

    /// Decides. What it leaves of the account on a refusal is thrown away.
    ///
    /// # Errors
    /// See [`Refusal`].
    fn decide(&self, account: &mut Account, now: Time) -> Result<Self::Output, Refusal>;
}
