//! Heat maps against the law itself.

use clvcast::models::{FrequencyLaw, Past};
use clvcast::plots::HistoryMap;

use crate::world::{cdnow, leaving, model, nbd, superstore_from_the_start};

/// The same numbers by the same formula: another order of adding three periods up.
const ROUNDING: f64 = 1e-12;

#[test]
fn every_cell_is_what_the_law_says_of_that_history() {
    let panel = cdnow();
    for law in leaving() {
        if matches!(law, FrequencyLaw::Pdo { .. }) {
            continue; // its ends depend on days; see the next test
        }
        let map = HistoryMap::new(&panel, &model(law), 3).unwrap();
        let alive = map.alive.as_ref().unwrap();
        let mut cells = 0;
        for (row, since) in map.since_last.iter().enumerate() {
            for (column, &x) in map.frequencies.iter().enumerate() {
                let oldest = row + 1 == map.since_last.len();
                assert_eq!(map.purchases[row][column].is_some(), (x == 0) == oldest);
                let Some(expected) = map.purchases[row][column] else { continue };
                let t_x = if x == 0 { 0.0 } else { map.observed - since };
                let outlook = law.outlook(&Past::new(x, t_x, map.observed), &[]);
                assert!((expected - outlook.expected(0.0, 3.0)).abs() < ROUNDING);
                assert!((alive[row][column].unwrap() - outlook.p_alive).abs() < ROUNDING);
                cells += 1;
            }
        }
        let lines = map.rate_csv().lines().count();
        assert_eq!((lines, map.alive_csv().lines().count()), (cells + 1, cells + 1));
    }
}

#[test]
fn silence_is_a_sign_under_every_model_with_attrition() {
    let panel = cdnow();
    for law in leaving() {
        let map = HistoryMap::new(&panel, &model(law), 3).unwrap();
        let alive = map.alive.unwrap();
        let last = map.frequencies.len() - 1;
        for rows in alive.windows(2).take(alive.len() - 2) {
            assert!(rows[0][last].unwrap() >= rows[1][last].unwrap(), "{}", law.name());
        }
    }
}

#[test]
fn an_nbd_has_no_map_of_leaving_and_a_panel_clock_none_at_all() {
    assert_eq!(HistoryMap::new(&cdnow(), &nbd(), 3).unwrap().alive, None);
    assert_eq!(HistoryMap::new(&superstore_from_the_start(), &nbd(), 3), None);
}
