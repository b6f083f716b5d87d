//! Against `tests/oracle/segments.py`, which counts the rows of the Superstore anew.

use std::collections::BTreeMap;

use clvcast::segment::{
    Grouping, LifeCycle, Lorenz, Material, Rfm, RfmOptions, SegmentOptions, Segmentation, summarise,
};
use clvcast::units::Money;
use serde_json::Value;

use super::support::{Base, day, superstore};

fn expected() -> Value {
    serde_json::from_str(include_str!("../oracle/segments.json")).expect("JSON")
}

fn sizes(grouping: &Grouping) -> BTreeMap<String, u64> {
    let parts = grouping.partition().into_iter().filter(|(_, members)| !members.is_empty());
    let name = |at: Option<u32>| grouping.groups[at.expect("a label") as usize].clone();
    parts.map(|(at, members)| (name(at), members.len() as u64)).collect()
}

fn counts(value: &Value) -> BTreeMap<String, u64> {
    serde_json::from_value(value.clone()).expect("counts")
}

fn segmentation(base: &Base) -> Segmentation {
    let material = Material {
        panel: &base.panel,
        then: base.then.as_ref(),
        model: &base.model,
        forecast: &base.forecast,
        attributes: None,
    };
    Segmentation::new(&material, &SegmentOptions::default()).expect("groups")
}

#[test]
fn cuts_lie_where_a_search_finds_them() {
    let rfm = Rfm::new(&superstore().panel, &RfmOptions::default()).unwrap();
    let expected = expected();
    assert_eq!(serde_json::json!(rfm.cuts), expected["fifths"]);
    assert_eq!(serde_json::json!(rfm.halves), expected["halves"]);
}

#[test]
fn cells_have_the_customers_and_the_profit_counted_from_rows() {
    let base = superstore();
    let expected = expected();
    let found = segmentation(&base);
    let cells = found.grouping("cell").unwrap();
    for group in summarise(&base.panel, &base.forecast, cells) {
        let name = &cells.groups[group.group.unwrap() as usize];
        let profit: Money = group.past.gross_profit();
        let text = profit.display(base.panel.scale).to_string();
        assert_eq!(group.customers, expected["cells"][name][0].as_u64().unwrap(), "{name}");
        let counted = expected["cells"][name][1].as_str().unwrap();
        assert_eq!(text.parse::<f64>().unwrap(), counted.parse::<f64>().unwrap(), "{name}");
    }
    assert_eq!(sizes(found.grouping("rfm").unwrap()), counts(&expected["codes"]));
    assert_eq!(sizes(found.grouping("dormancy").unwrap()), counts(&expected["dormancy"]));
}

#[test]
fn cells_of_an_earlier_day_are_counted_with_the_cuts_of_today() {
    let base = superstore();
    assert_eq!(base.then.as_ref().unwrap().grid.as_of(), day("2017-03-31"));
    let found = segmentation(&base);
    let moves = found.moves.iter().find(|moves| moves.column == "cell").unwrap();
    let mut seen = 0;
    for entry in expected()["moves"].as_array().unwrap() {
        let [before, after, n] = [0, 1, 2].map(|at| &entry[at]);
        let place = |name: &Value| moves.groups.iter().position(|group| *name == **group);
        let row = place(before).map_or(&moves.newcomers, |at| &moves.counts[at]);
        assert_eq!(row[place(after).unwrap()], n.as_u64().unwrap(), "{before} to {after}");
        seen += n.as_u64().unwrap();
    }
    let all: u64 = moves.counts.iter().chain([&moves.newcomers]).flatten().sum();
    assert_eq!((seen, all), (793, 793));
}

/// Sums of a few hundred floats in another order: 12 digits hold.
const SUMS: f64 = 1e-12;

#[track_caller]
fn close(found: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!((found / expected - 1.0).abs() < SUMS, "found {found}, expected {expected}");
}

#[test]
fn the_mean_customer_has_the_cumulative_profit_counted_by_age() {
    let base = superstore();
    let life = LifeCycle::new(&base.panel, &base.forecast, None).unwrap();
    let expected = expected();
    let expected = expected["life_cycle"].as_array().unwrap();
    assert_eq!(life.curves[0].points.len(), expected.len());
    for (point, counted) in life.curves[0].points.iter().zip(expected) {
        assert_eq!(u64::from(point.age), counted[0].as_u64().unwrap());
        assert_eq!(point.customers, counted[1].as_u64().unwrap());
        close(point.value, &counted[2]);
    }
}

#[test]
fn concentration_is_that_of_all_pairs() {
    let panel = superstore().panel;
    let money = |value: Money| value.to_f64(panel.scale);
    let profit = Lorenz::new(panel.customers.iter().map(|c| money(c.amount - c.cost))).unwrap();
    close(profit.top_fifth, &expected()["past_profit_top_fifth"]);
    assert_eq!(profit.gini, None); // some customers lost money
    let amount = Lorenz::new(panel.customers.iter().map(|c| money(c.amount))).unwrap();
    close(amount.gini.unwrap(), &expected()["amount_gini"]);
}
