//! An average of models: its forecast, its futures, and the explanation of a row.

use clvcast::evaluate::{CalendarKind, Candidate, TrialOptions};
use clvcast::fit::FrequencyKind;
use clvcast::forecast::{ForecastOptions, Member, Method, Purchases};
use clvcast::panel::{Panel, Period};
use clvcast::predict::{PredictError, PredictOptions, Predictor, Target, Window};
use clvcast::report::{ExplainedNumber, explain_average};
use clvcast::value::{Forecast, MoneyRules, evaluate};

use crate::support::{ledger, options, panel};

const WEIGHTS: [f64; 2] = [0.7, 0.3];

/// A model whose customers stay, with a calendar, and one whose customers leave, without.
fn members(panel: &Panel) -> Vec<Member> {
    let of = |weight, frequency, calendar, method| {
        let candidate = Candidate { frequency, calendar, method };
        let model = candidate.fit(panel, &TrialOptions::default()).expect("a model");
        Member { weight, model, method }
    };
    vec![
        of(WEIGHTS[0], FrequencyKind::Nbd, CalendarKind::SeasonTrend, Method::Chain),
        of(WEIGHTS[1], FrequencyKind::Pdo { tau: 7 }, CalendarKind::None, Method::Posterior),
    ]
}

struct Case {
    panel: Panel,
    members: Vec<Member>,
    alone: Vec<Purchases>,
    mean: Purchases,
}

fn case() -> Case {
    let panel = panel(&ledger("superstore.csv"), &options(Period::Quarter, "2017-03-31"));
    let members = members(&panel);
    let alone: Vec<Purchases> =
        members.iter().map(|m| m.forecast(&panel, &ForecastOptions::default())).collect();
    let pairs: Vec<(f64, Purchases)> = WEIGHTS.into_iter().zip(alone.iter().cloned()).collect();
    Case { panel, members, mean: Purchases::average(&pairs), alone }
}

#[test]
fn purchases_and_amounts_are_weighted_means_and_a_value_is_their_ratio() {
    /// Two products and a sum.
    const ROUNDING: f64 = 1e-14;
    let Case { panel, alone, mean, .. } = case();
    assert_eq!((mean.len(), mean.horizon()), (panel.ids.len(), 3));
    let near = |found: f64, expected: f64| (found - expected).abs() <= ROUNDING * expected.abs();
    for i in 0..panel.ids.len() {
        let steps =
            [0, 1].map(|k: usize| alone[k].steps(i).expect("a forecast").collect::<Vec<_>>());
        for (h, step) in mean.steps(i).expect("a forecast").enumerate() {
            let weighed = |of: [f64; 2]| WEIGHTS[0] * of[0] + WEIGHTS[1] * of[1];
            assert!(near(step.purchases, weighed(steps.each_ref().map(|s| s[h].purchases))));
            assert!(near(step.p_active, weighed(steps.each_ref().map(|s| s[h].p_active))));
            let amount = step.amount.expect("an amount");
            assert!(near(
                amount,
                weighed(steps.each_ref().map(|s| s[h].amount.expect("an amount")))
            ));
            assert!(near(step.value.expect("a value") * step.purchases, amount));
        }
    }
}

#[test]
fn the_futures_of_an_average_have_its_mean_and_its_shares() {
    const DRAWS: usize = 2000;
    let Case { panel, members, mean, .. } = case();
    let (forecast, rules) = (ForecastOptions::default(), MoneyRules::default());
    let options = PredictOptions { draws: DRAWS, ..PredictOptions::default() };
    let predictor = Predictor::average(&panel, &members, &forecast, &rules, &options).unwrap();
    assert_eq!(predictor.draws(), DRAWS);
    let total = predictor.totals(|_| 0, 1).remove(0);
    let draws = total.of(Target::Purchases, Window::Total).unwrap();
    assert_eq!(draws.len(), DRAWS);
    let expected: f64 = mean.iter().flatten().flatten().map(|step| step.purchases).sum();
    let found = draws.iter().sum::<f64>() / DRAWS as f64;
    // Draws under one set of parameters share its error: the sets are what varies between draws,
    // and 4 % of the total is four standard errors of the mean over them.
    assert!((found / expected - 1.0).abs() < 0.04, "{found} {expected}");
    // The first model is far above the second: both are among the draws, as often as weighed.
    let alone = |k: usize| -> f64 {
        let own = members[k].forecast(&panel, &forecast);
        own.iter().flatten().flatten().map(|step| step.purchases).sum()
    };
    let (high, low) = (alone(0), alone(1));
    let border = f64::midpoint(high, low);
    let share = draws.iter().filter(|draw| (**draw > border) == (high > low)).count();
    let expected = (WEIGHTS[0] * DRAWS as f64).round();
    // Totals of 800 customers under the two models lie 40 % apart, a dozen standard deviations.
    assert!((share as f64 - expected).abs() <= 0.01 * DRAWS as f64, "{share} of {DRAWS}");
    let again = Predictor::average(&panel, &members, &forecast, &rules, &options).unwrap();
    let other = again.totals(|_| 0, 1).remove(0);
    assert_eq!(other.of(Target::Purchases, Window::Total).unwrap(), draws);
}

#[test]
fn an_average_of_one_is_that_one_and_of_none_is_refused() {
    let Case { panel, members, alone, .. } = case();
    assert_eq!(Purchases::average(&[(1.0, alone[1].clone())]).len(), alone[1].len());
    let (forecast, rules) = (ForecastOptions::default(), MoneyRules::default());
    let options = PredictOptions { draws: 50, ..PredictOptions::default() };
    let average = |members: &[Member]| {
        let predictor = Predictor::average(&panel, members, &forecast, &rules, &options)?;
        Ok::<_, PredictError>(predictor.sample(0).unwrap().of(Target::Purchases, Window::Total))
    };
    let one = Member { weight: 1.0, ..members[1].clone() };
    let options_of_one = ForecastOptions { method: one.method, ..forecast };
    let single = Predictor::new(&panel, &one.model, &options_of_one, &rules, &options).unwrap();
    let drawn = single.sample(0).unwrap().of(Target::Purchases, Window::Total);
    assert_eq!(average(&[one]).unwrap(), drawn);
    assert!(matches!(average(&[]), Err(PredictError::NoDraws)));
    let point = Member { method: Method::Point, ..members[0].clone() };
    assert!(matches!(average(&[point]), Err(PredictError::Point)));
    assert!(Purchases::average(&[]).is_empty());
}

#[test]
fn a_row_of_an_average_is_explained_by_its_members_and_their_weights() {
    let Case { panel, members, alone, mean } = case();
    let (options, rules) = (ForecastOptions::default(), MoneyRules::default());
    let money = |purchases: &Purchases| evaluate(&panel, &members[0].model, purchases, 3, &rules);
    let forecast = money(&mean);
    let alone: Vec<Forecast> = alone.iter().map(money).collect();
    for i in [0, 100, 700] {
        let told = explain_average(&panel, &members, &alone, &forecast, &options, &rules, i);
        assert_eq!((told.customer.as_str(), told.method), (panel.ids[i].as_str(), "average"));
        let row = forecast.customer(i);
        let last = |name: &str| {
            let found = told.numbers.iter().rfind(|number| number.name == name);
            found.unwrap_or_else(|| panic!("no {name}"))
        };
        for (h, period) in row.periods.iter().enumerate() {
            let of = |name: &str| last(&format!("{name}_{}", h + 1)).result;
            assert_eq!(of("purchases"), Some(period.step.purchases));
            assert_eq!(of("p_active"), Some(period.step.p_active));
            assert_eq!((of("amount"), of("value")), (period.step.amount, period.step.value));
            assert_eq!(of("gross_profit"), period.gross_profit);
            // The members' own numbers stand before, under their names.
            for (member, own) in members.iter().zip(&alone) {
                let part = format!("{}: {}", member.name(), forecast.labels[h]);
                let name = format!("purchases_{}", h + 1);
                let mine = |number: &&ExplainedNumber| number.part == part && number.name == name;
                let found = told.numbers.iter().find(mine).expect("the member's number");
                assert_eq!(found.result, Some(own.customer(i).periods[h].step.purchases));
            }
        }
        assert_eq!(last("gross_profit_total").result, row.gross_profit_total);
    }
}
