//! One file a target.

mod answers;
mod body;
mod commit;
mod ctap;
mod files;
mod kit;
mod local;
mod log;
mod merge;
mod pairing;
mod record;
mod wire;

use crate::Target;

/// Every target there is.
pub const TARGETS: &[Target] = &[
    wire::TARGET,
    log::TARGET,
    commit::TARGET,
    record::TARGET,
    local::TARGET,
    body::TARGET,
    merge::TARGET,
    pairing::TARGET,
    kit::TARGET,
    ctap::TARGET,
    files::TARGET,
    answers::TARGET,
];
