//! The gross margin of a coming period.

use crate::panel::{Cell, Panel, PeriodIndex};
use crate::units::{Money, Scale};

/// Which margin a customer carries forward.
///
/// ```
/// use clvcast::value::MarginRule;
/// assert_eq!((MarginRule::default(), MarginRule::Pooled.name()), (MarginRule::Last, "pooled"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MarginRule {
    /// The customer's last one, moved by the company's trend (the rule of *S*).
    #[default]
    Last,
    /// The customer's margin over its history, shrunk towards the company's.
    Pooled,
}

impl MarginRule {
    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Pooled => "pooled",
        }
    }
}

/// (amount − cost)/amount, `None` without positive net sales.
fn margin(amount: Money, cost: Money, scale: Scale) -> Option<f64> {
    (amount > Money::ZERO).then(|| (amount - cost).to_f64(scale) / amount.to_f64(scale))
}

/// The margin of one cell, `None` without positive net sales.
pub(super) fn cell_margin(cell: &Cell, scale: Scale) -> Option<f64> {
    margin(cell.amount(), cell.cost(), scale)
}

/// The company's margin per period and the slopes of its trend (*S*, section 6).
///
/// ```text
/// r' = r + h − 1
/// r' = 0:  margin = last margin
/// r' > 0:  margin = last margin · (1 + Δ),   Δ = slope · r'/2
/// ```
///
/// `slope` is that of the least-squares line through the company's margins from the customer's last
/// active period to the panel's last period, per period; 0 when those are fewer than two. Periods
/// without positive net sales are left out.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::value::CompanyMargins;
/// let company = CompanyMargins::new(&panel);
/// let last = PeriodIndex(-4);
/// assert_eq!(company.carried(0.3, last, 0), 0.3);
/// assert_eq!(company.carried(0.3, last, 2), 0.3 * (1.0 + company.slope(last)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyMargins {
    first: PeriodIndex,
    slopes: Vec<f64>,
}

impl CompanyMargins {
    /// The company of a panel.
    #[must_use]
    pub fn new(panel: &Panel) -> Self {
        let scale = panel.scale;
        let mut slopes = vec![0.0; panel.company.len()];
        // Sums over the periods from the last one backwards: every slope is that of a suffix.
        let (mut n, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (slope, period) in slopes.iter_mut().zip(&panel.company).rev() {
            if let Some(margin) = margin(period.amount, period.cost, scale) {
                let at = f64::from(period.period.0);
                n += 1.0;
                x += at;
                y += margin;
                xx += at * at;
                xy += at * margin;
            }
            let spread = n * xx - x * x;
            *slope = if spread > 0.0 { (n * xy - x * y) / spread } else { 0.0 };
        }
        let first = panel.company.first().map_or(PeriodIndex(0), |p| p.period);
        Self { first, slopes }
    }

    /// Slope from a customer's last active period on, per period.
    #[must_use]
    pub fn slope(&self, last_active: PeriodIndex) -> f64 {
        let index = usize::try_from(last_active.0 - self.first.0).ok();
        index.and_then(|i| self.slopes.get(i)).copied().unwrap_or(0.0)
    }

    /// The margin `empty` = r + h − 1 periods after the last active one.
    #[must_use]
    pub fn carried(&self, last_margin: f64, last_active: PeriodIndex, empty: u32) -> f64 {
        if empty == 0 {
            return last_margin;
        }
        last_margin * (1.0 + self.slope(last_active) * f64::from(empty) / 2.0)
    }
}

/// Margins over a customer's history, shrunk to the company's by their credibility
/// (Bühlmann & Straub 1970, with amounts as weights).
///
/// ```text
/// M_i = Σ_j w_ij M_ij / w_i,    Z_i = w_i/(w_i + s²/a),    margin = Z_i M_i + (1 − Z_i) M
/// ```
///
/// M is the margin of all active periods together, w are amounts, s² the variance of margins within customers per unit of weight, a the variance
/// between customers; where a is estimated at 0 or below, everybody has the company's margin.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::value::PooledMargins;
/// let margins = PooledMargins::new(&panel);
/// let overall = margins.overall.unwrap();
/// assert!((overall - (2_297_200.8603 - 2_010_803.8386) / 2_297_200.8603).abs() < 1e-9);
/// let (_, own, z) = margins.credibility(0);
/// assert!((0.0..1.0).contains(&z));
/// assert!((margins.margin(0).unwrap() - (z * own + (1.0 - z) * overall)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PooledMargins {
    /// The margin M of all active periods together; `None` where nobody has net sales.
    pub overall: Option<f64>,
    /// s², the variance of margins within customers, per unit of weight.
    pub within: f64,
    /// a, the variance of margins between customers.
    pub between: f64,
    /// w_i and M_i.
    own: Vec<(f64, f64)>,
}

impl PooledMargins {
    /// The customers of a panel; `None` for all where nobody has net sales.
    #[must_use]
    pub fn new(panel: &Panel) -> Self {
        let customers = panel.customers.len();
        let own: Vec<(f64, f64)> = (0..customers).map(|i| own_margin(panel, i)).collect();
        let (weights, profit) =
            own.iter().fold((0.0, 0.0), |(w, p), (weight, mean)| (w + weight, p + weight * mean));
        if weights <= 0.0 {
            return Self { overall: None, within: 0.0, between: 0.0, own };
        }
        let overall = profit / weights;
        let (mut within, mut degrees) = (0.0, 0.0);
        let (mut total, mut squares, mut between, mut count) = (0.0, 0.0, 0.0, 0.0);
        for (i, &(weight, mean)) in own.iter().enumerate() {
            if weight <= 0.0 {
                continue;
            }
            let mut periods = 0.0;
            for cell in panel.active_cells(i) {
                if let Some(margin) = cell_margin(cell, panel.scale) {
                    within += cell.amount().to_f64(panel.scale) * (margin - mean).powi(2);
                    periods += 1.0;
                }
            }
            degrees += periods - 1.0;
            total += weight;
            squares += weight * weight;
            between += weight * (mean - overall).powi(2);
            count += 1.0;
        }
        let s2 = if degrees > 0.0 { within / degrees } else { 0.0 };
        let spread = total - squares / total.max(f64::MIN_POSITIVE);
        let a = if spread > 0.0 { (between - (count - 1.0) * s2) / spread } else { 0.0 };
        Self { overall: Some(overall), within: s2, between: a, own }
    }

    /// w_i (money), M_i and Z_i of customer `i`.
    #[must_use]
    pub fn credibility(&self, i: usize) -> (f64, f64, f64) {
        let (weight, mean) = self.own[i];
        let known = self.between > 0.0 && weight > 0.0;
        let z = if known { weight / (weight + self.within / self.between) } else { 0.0 };
        (weight, mean, z)
    }

    /// The margin of customer `i`, the same for every coming period.
    #[must_use]
    pub fn margin(&self, i: usize) -> Option<f64> {
        let (_, mean, z) = self.credibility(i);
        self.overall.map(|overall| z * mean + (1.0 - z) * overall)
    }
}

/// Σ amount and margin over the active periods of a customer.
fn own_margin(panel: &Panel, i: usize) -> (f64, f64) {
    let (amount, cost) = panel
        .active_cells(i)
        .fold((Money::ZERO, Money::ZERO), |(a, c), cell| (a + cell.amount(), c + cell.cost()));
    (amount.to_f64(panel.scale), margin(amount, cost, panel.scale).unwrap_or(0.0))
}
