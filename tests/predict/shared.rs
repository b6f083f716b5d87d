//! Bases so large that customers share their futures: against futures drawn for each of them, and
//! against what happened.

use std::collections::HashMap;

use clvcast::calendar::Calendar;
use clvcast::fit::{Dependence, FitOptions, FittedModel, fit};
use clvcast::forecast::{ForecastOptions, Method};
use clvcast::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use clvcast::panel::{Panel, PanelOptions, Period, PeriodIndex};
use clvcast::predict::{Intervals, PredictOptions, Predictor, Target, Window, quantile};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, Simulation, simulate};
use clvcast::value::MoneyRules;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::coverage::calendar;

const HORIZON: u32 = 3;
const PERIOD: u32 = 90;
const LEVELS: [f64; 3] = [0.05, 0.5, 0.95];

/// A base just large enough, its last periods cut off.
fn base(frequency: FrequencyLaw, calendar: Option<Calendar>) -> (Simulation, Panel) {
    let scenario = Scenario {
        customers: u32::try_from(Intervals::SHARED).unwrap(),
        period: Period::Days(PERIOD),
        periods: 8 + HORIZON,
        frequency,
        calendar,
        acquisition_periods: 2,
        ..Scenario::default()
    };
    let simulation = simulate(&scenario).unwrap();
    let as_of = scenario.last_day.plus(-((HORIZON * PERIOD).cast_signed()));
    let options = PanelOptions { as_of: Some(as_of), ..PanelOptions::new(Period::Days(PERIOD)) };
    let panel = Panel::build(&simulation.to_ledger(), &options, &Silent).unwrap();
    (simulation, panel)
}

fn rate() -> RateLaw {
    RateLaw::nbd(1.5, 1.2).unwrap()
}

fn bg_nbd() -> FrequencyLaw {
    FrequencyLaw::BgNbd { rate: rate(), dropout: Dropout::beta(0.6, 3.0).unwrap() }
}

fn pareto_nbd() -> FrequencyLaw {
    FrequencyLaw::ParetoNbd { rate: rate(), lifetime: Lifetime::gamma(0.6, 3.0).unwrap() }
}

/// The law that simulated the base, with what a fit knows of its values.
fn known(panel: &Panel, frequency: FrequencyLaw, calendar: Option<Calendar>) -> FittedModel {
    let fitted = fit(panel, &FitOptions::default()).unwrap();
    FittedModel { frequency, calendar, ..fitted }
}

/// Standard errors that a share may be off: of 1 500 comparisons of a test none is by chance, and
/// the seeds are fixed.
const ERRORS: f64 = 4.5;
/// Interpolation, and P(alive) at its mean over the sets, move the share of a quantile by less: the
/// first by no more than 0.0023 standard deviations, which near the median is 0.001; the second by
/// the covariance over the sets of two shares that vary by a few percent each, again 0.001.
const SHARE: f64 = 0.003;
/// Futures of each customer that are compared.
const DRAWS: usize = 5000;
/// Customers that are compared one by one.
const CUSTOMERS: usize = 40;

fn windows() -> impl Iterator<Item = (Target, Window)> {
    let all = |target| Window::all(HORIZON as usize).map(move |window| (target, window));
    Target::ALL.into_iter().flat_map(all)
}

/// Compares quantiles of customers from shared futures with those of their own futures.
fn compare(panel: &Panel, model: &FittedModel, method: Method, rules: &MoneyRules) {
    let options = ForecastOptions { method, ..ForecastOptions::default() };
    let draws = PredictOptions { draws: DRAWS, sets: Some(20), ..PredictOptions::default() };
    let predictor = Predictor::new(panel, model, &options, rules, &draws).unwrap();
    let intervals = Intervals::new(&predictor, panel, &LEVELS, true);
    assert!(intervals.shared);
    for i in (0..CUSTOMERS).map(|j| j * (panel.customers.len() / CUSTOMERS)) {
        let sample = predictor.sample(i).unwrap();
        for (target, window) in windows() {
            let own = sample.of(target, window);
            let found = intervals.customer(i, target, window, 0);
            assert_eq!(own.is_some(), found.is_some(), "{i} {target:?} {window:?}");
            let Some(own) = own else { continue };
            for (place, level) in LEVELS.into_iter().enumerate() {
                let found = intervals.customer(i, target, window, place).unwrap();
                let n = own.len() as f64;
                // A sum of the same terms in another order may lie a rounding error beside.
                let close = found.abs() * 1e-12;
                let below = own.iter().filter(|&&draw| draw < found - close).count() as f64 / n;
                let until = own.iter().filter(|&&draw| draw <= found + close).count() as f64 / n;
                // Both are quantiles of as many draws.
                let error = ERRORS * (2.0 * level * (1.0 - level) / n).sqrt() + SHARE;
                assert!(
                    below <= level + error && level - error <= until,
                    "{i} {target:?} {window:?} {level}: {found} lies at {below} to {until}"
                );
            }
        }
    }
}

#[test]
fn the_chain_shares_states() {
    let (_, panel) = base(FrequencyLaw::Nbd(rate()), None);
    let model = known(&panel, FrequencyLaw::Nbd(rate()), None);
    // Margins of the ledger, which are the same for all and do not vary; with a discount.
    let rules = MoneyRules { discount: 0.05, ..MoneyRules::default() };
    compare(&panel, &model, Method::Chain, &rules);
}

#[test]
fn the_chain_shares_states_under_a_calendar_and_values_that_depend_on_the_rate() {
    let (_, panel) = base(FrequencyLaw::Nbd(rate()), Some(calendar()));
    let mut model = known(&panel, FrequencyLaw::Nbd(rate()), Some(calendar()));
    let rules = MoneyRules { margin: Some(-0.2), ..MoneyRules::default() };
    compare(&panel, &model, Method::Chain, &rules);
    if let Some(monetary) = &mut model.monetary {
        monetary.dependence = Some(Dependence { slope: 0.2, centre: 0.8 });
    }
    compare(&panel, &model, Method::Chain, &rules);
}

#[test]
fn the_posterior_shares_histories() {
    let (_, panel) = base(FrequencyLaw::Nbd(rate()), None);
    let model = known(&panel, FrequencyLaw::Nbd(rate()), None);
    compare(&panel, &model, Method::Posterior, &MoneyRules::default());
}

#[test]
fn those_who_may_have_left_share_what_they_do_if_not() {
    for law in [bg_nbd(), pareto_nbd()] {
        let (_, panel) = base(law, None);
        let model = known(&panel, law, None);
        compare(&panel, &model, Method::Posterior, &MoneyRules::default());
    }
}

/// Futures of each customer whose totals are compared.
const FEW: usize = 100;

/// Compares draws of totals with sums of every customer's draws.
fn compare_totals(panel: &Panel, model: &FittedModel, method: Method, rules: &MoneyRules) {
    let options = ForecastOptions { method, ..ForecastOptions::default() };
    let draws = PredictOptions { draws: FEW, sets: Some(10), ..PredictOptions::default() };
    let predictor = Predictor::new(panel, model, &options, rules, &draws).unwrap();
    let own = predictor.totals(|_| 0, 1).remove(0);
    let many = PredictOptions { draws: 2000, ..draws };
    let predictor = Predictor::new(panel, model, &options, rules, &many).unwrap();
    let levels: Vec<f64> = (1..20).map(|k| f64::from(k) / 20.0).collect();
    let intervals = Intervals::new(&predictor, panel, &levels, false);
    assert!(intervals.shared && !intervals.has_customers());
    for (target, window) in windows() {
        let mut own = own.of(target, window).unwrap();
        let bounds = intervals.total.bounds(target, window).unwrap();
        let n = own.len() as f64;
        for (bound, level) in bounds.iter().zip(&levels) {
            let below = own.iter().filter(|&&draw| draw <= bound.value).count() as f64 / n;
            // Draws of one set lie closer than independent ones, and there are fewer of the others.
            let error = ERRORS * (level * (1.0 - level) * (1.0 / n + 1.0 / 2000.0)).sqrt();
            assert!(
                (below - level).abs() < error + SHARE,
                "{target:?} {window:?} {level}: {below}"
            );
        }
        assert!(bounds[0].error > 0.0 && bounds[0].value < quantile(&mut own, 0.5).unwrap());
    }
}

#[test]
fn totals_are_those_of_all_customers() {
    let (_, panel) = base(FrequencyLaw::Nbd(rate()), Some(calendar()));
    let model = known(&panel, FrequencyLaw::Nbd(rate()), Some(calendar()));
    let rules = MoneyRules { discount: 0.1, ..MoneyRules::default() };
    compare_totals(&panel, &model, Method::Chain, &rules);
    let (_, panel) = base(bg_nbd(), None);
    let model = known(&panel, bg_nbd(), None);
    let rules = MoneyRules { margin: Some(0.3), ..MoneyRules::default() };
    compare_totals(&panel, &model, Method::Posterior, &rules);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let (_, panel) = base(bg_nbd(), None);
    let model = known(&panel, bg_nbd(), None);
    let options = ForecastOptions { method: Method::Posterior, ..ForecastOptions::default() };
    let rules = MoneyRules::default();
    let draws = PredictOptions { draws: 100, ..PredictOptions::default() };
    let found = [1, 2, 7].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let predictor = Predictor::new(&panel, &model, &options, &rules, &draws).unwrap();
            let intervals = Intervals::new(&predictor, &panel, &LEVELS, true);
            assert!(intervals.shared && !intervals.segments.is_empty());
            // Not a number differs from itself: as text.
            format!("{intervals:?}")
        })
    });
    assert!(found[0] == found[1] && found[0] == found[2]);
}

/// One base of 20 000 customers, a share of whom is seen with a standard error of 0.002.
const HELD: std::ops::RangeInclusive<f64> = 0.88..=0.92;

/// Whether 90 % of what customers do lies in the 90 % intervals.
#[test]
fn intervals_hold_what_customers_do() {
    let (simulation, panel) = base(FrequencyLaw::Nbd(rate()), None);
    let mut truth: HashMap<&str, [[f64; 3]; 2]> = HashMap::new();
    for row in simulation.rows.iter().filter(|row| row.day > panel.grid.as_of()) {
        let PeriodIndex(h) = panel.grid.index(row.day);
        let cents = |value: Option<i64>| value.unwrap_or(0) as f64 / 100.0;
        let amount = cents(row.amount);
        let values = [1.0, amount, amount - cents(row.cost) - cents(row.expense)];
        let own = truth.entry(&simulation.customers[row.customer as usize].id).or_default();
        for sums in own.iter_mut().skip(usize::from(h != 1)) {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        }
    }
    let model = fit(&panel, &FitOptions::default()).unwrap();
    let options = ForecastOptions { method: Method::Posterior, ..ForecastOptions::default() };
    let rules = MoneyRules::default();
    let draws = PredictOptions { draws: 500, ..PredictOptions::default() };
    let predictor = Predictor::new(&panel, &model, &options, &rules, &draws).unwrap();
    // Where 5 and 95 % of the law end within a tie, the share of it below is told to a 40th.
    let levels: Vec<f64> = (1..40).map(|k| f64::from(k) / 40.0).collect();
    let intervals = Intervals::new(&predictor, &panel, &levels, true);
    assert!(intervals.shared);
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for (t, target) in Target::ALL.into_iter().enumerate() {
        for (w, window) in [Window::Period(0), Window::Total].into_iter().enumerate() {
            let (mut open, mut closed) = (0.0, 0.0);
            for (i, id) in panel.ids.iter().enumerate() {
                let truth = truth.get(id.as_str()).map_or(0.0, |own| own[w][t]);
                let own: Vec<f64> = (0..levels.len())
                    .map(|level| intervals.customer(i, target, window, level).unwrap())
                    .collect();
                let below = own.iter().filter(|&&value| value < truth).count() as f64;
                let until = own.iter().filter(|&&value| value <= truth).count() as f64;
                let u = (below + rng.random::<f64>() * (until - below + 1.0)) / 40.0;
                open += f64::from(u8::from((0.05..=0.95).contains(&u)));
                closed += f64::from(u8::from((own[1]..=own[37]).contains(&truth)));
            }
            let n = panel.customers.len() as f64;
            let (open, closed) = (open / n, closed / n);
            let hold = HELD.contains(&open) && closed >= *HELD.start();
            assert!(hold, "{target:?} {window:?}: {open}, closed {closed}");
        }
    }
}
