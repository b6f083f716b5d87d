//! Other histories of the same customers.

use rayon::prelude::*;

use super::clock::Clock;
use super::{Scenario, SimulatedRow, customer};
use crate::models::FrequencyLaw;
use crate::panel::Grid;
use crate::units::Day;

/// Draws the histories of customers first seen on these days up to the last day of `grid`, by the
/// laws of `scenario`; a customer without a day has none. Rows are in the order of the customers.
pub(crate) fn replay(
    scenario: &Scenario,
    grid: &Grid,
    first_days: &[Option<Day>],
) -> Vec<SimulatedRow> {
    let calendar = scenario.calendar.as_ref().filter(|calendar| !calendar.is_flat());
    let stays = matches!(scenario.frequency, FrequencyLaw::Nbd(_));
    let clock =
        (!stays || calendar.is_some()).then(|| Clock::new(grid, scenario.first_period(), calendar));
    let of = |(index, first): (u32, &Option<Day>)| match first {
        Some(day) => customer::draw(scenario, grid, clock.as_ref(), index, Some(*day)).1,
        None => Vec::new(),
    };
    let numbered: Vec<(u32, &Option<Day>)> = (0..).zip(first_days).collect();
    let rows: Vec<Vec<SimulatedRow>> = numbered.into_par_iter().map(of).collect();
    rows.into_iter().flatten().collect()
}
