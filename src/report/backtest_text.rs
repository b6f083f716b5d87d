//! A backtest for people: who forecast best, what the rest missed, and what no forecast covers.

use std::cmp::Ordering;

use super::numbers::{count, decimal, money, or_missing, percent};
use super::text_table::table;
use crate::evaluate::{Backtest, Contender, Score};
use crate::predict::{Target, Window};

/// The scores of purchases over the horizon, a line per contender and the best first, with the bias
/// of the money beside them; then origins, failures and the winner.
///
/// With several origins biases are those of all totals together, other measures means over the
/// origins.
///
/// ```
/// # use clvcast::{evaluate::*, fit::FrequencyKind, panel::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let ledger = simulate(&Scenario { customers: 300, ..Scenario::default() })?.to_ledger();
/// # let panel_options = PanelOptions::new(Period::Quarter);
/// # let later = Panel::build(&ledger, &panel_options, &Silent)?;
/// # let contest = Contest { frequencies: vec![FrequencyKind::Nbd], ..Contest::default() };
/// # let options = BacktestOptions { contest, ..BacktestOptions::new(panel_options) };
/// let backtest = backtest(&ledger, &later, &options, &Silent)?;
/// let text = clvcast::report::backtest_text(&backtest, &[]);
/// assert!(text.contains("year-ago") && text.contains("best: nbd"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn backtest_text(backtest: &Backtest, warnings: &[String]) -> String {
    let mut text = format!(
        "Backtest: {} period(s) of a {} held back, up to {}; purchases over all of them, per customer\n\n",
        backtest.holdout, backtest.period, backtest.until,
    );
    let lines = lines(backtest);
    text.push_str(&leaderboard(backtest, &lines));
    text.push('\n');
    for line in lines.iter().filter(|line| !line.alike.is_empty()) {
        let names: Vec<&str> = line.alike.iter().map(|other| other.frequency()).collect();
        text.push_str(&format!("  same as {}: {}\n", line.contender, names.join(", ")));
    }
    if lines.iter().any(|line| !line.alike.is_empty()) {
        text.push('\n');
    }
    text.push_str(&origins(backtest));
    if !backtest.failed.is_empty() {
        text.push_str("\nNot scored\n");
        for failure in &backtest.failed {
            let who = failure.contender.map_or_else(|| "all".to_owned(), |c| c.to_string());
            text.push_str(&format!("  {} {who}: {}\n", failure.origin, failure.reason));
        }
    }
    text.push('\n');
    match &backtest.chosen {
        Some(chosen) => text.push_str(&format!("best: {} ({})\n", chosen.candidate, chosen.why)),
        None => text.push_str("best: none, as no model was scored from every origin\n"),
    }
    for note in notes(backtest) {
        text.push_str(&format!("note: {note}\n"));
    }
    for warning in warnings {
        text.push_str(&format!("warning: {warning}\n"));
    }
    text
}

/// What one contender scored over all origins.
struct Line {
    contender: Contender,
    predicted: f64,
    actual: f64,
    /// Bias of amount and gross profit.
    money: [Option<f64>; 2],
    mae: Option<f64>,
    rmse: Option<f64>,
    deviance: Option<f64>,
    gini: Option<f64>,
    top_decile: Option<f64>,
    log_score: Option<f64>,
    crps: Option<f64>,
    coverage: Option<f64>,
    /// Origins it was scored from.
    origins: usize,
    /// Later contenders with the same scores: models at one limit.
    alike: Vec<Contender>,
}

/// A heading, and what stands under it in a line.
type Column<'a> = (&'a str, Box<dyn Fn(&Line) -> String>);

/// Relative difference below which two scores are those of the same forecast, found by two fits.
const SAME: f64 = 1e-6;

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= SAME * a.abs().max(b.abs()),
        (a, b) => a == b,
    }
}

impl Line {
    fn new(contender: Contender, scores: &[Score]) -> Self {
        let of = |target: Target| -> Vec<&Score> {
            let mine = |score: &&Score| {
                (score.contender, score.target, score.window) == (contender, target, Window::Total)
            };
            scores.iter().filter(mine).collect()
        };
        let purchases = of(Target::Purchases);
        let sums = |scores: &[&Score]| -> (f64, f64) {
            let sum = |of: fn(&Score) -> f64| scores.iter().map(|score| of(score)).sum();
            (sum(|score| score.predicted), sum(|score| score.actual))
        };
        let mean = |of: &dyn Fn(&Score) -> Option<f64>| -> Option<f64> {
            let all: Option<Vec<f64>> = purchases.iter().map(|score| of(score)).collect();
            all.map(|all| all.iter().sum::<f64>() / purchases.len().max(1) as f64)
        };
        let money = [Target::Amount, Target::GrossProfit].map(|target| {
            let (predicted, actual) = sums(&of(target));
            bias(predicted, actual)
        });
        let (predicted, actual) = sums(&purchases);
        Self {
            contender,
            predicted,
            actual,
            money,
            mae: mean(&|s| s.mae),
            rmse: mean(&|s| s.rmse),
            deviance: mean(&|s| s.poisson_deviance),
            gini: mean(&|s| s.gini),
            top_decile: mean(&|s| s.top_decile),
            log_score: mean(&|s| s.distribution.as_ref()?.log_score),
            crps: mean(&|s| Some(s.distribution.as_ref()?.crps)),
            coverage: mean(&|s| Some(s.distribution.as_ref()?.coverage)),
            origins: purchases.len(),
            alike: Vec::new(),
        }
    }

    /// Whether another contender made the same forecasts, as models at one limit do.
    fn is_like(&self, other: &Self) -> bool {
        let money = self.money.iter().zip(other.money).all(|(a, b)| same(*a, b));
        let names = |line: &Self| (line.contender.calendar(), line.contender.method());
        names(self) == names(other)
            && self.origins == other.origins
            && same(Some(self.predicted), Some(other.predicted))
            && same(self.rmse, other.rmse)
            && same(self.log_score, other.log_score)
            && money
    }
}

fn bias(predicted: f64, actual: f64) -> Option<f64> {
    let bias = predicted / actual - 1.0;
    bias.is_finite().then_some(bias)
}

/// One line per contender, the best first; contenders with the same scores share the first one's.
fn lines(backtest: &Backtest) -> Vec<Line> {
    let mut contenders: Vec<Contender> = Vec::new();
    for score in &backtest.scores {
        if !contenders.contains(&score.contender) {
            contenders.push(score.contender);
        }
    }
    let mut lines: Vec<Line> = Vec::new();
    for line in contenders.into_iter().map(|c| Line::new(c, &backtest.scores)) {
        match lines.iter_mut().find(|other| other.is_like(&line)) {
            Some(other) => other.alike.push(line.contender),
            None => lines.push(line),
        }
    }
    // Those not scored from every origin cannot be compared and come last; before them those with
    // an infinite deviance, by their squared error.
    let key = |line: &Line| {
        let deviance = line.deviance.unwrap_or(f64::INFINITY);
        [(backtest.origins.len() - line.origins) as f64, deviance, line.rmse.unwrap_or(0.0)]
    };
    lines.sort_by(|a, b| {
        let pairs = key(a).into_iter().zip(key(b));
        pairs.fold(Ordering::Equal, |order, (a, b)| order.then(a.total_cmp(&b)))
    });
    lines
}

fn leaderboard(backtest: &Backtest, lines: &[Line]) -> String {
    let measure = |number: Option<f64>| or_missing(number, |number| decimal(number, 4));
    let signed = |number: Option<f64>| {
        or_missing(number, |share| {
            let text = percent(share);
            if share > 0.0 && text != percent(0.0) { format!("+{text}") } else { text }
        })
    };
    let covered = format!("in {}", percent(backtest.level).replace(".0 %", " %"));
    let mut columns: Vec<Column<'_>> = vec![
        ("model", Box::new(|line| line.contender.frequency().to_owned())),
        ("calendar", Box::new(|line| line.contender.calendar().to_owned())),
        ("method", Box::new(|line| line.contender.method().to_owned())),
        ("actual", Box::new(|line| decimal(line.actual, 0))),
        ("predicted", Box::new(|line| decimal(line.predicted, 1))),
        ("bias", Box::new(move |line| signed(bias(line.predicted, line.actual)))),
        ("MAE", Box::new(move |line| measure(line.mae))),
        ("RMSE", Box::new(move |line| measure(line.rmse))),
        ("deviance", Box::new(move |line| measure(line.deviance))),
        ("Gini", Box::new(move |line| measure(line.gini))),
        ("top 10 %", Box::new(move |line| or_missing(line.top_decile, percent))),
        ("log score", Box::new(move |line| measure(line.log_score))),
        ("CRPS", Box::new(move |line| measure(line.crps))),
        (&covered, Box::new(move |line| or_missing(line.coverage, percent))),
    ];
    if backtest.origins.len() > 1 {
        columns.insert(3, ("origins", Box::new(|line| line.origins.to_string())));
    }
    for (k, name) in [(0, "amount bias"), (1, "profit bias")] {
        if lines.iter().any(|line| line.money[k].is_some()) {
            columns.push((name, Box::new(move |line| signed(line.money[k]))));
        }
    }
    let header = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let rows =
        lines.iter().map(|line| columns.iter().map(|(_, show)| show(line)).collect()).collect();
    table(header, rows)
}

fn origins(backtest: &Backtest) -> String {
    let mut header =
        ["origin", "history", "customers", "periods held back", "customers first seen in them"]
            .map(str::to_owned)
            .to_vec();
    header.extend(["their purchases", "their amount"].map(str::to_owned));
    let rows = backtest
        .origins
        .iter()
        .map(|origin| {
            let seen = &origin.first_seen;
            let ends = [origin.labels.first(), origin.labels.last()];
            vec![
                origin.day.to_string(),
                format!("{} periods", origin.periods),
                count(origin.customers as u64),
                ends.into_iter().flatten().cloned().collect::<Vec<_>>().join(" to "),
                count(seen.customers),
                decimal(seen.purchases.iter().sum(), 0),
                or_missing(seen.amount.as_ref(), |amount| money(amount.iter().sum())),
            ]
        })
        .collect();
    table(header, rows)
}

fn notes(backtest: &Backtest) -> Vec<String> {
    let mut notes = backtest.notes.clone();
    let total = |score: &&Score| (score.target, score.window) == (Target::Purchases, Window::Total);
    let totals = || backtest.scores.iter().filter(total);
    if totals().any(|score| score.poisson_deviance.is_none()) {
        notes.push(
            "a missing deviance is infinite: somebody purchased of whom nothing was expected"
                .to_owned(),
        );
    }
    let origins = backtest.origins.len();
    let everywhere =
        |contender| totals().filter(|score| score.contender == contender).count() == origins;
    if totals().any(|score| !everywhere(score.contender)) {
        notes.push(
            "what was not scored from every origin stands last: its figures are of fewer periods"
                .to_owned(),
        );
    }
    let without = totals().map(|score| score.without_forecast).max().unwrap_or(0);
    if without > 0 {
        notes.push(format!(
            "up to {} customers have no forecast under some method and are scored as forecasts of 0",
            count(without as u64)
        ));
    }
    notes
}
