//! The values of a panel with their periods, and the columns a regression puts beside them.

use nalgebra::DMatrix;

use super::choice::Spend;
use super::error::FitError;
use super::model::Form;
use super::spend_data::GammaGammaData;
use crate::calendar::{SeasonKind, Trend};
use crate::panel::{Panel, PeriodIndex};

/// One value m with its weight w, and the place of its period in the panel, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Value {
    pub(super) weight: f64,
    pub(super) m: f64,
    pub(super) period: usize,
}

/// The values of all customers with a value.
#[derive(Debug, Clone)]
pub(super) struct SpendData {
    /// The sums the law is fitted to without regression.
    pub(super) plain: GammaGammaData,
    /// Customer after customer.
    pub(super) values: Vec<Value>,
    /// For each customer, its place in the panel and the end of its values.
    pub(super) customers: Vec<(usize, usize)>,
}

impl SpendData {
    /// Of a panel whose `plain` sums are known.
    pub(super) fn new(panel: &Panel, spend: Spend, plain: GammaGammaData) -> Self {
        let first = panel.first_period().0;
        let mut values = Vec::new();
        let mut customers = Vec::new();
        for i in 0..panel.customers.len() {
            let start = values.len();
            if let Some(form) = form(spend) {
                values.extend(panel.active_cells(i).filter_map(|cell| {
                    Some(Value {
                        weight: form.weight(cell.purchases),
                        m: panel.value(cell)?,
                        period: usize::try_from(cell.period.0 - first).unwrap_or(0),
                    })
                }));
            } else {
                // It spans periods; its place is not used.
                values.extend(panel.repeat_mean(i).map(|mean| Value {
                    weight: f64::from(mean.purchases),
                    m: mean.mean,
                    period: 0,
                }));
            }
            if values.len() > start {
                customers.push((i, values.len()));
            }
        }
        Self { plain, values, customers }
    }
}

/// The sums of a panel's values that the law is fitted to without regression.
pub(super) fn plain(panel: &Panel, spend: Spend) -> GammaGammaData {
    GammaGammaData::gather(panel.customers.len(), |i, room| match form(spend) {
        Some(form) => room.extend(panel.active_amounts(i).map(|(f, m)| (form.weight(f), m))),
        None => room.extend(panel.repeat_mean(i).map(|own| (f64::from(own.purchases), own.mean))),
    })
}

/// How values by period are weighed; `None` where there is one value per customer.
const fn form(spend: Spend) -> Option<Form> {
    match spend {
        Spend::Period => Some(Form::Period),
        Spend::Purchase => Some(Form::Purchase),
        Spend::RepeatMean => None,
    }
}

/// The ranges of the values of one customer after the other.
pub(super) fn ranges(
    customers: &[(usize, usize)],
) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let starts = std::iter::once(0).chain(customers.iter().map(|&(_, end)| end));
    starts.zip(customers).map(|(start, &(_, end))| start..end)
}

/// What explains the values: ln v_ij = row(period of ij) · β + slope · ln(rate_i/centre).
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// A row per period of the panel; columns of the season, then of the trend.
    pub(super) periods: DMatrix<f64>,
    /// ln(rate_i/centre) of each customer with a value, where there is a dependence; its column
    /// is the last one.
    pub(super) ln_rates: Option<Vec<f64>>,
    /// Names of the columns.
    pub(super) names: Vec<String>,
    /// Columns of the season are shrunk.
    pub(super) shrunk: Vec<bool>,
    /// Columns that add up to the level, which the law holds already: a season's factors.
    pub(super) level: usize,
}

/// Names of the coefficients that are not a season's.
/// Before the names of a season.
pub(super) const SEASON: &str = "season ";
pub(super) const TREND: &str = "trend";
pub(super) const DEPENDENCE: &str = "dependence";

impl Design {
    /// The season's row of a period is the mean of the rows of its days, so it explains the mean
    /// of ln factor; the trend's is the years from the as-of date to the period's middle.
    pub(super) fn new(
        panel: &Panel,
        season: Option<SeasonKind>,
        trend: bool,
        ln_rates: Option<Vec<f64>>,
    ) -> Self {
        let mut names: Vec<String> = season.map(SeasonKind::names).unwrap_or_default();
        for name in &mut names {
            *name = format!("{SEASON}{name}");
        }
        let mut shrunk = vec![true; names.len()];
        let seasonal = names.len();
        for (name, _) in
            [(TREND, trend), (DEPENDENCE, ln_rates.is_some())].iter().filter(|(_, used)| *used)
        {
            names.push((*name).to_owned());
            shrunk.push(false);
        }
        let grid = &panel.grid;
        let indices = (panel.first_period().0..=0).map(PeriodIndex);
        let mut periods = DMatrix::zeros(indices.clone().count(), seasonal + usize::from(trend));
        for (t, index) in indices.enumerate() {
            let (start, end) = (grid.start(index), grid.end(index));
            let days = crate::calendar::days(start, end);
            let share = 1.0 / f64::from(grid.days(index));
            for row in season.iter().flat_map(|kind| days.clone().map(|day| kind.row(day))) {
                for (j, x) in row.iter().enumerate() {
                    periods[(t, j)] += share * x;
                }
            }
            if trend {
                let as_of = grid.as_of();
                periods[(t, seasonal)] =
                    0.5 * (Trend::years(as_of, start) + Trend::years(as_of, end));
            }
        }
        let level = match season {
            Some(SeasonKind::Factors(cycle)) => cycle.parts(),
            _ => 0,
        };
        Self { periods, ln_rates, names, shrunk, level }
    }

    /// Number of columns.
    pub(super) fn columns(&self) -> usize {
        self.names.len()
    }
}

/// The geometric mean of the rates of the customers with a value (purchases per period), and
/// ln(rate/centre) of each of them.
pub(super) fn centred(
    panel: &Panel,
    data: &SpendData,
    rates: &[f64],
) -> Result<(f64, Vec<f64>), FitError> {
    let mut ln_rates = Vec::with_capacity(data.customers.len());
    for &(i, _) in &data.customers {
        let rate = rates.get(i).copied().unwrap_or(f64::NAN);
        if !(rate.is_finite() && rate > 0.0) {
            return Err(FitError::NoRate { customer: panel.ids[i].clone(), rate });
        }
        ln_rates.push(rate.ln());
    }
    let mean = ln_rates.iter().sum::<f64>() / ln_rates.len().max(1) as f64;
    for ln_rate in &mut ln_rates {
        *ln_rate -= mean;
    }
    Ok((mean.exp(), ln_rates))
}
