//! Files of other password managers: read, written, and what is kept and lost on the way.
//!
//! [`import::read`] finds out by its structure what a file is and returns its items with a [`Notice`](import::Notice) for whatever is
//! not as it was; [`export`] writes items of the vault. Nothing here has a clock, a file or a key of the
//! vault: `roamkey-client` turns foreign keys into passkeys and gives items their names.

mod cxf;
mod date;
pub mod export;
pub mod import;
pub mod limits;
pub mod otp;
