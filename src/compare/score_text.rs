//! A score as people read it.

use super::lines::ScoreLine;
use super::score::{Miss, Score, Sums};
use crate::report::numbers::{count, decimal, money, or_missing, percent};
use crate::report::text_table::table;

impl Score {
    /// The score as text: tables with rounded numbers, and what a manager should know of them.
    #[must_use]
    pub fn to_text(&self, currency: Option<&str>) -> String {
        let unit = currency.map_or_else(String::new, |code| format!(" ({code})"));
        let mut text = format!(
            "{} against later transactions: forecast by the {} method as of {}, {} customers; data known to {}.\n",
            self.forecast,
            self.method,
            self.as_of,
            count(self.customers),
            self.known_to
        );
        if !self.incomplete.is_empty() {
            text.push_str(&format!(
                "Not over yet, and left out: {}.\n",
                self.incomplete.join(", ")
            ));
        }
        if self.method == "point" {
            text.push_str("The point method gives scores of potential, not expected sales: their bias is no error of a forecast.\n");
        }
        for target in ["purchases", "amount", "gross_profit"] {
            let lines: Vec<&ScoreLine> = self
                .scores
                .iter()
                .filter(|line| line.target == target && line.segment.is_none())
                .collect();
            if !lines.is_empty() {
                text.push_str(&format!("\n{}\n", title(target, &unit)));
                text.push_str(&score_table("period", &lines, |line| line.label.clone()));
            }
        }
        self.segments(&mut text, &unit);
        self.largest(&mut text, &unit);
        self.others(&mut text, &unit);
        self.past_text(&mut text);
        for warning in &self.warnings {
            text.push_str(&format!("warning: {warning}\n"));
        }
        text
    }

    /// The totals of each segment, of the target that decides.
    fn segments(&self, text: &mut String, unit: &str) {
        let of = |line: &&ScoreLine| {
            line.segment.is_some() && line.target == self.largest_of && line.period == "total"
        };
        let lines: Vec<&ScoreLine> = self.scores.iter().filter(of).collect();
        if lines.is_empty() {
            return;
        }
        text.push_str(&format!(
            "\n{} by segment, complete periods together\n",
            title(self.largest_of, unit)
        ));
        text.push_str(&score_table("segment", &lines, |line| match line.segment.as_deref() {
            None | Some("") => "(none)".to_owned(),
            Some(segment) => segment.to_owned(),
        }));
    }

    fn largest(&self, text: &mut String, unit: &str) {
        let lists = [("over", &self.overestimated), ("under", &self.underestimated)];
        for (what, misses) in lists {
            if misses.is_empty() {
                continue;
            }
            text.push_str(&format!(
                "\nLargest {what}estimates of {}\n",
                title(self.largest_of, unit).to_lowercase()
            ));
            let row = |miss: &Miss| {
                let numbers = [miss.actual, miss.predicted, miss.difference];
                let shown = numbers.map(|number| shown(self.largest_of, number));
                [vec![miss.customer.clone()], shown.to_vec()].concat()
            };
            let header = ["customer", "actual", "forecast", "difference"];
            text.push_str(&table(
                header.map(String::from).to_vec(),
                misses.iter().map(row).collect(),
            ));
        }
    }

    fn others(&self, text: &mut String, unit: &str) {
        let row = |name: String, sums: &Sums| {
            vec![
                name,
                count(sums.customers),
                or_missing(sums.purchases, |n| decimal(n, 1)),
                or_missing(sums.amount, money),
                or_missing(sums.gross_profit, money),
            ]
        };
        let mut rows =
            vec![row("forecast of customers who purchased nothing".to_owned(), &self.silent)];
        if self.unforecast.customers > 0 {
            let name = "done by customers without a forecast number";
            rows.push(row(name.to_owned(), &self.unforecast));
        }
        for (label, sums) in self.complete.iter().zip(&self.new_customers) {
            rows.push(row(format!("done by new customers in {label}"), sums));
        }
        rows.push(row("done by new customers, together".to_owned(), &self.new_customers_total));
        text.push_str(&format!(
            "\nBeside the errors{unit}; new customers are in no forecast of existing ones\n"
        ));
        let header = ["", "customers", "purchases", "amount", "gross profit"];
        text.push_str(&table(header.map(String::from).to_vec(), rows));
    }

    fn past_text(&self, text: &mut String) {
        text.push('\n');
        let Some(past) = &self.past else {
            text.push_str(&format!(
                "The data hold nothing up to {}: the past of the forecast is not checked.\n",
                self.as_of
            ));
            return;
        };
        text.push_str(&format!(
            "The past up to {}: the same for {} of {} customers, changed for {}, missing for {}; {} customers with a past are not in the forecast.\n",
            self.as_of, count(past.same), count(self.customers), count(past.changed),
            count(past.missing), count(past.additional)
        ));
        if past.same != self.customers {
            text.push_str(&format!(
                "Past purchases of the forecast's customers were {}, are {}; past amount was {}, is {}.\n",
                or_missing(past.purchases_then, |n| decimal(n, 0)),
                decimal(past.purchases_now, 0),
                or_missing(past.amount_then, money),
                or_missing(past.amount_now, money),
            ));
        }
    }
}

fn score_table(first: &str, lines: &[&ScoreLine], name: impl Fn(&ScoreLine) -> String) -> String {
    let totals = lines.iter().any(|line| line.total_interval.is_some());
    let intervals = lines.iter().any(|line| line.interval.is_some());
    let mut header: Vec<String> = [first, "customers", "actual", "forecast", "bias", "MAE", "RMSE"]
        .map(String::from)
        .to_vec();
    if totals {
        header.extend(["interval of the total", "held"].map(String::from));
    }
    if intervals {
        header.extend(["of customers", "in theirs", "mean width"].map(String::from));
    }
    let row = |line: &&ScoreLine| {
        let mut row = vec![
            name(line),
            count(line.customers),
            shown(line.target, line.actual),
            shown(line.target, line.predicted),
            or_missing(line.bias, |bias| {
                format!("{}{}", if bias > 0.0 { "+" } else { "" }, percent(bias))
            }),
            decimal(line.mae, 4),
            decimal(line.rmse, 4),
        ];
        if totals {
            row.push(or_missing(line.total_interval, |total| {
                let ends = [total.low, total.high].map(|end| shown(line.target, end));
                format!("{} … {}", ends[0], ends[1])
            }));
            let held = |held: bool| if held { "yes" } else { "no" }.to_owned();
            row.push(or_missing(line.total_interval.map(|total| total.held), held));
        }
        if intervals {
            row.push(or_missing(line.interval, |c| percent(c.nominal())));
            row.push(or_missing(line.interval, |c| percent(c.share())));
            row.push(or_missing(line.interval, |c| decimal(c.width(), 2)));
        }
        row
    };
    table(header, lines.iter().map(row).collect())
}

fn shown(target: &str, number: f64) -> String {
    if target == "purchases" { decimal(number, 1) } else { money(number) }
}

fn title(target: &str, unit: &str) -> String {
    match target {
        "purchases" => "Purchases".to_owned(),
        "amount" => format!("Amount{unit}"),
        _ => format!("Gross profit{unit}"),
    }
}
