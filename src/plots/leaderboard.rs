//! Which candidate forecast the held-out periods best.

use super::axis::{Axis, Chart};
use super::drawing::{Anchor, Drawing, Label, Point};
use super::font;
use super::page::{chart_area, note, page};
use super::style::{BARS, INK, MODEL, MUTED, SECOND, SMALL, Style};
use super::table::Table;
use crate::report::numbers::decimal;

/// Contestants that are drawn; the table has all.
const SHOWN: usize = 18;
/// Half of a bar's thickness at most, in units.
const THICK: f64 = 13.0;

/// One candidate: a model, calendar and method, or a baseline.
///
/// ```
/// use clvcast::plots::Contestant;
/// let candidate = Contestant { name: "pdo, posterior".into(), deviance: 0.9, bias: -0.02, chosen: true };
/// assert!(candidate.chosen);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Contestant {
    /// What it is.
    pub name: String,
    /// Mean Poisson deviance of purchases per customer over the holdout, and over the origins.
    pub deviance: f64,
    /// Bias of the total of purchases: predicted/actual − 1.
    pub bias: f64,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// All candidates, best first: by Poisson deviance, then by name.
///
/// ```
/// use clvcast::plots::{Contestant, Leaderboard};
/// let candidate = |name: &str, deviance, bias| Contestant { name: name.into(), deviance, bias, chosen: false };
/// let board = Leaderboard::new(vec![candidate("nbd", 1.3, 0.5), candidate("pdo", 0.9, -0.02)]);
/// assert_eq!(board.candidates[0].name, "pdo");
/// assert!(board.to_csv().starts_with("rank,candidate,deviance,bias,chosen\n1,pdo,0.9,-0.02,false\n"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Leaderboard {
    /// The candidates.
    pub candidates: Vec<Contestant>,
}

impl Leaderboard {
    /// Puts candidates in order; those without a deviance come last.
    #[must_use]
    pub fn new(mut candidates: Vec<Contestant>) -> Self {
        candidates.sort_by(|a, b| {
            let key = |c: &Contestant| if c.deviance.is_nan() { f64::INFINITY } else { c.deviance };
            key(a).total_cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        Self { candidates }
    }

    /// One row per candidate.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Table::new(&["rank", "candidate", "deviance", "bias", "chosen"]);
        for (rank, c) in (1_usize..).zip(&self.candidates) {
            let chosen = if c.chosen { "true" } else { "false" };
            table.row(&[&rank, &c.name, &c.deviance, &c.bias, &chosen.to_owned()]);
        }
        table.text()
    }
}

/// Draws deviances as bars and biases beside them, best candidate above.
///
/// ```
/// use clvcast::plots::{Contestant, Leaderboard, Style, draw_leaderboard};
/// let candidate = Contestant { name: "pdo".into(), deviance: 0.9, bias: -0.02, chosen: true };
/// let svg = draw_leaderboard(&Leaderboard::new(vec![candidate]), &Style::default()).to_svg()?;
/// assert!(svg.contains("pdo (chosen)") && svg.contains("−2.0 %"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_leaderboard(data: &Leaderboard, style: &Style) -> Drawing {
    let shown = &data.candidates[..data.candidates.len().min(SHOWN)];
    let rest = data.candidates.len() - shown.len();
    let more =
        if rest > 0 { format!(" {rest} worse ones are in the table.") } else { String::new() };
    let infinite = if shown.iter().any(|c| !c.deviance.is_finite()) {
        " Infinite: nothing was forecast for somebody who did buy."
    } else {
        ""
    };
    let caption = format!(
        "Best above. A short bar on the left: customers were told apart well. A short bar on the right: the total was right; orange is too much, blue too little.{infinite}{more}"
    );
    let title = "Leaderboard: who forecast the held-out periods best";
    let mut page = page("leaderboard", title, caption, &[], style);
    let name = |c: &Contestant| format!("{}{}", c.name, if c.chosen { " (chosen)" } else { "" });
    let widest = shown.iter().map(|c| font::width(&name(c), SMALL, c.chosen)).fold(0.0, f64::max);
    let ((left, top), (right, bottom)) = chart_area();
    let top = top - 16.0;
    let left = (left - 70.0 + widest + 8.0).min(f64::midpoint(left, right));
    let middle = left + (right - left) * 0.5;
    let deviance = shown.iter().map(|c| c.deviance).filter(|d| d.is_finite()).fold(0.0, f64::max);
    let bias = shown.iter().map(|c| c.bias.abs()).filter(|b| b.is_finite()).fold(0.0, f64::max);
    let rows = shown.len().max(1) as f64;
    let axis = |from: f64, to: f64, label: &str| Axis { grid: true, ..Axis::new(from, to, label) };
    let nothing = || Axis::with_ticks(0.0, rows, "", vec![]);
    // Room for the numbers beside the bars.
    let reach = 100.0 * bias * 1.3;
    let deviances = Chart {
        area: ((left, top), (middle - 26.0, bottom)),
        x: axis(0.0, deviance * 1.12, "Poisson deviance per customer"),
        y: nothing(),
    };
    let biases = Chart {
        area: ((middle + 26.0, top), (right, bottom)),
        x: axis(-reach, reach, "Bias of the total, %"),
        y: nothing(),
    };
    deviances.frame(&mut page);
    biases.frame(&mut page);
    page.line(vec![biases.at(0.0, 0.0), biases.at(0.0, rows)], INK, 1.0);
    let bar = |page: &mut Drawing, chart: &Chart, value: f64, y: f64, colour, text: &str| {
        let (a, b) = (chart.at(0.0, y), chart.at(value, y));
        let half = THICK.min(0.34 * (bottom - top) / rows);
        page.rect((a.0.min(b.0), a.1 - half), (a.0.max(b.0), a.1 + half), colour);
        let (side, anchor) = if value < 0.0 { (-5.0, Anchor::End) } else { (5.0, Anchor::Start) };
        let at: Point = (b.0 + side, a.1);
        page.text(at, Label::new(text, SMALL, MUTED, anchor));
    };
    for (i, c) in (0_u32..).map(f64::from).zip(shown) {
        let y = rows - i - 0.5;
        let mut label = Label::new(name(c), SMALL, INK, Anchor::End);
        label.bold = c.chosen;
        page.text((left - 8.0, deviances.at(0.0, y).1), label);
        if c.deviance.is_finite() {
            let text = decimal(c.deviance, 3);
            let colour = if c.chosen { MODEL } else { BARS };
            bar(&mut page, &deviances, c.deviance, y, colour, &text);
        } else {
            let at = deviances.at(0.0, y);
            note(&mut page, (at.0 + 5.0, at.1), "infinite", Anchor::Start);
        }
        if c.bias.is_finite() {
            let percent = 100.0 * c.bias;
            let sign = if percent < 0.0 { "−" } else { "+" };
            let text = format!("{sign}{} %", decimal(percent.abs(), 1));
            let colour = if percent < 0.0 { MODEL } else { SECOND };
            bar(&mut page, &biases, percent, y, colour, &text);
        }
    }
    page
}
