//! `clvcast segment`: labels beside the forecast, groups as a file, and what is refused.

use crate::support::{CDNOW, Desk, SMALL, SUPERSTORE, holds};
use crate::table::Table;

/// Columns of labels that Superstore gets.
const LABELS: [&str; 6] = ["cell", "layer", "worth", "dormancy", "rfm_score", "rfm"];

#[test]
fn labels_join_the_forecast_and_change_none_of_its_bytes() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE]);
    desk.done(&["segment", SUPERSTORE, "-q", "-o", "labels.csv"]);
    let (plain, labelled) = (desk.text("out.csv"), desk.text("labels.csv"));
    for (a, b) in plain.lines().zip(labelled.lines()) {
        assert!(b.starts_with(&format!("{a},")), "{a}\n{b}");
    }
    let table = Table::parse(&labelled);
    assert_eq!(table.header[table.header.len() - LABELS.len()..], LABELS);
    assert_eq!(table.rows.len(), 793);
    assert_eq!(desk.names(), ["labels.csv", "labels.csv.run.json", "out.csv", "out.csv.run.json"]);
    let only = ["--columns", "customer,cell,gross_profit_total", "--format", "csv"];
    let chosen = desk.done(&[&["segment", SUPERSTORE, "-q"][..], &only].concat()).stdout;
    assert!(
        chosen.starts_with("customer,cell,gross_profit_total\nAA-10315,churning,"),
        "{chosen:.80}"
    );
}

#[test]
fn groups_as_files_add_up_to_the_forecast() {
    let desk = Desk::new();
    let total = desk.forecast(&[SUPERSTORE]).sum("gross_profit_total");
    desk.done(&["segment", SUPERSTORE, "-q", "--groups-out", "groups.csv"]);
    desk.done(&["segment", SUPERSTORE, "-q", "--groups-out", "groups.json"]);
    let groups = desk.table("groups.csv");
    let json = desk.json("groups.json");
    assert_eq!(json["groups"].as_array().unwrap().len(), groups.rows.len());
    for column in ["segment"].iter().chain(&LABELS) {
        let rows: Vec<usize> =
            (0..groups.rows.len()).filter(|&row| groups.text(row, "grouping") == *column).collect();
        let sum = |name| rows.iter().filter_map(|&row| groups.number(row, name)).sum::<f64>();
        assert_eq!(sum("customers"), 793.0, "{column}");
        // The sum of 793 numbers in another order, to the cent.
        assert!((sum("gross_profit_total") - total).abs() < 0.005, "{column}");
        assert!((sum("share") - 1.0).abs() < 1e-9, "{column}");
        for &row in &rows {
            let same = |name: &str| groups.number(row, name) == json["groups"][row][name].as_f64();
            assert!(same("gross_profit_total") && same("past_amount") && same("change"), "{row}");
        }
    }
    assert_eq!(json["rfm"]["frequency_cuts"], serde_json::json!([4.0, 5.0, 6.0, 8.0]));
}

#[test]
fn the_same_bytes_for_any_threads_and_order() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(SUPERSTORE).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let backwards: Vec<&str> = rows.lines().rev().collect();
    desk.file("backwards.csv", format!("{header}\n{}\n", backwards.join("\n")));
    let mut made = Vec::new();
    for (input, threads) in [(SUPERSTORE, "1"), (SUPERSTORE, "3"), ("backwards.csv", "2")] {
        let args = ["segment", input, "--threads", threads, "--groups-out", "groups.json"];
        let text = desk.done(&args).stdout;
        made.push((text, desk.bytes("groups.json")));
    }
    assert!(made.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn what_is_printed_reads_without_the_manual() {
    let printed = Desk::new().done(&["segment", SUPERSTORE, "--currency", "USD"]).stdout;
    let lines: Vec<&str> = printed.lines().collect();
    holds(
        &printed,
        &[
            "money in USD",
            "High is: bought in the last 76 days, more than 6 purchases",
            "80 % is held by the best",
            "Customers by cell in 2017-Q1 (rows) and in 2017-Q4",
        ],
    );
    assert!(lines.iter().all(|line| !line.contains("NaN") && !line.contains("inf")));
}

#[test]
fn a_ledger_without_costs_is_grouped_by_amount() {
    let desk = Desk::new();
    let args = ["segment", CDNOW, "--as-of", "1997-09-30", "--frequency", "bg-nbd"];
    let done = desk.done(&[&args[..], &["--groups-out", "groups.csv"]].concat());
    holds(&done.stdout, &["amounts, as there are no margins"]);
    // Most bought once: equal customers are not parted, and a warning says what follows.
    holds(&done.stderr, &["classes of frequency are empty"]);
    let groups = desk.table("groups.csv");
    let of =
        |column: &str| (0..groups.rows.len()).any(|row| groups.text(row, "grouping") == column);
    assert!(of("layer") && !of("worth"));
    // Under attrition the chain says nothing of values: customers buy or not.
    assert!(done.stdout.contains("no purchase  purchase"));
}

#[test]
fn without_amounts_there_is_no_rfm_and_a_warning_says_so() {
    let desk = Desk::new();
    let done = desk.done(&["segment", SUPERSTORE, "--amount", "none", "--format", "csv", "-q"]);
    holds(&done.stderr, &["RFM classes are left out: there are no amounts"]);
    let table = Table::parse(&done.stdout);
    assert_eq!(table.header.last().map(String::as_str), Some("dormancy"));
    // Layers are then by purchases.
    assert_eq!((0..793).filter(|&row| table.text(row, "layer") == "A").count(), 8);
}

#[test]
fn a_change_needs_as_many_past_periods_as_are_forecast() {
    let desk = Desk::new();
    let args = ["segment", SUPERSTORE, "--frequency", "nbd", "--horizon", "17"];
    let done = desk.done(&[&args[..], &["--groups-out", "groups.csv"]].concat());
    let groups = desk.table("groups.csv");
    assert!((0..groups.rows.len()).all(|row| groups.number(row, "change").is_none()));
    holds(&done.stdout, &["`last 16` is the sum of the last 16 past ones"]);
}

#[test]
fn scores_of_potential_are_not_compared_with_the_past() {
    let desk = Desk::new();
    let args = ["segment", SUPERSTORE, "--frequency", "nbd", "--method", "point"];
    let done = desk.done(&[&args[..], &["--groups-out", "groups.csv"]].concat());
    holds(&done.stderr, &["compare groups by them, and none of them with the past"]);
    holds(&done.stdout, &["scores of potential are compared with each other, and with no past"]);
    let groups = desk.table("groups.csv");
    assert!((0..groups.rows.len()).all(|row| groups.number(row, "change").is_none()));
}

#[test]
fn names_from_the_data_do_not_disturb_the_terminal() {
    let long = "x".repeat(300);
    let rows = format!(
        "customer,date,amount,segment\na,2020-01-05,10,{long}\na,2020-10-31,10,{long}\n\
         a,2020-11-30,10,{long}\nb,2020-12-31,50,left\u{202e}right\n"
    );
    let args = ["segment", "sales.csv", "--model", crate::support::SYNLEAD, "--classes", "2"];
    let out = Desk::with(rows).done(&args).stdout;
    assert!(out.contains("left⟨U+202E⟩right") && !out.contains('\u{202e}'), "{out}");
    assert!(out.lines().all(|line| line.chars().count() < 250 || line.contains(". ")), "{out}");
}

#[test]
fn cuts_of_a_users_own_are_kept() {
    let desk = Desk::with(SMALL);
    let cuts = ["--recency-cuts", "30,200", "--frequency-cuts", "1,2", "--monetary-cuts", "10,50"];
    let args = ["segment", "sales.csv", "--margin", "0.5", "--model", "model.json"];
    desk.file("model.json", std::fs::read(crate::support::SYNLEAD).unwrap());
    let rest = ["--layer-cuts", "0,20", "--format", "csv", "--columns", "customer,rfm,layer", "-q"];
    let out = desk.done(&[&args[..], &cuts, &rest].concat()).stdout;
    let rows: Vec<&str> = out.lines().collect();
    assert_eq!(rows[0], "customer,rfm,layer");
    // To 2020-12-31: a 54 days, three purchases, 31.75; b 0 days, two, 84.10; c 184 days, one, 5.
    assert!(rows[1].starts_with("a,2-3-2,") && rows[2].starts_with("b,3-2-3,"), "{out}");
    assert!(rows[3].starts_with("c,2-1-1,"), "{out}");
}

#[test]
fn options_that_cannot_be_meant_exit_2_before_any_data_are_read() {
    let desk = Desk::new();
    for (option, value, part) in [
        ("--classes", "1", "expected 2 to 100"),
        ("--classes", "2,3", "one for all axes or three"),
        ("--recency-cuts", "90,30", "expected finite numbers that increase, such as 30,90,365"),
        ("--frequency-cuts", "1,1", "that increase"),
        ("--monetary-cuts", "nan", "that increase"),
        ("--layers", "0.5,0.6", "add up to less than 1"),
        ("--layer-cuts", "5,1", "that increase"),
        ("--dormancy", "1,2", "found 2 numbers, expected 3"),
        ("--dormancy", "1,2.5,4", "that increase"),
        ("--dormancy-p", "0.1,0.2,7", "that increase"),
        ("--near-zero", "-1", "from 0 to 1"),
        ("--groups-out", "groups.txt", ".csv or .json"),
        ("--columns", "customer", "add `-o FILE`"),
    ] {
        desk.refused(&["segment", "missing.csv", option, value], 2, &[option, part]);
    }
}

#[test]
fn customers_who_cannot_be_told_apart_exit_1_with_advice() {
    let desk = Desk::with("customer,date,amount\na,2020-03-01,5\nb,2020-03-01,5\nc,2020-12-31,5\n");
    desk.file("model.json", std::fs::read(crate::support::SYNLEAD).unwrap());
    let with = |option: &[&str], parts: &[&str]| {
        let args = ["segment", "sales.csv", "--model", "model.json", "-o", "out.csv"];
        desk.refused(&[&args[..], option].concat(), 1, parts);
    };
    with(&[], &["3 customers cannot be cut into 5 classes of recency", "--classes"]);
    with(&["--classes", "2"], &["all customers have the same frequency (1)", "--frequency-cuts"]);
    desk.file("bad.csv", "item,from,points\nlove,1,1\n");
    with(&["--score", "bad.csv"], &["bad.csv", "line 2: item is `love`"]);
    desk.file("none.csv", "customer,stage\nnobody,client\n");
    let cuts = ["--classes", "2", "--frequency-cuts", "1", "--monetary-cuts", "1"];
    let attributes = [&cuts[..], &["--attributes", "none.csv"]].concat();
    with(&attributes, &["says nothing about any customer of the data"]);
}

#[test]
fn inputs_are_never_written_over() {
    let desk = Desk::with(SMALL);
    desk.file("known.csv", "customer,stage\na,client\n");
    let args = ["segment", "sales.csv", "--attributes", "known.csv"];
    for output in [["--groups-out", "known.csv"], ["-o", "sales.csv"]] {
        desk.refused(&[&args[..], &output].concat(), 2, &["would replace"]);
    }
}
