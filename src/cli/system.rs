//! What the system tells of this process and its machine: memory and processor time. Linux tells it
//! in `/proc`; elsewhere nothing is known.

use std::fs;
use std::path::Path;

/// Bytes of memory in use now (`VmRSS`).
pub(super) fn resident() -> Option<u64> {
    kilobytes("/proc/self/status", "VmRSS:")
}

/// The largest number of bytes in use so far (`VmHWM`).
pub(super) fn peak() -> Option<u64> {
    kilobytes("/proc/self/status", "VmHWM:")
}

/// Seconds of all cores together so far.
pub(super) fn cpu_seconds() -> Option<f64> {
    // Linux counts hundredths of a second here on every machine that Rust's library runs on.
    const TICKS: f64 = 100.0;
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets, which may hold spaces; user and system
    // time are the 14th and 15th.
    let (_, rest) = text.rsplit_once(") ")?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some((ticks()? + ticks()?) as f64 / TICKS)
}

/// Bytes that this process may take without the machine or its container running short: what is
/// free or can be freed without writing to a disk, and what the process has already.
pub(super) fn available() -> Option<u64> {
    let machine = kilobytes("/proc/meminfo", "MemAvailable:")?;
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let free = groups.lines().filter_map(free_in_groups).fold(machine, u64::min);
    Some(free.saturating_add(resident()?))
}

/// Where control groups stand, and what their files are called.
struct Groups {
    root: &'static str,
    limit: &'static str,
    used: &'static str,
    files: [&'static str; 2],
}

const FIRST: Groups = Groups {
    root: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    files: ["total_inactive_file ", "total_active_file "],
};
const SECOND: Groups = Groups {
    root: "/sys/fs/cgroup",
    limit: "memory.max",
    used: "memory.current",
    files: ["inactive_file ", "active_file "],
};

/// What the control groups of one line of `/proc/self/cgroup` leave the process; a limit holds for
/// all groups within. `None` without a limit.
fn free_in_groups(line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':');
    let (_, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    let groups = match controllers {
        "" => SECOND,
        names if names.split(',').any(|name| name == "memory") => FIRST,
        _ => return None,
    };
    let root = Path::new(groups.root);
    let own = root.join(path.trim_start_matches('/'));
    let around = own.ancestors().take_while(|folder| folder.starts_with(root));
    around.filter_map(|folder| groups.free(folder)).min()
}

impl Groups {
    fn free(&self, folder: &Path) -> Option<u64> {
        let read = |name| fs::read_to_string(folder.join(name)).ok();
        // The word `max` is no limit.
        let limit: u64 = read(self.limit)?.trim().parse().ok()?;
        let used: u64 = read(self.used)?.trim().parse().ok()?;
        let stat = read("memory.stat")?;
        // Files that were read fill what nobody needs, and give way.
        let cached = self.files.iter().filter_map(|key| {
            stat.lines().find_map(|line| line.strip_prefix(key)?.parse::<u64>().ok())
        });
        Some(limit.saturating_sub(used.saturating_sub(cached.sum())))
    }
}

/// A line such as `VmRSS:     1234 kB`, in bytes.
fn kilobytes(file: &str, key: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let found = text.lines().find_map(|line| line.strip_prefix(key))?;
    let number: u64 = found.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(number * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_group_leaves_its_limit_less_what_does_not_give_way() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name, text| fs::write(folder.path().join(name), text).unwrap();
        file("memory.max", "1000\n");
        file("memory.current", "700\n");
        file("memory.stat", "anon 300\ninactive_file 150\nactive_file 250\n");
        assert_eq!(SECOND.free(folder.path()), Some(700)); // 1000 − (700 − 150 − 250)
        file("memory.max", "max\n");
        assert_eq!(SECOND.free(folder.path()), None);
        assert_eq!(free_in_groups("7:cpu,cpuacct:/a"), None);
    }

    #[test]
    fn memory_and_time_are_told_and_grow() {
        let (before, time) = (resident().unwrap(), cpu_seconds().unwrap());
        let mut block = vec![0_u8; 64 << 20];
        // Touched page by page, so that the system gives it.
        block.iter_mut().step_by(4096).for_each(|byte| *byte = 1);
        let after = resident().unwrap();
        // Other tests of the same process may free some meanwhile.
        assert!(after > before + (32 << 20), "{before} {after}");
        assert!(peak().unwrap() >= after);
        assert!(available().unwrap() >= after);
        assert!(cpu_seconds().unwrap() >= time);
        assert_eq!(block.iter().map(|byte| u64::from(*byte)).sum::<u64>(), (64 << 20) / 4096);
    }
}
