//! Long work: without the interpreter's lock, stopped by Ctrl-C, with a bar where tqdm is there.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clvcast::progress::Progress;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;

/// How often signals are looked for, and a bar is moved.
const TICK: Duration = Duration::from_millis(50);
/// Work that takes no longer gets no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where the work is.
#[derive(Default)]
struct State {
    stage: Mutex<(&'static str, Option<u64>)>,
    done: AtomicU64,
    stop: AtomicBool,
}

/// What unwinds a thread whose work is not wanted any more.
struct Stopped;

impl Progress for State {
    fn start(&self, stage: &'static str, total: Option<u64>) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = (stage, total);
        self.done.store(0, Ordering::Relaxed);
        self.advance(0);
    }

    fn advance(&self, amount: u64) {
        self.done.fetch_add(amount, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            // Work reports often and has no other way out; the panic hook is not run.
            resume_unwind(Box::new(Stopped));
        }
    }
}

/// Runs some work on a thread of its own and waits for it. What an interrupt leaves of it ends by
/// itself, and is not waited for.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&dyn Progress) -> Result<T, Failure> + Send + 'static,
) -> PyResult<T> {
    let state = Arc::new(State::default());
    let (sender, receiver) = channel();
    let theirs = Arc::clone(&state);
    thread::spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(|| work(&*theirs)));
        let result = result.unwrap_or_else(|cause| Err(fault(&*cause)));
        // Nobody may wait any more.
        let _ = sender.send(result);
    });
    // Shared with nobody, but the wait leaves the interpreter's lock, and has to be able to.
    let receiver = Mutex::new(receiver);
    let wait = || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(TICK);
    let mut bar = Bar::default();
    let since = Instant::now();
    loop {
        match py.detach(wait) {
            Ok(result) => {
                bar.close(py);
                return result.map_err(|failure| failure.raise(py));
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure::Fault("the work ended without a result".to_owned()).raise(py));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(interrupt) = py.check_signals() {
            state.stop.store(true, Ordering::Relaxed);
            bar.close(py);
            return Err(interrupt);
        }
        if since.elapsed() > PATIENCE {
            bar.show(py, &state);
        }
    }
}

fn fault(cause: &(dyn std::any::Any + Send)) -> Failure {
    if cause.is::<Stopped>() {
        return Failure::Interrupted;
    }
    let said = cause
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Failure::Fault(format!("a fault of the program, please report it: {said}"))
}

/// A bar of tqdm; none where that is not installed.
#[derive(Default)]
struct Bar {
    stage: &'static str,
    shown: Option<Py<PyAny>>,
    missing: bool,
}

impl Bar {
    /// A bar that cannot be shown is no reason to stop.
    fn show(&mut self, py: Python<'_>, state: &State) {
        if !self.missing && self.try_show(py, state).is_err() {
            self.missing = true;
        }
    }

    fn try_show(&mut self, py: Python<'_>, state: &State) -> PyResult<()> {
        let (stage, total) = *state.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shown.is_none() || stage != self.stage {
            self.close(py);
            let options = PyDict::new(py);
            options.set_item("desc", stage)?;
            options.set_item("total", total)?;
            options.set_item("leave", false)?;
            options.set_item("unit_scale", true)?;
            // The bars of notebooks need widgets; without them others would fill the page.
            let widgets = py.import("ipywidgets").is_ok();
            let tqdm = if widgets { "tqdm.auto" } else { "tqdm.std" };
            // None: no bar where standard error is not a terminal, but one in a notebook.
            options.set_item("disable", py.None())?;
            let bar = py.import(tqdm)?.getattr("tqdm")?.call((), Some(&options))?;
            (self.stage, self.shown) = (stage, Some(bar.unbind()));
        }
        if let Some(bar) = &self.shown {
            let bar = bar.bind(py);
            bar.setattr("n", state.done.load(Ordering::Relaxed))?;
            bar.call_method0("refresh")?;
        }
        Ok(())
    }

    fn close(&mut self, py: Python<'_>) {
        if let Some(bar) = self.shown.take() {
            let _ = bar.bind(py).call_method0("close");
        }
    }
}
