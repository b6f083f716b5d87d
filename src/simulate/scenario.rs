//! What to simulate, and what cannot be.

use crate::calendar::Calendar;
use crate::fit::Form;
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw, ValueLaw};
use crate::panel::{Grid, GridError, Period, PeriodIndex};
use crate::units::Day;

/// What a synthetic ledger is drawn from.
///
/// The default: 1 000 customers acquired over one year and observed for three, by quarter, with
/// the purchase rates of the published example of *S* (1.45 purchases per quarter) and the
/// purchase values of CDNOW (35 per purchase; Fader & Hardie 2013), a margin and an expense rate.
///
/// ```
/// use clvcast::models::{FrequencyLaw, RateLaw};
/// use clvcast::simulate::{Scenario, simulate};
/// // Everybody purchases at the same rate: no over-dispersion to be found.
/// let frequency = FrequencyLaw::Nbd(RateLaw::poisson(0.8).unwrap());
/// let simulation = simulate(&Scenario { frequency, ..Scenario::default() }).unwrap();
/// assert!(simulation.customers.iter().all(|truth| truth.lambda == 0.8));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Number of customers.
    pub customers: u32,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Length of a period; rates are per period.
    pub period: Period,
    /// Number of periods.
    pub periods: u32,
    /// Last day of the last period.
    pub last_day: Day,
    /// Law of the purchase rate across customers, and of leaving.
    pub frequency: FrequencyLaw,
    /// Factors of the purchase rate by day; `None` where every day is alike. A trend without an
    /// origin counts from the last day.
    pub calendar: Option<Calendar>,
    /// Law of purchase values; `None` for a ledger without amounts.
    pub monetary: Option<ValueLaw>,
    /// What one value of that law is.
    pub spend: Form,
    /// The first so many periods in which customers are acquired, uniformly over their days.
    pub acquisition_periods: u32,
    /// Mean gross margin over customers, a share of the amount below 1; a customer's own margin
    /// is normal around it with a standard deviation of 0.08, never above 1. `None` for a ledger
    /// without costs.
    pub margin: Option<f64>,
    /// Relationship-marketing expense as a share of each amount; `None` for a ledger without.
    pub expense_rate: Option<f64>,
    /// Whether customers have segments, drawn independently of everything else.
    pub segments: bool,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            customers: 1000,
            seed: 1,
            period: Period::Quarter,
            periods: 12,
            // 31 December 2025, the end of a month, a quarter and a year.
            last_day: Day::from_number(20_453),
            frequency: FrequencyLaw::Nbd(RateLaw::Gamma { shape: 2.67, rate: 1.84 }),
            calendar: None,
            monetary: Some(ValueLaw::GammaGamma { p: 6.25, q: 3.74, k: 15.44 }),
            spend: Form::Period,
            acquisition_periods: 4,
            margin: Some(0.4),
            expense_rate: Some(0.05),
            segments: true,
        }
    }
}

/// A scenario that cannot be simulated.
///
/// ```
/// use clvcast::simulate::{Scenario, simulate};
/// let error = simulate(&Scenario { customers: 0, ..Scenario::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "found 0 customers, expected at least 1");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// No customers.
    #[error("found 0 customers, expected at least 1")]
    NoCustomers,
    /// Acquisition periods outside the simulated ones.
    #[error("found {found} acquisition period(s), expected 1 to {periods}, the number of periods")]
    AcquisitionPeriods {
        /// The number given.
        found: u32,
        /// Periods of the scenario.
        periods: u32,
    },
    /// The last day does not end a period, or periods have no days.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// The ledger would reach beyond the years a ledger is read for.
    #[error(
        "the ledger would run from {first} to {last}, expected days from 1900-01-01 to 2100-12-31: use fewer or shorter periods, or another last day"
    )]
    OutOfRange {
        /// First day of the first period.
        first: Day,
        /// Last day.
        last: Day,
    },
    /// A law's parameter that is not positive and finite.
    #[error("parameter `{name}`: found {found}, expected a positive finite number")]
    Parameter {
        /// The parameter's name in the model file.
        name: &'static str,
        /// The value found.
        found: f64,
    },
    /// A probability of leaving that is none.
    #[error("the probability of leaving is {found}, expected a number above 0 and at most 1")]
    Probability {
        /// The probability given.
        found: f64,
    },
    /// A margin that is not a share below 1.
    #[error("the margin is {found}, expected a finite number below 1, such as 0.35")]
    Margin {
        /// The margin given.
        found: f64,
    },
    /// An expense rate that is not a non-negative share.
    #[error("the expense rate is {found}, expected a finite number of at least 0, such as 0.05")]
    ExpenseRate {
        /// The rate given.
        found: f64,
    },
    /// A margin or an expense rate in a ledger without amounts.
    #[error(
        "a margin or an expense rate is a share of amounts, and the scenario has no law of values: leave it out, or give the law"
    )]
    NoAmounts,
}

impl Scenario {
    /// The periods of a scenario that can be simulated.
    pub(super) fn check(&self) -> Result<Grid, SimulateError> {
        if self.customers == 0 {
            return Err(SimulateError::NoCustomers);
        }
        let (found, periods) = (self.acquisition_periods, self.periods);
        if found == 0 || found > periods {
            return Err(SimulateError::AcquisitionPeriods { found, periods });
        }
        let positive = |name, found: f64| {
            if found.is_finite() && found > 0.0 {
                Ok(())
            } else {
                Err(SimulateError::Parameter { name, found })
            }
        };
        let names = match self.frequency {
            FrequencyLaw::Nbd(_) => ("b", "a"),
            _ => ("r", "alpha"),
        };
        match self.frequency.rate() {
            RateLaw::Gamma { shape, rate } => {
                positive(names.0, shape).and(positive(names.1, rate))?;
            }
            RateLaw::Equal(rate) => positive("rate", rate)?,
        }
        match self.frequency {
            FrequencyLaw::Nbd(_) => {}
            FrequencyLaw::Pdo { tau: 0, .. } => positive("tau", 0.0)?,
            FrequencyLaw::BgNbd { dropout, .. }
            | FrequencyLaw::MbgNbd { dropout, .. }
            | FrequencyLaw::Pdo { dropout, .. } => match dropout {
                Dropout::Beta { a, b } => positive("a", a).and(positive("b", b))?,
                Dropout::Equal(found) if !(found > 0.0 && found <= 1.0) => {
                    return Err(SimulateError::Probability { found });
                }
                Dropout::Equal(_) | Dropout::Never => {}
            },
            FrequencyLaw::ParetoNbd { lifetime, .. } => match lifetime {
                Lifetime::Gamma { shape, rate } => {
                    positive("s", shape).and(positive("beta", rate))?;
                }
                Lifetime::Equal(rate) => positive("leaving", rate)?,
                Lifetime::Never => {}
            },
        }
        match self.monetary {
            Some(ValueLaw::GammaGamma { p, q, k }) => {
                positive("p", p).and(positive("q", q)).and(positive("k", k))?;
            }
            Some(ValueLaw::SameForAll { p, rate }) => {
                positive("p", p).and(positive("rate", rate))?;
            }
            Some(ValueLaw::OwnConstant { q, scale }) => {
                positive("q", q).and(positive("scale", scale))?;
            }
            Some(ValueLaw::Constant(value)) => positive("value", value)?,
            None if self.margin.is_some() || self.expense_rate.is_some() => {
                return Err(SimulateError::NoAmounts);
            }
            None => {}
        }
        if let Some(found) = self.margin.filter(|margin| !margin.is_finite() || *margin >= 1.0) {
            return Err(SimulateError::Margin { found });
        }
        if let Some(found) = self.expense_rate.filter(|rate| !rate.is_finite() || *rate < 0.0) {
            return Err(SimulateError::ExpenseRate { found });
        }
        let grid = Grid::new(self.period, self.last_day)?;
        let (first, last) = (grid.start(self.first_period()), self.last_day);
        let year = |day: Day| day.date().year();
        if year(first) < 1900 || year(last) > 2100 {
            return Err(SimulateError::OutOfRange { first, last });
        }
        Ok(grid)
    }

    /// The first of the simulated periods; the last one is 0.
    pub(super) fn first_period(&self) -> PeriodIndex {
        PeriodIndex(1_i32.saturating_sub_unsigned(self.periods))
    }
}
