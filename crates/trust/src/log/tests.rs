#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod building;
mod damage;
mod epochs;
mod membership;
mod order;
mod properties;
mod recovery;

use roamkey_proto::{Bundle, Entry, EpochHeader, Op};

use crate::{
    Log, Refusal, TrustError,
    fixture::{Device, forge},
};

/// Asserts that a log refuses a bundle for one reason, and is unchanged by it.
#[track_caller]
fn assert_refused(log: &Log, bundle: &Bundle, expected: impl Into<TrustError>) {
    let mut after = log.clone();
    assert_eq!(after.append(bundle).map(|entry| entry.seq), Err(expected.into()));
    assert_eq!(after, *log, "a refused bundle changed the log");
}

/// Asserts that an entry bent this way, but signed by its author, is refused.
#[track_caller]
fn assert_entry_refused(
    log: &Log,
    op: Op,
    author: &Device,
    bend: impl FnOnce(&mut Entry),
    expected: impl Into<TrustError>,
) {
    assert_refused(log, &forge(log, op, author, bend, |_| {}), expected);
}

/// Asserts that a header bent this way, but bound by its entry, is refused.
#[track_caller]
fn assert_header_refused(log: &Log, bend: impl FnOnce(&mut EpochHeader), author: &Device, expected: Refusal) {
    assert_refused(log, &forge(log, Op::Rotate, author, |_| {}, bend), expected);
}
