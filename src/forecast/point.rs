//! The published rule: one number per state, a score of potential.

use std::collections::BTreeMap;

use super::Step;
use crate::fit::FittedModel;
use crate::markov::{FrequencyTable, ValueTable};
use crate::models::ValueLaw;

/// The tables of the published rule, for the states that occur.
///
/// ```
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let rule = clvcast::forecast::PointRule::new(&model, 0..3);
/// assert_eq!(rule.expected_count(1), 2);
/// assert!((rule.probability(2, 0).unwrap() - 0.3605788596).abs() < 1e-9); // S: 0.3606
/// let (value, stays) = rule.value(20_000.0).unwrap();
/// assert!((value - 46_918.5248).abs() < 1e-3 && (stays - 0.8753612064).abs() < 1e-9);
/// assert_eq!(rule.steps(0, 1, Some(20_000.0), 3).len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct PointRule {
    frequency: FrequencyTable,
    /// p_f(·, r) by r.
    probabilities: BTreeMap<u32, Vec<f64>>,
    values: Option<ValueTable>,
    /// In the limit p → ∞ a value never changes: m* = m1 with certainty.
    constant: bool,
}

impl PointRule {
    /// Tables of `model` for these numbers of empty periods.
    #[must_use]
    pub fn new(model: &FittedModel, empty_periods: impl IntoIterator<Item = u32>) -> Self {
        let frequency = FrequencyTable::new(model.frequency.rate(), model.states.max_frequency);
        let mut probabilities = BTreeMap::new();
        for r in empty_periods {
            probabilities.entry(r).or_insert_with(|| frequency.probabilities(r));
        }
        let values = model
            .monetary
            .zip(model.states.bands.clone())
            .map(|(monetary, bands)| ValueTable::new(monetary.law, bands));
        let constant = matches!(
            model.monetary.map(|monetary| monetary.law),
            Some(ValueLaw::OwnConstant { .. } | ValueLaw::Constant(_))
        );
        Self { frequency, probabilities, values, constant }
    }

    /// f*, the transition expectation of f1.
    #[must_use]
    pub fn expected_count(&self, f1: u32) -> u32 {
        self.frequency.expected(f1)
    }

    /// p_f(f*, r), `None` for an r the rule was not made for.
    #[must_use]
    pub fn probability(&self, expected: u32, r: u32) -> Option<f64> {
        self.probabilities.get(&r)?.get(expected as usize).copied()
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

    /// The steps of a customer in state (r, f1, m1).
    #[must_use]
    pub fn steps(&self, r: u32, f1: u32, m1: Option<f64>, horizon: u32) -> Vec<Step> {
        let expected = self.expected_count(f1);
        let value = m1.and_then(|m1| self.value(m1)).map(|(m, t)| m * t);
        (1..=horizon)
            .map(|h| {
                let p = self.probability(expected, r + h - 1).unwrap_or(f64::NAN);
                let purchases = f64::from(expected) * p;
                Step { p_active: p, purchases, value, amount: value.map(|v| purchases * v) }
            })
            .collect()
    }
}
