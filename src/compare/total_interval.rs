//! Whether a total lay in the interval that its forecast gave for it.

use serde::Serialize;

use super::issued::Issued;
use crate::predict::{Target, Window};
use crate::report::{GroupSection, WindowSection};

/// The widest interval that the manifest has for a total, and whether it held.
///
/// ```
/// # use clap::Parser;
/// # use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("forecast.csv");
/// # let arguments = ["clvcast", "forecast", "data/superstore.csv", "--quiet", "--as-of", "2017-03-31",
/// #     "--quantiles", "0.05,0.95", "-o", file.to_str().unwrap()];
/// # clvcast::cli::run(clvcast::cli::Cli::parse_from(arguments))?;
/// # let ledger = read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &Silent)?;
/// use clvcast::compare::{Issued, Score, ScoreOptions};
/// let issued = Issued::read(&file)?; // as of 2017-03-31, without a calendar
/// let score = Score::new(&issued, &ledger, &ScoreOptions::default(), &Silent)?;
/// let interval = score.scores[0].total_interval.unwrap();
/// assert_eq!((interval.low_level, interval.high_level), (0.05, 0.95));
/// assert!(interval.low < score.scores[0].predicted && score.scores[0].predicted < interval.high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TotalInterval {
    /// Level of its lower end.
    pub low_level: f64,
    /// Level of its upper end.
    pub high_level: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether what happened lies in it, ends included.
    pub held: bool,
}

impl TotalInterval {
    /// Of all customers or one segment; `None` where the manifest has none, and for a file of
    /// chosen customers, whose totals are not those of the manifest.
    pub(super) fn new(
        issued: &Issued,
        segment: Option<&str>,
        (target, window): (Target, Window),
        happened: f64,
    ) -> Option<Self> {
        if issued.is_subset() {
            return None;
        }
        let intervals = issued.manifest.intervals.as_ref()?;
        let group = match segment {
            None => &intervals.totals,
            Some(name) => &intervals.segments.iter().find(|own| own.segment == name)?.totals,
        };
        let label = match window {
            Window::Period(h) => issued.labels().get(h)?.as_str(),
            Window::Total => "total",
        };
        let of_window = |section: &&WindowSection| section.period == label;
        let bounds = &windows(group, target).iter().find(of_window)?.quantiles;
        let (low, high) = (bounds.first()?, bounds.last()?);
        (low.level < high.level).then(|| Self {
            low_level: low.level,
            high_level: high.level,
            low: low.value,
            high: high.value,
            held: (low.value..=high.value).contains(&happened),
        })
    }
}

fn windows(group: &GroupSection, target: Target) -> &[WindowSection] {
    match target {
        Target::Purchases => &group.purchases,
        Target::Amount => &group.amount,
        Target::GrossProfit => &group.gross_profit,
    }
}
