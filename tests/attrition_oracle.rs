//! Every number of `tests/oracle/attrition.jsonl`, which an independent script computed in 60
//! digits from other formulas than this crate's: integrals over the drop-out probability and both
//! rates, where this crate sums over purchases or integrates over the time of leaving.

use std::collections::BTreeMap;

use clvcast::models::{Dropout, FrequencyLaw, Lifetime, Past, RateLaw};
use serde_json::Value;

fn records() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/attrition.jsonl");
    let text = std::fs::read_to_string(path).expect("the table ships");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// A number, or a text of 20 digits.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().expect("digits").parse().expect("a number"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn law(row: &Value) -> FrequencyLaw {
    let at = |name: &str| number(&row["params"][name]);
    let rate = RateLaw::nbd(at("alpha"), at("r")).expect("positive");
    let dropout = || Dropout::beta(at("a"), at("b")).expect("positive");
    match row["model"].as_str().expect("a name") {
        "nbd" => FrequencyLaw::Nbd(rate),
        "bg-nbd" => FrequencyLaw::BgNbd { rate, dropout: dropout() },
        "mbg-nbd" => FrequencyLaw::MbgNbd { rate, dropout: dropout() },
        "pdo" => FrequencyLaw::Pdo { rate, dropout: dropout(), tau: 7 },
        "pareto-nbd" => {
            let lifetime = Lifetime::gamma(at("s"), at("beta")).expect("positive");
            FrequencyLaw::ParetoNbd { rate, lifetime }
        }
        other => panic!("{other}"),
    }
}

/// The largest misses by quantity, as shares of their tolerances.
#[derive(Default)]
struct Worst(BTreeMap<&'static str, (f64, String)>);

impl Worst {
    fn see(&mut self, what: &'static str, found: f64, expected: f64, tolerance: f64, place: &str) {
        let share = (found - expected).abs() / tolerance;
        // A NaN must not pass as no worse than the worst so far.
        let share = if share.is_nan() { f64::INFINITY } else { share };
        let entry = self.0.entry(what).or_default();
        if share >= entry.0 {
            *entry = (share, format!("{place}: found {found:e}, expected {expected:e}"));
        }
    }
}

/// Relative error of sums of up to 1e5 positive terms by recurrences, each of which rounds as often,
/// and of 16-point rules.
const SUM: f64 = 1e-12;
/// Relative error of an exponential per unit of its exponent's terms: rounding, a few times over.
const EXPONENT: f64 = 2e-15;
/// Probabilities this small are cut off at the end of a distribution.
const CUT: f64 = 1e-13;
/// Tables of counts leave out terms below this share of their largest.
const NEGLIGIBLE: f64 = 1e-19;

#[test]
fn likelihoods_probabilities_and_expectations_agree_with_the_oracle() {
    let mut worst = Worst::default();
    for row in records() {
        let law = law(&row);
        let history = &row["history"];
        let place = format!("{} {} {} {history}", row["name"], row["model"], row["params"]);
        let exposures =
            if history["exposures"].is_array() { numbers(&history["exposures"]) } else { vec![] };
        let ends = if row["ends"].is_array() { numbers(&row["ends"]) } else { vec![] };
        let outlook = if history.is_null() {
            law.newcomer(&ends)
        } else {
            let time = |name: &str| history.get(name).map_or(0.0, number);
            let x = u32::try_from(history["x"].as_u64().expect("a count")).expect("small");
            let last =
                history["last"].as_u64().map_or(0, |last| usize::try_from(last).expect("small"));
            let past = Past { x, t_x: time("t_x"), t: time("T"), ends: &exposures, last };
            // Terms of x times the logarithm of x and of the scale.
            let scale = f64::from(x) * (f64::from(x) + 10.0).ln() + 10.0;
            let expected = number(&row["ln_likelihood"]);
            worst.see("ln L", law.ln_likelihood(&past), expected, EXPONENT * scale, &place);
            law.outlook(&past, &ends)
        };
        let expected = number(&row["p_alive"]);
        let relative = SUM + EXPONENT * expected.ln().abs();
        worst.see("P(alive)", outlook.p_alive, expected, relative * expected, &place);
        let rate = number(&row["rate_if_alive"]);
        worst.see("rate", outlook.rate.mean(), rate, EXPONENT * rate, &place);
        for window in row["windows"].as_array().expect("windows") {
            let (t0, t1) = (number(&window["from"]), number(&window["to"]));
            let place = format!("{place} ({t0}, {t1}]");
            let mut see = |what, found: f64, key: &str| {
                let expected = number(&window[key]);
                worst.see(what, found, expected, relative * expected, &place);
            };
            see("E[Y]", outlook.expected(t0, t1), "expected");
            see("P(Y > 0)", outlook.p_any(t0, t1), "p_any");
            see("P(alive at)", outlook.alive_at(t0), "p_alive");
            let pmf = outlook.pmf(t0, t1);
            for (n, expected) in numbers(&window["pmf"]).into_iter().enumerate() {
                let found = pmf.get(n).copied();
                let tolerance = match found {
                    None => CUT,
                    // P(Y = 0) has the complement of P(alive) in it, which rounds absolutely.
                    Some(_) if n == 0 => SUM * expected + f64::EPSILON,
                    Some(_) => SUM * expected + NEGLIGIBLE,
                };
                worst.see("pmf", found.unwrap_or(0.0), expected, tolerance, &place);
            }
        }
    }
    assert_eq!(worst.0.len(), 7);
    let failed: Vec<_> = worst.0.iter().filter(|(_, (share, _))| *share > 1.0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
