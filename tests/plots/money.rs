//! Values and their bands against independent sums.

use clvcast::fit::{Form, Monetary};
use clvcast::models::ValueLaw;
use clvcast::panel::Panel;
use clvcast::plots::{Migration, Spend, SpendClass};
use statrs::function::gamma::ln_gamma;

use crate::world::{nbd, superstore};

/// Simpson's rule with 400 steps over a class of a smooth density, relative to all values.
const SIMPSON: f64 = 1e-6;
/// Rows of probabilities that were integrated to 1e-10 and mixed.
const ROWS: f64 = 1e-9;

fn values(panel: &Panel) -> Vec<(u32, f64)> {
    (0..panel.ids.len()).flat_map(|i| panel.active_amounts(i).collect::<Vec<_>>()).collect()
}

fn simpson(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    const STEPS: u32 = 400;
    let h = (to - from) / f64::from(STEPS);
    let inner = (1..STEPS).map(|i| f(from + f64::from(i) * h) * if i % 2 == 1 { 4.0 } else { 2.0 });
    h / 3.0 * (f(from) + inner.sum::<f64>() + f(to))
}

#[test]
fn classes_of_values_hold_all_active_periods() {
    let panel = superstore();
    let spend = Spend::new(&panel, &nbd()).unwrap();
    let values = values(&panel);
    assert!(spend.logarithmic); // Superstore's largest values are far from its median
    assert_eq!(spend.classes.iter().map(|c| c.actual).sum::<u64>(), values.len() as u64);
    let inner = &spend.classes[1..spend.classes.len() - 1];
    for class in inner {
        let inside = |m: f64| m >= class.lower && m < class.upper;
        let count = values.iter().filter(|(_, m)| inside(*m)).count();
        assert_eq!(class.actual, count as u64);
    }
    let mean = values.iter().map(|(_, m)| m).sum::<f64>() / values.len() as f64;
    assert!((spend.mean / mean - 1.0).abs() < ROWS);
}

#[test]
fn expected_values_are_the_integral_of_the_fitted_density() {
    let panel = superstore();
    let model = nbd();
    let law = model.monetary.unwrap().law;
    let spend = Spend::new(&panel, &model).unwrap();
    let n: u64 = spend.classes.iter().map(|c| c.actual).sum();
    for class in &spend.classes[1..spend.classes.len() - 1] {
        let share = simpson(|m| law.ln_density(m).exp(), class.lower, class.upper);
        assert!((class.expected / n as f64 - share).abs() < SIMPSON, "{class:?}");
    }
    let all: f64 = spend.classes.iter().map(|c| c.expected).sum();
    assert!((all / n as f64 - 1.0).abs() < ROWS);
}

#[test]
fn with_spending_per_purchase_an_average_is_expected_as_one() {
    let panel = superstore();
    let mut model = nbd();
    model.monetary = model.monetary.map(|m| Monetary { form: Form::Purchase, ..m });
    let spend = Spend::new(&panel, &model).unwrap();
    let ValueLaw::GammaGamma { p, q, k } = model.monetary.unwrap().law else { unreachable!() };
    // The class (with two ends) in which most are expected, integrated over values and over the customers' rates
    // ν ~ Gamma(q, k): the sum of f purchases is Gamma(p f, ν), their average m that of f m.
    let most = |a: &&SpendClass, b: &&SpendClass| a.expected.total_cmp(&b.expected);
    let inner = &spend.classes[1..spend.classes.len() - 1];
    let class = inner.iter().max_by(most).unwrap();
    let gamma = |x: f64, shape: f64, rate: f64| {
        (shape * rate.ln() + (shape - 1.0) * x.ln() - rate * x - ln_gamma(shape)).exp()
    };
    let density = |m: f64, f: f64| {
        let at = |ln: f64| {
            let nu = ln.exp();
            f * gamma(f * m, p * f, nu) * gamma(nu, q, k) * nu
        };
        // Nothing is left beyond a factor of e^9 around the mean of ν.
        simpson(at, (q / k).ln() - 9.0, (q / k).ln() + 9.0)
    };
    let values = values(&panel);
    let expected: f64 = (1..=9_u32)
        .map(|f| {
            let n = values.iter().filter(|(purchases, _)| *purchases == f).count();
            let f = f64::from(f);
            n as f64
                * if n > 0 { simpson(|m| density(m, f), class.lower, class.upper) } else { 0.0 }
        })
        .sum();
    assert!((class.expected / expected - 1.0).abs() < SIMPSON, "{} {expected}", class.expected);
}

#[test]
fn every_row_of_a_migration_is_a_distribution() {
    let migration = Migration::new(&superstore(), &nbd(), 3).unwrap();
    assert_eq!(migration.now.iter().sum::<u64>(), 793);
    assert_eq!((migration.places.len(), migration.edges.len()), (9, 8));
    let ahead = migration.at_horizon.as_ref().unwrap();
    for row in migration.next.iter().chain(ahead.iter().flatten()) {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < ROWS);
    }
    for (row, customers) in ahead.iter().zip(&migration.now) {
        assert_eq!(row.is_some(), *customers > 0);
    }
    assert_eq!(migration.to_csv().lines().count(), 1 + 81);
}

#[test]
fn one_period_ahead_a_value_has_moved_once_if_at_all() {
    let migration = Migration::new(&superstore(), &nbd(), 1).unwrap();
    let ahead = migration.at_horizon.unwrap();
    for (row, once) in ahead.iter().zip(&migration.next) {
        for (a, b) in row.iter().flatten().zip(once) {
            assert!((a - b).abs() < ROWS);
        }
    }
}

#[test]
fn without_amounts_there_is_nothing_to_draw() {
    let mut panel = superstore();
    panel.has_amount = false;
    assert_eq!(Spend::new(&panel, &nbd()), None);
    assert_eq!(Migration::new(&panel, &nbd(), 3), None);
}
