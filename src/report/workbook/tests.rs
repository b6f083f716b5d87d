//! Bases larger than a sheet: nobody is lost, sums run over all sheets, and all of it comes back.

use std::io::Cursor;

use calamine::{Data, DataType, Reader, Xlsx};

use super::{changed_cells, write_limited};
use crate::fit::{FitOptions, fit};
use crate::forecast::{ForecastOptions, Method, forecast};
use crate::ledger::{ReadOptions, read};
use crate::panel::{Panel, PanelOptions, Period};
use crate::progress::Silent;
use crate::report::{Findings, Lang, Manifest, Run, Summary};
use crate::segment::Segmentation;
use crate::value::{MoneyRules, Totals, evaluate};

/// The workbook of the Superstore ledger with at most `limit` customers on a sheet.
fn workbook(limit: usize, top: Option<usize>) -> (Vec<u8>, f64) {
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
        segmentation: &Segmentation::default(),
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
    assert!(changed_cells(Cursor::new(&bytes)).unwrap().is_empty());
}

#[test]
fn all_others_stand_once_on_the_last_sheet() {
    let (bytes, _) = workbook(50, Some(120));
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let others = |book: &mut Xlsx<_>, name: &str| {
        let range = book.worksheet_range(name).unwrap();
        let is_others = |cell: &Data| cell.to_string() == "all others (673 customers)";
        range.rows().filter(|row| is_others(&row[0])).count()
    };
    let counts = ["Forecast", "Forecast 2", "Forecast 3"].map(|name| others(&mut book, name));
    assert_eq!(counts, [0, 0, 1]);
    assert!(changed_cells(Cursor::new(&bytes)).unwrap().is_empty());
}
