//! Progress bars on standard error, for people only.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::progress::Progress;

/// Draws one bar per stage; nothing when standard error is not a terminal.
pub(super) struct Bars {
    shown: bool,
    bar: Mutex<ProgressBar>,
}

impl Bars {
    /// Bars where they are wanted and somebody can see them.
    pub(super) fn wanted(wanted: bool) -> Self {
        let shown = wanted && std::io::stderr().is_terminal();
        Self { shown, bar: Mutex::new(ProgressBar::hidden()) }
    }

    /// Takes the bar away, so that words can be printed.
    pub(super) fn clear(&self) {
        if let Ok(bar) = self.bar.lock() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bars {
    fn start(&self, stage: &'static str, total: Option<u64>) {
        let Ok(mut bar) = self.bar.lock() else { return };
        bar.finish_and_clear();
        if !self.shown {
            return;
        }
        let bytes = stage == "reading";
        let template = match (total.is_some(), bytes) {
            (true, true) => "{msg:<15} {bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left",
            (true, false) => "{msg:<15} {bar:30} {human_pos}/{human_len}  {per_sec}  {eta} left",
            (false, true) => "{msg:<15} {spinner} {bytes}  {bytes_per_sec}",
            (false, false) => "{msg:<15} {spinner} {elapsed}",
        };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        // Ten updates a second: slower runs show movement, faster ones hardly a frame.
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let new = ProgressBar::with_draw_target(total, target).with_style(style);
        new.set_message(stage);
        new.enable_steady_tick(Duration::from_millis(500));
        *bar = new;
    }

    fn advance(&self, amount: u64) {
        if let Ok(bar) = self.bar.lock() {
            bar.inc(amount);
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.clear();
    }
}
