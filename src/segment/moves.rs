//! Where groups moved in the past, and where their customers are expected.

use super::{Grouping, Migration};
use crate::panel::Panel;
use crate::value::Forecast;

/// Customers of each group of one day, counted by their group of a later one.
///
/// ```
/// use clvcast::segment::{Grouping, Moves};
/// let ids = |ids: [&str; 2]| ids.map(str::to_owned).to_vec();
/// let group = |of: [Option<u32>; 2]| Grouping {
///     column: "size".into(),
///     groups: vec!["small".into(), "big".into()],
///     of: of.to_vec(),
/// };
/// let (then, now) = (group([Some(0), Some(1)]), group([Some(1), Some(1)]));
/// let moves = Moves::count((&ids(["a", "b"]), &then), (&ids(["b", "c"]), &now), "2017", "2018");
/// assert_eq!(moves.counts, [[0, 0, 0], [0, 1, 0]]); // b stayed; a is gone, which rows do not do
/// assert_eq!(moves.newcomers, [0, 1, 0]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves {
    /// The column of the grouping, as in [`Grouping::column`].
    pub column: String,
    /// Its labels.
    pub groups: Vec<String>,
    /// Label of the last period before the moves.
    pub from: String,
    /// Label of the last period of the history.
    pub to: String,
    /// Customers by group then (row) and now (column); the last column counts those without a
    /// label now.
    pub counts: Vec<Vec<u64>>,
    /// Customers who were known then, but had no label, by group now, the last ones without.
    pub unlabelled: Vec<u64>,
    /// Customers who came later, by group now, the last ones without a label.
    pub newcomers: Vec<u64>,
}

impl Moves {
    /// Counts customers by their ids, ascending, of two days; both groupings have the same groups.
    #[must_use]
    pub fn count(
        (ids_then, then): (&[String], &Grouping),
        (ids_now, now): (&[String], &Grouping),
        from: &str,
        to: &str,
    ) -> Self {
        let groups = now.groups.len();
        let mut counts = vec![vec![0; groups + 1]; groups];
        let (mut unlabelled, mut newcomers) = (vec![0; groups + 1], vec![0; groups + 1]);
        for (i, id) in ids_now.iter().enumerate() {
            let row = match ids_then.binary_search(id).map(|j| then.of[j]) {
                Ok(Some(group)) => &mut counts[group as usize],
                Ok(None) => &mut unlabelled,
                Err(_) => &mut newcomers,
            };
            row[now.of[i].map_or(groups, |group| group as usize)] += 1;
        }
        let (column, groups) = (now.column.clone(), now.groups.clone());
        let (from, to) = (from.to_owned(), to.to_owned());
        Self { column, groups, from, to, counts, unlabelled, newcomers }
    }
}

/// Where the customers of each group are expected in the last period of the horizon.
///
/// ```text
/// expected(g, band) = Σ_(i in g) P(i active in the last period) · P(band | band of i now, active)
/// ```
///
/// The first factor is that of the forecast; the second one is the chain's, over all customers of
/// the band ([`Migration::at_horizon`]). Where the chain says nothing (models other than the NBD, no
/// amounts, no bands), customers are only expected to buy or not.
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
/// use clvcast::segment::{Ahead, Grouping, Migration};
/// let segment = Grouping::of_ledger(&panel).unwrap();
/// let bands = Migration::new(&panel, &model, 3);
/// let ahead = Ahead::new(&panel, &forecast, bands.as_ref(), &segment).unwrap();
/// let customers: f64 = ahead.expected.iter().flatten().sum();
/// assert!((customers - 793.0).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// The column of the grouping.
    pub column: String,
    /// Its labels.
    pub groups: Vec<String>,
    /// Label of the last period of the horizon.
    pub period: String,
    /// The places: without a purchase in that period, then the value bands, or `None` where there
    /// are no bands and the second place is a purchase of any value.
    pub bands: Option<Vec<String>>,
    /// Expected customers by group (row) and place (column); a last row holds those without a
    /// label, where there are some. Rows add up to the customers of the group that have a forecast.
    pub expected: Vec<Vec<f64>>,
}

impl Ahead {
    /// Names of the places, those without a band in the words given: no purchase in the period, and
    /// a purchase of whatever value.
    ///
    /// ```
    /// let period = "2018-Q3".to_owned();
    /// let (column, groups) = ("size".to_owned(), vec!["big".to_owned()]);
    /// let expected = vec![vec![1.5, 0.5]];
    /// let ahead = clvcast::segment::Ahead { column, groups, period, bands: None, expected };
    /// assert_eq!(ahead.places("silent", "buys"), ["silent", "buys"]);
    /// ```
    #[must_use]
    pub fn places(&self, none: &str, purchase: &str) -> Vec<String> {
        let bands = self.bands.clone().unwrap_or_else(|| vec![purchase.to_owned()]);
        std::iter::once(none.to_owned()).chain(bands).collect()
    }

    /// Of a grouping; `None` without a coming period.
    #[must_use]
    pub fn new(
        panel: &Panel,
        forecast: &Forecast,
        bands: Option<&Migration>,
        grouping: &Grouping,
    ) -> Option<Self> {
        let last = forecast.labels.len().checked_sub(1)?;
        let chain = bands.and_then(|bands| Some((bands, bands.at_horizon.as_ref()?)));
        let places = chain.map_or(1, |(bands, _)| bands.places.len());
        let rows = grouping.groups.len() + usize::from(grouping.has_unlabelled());
        let mut expected = vec![vec![0.0; places + 1]; rows];
        let mean = chain.map(|(bands, rows)| mean(&bands.now, rows, places));
        for i in 0..panel.customers.len() {
            let Some(period) = forecast.period(i, last) else { continue };
            let group = grouping.of[i].map_or(grouping.groups.len(), |group| group as usize);
            let row = &mut expected[group];
            let active = period.step.p_active;
            row[0] += 1.0 - active;
            let Some((bands, of_bands)) = chain else {
                row[1] += active;
                continue;
            };
            let shares = bands.of.get(i).copied().flatten().and_then(|at| of_bands[at].as_ref());
            // Whose value is not known yet is expected where the others are.
            for (sum, share) in
                row[1..].iter_mut().zip(shares.or(mean.as_ref()).into_iter().flatten())
            {
                *sum += active * share;
            }
        }
        Some(Self {
            column: grouping.column.clone(),
            groups: grouping.groups.clone(),
            period: forecast.labels[last].clone(),
            bands: chain.map(|(bands, _)| bands.places.clone()),
            expected,
        })
    }
}

/// Where the customers of all bands together are, by band.
fn mean(now: &[u64], rows: &[Option<Vec<f64>>], places: usize) -> Vec<f64> {
    let known = || now.iter().zip(rows).filter_map(|(n, row)| Some((*n as f64, row.as_ref()?)));
    let customers: f64 = known().map(|(n, _)| n).sum();
    let mut mean = vec![0.0; places];
    for (n, row) in known() {
        for (sum, share) in mean.iter_mut().zip(row) {
            *sum += n / customers.max(1.0) * share;
        }
    }
    mean
}
