//! `--memory`: a run that would make the machine swap stops and says so.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::status::Usage;
use super::{output, system};
use crate::report::numbers::decimal;

/// How much a run may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// So many bytes.
    Bytes(u64),
    /// Whatever the machine gives.
    Off,
}

/// Reads `4GB`, `500 MB`, `1.5GiB`, `none`.
pub(super) fn limit(text: &str) -> Result<Limit, String> {
    const EXPECTED: &str = "expected a size with its unit, kB, MB, GB, TB (powers of 1000) or \
                            KiB, MiB, GiB, TiB (of 1024), such as 500MB or 8GiB; or `none`";
    const UNITS: [(&str, u64); 8] = [
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
        ("tib", 1 << 40),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("tb", 1_000_000_000_000),
    ];
    let lower = text.trim().to_ascii_lowercase();
    if lower == "none" {
        return Ok(Limit::Off);
    }
    let (number, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((lower.strip_suffix(name)?.trim_end(), *unit)))
        .ok_or_else(|| format!("found no unit, {EXPECTED}"))?;
    // Plain decimals only: no sign, no exponent, no `inf`.
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match number.parse::<f64>() {
        Ok(value) if plain && value > 0.0 =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "positive, and a cast that is too large gives the largest number"
            )]
            Ok(Limit::Bytes((value * unit as f64) as u64))
        }
        _ => Err(format!("found the number `{number}`, {EXPECTED}")),
    }
}

/// Looks at the memory in use until it is dropped, and ends the process when it is too much.
pub(super) struct Watch(Arc<Shared>);

struct Shared {
    limit: u64,
    /// Why this limit, in words.
    why: String,
    stage: Mutex<&'static str>,
    done: AtomicBool,
}

impl Watch {
    /// How often it looks. Cores fill one to two GB a second, so that a run passes its limit by
    /// some 100 MB at most.
    const EVERY: Duration = Duration::from_millis(50);

    /// Starts it; `None` where nothing limits the run.
    pub(super) fn begin(asked: Option<Limit>) -> Result<Option<Self>> {
        let (limit, why) = match asked {
            Some(Limit::Off) => return Ok(None),
            Some(Limit::Bytes(limit)) => (limit, format!("`--memory` allows {}", shown(limit))),
            None => match system::available() {
                None => return Ok(None),
                Some(free) => {
                    // A twentieth for what passes the limit between two looks, and for the others.
                    let limit = free - free / 20;
                    let free = shown(free);
                    let why = format!(
                        "the machine had {free} free for the run when it began, of which it may take {}",
                        shown(limit)
                    );
                    (limit, why)
                }
            },
        };
        let Some(used) = system::resident() else {
            let text = "`--memory` needs a system that tells how much memory is in use (Linux): leave it out here";
            return Err(Usage(text.to_owned()).into());
        };
        let stage = Mutex::new("start");
        let shared = Arc::new(Shared { limit, why, stage, done: AtomicBool::new(false) });
        if used > limit {
            bail!("{}", shared.message(used, "start"));
        }
        let watched = Arc::clone(&shared);
        let look = move || {
            while !watched.done.load(Ordering::Relaxed) {
                watched.look();
                thread::sleep(Self::EVERY);
            }
        };
        thread::Builder::new()
            .name("memory".to_owned())
            .spawn(look)
            .context("the watch on the memory cannot be started; try `--memory none`")?;
        Ok(Some(Self(shared)))
    }

    /// The run enters a stage; looks at once, so that a short stage is not overlooked.
    pub(super) fn enter(&self, stage: &'static str) {
        self.0.look();
        *self.0.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.done.store(true, Ordering::Relaxed);
    }
}

impl Shared {
    fn look(&self) {
        let Some(used) = system::resident().filter(|used| *used > self.limit) else { return };
        let stage = *self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        // A run that has just ended has its output in place.
        if !self.done.load(Ordering::Relaxed) {
            output::abandon(&format!("error: {}\n", self.message(used, stage)), 1);
        }
    }

    fn message(&self, used: u64, stage: &str) -> String {
        let way_out = match stage {
            "reading" | "panel" => {
                "- leave columns out that you do not need: `--order none` (then one purchase is one day), `--cost none`, `--expense none`, `--segment none`\n  "
            }
            "comparing" => {
                "- name a model with `--frequency`, so that none are compared, or one file with `--model`\n  "
            }
            "drawing futures" | "holding out" => {
                "- ask for fewer `--quantiles` or `--draws`, or for none\n  "
            }
            "writing" => {
                "- write fewer columns: `--columns`; in a report fewer customers: `--top`\n  "
            }
            _ => "",
        };
        format!(
            "out of memory in the stage `{stage}`: {} are in use, and {}; no output file was changed\n  what to try:\n  {way_out}- split the transactions by ranges of customers: fit once with `clvcast fit -o model.json`, then forecast each part with `--model model.json`\n  - a larger `--memory`, or `--memory none` to let the machine swap",
            shown(used),
            self.why
        )
    }
}

/// A size for people.
fn shown(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{} MB", decimal(bytes as f64 / 1e6, 1)),
        _ => format!("{} GB", decimal(bytes as f64 / 1e9, 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_units() {
        let bytes = |text| match limit(text) {
            Ok(Limit::Bytes(bytes)) => bytes,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(bytes("4GB"), 4_000_000_000);
        assert_eq!(bytes("500 mb"), 500_000_000);
        assert_eq!(bytes("8GiB"), 8 << 30);
        assert_eq!(bytes("1.5kB"), 1_500);
        assert_eq!(bytes("2TiB"), 2 << 40);
        assert_eq!(limit("none"), Ok(Limit::Off));
        for bad in ["", "4", "4G", "GB", "-1GB", "0MB", "1e3MB", "infGB", "nanMB", "1,5GB", "4XB"] {
            let message = limit(bad).unwrap_err();
            assert!(message.contains("such as 500MB or 8GiB"), "{bad}: {message}");
        }
    }
}
