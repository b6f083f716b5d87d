//! Changed margins and expenses come back as overrides, and only those.

use clvcast::report::read_workbook;

use crate::support::{Desk, FORECAST, SUPERSTORE, superstore};
use crate::zip_edit::{cell, edit, number};

const BASE: [&str; 3] = [SUPERSTORE, "--frequency", "nbd"];

#[test]
fn what_was_not_changed_overrides_nothing_and_that_is_said() {
    let desk = Desk::new();
    desk.file("report.xlsx", &superstore().bytes);
    let args = [&["forecast"], &BASE[..], &["--overrides", "report.xlsx", "-o", "a.csv", "-q"]];
    let said = desk.well(&args.concat());
    assert!(said.contains("no margin and no expense of `report.xlsx` was changed"), "{said}");
    desk.forecast(&BASE);
    assert!(desk.bytes("a.csv") == desk.bytes("forecast.csv"));
}

#[test]
fn changed_cells_are_the_same_as_a_file_of_overrides() {
    let desk = Desk::new();
    // The first customer's margin and expense, and another one's margin in the last period.
    let changed = edit(&superstore().bytes, FORECAST, |xml| {
        let xml = number(&number(&xml, "M4", "0.5"), "O4", "12.25");
        number(&xml, "Y10", "-0.125")
    });
    desk.file("changed.xlsx", changed);
    let with = |file: &str, out: &str| {
        let args = ["--overrides", file, "-q", "-o", out];
        let said = desk.well(&[&["forecast"], &BASE[..], &args].concat());
        assert!(!said.contains("nothing is overridden"), "{said}");
        desk.bytes(out)
    };
    let cells = with("changed.xlsx", "cells.csv");
    let ids = desk.forecast(&BASE).rows;
    let (first, other) = (&ids[0][0], &ids[6][0]);
    desk.file(
        "decided.csv",
        format!(
            "customer,segment,period,field,op,value\n{first},,2018-Q1,margin,set,0.5\n\
             {first},,2018-Q1,expense,set,12.25\n{other},,2018-Q3,margin,set,-0.125\n"
        ),
    );
    assert!(cells == with("decided.csv", "decided.csv.out.csv"));
    // `report` and `explain` take them, too.
    let args = ["--overrides", "changed.xlsx", "-o", "next.xlsx", "-q"];
    desk.well(&[&["report"], &BASE[..], &args].concat());
    let next = crate::support::Book::new(desk.bytes("next.xlsx"));
    assert_eq!(next.number("Forecast", 3, 12), Some(0.5));
    let args = ["--overrides", "changed.xlsx", "--customer-id", first];
    desk.well(&[&["explain"], &BASE[..], &args].concat());
}

#[test]
fn rows_may_be_sorted() {
    // Rows 4 and 5 change places, with a margin changed in what was row 4.
    let moved = |row: &str, from: &str, to: &str| {
        let letters = |text: &str| text.ends_with(|letter: char| letter.is_ascii_uppercase());
        let mut out = String::new();
        let mut rest = row;
        while let Some(at) = rest.find(from) {
            let (before, after) = rest.split_at(at);
            out.push_str(before);
            let is_place = (letters(before) || before.ends_with("<row r=\""))
                && !after[from.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '.');
            out.push_str(if is_place { to } else { from });
            rest = &after[from.len()..];
        }
        out + rest
    };
    let sorted = edit(&superstore().bytes, FORECAST, |xml| {
        let xml = number(&xml, "M4", "0.5");
        let at = |row: u32| xml.find(&format!("<row r=\"{row}\"")).unwrap();
        let (four, five, six) = (at(4), at(5), at(6));
        let (a, b) = (&xml[four..five], &xml[five..six]);
        format!("{}{}{}{}", &xml[..four], moved(b, "5", "4"), moved(a, "4", "5"), &xml[six..])
    });
    assert!(cell(&String::from_utf8_lossy(&unpacked(&sorted)), "N5").contains("L5*(1-M5)"));
    let decisions = read_workbook(std::io::Cursor::new(sorted)).unwrap().decisions;
    assert_eq!(decisions.len(), 1);
    assert_eq!(
        (decisions[0].customer.as_str(), decisions[0].place.as_str()),
        ("AA-10315", "Forecast!M5")
    );
    assert_eq!((decisions[0].period.as_str(), decisions[0].value), ("2018-Q1", 0.5));
}

fn unpacked(workbook: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut text = Vec::new();
    std::io::copy(&mut archive.by_name(FORECAST).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn what_changes_in_the_sixteenth_digit_is_no_change() {
    let margin = superstore().number("Forecast", 3, 12).unwrap();
    let digits = format!("{margin:.14e}");
    let saved = edit(&superstore().bytes, FORECAST, |xml| number(&xml, "M4", &digits));
    assert!(read_workbook(std::io::Cursor::new(saved)).unwrap().decisions.is_empty());
}

#[test]
fn overrides_of_one_round_are_kept_in_the_next() {
    let desk = Desk::new();
    let header = "customer,segment,period,field,op,value\n";
    desk.file("first.csv", format!("{header},Consumer,,margin,set,0.5\n,,2018-Q1,expense,add,2\n"));
    let forecast = |overrides: &str, out: &str| {
        let args = ["--overrides", overrides, "-q", "-o", out];
        let said = desk.well(&[&["forecast"], &BASE[..], &args].concat());
        (desk.bytes(out), said)
    };
    let book = desk.report(&[&BASE[..], &["--overrides", "first.csv"]].concat());
    // Nothing was changed: the same forecast as by the file, which is said.
    let (first, _) = forecast("first.csv", "first.out.csv");
    let (same, said) = forecast("report.xlsx", "same.out.csv");
    assert!(first == same);
    assert!(
        said.contains("was changed; the 2020 that were overridden when it was written"),
        "{said}"
    );
    // One more cell is changed, of a customer in no group with overrides of margins.
    let id = desk.forecast(&BASE).rows[1][0].clone();
    desk.file("second.xlsx", edit(&book.bytes, FORECAST, |xml| number(&xml, "S5", "0.75")));
    let (second, said) = forecast("second.xlsx", "second.out.csv");
    assert_eq!(said, "");
    desk.file(
        "both.csv",
        format!(
            "{header},Consumer,,margin,set,0.5\n,,2018-Q1,expense,add,2\n{id},,2018-Q2,margin,set,0.75\n"
        ),
    );
    assert!(second == forecast("both.csv", "both.out.csv").0 && second != first);
}

#[test]
fn another_way_of_forecasting_is_told() {
    let desk = Desk::new();
    let given = ["--cost", "none", "--margin", "0.3"];
    let book = desk.report(&[&BASE[..], &given].concat());
    desk.file("changed.xlsx", edit(&book.bytes, FORECAST, |xml| number(&xml, "M4", "0.4")));
    let run = |rest: &[&str]| {
        let args = ["forecast", "--overrides", "changed.xlsx", "-q", "-o", "a.csv"];
        desk.well(&[&args[..], &BASE, rest].concat())
    };
    assert_eq!(run(&given), "");
    // Other parameters of the same model.
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/synlead-2008.json");
    let args = ["forecast", SUPERSTORE, "--overrides", "changed.xlsx", "--model", model];
    let said = desk.well(&[&args[..], &given, &["-q", "-o", "a.csv"]].concat());
    assert!(said.contains("in another way than this forecast (forecast purchases "), "{said}");
    let said = run(&["--discount", "0.1"]);
    for part in [
        "amount there, amount, cost here",
        "margin 0.3 there, none here",
        "discount 0 there, 0.1 here",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn overrides_of_customers_without_a_row_are_missed() {
    let desk = Desk::new();
    desk.file("first.csv", "customer,segment,period,field,op,value\n,Consumer,,margin,set,0.5\n");
    desk.report(&[&BASE[..], &["--overrides", "first.csv", "--top", "10"]].concat());
    let args = ["forecast", "--overrides", "report.xlsx", "-q", "-o", "a.csv"];
    let said = desk.well(&[&args[..], &BASE].concat());
    assert!(said.contains("customer(s) without a row in `report.xlsx` had overrides"), "{said}");
}

#[test]
fn a_workbook_is_known_by_what_it_is() {
    let desk = Desk::new();
    desk.file("report.backup", &superstore().bytes);
    let args = ["forecast", "--overrides", "report.backup", "-q", "-o", "a.csv"];
    let said = desk.well(&[&args[..], &BASE].concat());
    assert!(said.contains("no margin and no expense of `report.backup` was changed"), "{said}");
}
