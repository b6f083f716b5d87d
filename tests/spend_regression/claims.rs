//! A regression of nothing is no regression, units and order do not matter, and what the data
//! cannot carry is refused or said.

use clvcast::fit::{
    DependenceChoice, FitError, FitOptions, GammaGammaData, SeasonChoice, Spend, SpendRegression,
    TrendChoice, fit_gamma_gamma, fit_spend, spend_classes,
};
use clvcast::models::ValueLaw;

use crate::world::{LAW, World, all, error, quarters, simulate};

#[test]
fn without_parts_it_is_the_law_alone_to_the_bit() {
    let (panel, rates) = simulate(LAW, 1);
    for spend in [Spend::Period, Spend::Purchase, Spend::RepeatMean] {
        let options = FitOptions { spend, ..FitOptions::default() };
        let fit = fit_spend(&panel, &options, &rates).unwrap();
        let data = if spend == Spend::RepeatMean {
            let means = panel.repeat_means();
            GammaGammaData::new(means.iter().map(|m| [(f64::from(m.purchases), m.mean)]))
        } else {
            GammaGammaData::new((0..panel.customers.len()).map(|i| {
                let weight = |f| if spend == Spend::Period { 1.0 } else { f64::from(f) };
                panel.active_amounts(i).map(|(f, m)| (weight(f), m)).collect::<Vec<_>>()
            }))
        };
        assert_eq!(fit.monetary, fit_gamma_gamma(&data).unwrap());
        assert_eq!((fit.calendar, fit.dependence, fit.shrinkage), (None, None, None));
    }
}

/// Both climbs end within 1e-5 standard errors, and their last step squares that; the standard
/// errors and shrinkage follow.
const SAME: f64 = 1e-7;

#[test]
fn money_in_thousandths_changes_only_k() {
    let world = World { quarters: [-0.2, 0.0, -0.1, 0.3], per_year: 0.1, slope: 0.3, ..LAW };
    let [one, many] = [1.0, 1000.0].map(|unit| {
        // Whole units of money, so that the thousandfold is exact.
        let (mut panel, rates) = simulate(world, 3);
        for cell in &mut panel.cells {
            let amount = cell.amount().to_f64(panel.scale).round();
            #[expect(clippy::cast_possible_truncation, reason = "below 1e12")]
            let units = (amount * unit) as i128;
            *cell = cell.with_amount(clvcast::units::Money::from_units(units * 1000)).unwrap();
        }
        fit_spend(&panel, &all(), &rates).unwrap()
    });
    let at = |fit: &SpendRegression| {
        let ValueLaw::GammaGamma { p, q, k } = fit.monetary.law else { panic!("a law") };
        (p, q, k)
    };
    let ((p, q, k), (p2, q2, k2)) = (at(&one), at(&many));
    assert!((p2 / p - 1.0).abs() < SAME && (q2 / q - 1.0).abs() < SAME);
    assert!((k2 / (1000.0 * k) - 1.0).abs() < SAME, "{k} {k2}");
    for (a, b) in one.coefficients.iter().zip(&many.coefficients) {
        assert!((a.estimate - b.estimate).abs() < SAME, "{a:?} {b:?}");
    }
    assert_eq!(one.dependence.unwrap().centre, many.dependence.unwrap().centre);
}

#[test]
fn the_order_of_customers_changes_nothing() {
    let world = World { quarters: [-0.2, 0.0, -0.1, 0.3], slope: 0.3, ..LAW };
    let (first, rates) = simulate(world, 5);
    // The ledger brings rows into one order (tests/ledger/same.rs); customers the other way round.
    let mut turned = first.clone();
    turned.ids = turned.ids.iter().rev().cloned().collect();
    turned.customers.reverse();
    let back: Vec<f64> = rates.iter().rev().copied().collect();
    let a = fit_spend(&first, &all(), &rates).unwrap();
    let b = fit_spend(&turned, &all(), &back).unwrap();
    for (a, b) in a.coefficients.iter().zip(&b.coefficients) {
        assert!((a.estimate - b.estimate).abs() < SAME, "{a:?} {b:?}");
    }
    for (a, b) in a.monetary.report.estimates.iter().zip(&b.monetary.report.estimates) {
        assert!((a.value / b.value - 1.0).abs() < SAME, "{a:?} {b:?}");
    }
}

#[test]
fn repeat_means_take_a_dependence_but_no_calendar() {
    let world = World { slope: 0.5, ..LAW };
    let (panel, rates) = simulate(world, 2);
    let repeat = FitOptions { spend: Spend::RepeatMean, ..FitOptions::default() };
    let rated = FitOptions { dependence: DependenceChoice::Regression, ..repeat.clone() };
    let slope = fit_spend(&panel, &rated, &rates).unwrap();
    assert!(error(slope.coefficient("dependence").unwrap(), 0.5).abs() < 3.0);
    let seasonal = FitOptions { value_season: quarters(), ..repeat.clone() };
    let refused = fit_spend(&panel, &seasonal, &rates).unwrap_err();
    assert_eq!(refused, FitError::NoPeriodsOfValues { part: "season" });
    let growing = FitOptions { value_trend: TrendChoice::Linear, ..repeat.clone() };
    let refused = fit_spend(&panel, &growing, &rates).unwrap_err();
    assert_eq!(refused, FitError::NoPeriodsOfValues { part: "trend" });
    let automatic = FitOptions { value_season: SeasonChoice::Auto, ..repeat };
    let fit = fit_spend(&panel, &automatic, &rates).unwrap();
    assert!(fit.notes[0].contains("--spend period"), "{:?}", fit.notes);
}

#[test]
fn what_the_data_cannot_carry_is_refused_or_said() {
    let (whole, rates) = simulate(LAW, 2);
    // The last 700 days: purchases before them are not in the panel.
    let mut short = whole.clone();
    short.company.retain(|company| company.period.0 > -7);
    let first = short.first_period();
    short.cells.iter_mut().for_each(|cell| cell.period = cell.period.max(first));
    let start = short.grid.start(first);
    for customer in &mut short.customers {
        customer.first_purchase = customer.first_purchase.map(|day| day.max(start));
    }
    let season = FitOptions { value_season: quarters(), ..FitOptions::default() };
    let refused = fit_spend(&short, &season, &rates).unwrap_err();
    let message = refused.to_string();
    assert!(message.contains("640 days") && message.contains("two full years"), "{message}");
    let automatic = FitOptions { value_season: SeasonChoice::Auto, ..FitOptions::default() };
    let fit = fit_spend(&short, &automatic, &rates).unwrap();
    assert!(fit.calendar.is_none() && fit.notes[0].contains("less than two full years"));

    let rated = FitOptions { dependence: DependenceChoice::Regression, ..FitOptions::default() };
    let missing = fit_spend(&whole, &rated, &rates[..10]).unwrap_err();
    assert!(matches!(&missing, FitError::NoRate { customer, .. } if customer == "00010"));
    let zero = fit_spend(&whole, &rated, &vec![0.0; rates.len()]).unwrap_err();
    assert!(matches!(zero, FitError::NoRate { rate: 0.0, .. }));
    let equal = fit_spend(&whole, &rated, &vec![0.7; rates.len()]).unwrap();
    assert!(equal.dependence.is_none() && equal.notes[0].contains("same purchase rate"));

    // One value for all.
    let mut flat = whole.clone();
    let price = clvcast::units::Money::from_units(50_000);
    for cell in &mut flat.cells {
        *cell = cell.with_amount((0..cell.purchases).map(|_| price).sum()).unwrap();
    }
    let fit = fit_spend(&flat, &all(), &rates).unwrap();
    assert!(matches!(fit.monetary.law, ValueLaw::Constant(_)));
    assert!(fit.notes[0].contains("constant-value limit"), "{:?}", fit.notes);
}

#[test]
fn the_table_by_frequency_shows_what_the_dependence_takes_in() {
    let (panel, rates) = simulate(World { slope: 0.4, ..LAW }, 4);
    let plain = fit_spend(&panel, &FitOptions::default(), &rates).unwrap();
    let rated = FitOptions { dependence: DependenceChoice::Regression, ..FitOptions::default() };
    let dependent = fit_spend(&panel, &rated, &rates).unwrap();
    let classes = spend_classes(&panel, Spend::Period, &plain, Some((&dependent, &rates)));
    let miss = |expected: &dyn Fn(usize) -> f64| {
        let of = |(i, class): (usize, &clvcast::fit::SpendClass)| {
            class.customers as f64 * (expected(i) / class.observed - 1.0).abs()
        };
        classes.iter().enumerate().map(of).sum::<f64>()
    };
    let without = miss(&|i| classes[i].expected.unwrap());
    let with = miss(&|i| classes[i].with_dependence.unwrap());
    assert!(with < 0.5 * without, "{with} {without}");
    assert_eq!(classes[0].expected, classes.last().unwrap().expected);
}
