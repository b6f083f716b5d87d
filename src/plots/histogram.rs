//! Customers by the number of their purchases: how many there are, and how many the law expects.

use super::axis::{Axis, Chart, Tick};
use super::cohorts::Cohorts;
use super::drawing::Drawing;
use super::page::{Mark, chart_area, page};
use super::style::{BARS, MODEL, Style};
use super::table::Table;
use crate::fit::FittedModel;
use crate::panel::{Clock, Panel};
use crate::report::numbers::decimal;

/// Classes of a histogram at most; customers with more purchases share the last one.
const MOST: usize = 21;
/// Share of the customers who need not have a class of their own.
const TAIL: f64 = 0.01;

/// Customers by number of purchases, actual and expected: Σ_i P(X(T_i) = n).
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// let histogram = clvcast::plots::Histogram::new(&panel, &model, None).unwrap();
/// assert_eq!(histogram.actual.iter().sum::<u64>(), 793);
/// assert!((histogram.expected.iter().sum::<f64>() - 793.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Customers with `from`, `from` + 1, … purchases; the last class holds all with at least as
    /// many.
    pub actual: Vec<u64>,
    /// How many are expected in the same classes.
    pub expected: Vec<f64>,
    /// Purchases of the first class: 1 where the base holds buyers only, counted from the panel's
    /// start.
    pub from: usize,
    /// Whether purchases are those after the first purchase day.
    pub repeats: bool,
}

impl Histogram {
    /// That of a panel under a model; `base` is the number of customers where it is known from
    /// elsewhere (panel clock). `None` where the law has no expectation for the base, or nobody
    /// has purchased.
    #[must_use]
    pub fn new(panel: &Panel, model: &FittedModel, base: Option<u64>) -> Option<Self> {
        let cohorts = Cohorts::new(panel, model, base);
        let by_count = cohorts.by_count()?;
        let counts = panel.frequency_statistics().counts;
        let buyers: u64 = counts.values().sum();
        let mut above = 0;
        let tail = counts.iter().rev().find(|(_, customers)| {
            above += **customers;
            above as f64 > TAIL * buyers as f64
        });
        let from = usize::from(cohorts.truncated());
        // The last class holds what lies above the tail's first count.
        let last = (*tail?.0 as usize + 1).clamp(from + 1, from + MOST - 1);
        let mut actual = vec![0_u64; last + 1];
        for (&x, customers) in &counts {
            actual[(x as usize).min(last)] += customers;
        }
        if panel.clock == Clock::Panel {
            // Those of the base who have not purchased are not in the panel.
            let known = base.unwrap_or(buyers).max(buyers);
            actual[0] += known - buyers;
        }
        let mut expected: Vec<f64> =
            (0..last).map(|n| by_count.get(n).copied().unwrap_or(0.0)).collect();
        // What is left, so that the classes hold everybody.
        expected.push((cohorts.customers() - expected.iter().sum::<f64>()).max(0.0));
        let repeats = panel.clock == Clock::FirstPurchase;
        Some(Self {
            actual: actual.split_off(from),
            expected: expected.split_off(from),
            from,
            repeats,
        })
    }

    /// Names of the classes: 0, 1, …, n+.
    #[must_use]
    pub fn classes(&self) -> Vec<String> {
        let last = self.actual.len().saturating_sub(1);
        (0..self.actual.len())
            .map(|i| format!("{}{}", i + self.from, if i == last { "+" } else { "" }))
            .collect()
    }

    /// One row per class.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Table::new(&["purchases", "customers", "expected"]);
        for ((class, actual), expected) in
            self.classes().iter().zip(&self.actual).zip(&self.expected)
        {
            table.row(&[class, actual, expected]);
        }
        table.text()
    }
}

/// Draws bars for the customers there are and dots for those expected.
///
/// ```
/// use clvcast::plots::{Histogram, Style, draw_histogram};
/// let (actual, expected) = (vec![60, 30, 10], vec![58.0, 31.0, 11.0]);
/// let histogram = Histogram { actual, expected, from: 0, repeats: true };
/// let svg = draw_histogram(&histogram, &Style::default()).to_svg()?;
/// assert!(svg.contains("2+") && svg.contains("Customers"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_histogram(data: &Histogram, style: &Style) -> Drawing {
    let what = if data.repeats { "repeat purchases" } else { "purchases" };
    let off = data.actual.iter().zip(&data.expected).map(|(a, e)| (*a as f64 - e).abs());
    let customers: u64 = data.actual.iter().sum();
    let misplaced = 50.0 * off.sum::<f64>() / customers.max(1) as f64;
    let caption = format!(
        "Dots on the bars: the model knows how customers differ. {} % of the customers would have to change their class to match it.",
        decimal(misplaced, 1)
    );
    let legend = [(Mark::Box, BARS, "actual"), (Mark::Dot, MODEL, "expected by the model")];
    let title = format!("Customers by number of {what}");
    let mut page = page("frequency-histogram", title, caption, &legend, style);
    let top = data.expected.iter().copied().chain(data.actual.iter().map(|n| *n as f64));
    let names = (0_u32..).map(f64::from).zip(data.classes());
    let ticks = names.map(|(at, text)| Tick { at, text }).collect();
    let last = data.actual.len() as f64 - 0.5;
    let label = format!("Number of {what} up to the as-of date");
    let chart = Chart {
        area: chart_area(),
        x: Axis::with_ticks(-0.5, last, label, ticks),
        y: Axis::new(0.0, top.fold(0.0, f64::max), "Customers"),
    };
    chart.frame(&mut page);
    for (x, &customers) in (0_u32..).map(f64::from).zip(&data.actual) {
        page.rect(chart.at(x - 0.36, customers as f64), chart.at(x + 0.36, 0.0), BARS);
    }
    let dots = (0_u32..).map(f64::from).zip(&data.expected);
    let dots: Vec<_> = dots.map(|(x, &expected)| chart.at(x, expected)).collect();
    page.line(dots.clone(), MODEL.faded(0.6), 1.5);
    for at in dots {
        page.dot(at, 5.0, MODEL);
    }
    page
}
