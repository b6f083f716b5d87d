//! Groups and customers add up to the portfolio, as shown and behind what is shown.

use clvcast::report::Lang;

use crate::world::{World, groups, rows, shown, table};

/// A cent.
const CENT: f64 = 0.005;

#[test]
fn every_grouping_adds_up_to_the_portfolio_to_the_cent() {
    let world = World::superstore();
    let page = world.page(Lang::En, None);
    let total = world.totals.gross_profit.unwrap();
    for at in 0..world.segmentation.groupings.len() {
        let table = table(&page, &format!("group-{at}"));
        let (parts, whole) = (rows(table, "tbody"), rows(table, "tfoot"));
        assert!(parts.len() > 2 && whole.len() == 1);
        let whole = &whole[0];
        // Customers, past, recent, three periods, total.
        for column in 1..=7 {
            let behind: f64 = parts.iter().filter_map(|row| row[column].1).sum();
            assert!((behind - whole[column].1.unwrap()).abs() < CENT, "{at} {column}");
            let seen: f64 = parts
                .iter()
                .filter(|row| row[column].0 != "–")
                .map(|row| shown(&row[column].0))
                .sum();
            assert!((seen - shown(&whole[column].0)).abs() < CENT, "{at} {column}: {seen}");
        }
        assert!((whole[7].1.unwrap() - total).abs() < 1e-6);
        assert_eq!(whole[1].1, Some(793.0));
    }
}

#[test]
fn a_grouping_shows_what_the_library_says() {
    let world = World::superstore();
    let page = world.page(Lang::En, None);
    let parts = rows(table(&page, "group-0"), "tbody");
    let own = groups(&world, "segment");
    assert_eq!(parts.len(), own.len());
    for (row, own) in parts.iter().zip(&own) {
        assert_eq!(row[1].1, Some(own.customers as f64));
        assert_eq!(row[7].1, own.totals.gross_profit);
        assert_eq!(row[2].1, Some(own.past.gross_profit().to_f64(world.panel.scale)));
        assert_eq!(row[8].1, own.share);
        assert_eq!(row[9].1, own.change);
    }
}

#[test]
fn many_groups_are_the_largest_and_the_others_together() {
    let world = World::superstore();
    let page = world.page(Lang::En, None);
    let at = world.segmentation.groupings.iter().position(|own| own.column == "rfm").unwrap();
    let parts = rows(table(&page, &format!("group-{at}")), "tbody");
    assert_eq!(parts.len(), 21);
    assert!(parts[20][0].0.ends_with("smaller groups together"), "{:?}", parts[20]);
    assert!(parts[..20].windows(2).all(|pair| pair[0][7].1 >= pair[1][7].1));
}

#[test]
fn customers_add_up_whatever_their_number() {
    let world = World::superstore();
    for top in [0, 1, 100, 792, 793, 5000] {
        let page = world.page(Lang::En, Some(top));
        let table = table(&page, "top");
        let (own, foot) = (rows(table, "tbody"), rows(table, "tfoot"));
        assert_eq!((own.len(), foot.len()), (top.min(793), if top < 793 { 2 } else { 1 }));
        let whole = foot.last().unwrap();
        assert_eq!(whole[0].0, "All customers");
        let columns: Vec<usize> = (0..whole.len()).filter(|&at| whole[at].1.is_some()).collect();
        assert_eq!(columns.len(), 4, "past, purchases, amount and gross profit");
        for &at in &columns {
            let others = if foot.len() == 2 { foot[0][at].1.unwrap() } else { 0.0 };
            let behind: f64 = own.iter().filter_map(|row| row[at].1).sum::<f64>() + others;
            assert!((behind - whole[at].1.unwrap()).abs() < 1e-6, "{top} {at}");
        }
        // As shown, too: purchases to a tenth, money to the cent.
        for &at in &columns {
            let mut seen: f64 = own.iter().map(|row| shown(&row[at].0)).sum();
            seen += if foot.len() == 2 { shown(&foot[0][at].0) } else { 0.0 };
            assert!((seen - shown(&whole[at].0)).abs() < CENT, "{top} {at}: {seen}");
        }
        assert!(own.windows(2).all(|pair| pair[0][columns[3]].1 >= pair[1][columns[3]].1));
    }
}

#[test]
fn periods_are_those_of_the_company() {
    let world = World::superstore();
    let page = world.page(Lang::En, None);
    let rows = rows(table(&page, "periods"), "tbody");
    assert_eq!(rows.len(), 7);
    assert_eq!((rows[3][0].0.as_str(), rows[3][2].1), ("Last 3 quarters together", Some(1447.0)));
    let money = world.totals.periods[0].gross_profit;
    assert_eq!((rows[4][0].0.as_str(), rows[4][6].1), ("2018-Q1 forecast", money));
    // Superstore says nothing of expenses.
    assert_eq!((rows[2][5].0.as_str(), rows[2][5].1), ("–", None));
}
