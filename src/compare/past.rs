//! Whether the past of later data is the past that a forecast was made of.

use serde::Serialize;

use super::actual::Actual;
use super::issued::Issued;

/// Customers named at most.
const NAMED: usize = 5;

/// Decimals that went through floating point in another file format agree to their last digits
/// but one.
const SAME: f64 = 1e-12;

/// The past, then and now, customer by customer.
///
/// Part of a [`Score`](super::Score).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Past {
    /// Customers with the same past purchases and past amount as in the forecast.
    pub same: u64,
    /// Customers with another past.
    pub changed: u64,
    /// Customers of the forecast without a row up to its as-of date.
    pub missing: u64,
    /// Customers with a row up to its as-of date that are not in the forecast.
    pub additional: u64,
    /// Past purchases of the forecast's customers, as the forecast has them; null where the file
    /// has not.
    pub purchases_then: Option<f64>,
    /// The same, as the data have them now.
    pub purchases_now: f64,
    /// Past amount, as the forecast has it.
    pub amount_then: Option<f64>,
    /// The same, as the data have it now; null without amounts.
    pub amount_now: Option<f64>,
    /// First ids of changed customers.
    pub changed_ids: Vec<String>,
    /// First ids of missing customers.
    pub missing_ids: Vec<String>,
    /// First ids of additional customers.
    pub additional_ids: Vec<String>,
}

impl Past {
    /// Compares; `None` where the data hold no past at all.
    pub(super) fn new(issued: &Issued, actual: &Actual, found: &[Option<usize>]) -> Option<Self> {
        if !actual.has_past {
            return None;
        }
        let mut past = Self::default();
        let name = |ids: &mut Vec<String>, id: &String| {
            if ids.len() < NAMED {
                ids.push(id.clone());
            }
        };
        let of = |numbers: &Option<Vec<Option<f64>>>, i: usize| numbers.as_ref().and_then(|n| n[i]);
        let mut amount_now = 0.0;
        for (i, id) in issued.customers.iter().enumerate() {
            let purchases_then = of(&issued.past_purchases, i);
            let amount_then = of(&issued.past_amount, i);
            add(&mut past.purchases_then, purchases_then);
            add(&mut past.amount_then, amount_then);
            let Some((purchases, amount)) = found[i].and_then(|at| actual.past(at)) else {
                past.missing += 1;
                name(&mut past.missing_ids, id);
                continue;
            };
            past.purchases_now += purchases;
            amount_now += amount;
            let differs = |then: Option<f64>, now: f64| {
                then.is_some_and(|then| (then - now).abs() > SAME * then.abs())
            };
            let changed = differs(purchases_then, purchases)
                || (actual.panel.has_amount && differs(amount_then, amount));
            if changed {
                past.changed += 1;
                name(&mut past.changed_ids, id);
            } else {
                past.same += 1;
            }
        }
        past.amount_now = actual.panel.has_amount.then_some(amount_now);
        for (at, id) in actual.panel.ids.iter().enumerate() {
            if issued.find(id).is_none() && actual.past(at).is_some() {
                past.additional += 1;
                name(&mut past.additional_ids, id);
            }
        }
        Some(past)
    }

    /// What a user should look at before trusting the comparison.
    pub(super) fn warnings(&self, issued: &Issued) -> Vec<String> {
        let mut warnings = Vec::new();
        let as_of = issued.grid.as_of();
        let customers = issued.customers.len();
        let listed = |ids: &[String], n: u64| {
            let more = if n > ids.len() as u64 { ", …" } else { "" };
            format!("{}{more}", ids.join(", "))
        };
        if self.missing > 0 {
            warnings.push(format!(
                "{} of {customers} customers of the forecast have no transaction up to {as_of} in the new data ({}): have ids changed, or is history cut off?",
                self.missing, listed(&self.missing_ids, self.missing)
            ));
        }
        // The file of chosen customers leaves the others out on purpose.
        if self.additional > 0 && !issued.is_subset() {
            warnings.push(format!(
                "{} customers have transactions up to {as_of} and are not in the forecast ({}): ids changed, or rows were added later",
                self.additional, listed(&self.additional_ids, self.additional)
            ));
        }
        if self.changed > 0 {
            warnings.push(format!(
                "the past of {} of {customers} customers is not the one that the forecast was made of ({}): rows up to {as_of} were added, removed or corrected",
                self.changed, listed(&self.changed_ids, self.changed)
            ));
        }
        warnings
    }
}

fn add(sum: &mut Option<f64>, value: Option<f64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0.0) + value);
    }
}
