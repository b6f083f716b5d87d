//! The purchase rate that a history lets expect.

use crate::calendar::Timeline;
use crate::models::RateLaw;
use crate::panel::Panel;

/// E\[λ_i | history, has not left\] = (b + x)/(a + T), purchases per period, with T in the time of
/// `timeline`; `None` without any purchase.
///
/// All frequency models share it: leaving says nothing about the rate of those who stayed.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// use clvcast::{calendar::Timeline, fit::expected_rate};
/// let timeline = Timeline::new(&panel, None, 1);
/// let exposure = panel.exposure(0).unwrap();
/// let rate = expected_rate(&panel, model.frequency.rate(), &timeline, 0).unwrap();
/// assert_eq!(rate, (2.67 + f64::from(exposure.x)) / (1.84 + exposure.t));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn expected_rate(panel: &Panel, law: RateLaw, timeline: &Timeline, i: usize) -> Option<f64> {
    let first = panel.customers[i].first_purchase?;
    let x = panel.exposure(i)?.x;
    Some(law.after(x, timeline.since(first)).mean())
}
