//! Where in the given history forecasts can be tried.

use crate::calendar::CYCLES_DAYS;
use crate::panel::{Panel, PeriodIndex};

/// Most origins that are tried: each is another fit of every candidate, and they overlap.
const MOST: u32 = 3;
/// Periods that a fit needs at least.
const FEWEST: u32 = 2;

/// Past as-of dates and the periods that are held out after each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holdout {
    /// Number of periods held out.
    pub(super) periods: u32,
    /// Last periods of the histories, the latest first.
    pub(super) origins: Vec<PeriodIndex>,
}

impl Holdout {
    /// For a history of `history` periods and a forecast over `horizon`: the whole horizon is held
    /// out where `horizon + 2` periods are known, else one period; `None` below three periods.
    pub(super) fn new(history: u32, horizon: u32) -> Option<Self> {
        let whole = history >= horizon.saturating_add(FEWEST);
        let periods = if whole { horizon } else { 1 };
        let most = history.checked_sub(periods + FEWEST)? + 1;
        Some(Self::last(periods, most.min(MOST)))
    }

    /// As long a holdout as leaves two years of history to estimate a season and a trend from, and
    /// the origins that do.
    pub(super) fn for_calendar(panel: &Panel, horizon: u32) -> Option<Self> {
        let first = panel.first_purchase()?;
        let long = |periods: u32| {
            let end = panel.grid.end(PeriodIndex(-periods.cast_signed()));
            end.since(first) + 1 >= CYCLES_DAYS
        };
        let whole = Self::new(panel.periods, horizon)?;
        let periods = (1..=whole.periods).rev().find(|&periods| long(periods))?;
        let more = (0..MOST).take_while(|back| long(periods + back)).count();
        Some(Self::last(periods, u32::try_from(more).unwrap_or(1).min(MOST)))
    }

    fn last(periods: u32, origins: u32) -> Self {
        let back = |i: u32| PeriodIndex(-(periods + i).cast_signed());
        Self { periods, origins: (0..origins).map(back).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_horizon_is_held_out_where_two_periods_are_left_and_one_period_elsewhere() {
        let holdout = |history, horizon| {
            Holdout::new(history, horizon)
                .map(|h| (h.periods, h.origins.iter().map(|o| o.0).collect()))
        };
        assert_eq!(holdout(16, 3), Some((3, vec![-3, -4, -5])));
        assert_eq!(holdout(6, 3), Some((3, vec![-3, -4])));
        assert_eq!(holdout(5, 3), Some((3, vec![-3])));
        assert_eq!(holdout(4, 3), Some((1, vec![-1, -2])));
        assert_eq!(holdout(3, 3), Some((1, vec![-1])));
        assert_eq!(holdout(2, 3), None);
    }
}
