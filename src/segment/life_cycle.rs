//! Cumulative value by age, from minus the acquisition cost.

use std::collections::BTreeMap;

use crate::panel::{Panel, PeriodIndex};
use crate::value::Forecast;

/// The mean customer's cumulative gross profit by age (of the amount, where there is no profit).
///
/// ```text
/// value(age) = − acquisition cost + Σ_(j ≤ age) mean value of the j-th period of life
/// ```
///
/// The mean of a period of life is over the customers who have been seen in it, whether they bought
/// or not: older periods of life are known of older customers only. A cohort's curve goes on with
/// its forecast; that of all customers does not, as its customers have different ages.
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
/// use clvcast::segment::LifeCycle;
/// let curves = LifeCycle::new(&panel, &forecast, None).unwrap().curves;
/// let first = &curves[1]; // those who came in 2014-Q1
/// assert_eq!((first.cohort.as_deref(), first.points.len()), (Some("2014-Q1"), 16 + 3));
/// assert_eq!(first.payback, None); // it is not known what was paid for them
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LifeCycle {
    /// One curve for all customers, then one for each cohort by period of the first purchase.
    pub curves: Vec<Curve>,
    /// Whether values are gross profit; they are amounts otherwise.
    pub of_profit: bool,
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Label of the first period of its customers; `None` for all.
    pub cohort: Option<String>,
    /// Customers.
    pub customers: u64,
    /// Mean acquisition cost, money; `None` where none is given.
    pub acquisition_cost: Option<f64>,
    /// One point per age.
    pub points: Vec<Point>,
    /// The first age from which the curve, as far as it is known, stays at or above zero; `None`
    /// where it ends below, where no acquisition cost is given, and where values are amounts, which
    /// pay nothing back.
    pub payback: Option<u32>,
}

/// The mean customer at one age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Periods since the first purchase; 0 is its own period.
    pub age: u32,
    /// Customers that were seen at this age, or whose forecast reaches it.
    pub customers: u64,
    /// Mean cumulative value less the acquisition cost, money.
    pub value: f64,
    /// Whether it is forecast.
    pub forecast: bool,
}

/// Sums of customers of one cohort.
struct Cohort {
    customers: u64,
    cost: f64,
    /// By age, seen.
    past: Vec<f64>,
    /// By coming period; `None` where a customer has no forecast of it.
    coming: Vec<f64>,
    /// Customers with a forecast.
    forecast: u64,
}

impl LifeCycle {
    /// Curves of a panel's customers. Where acquisition costs are given, those without one are left
    /// out. `None` without amounts, or without any customer.
    #[must_use]
    pub fn new(panel: &Panel, forecast: &Forecast, costs: Option<&[Option<f64>]>) -> Option<Self> {
        if !panel.has_amount {
            return None;
        }
        let of_profit = panel.has_cost;
        let horizon = forecast.labels.len();
        let mut cohorts: BTreeMap<PeriodIndex, Cohort> = BTreeMap::new();
        for (i, customer) in panel.customers.iter().enumerate() {
            let Some(first) = customer.first_purchase.map(|day| panel.grid.index(day)) else {
                continue;
            };
            let cost = match costs {
                None => 0.0,
                Some(costs) => match costs[i] {
                    Some(cost) => cost,
                    None => continue,
                },
            };
            let seen = first.0.unsigned_abs() as usize + 1;
            let cohort = cohorts.entry(first).or_insert_with(|| Cohort {
                customers: 0,
                cost: 0.0,
                past: vec![0.0; seen],
                coming: vec![0.0; horizon],
                forecast: 0,
            });
            cohort.customers += 1;
            cohort.cost += cost;
            for cell in panel.customer_cells(i) {
                let profit = cell.amount() - cell.cost() - cell.expense();
                let value = if of_profit { profit } else { cell.amount() };
                // A refund booked before the first purchase belongs to the beginning.
                let age = usize::try_from(cell.period.0 - first.0).unwrap_or(0);
                cohort.past[age] += value.to_f64(panel.scale);
            }
            let coming: Option<Vec<f64>> = forecast.periods(i).and_then(|periods| {
                let value = |p: crate::value::PeriodForecast| {
                    if of_profit { p.gross_profit } else { p.step.amount }
                };
                periods.map(value).collect()
            });
            if let Some(coming) = coming {
                cohort.forecast += 1;
                for (sum, value) in cohort.coming.iter_mut().zip(coming) {
                    *sum += value;
                }
            }
        }
        if cohorts.is_empty() {
            return None;
        }
        let all = all(&cohorts);
        let each = cohorts.iter().map(|(first, own)| own.curve(panel.grid.label(*first)));
        let mut curves: Vec<Curve> = std::iter::once(all).chain(each).collect();
        for curve in &mut curves {
            curve.acquisition_cost = curve.acquisition_cost.filter(|_| costs.is_some());
            curve.payback = curve.payback.filter(|_| of_profit && costs.is_some());
        }
        Some(Self { curves, of_profit })
    }
}

impl Cohort {
    fn curve(&self, label: String) -> Curve {
        let mean = |sum: &f64, of: u64| sum / of.max(1) as f64;
        let past = self.past.iter().map(|sum| (mean(sum, self.customers), self.customers, false));
        let coming = self.coming.iter().map(|sum| (mean(sum, self.forecast), self.forecast, true));
        let coming = coming.filter(|(_, customers, _)| *customers > 0);
        let cost = mean(&self.cost, self.customers);
        Curve::new(Some(label), self.customers, cost, past.chain(coming))
    }
}

/// The curve of all customers.
fn all(cohorts: &BTreeMap<PeriodIndex, Cohort>) -> Curve {
    let ages = cohorts.values().map(|cohort| cohort.past.len()).max().unwrap_or(0);
    let point = |age: usize| {
        let seen = cohorts.values().filter(|cohort| age < cohort.past.len());
        let (sum, customers) = seen.fold((0.0, 0), |(sum, customers), cohort| {
            (sum + cohort.past[age], customers + cohort.customers)
        });
        (sum / f64::max(customers as f64, 1.0), customers, false)
    };
    let customers: u64 = cohorts.values().map(|cohort| cohort.customers).sum();
    let cost: f64 = cohorts.values().map(|cohort| cohort.cost).sum();
    Curve::new(None, customers, cost / customers.max(1) as f64, (0..ages).map(point))
}

impl Curve {
    /// From the mean value of each period of life, the customers it is of, and whether it is
    /// forecast.
    fn new(
        cohort: Option<String>,
        customers: u64,
        acquisition_cost: f64,
        steps: impl Iterator<Item = (f64, u64, bool)>,
    ) -> Self {
        let mut value = -acquisition_cost;
        let point = |(age, (step, customers, forecast))| {
            value += step;
            Point { age, customers, value, forecast }
        };
        let points: Vec<Point> = (0..).zip(steps).map(point).collect();
        let below = points.iter().rposition(|point| point.value < 0.0);
        let after = below.map_or(0, |last| last + 1);
        let payback = points.get(after).map(|point| point.age);
        Self { cohort, customers, acquisition_cost: Some(acquisition_cost), points, payback }
    }
}
