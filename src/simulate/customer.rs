//! One customer: its truth and its purchases.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal};

use super::cents::{self, share_out};
use super::clock::Clock;
use super::days::Purchasing;
use super::leaving::Leaving;
use super::{Scenario, SimulatedRow, Truth};
use crate::fit::Form;
use crate::models::{RateLaw, ValueLaw};
use crate::panel::{Grid, PeriodIndex};
use crate::units::Day;

/// Standard deviation of a customer's margin around the mean; see [`Scenario::margin`].
const MARGIN_SPREAD: f64 = 0.08;

const SEGMENTS: [&str; 3] = ["consumer", "corporate", "home-office"];

/// Draws customer `index` from its own stream of the seed; `clock` is `None` without a calendar
/// where nobody leaves. The day of the first purchase is drawn unless it is given.
pub(super) fn draw(
    scenario: &Scenario,
    grid: &Grid,
    clock: Option<&Clock>,
    index: u32,
    first_purchase: Option<Day>,
) -> (Truth, Vec<SimulatedRow>) {
    let mut rng = ChaCha8Rng::seed_from_u64(scenario.seed);
    rng.set_stream(u64::from(index));
    let lambda = match scenario.frequency.rate() {
        RateLaw::Gamma { shape, rate } => gamma(&mut rng, shape, rate),
        RateLaw::Equal(rate) => rate,
    };
    let values = scenario.monetary.map(|law| OwnValues::draw(&mut rng, law));
    let margin = scenario.margin.map(|mean| normal(&mut rng, mean, MARGIN_SPREAD).min(1.0));
    let segment = scenario.segments.then(|| SEGMENTS[rng.random_range(0..SEGMENTS.len())]);
    let first = scenario.first_period();
    let last_acquisition =
        PeriodIndex(first.0.saturating_add_unsigned(scenario.acquisition_periods - 1));
    let span = grid.end(last_acquisition).since(grid.start(first));
    let first_purchase =
        first_purchase.unwrap_or_else(|| grid.start(first).plus(rng.random_range(0..=span)));

    let leaving = clock.map_or(Leaving::NEVER, |clock| {
        Leaving::draw(&mut rng, &scenario.frequency, clock, first_purchase, scenario.last_day)
    });
    let purchasing = Purchasing { grid, clock, first: first_purchase, lambda, leaving };
    let mut left = leaving.until.map(|(day, _)| day);
    let mut repeats = leaving.repeats;
    if repeats == Some(0) {
        left = Some(first_purchase);
    }
    let mut rows = Vec::new();
    for period in grid.index(first_purchase).0..=0 {
        if left.is_some_and(|day| day < grid.start(PeriodIndex(period))) {
            break;
        }
        let mut days = purchasing.days(&mut rng, PeriodIndex(period));
        if let Some(most) = &mut repeats {
            // The first purchase is not one of those after which the customer leaves.
            let first = usize::from(days.first() == Some(&first_purchase));
            let most_days = usize::try_from(*most).unwrap_or(usize::MAX).saturating_add(first);
            if days.len() >= most_days {
                days.truncate(most_days);
                left = days.last().copied().or(left);
            }
            *most = most.saturating_sub((days.len() - first) as u64);
        }
        if days.is_empty() {
            continue;
        }
        let amounts = values.map(|own| own.amounts(&mut rng, scenario.spend, days.len()));
        rows.extend(days.iter().enumerate().map(|(j, &day)| {
            let amount = amounts.as_ref().map(|amounts| amounts[j]);
            SimulatedRow {
                customer: index,
                day,
                amount,
                cost: amount.zip(margin).map(|(amount, margin)| cents::part(amount, 1.0 - margin)),
                expense: amount.zip(scenario.expense_rate).map(|(a, rate)| cents::part(a, rate)),
            }
        }));
    }
    let width = (scenario.customers.ilog10() as usize + 1).max(7);
    let truth = Truth {
        id: format!("C{:0width$}", index + 1),
        lambda,
        nu: values.and_then(OwnValues::nu),
        mean_value: values.map(OwnValues::mean),
        margin,
        segment,
        first_purchase,
        dropout: leaving.dropout,
        left,
    };
    (truth, rows)
}

/// What one customer spends per purchase: Gamma(p, rate ν), or always the same.
#[derive(Clone, Copy)]
enum OwnValues {
    Gamma { p: f64, nu: f64 },
    Constant(f64),
}

impl OwnValues {
    fn draw(rng: &mut impl Rng, law: ValueLaw) -> Self {
        match law {
            ValueLaw::GammaGamma { p, q, k } => Self::Gamma { p, nu: gamma(rng, q, k) },
            ValueLaw::SameForAll { p, rate } => Self::Gamma { p, nu: rate },
            ValueLaw::OwnConstant { q, scale } => Self::Constant(1.0 / gamma(rng, q, scale)),
            ValueLaw::Constant(value) => Self::Constant(value),
        }
    }

    const fn nu(self) -> Option<f64> {
        match self {
            Self::Gamma { nu, .. } => Some(nu),
            Self::Constant(_) => None,
        }
    }

    const fn mean(self) -> f64 {
        match self {
            Self::Gamma { p, nu } => p / nu,
            Self::Constant(value) => value,
        }
    }

    fn value(self, rng: &mut impl Rng) -> f64 {
        match self {
            Self::Gamma { p, nu } => gamma(rng, p, nu),
            Self::Constant(value) => value,
        }
    }

    /// The amounts of one period's purchases, in cents.
    fn amounts(self, rng: &mut impl Rng, spend: Form, purchases: usize) -> Vec<i64> {
        match (spend, self) {
            (Form::Period, Self::Gamma { .. }) => {
                let average = self.value(rng);
                share_out(rng, cents::total(average, purchases), purchases)
            }
            // Without spread within the customer, purchases of one period do not differ either.
            (Form::Purchase, _) | (_, Self::Constant(_)) => {
                (0..purchases).map(|_| cents::total(self.value(rng), 1)).collect()
            }
        }
    }
}

/// Gamma(shape, rate); its parameters have been checked.
pub(crate) fn gamma(rng: &mut impl Rng, shape: f64, rate: f64) -> f64 {
    // A small shape can underflow to 0, which neither a rate nor its inverse may be.
    Gamma::new(shape, 1.0 / rate).map_or(f64::NAN, |law| law.sample(rng)).max(f64::MIN_POSITIVE)
}

fn normal(rng: &mut impl Rng, mean: f64, deviation: f64) -> f64 {
    Normal::new(mean, deviation).map_or(mean, |law| law.sample(rng))
}
