//! Groups add up to the portfolio.

use clvcast::segment::{Material, SegmentOptions, Segmentation, summarise};
use clvcast::units::Money;
use clvcast::value::Totals;

use super::support::{superstore, written};

/// Sums of a few hundred floats in another order, in cents of a portfolio of a million.
const CENT: f64 = 0.005;

#[test]
fn every_grouping_adds_up_to_the_portfolio_to_the_cent() {
    let base = superstore();
    let material = Material {
        panel: &base.panel,
        then: None,
        model: &base.model,
        forecast: &base.forecast,
        attributes: None,
    };
    let found = Segmentation::new(&material, &SegmentOptions::default()).unwrap();
    let whole = Totals::new(&base.forecast);
    let past: Money = base.panel.customers.iter().map(|c| c.amount - c.cost - c.expense).sum();
    let recent: Money =
        base.panel.company.iter().rev().take(3).map(|p| p.amount - p.cost - p.expense).sum();
    assert_eq!(found.groupings.len(), 7);
    for grouping in &found.groupings {
        let groups = summarise(&base.panel, &base.forecast, grouping);
        let customers: u64 = groups.iter().map(|group| group.customers).sum();
        assert_eq!(customers, 793, "{}", grouping.column);
        // History is exact.
        let sum =
            |of: fn(&clvcast::segment::GroupSummary) -> Money| groups.iter().map(of).sum::<Money>();
        assert_eq!(sum(|group| group.past.gross_profit()), past);
        assert_eq!(sum(|group| group.recent.gross_profit()), recent);
        let total: f64 = groups.iter().filter_map(|group| group.totals.gross_profit).sum();
        assert!((total - whole.gross_profit.unwrap()).abs() < CENT, "{}: {total}", grouping.column);
        for (h, period) in whole.periods.iter().enumerate() {
            let amount: f64 =
                groups.iter().filter_map(|group| group.totals.periods[h].amount).sum();
            assert!(
                (amount - period.amount.unwrap()).abs() < CENT,
                "{}: {amount}",
                grouping.column
            );
        }
        let share: f64 = groups.iter().filter_map(|group| group.share).sum();
        assert!((share - 1.0).abs() < 1e-9);
    }
    // Expected customers of the last period: those with a forecast, bought or not.
    let active = whole.periods[2].active_customers;
    for ahead in &found.ahead {
        let all: f64 = ahead.expected.iter().flatten().sum();
        let none: f64 = ahead.expected.iter().map(|row| row[0]).sum();
        assert!(
            (all - 793.0).abs() < 1e-6 && (793.0 - none - active).abs() < 1e-6,
            "{}",
            ahead.column
        );
    }
}

#[test]
fn customers_without_a_purchase_are_in_a_group_of_their_own() {
    let rows = "customer,date,amount,cost\na,2017-03-01,10,6\na,2017-12-31,10,6\nb,2017-05-01,-4,-2\n\
        c,2017-06-01,50,20\nd,2017-07-01,60,20\nd,2017-08-01,7,2\n";
    let base = written(rows);
    let material = Material {
        panel: &base.panel,
        then: base.then.as_ref(),
        model: &base.model,
        forecast: &base.forecast,
        attributes: None,
    };
    let mut options = SegmentOptions::default();
    options.rfm.cuttings.fill(clvcast::segment::Cutting::Classes(2));
    let found = Segmentation::new(&material, &options).unwrap();
    let cells = found.grouping("cell").unwrap();
    assert_eq!(cells.label(1), None);
    let groups = summarise(&base.panel, &base.forecast, cells);
    let last = groups.last().unwrap();
    assert_eq!((last.group, last.customers, last.totals.gross_profit), (None, 1, None));
    let past: Money = groups.iter().map(|group| group.past.amount).sum();
    assert_eq!(past.to_f64(base.panel.scale), 133.0);
    // Whom no group holds has a row of moves and of expected customers of its own.
    let ahead = found.ahead.iter().find(|ahead| ahead.column == "cell").unwrap();
    assert_eq!(ahead.expected.len(), ahead.groups.len() + 1);
    let all: f64 = ahead.expected.iter().flatten().sum();
    assert!((all - 3.0).abs() < 1e-9, "{all}"); // b has no forecast
    let moves = &found.moves[0];
    assert_eq!(
        moves.unlabelled.iter().chain(&moves.newcomers).sum::<u64>(),
        4 - moves.counts.iter().flatten().sum::<u64>()
    );
}
