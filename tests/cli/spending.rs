//! Purchase values: per purchase, with a season, a trend, a dependence on frequency.

use std::fmt::Write;

use crate::support::{CDNOW, Desk, SUPERSTORE, holds};
use crate::table::Table;

/// 300 customers over three years: who buys often spends more, values grow and peak in winter.
fn ledger() -> String {
    let mut text = "customer,date,amount\n".to_owned();
    // The multiplier of a linear congruential generator (Knuth's MMIX) scatters numbers.
    let mut state = 7_u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 40) as f64 / f64::from(1 << 24)
    };
    for customer in 0..300 {
        let rate = 0.5 + 4.0 * uniform() * uniform();
        let own = 20.0 * rate * (0.7 + 0.6 * uniform());
        for month in 0..36 {
            if month > 0 && uniform() > rate / 4.5 * 0.6 {
                continue;
            }
            let season = if month % 12 >= 10 { 1.4 } else { 0.9 };
            let trend = 1.0 + 0.01 * f64::from(month);
            let value = own * season * trend * (0.6 + 0.8 * uniform());
            let (year, of_year) = (2021 + month / 12, month % 12 + 1);
            let day = 1 + (7 * customer + 11 * month) % 27;
            writeln!(text, "c{customer:03},{year}-{of_year:02}-{day:02},{value:.2}").unwrap();
        }
    }
    text
}

#[test]
fn values_per_purchase_go_with_every_model() {
    let desk = Desk::new();
    for model in ["nbd", "bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"] {
        let options = [CDNOW, "--as-of", "1997-09-30", "--period", "7d", "--frequency", model];
        let options = [&options[..], &["--spend", "purchase"]].concat();
        let table = desk.forecast(&options);
        table.is_finite();
        let direct = desk.bytes("out.csv");
        desk.done(&[&["fit"], &options[..], &["-q", "-o", "m.json"]].concat());
        assert_eq!(desk.json("m.json")["monetary"]["form"], "purchase");
        desk.forecast(&[CDNOW, "--as-of", "1997-09-30", "--model", "m.json"]);
        assert!(desk.bytes("out.csv") == direct, "{model}");
        for row in 0..table.rows.len() {
            let number = |name| table.number(row, name);
            // Orders of nothing only have no value.
            let Some(value) = number("value_1") else { continue };
            let (product, amount) = (number("purchases_1").unwrap() * value, number("amount_1"));
            assert!((product - amount.unwrap()).abs() <= 1e-9 * product.max(1e-9));
        }
    }
}

#[test]
fn a_calendar_of_values_and_a_dependence_survive_the_model_file() {
    let desk = Desk::with(ledger());
    for (options, keys) in [
        (&["--value-season", "harmonics"][..], &["value_calendar"][..]),
        (&["--value-season", "month", "--value-trend", "linear"], &["value_calendar"]),
        (&["--value-trend", "damped", "--damping", "0.7"], &["value_calendar"]),
        (&["--dependence", "regression"], &["dependence"]),
        (
            &["--value-season", "auto", "--value-trend", "auto", "--dependence", "auto"],
            &["value_calendar", "dependence"],
        ),
    ] {
        for model in [&["--frequency", "nbd"][..], &["--frequency", "pdo", "--spend", "purchase"]] {
            let options = [&["sales.csv"], model, options].concat();
            let table = desk.forecast(&options);
            table.is_finite();
            let direct = desk.bytes("out.csv");
            desk.done(&[&["fit"], &options[..], &["-q", "-o", "m.json"]].concat());
            let file = desk.json("m.json");
            assert_eq!(file["value_calendar"].is_object(), keys.contains(&"value_calendar"));
            let dependent = file["monetary"]["dependence"].is_object();
            assert_eq!(dependent, keys.contains(&"dependence"), "{options:?}");
            assert!(file.get("calendar").is_none());
            desk.forecast(&["sales.csv", "--model", "m.json"]);
            assert!(desk.bytes("out.csv") == direct, "{options:?}");
            assert_eq!(desk.json("out.csv.run.json")["model"]["file"], file);
        }
    }
}

#[test]
fn a_calendar_of_values_moves_values_and_not_purchases() {
    let desk = Desk::with(ledger());
    let plain = desk.forecast(&["sales.csv", "--horizon", "4"]);
    let options = ["--value-season", "quarter", "--value-trend", "linear", "--horizon", "4"];
    let season = desk.forecast(&[&["sales.csv"], &options[..]].concat());
    let value = |table: &Table, h: u32| {
        table.sum(&format!("amount_{h}")) / table.sum(&format!("purchases_{h}"))
    };
    for h in 1..=4 {
        let column = format!("purchases_{h}");
        assert_eq!(season.sum(&column), plain.sum(&column));
    }
    // Two of three months of the fourth quarter are at 1.4 and the others at 0.9 of the level.
    let ratio = value(&season, 4) / value(&season, 3);
    assert!((1.2..1.6).contains(&ratio), "{ratio}");
    let flat = value(&plain, 4) / value(&plain, 3);
    assert!((0.9..1.1).contains(&flat), "{flat}");
    // What is left is the trend.
    assert!(value(&season, 2) > 1.03 * value(&season, 1) / 1.1, "{}", value(&season, 2));
    let text = desk.done(&[&["forecast", "sales.csv"], &options[..]].concat()).stdout;
    holds(&text, &["Calendar of purchase values: a season by quarter, a trend of +"]);
}

#[test]
fn a_dependence_lowers_the_values_of_rare_buyers() {
    let desk = Desk::with(ledger());
    let warning = desk.done(&["fit", "sales.csv", "-q", "-o", "m.json"]).stderr;
    holds(&warning, &["value and frequency are correlated", "`--dependence regression`"]);
    let plain = desk.forecast(&["sales.csv"]);
    let dependent = desk.forecast(&["sales.csv", "--dependence", "regression"]);
    assert_eq!(dependent.sum("purchases_1"), plain.sum("purchases_1"));
    let rare: Vec<usize> = (0..plain.rows.len())
        .filter(|&row| plain.number(row, "past_purchases").unwrap() <= 4.0)
        .collect();
    assert!(rare.len() > 5, "{}", rare.len());
    let values = |table: &Table| -> f64 {
        rare.iter().map(|&row| table.number(row, "value_3").unwrap()).sum()
    };
    let (before, after) = (values(&plain), values(&dependent));
    assert!(after < 0.95 * before, "{before} {after}");
}

#[test]
fn a_fit_shows_what_values_depend_on() {
    let desk = Desk::with(ledger());
    let options = ["--value-season", "quarter", "--value-trend", "linear"];
    let options = [&options[..], &["--dependence", "regression"]].concat();
    let text = desk.done(&[&["fit", "sales.csv"], &options[..]].concat()).stdout;
    let parts = [
        "values, in logarithms",
        "estimate",
        "std. error",
        "z",
        "season Q4",
        "trend",
        "dependence",
        "Mean purchase value by a customer's number of purchases",
        "10+",
        "if independent",
        "with dependence",
    ];
    holds(&text, &parts);
    desk.done(&[&["fit", "sales.csv", "-q", "-o", "m.json"], &options[..]].concat());
    let fit = desk.json("m.json")["fit"].clone();
    let part = &fit["monetary"];
    let coefficients = part["coefficients"].as_array().unwrap();
    assert_eq!(coefficients.len(), 6);
    for coefficient in coefficients {
        let error = &part["standard_errors"][coefficient["name"].as_str().unwrap()];
        assert_eq!(&coefficient["standard_error"], error);
    }
    let classes = fit["spend_classes"].as_array().unwrap();
    let customers: u64 = classes.iter().map(|class| class["customers"].as_u64().unwrap()).sum();
    assert_eq!(customers, 300);
    // What is told without being used, and what is not worth telling.
    let text = desk.done(&["fit", "sales.csv"]).stdout;
    holds(&text, &["Mean purchase value by a customer's number of purchases", "with dependence"]);
    let text = desk.done(&["fit", SUPERSTORE]).stdout;
    assert!(!text.contains("Mean purchase value by"), "{text}");
}

#[test]
fn one_mean_per_customer_has_no_calendar_of_values() {
    let desk = Desk::new();
    let repeat = [SUPERSTORE, "--spend", "repeat-mean"];
    for (option, value) in [
        ("--value-season", "quarter"),
        ("--value-season", "harmonics"),
        ("--value-trend", "linear"),
        ("--value-trend", "damped"),
    ] {
        let parts = ["`--spend repeat-mean`", "one value per customer", "`--spend period`"];
        desk.refuses(&[&repeat[..], &[option, value]].concat(), 1, &parts);
    }
    let args = [&["fit"], &repeat[..], &["--value-season", "auto", "-q", "-o", "m.json"]].concat();
    holds(&desk.done(&args).stderr, &["warning: ", "repeat-mean", "no season and no trend"]);
}
