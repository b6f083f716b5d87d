//! The published rule: one number per state, a score of potential.

use std::collections::BTreeMap;

use super::Step;
use super::purchases::Count;
use crate::fit::FittedModel;
use crate::markov::{FrequencyTable, ValueTable};
use crate::models::ValueLaw;

/// The tables of the published rule, for the states that occur.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let rule = clvcast::forecast::PointRule::new(&model, [0], &[1.0; 3]);
/// assert_eq!(rule.expected_count(1), 2);
/// assert!((rule.probability(2, 0, 1).unwrap() - 0.3605788596).abs() < 1e-9); // S: 0.3606
/// let (value, stays) = rule.value(20_000.0).unwrap();
/// assert!((value - 46_918.5248).abs() < 1e-3 && (stays - 0.8753612064).abs() < 1e-9);
/// assert_eq!(rule.steps(0, 1, Some(20_000.0), &[1.0; 3]).len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct PointRule {
    frequency: FrequencyTable,
    /// p_f(·, r) by r and by the bits of the next period's exposure.
    probabilities: BTreeMap<(u32, u64), Vec<f64>>,
    ahead: Vec<f64>,
    values: Option<ValueTable>,
    /// In the limit p → ∞ a value never changes: m* = m1 with certainty.
    constant: bool,
}

impl PointRule {
    /// Tables of `model` for these numbers of empty periods at the as-of date, and coming periods
    /// of the exposures `ahead`: 1 each without a calendar.
    #[must_use]
    pub fn new(
        model: &FittedModel,
        empty_periods: impl IntoIterator<Item = u32>,
        ahead: &[f64],
    ) -> Self {
        let frequency = FrequencyTable::new(model.frequency.rate(), model.states.max_frequency);
        let mut probabilities = BTreeMap::new();
        for r in empty_periods {
            for (r, &exposure) in (r..).zip(ahead) {
                probabilities
                    .entry((r, exposure.to_bits()))
                    .or_insert_with(|| frequency.probabilities(r, exposure));
            }
        }
        let values = model
            .monetary
            .zip(model.states.bands.clone())
            .map(|(monetary, bands)| ValueTable::new(monetary.law, bands));
        let constant = matches!(
            model.monetary.map(|monetary| monetary.law),
            Some(ValueLaw::OwnConstant { .. } | ValueLaw::Constant(_))
        );
        Self { frequency, probabilities, ahead: ahead.to_vec(), values, constant }
    }

    /// f*, the transition expectation of f1.
    #[must_use]
    pub fn expected_count(&self, f1: u32) -> u32 {
        self.frequency.expected(f1)
    }

    /// p_f(f*, r + h − 1) of the h-th coming period for a customer with `r` empty periods now; `None`
    /// where the rule was not made for it.
    #[must_use]
    pub fn probability(&self, expected: u32, r: u32, h: u32) -> Option<f64> {
        let ahead = h.checked_sub(1)?;
        let exposure = self.ahead.get(ahead as usize)?;
        let table = self.probabilities.get(&(r + ahead, exposure.to_bits()))?;
        table.get(expected as usize).copied()
    }

    /// m* and T\[band(m1)\]\[band(m*)\], `None` without amounts.
    #[must_use]
    pub fn value(&self, m1: f64) -> Option<(f64, f64)> {
        if self.constant {
            return Some((m1, 1.0));
        }
        let table = self.values.as_ref()?;
        let row = &table.rows[table.bands.nearest(m1)];
        Some((row.expected, row.probability.bands[row.to_band]))
    }

    /// The steps of a customer in state (r, f1, m1); `levels` are the factors of the values of the
    /// coming periods, 1 each without a calendar of values, and m1 is a value at factor 1.
    #[must_use]
    pub fn steps(&self, r: u32, f1: u32, m1: Option<f64>, levels: &[f64]) -> Vec<Step> {
        let value = m1.and_then(|m1| self.value(m1)).map(|(m, t)| m * t);
        self.counts(r, f1)
            .zip(levels)
            .map(|(Count { p_active, purchases }, level)| {
                let value = value.map(|v| v * level);
                Step { p_active, purchases, value, amount: value.map(|v| purchases * v) }
            })
            .collect()
    }

    /// The counts of a customer in state (r, f1).
    pub(super) fn counts(&self, r: u32, f1: u32) -> impl Iterator<Item = Count> + '_ {
        let expected = self.expected_count(f1);
        (1..).zip(&self.ahead).map(move |(h, _)| {
            let p = self.probability(expected, r, h).unwrap_or(f64::NAN);
            Count { p_active: p, purchases: f64::from(expected) * p }
        })
    }
}
