//! Ledgers that lack something, and forecasts of other kinds.

use clvcast::forecast::Method;
use clvcast::panel::Period;
use clvcast::report::Lang;
use clvcast::value::MoneyRules;

use crate::world::{Plan, World, rows, table};

/// Orders of some customers over three years, with the columns asked for.
fn sales(amount: bool, cost: bool, order: bool) -> String {
    let mut header = vec!["customer", "date"];
    header.extend(amount.then_some("amount"));
    header.extend(cost.then_some("cost"));
    header.extend(order.then_some("order"));
    let mut text = header.join(",") + "\n";
    for customer in 0..40_u32 {
        for month in 0..36 {
            if (customer * 7 + month * month * 3 + month) % (4 + customer % 5) != 0 {
                continue;
            }
            let (year, month_of) = (2015 + month / 12, 1 + month % 12);
            let mut fields = vec![format!("c{customer:02}"), format!("{year}-{month_of:02}-15")];
            let value = 20 + (customer * 13 + month * 29) % 90;
            fields.extend(amount.then(|| format!("{value}.25")));
            fields.extend(cost.then(|| format!("{}", value * 2 / 3)));
            fields.extend(order.then(|| format!("o{customer}-{month}")));
            text.push_str(&(fields.join(",") + "\n"));
        }
    }
    text
}

#[test]
fn every_combination_of_columns_makes_a_page() {
    for (amount, cost, order) in [
        (true, true, true),
        (true, true, false),
        (true, false, false),
        (false, false, true),
        (false, false, false),
    ] {
        let world = World::csv(&sales(amount, cost, order), Plan::default());
        for lang in [Lang::En, Lang::Zh] {
            let page = world.page(lang, None);
            for id in ["headline", "segments", "customers", "fit", "backtest", "quality", "method"]
            {
                assert!(page.contains(&format!("<section id=\"{id}\"")), "{id} {amount} {cost}");
            }
            assert!(!page.contains("NaN") && !page.contains("inf<"));
            let lead = match (lang, amount, cost) {
                (Lang::En, true, true) => "Gross profit, next 3 quarters",
                (Lang::En, true, false) => "Amount, next 3 quarters",
                (Lang::En, false, _) => "Purchases, next 3 quarters",
                (Lang::Zh, true, true) => "未来 3 个季度毛利",
                (Lang::Zh, true, false) => "未来 3 个季度销售额",
                (Lang::Zh, false, _) => "未来 3 个季度购买次数",
            };
            let cards = page.split("class=\"cards\"").nth(1).unwrap();
            assert!(cards.split("</h3>").next().unwrap().ends_with(lead), "{lead}");
        }
    }
}

#[test]
fn periods_of_days_end_on_their_last_day() {
    let plan = Plan { period: Period::Days(91), ..Plan::default() };
    let page = World::csv(&sales(true, false, true), plan).page(Lang::En, None);
    // The last purchase is of 2017-12-15, from which periods are counted back and on.
    assert!(page.contains("as of 2017-12-15; forecast for 2017-12-16 to 2018-09-14"));
}

#[test]
fn one_customer_makes_a_page() {
    let text = "customer,date,amount\nada,2016-01-05,10\nada,2016-05-05,12\nada,2017-02-01,9\nada,2017-12-31,14\n";
    let page = World::csv(text, Plan::default()).page(Lang::En, None);
    assert!(page.contains("The one customer known by 2017-12-31 is expected to"));
    assert_eq!(rows(table(&page, "top"), "tbody").len(), 1);
}

#[test]
fn scores_of_the_point_rule_are_not_called_sales() {
    let plan = Plan { method: Method::Point, ..Plan::default() };
    let page = World::csv(&sales(true, true, true), plan).page(Lang::En, None);
    assert!(page.contains("scores of potential by the published point rule"));
    assert!(page.contains("class=\"alert\""));
    // Nothing is compared with the past, and there are no intervals.
    assert!(!page.contains("class=\"change"));
    assert!(!page.contains("90 % of outcomes:"));
    assert!(
        page.contains("Gross profit as scored for 201")
            && !page.contains("Gross profit expected in")
    );
    let other = World::csv(&sales(true, true, true), Plan::default()).page(Lang::En, None);
    assert!(!other.contains("class=\"alert\"") && other.contains("90 % of outcomes:"));
}

#[test]
fn what_is_discounted_is_said() {
    let rules = MoneyRules { discount: 0.02, ..MoneyRules::default() };
    let plan = Plan { rules, ..Plan::default() };
    let page = World::csv(&sales(true, true, true), plan).page(Lang::En, None);
    assert!(page.contains("Discounted at 2.0\u{a0}% a period"));
    // The interval of the discounted sum stands beside it and not beside the plain one.
    assert!(page.contains("; 90\u{a0}% of outcomes "));
    // Purchases are never discounted.
    assert_eq!(page.matches("90 % of outcomes: ").count(), 1);
}

#[test]
fn a_margin_that_is_given_makes_profit() {
    let rules = MoneyRules { margin: Some(0.3), ..MoneyRules::default() };
    let plan = Plan { rules, currency: Some("EUR"), ..Plan::default() };
    let world = World::csv(&sales(true, false, true), plan);
    let page = world.page(Lang::En, None);
    assert!(page.contains("Gross profit, next 3 quarters (EUR)"));
    assert!(page.contains("the margin that was given, 30.0\u{a0}%"));
    // The past has no costs: its amounts stand in the table of customers.
    assert!(table(&page, "top").contains("Past sales"));
}

#[test]
fn an_expense_that_only_the_future_bears_is_said() {
    let with = |expense_rate| {
        let rules = MoneyRules { expense_rate, ..MoneyRules::default() };
        let plan = Plan { rules, ..Plan::default() };
        World::csv(&sales(true, true, true), plan).page(Lang::En, None)
    };
    let said = "Coming periods bear the expense rate that was given";
    assert!(with(Some(0.1)).contains(said) && !with(None).contains(said));
}
