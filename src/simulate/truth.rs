//! The truth behind a simulation, as JSON.

use serde_json::{Value, json};

use super::{Simulation, Truth};
use crate::fit::{FittedModel, Monetary, States};
use crate::models::FrequencyLaw;
use crate::panel::Clock;

impl Simulation {
    /// The scenario, its parameters under the names of the model file, and per customer id, lambda
    /// (purchases per period), nu (per money) and what else the ledger hides; where customers leave,
    /// p, theta or mu and the day of leaving, null for those who stay.
    #[must_use]
    pub fn truth_json(&self) -> String {
        let scenario = &self.scenario;
        let model = self.model_file();
        let dropout = match scenario.frequency {
            FrequencyLaw::Nbd(_) => None,
            FrequencyLaw::BgNbd { .. } | FrequencyLaw::MbgNbd { .. } => Some("p"),
            FrequencyLaw::ParetoNbd { .. } => Some("mu"),
            FrequencyLaw::Pdo { .. } => Some("theta"),
        };
        let customer = |truth: &Truth| {
            let mut customer = json!({
                "id": truth.id,
                "lambda": truth.lambda,
                "nu": truth.nu,
                "mean_value": truth.mean_value,
                "margin": truth.margin,
                "segment": truth.segment,
                "first_purchase": truth.first_purchase.to_string(),
            });
            if let Some(name) = dropout {
                customer[name] = json!(truth.dropout);
                customer["left"] = json!(truth.left.map(|day| day.to_string()));
            }
            customer
        };
        let mut truth = json!({
            "format": "clvcast-truth",
            "version": 1,
            "seed": scenario.seed,
            "period": model["period"],
            "periods": scenario.periods,
            "last_day": scenario.last_day.to_string(),
            "acquisition_periods": scenario.acquisition_periods,
            "frequency": model["frequency"],
            "monetary": model["monetary"],
            "margin": scenario.margin,
            "expense_rate": scenario.expense_rate,
        });
        if scenario.calendar.is_some() {
            truth["calendar"] = model["calendar"].clone();
        }
        truth["customers"] = self.customers.iter().map(customer).collect();
        format!("{truth:#}\n")
    }

    /// The true parameters as the model file writes them, so that names cannot drift apart.
    fn model_file(&self) -> Value {
        let scenario = &self.scenario;
        let model = FittedModel {
            source: None,
            period: scenario.period,
            clock: Clock::FirstPurchase,
            frequency: scenario.frequency,
            calendar: scenario.calendar.clone(),
            value_calendar: None,
            monetary: scenario.monetary.map(|law| Monetary {
                law,
                form: scenario.spend,
                dependence: None,
            }),
            states: States { max_frequency: 1, bands: None },
            fit: None,
        };
        serde_json::from_str(&model.to_json()).unwrap_or_default()
    }
}
