//! `explain` prints the numbers of the row, no others.

use serde_json::Value;

use crate::support::{CDNOW, Desk, SMALL, SUPERSTORE, holds};

/// Every named column among the explained numbers equals the forecast's cell; their count.
#[track_caller]
fn agrees(desk: &Desk, id: &str, args: &[&str]) -> usize {
    let table = desk.forecast(args);
    let row = table.row_of(id);
    let explain = [&["explain"], args, &["--customer-id", id, "--format", "json"]].concat();
    let json: Value = serde_json::from_str(&desk.done(&explain).stdout).unwrap();
    assert_eq!(json["customer"], id);
    let mut compared = 0;
    for number in json["numbers"].as_array().unwrap() {
        let name = number["name"].as_str().unwrap();
        if table.header.iter().any(|column| column == name) {
            assert_eq!(number["result"].as_f64(), table.number(row, name), "{name} of {id}");
            compared += 1;
        }
    }
    let flags: Vec<_> =
        json["flags"].as_array().unwrap().iter().map(|f| f[0].as_str().unwrap()).collect();
    assert_eq!(flags.join(";"), table.text(row, "flags"));
    compared
}

#[test]
fn its_numbers_are_those_of_the_forecast_in_every_method() {
    let desk = Desk::new();
    for method in ["chain", "point", "posterior"] {
        for id in ["AA-10315", "SP-20920", "JC-15385"] {
            // 3 periods of 8 numbers, 2 totals, and the state.
            assert!(agrees(&desk, id, &[SUPERSTORE, "--method", method]) >= 3 * 8 + 2 + 6);
        }
    }
}

#[test]
fn its_numbers_are_those_of_the_forecast_under_other_rules() {
    let desk = Desk::with(SMALL);
    desk.file("d.csv", "customer,segment,period,field,op,value\na,,,margin,add,0.1\n");
    agrees(&desk, "a", &["sales.csv", "--overrides", "d.csv", "--expense-rate", "0.1"]);
    agrees(&desk, "b", &["sales.csv", "--margin", "0.3", "--discount", "0.05"]);
    agrees(&desk, "c", &["sales.csv", "--margin-rule", "pooled", "--acquisition", "keep"]);
    agrees(&desk, "a", &["sales.csv", "--amount", "none", "--cost", "none"]);
}

#[test]
fn every_number_has_a_formula_and_its_inputs() {
    let args = ["explain", SUPERSTORE, "--method", "chain", "--customer-id", "AA-10315"];
    let text = Desk::new().done(&args).stdout;
    let parts = [
        "Customer AA-10315, method chain",
        "past_amount",
        "past_gross_profit",
        "2018-Q1",
        "gross_profit_3",
        "amount − cost − expense",
        "amount_total",
    ];
    holds(&text, &parts);
}

#[test]
fn an_unknown_customer_is_refused_with_the_nearest_id() {
    let desk = Desk::new();
    let args = ["explain", SUPERSTORE, "--customer-id", "AA-1031"];
    desk.refused(&args, 1, &["`AA-1031`", "793 customers", "nearest id is `AA-10315`"]);
}

#[test]
fn a_customer_without_a_forecast_is_explained_by_its_flags() {
    let desk = Desk::with(format!("{SMALL}refunded,2020-05-05,-7,0\n"));
    agrees(&desk, "refunded", &["sales.csv"]);
    let text = desk.done(&["explain", "sales.csv", "--customer-id", "refunded"]).stdout;
    holds(&text, &["no-active-period", "past_amount", "-7"]);
}

#[test]
fn bands_from_zero_are_explained_without_a_gap() {
    let desk = Desk::new();
    let run = ["explain", SUPERSTORE, "--customer-id", "TC-20980", "--format", "json"];
    let text = desk.done(&[&run[..], &["--bands", "0,100,1000,24000"]].concat()).stdout;
    let explained: serde_json::Value = serde_json::from_str(&text).unwrap();
    let numbers = explained["numbers"].as_array().unwrap();
    assert!(numbers.iter().all(|number| number["result"].is_f64()), "{text}");
}

#[test]
fn its_numbers_are_those_of_the_forecast_in_every_model() {
    let desk = Desk::new();
    let names = ["bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"];
    for (model, formula) in names.into_iter().zip(["a/(b+x−1)", "a/(b+x)", "∫", "Σ_c D_c"]) {
        let options = [CDNOW, "--period", "7d", "--as-of", "1997-09-30", "--frequency", model];
        for id in ["0004", "0021", "1989"] {
            // The state, 3 periods of chance, purchases, value, amount.
            assert!(agrees(&desk, id, &options) >= 6 + 3 * 4);
        }
        let explain = [&["explain"], &options[..], &["--customer-id", "0004"]].concat();
        let text = desk.done(&explain).stdout;
        let parts = ["method posterior", "p_alive", formula, "has not left", "leaving: ", "alive)"];
        holds(&text, &parts);
        assert!(!text.contains("calendar"), "{text}");
    }
}

#[test]
fn a_calendar_stands_among_the_explained_numbers() {
    let desk = Desk::new();
    let calendar =
        [SUPERSTORE, "--season", "quarter", "--trend", "linear", "--value-trend", "linear"];
    for method in ["chain", "point", "posterior"] {
        let options = [&calendar[..], &["--method", method]].concat();
        assert!(agrees(&desk, "AA-10315", &options) >= 3 * 8 + 2 + 6);
        let explain = [&["explain"], &options[..], &["--customer-id", "AA-10315"]].concat();
        let text = desk.done(&explain).stdout;
        holds(&text, &["e_1 ", "factor of the purchase rate", "v_3 ", "factor of purchase values"]);
    }
    let options = [&calendar[..], &["--frequency", "pdo"]].concat();
    assert!(agrees(&desk, "AA-10315", &options) >= 3 * 8 + 2 + 6);
    let explain = [&["explain"], &options[..], &["--customer-id", "AA-10315"]].concat();
    holds(&desk.done(&explain).stdout, &["in the calendar's time", "(r + x)/(α + G)", "e_2 "]);
}

#[test]
fn who_may_leave_is_told_to_the_end_of_each_period() {
    let desk = Desk::new();
    let base = ["explain", CDNOW, "--period", "91d", "--as-of", "1997-09-30"];
    let args = ["--customer-id", "0001", "--format", "json", "--frequency"];
    for model in ["bg-nbd", "mbg-nbd", "pareto-nbd", "pdo"] {
        let text = desk.done(&[&base[..], &args[..], &[model]].concat()).stdout;
        let told: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let numbers = told["numbers"].as_array().expect("numbers");
        let of = |name: &str| {
            let number = numbers.iter().find(|number| number["name"] == name);
            number.and_then(|number| number["result"].as_f64()).expect(name)
        };
        let alive = ["p_alive", "alive_1", "alive_2", "alive_3"].map(of);
        assert!(alive.is_sorted_by(|now, later| now > later), "{model}: {alive:?}");
        // Nobody purchases who has left before the period began.
        for h in 1..=3 {
            assert!(of(&format!("p_active_{h}")) <= alive[h - 1], "{model}, period {h}");
        }
        // Without a purchase over the whole horizon there is none in its first period.
        assert!(of("P(0 purchases)") <= 1.0 - of("p_active_1"), "{model}");
    }
}
