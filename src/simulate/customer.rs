//! One customer: its truth and its purchases.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal, Poisson};

use super::cents::{self, share_out};
use super::{Scenario, SimulatedRow, Truth};
use crate::fit::Form;
use crate::models::{RateLaw, ValueLaw};
use crate::panel::{Grid, PeriodIndex};
use crate::units::Day;

/// Standard deviation of a customer's margin around the mean; see [`Scenario::margin`].
const MARGIN_SPREAD: f64 = 0.08;

const SEGMENTS: [&str; 3] = ["consumer", "corporate", "home-office"];

/// Draws customer `index` from its own stream of the seed.
pub(super) fn draw(scenario: &Scenario, grid: &Grid, index: u32) -> (Truth, Vec<SimulatedRow>) {
    let mut rng = ChaCha8Rng::seed_from_u64(scenario.seed);
    rng.set_stream(u64::from(index));
    let lambda = match scenario.frequency {
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
    let first_purchase = grid.start(first).plus(rng.random_range(0..=span));

    let mut rows = Vec::new();
    for period in grid.index(first_purchase).0..=0 {
        let days = purchase_days(&mut rng, grid, PeriodIndex(period), first_purchase, lambda);
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
    };
    (truth, rows)
}

/// The days of one period's purchases, ascending: the acquiring day where it lies in the period,
/// and as many days after it as the Poisson process has purchases.
fn purchase_days(
    rng: &mut impl Rng,
    grid: &Grid,
    period: PeriodIndex,
    first_purchase: Day,
    lambda: f64,
) -> Vec<Day> {
    let acquisition = grid.index(first_purchase) == period;
    let (from, exposure) = if acquisition {
        (first_purchase.plus(1), grid.remaining(first_purchase))
    } else {
        (grid.start(period), 1.0)
    };
    let room = usize::try_from(grid.end(period).since(from) + 1).unwrap_or(0);
    let count = poisson(rng, lambda * exposure, room);
    let mut offsets = rand::seq::index::sample(rng, room, count).into_vec();
    offsets.sort_unstable();
    let after = offsets.into_iter().filter_map(|o| i32::try_from(o).ok()).map(|o| from.plus(o));
    acquisition.then_some(first_purchase).into_iter().chain(after).collect()
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
fn gamma(rng: &mut impl Rng, shape: f64, rate: f64) -> f64 {
    // A small shape can underflow to 0, which neither a rate nor its inverse may be.
    Gamma::new(shape, 1.0 / rate).map_or(f64::NAN, |law| law.sample(rng)).max(f64::MIN_POSITIVE)
}

fn normal(rng: &mut impl Rng, mean: f64, deviation: f64) -> f64 {
    Normal::new(mean, deviation).map_or(mean, |law| law.sample(rng))
}

/// A Poisson count, cut to `most`.
fn poisson(rng: &mut impl Rng, mean: f64, most: usize) -> usize {
    // Beyond a billion times any period's days every count is cut anyway.
    let count = Poisson::new(mean.min(1e15)).map_or(0.0, |law| law.sample(rng));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let count = count as usize;
    count.min(most)
}
