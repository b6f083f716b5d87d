//! Every number of the tables in `tests/oracle/`, which independent scripts computed in 40 digits
//! and more from other formulas than this crate's; see the README there.

use clvcast::fit::{
    Evaluation, GammaGammaData, GammaGammaLikelihood, LogLikelihood, NbdData, NbdLikelihood,
};
use clvcast::forecast::FrequencyChain;
use clvcast::markov::{Bands, FrequencyTable, ValueTable};
use clvcast::models::special::{
    beta_tails, digamma, digamma_step, ln_rising, rising_excess, trigamma, trigamma_step,
};
use clvcast::models::{RateLaw, ValueLaw};
use nalgebra::DVector;
use serde_json::Value;

/// The rows of a table, comment lines and the CSV header left out.
fn lines(name: &str) -> Vec<String> {
    let path = format!("{}/tests/oracle/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let header = usize::from(name.ends_with("csv"));
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(header);
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    assert!(!lines.is_empty(), "{path} has no rows");
    lines
}

fn fields(line: &str) -> Vec<f64> {
    line.split(',').map(|field| field.parse().unwrap()).collect()
}

fn records(name: &str) -> Vec<Value> {
    lines(name).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A number, or a text of 20 digits.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Keeps the worst miss of a table as a share of its tolerance, and says where it is.
#[derive(Default)]
struct Worst {
    share: f64,
    place: String,
    compared: usize,
}

impl Worst {
    fn see(&mut self, found: f64, expected: f64, tolerance: f64, place: impl Fn() -> String) {
        self.compared += 1;
        let share = (found - expected).abs() / tolerance;
        // A NaN must not pass as no worse than the worst so far.
        if share > self.share || share.is_nan() {
            self.share = if share.is_nan() { f64::INFINITY } else { share };
            self.place = format!("{}: found {found:e}, expected {expected:e}", place());
        }
    }

    fn assert(&self) {
        assert!(self.compared > 0);
        assert!(self.share <= 1.0, "{:.3} times the tolerance at {}", self.share, self.place);
    }
}

#[test]
fn both_tails_of_the_incomplete_beta_function_keep_their_relative_accuracy() {
    let mut worst = Worst::default();
    for line in lines("special_beta.csv") {
        let row = fields(&line);
        let found = beta_tails(row[0], row[1], row[2], row[3]);
        for (found, expected, ln) in [(found.0, row[4], row[6]), (found.1, row[5], row[7])] {
            // Up to 2 000 steps of the continued fraction round a few times each; exp turns the
            // rounding of an exponent of size |ln| into a relative error of its size times 1e-16.
            let relative = 1e-12 + 1e-15 * ln.abs();
            // A value below the range of doubles may come out as 0.
            let tolerance = (expected * relative).max(1e-300);
            worst.see(found, expected, tolerance, || line.clone());
        }
    }
    worst.assert();
}

#[test]
fn steps_of_digamma_and_trigamma_are_exact_to_their_size() {
    let mut worst = Worst::default();
    for line in lines("special_psi.csv") {
        let row = fields(&line);
        let (a, n) = (row[0], row[1]);
        for (f, step) in [(digamma as fn(f64) -> f64, row[2]), (trigamma, row[3])] {
            // The difference of two rounded values: a few units in the last place of the larger.
            let size = f(a).abs().max(f(a + n).abs());
            worst.see(f(a + n) - f(a), step, 1e-14 * size, || line.clone());
        }
        // The steps themselves lose nothing, however small they are. Below the asymptotic range
        // they are such a difference, of values that are not much larger.
        for (found, step) in [(digamma_step(a, n), row[2]), (trigamma_step(a, n), row[3])] {
            worst.see(found, step, 1e-14 * step.abs(), || line.clone());
        }
    }
    worst.assert();
}

#[test]
fn rising_factorials_are_exact_to_rounding() {
    let mut worst = Worst::default();
    for line in lines("special_rising.csv") {
        let row = fields(&line);
        let (b, expected) = (row[0], row[2]);
        // lnΓ(b+x) and x ln b below 15, sums of small terms above.
        let size = expected.abs() + (row[1] * b.ln()).abs() + 1.0;
        let excess = rising_excess(b, row[1]);
        worst.see(excess + row[1] * b.ln(), expected, 1e-14 * size, || line.clone());
        // Purchases are whole numbers; the table also has other steps.
        let Ok(x) = line.split(',').nth(1).unwrap().parse() else { continue };
        let found = ln_rising(b, x);
        // Near ln 1 = 0 the sum's rounding is that of its terms, of size 1.
        worst.see(found, expected, 1e-14 * expected.abs().max(1.0), || line.clone());
    }
    worst.assert();
}

/// Compares value and gradient of one record; the fit's gradient is with respect to ln θ.
fn compare(worst: &mut Worst, record: &Value, found: &Evaluation, theta: &[f64], size: f64) {
    // A sum of terms of that size, each with a relative error of a few 1e-16 (log-gammas of
    // statrs: 1e-15).
    let tolerance = 1e-13 * size;
    let place = |what: &str| format!("{what} of {record}");
    let expected = number(&record["log_likelihood"]);
    worst.see(found.value, expected, tolerance, || place("ln L"));
    for (j, natural) in numbers(&record["gradient"]).into_iter().enumerate() {
        let expected = natural * theta[j];
        worst.see(found.gradient[j], expected, tolerance, || place("gradient"));
    }
}

#[test]
fn nbd_likelihoods_and_gradients_are_those_of_the_densities() {
    let mut worst = Worst::default();
    for record in records("likelihood.jsonl") {
        let model = record["model"].as_str().unwrap();
        if !model.starts_with("nbd") {
            continue;
        }
        let customers: Vec<(u32, f64, u64)> = record["customers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| (u32::try_from(pair[0].as_u64().unwrap()).unwrap(), number(&pair[1]), 1))
            .collect();
        let theta = [number(&record["a"]), number(&record["b"])];
        let (a, b) = (theta[0], theta[1]);
        let data = NbdData::new(customers.iter().copied(), model == "nbd-zero-truncated");
        let found = NbdLikelihood(&data).evaluate(&DVector::from_row_slice(&theta));
        // The terms (b + x) ln(1 + T/a) and x ln(b/a).
        let terms = |&(x, t, _): &(u32, f64, u64)| {
            let x = f64::from(x);
            (b + x) * (t / a).ln_1p() + x * (b / a).ln().abs() + x + 1.0
        };
        let size: f64 = customers.iter().map(terms).sum();
        compare(&mut worst, &record, &found, &theta, size);
    }
    worst.assert();
}

#[test]
fn gamma_gamma_likelihoods_and_gradients_of_all_three_forms_are_those_of_the_densities() {
    let mut worst = Worst::default();
    for record in records("likelihood.jsonl") {
        if record["model"] != "gamma-gamma" {
            continue;
        }
        let by_purchases = record["form"] != "period";
        let customers: Vec<Vec<(f64, f64)>> = record["customers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|values| {
                let pair = |pair: &Value| {
                    let weight = if by_purchases { number(&pair[1]) } else { 1.0 };
                    (weight, number(&pair[0]))
                };
                values.as_array().unwrap().iter().map(pair).collect()
            })
            .collect();
        let theta = [number(&record["p"]), number(&record["q"]), number(&record["k"])];
        let (p, q, k) = (theta[0], theta[1], theta[2]);
        let data = GammaGammaData::new(customers.iter());
        let found = GammaGammaLikelihood(&data).evaluate(&DVector::from_row_slice(&theta));
        // The terms lnΓ(pF + q), lnΓ(q), p f ln(f m), p F ln k and (pF + q) ln(1 + S/k).
        let terms = |values: &Vec<(f64, f64)>| {
            let (total, sum) = values.iter().fold((0.0, 0.0), |(n, s), &(f, m)| (n + f, s + f * m));
            let shape = p * total + q;
            let logs: f64 = values.iter().map(|&(f, m)| p * f * (f * m).ln().abs()).sum();
            2.0 * shape * (shape + 1.0).ln()
                + logs
                + p * total * k.ln().abs()
                + shape * (sum / k).ln_1p()
                + 1.0
        };
        let size: f64 = customers.iter().map(terms).sum();
        compare(&mut worst, &record, &found, &theta, size);
    }
    worst.assert();
}

#[test]
fn transitions_of_two_hundred_parameter_sets() {
    /// Absolute, on probabilities; the quadrature's promise.
    const PROBABILITY: f64 = 1e-10;
    /// Relative, on expectations.
    const EXPECTATION: f64 = 1e-9;
    /// Of a row's sum.
    const ROW_SUM: f64 = 1e-12;
    let list = |field: &str| -> Vec<f64> {
        field.split(';').filter(|f| !f.is_empty()).map(|f| f.parse().unwrap()).collect()
    };
    let (mut probabilities, mut expectations) = (Worst::default(), Worst::default());
    let (mut moments, mut sums) = (Worst::default(), Worst::default());
    let mut table: Option<(String, ValueTable)> = None;
    let mut largest_estimate = 0.0_f64;
    for line in lines("transitions.csv") {
        let row: Vec<&str> = line.split(',').collect();
        let place = || format!("set {} row {} ({})", row[0], row[6], row[1..6].join(","));
        if table.as_ref().is_none_or(|(set, _)| set != row[0]) {
            let parameter = |i: usize| row[i].parse().unwrap();
            let law = ValueLaw::gamma_gamma(parameter(1), parameter(2), parameter(3)).unwrap();
            let mut edges = list(row[4]);
            edges.push(row[5].parse().unwrap());
            let computed = ValueTable::new(law, Bands::new(edges).unwrap());
            largest_estimate = largest_estimate.max(computed.error);
            table = Some((row[0].to_owned(), computed));
        }
        let (_, table) = table.as_ref().unwrap();
        let found = &table.rows[row[6].parse::<usize>().unwrap() - 1];
        let split = &found.probability;
        let expected = list(row[7]);
        assert_eq!(split.bands.len(), expected.len());
        for (&found, expected) in split.bands.iter().zip(expected) {
            probabilities.see(found, expected, PROBABILITY, place);
        }
        probabilities.see(split.below, row[8].parse().unwrap(), PROBABILITY, place);
        probabilities.see(split.above, row[9].parse().unwrap(), PROBABILITY, place);
        let sum = split.below + split.bands.iter().sum::<f64>() + split.above;
        sums.see(sum, 1.0, ROW_SUM, place);
        let expectation: f64 = row[10].parse().unwrap();
        expectations.see(found.expected, expectation, EXPECTATION * expectation, place);
        let expected = list(row[11]);
        assert_eq!(found.moment.is_some(), !expected.is_empty(), "{}", place());
        if let Some(found) = &found.moment {
            let (below, above): (f64, f64) = (row[12].parse().unwrap(), row[13].parse().unwrap());
            // Moments are computed as shares of the mean next value.
            let scale = below + expected.iter().sum::<f64>() + above;
            let all = std::iter::once(&found.below).chain(&found.bands).chain(Some(&found.above));
            let wanted = std::iter::once(below).chain(expected).chain(Some(above));
            for (&found, expected) in all.zip(wanted) {
                moments.see(found, expected, EXPECTATION * scale, place);
            }
        }
    }
    probabilities.assert();
    sums.assert();
    expectations.assert();
    moments.assert();
    assert!(largest_estimate <= PROBABILITY, "{largest_estimate}");
}

#[test]
fn chain_expectations_are_those_of_all_paths() {
    let mut worst = Worst::default();
    for record in records("chain.jsonl") {
        if record["kind"] != "frequency" {
            continue;
        }
        let of = |key: &str| number(&record[key]);
        let law = RateLaw::nbd(of("a"), of("b")).unwrap();
        let start = RateLaw::nbd(of("rate"), of("shape")).unwrap();
        let horizon = record["active"].as_array().unwrap().len();
        let steps = FrequencyChain::new(law, vec![1.0; horizon], [start]).steps(start);
        for (h, step) in steps.iter().enumerate() {
            let place = || format!("h = {} of {} at {}", h + 1, record["start"], record["a"]);
            // Sums of probabilities over thousands of paths, each rounded once per period; what
            // the tables leave out is below 1e-16 of the mass.
            let tolerance = |expected: f64| 1e-12 * expected.max(1e-3);
            let mut see = |found: f64, expected: f64| {
                worst.see(found, expected, tolerance(expected), place);
            };
            see(step.p_active(), number(&record["active"][h]));
            see(step.expected_purchases(), number(&record["expected"][h]));
            let expected = numbers(&record["expected_by_moves"][h]);
            assert_eq!(step.purchases.len(), expected.len());
            step.purchases.iter().zip(expected).for_each(|(&f, e)| see(f, e));
            let expected = numbers(&record["active_by_moves"][h]);
            step.active.iter().zip(expected).for_each(|(&f, e)| see(f, e));
        }
    }
    worst.assert();
}

#[test]
fn values_move_as_the_chain_says() {
    let mut worst = Worst::default();
    for record in records("chain.jsonl") {
        if record["kind"] != "value" {
            continue;
        }
        let of = |key: &str| number(&record[key]);
        let law = ValueLaw::gamma_gamma(of("p"), of("q"), of("k")).unwrap();
        let mut value = of("last");
        if record["after_moves"].is_null() {
            assert_eq!(law.after(1.0, value).mean(), None, "p + q ≤ 1: the mean is infinite");
            continue;
        }
        for expected in numbers(&record["after_moves"]) {
            value = law.after(1.0, value).mean().unwrap();
            // p + q − 1 may be as small as 0.1, which costs a digit per move.
            worst.see(value, expected, 1e-13 * expected, || record.to_string());
        }
    }
    worst.assert();
}

#[test]
fn the_point_rule_has_the_tabulated_counts_and_probabilities() {
    /// Finite sums of positive terms of size at most 1.
    const ROUNDING: f64 = 1e-13;
    let mut worst = Worst::default();
    for record in records("points.jsonl") {
        let law = RateLaw::nbd(number(&record["a"]), number(&record["b"])).unwrap();
        let max = u32::try_from(record["max_frequency"].as_u64().unwrap()).unwrap();
        let table = FrequencyTable::new(law, max);
        let place = || format!("a = {}, b = {}", record["a"], record["b"]);
        worst.see(law.mean(), number(&record["mean"]), ROUNDING * law.mean(), place);
        assert_eq!(u64::from(table.interval_start()), record["interval"][0].as_u64().unwrap());
        for (&found, expected) in table.pmf().iter().zip(numbers(&record["pmf"])) {
            worst.see(found, expected, ROUNDING, place);
        }
        for row in record["rows"].as_array().unwrap() {
            let from = u32::try_from(row["from"].as_u64().unwrap()).unwrap();
            let expected = table.expected(from);
            assert_eq!(u64::from(expected), row["expected"].as_u64().unwrap(), "{}", place());
            for (r, wanted) in (0..).zip(numbers(&row["probability"])) {
                let found = table.probabilities(r, 1.0)[expected as usize];
                worst.see(found, wanted, ROUNDING, place);
            }
        }
    }
    worst.assert();
}
