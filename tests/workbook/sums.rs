//! Segments add up to the portfolio to the cent, in every sheet.

use calamine::{Data, Reader};

use crate::support::{Book, Desk, SUPERSTORE, same_cents};

fn cells(row: &[Data]) -> Vec<Option<f64>> {
    let number = |cell: &Data| match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    };
    row.iter().map(number).collect()
}

/// The numbers of a row.
type Numbers = Vec<Option<f64>>;

/// Every table of the sheet of groups: its rows, and the row of the portfolio.
fn tables(book: &Book, sheet: &str, portfolio: &str) -> Vec<(Vec<Numbers>, Numbers)> {
    let (mut tables, mut rows) = (Vec::new(), Vec::new());
    for (_, row) in book.rows(sheet) {
        if row[0] == Data::String(portfolio.to_owned()) {
            tables.push((std::mem::take(&mut rows), cells(&row)));
        } else if cells(&row)[1].is_some() {
            rows.push(cells(&row));
        }
    }
    tables
}

#[track_caller]
fn adds_up(args: &[&str], names: [&str; 3], portfolio: &str, total: &str) {
    let desk = Desk::new();
    let base = [SUPERSTORE, "--frequency", "nbd"];
    let book = desk.report(&[&base[..], args].concat());
    let forecast: Vec<&str> =
        args.iter().copied().filter(|arg| !["--top", "20", "--lang", "zh"].contains(arg)).collect();
    let csv = desk.forecast(&[&base[..], &forecast].concat());
    let [summary, sheet, segments] = names;
    let tables = tables(&book, segments, portfolio);
    assert!(!tables.is_empty());
    let row = book.row_of(summary, total);
    let profit = csv.sum("gross_profit_total");
    assert!(same_cents(book.number(summary, row, 6).unwrap(), profit));
    for (groups, whole) in &tables {
        // Customers, past amount, past profit, recent profit, three periods, total, share.
        for column in 1..9 {
            let sum: f64 = groups.iter().filter_map(|group| group[column]).sum();
            assert!(same_cents(sum, whole[column].unwrap()), "{segments}, column {column}");
        }
        let wanted = [
            csv.rows.len() as f64,
            csv.sum("past_amount"),
            csv.sum("past_gross_profit"),
            f64::NAN,
            csv.sum("gross_profit_1"),
            csv.sum("gross_profit_2"),
            csv.sum("gross_profit_3"),
            profit,
        ];
        for (column, wanted) in (1..).zip(wanted).filter(|(_, wanted)| !wanted.is_nan()) {
            assert!(same_cents(whole[column].unwrap(), wanted), "{segments}, column {column}");
        }
    }
    // The rows of the forecast, and the sums above them.
    let rows = book.rows(sheet);
    let header: Vec<String> = rows[2].1.iter().map(ToString::to_string).collect();
    let ends = ["Gross profit, all periods", "毛利合计"];
    let at = header.iter().position(|name| ends.contains(&name.as_str())).unwrap();
    let sum: f64 = rows[3..].iter().filter_map(|(_, row)| cells(row)[at]).sum();
    assert!(same_cents(sum, profit), "{sum} {profit}");
    assert!(same_cents(cells(&rows[1].1)[at].unwrap(), profit));
}

const NAMES: [&str; 3] = ["Summary", "Forecast", "Segments"];

#[test]
fn segments_add_up() {
    adds_up(&[], NAMES, "Portfolio", "forecast total");
}

#[test]
fn segments_add_up_in_chinese() {
    adds_up(&["--lang", "zh"], ["汇总", "预测", "客户分群"], "全部客户", "预测合计");
}

#[test]
fn segments_add_up_with_a_discount() {
    let total = "forecast total, money discounted";
    adds_up(&["--discount", "0.02"], NAMES, "Portfolio", total);
}

#[test]
fn segments_add_up_where_only_the_most_valuable_have_a_row() {
    adds_up(&["--top", "20"], NAMES, "Portfolio", "forecast total");
    let book = Desk::new().report(&[SUPERSTORE, "--frequency", "nbd", "--top", "20"]);
    let row = book.row_of("Forecast", "all others (773 customers)");
    assert_eq!(row, 3 + 20);
    // None of its numbers is a formula.
    let formulas = book.open().worksheet_formula("Forecast").unwrap();
    assert!((0..60).all(|c| formulas.get_value((row, c)).is_none_or(String::is_empty)));
}

#[test]
fn without_costs_there_is_no_profit_and_nothing_to_change() {
    let desk = Desk::new();
    desk.file("sales.csv", "customer,date,amount\na,2020-01-05,10\na,2020-06-05,12\nb,2020-02-01,40\nb,2020-12-31,44\n");
    let book = desk.report(&["sales.csv", "--frequency", "nbd"]);
    let sheet = book.sheet("Forecast");
    assert!(sheet.get_value((0, 0)).unwrap().to_string().starts_with("There are no margins"));
    let header: Vec<String> =
        (0..30).filter_map(|c| Some(sheet.get_value((2, c))?.to_string())).collect();
    assert!(!header.iter().any(|name| name.contains("input") || name.contains("profit")));
    assert!(header.iter().any(|name| name.ends_with("amount")));
    let headline = book.sheet("Summary").get_value((1, 0)).unwrap().to_string();
    assert!(headline.contains("amount in 2021"), "{headline}");
}
