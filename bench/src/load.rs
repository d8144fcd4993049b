//! People on a server: each with a few devices that run the real engine, and a day that they live as fast as they can.
//!
//! What a day takes of the server, its database included, says how many people a core carries.

mod listener;
mod machine;
mod person;
mod tally;

use std::{sync::Barrier, thread};

use anyhow::{Context, Result};

use self::{
    person::{DEVICES, Person},
    tally::Tally,
};
use crate::{
    report::Report,
    server::{Backend, Server, Usage},
};

/// How many people do how much.
#[derive(Clone, Copy, Debug)]
struct Plan {
    people: usize,
    /// Items of each when the day begins.
    items: usize,
    days: usize,
}

impl Plan {
    /// From the command line, where it says more than a prefix.
    fn given() -> Result<Self> {
        let numbers: Vec<usize> =
            std::env::args().skip(2).map(|number| number.parse()).collect::<Result<_, _>>().context("not a number")?;
        match *numbers {
            [] => Ok(USUAL),
            [people, items, days] => Ok(Self { people, items, days }),
            _ => anyhow::bail!("a load is people, items and days"),
        }
    }
}

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let plan = Plan::given()?;
    for backend in Backend::ALL {
        let prefix = format!("load.{}", backend.name());
        if report.wants(&prefix) {
            measure_backend(report, backend, plan, &prefix)?;
        }
    }
    Ok(())
}

fn measure_backend(report: &mut Report, backend: Backend, plan: Plan, prefix: &str) -> Result<()> {
    eprintln!("{} people with {} items each, {} days, on {}", plan.people, plan.items, plan.days, backend.name());
    let server = Server::start_on(backend)?;
    let barrier = Barrier::new(plan.people + 1);
    let (looks, tallies) = thread::scope(|scope| {
        let people: Vec<_> = (0..plan.people).map(|_| scope.spawn(|| live(server.url(), plan, &barrier))).collect();
        let looks = watch(&server, &barrier);
        let tallies: Vec<_> =
            people.into_iter().map(|person| person.join().expect("a person reports errors")).collect();
        (looks, tallies)
    });
    let mut tally = Tally::default();
    for one in tallies {
        tally.extend(&one?);
    }
    let looks = looks?;
    tally.report(report, prefix);
    report_costs(report, prefix, plan, &looks);
    Ok(())
}

/// What people do, one after the other and all at once: a look at the server before, between and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// An account, and a first push of everything.
    SignUp,
    /// The other devices, each with its first sync.
    Join,
    /// Nothing new, on each device.
    PullNone,
    /// A new session, and a socket to wait on.
    SignIn,
    /// Days.
    Day,
}

const PHASES: [Phase; 5] = [Phase::SignUp, Phase::Join, Phase::PullNone, Phase::SignIn, Phase::Day];

fn live(url: &str, plan: Plan, barrier: &Barrier) -> Result<Tally> {
    let mut person = Person::new(url);
    for phase in PHASES {
        barrier.wait();
        // Whoever failed goes on keeping the time with the others.
        if let Ok(person) = &mut person {
            let done = match phase {
                Phase::SignUp => person.sign_up(plan.items),
                Phase::Join => person.join(),
                Phase::PullNone => person.pull_none(PULLS),
                Phase::SignIn => person.sign_in(),
                Phase::Day => (0..plan.days).try_for_each(|_| person.day()),
            };
            if let Err(error) = done {
                barrier.wait();
                return idle(phase, barrier, error);
            }
        }
        barrier.wait();
    }
    Ok(person?.into_tally())
}

/// Waits with the others until all phases are over.
fn idle(failed: Phase, barrier: &Barrier, error: anyhow::Error) -> Result<Tally> {
    for _ in PHASES.iter().skip_while(|phase| **phase != failed).skip(1) {
        barrier.wait();
        barrier.wait();
    }
    Err(error.context(format!("during {failed:?}")))
}

/// A look at the server: its own usage, its database's, and what is stored.
struct Look {
    at: std::time::Instant,
    server: Usage,
    database: Usage,
    stored: u64,
}

impl Look {
    fn at(server: &Server) -> Result<Self> {
        Ok(Self {
            at: std::time::Instant::now(),
            server: server.usage()?,
            database: server.database_usage()?,
            stored: server.stored_bytes()?,
        })
    }
}

/// A look before and one after each phase.
fn watch(server: &Server, barrier: &Barrier) -> Result<Vec<(Look, Look)>> {
    let phases: Vec<Result<(Look, Look)>> = PHASES
        .iter()
        .map(|phase| {
            let before = Look::at(server);
            barrier.wait();
            barrier.wait();
            eprintln!("{phase:?} is over");
            Ok((before?, Look::at(server)?))
        })
        .collect();
    phases.into_iter().collect()
}

fn report_costs(report: &mut Report, prefix: &str, plan: Plan, looks: &[(Look, Look)]) {
    let people = plan.people as f64;
    for (phase, (before, after)) in PHASES.iter().zip(looks) {
        let (server, database) = (after.server - before.server, after.database - before.database);
        let (name, count) = match phase {
            Phase::SignUp => ("sign_up", people),
            Phase::Join => ("join", people * (DEVICES - 1) as f64),
            Phase::PullNone => ("pull_none", people * (DEVICES * PULLS) as f64),
            Phase::SignIn => ("sign_in", people * DEVICES as f64),
            Phase::Day => ("day", people * plan.days as f64),
        };
        let ms = |usage: &Usage| usage.cpu.as_secs_f64() * 1e3 / count;
        report.add(format!("{prefix}.cpu_ms.{name}"), ms(&server) + ms(&database), "ms");
        if *phase == Phase::SignUp {
            report.add(format!("{prefix}.stored_kb.sign_up"), grown(before, after) / 1e3 / count, "kB");
        }
        if *phase == Phase::Day {
            let day = (server.cpu + database.cpu).as_secs_f64() / count;
            report.add(format!("{prefix}.people_per_core"), 3_600.0 / (BUSY_HOUR * day), "people");
            let written = (server.written + database.written) as f64;
            report.add(format!("{prefix}.written_kb.day"), written / 1e3 / count, "kB");
            report.add(format!("{prefix}.stored_kb.day"), grown(before, after) / 1e3 / count, "kB");
            let seconds = after.at.duration_since(before.at).as_secs_f64();
            report.add(format!("{prefix}.days_per_s"), count / seconds, "days/s");
            report.add(format!("{prefix}.rss_mb.server"), after.server.rss_mb, "MB");
            report.add(format!("{prefix}.rss_mb.database"), after.database.rss_mb, "MB");
        }
    }
}

fn grown(before: &Look, after: &Look) -> f64 {
    after.stored.saturating_sub(before.stored) as f64
}

/// Pulls of nothing new, a device.
const PULLS: usize = 20;

/// The share of a day's requests that come in its busiest hour.
const BUSY_HOUR: f64 = 0.1;

/// What `cargo xtask bench` measures.
const USUAL: Plan = Plan { people: 8, items: 150, days: 1 };
