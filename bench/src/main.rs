//! Measures the core and prints one JSON object, `name: {value, unit}`, on standard output.
//!
//! `roamkey-bench [PREFIX]` measures only the subjects that have a name starting with the prefix. Sizes
//! that are compared with each other are measured interleaved in one process, and given as medians.
//! `roamkey-bench load.BACKEND PEOPLE ITEMS DAYS` is for those who want another load than the usual one.

mod authenticator;
#[cfg(not(target_family = "wasm"))]
mod device;
#[cfg(not(target_family = "wasm"))]
mod import;
#[cfg(not(target_family = "wasm"))]
mod load;
#[cfg(not(target_family = "wasm"))]
mod machine;
mod promised;
#[cfg(not(target_family = "wasm"))]
mod record;
#[cfg(not(target_family = "wasm"))]
mod recovery;
mod report;
#[cfg(not(target_family = "wasm"))]
mod revoke;
mod samples;
#[cfg(not(target_family = "wasm"))]
mod server;
#[cfg(not(target_family = "wasm"))]
mod sync;
#[cfg(not(target_family = "wasm"))]
mod vault;

use anyhow::Result;

use report::Report;

fn main() -> Result<()> {
    let mut report = Report::for_prefix(std::env::args().nth(1).unwrap_or_default());
    for &(subject, measure) in SUBJECTS {
        if report.wants(subject) {
            eprintln!("measuring {subject}");
            measure(&mut report)?;
        }
    }
    report.check_promised(promised::names())?;
    println!("{}", report.to_json()?);
    Ok(())
}

type Measure = fn(&mut Report) -> Result<()>;

#[cfg(not(target_family = "wasm"))]
const SUBJECTS: &[(&str, Measure)] = &[
    ("authenticator", authenticator::measure),
    ("import", import::measure),
    ("load", load::measure),
    ("record", record::measure),
    ("recovery", recovery::measure),
    ("revoke", revoke::measure),
    ("server", server::measure),
    ("sync", sync::measure),
    ("vault", vault::measure),
];

/// What Node runs, of which a browser does the same.
#[cfg(target_family = "wasm")]
const SUBJECTS: &[(&str, Measure)] = &[("authenticator.wasm", authenticator::measure)];
