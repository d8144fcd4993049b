//! Recovery by a PIN or a passphrase, on the device's side (protocol section 9, `spec/realms.md`).
//!
//! The secret of the authority is cut into shares. Each lies at a realm, under a mask that comes of the PIN and of a key
//! which only this realm has: to try a PIN, so many realms have to help as make the secret, and each counts. Nothing that a
//! realm holds, nor what the log says, lets anyone check a guess without them.

mod place;
mod question;
mod setup;
mod share;
mod unlock;

pub use self::{
    place::SharePlace,
    question::{HardenedPin, LyingRealm, Question},
    setup::{Choice, PinSetup, SetupError},
    share::Share,
    unlock::{Lock, LockError, WrongPin},
};

#[cfg(test)]
mod constant_time;
#[cfg(test)]
mod rfc9497;
#[cfg(test)]
mod tests;
