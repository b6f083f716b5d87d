//! A fitted season and trend as a calendar, and the level that moves from it to the law.

use nalgebra::DVector;

use super::joint::JointFit;
use super::run::FitOptions;
use super::spend_parts::Parts;
use crate::calendar::{Calendar, SeasonKind};
use crate::panel::Panel;

/// The calendar and what normalising it does to k.
pub(super) struct Level {
    pub(super) calendar: Option<Calendar>,
    pub(super) ln: f64,
    /// ∂ ln level/∂β.
    pub(super) slope: DVector<f64>,
}

impl Level {
    pub(super) fn new(panel: &Panel, options: &FitOptions, parts: Parts, fit: &JointFit) -> Self {
        /// Of central differences: the level is a mean of exponentials, exact to 1e-16, so half
        /// the digits are left, and more than a standard error needs.
        const STEP: f64 = 1e-5;
        let seasonal = parts.season.map_or(0, SeasonKind::coefficients);
        let of = |beta: &DVector<f64>| {
            let mut calendar = Calendar {
                season: parts.season.map_or_else(Default::default, |kind| {
                    kind.season(&beta.as_slice()[..seasonal])
                }),
                origin: Some(panel.grid.as_of()),
                ..Calendar::default()
            };
            if let Some(trend) = parts.trend {
                calendar.trend = trend.trend(beta[seasonal], options.damping);
            }
            calendar.normalise(&panel.grid, panel.first_period());
            calendar
        };
        let columns = seasonal + usize::from(parts.trend.is_some());
        if columns == 0 {
            return Self { calendar: None, ln: 0.0, slope: DVector::zeros(fit.beta.len()) };
        }
        let slope = DVector::from_fn(fit.beta.len(), |j, _| {
            if j >= columns {
                return 0.0;
            }
            let moved = |by: f64| {
                let mut beta = fit.beta.clone();
                beta[j] += by;
                of(&beta).ln_level
            };
            (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
        });
        let calendar = of(&fit.beta);
        Self { ln: calendar.ln_level, calendar: Some(calendar), slope }
    }
}
