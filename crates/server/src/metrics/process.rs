use std::fs;

use super::Page;

/// Writes what the system knows of this process; nothing where it has no `/proc`.
pub(super) fn write(page: &mut Page) {
    if let Some(bytes) = resident() {
        page.one("process_resident_memory_bytes", "gauge", "Memory that is resident.", bytes);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        page.one("process_open_fds", "gauge", "File descriptors that are open.", open.count());
    }
}

fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
