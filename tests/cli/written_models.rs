//! Model files written by hand: every model, limit and calendar; and what is wrong with others.

use serde_json::{Value, json};

use crate::support::{Desk, SMALL};

/// The smallest model file with this frequency part and these other keys.
fn file(frequency: &Value, more: &Value) -> String {
    let mut model = json!({
        "format": "clvcast-model", "version": 1, "period": "quarter",
        "frequency": frequency,
        "monetary": {"model": "gamma-gamma", "p": 8.57, "q": 2.53, "k": 32.15},
        "states": {"max_frequency": 3, "amount_edges": [0.01, 10, 100], "max_amount": 500},
    });
    for (key, value) in more.as_object().unwrap() {
        model[key] = value.clone();
    }
    model.to_string()
}

/// Loads and forecasts; the purchases of the first coming period.
#[track_caller]
fn forecasts(frequency: &Value, more: &Value) -> f64 {
    let desk = Desk::with(SMALL);
    desk.file("model.json", file(frequency, more));
    let table = desk.forecast(&["sales.csv", "--model", "model.json"]);
    table.is_finite();
    for row in 0..table.rows.len() {
        assert!((0.0..=1.0).contains(&table.number(row, "p_alive").unwrap()));
    }
    // What it was is what is written of it.
    let saved = desk.json("out.csv.run.json")["model"]["file"].clone();
    let given: Value = serde_json::from_str(&file(frequency, more)).unwrap();
    for key in ["frequency", "calendar", "value_calendar"] {
        assert_eq!(saved[key], given[key], "{key}");
    }
    desk.done(&["transitions", "--model", "model.json"]);
    desk.done(&["explain", "sales.csv", "--model", "model.json", "--customer-id", "a"]);
    let purchases = table.sum("purchases_1");
    assert!(purchases > 0.0);
    purchases
}

#[track_caller]
fn refuses(frequency: &Value, more: &Value, parts: &[&str]) {
    let desk = Desk::with(SMALL);
    desk.file("model.json", file(frequency, more));
    let parts = [&["model.json"], parts].concat();
    desk.refuses(&["sales.csv", "--model", "model.json"], 1, &parts);
    desk.refused(&["transitions", "--model", "model.json"], 1, &parts);
}

fn nbd() -> Value {
    json!({"model": "nbd", "a": 1.84, "b": 2.67})
}

#[test]
fn every_model_and_limit_loads_and_forecasts() {
    let (gamma, poisson) = (json!({"r": 2.67, "alpha": 1.84}), json!({"rate": 1.45}));
    let staying = forecasts(&nbd(), &json!({}));
    for model in ["bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"] {
        let (beta, equal) = match model {
            "pareto-nbd" => (json!({"s": 0.6, "beta": 5.0}), json!({"mu": 0.05})),
            _ => (json!({"a": 0.8, "b": 2.4}), json!({"dropout": 0.01})),
        };
        for (rates, rate_limit) in [(&gamma, None), (&poisson, Some("poisson"))] {
            let never = json!({});
            for (leaving, limit) in
                [(&beta, None), (&equal, Some("equal-attrition")), (&never, Some("no-attrition"))]
            {
                let mut frequency = json!({"model": model});
                for part in [rates, leaving] {
                    for (key, value) in part.as_object().unwrap() {
                        frequency[key] = value.clone();
                    }
                }
                if model == "pdo" {
                    frequency["tau"] = "14d".into();
                }
                let limits: Vec<&str> = rate_limit.into_iter().chain(limit).collect();
                if !limits.is_empty() {
                    frequency["limit"] = limits.join("+").into();
                }
                let purchases = forecasts(&frequency, &json!({}));
                if rate_limit.is_none() && limit == Some("no-attrition") {
                    // The chain is the default of nbd, and drops the acquiring day.
                    assert!((purchases / staying - 1.0).abs() < 0.5, "{purchases} {staying}");
                }
            }
        }
    }
    forecasts(&json!({"model": "nbd", "rate": 1.45, "limit": "poisson"}), &json!({}));
    // No opportunity to leave before the as-of date, and none to come.
    let pdo =
        json!({"model": "pdo", "r": 2.67, "alpha": 1.84, "a": 0.8, "b": 2.4, "tau": "36525d"});
    forecasts(&pdo, &json!({}));
}

#[test]
fn calendars_written_by_hand_load_and_forecast() {
    let plain = forecasts(&nbd(), &json!({}));
    let months: Value = (1..=12).map(|m| (format!("M{m:02}"), json!(1.5))).collect();
    let weeks: Value = (1..=52).map(|w| (format!("W{w:02}"), json!(1.5))).collect();
    let quarters = json!({"Q1": 0.5, "Q2": 1.0, "Q3": 1.0, "Q4": 1.5});
    let linear = json!({"kind": "linear", "per_year": 0.2});
    for calendar in [
        json!({"season": {"kind": "harmonics", "cos": [0.3, -0.1], "sin": [0.05, 0.02]}}),
        json!({"season": {"kind": "harmonics", "cos": [0.3], "sin": [0.1]}, "trend": linear}),
        json!({"season": {"kind": "month", "factors": months}}),
        json!({"season": {"kind": "week", "factors": weeks}}),
        json!({"trend": {"kind": "damped", "per_year": 0.3, "damping": 0.9}}),
        json!({"trend": {"kind": "damped", "per_year": 0.3, "damping": 1.0}}),
        json!({"given": [{"period": "2021-Q1", "factor": 2.0}]}),
        json!({"trend": linear, "origin": "2020-12-31", "level": 1.05}),
        json!({"season": {"kind": "quarter", "factors": quarters}, "origin": "2019-12-31"}),
    ] {
        let purchases = forecasts(&nbd(), &json!({"calendar": calendar}));
        assert!((purchases - plain).abs() > 1e-3, "{calendar}: {purchases} {plain}");
        let valued = forecasts(&nbd(), &json!({"value_calendar": calendar}));
        assert_eq!(valued, plain, "{calendar}");
    }
    // No key, and keys that say nothing.
    assert_eq!(forecasts(&nbd(), &json!({"calendar": {}})), plain);
    let level =
        forecasts(&nbd(), &json!({"calendar": {"given": [{"period": "2021-Q1", "factor": 2.0}]}}));
    assert!(level > 1.7 * plain, "{level} {plain}");
}

#[test]
fn wrong_frequency_parts_are_refused_by_name() {
    let none = json!({});
    let bg = |key: &str, value: Value| {
        let mut model = json!({"model": "bg-nbd", "r": 1.0, "alpha": 2.0, "a": 0.5, "b": 1.5});
        model[key] = value;
        model
    };
    refuses(&bg("model", "ets".into()), &none, &["`frequency.model` is `ets`", "bg-nbd", "pdo"]);
    refuses(&bg("limit", "never".into()), &none, &["`limit` is `never`", "no-attrition"]);
    let both = "no-attrition+equal-attrition";
    refuses(&bg("limit", both.into()), &none, &[both, "expected poisson"]);
    refuses(&bg("limit", "poisson".into()), &none, &["`frequency`", "`rate`"]);
    refuses(&bg("limit", "equal-attrition".into()), &none, &["`frequency`", "`dropout`"]);
    for name in ["r", "alpha", "a", "b"] {
        refuses(&bg(name, Value::Null), &none, &["`frequency`", &format!("`{name}`"), "positive"]);
        refuses(&bg(name, json!(0)), &none, &[&format!("`{name}`"), "found 0", "positive"]);
        refuses(&bg(name, json!(-1)), &none, &[&format!("`{name}`"), "found -1", "positive"]);
        refuses(&bg(name, json!("1")), &none, &["not readable", "f64"]);
    }
    let mut equal = bg("limit", "equal-attrition".into());
    equal["dropout"] = json!(1.5);
    refuses(&equal, &none, &["`dropout` is 1.5", "at most 1"]);
    let pareto = json!({"model": "pareto-nbd", "r": 1.0, "alpha": 2.0, "s": 0.5});
    refuses(&pareto, &none, &["`beta`", "positive"]);
    for tau in ["0d", "weekly", "7", "-7d", "7.5d", "d"] {
        let pdo = json!({"model": "pdo", "r": 1.0, "alpha": 2.0, "a": 0.5, "b": 1.5, "tau": tau});
        refuses(&pdo, &none, &["`frequency.tau`", tau, "7d"]);
    }
    let pdo = json!({"model": "pdo", "r": 1.0, "alpha": 2.0, "a": 0.5, "b": 1.5});
    refuses(&pdo, &none, &["`frequency`", "`tau`"]);
    refuses(&json!({"model": "nbd", "a": 1, "b": 2, "limit": "no-attrition"}), &none, &["`limit`"]);
}

#[test]
fn wrong_calendars_are_refused_by_name() {
    let factors =
        |kind: &str, factors: Value| json!({"season": {"kind": kind, "factors": factors}});
    let quarters = |q3: Value| json!({"Q1": 0.5, "Q2": 1.0, "Q3": q3, "Q4": 1.5});
    let damped =
        |damping: Value| json!({"trend": {"kind": "damped", "per_year": 0.1, "damping": damping}});
    let waves =
        |cos: Value, sin: Value| json!({"season": {"kind": "harmonics", "cos": cos, "sin": sin}});
    for (calendar, parts) in [
        (factors("moon", json!({})), &["`calendar.season.kind` is `moon`", "harmonics"][..]),
        (factors("quarter", json!({"Q1": 1, "Q2": 1, "Q4": 1})), &["season.factors", "`Q3`"]),
        (factors("quarter", json!({"Q1": 1, "Q5": 1})), &["season.factors", "`Q5`", "Q1 to Q4"]),
        (factors("quarter", quarters(json!(0))), &["season.factors", "found 0", "positive"]),
        (factors("quarter", quarters(json!(-1))), &["season.factors", "found -1", "positive"]),
        (factors("quarter", quarters(json!("1"))), &["not readable", "f64"]),
        (factors("week", json!({"W53": 1})), &["season.factors", "`W53`", "W52"]),
        (json!({"season": {"kind": "month"}}), &["season.factors"]),
        (json!({"season": {"kind": "harmonics", "cos": [1]}}), &["season.sin"]),
        (waves(json!([0.1, 0.2]), json!([0.1])), &["2 cosines and 1 sines"]),
        (damped(json!(0)), &["`trend.damping` is 0", "at most 1"]),
        (damped(json!(2)), &["`trend.damping` is 2", "at most 1"]),
        (damped(Value::Null), &["`trend.damping`"]),
        (
            json!({"trend": {"kind": "square", "per_year": 1}}),
            &["`calendar.trend.kind` is `square`"],
        ),
        (json!({"trend": {"kind": "linear"}}), &["not readable", "per_year"]),
        (json!({"given": [{"period": "2021-Q1", "factor": 0}]}), &["given.factor", "found 0"]),
        (json!({"given": [{"period": "2021-Q1"}]}), &["not readable", "factor"]),
        (json!({"trend": {"kind": "linear", "per_year": 1e6}}), &["trend.per_year` is 1000000"]),
        (waves(json!([1000]), json!([0.1])), &["all from -10 to 10"]),
        (
            json!({"given": [{"period": "2021-Q1", "factor": 2}, {"period": "2021-Q1", "factor": 3}]}),
            &["`calendar.given` is `2021-Q1, listed before`", "each period once"],
        ),
        (json!({"sesaon": {"kind": "month"}}), &["not readable", "`sesaon`", "`season`"]),
        (json!({"level": 0}), &["level", "found 0", "positive"]),
        (json!({"origin": "soon"}), &["`calendar.origin` is `soon`", "YYYY-MM-DD"]),
    ] {
        refuses(&nbd(), &json!({"calendar": calendar}), parts);
        if !parts[0].contains("readable") {
            let parts = [&["in `value_calendar`"], parts].concat();
            refuses(&nbd(), &json!({"value_calendar": calendar}), &parts);
        }
    }
}

#[test]
fn one_customer_can_be_scored_by_every_model() {
    for model in ["bg-nbd", "mbg-nbd", "pdo"] {
        let desk = Desk::with("customer,date,amount\na,2020-01-05,10\na,2020-12-31,9\n");
        let mut frequency = json!({"model": model, "r": 1.2, "alpha": 0.9, "a": 0.8, "b": 2.4});
        if model == "pdo" {
            frequency["tau"] = "7d".into();
        }
        desk.file("model.json", file(&frequency, &json!({})));
        let table = desk.forecast(&["sales.csv", "--model", "model.json", "--horizon", "5"]);
        let alive = table.number(0, "p_alive").unwrap();
        assert!(0.0 < alive && alive <= 1.0, "{model}: {alive}");
        let by_period: Vec<f64> =
            (1..=5).map(|h| table.number(0, &format!("purchases_{h}")).unwrap()).collect();
        assert!(by_period.windows(2).all(|pair| pair[1] < pair[0]), "{model}: {by_period:?}");
    }
}

#[test]
fn a_given_period_that_is_none_is_told() {
    let desk = Desk::with(SMALL);
    let given = |period: &str| json!({"calendar": {"given": [{"period": period, "factor": 2.0}]}});
    let run = ["forecast", "sales.csv", "--model", "model.json", "-q"];
    for (period, told) in
        [("2021-1", true), ("2021-01", true), ("2021-Q1", false), ("2012-Q1", false)]
    {
        desk.file("model.json", file(&nbd(), &given(period)));
        let message = desk.done(&run).stderr;
        assert_eq!(message.contains("such as 2021-Q1, and change nothing"), told, "{message}");
    }
}
