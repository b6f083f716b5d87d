//! Season, trend and dependence of purchase values are recovered from simulation with the standard
//! errors that are claimed, and a regression of nothing is no regression. What was measured is
//! printed; see it with `--nocapture`.

#![allow(clippy::print_stdout, reason = "the measured figures are worth seeing")]

use clvcast::calendar::{Calendar, Cycle, SeasonKind};
use clvcast::fit::{
    Coefficient, DependenceChoice, FitError, FitOptions, GammaGammaData, SeasonChoice, Spend,
    SpendRegression, TrendChoice, fit_gamma_gamma, fit_spend, spend_classes,
};
use clvcast::ledger::{Audit, Columns, Ledger, ReadOptions, Row};
use clvcast::models::ValueLaw;
use clvcast::panel::{Panel, PanelOptions, Period, PeriodIndex};
use clvcast::progress::Silent;
use clvcast::units::{Day, Scale};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};
use rayon::prelude::*;

const SEEDS: u64 = 120;
const CUSTOMERS: u32 = 400;
/// A normal error exceeds 3 standard errors in 0.3 %.
const WITHIN_THREE: f64 = 0.99;
/// Maximum likelihood is biased by a share of a standard error, and so is what is shrunk; the
/// mean over the seeds adds an error of 1/√120 = 0.09.
const MEAN_ERROR: f64 = 0.4;

/// What values are drawn with.
#[derive(Clone, Copy)]
struct World {
    p: f64,
    q: f64,
    k: f64,
    /// ln of the factors of the quarters of a year.
    quarters: [f64; 4],
    per_year: f64,
    slope: f64,
}

const LAW: World =
    World { p: 4.0, q: 3.0, k: 6000.0, quarters: [0.0; 4], per_year: 0.0, slope: 0.0 };

fn gamma(rng: &mut ChaCha8Rng, shape: f64, rate: f64) -> f64 {
    Gamma::new(shape, 1.0 / rate).unwrap().sample(rng)
}

/// Four years to the end of 2017.
fn as_of() -> Day {
    Day::from_ymd(2017, 12, 31).unwrap()
}

/// One purchase or more in some of sixteen quarters, each quarter with one mean value; money in
/// units of 1/1000, so that rounding is far below the spread. Also the rate of each customer.
fn draw(world: World, seed: u64) -> (Vec<Row>, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = Vec::new();
    let mut rates = Vec::new();
    for customer in 0..CUSTOMERS {
        let rate = gamma(&mut rng, 2.0, 4.0);
        rates.push(rate);
        let nu = gamma(&mut rng, world.q, world.k);
        let first: i32 = rng.random_range(0..12);
        for quarter in first..16 {
            // Everybody has a value in the first quarter, so that the panel and the rates agree.
            let drawn: f64 = Poisson::new(rate).unwrap().sample(&mut rng);
            let purchases = if quarter == first { drawn.max(1.0) } else { drawn };
            if purchases == 0.0 {
                continue;
            }
            let years = f64::from(quarter - 15) / 4.0;
            let part = usize::try_from(quarter % 4).unwrap();
            let ln_v = world.quarters[part] + world.per_year * years + world.slope * rate.ln();
            let mean = gamma(&mut rng, world.p, nu) * ln_v.exp();
            let day = Day::from_ymd(
                i16::try_from(2014 + quarter / 4).unwrap(),
                i8::try_from(quarter % 4 * 3 + 2).unwrap(),
                1,
            );
            #[expect(clippy::cast_possible_truncation, reason = "small counts, money below 1e15")]
            for d in 0..purchases as i32 {
                rows.push(Row {
                    customer,
                    day: day.unwrap().plus(d),
                    order: None,
                    amount: Some((mean * 1000.0).round() as i64),
                    cost: 0,
                    expense: 0,
                });
            }
        }
    }
    (rows, rates)
}

fn simulate(world: World, seed: u64) -> (Panel, Vec<f64>) {
    let (rows, rates) = draw(world, seed);
    (panel(rows), rates)
}

fn panel(rows: Vec<Row>) -> Panel {
    let ledger = Ledger {
        customers: (0..CUSTOMERS).map(|i| format!("{i:05}").into()).collect(),
        segment_changes: Vec::new(),
        segments: None,
        rows,
        scale: Scale::new(3).unwrap(),
        columns: Columns { amount: Some("amount".into()), ..Columns::default() },
        audit: Audit::default(),
    };
    let options = PanelOptions { as_of: Some(as_of()), ..PanelOptions::new(Period::Quarter) };
    Panel::build(&ledger, &options, &Silent).unwrap()
}

fn quarters() -> SeasonChoice {
    SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter))
}

fn all() -> FitOptions {
    FitOptions {
        value_season: quarters(),
        value_trend: TrendChoice::Damped,
        dependence: DependenceChoice::Regression,
        ..FitOptions::default()
    }
}

/// Standardised errors by what they are of.
#[derive(Default)]
struct Tally(Vec<(&'static str, Vec<f64>)>);

impl Tally {
    fn add(&mut self, name: &'static str, z: f64) {
        if let Some((_, all)) = self.0.iter_mut().find(|(of, _)| *of == name) {
            all.push(z);
        } else {
            self.0.push((name, vec![z]));
        }
    }

    fn assert(&self) {
        let share = |hits: usize, all: usize| hits as f64 / all as f64;
        let mut all: Vec<f64> = Vec::new();
        for (name, z) in &self.0 {
            let mean = z.iter().sum::<f64>() / z.len() as f64;
            let spread =
                (z.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / z.len() as f64).sqrt();
            println!("{name}: mean standardised error {mean:+.3}, their spread {spread:.3}");
            assert!(mean.abs() <= MEAN_ERROR, "{name}: {mean}");
            // The spread of 120 normal numbers is within 4/√240 = 0.26 of 1.
            assert!((spread - 1.0).abs() <= 0.26, "{name}: {spread}");
            all.extend(z);
        }
        let within = share(all.iter().filter(|z| z.abs() <= 3.0).count(), all.len());
        println!("{} estimates: {within:.4} within 3 standard errors", all.len());
        assert!(within >= WITHIN_THREE, "{within}");
    }
}

fn error(coefficient: &Coefficient, truth: f64) -> f64 {
    (coefficient.estimate - truth) / coefficient.standard_error.unwrap()
}

fn fits(world: World, options: &FitOptions) -> Vec<(Panel, SpendRegression)> {
    (0..SEEDS)
        .into_par_iter()
        .map(|seed| {
            let (panel, rates) = simulate(world, seed);
            let fit = fit_spend(&panel, options, &rates).unwrap();
            (panel, fit)
        })
        .collect()
}

#[test]
fn season_trend_slope_and_law_are_recovered() {
    let world = World { quarters: [-0.2, 0.0, -0.1, 0.3], per_year: 0.1, slope: 0.3, ..LAW };
    let mut tally = Tally::default();
    for (panel, fit) in fits(world, &all()) {
        for (part, name) in ["Q1", "Q2", "Q3", "Q4"].into_iter().enumerate() {
            let coefficient = fit.coefficient(&format!("season {name}")).unwrap();
            tally.add(name, error(coefficient, world.quarters[part]));
        }
        tally.add("trend", error(fit.coefficient("trend").unwrap(), world.per_year));
        tally.add("dependence", error(fit.coefficient("dependence").unwrap(), world.slope));
        let report = &fit.monetary.report;
        // k belongs to the normalised calendar: from the truth, at the estimate's centre.
        let calendar = fit.calendar.as_ref().unwrap();
        let mut truth = Calendar {
            season: SeasonKind::Factors(Cycle::Quarter).season(&world.quarters),
            trend: TrendChoice::Damped.trend(world.per_year, 0.9),
            ..calendar.clone()
        };
        truth.normalise(&panel.grid, panel.first_period());
        let middle = 45.5 / 365.25; // the world's trend is 0 in the last quarter's middle
        let centre = fit.dependence.unwrap().centre.ln();
        let ln_k = world.k.ln() + truth.ln_level + world.per_year * middle + world.slope * centre;
        for (name, truth) in [("p", world.p), ("q", world.q), ("k", ln_k.exp())] {
            let estimate = report.estimate(name).unwrap();
            let error = estimate.standard_error.unwrap() / estimate.value;
            tally.add(name, (estimate.value / truth).ln() / error);
        }
        let mean: f64 = (panel.first_period().0..=0)
            .map(|index| calendar.period_factor(&panel.grid, PeriodIndex(index)))
            .sum::<f64>()
            / f64::from(panel.periods);
        assert!((mean - 1.0).abs() < 1e-12);
    }
    tally.assert();
}

#[test]
fn automatic_parts_find_nothing_where_there_is_nothing_and_all_where_there_is() {
    let options = FitOptions {
        value_season: SeasonChoice::Auto,
        value_trend: TrendChoice::Auto,
        dependence: DependenceChoice::Auto,
        ..FitOptions::default()
    };
    let share = |fits: &[(Panel, SpendRegression)], has: fn(&SpendRegression) -> bool| {
        fits.iter().filter(|(_, fit)| has(fit)).count() as f64 / SEEDS as f64
    };
    let trend = |fit: &SpendRegression| fit.coefficient("trend").is_some();
    let season = |fit: &SpendRegression| fit.coefficient("season cos 1").is_some();
    let dependence = |fit: &SpendRegression| fit.dependence.is_some();
    let null = fits(LAW, &options);
    let found = (share(&null, season), share(&null, trend), share(&null, dependence));
    println!("found without any: season {}, trend {}, dependence {}", found.0, found.1, found.2);
    // 2 standard errors are exceeded by 4.6 % of bases without a trend, ±1.9 % over the seeds.
    assert!(found.1 < 0.046 + 4.0 * 0.019);
    assert!(found.2 < 0.02);
    // The evidence is largest at 0 in a good half of bases without a season; what is kept in the
    // others is small.
    assert!(found.0 < 0.6);
    for (_, fit) in &null {
        if let Some(calendar) = &fit.calendar {
            let most = (0..4).map(|i| {
                let day = Day::from_ymd(2016, i8::try_from(3 * i + 2).unwrap(), 15).unwrap();
                calendar.season.ln_factor(day).abs()
            });
            // The coefficients' standard errors are about 0.02.
            assert!(most.fold(0.0, f64::max) < 0.1);
        }
        for (used, word) in
            [(season(fit), "season"), (trend(fit), "trend"), (dependence(fit), "dependence")]
        {
            assert_eq!(!used, fit.notes.iter().any(|note| note.contains(word)), "{:?}", fit.notes);
        }
    }
    let world = World { quarters: [-0.2, 0.0, -0.1, 0.3], per_year: 0.15, slope: 0.4, ..LAW };
    let full = fits(world, &options);
    let found = (share(&full, season), share(&full, trend), share(&full, dependence));
    println!("found with all: season {}, trend {}, dependence {}", found.0, found.1, found.2);
    assert!(found.0 > 0.99 && found.1 > 0.99 && found.2 > 0.9);
}

#[test]
fn the_test_of_correlation_holds_its_level_where_values_are_independent() {
    let mut beyond_two = 0;
    let mut sum = 0.0;
    for seed in 0..SEEDS {
        let z = simulate(LAW, seed).0.value_frequency_correlation().unwrap().z;
        beyond_two += u32::from(z.abs() > 2.0);
        sum += z;
    }
    println!("mean z {:.3}, beyond 2: {beyond_two} of {SEEDS}", sum / SEEDS as f64);
    // 4.6 % of 120 are 5.5 with a standard deviation of 2.3; the mean has one of 0.09.
    assert!(beyond_two <= 14);
    assert!((sum / SEEDS as f64).abs() < 0.37);
}

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
            let amount = cell.amount.to_f64(panel.scale).round();
            #[expect(clippy::cast_possible_truncation, reason = "below 1e12")]
            let units = (amount * unit) as i128;
            cell.amount = clvcast::units::Money::from_units(units * 1000);
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
fn the_order_of_rows_and_customers_changes_nothing() {
    let world = World { quarters: [-0.2, 0.0, -0.1, 0.3], slope: 0.3, ..LAW };
    let (mut rows, rates) = draw(world, 5);
    let first = panel(rows.clone());
    rows.reverse();
    assert_eq!(panel(rows), first);
    // Customers the other way round.
    let mut turned = first.clone();
    turned.ids.reverse();
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
    let season = FitOptions { value_season: quarters(), ..FitOptions::default() };
    let refused = fit_spend(&short, &season, &rates).unwrap_err();
    let message = refused.to_string();
    assert!(message.contains("640 days") && message.contains("at least 730"), "{message}");
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
        cell.amount = (0..cell.purchases).map(|_| price).sum();
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

/// Figures of the bases that ship, for the documents: `cargo test --release --test
/// spend_regression figures -- --ignored --nocapture`.
#[test]
#[ignore = "prints figures"]
fn figures() {
    let quarterly = PanelOptions::new(Period::Quarter);
    let weekly =
        PanelOptions { as_of: Day::from_ymd(1997, 9, 30), ..PanelOptions::new(Period::Days(7)) };
    for (file, options) in [("data/superstore.csv", quarterly), ("data/cdnow-sample.csv", weekly)] {
        let ledger =
            clvcast::ledger::read(&[file.to_owned()], &ReadOptions::default(), &Silent).unwrap();
        let panel = Panel::build(&ledger, &options, &Silent).unwrap();
        let correlation = panel.value_frequency_correlation().unwrap();
        println!("{file}: r = {:.4}, z = {:.2}", correlation.pearson, correlation.z);
        let model = clvcast::fit::fit(&panel, &FitOptions::default()).unwrap();
        let law = model.frequency.rate();
        let rates: Vec<f64> = (0..panel.customers.len())
            .map(|i| panel.exposure(i).map_or(law.mean(), |e| law.after(e.x, e.t).mean()))
            .collect();
        for spend in [Spend::Period, Spend::Purchase, Spend::RepeatMean] {
            let plain = FitOptions { spend, ..FitOptions::default() };
            let rated = FitOptions { dependence: DependenceChoice::Regression, ..plain.clone() };
            let seasonal = FitOptions {
                value_season: SeasonChoice::Auto,
                value_trend: TrendChoice::Damped,
                ..plain.clone()
            };
            let alone = fit_spend(&panel, &plain, &rates).unwrap();
            println!("{} AIC {:.2}", spend.name(), alone.aic());
            for options in [rated.clone(), seasonal] {
                let Ok(fit) = fit_spend(&panel, &options, &rates) else { continue };
                println!(
                    "  AIC {:.2}, {:.2} parameters, σ² {:?}",
                    fit.aic(),
                    fit.parameters,
                    fit.shrinkage
                );
                for c in &fit.coefficients {
                    println!("    {} {:.4} ± {:.4}", c.name, c.estimate, c.standard_error.unwrap());
                }
                for note in &fit.notes {
                    println!("    {note}");
                }
            }
            let dependent = fit_spend(&panel, &rated, &rates).unwrap();
            for class in spend_classes(&panel, spend, &alone, Some((&dependent, &rates))) {
                println!("    {} {:?}", class.label(), class);
            }
        }
    }
}
