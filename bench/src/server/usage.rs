//! What processes take of the machine, as the kernel counts it.

use std::{fs, iter::Sum, ops::Sub, time::Duration};

use anyhow::{Context, Result};
use roamkey_test_services::memory_of;

/// Sums over some processes, since they started.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Time of a processor, to a hundredth of a second.
    pub(crate) cpu: Duration,
    /// Bytes that went to the disk.
    pub(crate) written: u64,
    /// Resident memory.
    pub(crate) rss_mb: f64,
}

impl Usage {
    /// What one process has taken, and those of its children that have ended.
    pub(super) fn of(process: u32) -> Result<Self> {
        Ok(Self { cpu: cpu(process)?, written: written(process)?, rss_mb: kernel_mb(process, "VmRSS")? })
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        each.fold(Self::default(), |sum, one| Self {
            cpu: sum.cpu + one.cpu,
            written: sum.written + one.written,
            rss_mb: sum.rss_mb + one.rss_mb,
        })
    }
}

impl Sub for Usage {
    type Output = Self;

    /// What was taken since an earlier look; memory is that of now.
    fn sub(self, earlier: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(earlier.cpu),
            written: self.written.saturating_sub(earlier.written),
            rss_mb: self.rss_mb,
        }
    }
}

/// The time that the threads of a process, and its children that have ended, have had of a processor.
pub(super) fn cpu(process: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // After the name, which may hold anything: state is field 3, the times in user and kernel are 14 to 17.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let times = fields.get(11..15).context("the kernel tells time")?;
    let ticks: u64 = times.iter().map(|time| time.parse::<u64>()).sum::<Result<_, _>>()?;
    Ok(Duration::from_millis(ticks * MS_A_TICK))
}

/// An amount of memory, by the name that the kernel gives it.
pub(super) fn kernel_mb(process: u32, name: &str) -> Result<f64> {
    Ok(memory_of(process, name)? as f64 / 1e6)
}

fn written(process: u32) -> Result<u64> {
    let io = fs::read_to_string(format!("/proc/{process}/io"))?;
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes:")).context("the kernel tells of writes")?;
    Ok(line.trim().parse()?)
}

/// Linux counts in hundredths of a second, whatever its timer does.
const MS_A_TICK: u64 = 10;
