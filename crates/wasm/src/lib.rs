//! The core for browsers: converts types, decides nothing.

pub mod messages;
