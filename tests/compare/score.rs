//! The errors of an issued forecast, computed by hand.

use clvcast::compare::{CompareError, Score, ScoreOptions};
use clvcast::progress::Silent;
use clvcast::units::Day;

use crate::support::{Desk, LATER, PAST, SUPERSTORE, line};

/// What was forecast of `a`, `b` and `c`; of `c` no money.
const FORECAST: &str = "customer,segment,purchases_1,amount_1,gross_profit_1,purchases_2,amount_2,\
    gross_profit_2,past_purchases,past_amount\n\
    a,x,1.5,30,12,1.5,32,12,2,22.5\n\
    b,y,1,40,10,0.5,20,5,2,84.25\n\
    c,x,0.5,,,0.25,,,1,5\n";

/// Sums and products of a handful of short decimals: a few roundings of size 1e-16.
const ROUNDING: f64 = 1e-14;

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= ROUNDING * expected.abs().max(1.0), "{found} {expected}");
}

#[test]
fn a_small_forecast_scores_as_by_hand() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    let score = desk.score(&issued, &format!("{PAST}{LATER}"));
    assert_eq!(score.warnings, Vec::<String>::new());
    assert_eq!(score.complete, ["2021-Q1", "2021-Q2"]);

    // First quarter, purchases: a 2 of 1.5, b 1 of 1, c 0 of 0.5.
    let first = line(&score, "purchases", "1");
    assert_eq!((first.customers, first.actual, first.predicted), (3, 3.0, 3.0));
    assert_eq!(first.bias, Some(0.0));
    near(first.mae, 1.0 / 3.0);
    near(first.rmse, (0.5_f64 / 3.0).sqrt());

    // Second quarter, amounts of a and b: 8 of 32, and a refund of 10 of 20;
    // errors 24 and 30, squares 576 and 900.
    let second = line(&score, "amount", "2");
    assert_eq!((second.customers, second.actual, second.predicted), (2, -2.0, 52.0));
    assert_eq!(second.bias, None); // nothing came, on balance
    near(second.mae, 54.0 / 2.0);
    near(second.rmse, (1476.0_f64 / 2.0).sqrt());

    // Together, gross profit: a 58 − 34 of 24, b 40 − 40 of 15.
    let total = line(&score, "gross_profit", "total");
    assert_eq!((total.actual, total.predicted), (24.0, 39.0));
    near(total.bias.unwrap(), 39.0 / 24.0 - 1.0);
    near(total.mae, 7.5);
    near(total.rmse, (225.0_f64 / 2.0).sqrt());
    assert_eq!(total.label, "2021-Q1 to 2021-Q2");
}

#[test]
fn segments_add_up_and_the_largest_misses_are_named() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    let score = desk.score(&issued, &format!("{PAST}{LATER}"));
    let of = |segment: &str, target: &str| {
        let line = score.scores.iter().find(|line| {
            line.segment.as_deref() == Some(segment)
                && line.target == target
                && line.period == "total"
        });
        line.map(|line| (line.customers, line.actual, line.predicted)).unwrap()
    };
    assert_eq!(of("x", "purchases"), (2, 3.0, 3.75));
    assert_eq!(of("y", "purchases"), (1, 1.0, 1.5));
    assert_eq!(of("y", "gross_profit"), (1, 0.0, 15.0));
    assert_eq!(score.largest_of, "gross_profit");
    let named: Vec<_> =
        score.overestimated.iter().map(|m| (m.customer.as_str(), m.difference)).collect();
    assert_eq!(named, [("b", 15.0)]);
    assert_eq!(score.underestimated, []); // a came out exactly
}

#[test]
fn customers_beside_the_errors_are_counted() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    let score = desk.score(&issued, &format!("{PAST}{LATER}"));
    // c purchased nothing; 0.75 purchases were forecast of it, and no money.
    assert_eq!((score.silent.customers, score.silent.purchases), (1, Some(0.75)));
    assert_eq!(score.silent.amount, None);
    // d comes in the first quarter, e in the second, with two orders.
    let new: Vec<_> = score
        .new_customers
        .iter()
        .map(|sums| (sums.customers, sums.purchases.unwrap(), sums.amount.unwrap()))
        .collect();
    assert_eq!(new, [(1, 1.0, 7.0), (1, 2.0, 10.5)]);
    let total = score.new_customers_total;
    assert_eq!((total.customers, total.purchases, total.gross_profit), (2, Some(3.0), Some(9.25)));
    let past = score.past.unwrap();
    assert_eq!((past.same, past.changed, past.missing, past.additional), (3, 0, 0, 0));
    assert_eq!((past.purchases_then, past.purchases_now), (Some(5.0), 5.0));
    assert_eq!((past.amount_then, past.amount_now), (Some(111.75), Some(111.75)));
}

#[test]
fn a_perfect_forecast_has_no_errors() {
    let desk = Desk::new();
    let perfect = "customer,purchases_1,amount_1,gross_profit_1,purchases_2,amount_2,gross_profit_2,\
        purchases_1_p05,purchases_1_p95\n\
        a,2,50,20,1,8,4,2,2\nb,1,50,10,0,-10,-10,1,1\nc,0,0,0,0,0,0,0,0\n";
    let issued = desk.forecast_by_hand(perfect).unwrap();
    let score = desk.score(&issued, &format!("{PAST}{LATER}"));
    assert_eq!(score.scores.len(), 9);
    for line in &score.scores {
        assert_eq!((line.mae, line.rmse, line.actual), (0.0, 0.0, line.predicted), "{line:?}");
        assert!(line.bias.is_none_or(|bias| bias == 0.0), "{line:?}");
    }
    assert_eq!((score.overestimated.len(), score.underestimated.len()), (0, 0));
    let interval = line(&score, "purchases", "1").interval.unwrap();
    assert_eq!((interval.share(), interval.width()), (1.0, 0.0));
}

#[test]
fn intervals_are_held_as_often_as_counted_by_hand() {
    let desk = Desk::new();
    // The widest pair counts; a is above it, b on its lower end, c inside.
    let with = "customer,purchases_1,purchases_1_p05,purchases_1_p50,purchases_1_p95,purchases_2,\
        purchases_total_p05,purchases_total_p95\n\
        a,1,0,1,1,1,0,2\nb,1,1,2,3,1,0,2\nc,1,0,0,2,1,0,2\n";
    let issued = desk.forecast_by_hand(with).unwrap();
    let score = desk.score(&issued, &format!("{PAST}{LATER}"));
    let interval = line(&score, "purchases", "1").interval.unwrap();
    near(interval.nominal(), 0.9);
    near(interval.share(), 2.0 / 3.0);
    near(interval.width(), 5.0 / 3.0);
    // a did 3, b 1, c none in both quarters together.
    near(line(&score, "purchases", "total").interval.unwrap().share(), 2.0 / 3.0);
    assert!(line(&score, "purchases", "2").interval.is_none());
    // Of the whole horizon nothing can be said before it is over.
    let score = desk.score(&issued, &format!("{PAST}a,2021-03-31,9,1,x\n"));
    assert!(line(&score, "purchases", "total").interval.is_none());
}

#[test]
fn periods_that_are_not_over_are_left_out_and_said() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    // 4 of 90 days after the last row: complete, by the rule of one twentieth; 5 are not.
    let until = |day: &str| format!("{PAST}a,2021-01-07,20,12,x\nb,{day},1,1,y\n");
    let score = desk.score(&issued, &until("2021-03-27"));
    assert_eq!(
        (score.complete, score.incomplete),
        (vec!["2021-Q1".to_owned()], vec!["2021-Q2".to_owned()])
    );
    let ledger = desk.ledger(&until("2021-03-26"));
    let error = Score::new(&issued, &ledger, &ScoreOptions::default(), &Silent).unwrap_err();
    assert!(matches!(error, CompareError::NothingComplete { .. }));
    assert!(error.to_string().contains("2021-Q1, ends on 2021-03-31"), "{error}");
    // Who knows that the silence is real says so.
    let options = ScoreOptions { as_of: Day::from_ymd(2021, 6, 30), ..ScoreOptions::default() };
    let score = Score::new(&issued, &ledger, &options, &Silent).unwrap();
    assert_eq!(score.complete.len(), 2);
    assert_eq!(line(&score, "purchases", "2").actual, 0.0);
    // Rows after the last forecast period belong to none.
    let score = desk.score(&issued, &format!("{PAST}{LATER}a,2021-09-30,99,1,x\n"));
    assert_eq!(line(&score, "purchases", "total").actual, 4.0);
}

#[test]
fn another_past_is_counted_and_warned_of() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    // a has a row more, b is now called B, c is as it was; z has a past nobody knew.
    let other = format!("{PAST}{LATER}").replace("b,20", "B,20")
        + "a,2020-03-03,1,1,x\nz,2020-04-04,3,1,x\n";
    let score = desk.score(&issued, &other);
    let past = score.past.as_ref().unwrap();
    assert_eq!((past.same, past.changed, past.missing, past.additional), (1, 1, 1, 2));
    assert_eq!((past.purchases_then, past.purchases_now), (Some(5.0), 4.0));
    assert_eq!((past.amount_then, past.amount_now), (Some(111.75), Some(28.5)));
    assert_eq!(past.additional_ids, ["B", "z"]);
    let text = score.warnings.join("\n");
    for part in [
        "1 of 3 customers of the forecast have no transaction up to 2020-12-31",
        "(b)",
        "2 customers have transactions",
        "the past of 1 of 3 customers",
        "(a)",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Neither B nor z is new.
    assert_eq!(score.new_customers_total.customers, 2);
}

#[test]
fn later_rows_alone_are_enough() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    let whole = desk.score(&issued, &format!("{PAST}{LATER}"));
    let later = desk.score(&issued, &format!("customer,date,amount,cost,segment\n{LATER}"));
    assert_eq!(later.scores, whole.scores);
    assert_eq!(later.new_customers, whole.new_customers);
    assert_eq!((later.past.as_ref(), later.warnings.len()), (None, 0));
    assert!(later.to_text(None).contains("the past of the forecast is not checked"));
}

#[test]
fn money_that_is_not_known_is_not_scored() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    let has = |score: &Score, target: &str| score.scores.iter().any(|line| line.target == target);
    let score = desk.score(&issued, "customer,date,amount\na,2021-01-07,20\na,2021-06-30,1\n");
    assert!(has(&score, "amount") && !has(&score, "gross_profit"));
    assert_eq!(score.largest_of, "amount");
    assert!(score.warnings[0].contains("no cost column"));
    let score = desk.score(&issued, "customer,date\na,2021-01-07\na,2021-06-30\n");
    assert!(has(&score, "purchases") && !has(&score, "amount"));
    assert!(score.warnings[0].contains("no amount column"));
}

#[test]
fn files_of_the_score_hold_the_same_numbers() {
    let desk = Desk::new();
    let issued = desk.forecast_by_hand(FORECAST).unwrap();
    let score = desk.score(&issued, &format!("{PAST}{LATER}"));
    let json: serde_json::Value = serde_json::from_str(&score.to_json()).unwrap();
    assert_eq!(json["scores"][0]["actual"], 3.0);
    assert_eq!(
        (&json["scores"][0]["period"], &json["scores"][2]["period"]),
        (&1.into(), &"total".into())
    );
    assert_eq!(json["past"]["same"], 3);
    let mut out = Vec::new();
    score.write_csv(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("segment,target,period,label,customers,actual,predicted,bias,"));
    assert!(text.contains("\n,purchases,1,2021-Q1,3,3,3,0,"), "{text}");
    assert_eq!(text.lines().count(), 1 + score.scores.len());
    let mut out = Vec::new();
    score.write_customers(&issued, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let b = text.lines().find(|line| line.starts_with("b,")).unwrap();
    // Purchases, amount and profit of each quarter and of both: actual, forecast, difference.
    assert_eq!(
        b,
        "b,y,1,1,0,50,40,-10,10,10,0,0,0.5,0.5,-10,20,30,-10,5,15,1,1.5,0.5,40,60,20,0,15,15"
    );
    let c = text.lines().find(|line| line.starts_with("c,")).unwrap();
    assert!(c.starts_with("c,x,0,0.5,0.5,0,,,0,,,"), "{c}");
}

/// The figures that `tools/score.py` prints for `clvcast forecast data/superstore.csv --as-of
/// 2017-03-31 --method chain` (2017-Q2 to 2017-Q4), in its own rounding: an independent count of the purchases.
#[test]
fn the_score_of_superstore_is_that_of_the_script() {
    let desk = Desk::new();
    let options = [SUPERSTORE, "--as-of", "2017-03-31", "--method", "chain"];
    let issued = desk.forecast("out.csv", &options);
    let score = desk.score(&issued, &std::fs::read_to_string(SUPERSTORE).unwrap());
    let expected = [
        ("purchases", "1", "365 287.3 0.5642 0.6966"),
        ("purchases", "2", "445 287.2 0.6158 0.7725"),
        ("purchases", "3", "625 287.2 0.7603 0.9870"),
        ("purchases", "total", "1435 861.7 1.1632 1.5525"),
        ("amount", "1", "133700 135501.1 255.6094 488.3698"),
        ("amount", "2", "193844 135521.6 313.2651 705.3439"),
        ("amount", "3", "276950 135538.4 387.3339 956.7560"),
        ("amount", "total", "604494 406561.1 710.8729 1288.0660"),
    ];
    for (target, period, figures) in expected {
        let line = line(&score, target, period);
        let found =
            format!("{:.0} {:.1} {:.4} {:.4}", line.actual, line.predicted, line.mae, line.rmse);
        assert_eq!(found, figures, "{target} {period}");
    }
    // New customers and those of the forecast together are all 1 447 orders after the date.
    let all =
        line(&score, "purchases", "total").actual + score.new_customers_total.purchases.unwrap();
    assert_eq!(all, 1447.0);
}
