//! The automatic choice: the default of `forecast`, what it leaves behind, and what it refuses.

use serde_json::Value;

use crate::support::{CDNOW, Desk, SMALL, SUPERSTORE, SYNLEAD, holds};

/// The comparison that a manifest records.
fn choice(desk: &Desk) -> Value {
    desk.json("out.csv.run.json")["model"]["file"]["fit"]["choice"].clone()
}

/// The names of all candidates that were compared.
fn compared(desk: &Desk) -> Vec<String> {
    let choice = choice(desk);
    let entries = choice["compared"].as_array().expect("a list");
    entries.iter().map(|entry| entry["candidate"].as_str().expect("a name").to_owned()).collect()
}

/// CDNOW's first 39 weeks in periods of 13 weeks: three periods, no calendar.
const OF_CDNOW: [&str; 4] = ["--period", "91d", "--as-of", "1997-09-30"];

#[test]
fn a_forecast_chooses_unless_told_otherwise_and_records_it() {
    let desk = Desk::new();
    desk.forecast(&[SUPERSTORE, "--save-model", "model.json"]);
    let bytes = desk.bytes("out.csv");
    let manifest = desk.json("out.csv.run.json");
    let choice = choice(&desk);
    assert_eq!(manifest["method"]["why"], choice["why"]);
    assert_eq!(manifest["method"]["name"], choice["members"][0]["method"]);
    assert_eq!(choice["members"][0]["weight"], 1.0);
    assert_eq!(choice["members"][0]["calendar"], "season+trend");
    assert_eq!(choice["held_out"]["customers"], choice["held_out"]["of"]);
    let first = &choice["compared"][0];
    for key in ["candidate", "parameters", "score", "above_best", "standard_error"] {
        assert!(!first[key].is_null(), "{key}");
    }
    assert_eq!(desk.json("model.json")["fit"]["choice"], choice);
    assert_eq!(desk.json("model.json"), manifest["model"]["file"]);
    // The model forecasts the same without a comparison, and still says why it was taken.
    desk.forecast(&[SUPERSTORE, "--model", "model.json"]);
    assert!(desk.bytes("out.csv") == bytes);
    assert_eq!(desk.json("out.csv.run.json")["method"]["why"], choice["why"]);
    desk.forecast(&[SUPERSTORE, "--model", "model.json", "--method", "posterior"]);
    assert_eq!(desk.json("out.csv.run.json")["method"]["why"], "asked for with --method");
}

#[test]
fn asking_for_auto_is_the_default() {
    let desk = Desk::new();
    let run = |more: &[&str]| {
        desk.forecast(&[&[CDNOW], &OF_CDNOW[..], more].concat());
        (desk.bytes("out.csv"), desk.json("out.csv.run.json")["method"].clone())
    };
    let (bytes, method) = run(&[]);
    assert!(method["why"].as_str().is_some_and(|why| why.contains("score")), "{method}");
    for more in [&["--method", "auto"][..], &["--frequency", "auto"]] {
        let (other, said) = run(more);
        assert!(other == bytes, "{more:?}");
        assert_eq!(said, method, "{more:?}");
    }
    // A method alone, or a model alone, is a choice already.
    let (_, method) = run(&["--method", "chain"]);
    assert_eq!(method["why"], "asked for with --method");
    assert!(choice(&desk).is_null());
    run(&["--frequency", "pdo"]);
    assert!(choice(&desk).is_null());
}

#[test]
fn what_is_given_restricts_what_is_compared() {
    let desk = Desk::new();
    let run = |args: &[&str]| {
        desk.forecast(args);
        compared(&desk)
    };
    let cdnow = |more: &[&'static str]| [&[CDNOW], &OF_CDNOW[..], more].concat();
    let names = run(&cdnow(&["--method", "auto", "--frequency", "pareto-nbd"]));
    assert_eq!(names, ["pareto-nbd, no calendar, posterior"]);
    let names = run(&cdnow(&["--method", "chain", "--frequency", "auto"]));
    assert_eq!(names, ["nbd, no calendar, chain"]);
    let names = run(&cdnow(&["--method", "posterior", "--frequency", "auto"]));
    // Five models, and the average of the best where its weights are not all on one.
    assert!(names.len() >= 5 && names.iter().all(|name| !name.contains("chain")), "{names:?}");
    let nbd = ["--method", "auto", "--frequency", "nbd"];
    let of = |more: &[&'static str]| [&[SUPERSTORE], &nbd[..], more].concat();
    let names = run(&of(&["--season", "none"]));
    assert!(names.iter().any(|name| name.contains("trend")), "{names:?}");
    assert!(names.iter().all(|name| !name.contains("season")), "{names:?}");
    let mut names = run(&of(&["--season", "quarter", "--trend", "damped"]));
    names.sort();
    assert_eq!(names, ["nbd, season+damped, chain", "nbd, season+damped, posterior"]);
    let calendar = &desk.json("out.csv.run.json")["model"]["file"]["calendar"];
    assert_eq!(calendar["season"]["kind"], "quarter");
    assert_eq!(calendar["trend"]["kind"], "damped");
}

#[test]
fn the_summary_says_what_was_compared_and_by_how_much_the_winner_won() {
    let text = Desk::new().done(&[&["forecast", CDNOW], &OF_CDNOW[..]].concat()).stdout;
    let parts = [
        "Chosen: ",
        "Compared on the one period held out after 1997-07-01",
        "score: Poisson deviance of purchases per customer and period, lower is better",
        "above best",
        "std. error",
        "pareto-nbd, no calendar, posterior",
        "Not compared: calendars: 273 days of history leave less than two years",
    ];
    holds(&text, &parts);
}

#[test]
fn a_short_history_says_that_nothing_was_compared() {
    let desk = Desk::with(
        "customer,date,amount\na,2020-01-05,5\na,2020-02-05,5\na,2020-05-05,6\nb,2020-02-01,7\n\
         b,2020-06-01,7\nc,2020-03-03,8\n",
    );
    let text = desk.done(&["forecast", "sales.csv", "--as-of", "2020-06-30"]).stdout;
    let why = "history is shorter than three periods and nothing can be held out, so pdo, no calendar, posterior is taken without a comparison";
    holds(&text, &["Chosen: ", why]);
    assert!(!text.contains("Compared on"), "{text}");
    desk.forecast(&["sales.csv", "--as-of", "2020-06-30"]);
    assert_eq!(desk.json("out.csv.run.json")["method"]["why"], why);
    assert!(choice(&desk)["held_out"].is_null() && choice(&desk)["compared"].is_null());
}

#[test]
fn explain_has_the_numbers_of_the_row() {
    let desk = Desk::with(SMALL);
    for (file, id) in [("sales.csv", "a"), (SUPERSTORE, "AA-10315")] {
        let table = desk.forecast(&[file]);
        let row = table.row_of(id);
        let args = ["explain", file, "--customer-id", id, "--format", "json"];
        let json: Value = serde_json::from_str(&desk.done(&args).stdout).unwrap();
        let mut found = 0;
        for number in json["numbers"].as_array().unwrap() {
            let name = number["name"].as_str().unwrap();
            if table.header.iter().any(|column| column == name) {
                assert_eq!(number["result"].as_f64(), table.number(row, name), "{name} of {id}");
                found += 1;
            }
        }
        assert!(found >= 3 * 4, "{found}");
    }
}

#[test]
fn the_forecast_of_a_choice_does_not_depend_on_threads_or_the_order_of_rows() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(CDNOW).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    desk.file("reversed.csv", format!("{header}\n{}\n", rows.join("\n")));
    let run = |file: &str, threads: &str| {
        let more = ["--threads", threads, "--save-model", "model.json"];
        desk.forecast(&[&[file], &OF_CDNOW[..], &more].concat());
        (desk.bytes("out.csv"), desk.bytes("model.json"))
    };
    let one = run(CDNOW, "1");
    assert!(one == run(CDNOW, "2"));
    assert!(one == run("reversed.csv", "7"));
}

#[test]
fn what_leaves_nothing_to_choose_is_refused() {
    let desk = Desk::with(SMALL);
    let sales = "sales.csv";
    desk.refuses(
        &[sales, "--method", "auto", "--model", SYNLEAD],
        2,
        &["`--model` leaves nothing to choose"],
    );
    desk.refuses(&[sales, "--frequency", "auto", "--model", SYNLEAD], 2, &["--model"]);
    desk.refuses(
        &[sales, "--frequency", "auto", "--method", "point"],
        2,
        &["`--method point` gives scores", "name a frequency model"],
    );
    desk.refused(
        &["fit", sales, "--frequency", "auto"],
        2,
        &["`--frequency auto` is for forecasts", "--save-model FILE"],
    );
}

#[test]
fn the_model_file_replaces_nothing_that_is_read_or_written() {
    let desk = Desk::with(SMALL);
    desk.file("plan.csv", "period,factor\n2020-Q2,1.1\n");
    let refused = |args: &[&str]| {
        desk.refused(&[&["forecast", "sales.csv"], args].concat(), 2, &["--save-model"]);
    };
    refused(&["--save-model", "sales.csv"]);
    refused(&["--save-model", "plan.csv", "--calendar", "plan.csv"]);
    refused(&["--save-model", "a.csv", "-o", "a.csv"]);
    refused(&["--save-model", "a.csv.run.json", "-o", "a.csv"]);
    assert_eq!(desk.text("sales.csv"), SMALL);
}

#[test]
fn a_named_model_can_be_saved_too() {
    let desk = Desk::with(SMALL);
    desk.forecast(&["sales.csv", "--frequency", "nbd", "--save-model", "model.json"]);
    desk.done(&["fit", "sales.csv", "-q", "-o", "fit.json"]);
    assert_eq!(desk.text("model.json"), desk.text("fit.json"));
}

#[test]
fn a_backtest_says_what_would_have_been_chosen() {
    let desk = Desk::new();
    let args = ["backtest", SUPERSTORE, "--only", "nbd", "--draws", "50", "--origins", "2"];
    let text = desk.done(&args).stdout;
    let parts = [
        "With what was known by 2017-03-31, auto would have taken nbd, ",
        "With what was known by 2016-12-31, auto would have taken nbd, ",
        "(bias ",
        "For the next forecast, after 2017-12-31, auto takes nbd, season+trend, posterior: ",
    ];
    holds(&text, &parts);
    desk.done(&[&args[..], &["-o", "scores.json", "-q"]].concat());
    let json = desk.json("scores.json");
    let auto = json["auto"].as_array().expect("a list");
    let origins: Vec<&str> = auto.iter().map(|then| then["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["2017-03-31", "2016-12-31"]);
    for then in auto {
        assert_eq!(then["choice"]["members"][0]["frequency"], "nbd");
        // Nothing that lies after the origin was held out.
        let held = then["choice"]["held_out"]["origins"][0].as_str().unwrap();
        assert!(held < then["origin"].as_str().unwrap(), "{held}");
    }
    assert!(json["chosen"]["why"].as_str().unwrap().contains("score"));
}
