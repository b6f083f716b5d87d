//! What a user knows beside transactions: tables with good and bad rows.

use clvcast::segment::{
    Attributes, LifeCycle, Material, ScoreTable, SegmentError, SegmentOptions, Segmentation,
    ladder, loyalty_grid,
};

use super::support::{Base, written};

const ROWS: &str = "customer,date,amount,cost\n\
    a,2016-12-30,100,60\na,2017-10-30,100,60\nb,2017-06-30,10,6\nc,2017-12-31,50,40\nc,2017-12-01,5,4\n";

fn attributes(base: &Base, file: &str) -> Result<Attributes, SegmentError> {
    Attributes::read(file.as_bytes(), &base.panel)
}

fn labels(grouping: &clvcast::segment::Grouping) -> Vec<Option<&str>> {
    (0..grouping.of.len()).map(|i| grouping.label(i)).collect()
}

#[test]
fn the_value_score_adds_points_of_all_items() {
    let base = written(ROWS);
    let known = attributes(&base, "customer,opportunities\na,3\nb,1\n").unwrap();
    let table = "item,from,points\namount,50,1\namount,150,2\nopportunities,1,10\nopportunities,3,30\ndemand,0,100\n";
    let table = ScoreTable::read(table.as_bytes()).unwrap();
    let score = table.group(&base.panel, &base.forecast, &known).unwrap();
    // a: 200 spent, 3 opportunities; b: 10 and 1; c: 55 and none known. All have some demand.
    assert_eq!(labels(&score), [Some("132"), Some("110"), Some("101")]);
    assert_eq!(score.groups, ["132", "110", "101"]);
    // 0.1 + 0.2 is 0.3, and nothing is no negative nothing.
    let tenths =
        "item,from,points\namount,0,0.1\namount,50,0.3\nopportunities,3,0.2\namount,150,0.1\n";
    let tenths = ScoreTable::read(tenths.as_bytes()).unwrap();
    let score = tenths.group(&base.panel, &base.forecast, &known).unwrap();
    assert_eq!(labels(&score), [Some("0.3"), Some("0.1"), Some("0.3")]);
    let none = ScoreTable::read("item,from,points\nopportunities,9,1\n".as_bytes()).unwrap();
    assert_eq!(none.group(&base.panel, &base.forecast, &known).unwrap().groups, ["0"]);
    let missing = ScoreTable::read("item,from,points\nsuggestions,1,1\n".as_bytes()).unwrap();
    let error = missing.group(&base.panel, &base.forecast, &known).unwrap_err();
    assert_eq!(error, SegmentError::NoItem { item: "suggestions" });
}

#[test]
fn all_bad_rows_of_a_score_table_are_named() {
    let text = "item,from,points\namount,5,1\nlove,1,1\namount,5,2\ndemand,x,1\ndemand,1,inf\n";
    let error = ScoreTable::read(text.as_bytes()).unwrap_err().to_string();
    for part in [
        "4 row(s)",
        "line 3: item is `love`",
        "line 4: the breakpoint 5 of amount follows 5",
        "line 5: from is `x`",
        "line 6: points is `inf`",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(
        ScoreTable::read("item,from\n".as_bytes())
            .unwrap_err()
            .to_string()
            .contains("no column `points`")
    );
    assert!(ScoreTable::read("item,from,points\n".as_bytes()).is_err());
}

#[test]
fn all_bad_rows_of_attributes_are_named() {
    let base = written(ROWS);
    let text = "customer,suggestions,acquisition_cost\na,1,\na,2,\nb,-1,\nc,,many\nz,1,1\n";
    let error = attributes(&base, text).unwrap_err().to_string();
    for part in [
        "3 row(s)",
        "line 3: customer `a` stands in line 2 already",
        "line 4: suggestions is `-1`",
        "line 5: acquisition_cost is `many`",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    for text in [
        "id,suggestions\na,1\n",
        "customer,customer\na,b\n",
        "customer,love\na,1\n",
        "",
        "customer,stage\nz,client\n",
    ] {
        assert!(matches!(attributes(&base, text), Err(SegmentError::Table { .. })), "{text:?}");
    }
}

#[test]
fn the_ladder_knows_eight_steps_and_names_the_others() {
    let base = written(ROWS);
    let known = attributes(&base, "customer,stage\na,Advocate\nb,first_time customer\n").unwrap();
    let steps = ladder(&known).unwrap().unwrap();
    assert_eq!(labels(&steps), [Some("advocate"), Some("first-time-customer"), None]);
    assert_eq!(steps.groups.len(), 8);
    let unknown = attributes(&base, "customer,stage\na,friend\nb,client\n").unwrap();
    assert!(
        ladder(&unknown)
            .unwrap_err()
            .to_string()
            .contains("1 unknown word(s) in the column stage: `friend`")
    );
    assert_eq!(ladder(&attributes(&base, "customer,suggestions\na,1\n").unwrap()), Ok(None));
}

#[test]
fn loyalty_and_volume_make_nine_cells() {
    let base = written(ROWS);
    let known = attributes(&base, "customer,loyalty\na,low\nb,HIGH\nc,medium\n").unwrap();
    // Volume is the past amount, in thirds: 200, 10, 55.
    let grid = loyalty_grid(&base.panel, &known).unwrap().unwrap();
    assert_eq!(labels(&grid), [Some("low-high"), Some("high-low"), Some("medium-medium")]);
    assert_eq!((grid.groups.len(), grid.groups[0].as_str()), (9, "high-high"));
    let numbers =
        attributes(&base, "customer,loyalty,volume\na,0.9,5\nb,0.1,7\nc,0.5,6\n").unwrap();
    let grid = loyalty_grid(&base.panel, &numbers).unwrap().unwrap();
    assert_eq!(labels(&grid), [Some("high-low"), Some("low-high"), Some("medium-medium")]);
    let empty = attributes(&base, "customer,loyalty,stage\na,,client\n").unwrap();
    assert_eq!(loyalty_grid(&base.panel, &empty), Ok(None));
    let equal = attributes(&base, "customer,loyalty\na,1\nb,1\nc,1\n").unwrap();
    let error = loyalty_grid(&base.panel, &equal).unwrap_err().to_string();
    assert!(
        error.contains("all customers have the same loyalty")
            && error.contains("high, medium and low"),
        "{error}"
    );
}

#[test]
fn acquisition_costs_begin_the_life_cycle_below_zero() {
    let base = written(ROWS);
    let costs = [Some(50.0), None, Some(4.0)];
    let life = LifeCycle::new(&base.panel, &base.forecast, Some(&costs)).unwrap();
    let all = &life.curves[0];
    // a gains 40 in 2016-Q4, with c 25.5 on average, and 40 four quarters later, c 11 in 2017-Q4; b has no cost and is out.
    assert_eq!((all.customers, all.acquisition_cost), (2, Some(27.0)));
    let values: Vec<(u32, u64, f64)> =
        all.points.iter().map(|point| (point.age, point.customers, point.value)).collect();
    assert_eq!(values[0], (0, 2, -27.0 + 25.5));
    assert_eq!(values[4], (4, 1, -27.0 + 25.5 + 40.0));
    assert_eq!(all.payback, Some(4));
    let of_a = &life.curves[1];
    assert_eq!((of_a.cohort.as_deref(), of_a.payback), (Some("2016-Q4"), Some(4)));
    assert_eq!(of_a.points.iter().filter(|point| point.forecast).count(), 3);
    let never = LifeCycle::new(&base.panel, &base.forecast, Some(&[Some(1e9); 3])).unwrap();
    assert_eq!(never.curves[0].payback, None);
}

#[test]
fn rows_about_others_are_counted_in_a_warning() {
    let base = written(ROWS);
    let known = attributes(&base, "customer,acquisition_cost\na,5\nlead-1,7\nlead-2,7\n").unwrap();
    let material = Material {
        panel: &base.panel,
        then: None,
        model: &base.model,
        forecast: &base.forecast,
        attributes: Some(&known),
    };
    let found = Segmentation::where_possible(&material, &SegmentOptions::default()).unwrap();
    let all = found.warnings.join("\n");
    assert!(all.contains("2 row(s) of the attributes file are about customers without"), "{all}");
    assert!(all.contains("2 customer(s) have no acquisition cost"), "{all}");
    assert!(all.contains("RFM classes are left out: 3 customers"), "{all}");
}
