use std::fs;

use anyhow::{Context, Result};

/// Tells what memory a process takes, in bytes, by the name that the kernel gives it: `VmRSS` is what it has in RAM, `VmHWM` the
/// most that it had.
///
/// # Errors
/// When there is no such process, or no such name.
pub fn memory_of(process: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib = line.context("the kernel tells memory")?.trim().trim_end_matches(" kB");
    Ok(kib.parse::<u64>()? * 1024)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn memory_is_told_by_its_name_alone() {
        let me = std::process::id();
        let (now, most) = (memory_of(me, "VmRSS").unwrap(), memory_of(me, "VmHWM").unwrap());
        assert!(now > 0 && now <= most);
        assert!(memory_of(me, "Vm").is_err());
        assert!(memory_of(u32::MAX, "VmRSS").is_err());
    }
}
