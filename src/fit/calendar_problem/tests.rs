use super::*;
use crate::calendar::Cycle;
use crate::models::{Dropout, FrequencyLaw, Lifetime, RateLaw};
use crate::panel::{PanelOptions, Period};
use crate::progress::Silent;
use crate::simulate::{Scenario, simulate};

/// Forty customers acquired over a year and observed for another; quarters of 90 to 92 days.
fn small(period: Period, clock: Clock) -> Panel {
    let scenario = Scenario { customers: 40, periods: 8, ..Scenario::default() };
    let ledger = simulate(&scenario).unwrap().to_ledger();
    let as_of = Some(scenario.last_day);
    let options = PanelOptions { as_of, clock, ..PanelOptions::new(period) };
    Panel::build(&ledger, &options, &Silent).unwrap()
}

fn laws(rate: RateLaw) -> Vec<FrequencyLaw> {
    let mut laws = vec![FrequencyLaw::Nbd(rate)];
    for dropout in [Dropout::beta(0.7, 5.0).unwrap(), Dropout::equal(0.05).unwrap()] {
        laws.push(FrequencyLaw::BgNbd { rate, dropout });
        laws.push(FrequencyLaw::MbgNbd { rate, dropout });
        laws.push(FrequencyLaw::Pdo { rate, dropout, tau: 7 });
        laws.push(FrequencyLaw::Pdo { rate, dropout, tau: 40 });
    }
    for lifetime in [Lifetime::gamma(0.6, 6.0).unwrap(), Lifetime::equal(0.1).unwrap()] {
        laws.push(FrequencyLaw::ParetoNbd { rate, lifetime });
    }
    let (dropout, lifetime) = (Dropout::Never, Lifetime::Never);
    laws.push(FrequencyLaw::Pdo { rate, dropout, tau: 7 });
    laws.push(FrequencyLaw::ParetoNbd { rate, lifetime });
    laws
}

/// Step of the differences in a coefficient: they are off by a rounding of ln L, a few hundred,
/// over twice the step, and by step²/6 of a third derivative of that size: 1e-8 and less.
const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

fn assert_slopes(problem: &CalendarProblem<'_>, theta: &DVector<f64>, beta: &DVector<f64>) {
    let at = |theta: &DVector<f64>, beta: &DVector<f64>| problem.evaluate(theta, beta).0.value;
    let (here, by_beta) = problem.evaluate(theta, beta);
    let what = format!("{:?}, penalty {:?}", problem.shape, problem.penalty);
    for j in 0..beta.len() {
        let mut step = DVector::zeros(beta.len());
        step[j] = STEP;
        let slope = (at(theta, &(beta + &step)) - at(theta, &(beta - &step))) / (2.0 * STEP);
        let size = TOLERANCE * (1.0 + slope.abs());
        assert!((by_beta[j] - slope).abs() < size, "{what}, beta {j}: {} {slope}", by_beta[j]);
    }
    for j in 0..theta.len() {
        let moved = |by: f64| {
            let mut theta = theta.clone();
            theta[j] *= by.exp();
            at(&theta, beta)
        };
        let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        let size = TOLERANCE * (1.0 + slope.abs());
        assert!((here.gradient[j] - slope).abs() < size, "{what}, ln theta {j}: {slope}");
    }
}

fn assert_all(panel: &Panel, laws: &[FrequencyLaw], penalty: Option<f64>) {
    let histories = PanelHistories::new(panel);
    // A known factor on some days beside what is estimated.
    let first = panel.grid.start(panel.first_period());
    let given = |day: Day| if day.since(first) % 100 < 9 { -0.7 } else { 0.0 };
    let data = DayData::new(panel, &histories, given);
    let quarters = SeasonKind::Factors(Cycle::Quarter);
    let effects = [0.3, -0.2, 0.1, -0.4, 0.25]; // away from the optimum, the trend last
    for kind in [Some(quarters), Some(SeasonKind::Harmonics), None] {
        let design = data.design(kind, true);
        let beta = DVector::from_column_slice(&effects[effects.len() - design.ncols()..]);
        for law in laws {
            let (shape, theta) = LawShape::of(law);
            let theta = DVector::from_vec(theta);
            let problem = CalendarProblem { data: &data, design: design.clone(), shape, penalty };
            assert_slopes(&problem, &theta, &beta);
        }
    }
}

#[test]
fn gradients_are_the_derivatives_of_the_likelihood() {
    for period in [Period::Quarter, Period::Days(31)] {
        let panel = small(period, Clock::FirstPurchase);
        assert_all(&panel, &laws(RateLaw::nbd(1.8, 2.7).unwrap()), None);
        assert_all(&panel, &laws(RateLaw::poisson(1.2).unwrap()), None);
    }
}

#[test]
fn gradients_with_a_penalty_are_those_of_the_penalised_likelihood() {
    let panel = small(Period::Quarter, Clock::FirstPurchase);
    assert_all(&panel, &laws(RateLaw::nbd(1.8, 2.7).unwrap()), Some(3.0));
}

#[test]
fn under_the_panel_clock_all_purchases_count_and_the_rates_do_not_matter() {
    let panel = small(Period::Quarter, Clock::Panel);
    let law = FrequencyLaw::Nbd(RateLaw::nbd(1.8, 2.7).unwrap());
    assert_all(&panel, &[law], None);
}
