//! Measures the core and prints one JSON object, `name: {value, unit}`, on standard output.
//!
//! `roamkey-bench [PREFIX]` measures only the subjects that have a name starting with the prefix. Sizes
//! that are compared with each other are measured interleaved in one process, and given as medians.

mod authenticator;
mod device;
mod machine;
mod record;
mod report;
mod samples;
mod server;
mod sync;

use anyhow::Result;

use report::Report;

fn main() -> Result<()> {
    let mut report = Report::for_prefix(std::env::args().nth(1).unwrap_or_default());
    for (subject, measure) in SUBJECTS {
        if report.wants(subject) {
            eprintln!("measuring {subject}");
            measure(&mut report)?;
        }
    }
    println!("{}", report.to_json()?);
    Ok(())
}

type Measure = fn(&mut Report) -> Result<()>;

const SUBJECTS: [(&str, Measure); 4] = [
    ("authenticator", authenticator::measure),
    ("record", record::measure),
    ("server", server::measure),
    ("sync", sync::measure),
];
