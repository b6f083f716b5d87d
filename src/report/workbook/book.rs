//! What all sheets of a workbook have in common.

use std::borrow::Cow;
use std::ops::Range;

use super::address;
use super::layout::{Kind, Known, Layout, Of};
use super::others::{Shown, Sums};
use super::styles::Styles;
use crate::report::{Findings, Lang};
use crate::segment::Grouping;

/// Row of the names of columns in the sheets of the forecast.
pub(super) const HEADER: u32 = 2;

/// First row of customers there.
pub(super) const FIRST: u32 = HEADER + 1;

/// Cell of the discount rate on the summary.
pub(super) const DISCOUNT: (u32, u16) = (3, 1);

/// A sheet of the forecast: what fits on one.
#[derive(Debug)]
pub(super) struct Part {
    /// Its name.
    pub(super) name: String,
    /// Name of the hidden sheet that holds what was written.
    pub(super) record: String,
    /// Which of the customers with a row.
    pub(super) customers: Range<usize>,
    /// Whether all others follow them.
    pub(super) has_others: bool,
    /// First and last row.
    pub(super) rows: (u32, u32),
}

/// A workbook in the making.
#[derive(Debug)]
pub(super) struct Book<'a> {
    pub(super) findings: &'a Findings<'a>,
    pub(super) lang: Lang,
    pub(super) styles: Styles,
    pub(super) groupings: Vec<Cow<'a, Grouping>>,
    pub(super) layout: Layout,
    pub(super) shown: Shown,
    /// Of the customers without a row; `None` where all have one.
    pub(super) others: Option<Sums>,
    pub(super) parts: Vec<Part>,
}

/// What customers are valued by: the best number that the forecast has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    GrossProfit,
    Amount,
    Purchases,
}

impl<'a> Book<'a> {
    /// A workbook with at most `limit` customers on a sheet.
    pub(super) fn new(findings: &'a Findings<'a>, limit: usize) -> Self {
        let summary = &findings.summary;
        let (panel, forecast, totals) = (summary.panel, summary.forecast, summary.totals);
        let mut groupings: Vec<Cow<'a, Grouping>> =
            findings.segmentation.groupings.iter().map(Cow::Borrowed).collect();
        if !groupings.iter().any(|grouping| grouping.column == SEGMENT) {
            groupings.splice(0..0, Grouping::of_ledger(panel).map(Cow::Owned));
        }
        let layout = Layout::new(Known {
            groupings: groupings.len(),
            horizon: forecast.labels.len(),
            amount: totals.amount.is_some(),
            profit: totals.gross_profit.is_some(),
            past_amount: panel.has_amount,
            past_profit: panel.has_amount && panel.has_cost,
            leaving: (0..forecast.len()).any(|i| forecast.p_alive(i).is_some_and(|p| p < 1.0)),
        });
        let shown = Shown::new(forecast, findings.top);
        let has_others = !shown.others.is_empty();
        let others = has_others.then(|| Sums::new(panel, forecast, &shown.others));
        let parts = parts(findings.lang, shown.customers.len(), has_others, limit.max(1));
        let (lang, styles) = (findings.lang, Styles::new());
        Self { findings, lang, styles, groupings, layout, shown, others, parts }
    }

    /// The text in the language of the workbook.
    pub(super) const fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.lang.say(en, zh)
    }

    pub(super) fn labels(&self) -> &'a [String] {
        &self.findings.summary.forecast.labels
    }

    pub(super) fn horizon(&self) -> usize {
        self.labels().len()
    }

    pub(super) fn measure(&self) -> Measure {
        match self.layout.known {
            Known { profit: true, .. } => Measure::GrossProfit,
            Known { amount: true, .. } => Measure::Amount,
            _ => Measure::Purchases,
        }
    }

    pub(super) fn summary_name(&self) -> &'static str {
        self.lang.say("Summary", "汇总")
    }

    /// The cell of the discount rate, where totals are discounted.
    pub(super) fn discount(&self) -> Option<String> {
        let rate = self.findings.summary.rules.discount;
        let (row, column) = DISCOUNT;
        (rate != 0.0).then(|| address::fixed_cell(self.summary_name(), row, column))
    }

    pub(super) fn kind(&self, of: Of) -> Kind {
        self.layout.kind(of, self.discount().as_deref())
    }

    /// A formula over a column of all sheets of the forecast: the terms of the sheets, added up.
    /// `None` where there is no such column.
    pub(super) fn over(&self, of: Of, term: impl Fn(&Part, &str) -> String) -> Option<String> {
        let column = self.layout.at(of)?;
        let terms = self
            .parts
            .iter()
            .map(|part| term(part, &address::fixed_rows(&part.name, column, part.rows)));
        Some(terms.collect::<Vec<_>>().join("+"))
    }

    /// The sum of a column of the forecast.
    pub(super) fn sum(&self, of: Of) -> Option<String> {
        self.over(of, |_, range| format!("SUM({range})"))
    }

    /// The cells of another column in the rows of a sheet of the forecast.
    pub(super) fn beside(&self, part: &Part, of: Of) -> String {
        let column = self.layout.at(of).unwrap_or_default();
        address::fixed_rows(&part.name, column, part.rows)
    }

    /// The column of the measure in a coming period.
    pub(super) const fn measured(measure: Measure, h: usize) -> Of {
        match measure {
            Measure::GrossProfit => Of::GrossProfit(h),
            Measure::Amount => Of::Amount(h),
            Measure::Purchases => Of::Purchases(h),
        }
    }
}

/// Column of the ledger's own groups.
const SEGMENT: &str = "segment";

/// The sheets that so many customers take.
fn parts(lang: Lang, customers: usize, has_others: bool, limit: usize) -> Vec<Part> {
    let name = lang.say("Forecast", "预测");
    let count = customers.div_ceil(limit).max(1);
    let part = |number: usize| {
        let range = number * limit..customers.min((number + 1) * limit);
        let has_others = has_others && number + 1 == count;
        let rows = range.len() + usize::from(has_others);
        let last = FIRST + u32::try_from(rows.max(1) - 1).unwrap_or(u32::MAX - FIRST);
        Part {
            name: if number == 0 { name.to_owned() } else { format!("{name} {}", number + 1) },
            record: format!("clvcast rows {}", number + 1),
            customers: range,
            has_others,
            rows: (FIRST, last),
        }
    };
    (0..count).map(part).collect()
}
