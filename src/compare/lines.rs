//! The lines of a score: errors by target, period and segment.

use serde::{Serialize, Serializer};

use super::coverage::Coverage;
use super::issued::Issued;
use super::score::Score;
use super::total_interval::TotalInterval;
use crate::evaluate::metrics::{bias, mae, rmse};
use crate::predict::{Target, Window};

/// One line of the score: a target in a window, over all customers or one segment.
///
/// ```
/// # use clap::Parser;
/// # use clvcast::{ledger::{ReadOptions, read}, progress::Silent};
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("forecast.csv");
/// # let arguments = ["clvcast", "forecast", "data/superstore.csv", "--quiet", "--as-of", "2017-03-31",
/// #     "-o", file.to_str().unwrap()];
/// # clvcast::cli::run(clvcast::cli::Cli::parse_from(arguments))?;
/// # let ledger = read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &Silent)?;
/// use clvcast::compare::{Issued, Score, ScoreOptions};
/// let issued = Issued::read(&file)?; // as of 2017-03-31
/// let score = Score::new(&issued, &ledger, &ScoreOptions::default(), &Silent)?;
/// let line = &score.scores[0];
/// assert_eq!((line.target, line.period.as_str(), line.actual), ("purchases", "1", 365.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoreLine {
    /// The segment; null for all customers.
    pub segment: Option<String>,
    /// `purchases`, `amount` or `gross_profit`.
    pub target: &'static str,
    /// Number of the period from 1, or `total` for all complete ones together.
    #[serde(serialize_with = "number_or_total")]
    pub period: String,
    /// The period's label, or those of the first and the last one.
    pub label: String,
    /// Customers that have the forecast number.
    pub customers: u64,
    /// What they did.
    pub actual: f64,
    /// What was forecast of them.
    pub predicted: f64,
    /// predicted/actual − 1; null where nothing happened.
    pub bias: Option<f64>,
    /// Mean absolute error per customer.
    pub mae: f64,
    /// Root mean squared error per customer.
    pub rmse: f64,
    /// How often the widest interval held that the file has for single customers; null where it
    /// has none.
    pub interval: Option<Coverage>,
    /// The widest interval that the manifest has for the total; null where it has none.
    pub total_interval: Option<TotalInterval>,
}

/// As in a backtest: the number of a period is one.
fn number_or_total<S: Serializer>(period: &str, out: S) -> Result<S::Ok, S::Error> {
    match period.parse::<u64>() {
        Ok(number) => out.serialize_u64(number),
        Err(_) => out.serialize_str(period),
    }
}

impl Score {
    /// All lines: all customers first, then by segment.
    pub(super) fn lines(&self, issued: &Issued) -> Vec<ScoreLine> {
        let everyone: Vec<usize> = (0..issued.customers.len()).collect();
        let mut groups = vec![(None, everyone)];
        if let Some(segments) = &issued.segments {
            let mut by_segment = std::collections::BTreeMap::<&str, Vec<usize>>::new();
            for (i, segment) in segments.iter().enumerate() {
                by_segment.entry(segment).or_default().push(i);
            }
            groups.extend(by_segment.into_iter().map(|(name, who)| (Some(name.to_owned()), who)));
        }
        let mut lines = Vec::new();
        for (segment, who) in &groups {
            for target in Target::ALL {
                for window in self.windows() {
                    lines.extend(self.line(issued, segment.as_ref(), who, target, window));
                }
            }
        }
        lines
    }

    /// `None` where nobody has both numbers.
    fn line(
        &self,
        issued: &Issued,
        segment: Option<&String>,
        who: &[usize],
        target: Target,
        window: Window,
    ) -> Option<ScoreLine> {
        let (mut predictions, mut actuals) = (Vec::new(), Vec::new());
        let interval = self.interval(issued, target, window);
        let mut coverage = interval.map(|(low, high)| Coverage::new(low.0, high.0));
        for &i in who {
            let Some(actual) = self.actual(i, target, window) else { continue };
            let Some(predicted) = self.predicted(issued, i, target, window) else { continue };
            predictions.push(predicted);
            actuals.push(actual);
            if let (Some(coverage), Some((low, high))) = (&mut coverage, interval)
                && let (Some(low), Some(high)) = (low.1[i], high.1[i])
            {
                coverage.add(actual, low, high);
            }
        }
        let (happened, promised): (f64, f64) = (actuals.iter().sum(), predictions.iter().sum());
        Some(ScoreLine {
            segment: segment.cloned(),
            target: target.name(),
            period: window.to_string(),
            label: self.label(window),
            customers: actuals.len() as u64,
            actual: happened,
            predicted: promised,
            // Where more was given back than bought, a ratio says nothing.
            bias: bias(&predictions, &actuals).filter(|_| happened > 0.0),
            mae: mae(&predictions, &actuals)?,
            rmse: rmse(&predictions, &actuals)?,
            interval: coverage,
            total_interval: TotalInterval::new(
                issued,
                segment.map(String::as_str),
                (target, window),
                happened,
            )
            .filter(|_| self.is_of_forecast(issued, target, window)),
        })
    }

    /// Whether a window that is scored is one that the forecast speaks of: its total is that of the
    /// whole horizon, and discounted if it was asked for.
    fn is_of_forecast(&self, issued: &Issued, target: Target, window: Window) -> bool {
        window != Window::Total
            || (self.incomplete.is_empty()
                && (target == Target::Purchases || issued.discount() == 0.0))
    }

    /// The lowest and the highest quantile the file has of a target: level and numbers.
    #[expect(clippy::type_complexity, reason = "two pairs, named where they are used")]
    fn interval<'a>(
        &self,
        issued: &'a Issued,
        target: Target,
        window: Window,
    ) -> Option<((f64, &'a [Option<f64>]), (f64, &'a [Option<f64>]))> {
        if !self.is_of_forecast(issued, target, window) {
            return None;
        }
        let of = issued.quantiles.iter().filter(|(t, w, _, _)| *t == target && *w == window);
        let of: Vec<(f64, &[Option<f64>])> = of.map(|(_, _, l, n)| (*l, n.as_slice())).collect();
        let low = *of.iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
        let high = *of.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
        (low.0 < high.0).then_some((low, high))
    }
}
