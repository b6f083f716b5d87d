//! One run: the stage it is in, with the bar, the clock and the watch on memory that go by stages.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::Result;

use super::memory::Watch;
use super::progress::Bars;
use super::run_args::RunArgs;
use super::status::Strict;
use super::{output, system};
use crate::progress::Progress;
use crate::report::{StageTimes, Times, timings_text};

/// A run. A stage begins with [`start`](Progress::start), which the library calls, or
/// [`stage`](Self::stage), and ends with the next one or with [`did`](Self::did).
pub(super) struct Work {
    bars: Bars,
    watch: Option<Watch>,
    clock: Mutex<Clock>,
    timings: bool,
    strict: bool,
}

/// A stage that ends when this is dropped.
pub(super) struct Stage<'a>(&'a Work);

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        self.0.did(|_| ());
    }
}

impl Work {
    pub(super) fn begin(run: &RunArgs) -> Result<Self> {
        Ok(Self {
            bars: Bars::wanted(!run.quiet && !run.no_progress),
            watch: Watch::begin(run.memory)?,
            clock: Mutex::new(Clock::start()),
            timings: run.timings,
            strict: run.strict,
        })
    }

    /// Begins a stage that cannot say how far it is.
    pub(super) fn stage(&self, name: &'static str) -> Stage<'_> {
        self.start(name, None);
        Stage(self)
    }

    /// Ends the stage, if there is one, and notes what it did.
    pub(super) fn did(&self, note: impl FnOnce(&mut StageTimes)) {
        self.bars.clear();
        if let Some(watch) = &self.watch {
            watch.enter("reporting");
        }
        self.clock().end(note);
    }

    /// When the run took place; with `--timings` its stages up to now.
    pub(super) fn times(&self) -> Times {
        let clock = self.clock();
        let stages = if self.timings { clock.stages() } else { Vec::new() };
        let seconds = clock.since.elapsed().as_secs_f64();
        Times { started: clock.started.to_string(), seconds, stages }
    }

    /// The end of a run: tells the timings; warnings fail it under `--strict`.
    pub(super) fn finish(self, warnings: &[String]) -> Result<()> {
        self.did(|_| ());
        if self.timings {
            let clock = self.clock();
            let mut stages = clock.stages();
            stages.push(clock.total());
            output::note(&timings_text(&stages));
        }
        if self.strict && !warnings.is_empty() {
            return Err(Strict(warnings.len()).into());
        }
        Ok(())
    }

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Work {
    fn start(&self, stage: &'static str, total: Option<u64>) {
        self.did(|_| ());
        if let Some(watch) = &self.watch {
            watch.enter(stage);
        }
        self.clock().begin(stage);
        self.bars.start(stage, total);
    }

    fn advance(&self, amount: u64) {
        self.bars.advance(amount);
    }
}

/// When a run began, and what its stages took.
struct Clock {
    started: jiff::Timestamp,
    since: Instant,
    ended: Vec<StageTimes>,
    current: Option<Current>,
}

/// The stage that is going on.
struct Current {
    name: &'static str,
    since: Instant,
    cpu: Option<f64>,
}

impl Clock {
    fn start() -> Self {
        let (started, since) = (jiff::Timestamp::now(), Instant::now());
        Self { started, since, ended: Vec::new(), current: None }
    }

    fn begin(&mut self, name: &'static str) {
        let (since, cpu) = (Instant::now(), system::cpu_seconds());
        self.current = Some(Current { name, since, cpu });
    }

    fn end(&mut self, note: impl FnOnce(&mut StageTimes)) {
        let Some(current) = self.current.take() else { return };
        let mut stage = current.so_far();
        // A stage that was left for another one, and taken up again, is one stage.
        if let Some(at) = self.ended.iter().position(|ended| ended.stage == stage.stage) {
            let before = self.ended.remove(at);
            stage.seconds += before.seconds;
            stage.cpu_seconds = stage.cpu_seconds.zip(before.cpu_seconds).map(|(a, b)| a + b);
        }
        note(&mut stage);
        self.ended.push(stage);
    }

    /// All stages, the one that goes on as far as it is.
    fn stages(&self) -> Vec<StageTimes> {
        self.ended.iter().cloned().chain(self.current.as_ref().map(Current::so_far)).collect()
    }

    fn total(&self) -> StageTimes {
        StageTimes {
            seconds: self.since.elapsed().as_secs_f64(),
            // Nothing was done before the run began.
            cpu_seconds: system::cpu_seconds(),
            peak_memory: system::peak(),
            ..StageTimes::new("total")
        }
    }
}

impl Current {
    fn so_far(&self) -> StageTimes {
        StageTimes {
            seconds: self.since.elapsed().as_secs_f64(),
            cpu_seconds: self.cpu.zip(system::cpu_seconds()).map(|(from, to)| to - from),
            peak_memory: system::peak(),
            ..StageTimes::new(self.name)
        }
    }
}
