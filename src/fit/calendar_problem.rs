//! The likelihood of a frequency model and a calendar, for the joint climb.

use nalgebra::{DMatrix, DVector};

use super::day_histories::{DayHistories, PanelHistories};
use super::joint::Conditional;
use super::law_shape::LawShape;
use super::objective::Evaluation;
use super::timed::TimeGradient;
use crate::calendar::{SeasonKind, Timeline, Trend, days, share};
use crate::panel::{Clock, Panel};
use crate::units::Day;

/// What a calendar is estimated from: purchases and exposure by day.
pub(super) struct DayData<'a> {
    pub(super) panel: &'a Panel,
    pub(super) histories: &'a PanelHistories<'a>,
    pub(super) days: Vec<Day>,
    /// Purchases N_d that the clock counts, by day.
    purchases: Vec<f64>,
    /// Time a day adds where its factor is 1, periods.
    shares: Vec<f64>,
    /// Weight of a day in the mean factor, which is 1.
    weights: Vec<f64>,
    /// ln of the given factor of a day.
    given: Vec<f64>,
}

impl<'a> DayData<'a> {
    /// Of a panel; `given` are known ln factors by day.
    pub(super) fn new(
        panel: &'a Panel,
        histories: &'a PanelHistories<'a>,
        given: impl Fn(Day) -> f64,
    ) -> Self {
        let first = panel.grid.start(panel.first_period());
        let days: Vec<Day> = days(first, panel.grid.as_of()).collect();
        let mut purchases = vec![0.0; days.len()];
        let last = days.len().saturating_sub(1);
        for (ago, &n) in panel.repeats_by_day.iter().enumerate().take(days.len()) {
            purchases[last - ago] += n as f64;
        }
        if panel.clock == Clock::Panel {
            for customer in &panel.customers {
                if let Some(day) = customer.first_purchase {
                    let d = day.since(first).unsigned_abs() as usize;
                    purchases[d] += f64::from(customer.acquisition_purchases);
                }
            }
        }
        let length = |day: &Day| f64::from(panel.grid.days(panel.grid.index(*day)));
        let periods = f64::from(panel.periods);
        Self {
            panel,
            histories,
            shares: days.iter().map(|&day| share(panel, day)).collect(),
            weights: days.iter().map(|day| 1.0 / (length(day) * periods)).collect(),
            given: days.iter().map(|&day| given(day)).collect(),
            purchases,
            days,
        }
    }

    /// The days' rows of the design matrix: season, then trend.
    pub(super) fn design(&self, season: Option<SeasonKind>, trend: bool) -> DMatrix<f64> {
        let of_season = season.map_or(0, SeasonKind::coefficients);
        let mut design = DMatrix::zeros(self.days.len(), of_season + usize::from(trend));
        for (d, &day) in self.days.iter().enumerate() {
            for (j, value) in season.iter().flat_map(|kind| kind.row(day)).enumerate() {
                design[(d, j)] = value;
            }
            if trend {
                design[(d, of_season)] = Trend::years(self.panel.grid.as_of(), day);
            }
        }
        design
    }

    /// ln g by day, mean factor 1.
    pub(super) fn ln_factors(&self, design: &DMatrix<f64>, beta: &DVector<f64>) -> Vec<f64> {
        let eta = design * beta + DVector::from_column_slice(&self.given);
        let mean: f64 = eta.iter().zip(&self.weights).map(|(eta, w)| w * eta.exp()).sum();
        eta.iter().map(|eta| eta - mean.ln()).collect()
    }

    /// Σ N_d ln g_d.
    pub(super) fn of_purchases(&self, ln_factors: &[f64]) -> f64 {
        // A day without purchases adds nothing, whatever its factor.
        self.purchases.iter().zip(ln_factors).filter(|(n, _)| **n > 0.0).map(|(n, l)| n * l).sum()
    }

    /// ∂ ln L/∂ ln g_d of the model's part: derivatives in times, spread over the days that make
    /// them up.
    fn by_day(
        &self,
        histories: &DayHistories,
        gradient: &TimeGradient,
        tau: Option<u32>,
        timeline: &Timeline,
    ) -> Vec<f64> {
        let first = self.days.first().copied().unwrap_or(self.panel.grid.as_of());
        let at = |day: Day| usize::try_from(day.since(first)).unwrap_or(0);
        // What changes with each day, added up at the end.
        let mut steps = vec![0.0; self.days.len() + 1];
        let mut spread = |from: Day, to: Day, value: f64| {
            let from = match self.panel.clock {
                Clock::FirstPurchase => at(from) + 1,
                Clock::Panel => at(from),
            };
            steps[from] += value;
            steps[at(to) + 1] -= value;
        };
        let as_of = self.panel.grid.as_of();
        for (row, &(t_x, t)) in gradient.rows.iter().enumerate() {
            let (start, last) = histories.days(row);
            spread(start, as_of, t);
            if t_x != 0.0 {
                spread(start, last, t_x);
            }
        }
        if let Some(tau) = tau {
            for (start, values) in gradient.ends.iter().enumerate() {
                let ends = histories.ends(timeline, start, tau);
                for (&end, &value) in ends.iter().zip(values) {
                    spread(histories.starts[start], end, value);
                }
            }
        }
        let mut sum = 0.0;
        let of_day = |(step, share): (&f64, &f64)| {
            sum += step;
            sum * share
        };
        steps.iter().zip(&self.shares).map(of_day).collect()
    }
}

/// ln L of a frequency model in operational time, Σ N_d ln g_d included.
pub(super) struct CalendarProblem<'a> {
    pub(super) data: &'a DayData<'a>,
    pub(super) design: DMatrix<f64>,
    pub(super) shape: LawShape,
    pub(super) penalty: Option<f64>,
}

impl Conditional for CalendarProblem<'_> {
    fn names(&self) -> &'static [&'static str] {
        self.shape.names()
    }

    fn coordinates(&self) -> DMatrix<f64> {
        self.shape.coordinates()
    }

    fn evaluate(&self, theta: &DVector<f64>, beta: &DVector<f64>) -> (Evaluation, DVector<f64>) {
        let data = self.data;
        let ln_factors = data.ln_factors(&self.design, beta);
        let value = data.of_purchases(&ln_factors);
        let factors: Vec<f64> = ln_factors.iter().map(|l| l.exp()).collect();
        let timeline = Timeline::of_past(data.panel, ln_factors);
        let histories = data.histories.of(self.shape.stays());
        let timed = histories.timed(&timeline, self.shape.tau());
        let (mut at, times) = self.shape.evaluate(&timed, theta, self.penalty);
        at.value += value;
        let by_day = data.by_day(histories, &times, self.shape.tau(), &timeline);
        let days = data.days.len();
        let slopes = DVector::from_fn(days, |d, _| data.purchases[d] + factors[d] * by_day[d]);
        let shares = DVector::from_fn(days, |d, _| data.weights[d] * factors[d]);
        // The level moves with the coefficients, so that the mean factor stays 1.
        let mean = self.design.tr_mul(&shares);
        (at, self.design.tr_mul(&slopes) - mean * slopes.sum())
    }
}

#[cfg(test)]
mod tests;
