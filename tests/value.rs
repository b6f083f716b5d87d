//! Margin, expense and profit rules on a company small enough to work out by hand.

use clvcast::fit::FittedModel;
use clvcast::forecast::{ForecastOptions, Method, forecast};
use clvcast::ledger::{ReadOptions, read};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::value::{
    CompanyMargins, Flag, Forecast, MarginRule, MoneyRules, Overrides, PooledMargins, Totals,
    evaluate,
};

/// Four quarters of 2023. Company margins by hand:
/// Q1 (100+50 − 60−20)/150 = 70/150; Q2 (200 − 150)/200 = 0.25; Q3 no sales;
/// Q4 (100+30 − 50−45)/130 = 35/130.
const LEDGER: &str = "\
customer,date,amount,cost,expense
ann,2023-01-10,100,60,5
ann,2023-05-10,200,150,20
ann,2023-12-31,100,50,
bob,2023-02-01,50,20,
bob,2023-08-01,,,3
cid,2023-10-01,30,45,
eve,2023-03-01,-10,-8,
";

fn panel() -> Panel {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("ledger.csv");
    std::fs::write(&file, LEDGER).expect("a file");
    let files = [file.display().to_string()];
    let ledger = read(&files, &ReadOptions::default(), &Silent).expect("the ledger is sound");
    Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent).expect("a panel")
}

fn model() -> FittedModel {
    let text = include_str!("../models/synlead-2008.json");
    FittedModel::from_json(text).expect("a model")
}

fn evaluated(panel: &Panel, rules: &MoneyRules) -> Forecast {
    let options = ForecastOptions { method: Method::Posterior, ..ForecastOptions::default() };
    let model = model();
    evaluate(panel, &model, &forecast(panel, &model, &options), 3, rules)
}

const ANN: usize = 0;
const BOB: usize = 1;
const CID: usize = 2;
const EVE: usize = 3;

/// Hand computation against the program: both round a handful of operations once each.
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{found} {expected}");
}

#[test]
fn the_slope_is_that_of_the_company_from_the_last_active_period_on() {
    let panel = panel();
    let company = CompanyMargins::new(&panel);
    // Points (−3, 70/150), (−2, 0.25), (0, 35/130); eve's refund makes Q1 sales 140, cost 72.
    let (y1, y2, y4) = (68.0 / 140.0, 0.25, 35.0 / 130.0);
    let (mx, my) = (-5.0 / 3.0, (y1 + y2 + y4) / 3.0);
    let sxy = (-3.0 - mx) * (y1 - my) + (-2.0 - mx) * (y2 - my) + (0.0 - mx) * (y4 - my);
    let sxx = (-3.0_f64 - mx).powi(2) + (-2.0_f64 - mx).powi(2) + mx.powi(2);
    close(company.slope(panel.state(BOB).expect("bob purchased").last_active), sxy / sxx);
    // One period only: no slope.
    close(company.slope(panel.state(ANN).expect("ann purchased").last_active), 0.0);
}

#[test]
fn the_last_margin_is_carried_and_moved() {
    let panel = panel();
    let forecast = evaluated(&panel, &MoneyRules::default());
    // Ann is active in the last period: r' = 0, 1, 2 with slope 0.
    for period in &forecast.customer(ANN).periods {
        close(period.margin.expect("a margin"), 0.5);
    }
    // Bob's last active quarter is Q1: r = 3, so r' = 3, 4, 5.
    let state = panel.state(BOB).expect("bob purchased");
    let slope = CompanyMargins::new(&panel).slope(state.last_active);
    for (h, period) in (0..).zip(&forecast.customer(BOB).periods) {
        let empty = f64::from(state.r + h);
        close(period.margin.expect("a margin"), 0.6 * (1.0 + slope * empty / 2.0));
    }
}

#[test]
fn expense_follows_rate_and_floor() {
    let panel = panel();
    let forecast = evaluated(&panel, &MoneyRules::default());
    let row = &forecast.customer(ANN);
    for period in &row.periods {
        // Rate 25/400, floor 5: the smallest positive expense of a past period.
        let amount = period.step.amount.expect("an amount");
        let share = amount * (25.0 / 400.0);
        let expected = if share > 5.0 || amount < 5.0 { share } else { 5.0 };
        close(period.expense.expect("an expense"), expected);
        let cost = period.cost.expect("a cost");
        close(cost, amount * (1.0 - period.margin.expect("a margin")));
        close(period.gross_profit.expect("a profit"), amount - cost - expected);
    }
}

#[test]
fn flags_mark_what_a_person_should_look_at() {
    let panel = panel();
    let forecast = evaluated(&panel, &MoneyRules::default());
    let flags = |i: usize| forecast.flags(i);
    assert!(flags(CID).has(Flag::NegativeMargin) && flags(CID).has(Flag::OneTimeBuyer));
    assert!(flags(CID).has(Flag::NoExpense) && flags(CID).has(Flag::ShortHistory));
    assert!(flags(CID).has(Flag::NegativeForecast));
    assert!(!flags(ANN).has(Flag::NegativeMargin) && !flags(ANN).has(Flag::OneTimeBuyer));
    assert!(flags(EVE).has(Flag::NoActivePeriod) && flags(EVE).has(Flag::NoSales));
    assert!(forecast.periods(EVE).is_none());
    let totals = Totals::new(&forecast);
    assert_eq!((totals.customers, totals.without_forecast), (4, 1));
}

#[test]
fn totals_are_discounted_and_periods_are_not() {
    let panel = panel();
    let plain = evaluated(&panel, &MoneyRules::default());
    let rules = MoneyRules { discount: 0.1, ..MoneyRules::default() };
    let discounted = evaluated(&panel, &rules);
    let (a, b) = (&plain.customer(ANN), &discounted.customer(ANN));
    assert_eq!(a.periods, b.periods);
    let amount = |h: usize| a.periods[h].step.amount.expect("an amount");
    let expected = amount(0) / 1.1 + amount(1) / 1.1_f64.powi(2) + amount(2) / 1.1_f64.powi(3);
    let found = b.amount_total.expect("a total");
    // Repeated division against powers: a few units in the last place.
    assert!((found / expected - 1.0).abs() < 1e-14);
}

#[test]
fn pooled_margins_lie_between_the_customer_and_the_company() {
    let panel = panel();
    let pooled = PooledMargins::new(&panel);
    // All active periods: amounts 400 + 50 + 30, costs 260 + 20 + 45.
    let company = (480.0 - 325.0) / 480.0;
    for (i, own) in [(ANN, 140.0 / 400.0), (BOB, 0.6), (CID, -0.5)] {
        let margin = pooled.margin(i).expect("a margin");
        let (low, high) = if own < company { (own, company) } else { (company, own) };
        assert!((low..=high).contains(&margin), "{i}: {margin} not in {low} … {high}");
    }
    let rules = MoneyRules { margin_rule: MarginRule::Pooled, ..MoneyRules::default() };
    let forecast = evaluated(&panel, &rules);
    let margins: Vec<_> = forecast.customer(BOB).periods.iter().map(|p| p.margin).collect();
    assert_eq!(margins, vec![pooled.margin(BOB); 3]);
}

#[test]
fn customer_beats_all_and_a_named_period_beats_all_periods() {
    let panel = panel();
    let labels = ["2024-Q1", "2024-Q2", "2024-Q3"].map(str::to_owned);
    let text = "customer,segment,period,field,op,value\n\
                *,,,margin,set,0.3\n\
                ann,,,margin,add,0.1\n\
                ann,,2024-Q2,margin,multiply,2\n\
                bob,*,*,expense,set,7\n";
    let overrides = Overrides::read(text.as_bytes(), &labels, |_| true, |_| false).expect("sound");
    let forecast = evaluated(&panel, &MoneyRules { overrides, ..MoneyRules::default() });
    let margins = |i: usize| -> Vec<f64> {
        forecast.customer(i).periods.iter().map(|p| p.margin.expect("a margin")).collect()
    };
    assert_eq!(margins(ANN), [0.5 + 0.1, 0.5 * 2.0, 0.5 + 0.1]);
    assert_eq!(margins(CID), [0.3; 3]);
    assert!(forecast.customer(BOB).periods.iter().all(|p| p.expense == Some(7.0)));
    assert!(forecast.flags(ANN).has(Flag::Overridden));
}
