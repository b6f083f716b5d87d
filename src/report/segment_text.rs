//! Segments for people: one table per grouping, then who holds the profit and where groups move.

use super::Lang;
use super::group_rules::{caution, rule};
use super::numbers::{count, decimal, money, or_missing, percent};
use super::text_table::table;
use crate::panel::Panel;
use crate::segment::{
    Ahead, GroupSummary, Grouping, LifeCycle, Lorenz, Moves, Segmentation, summarise,
};
use crate::value::{Forecast, Totals};

/// Groups shown one by one; of more only the most valuable are, and the rest are one row.
const SHOWN: usize = 16;
/// Coming periods shown one by one; of more only the total is.
const PERIODS: usize = 6;
/// Ages of the life-cycle curve that are shown.
const AGES: usize = 9;

/// What `clvcast segment` prints.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// use clvcast::segment::{Material, SegmentOptions, Segmentation};
/// let material = Material { panel: &panel, then: None, model: &model, forecast: &forecast, attributes: None };
/// let found = Segmentation::new(&material, &SegmentOptions::default())?;
/// let text = clvcast::report::segment_text(&panel, &forecast, &found, None);
/// assert!(text.contains("high-value"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn segment_text(
    panel: &Panel,
    forecast: &Forecast,
    found: &Segmentation,
    currency: Option<&str>,
) -> String {
    let totals = Totals::new(forecast);
    let what = measure(&totals);
    let recent = recent(panel, forecast);
    let currency = currency.map(|c| format!("; money in {c}")).unwrap_or_default();
    let against = if forecast.is_score() {
        "scores of potential are compared with each other, and with no past"
    } else {
        "the change is that of all forecast ones against it"
    };
    let mut parts = vec![format!(
        "{} customers in groups, as of {}. Columns of periods, totals and shares are {what}{currency}; `last {recent}` is the sum of the last {recent} past one{}; {against}. {}\n",
        count(panel.customers.len() as u64),
        panel.grid.as_of(),
        if recent == 1 { "" } else { "s" },
        caution(Lang::En),
    )];
    for grouping in &found.groupings {
        let groups = summarise(panel, forecast, grouping);
        let rule = rule(Lang::En, &grouping.column, found);
        let rule = if rule.is_empty() { rule } else { format!("  {rule}\n") };
        let rows = rows(panel, forecast, grouping, &groups);
        parts.push(format!("{}\n{rows}{rule}", title(&grouping.column)));
    }
    parts.extend(found.lorenz.as_ref().map(|lorenz| concentration(lorenz, what)));
    parts.extend(found.moves.iter().map(moves));
    // The other groupings are in the JSON of groups: their tables would fill pages.
    let shown = |ahead: &&Ahead| ["segment", "cell"].contains(&ahead.column.as_str());
    parts.extend(found.ahead.iter().filter(shown).map(ahead));
    parts.extend(found.life_cycle.as_ref().map(life_cycle));
    parts.join("\n")
}

/// Past periods that the coming ones are compared with: as many, where the history has them.
fn recent(panel: &Panel, forecast: &Forecast) -> usize {
    forecast.labels.len().min(panel.periods as usize)
}

/// The number groups are compared by.
fn measure(totals: &Totals) -> &'static str {
    match (totals.gross_profit, totals.amount) {
        (Some(_), _) => "gross profit",
        (None, Some(_)) => "amounts, as there are no margins",
        (None, None) => "purchases, as there are no amounts",
    }
}

fn title(column: &str) -> &str {
    match column {
        "segment" => "Segments of the data",
        "cell" => "Cells: recency, frequency and monetary value, high or low",
        "layer" => "Layers: from the most valuable customers on",
        "worth" => "Sign of the forecast: customers around zero",
        "dormancy" => "Dormancy",
        "grid" => "Loyalty and volume",
        "ladder" => "Customer ladder",
        "score" => "Value score",
        "rfm_score" => "RFM score: the three classes added",
        "rfm" => "RFM classes: recency, frequency, monetary value",
        other => other,
    }
}

/// The numbers of a group that a table shows.
#[derive(Clone)]
struct Line {
    customers: u64,
    /// `None` where the ledger does not have the number.
    past: Option<f64>,
    recent: Option<f64>,
    periods: Vec<f64>,
    total: f64,
}

impl Line {
    fn new(panel: &Panel, whole: &Totals, group: &GroupSummary) -> Self {
        let money = |value: crate::units::Money| value.to_f64(panel.scale);
        let of = |past: &crate::segment::Past| match (whole.gross_profit, whole.amount) {
            (Some(_), _) => panel.has_cost.then(|| money(past.gross_profit())),
            (None, Some(_)) => Some(money(past.amount)),
            (None, None) => Some(past.purchases as f64),
        };
        let periods: Vec<f64> = group
            .totals
            .periods
            .iter()
            .map(|period| match (whole.gross_profit, whole.amount) {
                (Some(_), _) => period.gross_profit.unwrap_or(0.0),
                (None, Some(_)) => period.amount.unwrap_or(0.0),
                (None, None) => period.purchases,
            })
            .collect();
        let total = match (whole.gross_profit, whole.amount) {
            (Some(_), _) => group.totals.gross_profit.unwrap_or(0.0),
            (None, Some(_)) => group.totals.amount.unwrap_or(0.0),
            (None, None) => periods.iter().sum(),
        };
        Self {
            customers: group.customers,
            past: of(&group.past),
            recent: of(&group.recent),
            periods,
            total,
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        self.customers += other.customers;
        self.past = self.past.zip(other.past).map(|(a, b)| a + b);
        self.recent = self.recent.zip(other.recent).map(|(a, b)| a + b);
        self.total += other.total;
        for (sum, period) in self.periods.iter_mut().zip(&other.periods) {
            *sum += period;
        }
        self
    }

    /// Its cells; a change needs `enough` past periods.
    fn cells(&self, name: String, whole: &Self, enough: bool) -> Vec<String> {
        let ahead: f64 = self.periods.iter().sum();
        let recent = self.recent.filter(|recent| *recent > 0.0 && enough);
        let change = recent.map(|recent| ahead / recent - 1.0);
        let share = (whole.total > 0.0).then(|| self.total / whole.total);
        let mut cells = vec![
            name,
            count(self.customers),
            percent(self.customers as f64 / whole.customers.max(1) as f64),
            or_missing(self.past, money),
            or_missing(self.recent, money),
        ];
        if self.periods.len() <= PERIODS {
            cells.extend(self.periods.iter().map(|period| money(*period)));
        }
        cells.extend([money(self.total), or_missing(change, percent), or_missing(share, percent)]);
        cells
    }
}

fn rows(
    panel: &Panel,
    forecast: &Forecast,
    grouping: &Grouping,
    groups: &[GroupSummary],
) -> String {
    let whole = Totals::new(forecast);
    let horizon = forecast.labels.len();
    let mut header: Vec<String> = ["", "customers", "of all", "past"].map(str::to_owned).to_vec();
    header.push(format!("last {}", recent(panel, forecast)));
    if horizon <= PERIODS {
        header.extend(forecast.labels.iter().cloned());
    }
    header.extend(["total", "change", "of total"].map(str::to_owned));
    let name = |group: &GroupSummary| match group.group {
        Some(at) => grouping.groups[at as usize].clone(),
        None => "(none)".to_owned(),
    };
    let mut lines: Vec<(String, Line)> = groups
        .iter()
        .filter(|group| group.customers > 0)
        .map(|group| (name(group), Line::new(panel, &whole, group)))
        .collect();
    let zero = Line {
        customers: 0,
        past: Some(0.0),
        recent: Some(0.0),
        periods: vec![0.0; horizon],
        total: 0.0,
    };
    let all = lines.iter().fold(zero.clone(), |sum, (_, line)| sum.plus(line));
    if lines.len() > SHOWN {
        // The most valuable ones; ties stay in the order of groups.
        lines.sort_by(|a, b| b.1.total.total_cmp(&a.1.total));
        let rest = lines.split_off(SHOWN);
        let sum = rest.iter().fold(zero, |sum, (_, line)| sum.plus(line));
        lines.push((format!("{} other groups", rest.len()), sum));
    }
    lines.push(("all".to_owned(), all.clone()));
    let enough = recent(panel, forecast) == horizon && !forecast.is_score();
    let rows = lines.iter().map(|(name, line)| line.cells(name.clone(), &all, enough));
    table(header, rows.collect())
}

fn concentration(lorenz: &Lorenz, what: &str) -> String {
    let gini = lorenz.gini.map(|gini| format!("; Gini coefficient {}", decimal(gini, 2)));
    format!(
        "Concentration of the forecast {what}: the best 20 % of customers hold {}; 80 % is held by the best {}{}.\n",
        percent(lorenz.top_fifth),
        percent(lorenz.holds_four_fifths),
        gini.unwrap_or_default()
    )
}

fn moves(moves: &Moves) -> String {
    let mut header = vec![format!("{} in {}", moves.column, moves.from)];
    header.extend(moves.groups.iter().cloned());
    header.push("(none)".to_owned());
    let row = |(name, counts): (&str, &Vec<u64>)| -> Vec<String> {
        let counts = counts.iter().map(|n| count(*n));
        std::iter::once(name.to_owned()).chain(counts).collect()
    };
    let groups = moves.groups.iter().map(String::as_str).zip(&moves.counts);
    let rows = groups
        .chain([("(none)", &moves.unlabelled), ("new since", &moves.newcomers)])
        .map(row)
        .collect();
    format!(
        "Customers by {} in {} (rows) and in {}, both cut where they are cut now\n{}",
        moves.column,
        moves.from,
        moves.to,
        table(header, rows)
    )
}

fn ahead(ahead: &Ahead) -> String {
    let mut header = vec![ahead.column.clone()];
    header.extend(ahead.places("no purchase", "purchase"));
    let names = ahead.groups.iter().cloned().chain(std::iter::once("(none)".to_owned()));
    let groups = names.zip(&ahead.expected);
    let filled = groups.filter(|(_, row)| row.iter().sum::<f64>() > 0.0);
    let rows = filled.map(|(name, row)| {
        let cells = row.iter().map(|customers| decimal(*customers, 1));
        std::iter::once(name).chain(cells).collect()
    });
    let title = format!(
        "Customers expected in {}{}, by {} now",
        ahead.period,
        if ahead.bands.is_some() { " by value per purchase" } else { "" },
        ahead.column
    );
    format!("{title}\n{}", table(header, rows.collect()))
}

fn life_cycle(life: &LifeCycle) -> String {
    let Some(all) = life.curves.first() else { return String::new() };
    let what = if life.of_profit { "gross profit" } else { "amount" };
    let step = all.points.len().div_ceil(AGES).max(1);
    let shown = all.points.iter().step_by(step);
    let mut header = vec!["age, periods".to_owned()];
    header.extend(shown.clone().map(|point| point.age.to_string()));
    let mut values = vec![format!("cumulative {what}")];
    values.extend(shown.clone().map(|point| money(point.value)));
    let mut seen = vec!["customers seen".to_owned()];
    seen.extend(shown.map(|point| count(point.customers)));
    let paid = match (all.acquisition_cost.filter(|_| life.of_profit), all.payback) {
        (None, _) => String::new(),
        (Some(cost), Some(age)) => format!(
            "  The mean acquisition cost of {} is paid back from age {age} on.\n",
            money(cost)
        ),
        (Some(cost), None) => format!(
            "  The mean acquisition cost of {} is not paid back by the last age seen.\n",
            money(cost)
        ),
    };
    format!("Life cycle of the mean customer\n{}{paid}", table(header, vec![values, seen]))
}
