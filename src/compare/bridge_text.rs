//! A bridge as people read it, and as CSV.

use std::io::Write;

use super::bridge::{Bridge, Side};
use super::error::CompareError;
use super::score::Sums;
use super::score_files::field;
use crate::predict::Target;
use crate::report::numbers::{count, decimal, money, or_missing};
use crate::report::text_table::table;

/// Characters of the widest bar.
const WIDTH: f64 = 30.0;

impl Bridge {
    /// The bridge as text: a waterfall from the old total to the new one, and what it rests on.
    #[must_use]
    pub fn to_text(&self, currency: Option<&str>) -> String {
        let unit = currency.map_or_else(String::new, |code| format!(", money in {code}"));
        let describe = |side: &Side| {
            format!(
                "{}: as of {}, {} by {}, {} to {}",
                side.forecast,
                side.as_of,
                side.method,
                side.frequency,
                side.periods.first().map_or("", String::as_str),
                side.periods.last().map_or("", String::as_str),
            )
        };
        let mut text = format!("From {}\nto   {}\n", describe(&self.old), describe(&self.new));
        if !self.same_periods {
            text.push_str("The totals are of different periods: part of the change is that time has passed. Shared periods stand below.\n");
        }
        text.push_str(&format!("\nChange of the totals over the horizon{unit}\n"));
        text.push_str(&self.waterfall());
        match &self.not_replayed {
            None => text.push_str(&format!(
                "Order: each step is made upon the one before, from the data of {}; another order would share the change otherwise.\n",
                self.new.forecast
            )),
            Some(why) => text.push_str(&format!(
                "The change of the customers in both is not told apart into data, method, parameters and rules: {why}.\n"
            )),
        }
        if !self.shared.is_empty() {
            text.push_str("\nPeriods in both, not discounted\n");
            text.push_str(&self.shared_table());
        }
        if !self.same_periods && self.shared.is_empty() {
            text.push_str("\nNo period is in both.\n");
        }
        for warning in &self.warnings {
            text.push_str(&format!("warning: {warning}\n"));
        }
        text
    }

    /// One row per step, the old and the new total first and last; exact.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn write_csv(&self, out: impl Write) -> Result<(), CompareError> {
        let mut out = csv::Writer::from_writer(out);
        let header = ["step", "title", "customers", "purchases", "amount", "gross_profit"];
        out.write_record(header).map_err(std::io::Error::from)?;
        for (name, title, sums) in self.rows() {
            let numbers = Target::ALL.map(|target| field(of(&sums, target)));
            let mut row = vec![name.to_owned(), title.to_owned(), sums.customers.to_string()];
            row.extend(numbers);
            out.write_record(row).map_err(std::io::Error::from)?;
        }
        Ok(out.flush()?)
    }

    fn rows(&self) -> Vec<(&str, &str, Sums)> {
        let mut rows = vec![("old", "old forecast", self.old.totals)];
        rows.extend(self.steps.iter().map(|step| (step.step, step.title, step.change)));
        rows.push(("new", "new forecast", self.new.totals));
        rows
    }

    /// A table with a bar per row: totals from 0, changes from where the one before ended.
    fn waterfall(&self) -> String {
        let best = Target::ALL.into_iter().rev().find(|&t| of(&self.old.totals, t).is_some());
        let best = best.unwrap_or(Target::Purchases);
        let rows = self.rows();
        let last = rows.len() - 1;
        let mut running = 0.0;
        let mut ends = Vec::new();
        for (at, (_, _, sums)) in rows.iter().enumerate() {
            let from = if at == last { 0.0 } else { running };
            running = from + of(sums, best).unwrap_or(0.0);
            ends.push((from, running));
        }
        let largest = ends.iter().flat_map(|(a, b)| [a.abs(), b.abs()]).fold(0.0, f64::max);
        let header = ["step", "customers", "purchases", "amount", "gross profit"];
        let body = rows.iter().enumerate().map(|(at, (_, title, sums))| {
            let change = at != 0 && at != last;
            let sign = |number: f64| if change && number > 0.0 { "+" } else { "" };
            let shown = |number: f64| format!("{}{}", sign(number), money(number));
            vec![
                (*title).to_owned(),
                count(sums.customers),
                or_missing(sums.purchases, |n| format!("{}{}", sign(n), decimal(n, 1))),
                or_missing(sums.amount, shown),
                or_missing(sums.gross_profit, shown),
            ]
        });
        let text = table(header.map(String::from).to_vec(), body.collect());
        let width = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        let mut lines = text.lines();
        let mut drawn = String::new();
        for line in lines.by_ref().take(1) {
            drawn.push_str(&format!("{line:width$}  running {}\n", best.name().replace('_', " ")));
        }
        for (line, ends) in lines.zip(&ends) {
            let line = format!("{line:width$}  {}", bar(*ends, largest));
            drawn.push_str(line.trim_end());
            drawn.push('\n');
        }
        drawn
    }

    fn shared_table(&self) -> String {
        let header = ["period", "forecast", "customers", "purchases", "amount", "gross profit"];
        let row = |name: &str, what: &str, sums: &Sums| {
            vec![
                name.to_owned(),
                what.to_owned(),
                count(sums.customers),
                or_missing(sums.purchases, |n| decimal(n, 1)),
                or_missing(sums.amount, money),
                or_missing(sums.gross_profit, money),
            ]
        };
        let rows = self.shared.iter().flat_map(|period| {
            [
                row(&period.period, "old, all", &period.old),
                row("", "new, all", &period.new),
                row("", "old, customers in both", &period.old_common),
                row("", "new, customers in both", &period.new_common),
            ]
        });
        table(header.map(String::from).to_vec(), rows.collect())
    }
}

fn of(sums: &Sums, target: Target) -> Option<f64> {
    match target {
        Target::Purchases => sums.purchases,
        Target::Amount => sums.amount,
        Target::GrossProfit => sums.gross_profit,
    }
}

/// `###` from one value to the other, growing, or `---`, shrinking; negative values have no bar.
fn bar((from, to): (f64, f64), largest: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to WIDTH")]
    let place =
        |value: f64| (value.max(0.0) / largest.max(f64::MIN_POSITIVE) * WIDTH).round() as usize;
    let (low, high) = (place(from.min(to)), place(from.max(to)));
    let sign = if to < from { "-" } else { "#" };
    format!("{}{}", " ".repeat(low), sign.repeat(high - low))
}
