//! What was forecast for kinds of customers, and what they then did.

use super::axis::{Axis, Chart, Tick, round_step};
use super::drawing::{Anchor, Drawing, Point};
use super::page::{Mark, chart_area, note, page};
use super::style::{ACTUAL, MODEL, Style};
use super::table::Table;
use crate::report::numbers::{count, decimal};
use crate::report::words::several;

/// Classes of one kind, about.
const CLASSES: f64 = 10.0;
/// Classes of recency are not finer than this, periods.
const FINEST: f64 = 0.05;

/// By what customers are told apart.
///
/// ```
/// use clvcast::plots::Kind;
/// assert_ne!(Kind::Frequency, Kind::Recency);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By the purchases counted up to the as-of date.
    Frequency,
    /// By the time from the last purchase to the as-of date.
    Recency,
}

/// One customer in the held-out periods.
///
/// ```
/// let outcome = clvcast::plots::Outcome { x: 2, since_last: 0.5, actual: 1.0, predicted: 0.8 };
/// assert_eq!(outcome.x, 2);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Purchases counted up to the as-of date.
    pub x: u32,
    /// Periods from the last purchase to the as-of date.
    pub since_last: f64,
    /// Purchases in the held-out periods.
    pub actual: f64,
    /// How many were forecast.
    pub predicted: f64,
}

/// Customers of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectationClass {
    /// Purchases, or periods since the last one, from this on.
    pub lower: f64,
    /// To below this; `None` in the last class, which has no end.
    pub upper: Option<f64>,
    /// How many.
    pub customers: u64,
    /// Mean purchases in the held-out periods.
    pub actual: f64,
    /// Mean of what was forecast for them.
    pub predicted: f64,
}

/// Mean actual and mean forecast purchases of the held-out periods by class of customers; classes
/// without customers are left out.
///
/// ```
/// use clvcast::plots::{Expectations, Kind, Outcome};
/// let outcome = |x, actual, predicted| Outcome { x, since_last: 1.0, actual, predicted };
/// let outcomes = [outcome(0, 0.0, 0.5), outcome(0, 1.0, 0.7), outcome(3, 2.0, 1.5)];
/// let by = Expectations::new(Kind::Frequency, &outcomes, "quarter");
/// assert_eq!(by.classes.len(), 2);
/// assert_eq!((by.classes[0].customers, by.classes[0].actual, by.classes[0].predicted), (2, 0.5, 0.6));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Expectations {
    /// By what.
    pub kind: Kind,
    /// The classes, ascending.
    pub classes: Vec<ExpectationClass>,
    /// What a period is called.
    pub period: String,
}

impl Expectations {
    /// Customers in about ten classes of one width, a round number; the last one also holds the
    /// twentieth of the customers with the largest values.
    #[must_use]
    pub fn new(kind: Kind, outcomes: &[Outcome], period: &str) -> Self {
        let value = |o: &Outcome| match kind {
            Kind::Frequency => f64::from(o.x),
            Kind::Recency => o.since_last,
        };
        let mut values: Vec<f64> = outcomes.iter().map(value).collect();
        values.sort_unstable_by(f64::total_cmp);
        // Those beyond share the last class.
        let most =
            values.get((values.len() * 19).div_ceil(20).saturating_sub(1)).copied().unwrap_or(0.0);
        let width = match kind {
            Kind::Frequency => round_step((most + 1.0) / CLASSES).max(1.0),
            Kind::Recency => round_step(most.max(FINEST * CLASSES) / CLASSES),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
        let last = (most / width).floor() as usize;
        let mut sums = vec![(0_u64, 0.0, 0.0); last + 1];
        for outcome in outcomes {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
            let class = (value(outcome) / width).floor().max(0.0) as usize;
            let sum = &mut sums[class.min(last)];
            sum.0 += 1;
            sum.1 += outcome.actual;
            sum.2 += outcome.predicted;
        }
        let class = |(i, (n, actual, predicted)): (u32, (u64, f64, f64))| {
            (n > 0).then(|| ExpectationClass {
                lower: f64::from(i) * width,
                upper: (i as usize != last).then(|| (f64::from(i) + 1.0) * width),
                customers: n,
                actual: actual / n as f64,
                predicted: predicted / n as f64,
            })
        };
        let classes = (0_u32..).zip(sums).filter_map(class).collect();
        Self { kind, classes, period: period.to_owned() }
    }

    /// One row per class.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let first = match self.kind {
            Kind::Frequency => ["purchases_from", "purchases_below"],
            Kind::Recency => ["periods_since_last_from", "periods_since_last_below"],
        };
        let mut table =
            Table::new(&[first[0], first[1], "customers", "mean_actual", "mean_predicted"]);
        for class in &self.classes {
            let (lower, upper) = (class.lower, class.upper);
            table.row(&[&lower, &upper, &class.customers, &class.actual, &class.predicted]);
        }
        table.text()
    }

    /// Name of a class.
    fn class_name(&self, class: &ExpectationClass) -> String {
        let whole = |value: f64| match decimal(value, 2) {
            text if text.contains('.') => {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            text => text,
        };
        match (self.kind, class.upper) {
            (_, None) => format!("{}+", whole(class.lower)),
            (Kind::Frequency, Some(upper)) if upper - class.lower == 1.0 => whole(class.lower),
            (Kind::Frequency, Some(upper)) => {
                format!("{}–{}", whole(class.lower), whole(upper - 1.0))
            }
            (Kind::Recency, Some(upper)) => format!("{}–{}", whole(class.lower), whole(upper)),
        }
    }
}

/// Draws actual and forecast means by class, with the number of customers of each class.
///
/// ```
/// use clvcast::plots::{Expectations, Kind, Outcome, Style, draw_expectations};
/// let outcomes = [Outcome { x: 0, since_last: 1.5, actual: 1.0, predicted: 0.8 }];
/// let by = Expectations::new(Kind::Recency, &outcomes, "quarter");
/// let drawing = draw_expectations(&by, &Style::default());
/// assert_eq!(drawing.name(), "expectation-by-recency");
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_expectations(data: &Expectations, style: &Style) -> Drawing {
    let (name, title, label) = match data.kind {
        Kind::Frequency => (
            "expectation-by-frequency",
            "Held-out purchases by how often customers bought before",
            "Purchases counted up to the as-of date".to_owned(),
        ),
        Kind::Recency => (
            "expectation-by-recency",
            "Held-out purchases by how recently customers bought before",
            format!("Time from the last purchase to the as-of date, {}", several(&data.period)),
        ),
    };
    let caption = "Where the blue line lies above the dark one, these customers were expected to buy more than they did. Classes with few customers scatter.";
    let legend = [(Mark::Line, ACTUAL, "actual mean"), (Mark::Line, MODEL, "forecast mean")];
    let mut page = page(name, title, caption, &legend, style);
    let names = (0_u32..).map(f64::from).zip(&data.classes);
    let ticks = names.map(|(at, class)| Tick { at, text: data.class_name(class) }).collect();
    let top = data.classes.iter().map(|class| class.actual.max(class.predicted));
    let last = data.classes.len() as f64 - 0.5;
    let chart = Chart {
        area: chart_area(),
        x: Axis::with_ticks(-0.5, last, label, ticks),
        // Room for the numbers of customers.
        y: Axis::new(0.0, 1.08 * top.fold(0.0, f64::max), "Purchases per customer in the holdout"),
    };
    chart.frame(&mut page);
    for (at, class) in (0_u32..).map(f64::from).zip(&data.classes) {
        let (x, y) = chart.at(at, chart.y.to);
        note(&mut page, (x, y + 9.0), &count(class.customers), Anchor::Middle);
    }
    let corner = chart.at(last, chart.y.to);
    note(&mut page, (corner.0, corner.1 - 10.0), "Numbers of customers below", Anchor::End);
    let line = |value: &dyn Fn(&ExpectationClass) -> f64| -> Vec<Point> {
        let places = (0_u32..).map(f64::from).zip(&data.classes);
        places.map(|(at, class)| chart.at(at, value(class))).collect()
    };
    for (points, colour) in [(line(&|c| c.predicted), MODEL), (line(&|c| c.actual), ACTUAL)] {
        page.line(points.clone(), colour, 2.5);
        for at in points {
            page.dot(at, 4.0, colour);
        }
    }
    page
}
