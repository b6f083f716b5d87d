//! Expectations given a customer's whole history.

use super::Step;
use crate::fit::FittedModel;
use crate::models::RateLaw;

/// Every coming period of a customer with that exposure: E\[f_h\] = (b + x)/(a + T).
///
/// The value, p (k + S)/(p h_i + q − 1), is the same in every period and multiplied in by
/// [`value`].
pub(super) fn purchases(law: RateLaw, x: u32, t: f64, horizon: usize) -> Vec<Step> {
    let law = law.after(x, t);
    let step = Step { p_active: law.p_any(1.0), purchases: law.mean(), value: None, amount: None };
    vec![step; horizon]
}

/// Expected value per purchase given the values (f, m) of a customer's active periods, money;
/// `None` without amounts or where the expectation is infinite.
pub(super) fn value(model: &FittedModel, values: impl Iterator<Item = (u32, f64)>) -> Option<f64> {
    let monetary = model.monetary?;
    let (weight, sum) = values.fold((0.0, 0.0), |(weight, sum), (f, m)| {
        let w = monetary.form.weight(f);
        (weight + w, sum + w * m)
    });
    monetary.law.after(weight, sum).mean()
}
