//! How deep customers sleep.

use super::cuts::increasing;
use super::{Grouping, SegmentError};
use crate::panel::{Panel, Period};
use crate::value::Forecast;

/// From where on a customer is dozing, half-asleep, asleep.
///
/// ```
/// use clvcast::{panel::Period, segment::Dormancy};
/// // A quarter, half a year and a year without a purchase.
/// assert_eq!(Dormancy::of_period(Period::Quarter), Dormancy::Periods([1, 2, 4]));
/// assert_eq!(Dormancy::of_period(Period::Month), Dormancy::Periods([3, 6, 12]));
/// assert_eq!(Dormancy::of_period(Period::Days(30)), Dormancy::Periods([3, 6, 12]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dormancy {
    /// By whole periods since the last active one: so many or more.
    Periods([u32; 3]),
    /// By P(active in the next period): asleep below the first, half-asleep below the second,
    /// dozing below the third.
    Probability([f64; 3]),
}

/// The labels, the liveliest first.
const LABELS: [&str; 4] = ["awake", "dozing", "half-asleep", "asleep"];

impl Dormancy {
    /// A quarter, half a year and a year, in the nearest numbers of whole periods, or 1, 2 and 4 of
    /// longer ones.
    #[must_use]
    pub fn of_period(period: Period) -> Self {
        Self::Periods(match period {
            Period::Week => [13, 26, 52],
            Period::Month => [3, 6, 12],
            Period::Quarter | Period::Year => [1, 2, 4],
            Period::Days(days) => {
                // The nearest number of whole periods, at least one.
                let days = days.max(1);
                let periods = |quarters: u32| {
                    (quarters * 365 + days.saturating_mul(2)) / days.saturating_mul(4)
                };
                let first = periods(1).max(1);
                let second = periods(2).max(first + 1);
                [first, second, periods(4).max(second + 1)]
            }
        })
    }

    /// From the numbers of an option.
    ///
    /// # Errors
    /// Not three numbers that increase; numbers of periods that are not whole.
    pub fn given(numbers: &[f64], by_probability: bool) -> Result<Self, SegmentError> {
        let option = if by_probability { "--dormancy-p" } else { "--dormancy" };
        let [a, b, c] = *numbers else {
            return Err(SegmentError::Dormancy { option, found: numbers.len() });
        };
        increasing(option, numbers)?;
        let bad = || SegmentError::NotIncreasing { option, cuts: numbers.to_vec() };
        if by_probability {
            let inside = a > 0.0 && c <= 1.0;
            return if inside { Ok(Self::Probability([a, b, c])) } else { Err(bad()) };
        }
        let whole = |number: f64| {
            let fits = number.fract() == 0.0 && (1.0..=f64::from(u16::MAX)).contains(&number);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number from 1 to 65,535"
            )]
            fits.then_some(number as u32)
        };
        match [whole(a), whole(b), whole(c)] {
            [Some(a), Some(b), Some(c)] => Ok(Self::Periods([a, b, c])),
            _ => Err(bad()),
        }
    }

    /// The class of every customer; those without an active period have none.
    #[must_use]
    pub fn group(&self, panel: &Panel, forecast: &Forecast) -> Grouping {
        let of = (0..panel.customers.len()).map(|i| match self {
            Self::Periods(from) => depth(panel.state(i)?.r, *from),
            Self::Probability(below) => {
                let p = forecast.period(i, 0)?.step.p_active;
                Some(3 - u32::try_from(below.iter().filter(|cut| p >= **cut).count()).ok()?)
            }
        });
        Self::grouping(of.collect())
    }

    /// The class of every customer by silence alone, for a day without a forecast; `None` where
    /// classes go by probability.
    #[must_use]
    pub fn of_history(&self, panel: &Panel) -> Option<Grouping> {
        let Self::Periods(from) = self else { return None };
        let of = (0..panel.customers.len()).map(|i| depth(panel.state(i)?.r, *from));
        Some(Self::grouping(of.collect()))
    }

    fn grouping(of: Vec<Option<u32>>) -> Grouping {
        Grouping { column: "dormancy".to_owned(), groups: LABELS.map(str::to_owned).to_vec(), of }
    }
}

/// The class after so many periods of silence, from 0.
fn depth(silent: u32, from: [u32; 3]) -> Option<u32> {
    u32::try_from(from.iter().filter(|from| silent >= **from).count()).ok()
}
