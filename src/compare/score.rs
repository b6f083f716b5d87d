//! An issued forecast against later transactions.

use serde::Serialize;

use super::actual::{Actual, Row, Three};
use super::error::CompareError;
use super::issued::Issued;
use super::lines::ScoreLine;
use super::past::Past;
use crate::ledger::Ledger;
use crate::panel::ZeroOrders;
use crate::predict::{Target, Window};
use crate::progress::Progress;
use crate::units::Day;

/// Customers listed as the largest over- and underestimates.
const LARGEST: usize = 10;

/// How later transactions are read.
///
/// ```
/// let options = clvcast::compare::ScoreOptions::default();
/// assert!(options.as_of.is_none()); // known up to the last transaction
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ScoreOptions {
    /// Orders of exactly zero, by the rule of the forecast.
    pub zero_orders: ZeroOrders,
    /// The day up to which the data are complete; by default that of the last row, and a period
    /// of which at most 1/20 lies after it is complete too.
    pub as_of: Option<Day>,
}

/// One customer: what was forecast over the complete periods, and what came.
///
/// Part of a [`Score`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Miss {
    /// Its id.
    pub customer: String,
    /// What happened.
    pub actual: f64,
    /// What was forecast.
    pub predicted: f64,
    /// predicted − actual.
    pub difference: f64,
}

/// Sums over a group of customers that the errors do not speak of.
///
/// Part of a [`Score`].
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Sums {
    /// Customers.
    pub customers: u64,
    /// Purchases; null where they are not known.
    pub purchases: Option<f64>,
    /// Amount; null where it is not known.
    pub amount: Option<f64>,
    /// Gross profit; null where it is not known.
    pub gross_profit: Option<f64>,
}

impl Sums {
    pub(super) fn add(&mut self, numbers: [Option<f64>; 3]) {
        self.customers += 1;
        let sums = [&mut self.purchases, &mut self.amount, &mut self.gross_profit];
        for (sum, number) in sums.into_iter().zip(numbers) {
            if let Some(number) = number {
                *sum = Some(sum.unwrap_or(0.0) + number);
            }
        }
    }
}

/// A forecast against what came: made by [`Score::new`].
///
/// A period enters when it is complete in the data. Customers of the forecast without a transaction
/// count with zeros, because that is what they did; those without a forecast number do not enter
/// the errors, and [`unforecast`](Self::unforecast) says what they did.
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
/// assert_eq!(score.complete, ["2017-Q2", "2017-Q3", "2017-Q4"]);
/// assert_eq!(score.past.as_ref().unwrap().same, score.customers);
/// assert!(score.to_text(None).contains("new customers"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// The forecast file.
    pub forecast: String,
    /// Its as-of date.
    pub as_of: String,
    /// Its method.
    pub method: String,
    /// Its customers.
    pub customers: u64,
    /// Last day that the data speak of.
    pub known_to: String,
    /// Forecast periods that are over, which are scored.
    pub complete: Vec<String>,
    /// Forecast periods that are not, which are not.
    pub incomplete: Vec<String>,
    /// The errors: all customers first, then by segment.
    pub scores: Vec<ScoreLine>,
    /// What the largest errors are of.
    pub largest_of: &'static str,
    /// Customers of whom too much was forecast, the worst first.
    pub overestimated: Vec<Miss>,
    /// Customers of whom too little was forecast, the worst first.
    pub underestimated: Vec<Miss>,
    /// What was forecast of the customers who purchased nothing in the complete periods.
    pub silent: Sums,
    /// What the customers did of whom nothing was forecast.
    pub unforecast: Sums,
    /// What customers did, by complete period, whose first row lies after the as-of date: they
    /// could not be in the forecast. `customers` are those with a purchase or money in that period.
    pub new_customers: Vec<Sums>,
    /// The same over all complete periods.
    pub new_customers_total: Sums,
    /// Whether the past is the same; null where the data hold none.
    pub past: Option<Past>,
    /// What a user should know.
    pub warnings: Vec<String>,
    #[serde(skip)]
    pub(super) rows: Vec<Row>,
    #[serde(skip)]
    pub(super) known: [bool; 3],
}

impl Score {
    /// Scores a forecast; the ledger holds later transactions, with or without the history before.
    ///
    /// # Errors
    /// [`CompareError::NothingComplete`], and what stops a panel from being built.
    pub fn new(
        issued: &Issued,
        ledger: &Ledger,
        options: &ScoreOptions,
        progress: &dyn Progress,
    ) -> Result<Self, CompareError> {
        let actual = Actual::new(issued, ledger, options.zero_orders, options.as_of, progress)?;
        let position = |id: &String| actual.panel.ids.binary_search(id).ok();
        let found: Vec<Option<usize>> = issued.customers.iter().map(position).collect();
        let rows: Vec<Row> = found.iter().map(|at| actual.row(*at)).collect();
        let known = Target::ALL.map(|target| actual.has(target));
        let past = Past::new(issued, &actual, &found);
        let labels = issued.labels();
        let mut score = Self {
            forecast: issued.path.display().to_string(),
            as_of: issued.manifest.as_of.clone(),
            method: issued.manifest.method.name.clone(),
            customers: issued.customers.len() as u64,
            known_to: actual.known_to.to_string(),
            complete: labels[..actual.complete].to_vec(),
            incomplete: labels[actual.complete..].to_vec(),
            scores: Vec::new(),
            largest_of: Target::Purchases.name(),
            overestimated: Vec::new(),
            underestimated: Vec::new(),
            silent: Sums::default(),
            unforecast: Sums::default(),
            new_customers: vec![Sums::default(); actual.complete],
            new_customers_total: Sums::default(),
            warnings: warnings(issued, &actual, past.as_ref()),
            past,
            rows,
            known,
        };
        score.scores = score.lines(issued);
        score.add_largest(issued);
        score.add_silent(issued);
        score.add_new(issued, &actual);
        Ok(score)
    }

    /// What customer `i` did over a window of complete periods.
    pub(super) fn actual(&self, i: usize, target: Target, window: Window) -> Option<f64> {
        let row = &self.rows[i];
        let number = |three: &Three| three[target as usize];
        self.known[target as usize].then(|| match window {
            Window::Period(h) => number(&row.periods[h]),
            Window::Total => number(&row.total),
        })
    }

    /// What was forecast of customer `i` over a window of complete periods, not discounted.
    pub(super) fn predicted(
        &self,
        issued: &Issued,
        i: usize,
        target: Target,
        window: Window,
    ) -> Option<f64> {
        match window {
            Window::Period(_) => issued.value(i, target, window),
            Window::Total => {
                let value = |h| issued.value(i, target, Window::Period(h));
                (0..self.complete.len()).try_fold(0.0, |sum, h| Some(sum + value(h)?))
            }
        }
    }

    /// The windows that are scored.
    pub(super) fn windows(&self) -> impl Iterator<Item = Window> + use<> {
        Window::all(self.complete.len())
    }

    pub(super) fn label(&self, window: Window) -> String {
        match window {
            Window::Period(h) => self.complete[h].clone(),
            Window::Total if self.complete.len() == 1 => self.complete[0].clone(),
            Window::Total => {
                let last = self.complete.last().map_or("", String::as_str);
                format!("{} to {last}", self.complete[0])
            }
        }
    }

    fn add_largest(&mut self, issued: &Issued) {
        let scored = |target: &&Target| self.scores.iter().any(|line| line.target == target.name());
        let Some(&target) = Target::ALL.iter().rev().find(scored) else { return };
        let miss = |i: usize| {
            let actual = self.actual(i, target, Window::Total)?;
            let predicted = self.predicted(issued, i, target, Window::Total)?;
            let customer = issued.customers[i].clone();
            Some(Miss { customer, actual, predicted, difference: predicted - actual })
        };
        let mut misses: Vec<Miss> = (0..issued.customers.len()).filter_map(miss).collect();
        // Stable: customers who are missed by the same amount stand by their ids.
        misses.sort_by(|a, b| b.difference.total_cmp(&a.difference));
        let over = misses.iter().take_while(|miss| miss.difference > 0.0);
        let overestimated = over.take(LARGEST).cloned().collect();
        misses.sort_by(|a, b| a.difference.total_cmp(&b.difference));
        let under = misses.into_iter().take_while(|miss| miss.difference < 0.0);
        let underestimated = under.take(LARGEST).collect();
        self.largest_of = target.name();
        self.overestimated = overestimated;
        self.underestimated = underestimated;
    }

    fn add_silent(&mut self, issued: &Issued) {
        for i in 0..issued.customers.len() {
            let actual = Target::ALL.map(|target| self.actual(i, target, Window::Total));
            let predicted =
                Target::ALL.map(|target| self.predicted(issued, i, target, Window::Total));
            if predicted.iter().all(Option::is_none) {
                self.unforecast.add(actual);
            } else if actual[0] == Some(0.0) {
                self.silent.add(predicted);
            }
        }
    }

    fn add_new(&mut self, issued: &Issued, actual: &Actual) {
        for (at, id) in actual.panel.ids.iter().enumerate() {
            if issued.find(id).is_some() || actual.past(at).is_some() {
                continue;
            }
            let known = |three: &Three| {
                Target::ALL.map(|t| self.known[t as usize].then_some(three[t as usize]))
            };
            let row = actual.row(Some(at));
            for (sums, three) in self.new_customers.iter_mut().zip(&row.periods) {
                if three.iter().any(|number| *number != 0.0) {
                    sums.add(known(three));
                }
            }
            self.new_customers_total.add(known(&row.total));
        }
    }
}

fn warnings(issued: &Issued, actual: &Actual, past: Option<&Past>) -> Vec<String> {
    let mut warnings = issued.doubts();
    warnings.extend(past.iter().flat_map(|past| past.warnings(issued)));
    let forecast = |target| (0..actual.complete).any(|h| issued.has(target, Window::Period(h)));
    if forecast(Target::Amount) && !actual.has(Target::Amount) {
        warnings
            .push("the new data have no amount column: purchases alone are compared".to_owned());
    }
    if forecast(Target::GrossProfit) && actual.panel.has_amount && !actual.panel.has_cost {
        warnings.push(
            "the new data have no cost column: the forecast gross profit cannot be compared"
                .to_owned(),
        );
    }
    if forecast(Target::GrossProfit)
        && actual.has(Target::GrossProfit)
        && issued.manifest.rules.expense_rate.is_some()
        && !actual.panel.has_expense
    {
        warnings.push(
            "the forecast's expense is a rate of `--expense-rate`, and the new data have no expense column: the actual gross profit is before expense"
                .to_owned(),
        );
    }
    warnings
}
