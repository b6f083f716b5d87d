//! Whether a forecast file is still the one that its manifest speaks of.

use super::issued::Issued;
use crate::predict::{Target, Window};
use crate::report::PeriodSection;

/// Sums of a file and of its manifest differ by the order of adding, and no more: far less than
/// this share.
const SAME: f64 = 1e-9;

impl Issued {
    /// What does not agree with the manifest, as warnings; empty for a file that is as it was
    /// written.
    #[must_use]
    pub fn doubts(&self) -> Vec<String> {
        let shown = self.path.display();
        let mut doubts = Vec::new();
        let written = &self.manifest.version;
        if written != env!("CARGO_PKG_VERSION") {
            doubts.push(format!(
                "`{shown}` was written by version {written}, this is {}: forecasts of two versions can differ for that reason alone",
                env!("CARGO_PKG_VERSION")
            ));
        }
        let (found, expected) = (self.customers.len() as u64, self.manifest.customers.forecast);
        if found != expected {
            if self.is_subset() && found < expected {
                // The totals of the manifest are those of the whole base.
                return doubts;
            }
            doubts.push(format!(
                "`{shown}` has {found} customers, its manifest says {expected}: the file was altered after it was written"
            ));
            return doubts;
        }
        for target in Target::ALL {
            for (h, section) in self.manifest.totals.periods.iter().enumerate() {
                let window = Window::Period(h);
                let Some(said) = of_section(section, target) else { continue };
                if !self.has(target, window) {
                    continue; // a file of chosen columns
                }
                let sum = self.sum(target, window);
                // Where profits nearly cancel, the sum of their sizes is what rounding acts on.
                let size: f64 = (0..self.customers.len())
                    .filter_map(|i| self.value(i, target, window))
                    .map(f64::abs)
                    .sum();
                if (sum - said).abs() > SAME * size.max(said.abs()) {
                    doubts.push(format!(
                        "the {} of {} add up to {sum} in `{shown}` and to {said} in its manifest: the file was altered after it was written",
                        target.name(),
                        section.period
                    ));
                }
            }
        }
        doubts
    }

    /// Sum over the customers that have the number.
    #[must_use]
    pub fn sum(&self, target: Target, window: Window) -> f64 {
        (0..self.customers.len()).filter_map(|i| self.value(i, target, window)).sum()
    }

    /// Whether the run wrote only some customers of its base.
    #[must_use]
    pub fn is_subset(&self) -> bool {
        let is_option = |word: &String| word == "--customers" || word.starts_with("--customers=");
        self.manifest.command.iter().any(is_option)
    }
}

fn of_section(section: &PeriodSection, target: Target) -> Option<f64> {
    match target {
        Target::Purchases => Some(section.totals.purchases),
        Target::Amount => section.totals.amount,
        Target::GrossProfit => section.totals.gross_profit,
    }
}
