//! A base that no single model describes: an average of two forecasts it, from the choice to the
//! files.

use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use clvcast::simulate::{Scenario, simulate};
use serde_json::Value;

use crate::support::{Desk, holds};

/// 500 customers who all leave after about a quarter of a year, and 2 500 who leave after a purchase
/// or never: purchase rates of 8 and 4 a quarter. One law of leaving fits the former, the other the
/// latter, and half of both is better than either.
fn mixed() -> Desk {
    let rate = |rate| RateLaw::Gamma { shape: 8.0, rate };
    let early = FrequencyLaw::ParetoNbd {
        rate: rate(1.0),
        lifetime: Lifetime::Gamma { shape: 20.0, rate: 60.0 },
    };
    let after = FrequencyLaw::BgNbd { rate: rate(2.0), dropout: Dropout::Beta { a: 1.0, b: 1.0 } };
    let mut text = String::from("customer,date,amount\n");
    for (seed, customers, frequency) in [(1, 500, early), (2, 2500, after)] {
        let scenario = Scenario {
            customers,
            seed,
            frequency,
            periods: 6,
            acquisition_periods: 2,
            ..Scenario::default()
        };
        let base = simulate(&scenario).expect("a base");
        for row in &base.rows {
            let (id, amount) = (&base.customers[row.customer as usize].id, row.amount);
            let cents = amount.expect("an amount");
            text.push_str(&format!("{seed}-{id},{},{}.{:02}\n", row.day, cents / 100, cents % 100));
        }
    }
    Desk::with(text)
}

const SALES: &str = "sales.csv";

#[test]
fn the_forecast_is_the_weighted_mean_of_the_models_in_the_manifest() {
    /// Sums of two or three products, against the same sums in another order.
    const ROUNDING: f64 = 1e-12;
    let desk = mixed();
    let table = desk.forecast(&[SALES]);
    let manifest = desk.json("out.csv.run.json");
    let method = &manifest["method"];
    assert_eq!(method["name"], "average");
    let choice = &manifest["model"]["file"]["fit"]["choice"];
    assert_eq!(method["why"], choice["why"]);
    holds(method["why"].as_str().unwrap(), &[" % bg-nbd", " % pareto-nbd", "has the best score"]);
    let members = method["members"].as_array().unwrap();
    assert!(members.len() > 1);
    let weights: Vec<f64> =
        members.iter().map(|member| member["weight"].as_f64().unwrap()).collect();
    assert!(
        (weights.iter().sum::<f64>() - 1.0).abs() < ROUNDING && weights.is_sorted_by(|a, b| a >= b)
    );
    let recorded: Vec<f64> = choice["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["weight"].as_f64().unwrap())
        .collect();
    assert_eq!(recorded, weights);
    // It beats each of the single models by more than a standard error and 1 %.
    let compared = choice["compared"].as_array().unwrap();
    let score = |entry: &Value| entry["score"].as_f64().unwrap();
    for entry in &compared[1..] {
        let above = entry["above_best"].as_f64().unwrap();
        assert!(above > entry["standard_error"].as_f64().unwrap(), "{entry}");
        assert!(above > 0.01 * score(&compared[0]), "{entry}");
    }
    // Each member alone, from its model file.
    let alone: Vec<_> = members
        .iter()
        .map(|member| {
            desk.file("model.json", member["file"].to_string());
            let method = member["method"].as_str().unwrap();
            desk.forecast(&[SALES, "--model", "model.json", "--method", method])
        })
        .collect();
    for column in ["purchases_1", "purchases_3", "p_active_2", "amount_1", "p_alive"] {
        for row in (0..table.rows.len()).step_by(37) {
            let own = alone.iter().zip(&weights);
            let expected: f64 =
                own.map(|(table, weight)| weight * table.number(row, column).unwrap()).sum();
            let found = table.number(row, column).unwrap();
            assert!((found - expected).abs() <= ROUNDING * expected, "{column} in row {row}");
        }
    }
}

#[test]
fn a_row_is_explained_by_its_members_and_the_summary_names_them() {
    let desk = mixed();
    let table = desk.forecast(&[SALES]);
    for id in ["1-C0000007", "2-C0000011"] {
        let row = table.row_of(id);
        let args = ["explain", SALES, "--customer-id", id, "--format", "json"];
        let json: Value = serde_json::from_str(&desk.done(&args).stdout).unwrap();
        assert_eq!(json["method"], "average");
        let numbers = json["numbers"].as_array().unwrap();
        for column in ["p_active_1", "purchases_1", "value_2", "amount_3", "amount_total"] {
            // The members' numbers come first, the forecast's own last.
            let own = numbers.iter().rfind(|number| number["name"] == column).expect(column);
            assert_eq!(own["result"].as_f64(), table.number(row, column), "{column} of {id}");
        }
    }
    let text = desk.done(&["forecast", SALES]).stdout;
    holds(&text, &["Forecast by an average of", "bg-nbd", "pareto-nbd"]);
}

#[test]
fn threads_change_no_byte_and_quantiles_and_pictures_are_made() {
    let desk = mixed();
    let run = |threads: &str| {
        let quantiles = ["--quantiles", "0.05,0.95", "--draws", "100", "--columns", QUANTILES];
        desk.forecast(&[&[SALES, "--threads", threads], &quantiles[..]].concat());
        desk.bytes("out.csv")
    };
    assert!(run("1") == run("3"));
    let table = desk.table("out.csv");
    let ordered = (0..table.rows.len())
        .all(|row| table.number(row, "purchases_1_p05") <= table.number(row, "purchases_1_p95"));
    assert!(ordered);
    desk.done(&["forecast", SALES, "--plots", "pictures", "-q"]);
    assert!(desk.path("pictures/tracking.svg").exists());
}

/// Names, and an interval.
const QUANTILES: &str = "customer,purchases_1,purchases_1_p05,purchases_1_p95";

#[test]
fn what_holds_one_model_only_is_refused() {
    let desk = mixed();
    desk.refused(
        &["forecast", SALES, "--save-model", "model.json"],
        1,
        &["`--save-model`: an average of models", "name a model with `--frequency`"],
    );
    let parts = ["`--bootstrap` fits one model again", "name a frequency model"];
    desk.refused(&["forecast", SALES, "--bootstrap", "20"], 2, &parts);
}
