//! The server as a process of its own: durable pushes and pulls a second, its memory, its share of a
//! processor, on each backend.

mod process;
mod sockets;
mod storm;
mod usage;

use std::{
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

pub(crate) use self::{
    process::{Backend, Server},
    usage::Usage,
};
use crate::{
    device::{Device, Pulled},
    report::Report,
    samples::{SAMPLES, Samples},
};

/// Connections that push at once, each for an account of its own.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How long each number of connections pushes.
const LOAD: Duration = Duration::from_secs(5);

/// The records of the account whose first syncs the server serves.
const RECORDS: usize = 10_000;

/// First syncs of that account at the same time.
const SYNCS: usize = 16;

/// Pulls of one change whose processor time is added up: the kernel counts it in hundredths of a second.
const PULLS: usize = 500;

/// Records of other accounts that must not slow anyone down.
const NEIGHBOURS: usize = 200_000;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    for backend in Backend::ALL {
        let prefix = format!("server.{}", backend.name());
        if report.wants(&prefix) {
            measure_backend(report, backend, &prefix)?;
        }
    }
    Ok(())
}

fn measure_backend(report: &mut Report, backend: Backend, prefix: &str) -> Result<()> {
    let name = |end: &str| format!("{prefix}.{end}");
    let server = Server::start_on(backend)?;
    report.add(name("rss_mb.idle"), server.rss_mb()?, "MB");
    for connections in CONNECTIONS {
        let name = name(&format!("push_per_s.{connections}"));
        if report.wants(&name) {
            let rate = per_second(server.url(), connections, |device| device.push_one().map(drop))?;
            report.add(name, rate, "pushes/s");
        }
    }
    if report.wants(&name("pull_none_per_s")) {
        let rate = per_second(server.url(), 16, |device| device.pull_none())?;
        report.add(name("pull_none_per_s"), rate, "pulls/s");
    }
    if report.wants(&name("pull_one_cpu_ms")) || report.wants(&name("first_sync")) {
        measure_full_vault(report, &server, prefix)?;
    }
    if report.wants(&name("health_storm_ms")) {
        report.add(name("health_storm_ms.p99"), storm::health_ms(&server)?, "ms");
    }
    drop(server);
    if report.wants(&name("ws10000")) {
        report.add(name("ws10000.rss_mb"), sockets::rss_mb(backend)?, "MB");
    }
    if report.wants(&name("neighbours_ratio")) {
        report.add(name("neighbours_ratio"), neighbours_ratio(backend)?, "ratio");
    }
    Ok(())
}

fn measure_full_vault(report: &mut Report, server: &Server, prefix: &str) -> Result<()> {
    let mut full = filled(server.url(), RECORDS)?;
    let of = format!("{RECORDS}x{SYNCS}");
    report.add(format!("{prefix}.pull_one_cpu_ms.{RECORDS}"), pull_one_cpu_ms(server, &mut full)?, "ms");
    report.add(format!("{prefix}.first_sync.wire_mb.{RECORDS}"), full.pull_all()?.bytes as f64 / 1e6, "MB");
    server.forget_peak()?;
    let took = first_syncs(&full)?;
    report.add(format!("{prefix}.first_sync.ms.{of}"), took.as_secs_f64() * 1e3, "ms");
    report.add(format!("{prefix}.first_sync.rss_mb.{of}"), server.peak_mb()?, "MB");
    Ok(())
}

/// How often devices do something in a second, each on a connection and an account of its own.
fn per_second(url: &str, connections: usize, work: impl Fn(&mut Device) -> Result<()> + Sync) -> Result<f64> {
    let mut devices = (0..connections).map(|_| Device::found(url)).collect::<Result<Vec<_>>>()?;
    devices.iter_mut().try_for_each(|device| device.push_one().map(drop))?;
    let start = Barrier::new(connections);
    let done: Vec<Result<u32>> = thread::scope(|scope| {
        let (start, work) = (&start, &work);
        let threads: Vec<_> = devices
            .iter_mut()
            .map(|device| {
                scope.spawn(move || {
                    start.wait();
                    repeat(device, work)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a device reports errors")).collect()
    });
    let total: u32 = done.into_iter().sum::<Result<u32>>()?;
    Ok(f64::from(total) / LOAD.as_secs_f64())
}

fn repeat(device: &mut Device, work: impl Fn(&mut Device) -> Result<()>) -> Result<u32> {
    let end = Instant::now() + LOAD;
    let mut times = 0;
    while Instant::now() < end {
        work(device)?;
        times += 1;
    }
    Ok(times)
}

/// A device whose account holds so many records.
fn filled(url: &str, records: usize) -> Result<Device> {
    let mut device = Device::found(url)?;
    for _ in 0..records / 500 {
        device.push_new(500)?;
    }
    Ok(device)
}

fn pull_one_cpu_ms(server: &Server, device: &mut Device) -> Result<f64> {
    device.push_one()?;
    let before = server.cpu()?;
    for _ in 0..PULLS {
        ensure!(device.pull_last()?.records == 1, "one change is one record");
    }
    Ok((server.cpu()? - before).as_secs_f64() * 1e3 / PULLS as f64)
}

/// The time until the last of several first syncs at once is done.
fn first_syncs(device: &Device) -> Result<Duration> {
    let start = Instant::now();
    let pulled: Vec<Result<Pulled>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..SYNCS).map(|_| scope.spawn(|| device.pull_all())).collect();
        threads.into_iter().map(|thread| thread.join().expect("a puller reports errors")).collect()
    });
    for pulled in pulled {
        ensure!(pulled?.records > RECORDS, "a first sync left records out");
    }
    Ok(start.elapsed())
}

/// How much slower the slowest operation is where other accounts hold many records: two servers, sampled in turn.
fn neighbours_ratio(backend: Backend) -> Result<f64> {
    let (alone, crowded) = (Server::start_on(backend)?, Server::start_on(backend)?);
    for _ in 0..NEIGHBOURS / 20_000 {
        filled(crowded.url(), 20_000)?;
    }
    let mut devices = [filled(alone.url(), 500)?, filled(crowded.url(), 500)?];
    let operations: [fn(&mut Device) -> Result<()>; 4] = [
        |device| device.push_one().map(drop),
        Device::pull_none,
        |device| device.pull_last().map(drop),
        |device| device.pull_all().map(drop),
    ];
    let mut worst = 0.0_f64;
    for operation in operations {
        let mut samples = [Samples::default(), Samples::default()];
        for _ in 0..SAMPLES {
            for (device, samples) in devices.iter_mut().zip(&mut samples) {
                samples.time(|| operation(device))?;
            }
        }
        let [alone, crowded] = samples.map(|samples| samples.median_us());
        worst = worst.max(crowded / alone);
    }
    Ok(worst)
}
