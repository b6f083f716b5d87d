//! From drafts to entries: with the dates of the whole column settled and the scale known, each
//! draft becomes a row or is left out.

use crate::units::{Day, MoneyError, Scale};

use super::columns::Role;
use super::date_column::{Kind, Settled};
use super::decimal::Decimal;
use super::rejects::{Rejects, shorten};
use super::rows::{Draft, Part, money_advice};
use super::types::{Columns, Reason, Refunds, Reject, Row};

/// A row with what is needed to order it, to compare it and to point at it. Entries order by
/// their row first and by their place last, so that equal rows stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) row: Row,
    pub(super) fingerprint: u64,
    pub(super) file: u32,
    pub(super) line: u64,
    /// Index of the segment's text, 0 for the empty one.
    pub(super) segment: u32,
}

/// What holds for all parts.
pub(super) struct Rules<'a> {
    pub(super) dates: &'a Settled,
    pub(super) refunds: Refunds,
    pub(super) scale: Scale,
    pub(super) columns: &'a Columns,
    /// Names of the files, by index.
    pub(super) files: &'a [String],
    pub(super) keep_rejects: bool,
}

/// A settled part.
pub(super) struct Settlement {
    pub(super) entries: Vec<Entry>,
    pub(super) bad: Rejects,
    pub(super) refunds: Rejects,
}

/// The most decimal places of the drafts that will be used.
pub(super) fn places(part: &Part, dates: &Settled, refunds: Refunds) -> u8 {
    let used = part.drafts.iter().filter(|draft| {
        dates.read(draft.date).is_some() && (refunds == Refunds::Net || !is_refund(draft))
    });
    used.map(|draft| draft.money.places()).max().unwrap_or(0)
}

fn is_refund(draft: &Draft) -> bool {
    draft.money.amount().is_some_and(|amount| amount.units < 0)
}

impl Rules<'_> {
    /// Settles one part; `customers` and `segments` lead from its own numbering to the common one.
    pub(super) fn settle(&self, part: Part, customers: &[u32], segments: &[u32]) -> Settlement {
        let mut bad = Rejects::new(self.keep_rejects);
        let mut refunds = Rejects::new(self.keep_rejects);
        let mut entries = Vec::with_capacity(part.drafts.len());
        for draft in &part.drafts {
            let Some(day) = self.dates.read(draft.date) else {
                bad.push(part.file, Reason::BadDate, || self.bad_date(&part, draft));
                continue;
            };
            if self.refunds != Refunds::Net && is_refund(draft) {
                refunds.push(part.file, Reason::Refund, || self.refund(&part, draft));
                continue;
            }
            match self.row(draft, day) {
                Ok(row) => entries.push(Entry {
                    row: Row { customer: customers[draft.customer as usize], ..row },
                    fingerprint: draft.fingerprint,
                    file: part.file,
                    line: draft.line,
                    segment: segments[draft.segment as usize],
                }),
                Err((role, reason, money)) => bad.push(part.file, reason, || {
                    let advice = money_advice(MoneyError::TooLarge);
                    self.reject(&part, draft, reason, role, money.to_string(), advice)
                }),
            }
        }
        bad.merge(part.rejects);
        Settlement { entries, bad, refunds }
    }

    fn row(&self, draft: &Draft, day: Day) -> Result<Row, (Role, Reason, Decimal)> {
        let units =
            |money: Decimal, role, reason| money.at(self.scale).ok_or((role, reason, money));
        let amount = draft.money.amount();
        Ok(Row {
            customer: draft.customer,
            day,
            order: draft.order,
            amount: amount
                .map(|amount| units(amount, Role::Amount, Reason::BadAmount))
                .transpose()?,
            cost: units(draft.money.cost(), Role::Cost, Reason::BadCost)?,
            expense: units(draft.money.expense(), Role::Expense, Reason::BadExpense)?,
        })
    }

    fn bad_date(&self, part: &Part, draft: &Draft) -> Reject {
        let texts = &part.texts[Kind::of(draft.date).index()];
        let kept = texts.binary_search_by_key(&draft.line, |(line, _)| *line);
        let found = match (kept, draft.date.day_first()) {
            (Ok(at), _) => shorten(texts[at].1.as_bytes()),
            (Err(_), Some(day)) => draft.date.class.canonical(day),
            (Err(_), None) => String::new(),
        };
        let expected = self.dates.expected(draft.date);
        self.reject(part, draft, Reason::BadDate, Role::Date, found, &expected)
    }

    fn refund(&self, part: &Part, draft: &Draft) -> Reject {
        let found = draft.money.amount().map(|amount| amount.to_string()).unwrap_or_default();
        let expected = "an amount of zero or more under the policy for refunds (--refunds)";
        self.reject(part, draft, Reason::Refund, Role::Amount, found, expected)
    }

    fn reject(
        &self,
        part: &Part,
        draft: &Draft,
        reason: Reason,
        role: Role,
        found: String,
        expected: &str,
    ) -> Reject {
        Reject {
            file: self.files[part.file as usize].clone(),
            line: draft.line,
            reason,
            column: self.columns.of(role).map(str::to_owned),
            found,
            expected: expected.to_owned(),
        }
    }
}
