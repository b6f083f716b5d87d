//! Bases larger than a sheet: nobody is lost, sums run over all sheets, and all of it comes back.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};

use super::{read_workbook, write_limited};
use crate::fit::{FitOptions, FittedModel, fit};
use crate::forecast::{ForecastOptions, Method, forecast};
use crate::ledger::{ReadOptions, read};
use crate::panel::{Panel, PanelOptions, Period};
use crate::plots::Migration;
use crate::progress::Silent;
use crate::report::{Findings, Lang, Manifest, Run, Summary};
use crate::segment::{Ahead, Curve, Grouping, LifeCycle, Lorenz, Moves, Point, Segmentation};
use crate::value::{MoneyRules, Totals, evaluate};

/// The workbook of the Superstore ledger with at most `limit` customers on a sheet.
fn workbook(limit: usize, top: Option<usize>) -> (Vec<u8>, f64) {
    workbook_of(limit, top, |_, _| Segmentation::default())
}

/// The same with groups.
fn workbook_of(
    limit: usize,
    top: Option<usize>,
    groups: impl Fn(&Panel, &FittedModel) -> Segmentation,
) -> (Vec<u8>, f64) {
    let files = ["data/superstore.csv".to_owned()];
    let ledger = read(&files, &ReadOptions::default(), &Silent).unwrap();
    let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent).unwrap();
    let model = fit(&panel, &FitOptions::default()).unwrap();
    let options = ForecastOptions::default();
    let rules = MoneyRules::default();
    let purchases = forecast(&panel, &model, &options);
    let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
    let totals = Totals::new(&forecast);
    let run = Run {
        command: &["clvcast".to_owned()],
        audit: &ledger.audit,
        columns: &ledger.columns,
        panel: &panel,
        model: &model,
        model_file: None,
        method: Method::Chain,
        members: &[],
        why: "the default",
        rules: &rules,
        overrides_file: None,
        calendar_file: None,
        forecast: &forecast,
        intervals: None,
        warnings: &[],
        seed: None,
    };
    let summary = Summary {
        ledger: &ledger,
        panel: &panel,
        model: &model,
        members: &[],
        model_file: None,
        options: &options,
        rules: &rules,
        forecast: &forecast,
        intervals: None,
        totals: &totals,
        other_margin_rule: None,
        warnings: &[],
        currency: None,
    };
    let findings = Findings {
        summary,
        manifest: &Manifest::new(&run, None),
        segmentation: &groups(&panel, &model),
        backtest: Err("not asked for"),
        lang: Lang::En,
        top,
    };
    let mut out = Vec::new();
    write_limited(&findings, &mut out, &Silent, limit).unwrap();
    (out, totals.gross_profit.unwrap())
}

#[test]
fn a_base_larger_than_a_sheet_goes_on_in_the_next_one() {
    let (bytes, profit) = workbook(300, None);
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let names = book.sheet_names();
    let parts: Vec<&String> = names.iter().filter(|name| name.starts_with("Forecast")).collect();
    assert_eq!(parts, ["Forecast", "Forecast 2", "Forecast 3"]);
    let (mut rows, mut sum) = (0, 0.0);
    for part in parts {
        let range = book.worksheet_range(part).unwrap();
        let header: Vec<String> =
            (0..60).filter_map(|c| Some(range.get_value((2, c))?.to_string())).collect();
        let at = header.iter().position(|name| name == "Gross profit, all periods").unwrap();
        for row in range.rows().skip(3) {
            rows += 1;
            sum += row[at].get_float().unwrap_or(0.0);
        }
    }
    assert_eq!(rows, 793);
    assert!((sum - profit).abs() < 0.005);
    // Sums name all of them.
    let summary = book.worksheet_formula("Summary").unwrap();
    let formula = summary.get_value((9, 6)).unwrap();
    assert!(formula.contains("+SUM('Forecast 2'!$J$4:$J$303)+"), "{formula}");
    assert!(formula.ends_with("SUM('Forecast 3'!$J$4:$J$196)"), "{formula}");
    assert!(read_workbook(Cursor::new(&bytes)).unwrap().decisions.is_empty());
}

#[test]
fn all_others_stand_once_on_the_last_sheet() {
    let (bytes, _) = workbook(50, Some(120));
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let others = |book: &mut Xlsx<_>, name: &str| {
        let range = book.worksheet_range(name).unwrap();
        let is_others = |cell: &Data| *cell == "all others (673 customers)";
        range.rows().filter(|row| is_others(&row[0])).count()
    };
    let counts = ["Forecast", "Forecast 2", "Forecast 3"].map(|name| others(&mut book, name));
    assert_eq!(counts, [0, 0, 1]);
    assert!(read_workbook(Cursor::new(&bytes)).unwrap().decisions.is_empty());
}

/// Labels that criteria of spreadsheets would read as something else.
const LABELS: [&str; 8] = [">5", "*", "?", "~", "=x", "5", " ", "<script>"];

fn groups(panel: &Panel, model: &FittedModel) -> Segmentation {
    let groups = LABELS.map(str::to_owned).to_vec();
    // Every ninth customer has no label.
    let of = (0..panel.customers.len()).map(|i| u32::try_from(i % 9).ok().filter(|g| *g < 8));
    let moves = Moves {
        column: "layer".into(),
        groups: groups.clone(),
        from: "2017-Q1".into(),
        to: "2017-Q4".into(),
        counts: vec![vec![1; 9]; 8],
        unlabelled: vec![3; 9],
        newcomers: vec![2; 9],
    };
    let ahead = Ahead {
        column: "layer".into(),
        groups: groups.clone(),
        period: "2018-Q3".into(),
        bands: Some(vec!["0–100".into()]),
        expected: vec![vec![1.5, 2.25]; 8],
    };
    let point = |age| Point { age, customers: 3, value: f64::from(age) - 1.0, forecast: age > 1 };
    let curve = |cohort: Option<&str>| Curve {
        cohort: cohort.map(str::to_owned),
        customers: 3,
        acquisition_cost: Some(1.0),
        points: (0..4).map(point).collect(),
        payback: Some(1),
    };
    Segmentation {
        groupings: vec![Grouping { column: "layer".into(), groups, of: of.collect() }],
        lorenz: Lorenz::new([5.0, 1.0]),
        bands: Migration::new(panel, model, 3),
        moves: vec![moves],
        ahead: vec![ahead],
        life_cycle: Some(LifeCycle {
            of_profit: true,
            curves: vec![curve(None), curve(Some("2017-Q1"))],
        }),
        warnings: vec!["=warned()".into()],
        ..Segmentation::default()
    }
}

#[test]
fn groups_with_any_label_are_counted_exactly_and_moves_have_a_sheet() {
    for top in [None, Some(40)] {
        let (bytes, profit) = workbook_of(1000, top, groups);
        let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
        let range = book.worksheet_range("Segments").unwrap();
        let rows: Vec<&[Data]> = range.rows().collect();
        for (n, label) in LABELS.iter().enumerate() {
            let row = rows.iter().find(|row| row[0] == **label).unwrap();
            let customers = (0..793).filter(|i| i % 9 == n).count() as f64;
            assert_eq!(row[1].get_float(), Some(customers), "{label}");
        }
        let formulas = book.worksheet_formula("Segments").unwrap();
        let of_first = formulas.rows().flatten().find(|formula| formula.starts_with("COUNTIF"));
        let counted = "COUNTIF(Forecast!$AF$4:$AF$796,1)";
        assert!(
            top.is_some() || of_first.is_some_and(|formula| formula == counted),
            "{of_first:?}"
        );
        let without = rows.iter().filter(|row| row[0] == "(none)").count();
        assert_eq!(without, 1);
        let portfolios = rows.iter().filter(|row| row[0] == "Portfolio");
        let totals: Vec<f64> = portfolios.filter_map(|row| row[8].get_float()).collect();
        // The ledger's own segment, and the layers.
        assert_eq!(totals.len(), 2);
        assert!(totals.iter().all(|total| (total - profit).abs() < 0.005));
        let moves = book.worksheet_range("Migration").unwrap();
        assert!(moves.rows().any(|row| row[0] == "not there then" && row[1] == 2.0));
        assert!(moves.rows().any(|row| row[0] == "paid back at age" && row[1] == 1.0));
        let bands = book.worksheet_range("Transitions").unwrap();
        assert!(bands.rows().filter(|row| row[0] == "from \\ to").count() >= 2);
        let summary = book.worksheet_range("Summary").unwrap();
        assert!(summary.rows().any(|row| row[0] == "=warned()"));
        assert!(read_workbook(Cursor::new(&bytes)).unwrap().decisions.is_empty());
    }
}
