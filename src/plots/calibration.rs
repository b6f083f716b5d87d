//! Whether intervals hold: the probability integral transform of what happened.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::axis::{Axis, Chart};
use super::drawing::Drawing;
use super::page::{Mark, chart_area, page};
use super::style::{BARS, INK, MODEL, Style};
use super::table::Table;
use crate::report::numbers::{count, decimal};

/// The band that chance allows holds this share of the classes.
const LEVEL: f64 = 0.9;

/// Histogram of the randomised PIT u = F(y − 1) + v (F(y) − F(y − 1)), v uniform: flat where every
/// outcome y was drawn from its forecast distribution F.
///
/// The number in a class is then binomial(n, 1/classes); the band goes from its 5 % to its 95 %
/// quantile. Customers are independent given the parameters; what all of them share (an odd
/// quarter) can push a good forecast out of the band.
///
/// ```
/// use clvcast::plots::Calibration;
/// let calibration = Calibration::of_shares(1000, &[0.1; 10], 0.9, 0.9);
/// assert_eq!(calibration.counts, [100; 10]);
/// // Binomial(1000, 0.1): P(X ≤ 84) = 0.048, P(X ≤ 85) = 0.060; P(X ≤ 115) = 0.947, P(X ≤ 116) = 0.957
/// assert_eq!(calibration.band, (85, 116));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Outcomes.
    pub n: u64,
    /// Outcomes by class, from 0 to 1.
    pub counts: Vec<u64>,
    /// Fewest and most outcomes of a class that chance allows.
    pub band: (u64, u64),
    /// The share that the central interval is meant to hold.
    pub level: f64,
    /// Share of the transforms inside it.
    pub inside: f64,
}

impl Calibration {
    /// From the shares of n transforms in equal classes, and the share inside the central interval
    /// of that level.
    #[must_use]
    pub fn of_shares(n: u64, shares: &[f64], level: f64, inside: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let counts = shares.iter().map(|share| (share * n as f64).round() as u64).collect();
        let chance = Binomial::new(1.0 / shares.len().max(1) as f64, n).ok();
        let quantile = |share: f64| chance.as_ref().map_or(0, |chance| chance.inverse_cdf(share));
        let band = (quantile((1.0 - LEVEL) / 2.0), quantile(f64::midpoint(1.0, LEVEL)));
        Self { n, counts, band, level, inside }
    }

    /// One row per class.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let header = ["from", "to", "customers", "expected", "chance_p05", "chance_p95"];
        let mut table = Table::new(&header);
        let classes = self.counts.len() as f64;
        for (i, customers) in (0_u32..).map(f64::from).zip(&self.counts) {
            let (from, to) = (i / classes, (i + 1.0) / classes);
            let expected = self.n as f64 / classes;
            table.row(&[&from, &to, customers, &expected, &self.band.0, &self.band.1]);
        }
        table.text()
    }
}

/// Draws the histogram with the band of chance.
///
/// ```
/// use clvcast::plots::{Calibration, Style, draw_calibration};
/// let drawing = draw_calibration(&Calibration::of_shares(50, &[0.1; 10], 0.9, 0.92), &Style::default());
/// assert!(drawing.to_svg()?.contains("too narrow"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[must_use]
pub fn draw_calibration(data: &Calibration, style: &Style) -> Drawing {
    let caption = format!(
        "Flat bars: intervals hold. High at both ends: they are too narrow; high in the middle: too wide; sloping: the forecast is too low or too high. {} % of the outcomes of {} customers lie inside their {} % interval.",
        decimal(100.0 * data.inside, 1),
        count(data.n),
        decimal(100.0 * data.level, 0),
    );
    let legend = [
        (Mark::Box, BARS, "customers"),
        (Mark::Line, INK, "if all intervals held"),
        (Mark::Box, MODEL.faded(0.25), "what chance allows (90 %)"),
    ];
    let title = "Calibration: where outcomes fell in their forecast distribution";
    let mut page = page("calibration", title, caption, &legend, style);
    let classes = data.counts.len() as f64;
    let top = data.counts.iter().copied().max().unwrap_or(0).max(data.band.1);
    let label = "Position of the outcome in its forecast distribution (0 lowest, 1 highest)";
    let chart = Chart {
        area: chart_area(),
        x: Axis { grid: false, ..Axis::new(0.0, 1.0, label) },
        y: Axis::new(0.0, top as f64, "Customers"),
    };
    chart.frame(&mut page);
    for (i, &customers) in (0_u32..).map(f64::from).zip(&data.counts) {
        let (a, b) = (chart.at(i / classes, customers as f64), chart.at((i + 1.0) / classes, 0.0));
        page.rect((a.0 + 0.5, a.1), (b.0 - 0.5, b.1), BARS);
    }
    let (low, high) = (data.band.0 as f64, data.band.1 as f64);
    page.rect(chart.at(0.0, high), chart.at(1.0, low), MODEL.faded(0.25));
    let even = data.n as f64 / classes;
    page.line(vec![chart.at(0.0, even), chart.at(1.0, even)], INK, 1.5);
    page
}
