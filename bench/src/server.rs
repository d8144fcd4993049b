//! The server as a process of its own: durable pushes a second, and the memory it takes.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::{device::Device, report::Report};

/// Connections that push at once, each for an account of its own.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How long each number of connections pushes.
const LOAD: Duration = Duration::from_secs(5);

/// The records of the account whose first syncs the server serves before its memory is read again.
const RECORDS: usize = 10_000;

/// First syncs of that account, four at a time.
const SYNCS: usize = 8;

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let server = Server::start()?;
    report.add("server.rss_mb.idle", server.rss_mb()?, "MB");
    for connections in CONNECTIONS {
        let rate = pushes_per_second(server.url(), connections)?;
        report.add(format!("server.push_per_s.{connections}"), rate, "pushes/s");
    }
    first_syncs(server.url())?;
    report.add("server.rss_mb.loaded", server.rss_mb()?, "MB");
    Ok(())
}

fn pushes_per_second(url: &str, connections: usize) -> Result<f64> {
    let mut devices = (0..connections).map(|_| Device::found(url)).collect::<Result<Vec<_>>>()?;
    let start = Barrier::new(connections);
    let pushes: Vec<Result<u32>> = thread::scope(|scope| {
        let work = |device| {
            start.wait();
            push_for(device, LOAD)
        };
        let threads: Vec<_> = devices.iter_mut().map(|device| scope.spawn(move || work(device))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a pusher reports errors")).collect()
    });
    let total: u32 = pushes.into_iter().sum::<Result<u32>>()?;
    Ok(f64::from(total) / LOAD.as_secs_f64())
}

fn push_for(device: &mut Device, time: Duration) -> Result<u32> {
    let end = Instant::now() + time;
    let mut pushes = 0;
    while Instant::now() < end {
        device.push_one()?;
        pushes += 1;
    }
    Ok(pushes)
}

fn first_syncs(url: &str) -> Result<()> {
    let mut device = Device::found(url)?;
    for _ in 0..RECORDS / 500 {
        device.push_new(500)?;
    }
    for _ in 0..SYNCS / 4 {
        let counts: Vec<Result<usize>> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| device.pull_all())).collect();
            threads.into_iter().map(|thread| thread.join().expect("a puller reports errors")).collect()
        });
        for count in counts {
            ensure!(count? == RECORDS, "a first sync left records out");
        }
    }
    Ok(())
}

/// `roamkey-server` on a database of its own, as long as this lives.
pub(crate) struct Server {
    process: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts the release build that lies beside this program.
    pub(crate) fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let program = std::env::current_exe()?.with_file_name("roamkey-server");
        let mut process = Command::new(&program)
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(format!("sqlite:{}", folder.path().join("server.db").display()))
            .args(UNLIMITED)
            .env("ROAMKEY_SERVER_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("its output is piped")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").context("the server says where it listens")?.to_owned();
        Ok(Self { process, url, _folder: folder })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Resident memory.
    fn rss_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("the kernel tells RSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024.0 / 1e6)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours and keeps nothing that anyone wants; there is nothing to do about a failure.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The load comes from one address, and from devices that never pause.
const UNLIMITED: [&str; 14] = [
    "--device-burst",
    "4000000",
    "--device-rate",
    "1000000",
    "--account-burst",
    "4000000",
    "--account-rate",
    "1000000",
    "--sign-in-burst",
    "100000",
    "--registration-burst",
    "100000",
    "--record-bytes",
    "10000000000",
];
