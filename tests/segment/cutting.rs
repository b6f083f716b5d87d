//! Classes and layers on bases where they are hard to make.

use clvcast::panel::Period;
use clvcast::segment::{
    Cutting, Dormancy, Layers, Rfm, RfmOptions, SegmentError, SegmentOptions, class, worth,
};
use proptest::prelude::*;

use super::support::written;

/// One purchase each on one day, of one amount.
fn alike(customers: usize) -> String {
    let rows = (0..customers).map(|i| format!("c{i},2017-05-05,10,6\n"));
    let last = "z,2017-12-31,10,6\n";
    format!("customer,date,amount,cost\n{}{last}", rows.collect::<String>())
}

#[test]
fn customers_who_are_all_alike_are_refused_with_advice() {
    let error = Rfm::new(&written(&alike(8)).panel, &RfmOptions::default()).unwrap_err();
    let expected = SegmentError::AllEqual { of: "frequency", value: 1.0 };
    assert_eq!(error, expected);
    assert!(error.to_string().contains("give the cuts with `--frequency-cuts`"), "{error}");
}

#[test]
fn given_cuts_serve_customers_who_are_all_alike() {
    let cuttings = [vec![30.0], vec![1.0], vec![5.0, 50.0]].map(Cutting::Cuts);
    let panel = written(&alike(8)).panel;
    let rfm = Rfm::new(&panel, &RfmOptions { cuttings, ..RfmOptions::default() }).unwrap();
    assert_eq!(rfm.of(&panel, 0), Some([1, 1, 2]));
    assert_eq!(rfm.of(&panel, 8), Some([2, 1, 2])); // bought on the last day
    assert_eq!(rfm.cells(&panel).label(8), Some("new"));
}

#[test]
fn fewer_customers_than_classes_are_refused_with_advice() {
    let error = Rfm::new(&written(&alike(2)).panel, &RfmOptions::default()).unwrap_err();
    let few = SegmentError::FewCustomers { of: "recency", customers: 3, classes: 5 };
    assert_eq!(error, few);
    assert!(error.to_string().contains("fewer with `--classes`"), "{error}");
}

#[test]
fn a_share_at_the_largest_value_does_not_put_all_into_one_class() {
    // Six of ten have the largest value: the median is it, and would part nobody.
    let values = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0];
    assert_eq!(Cutting::Classes(2).cuts("frequency", &values).unwrap(), [1.0]);
}

#[test]
fn cuts_that_do_not_increase_are_refused() {
    for cuts in [vec![], vec![3.0, 3.0], vec![3.0, 1.0], vec![f64::NAN], vec![1.0, f64::INFINITY]] {
        let mut options = SegmentOptions::default();
        options.rfm.cuttings[0] = Cutting::Cuts(cuts.clone());
        let error = options.check().unwrap_err();
        assert!(error.to_string().starts_with("`--recency-cuts"), "{cuts:?}: {error}");
        let options = SegmentOptions { layers: Layers::Cuts(cuts), ..SegmentOptions::default() };
        assert!(options.check().unwrap_err().to_string().starts_with("`--layer-cuts"));
    }
    for classes in [0, 1, 101] {
        let mut options = SegmentOptions::default();
        options.rfm.cuttings[2] = Cutting::Classes(classes);
        assert_eq!(options.check(), Err(SegmentError::Classes { found: classes }));
    }
}

#[test]
fn layers_that_are_no_shares_are_refused() {
    for shares in [vec![], vec![0.0, 0.5], vec![0.5, 0.5], vec![-0.1], vec![f64::NAN], vec![20.0]] {
        let layers = Layers::Shares(shares.clone());
        assert!(matches!(layers.check(), Err(SegmentError::Layers { .. })), "{shares:?}");
    }
}

#[test]
fn layers_by_rank_are_full_to_the_customer() {
    // 1,000 customers of different value: 10, 40 and 150, whatever the sums of shares round to.
    let values: Vec<Option<f64>> = (0..1000).map(|i| Some(f64::from(i))).collect();
    let layers = Layers::default().group(&values);
    let sizes: Vec<usize> = layers.partition().iter().map(|(_, members)| members.len()).collect();
    assert_eq!(sizes, [10, 40, 150, 800]);
    assert_eq!((layers.label(999), layers.label(990)), (Some("A"), Some("A")));
    assert_eq!((layers.label(989), layers.label(0)), (Some("B"), Some("D")));
}

#[test]
fn sleep_deepens_with_silence() {
    let rows =
        "customer,date,amount,cost\na,2016-12-30,10,6\nb,2017-06-30,10,6\nc,2017-12-31,9,5\n";
    let base = written(rows);
    let dormancy = Dormancy::of_period(Period::Quarter).group(&base.panel, &base.forecast);
    let labels: Vec<_> = (0..3).map(|i| dormancy.label(i).unwrap()).collect();
    assert_eq!(labels, ["asleep", "half-asleep", "awake"]); // 4, 2 and 0 quarters
    // A quarter is 91.25 days: the nearest number of periods.
    for (days, expected) in [(91, [1, 2, 4]), (90, [1, 2, 4]), (7, [13, 26, 52]), (400, [1, 2, 3])]
    {
        assert_eq!(Dormancy::of_period(Period::Days(days)), Dormancy::Periods(expected), "{days}");
    }
    let likely = Dormancy::given(&[1e-9, 2e-9, 1.0], true).unwrap();
    let likely = likely.group(&base.panel, &base.forecast);
    assert_eq!(likely.label(2), Some("dozing")); // P(active) is below 1 and above the others
    for (numbers, by_probability) in [
        (&[1.0, 2.0][..], false),
        (&[1.0, 1.5, 2.0], false),
        (&[0.1, 0.2, 1.5], true),
        (&[3.0, 2.0, 1.0], false),
    ] {
        assert!(Dormancy::given(numbers, by_probability).is_err(), "{numbers:?}");
    }
}

#[test]
fn near_zero_begins_at_zero_and_ends_below_the_share() {
    let of = |profits: &[f64]| {
        let profits: Vec<Option<f64>> = profits.iter().copied().map(Some).collect();
        let worth = worth(&profits, 0.01);
        (0..profits.len()).map(|i| worth.label(i).unwrap().to_owned()).collect::<Vec<_>>()
    };
    // Near zero is less than a hundredth of the mean: 0.375, then 0.5.
    let labels = of(&[149.0, 0.5, 0.0, 0.5]);
    assert_eq!(labels, ["above-zero", "above-zero", "near-zero", "above-zero"]);
    assert_eq!(of(&[199.0, 0.49, 0.51, 0.0])[1..3], ["near-zero", "above-zero"]);
    assert_eq!(of(&[0.0, 0.0]), ["near-zero", "near-zero"]); // whatever the mean
    assert_eq!(of(&[-1.0, -2.0]), ["below-zero", "below-zero"]);
}

proptest! {
    #[test]
    fn equal_values_share_a_class_and_order_does_not_matter(
        mut values in prop::collection::vec(0_u8..12, 5..60),
        classes in 2_u32..6,
    ) {
        let numbers = |values: &[u8]| values.iter().map(|v| f64::from(*v)).collect::<Vec<_>>();
        let cut = Cutting::Classes(classes);
        let cuts = cut.cuts("frequency", &numbers(&values));
        let distinct: std::collections::BTreeSet<u8> = values.iter().copied().collect();
        prop_assert_eq!(cuts.is_ok(), distinct.len() > 1);
        values.reverse();
        prop_assert_eq!(&cut.cuts("frequency", &numbers(&values)), &cuts);
        let Ok(cuts) = cuts else { return Ok(()) };
        // Ascending, at observed values, and never all customers in one class.
        prop_assert!(cuts.windows(2).all(|pair| pair[0] <= pair[1]));
        let classes: Vec<u32> = values.iter().map(|v| class(&cuts, f64::from(*v))).collect();
        prop_assert!(classes.iter().any(|c| *c != classes[0]));
    }
}
