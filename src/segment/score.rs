//! The value score: points from a table of breakpoints.

use std::collections::BTreeMap;
use std::io::Read;

use super::csv_table::{number, read};
use super::{Attributes, Grouping, SegmentError};
use crate::panel::Panel;
use crate::value::Forecast;

/// What points are given for.
const ITEMS: [&str; 4] = ["amount", "opportunities", "suggestions", "demand"];

/// Points have nine decimal places at most.
const DECIMALS: f64 = 1e9;

/// A table of points: for each item, from which value on how many.
///
/// Items are `amount`, cumulative so far, money; `opportunities` and `suggestions`, counts from the
/// attributes; `demand`, the forecast amount of the coming periods together, money. A value below
/// the first breakpoint of its item, or one that is not known, has no points.
///
/// ```
/// let table = "item,from,points\namount,1000,1\namount,5000,3\ndemand,500,2\n";
/// let table = clvcast::segment::ScoreTable::read(table.as_bytes())?;
/// assert_eq!(table.points("amount", 4999.0), 1.0);
/// assert_eq!(table.points("amount", 5000.0), 3.0);
/// assert_eq!(table.points("demand", 1.0), 0.0);
/// # Ok::<(), clvcast::segment::SegmentError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScoreTable {
    /// Value and points, by item, values ascending.
    breakpoints: BTreeMap<&'static str, Vec<(f64, f64)>>,
}

impl ScoreTable {
    /// Reads the CSV columns item, from, points.
    ///
    /// # Errors
    /// Not a CSV with these columns; all rows with an unknown item, no numbers, or a breakpoint
    /// that does not lie above the one before it.
    pub fn read(input: impl Read) -> Result<Self, SegmentError> {
        const FILE: &str = "the score table";
        let mut table = Self::default();
        read(FILE, input, &["item", "from", "points"], &[], |_, cells| {
            let [item, from, points] = [0, 1, 2].map(|at| cells[at].unwrap_or_default());
            let known = ITEMS
                .into_iter()
                .find(|known| *known == item)
                .ok_or_else(|| format!("item is `{item}`, expected one of {}", ITEMS.join(", ")))?;
            let (from, points) = (number("from", from)?, number("points", points)?);
            let breakpoints = table.breakpoints.entry(known).or_default();
            if let Some((before, _)) = breakpoints.last().filter(|last| last.0 >= from) {
                return Err(format!(
                    "the breakpoint {from} of {known} follows {before}, expected increasing ones"
                ));
            }
            breakpoints.push((from, points));
            Ok(())
        })?;
        if table.breakpoints.is_empty() {
            return Err(SegmentError::Table {
                file: FILE,
                found: "no row".to_owned(),
                expected: "at least one breakpoint".to_owned(),
            });
        }
        Ok(table)
    }

    /// The points of a value.
    #[must_use]
    pub fn points(&self, item: &str, value: f64) -> f64 {
        let Some(breakpoints) = self.breakpoints.get(item) else { return 0.0 };
        let reached = breakpoints.partition_point(|(from, _)| *from <= value);
        reached.checked_sub(1).map_or(0.0, |last| breakpoints[last].1)
    }

    /// The score of every customer, the highest first.
    ///
    /// # Errors
    /// Points for an attribute that is not given.
    pub fn group(
        &self,
        panel: &Panel,
        forecast: &Forecast,
        attributes: &Attributes,
    ) -> Result<Grouping, SegmentError> {
        for item in ["opportunities", "suggestions"] {
            if self.breakpoints.contains_key(item) && !attributes.numbers.contains_key(item) {
                return Err(SegmentError::NoItem { item });
            }
        }
        let value = |item: &str, i: usize| match item {
            "amount" => panel.has_amount.then(|| panel.customers[i].amount.to_f64(panel.scale)),
            "demand" => forecast.amount_total(i),
            _ => attributes.numbers.get(item).and_then(|column| column[i]),
        };
        let score = |i: usize| -> f64 {
            let items = self.breakpoints.keys();
            let points = items.filter_map(|item| Some(self.points(item, value(item, i)?)));
            // Sums of decimals that are the same are the same score: 0.1 + 0.2 is 0.3.
            (points.fold(0.0, |sum, own| sum + own) * DECIMALS).round() / DECIMALS
        };
        let scores: Vec<f64> = (0..panel.customers.len()).map(score).collect();
        let mut distinct = scores.clone();
        distinct.sort_by(|a, b| b.total_cmp(a));
        distinct.dedup();
        let place = |score: &f64| {
            let higher = distinct.partition_point(|other| other > score);
            u32::try_from(higher).ok()
        };
        Ok(Grouping {
            column: "score".to_owned(),
            of: scores.iter().map(place).collect(),
            groups: distinct.iter().map(f64::to_string).collect(),
        })
    }
}
