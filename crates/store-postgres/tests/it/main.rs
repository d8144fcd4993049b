//! The store on a real PostgreSQL: at its default, SERIALIZABLE with failures, with answers that get lost.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod fresh;

mod contract;
mod instances;
mod lost_answers;
mod news;
mod poolers;
mod schema;
mod serializable;
mod settings;
