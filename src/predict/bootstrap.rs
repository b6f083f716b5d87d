//! Parameters from fits to simulated histories.

use rayon::prelude::*;

use super::error::PredictError;
use super::options::Bootstrap;
use crate::calendar::Timeline;
use crate::fit::{FitError, FitOptions, FittedModel, Form, fit};
use crate::forecast::ValueFactors;
use crate::ledger::{Audit, Columns, Ledger, Row};
use crate::panel::{Clock, Panel, PanelOptions, ZeroOrders};
use crate::progress::Silent;
use crate::simulate::{Scenario, replay};
use crate::units::{Day, Scale};

/// Decimal places of simulated amounts.
const CENTS: u8 = 2;

/// Simulates the histories of the customers of `panel` from `model`, `replications` times, and fits
/// the form of the model ([`FitOptions::again`]) to each: the customers, the days of their first
/// purchases and the as-of date are the same. The spread of the fits is that of the estimates,
/// also where the information of a small base or of a model at its limit does not tell it.
///
/// # Errors
/// Under the panel clock, whose customers have no first day from which they could be simulated, and
/// where more than half of the fits fail.
///
/// ```
/// # use clvcast::{fit::*, panel::*, predict::*, progress::Silent, simulate::{Scenario, simulate}};
/// # let scenario = Scenario { customers: 100, ..Scenario::default() };
/// # let ledger = simulate(&scenario)?.to_ledger();
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let model = fit(&panel, &FitOptions::default())?;
/// let fits = bootstrap(&panel, &model, 20, 1)?;
/// assert_eq!((fits.models.len(), fits.failed), (20, 0));
/// let mean = |model: &FittedModel| model.frequency.rate().mean();
/// let means: f64 = fits.models.iter().map(mean).sum::<f64>() / 20.0;
/// assert!((means / mean(&model) - 1.0).abs() < 0.1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bootstrap(
    panel: &Panel,
    model: &FittedModel,
    replications: usize,
    seed: u64,
) -> Result<Bootstrap, PredictError> {
    if panel.clock == Clock::Panel {
        return Err(PredictError::PanelClock);
    }
    let options = FitOptions::again(model);
    let source = Source::new(panel, model);
    let fits: Vec<Result<FittedModel, FitError>> = (0..replications)
        .into_par_iter()
        .map(|b| fit(&source.panel(crate::ledger::hash(seed, &b.to_le_bytes())), &options))
        .collect();
    let failures: Vec<String> =
        fits.iter().filter_map(|fit| Some(fit.as_ref().err()?.to_string())).collect();
    let failed = failures.len();
    if 2 * failed > replications {
        let first = failures.into_iter().next().unwrap_or_default();
        return Err(PredictError::Bootstrap { failed, replications, first });
    }
    let alone = |model| FittedModel { fit: None, ..model };
    Ok(Bootstrap { models: fits.into_iter().flatten().map(alone).collect(), failed })
}

/// What histories are simulated from.
struct Source<'a> {
    panel: &'a Panel,
    model: &'a FittedModel,
    scenario: Scenario,
    first_days: Vec<Option<Day>>,
    factors: ValueFactors,
}

impl<'a> Source<'a> {
    fn new(panel: &'a Panel, model: &'a FittedModel) -> Self {
        let monetary = model.monetary.filter(|_| panel.has_amount);
        let scenario = Scenario {
            customers: u32::try_from(panel.customers.len()).unwrap_or(u32::MAX),
            seed: 0,
            period: panel.grid.period(),
            periods: panel.periods,
            last_day: panel.grid.as_of(),
            frequency: model.frequency,
            calendar: model.calendar.clone(),
            monetary: monetary.map(|monetary| monetary.law),
            spend: monetary.map_or(Form::Period, |monetary| monetary.form),
            acquisition_periods: panel.periods,
            margin: None,
            expense_rate: None,
            segments: false,
        };
        let timeline = Timeline::new(panel, model.calendar.as_ref(), 0);
        Self {
            panel,
            model,
            scenario,
            first_days: panel.customers.iter().map(|customer| customer.first_purchase).collect(),
            factors: ValueFactors::new(panel, model, &timeline),
        }
    }

    /// One simulated history of the panel.
    fn panel(&self, seed: u64) -> Panel {
        let scenario = Scenario { seed, ..self.scenario.clone() };
        let grid = &self.panel.grid;
        let rows = replay(&scenario, grid, &self.first_days);
        let ledger = |rows: Vec<Row>| Ledger {
            customers: self.panel.ids.clone(),
            segments: None,
            segment_changes: Vec::new(),
            rows: rows.into(),
            scale: Scale::new(CENTS).unwrap_or_default(),
            columns: Columns {
                customer: "customer".to_owned(),
                date: "date".to_owned(),
                amount: scenario.monetary.map(|_| "amount".to_owned()),
                ..Columns::default()
            },
            audit: Audit::default(),
        };
        let rows: Vec<Row> = rows
            .iter()
            .map(|row| Row {
                customer: row.customer,
                day: row.day,
                order: None,
                amount: row
                    .amount
                    .map(|amount| scaled(amount, self.factors.of_period(grid.index(row.day)))),
                cost: 0,
                expense: 0,
            })
            .collect();
        let build = |ledger: &Ledger| {
            let options = PanelOptions {
                period: grid.period(),
                as_of: Some(grid.as_of()),
                clock: Clock::FirstPurchase,
                zero_orders: ZeroOrders::Drop,
            };
            // The same customers, days and periods as those of a panel that was built.
            Panel::build(ledger, &options, &Silent).unwrap_or_else(|_| self.panel.clone())
        };
        let simulated = build(&ledger(rows.clone()));
        if self.model.monetary.is_none_or(|monetary| monetary.dependence.is_none()) {
            return simulated;
        }
        // Values depend on the rate that the simulated history lets expect.
        let timeline = Timeline::new(&simulated, self.model.calendar.as_ref(), 0);
        let factors = ValueFactors::new(&simulated, self.model, &timeline);
        let own: Vec<f64> =
            (0..simulated.customers.len()).map(|i| factors.of_customer(&simulated, i)).collect();
        let places: std::collections::HashMap<&str, usize> =
            simulated.ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
        let rows = rows.into_iter().map(|row| {
            let id = self.panel.ids[row.customer as usize].as_str();
            let factor = places.get(id).map_or(1.0, |&i| own[i]);
            Row { amount: row.amount.map(|amount| scaled(amount, factor)), ..row }
        });
        build(&ledger(rows.collect()))
    }
}

/// An amount in cents times a factor, at least one cent.
#[expect(clippy::cast_possible_truncation, reason = "cut below 2^53")]
fn scaled(amount: i64, factor: f64) -> i64 {
    (amount as f64 * factor).round().clamp(1.0, 1e15) as i64
}
