//! Model files that cannot be used: the file and the fault are named.

use crate::support::{Desk, SMALL, SYNLEAD};

/// The published example with one text put in another's place.
fn model(from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(SYNLEAD).unwrap();
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

#[track_caller]
fn refuses(text: impl AsRef<[u8]>, parts: &[&str]) {
    let desk = Desk::with(SMALL);
    desk.file("model.json", text);
    let parts = [&["model.json"], parts].concat();
    desk.refuses(&["sales.csv", "--model", "model.json"], 1, &parts);
    desk.refused(&["transitions", "--model", "model.json"], 1, &parts);
    desk.refused(&["simulate", "--customers", "3", "--model", "model.json"], 1, &parts);
}

#[test]
fn a_truncated_model_is_refused() {
    let text = std::fs::read_to_string(SYNLEAD).unwrap();
    refuses(&text[..300], &["not readable", "line 6", "clvcast fit"]);
    refuses("", &["not readable"]);
}

#[test]
fn a_model_of_a_later_version_is_refused() {
    refuses(model("\"version\": 1", "\"version\": 2"), &["version 2", "newer clvcast"]);
}

#[test]
fn a_model_without_a_version_is_refused() {
    refuses(model("\"version\": 1,", ""), &["`version` is missing, expected 1"]);
    refuses(model("\"version\": 1", "\"version\": 1.5"), &["`version` is 1.5, expected 1"]);
    refuses(model("\"version\": 1", "\"version\": \"1\""), &["`version` is \"1\", expected 1"]);
}

#[test]
fn json_that_is_no_model_is_refused() {
    refuses("[]", &["no `format`", "is this a model file?"]);
    refuses(model("clvcast-model", "other"), &["`format` is `other`", "`clvcast-model`"]);
}

#[test]
fn a_parameter_that_is_no_number_is_refused() {
    refuses(model("1.84", "NaN"), &["not readable", "line 5"]);
    refuses(model("1.84", "1e400"), &["not readable", "line 5"]);
    refuses(model("1.84", "null"), &["`frequency` has no parameter `a`"]);
}

#[test]
fn a_parameter_that_is_not_positive_is_refused() {
    refuses(model("1.53", "0"), &["parameter `q`", "found 0", "positive"]);
    refuses(model("1.53", "-1.5"), &["parameter `q`", "found -1.5", "positive"]);
    refuses(model("2.67", "0"), &["parameter `b`", "found 0", "positive"]);
}

#[test]
fn an_unknown_model_is_refused_by_name() {
    refuses(model("\"nbd\"", "\"ets\""), &["`frequency.model` is `ets`", "expected nbd"]);
    refuses(model("gamma-gamma", "lognormal"), &["`monetary.model` is `lognormal`"]);
}

#[test]
fn states_that_make_no_sense_are_refused() {
    refuses(model("0.01, 1000", "1000, 0.01"), &["`states`", "increasing order"]);
    refuses(model("\"max_frequency\": 3", "\"max_frequency\": 0"), &["states.max_frequency"]);
    let endless = model("\"max_frequency\": 3", "\"max_frequency\": 4000000000");
    refuses(endless, &["`states.max_frequency` is 4000000000"]);
    refuses(model("\"quarter\"", "\"era\""), &["`period` is `era`", "quarter"]);
}

#[test]
fn a_model_file_that_is_not_there_is_named() {
    let desk = Desk::with(SMALL);
    desk.refuses(&["sales.csv", "--model", "no.json"], 1, &["`no.json`", "clvcast fit -o no.json"]);
}
