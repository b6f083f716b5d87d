//! Candidates at past as-of dates, and what they lost there.

use super::losses::Losses;
use super::origins::Holdout;
use crate::evaluate::{Actuals, Candidate, EvaluateError, TrialOptions, trials};
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};
use crate::progress::Silent;

/// Customers of one origin and what they did.
pub(super) struct Origin {
    panel: Panel,
    /// Places of its customers among those of the whole history.
    rows: Vec<u32>,
    actuals: Actuals,
    /// Purchases, customer after customer.
    actual: Vec<f64>,
}

/// One candidate at all origins.
pub(super) struct Tested {
    pub(super) candidate: Candidate,
    pub(super) losses: Losses,
    /// AIC of the fit at the latest origin.
    pub(super) aic: Option<f64>,
    /// Forecast purchases by origin, customer after customer.
    pub(super) predicted: Vec<Vec<f64>>,
}

/// The history cut at each origin of a holdout.
pub(super) fn origins(
    ledger: &Ledger,
    later: &Panel,
    options: &PanelOptions,
    holdout: &Holdout,
    trial: &TrialOptions,
) -> Result<Vec<Origin>, EvaluateError> {
    let cut = |&at| {
        let options = PanelOptions { as_of: Some(later.grid.end(at)), ..*options };
        let panel = Panel::build(ledger, &options, &Silent)?;
        let actuals = Actuals::new(&panel, later, holdout.periods, &trial.rules)?;
        let place = |id| later.ids.binary_search(id).unwrap_or_default();
        let rows =
            panel.ids.iter().map(|id| u32::try_from(place(id)).unwrap_or(u32::MAX)).collect();
        let purchases = &actuals.of_customers.purchases;
        let actual = (0..panel.ids.len()).flat_map(|i| purchases.of(i).iter().copied()).collect();
        Ok(Origin { panel, rows, actuals, actual })
    };
    holdout.origins.iter().map(cut).collect()
}

impl Origin {
    pub(super) fn actual(&self) -> &[f64] {
        &self.actual
    }

    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The place of the customer to whom value `i` of [`Self::actual`] belongs.
    pub(super) fn row(&self, i: usize) -> u32 {
        self.rows[i / self.actuals.horizon.max(1)]
    }
}

/// Fits and scores the candidates at every origin. One that cannot be fitted at an origin is left
/// out, with the reason.
pub(super) fn tested(
    origins: &[Origin],
    customers: usize,
    candidates: &[Candidate],
    trial: &TrialOptions,
) -> (Vec<Tested>, Vec<String>) {
    let mut tested: Vec<Tested> = candidates
        .iter()
        .map(|&candidate| Tested {
            candidate,
            losses: Losses::new(customers),
            aic: None,
            predicted: vec![],
        })
        .collect();
    let mut failed = Vec::new();
    for origin in origins {
        let horizon = u32::try_from(origin.actuals.horizon).unwrap_or(u32::MAX);
        let trial = TrialOptions { horizon, ..trial.clone() };
        let left: Vec<Candidate> = tested.iter().map(|tested| tested.candidate).collect();
        let outcomes = trials(&origin.panel, &left, &trial);
        let mut kept = Vec::with_capacity(tested.len());
        for (mut test, outcome) in tested.into_iter().zip(outcomes) {
            match outcome.outcome {
                Ok(fitted) => {
                    let purchases = &fitted.predicted.outcomes.purchases;
                    let predicted: Vec<f64> =
                        (0..origin.rows.len()).flat_map(|i| purchases.of(i).to_vec()).collect();
                    test.losses.add(&origin.rows, &origin.actual, &predicted, origins.len());
                    if test.predicted.is_empty() {
                        test.aic = fitted.model.fit.as_ref().and_then(|fit| fit.frequency.aic);
                    }
                    test.predicted.push(predicted);
                    kept.push(test);
                }
                Err(error) => failed.push(format!(
                    "{} up to {}: {error}",
                    test.candidate,
                    origin.panel.grid.as_of()
                )),
            }
        }
        tested = kept;
    }
    (tested, failed)
}
