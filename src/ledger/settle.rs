//! From drafts to entries: with the dates of the whole column settled and the scale known, each
//! draft becomes a row or is left out.

use crate::units::{Day, MoneyError, Scale};

use super::columns::Role;
use super::date_column::{Kind, Settled};
use super::decimal::Decimal;
use super::draft::{Draft, Extra};
use super::part::DateTexts;
use super::rejects::{Rejects, shorten};
use super::rows::money_advice;
use super::shard::Shard;
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
    pub(super) columns: &'a Columns,
    /// Names of the files, by index.
    pub(super) files: &'a [String],
    /// For each part, from its numbering of segments to the common one.
    pub(super) segments_of: &'a [Vec<u32>],
    pub(super) texts: &'a DateTexts,
    pub(super) keep_rejects: bool,
}

/// The settled rows of a shard.
pub(super) struct Settlement {
    /// By customer, and of each customer in the order of files and lines.
    pub(super) entries: Vec<Entry>,
    pub(super) bad: Rejects,
    pub(super) refunds: Rejects,
}

impl Rules<'_> {
    /// The most decimal places of the rows of a shard that will be used.
    pub(super) fn places(&self, shard: &Shard) -> u8 {
        let drafts = shard.pieces.iter().flat_map(|piece| &piece.drafts);
        let used = drafts.filter(|draft| {
            self.dates.read(draft.date).is_some()
                && (self.refunds == Refunds::Net || !draft.is_refund())
        });
        used.map(Draft::most_places).max().unwrap_or(0)
    }

    /// Settles the rows of a shard at a scale.
    pub(super) fn settle(&self, shard: &Shard, scale: Scale) -> Settlement {
        let mut bad = Rejects::new(self.keep_rejects);
        let mut refunds = Rejects::new(self.keep_rejects);
        let mut used =
            Vec::with_capacity(shard.pieces.iter().map(|piece| piece.drafts.len()).sum());
        for piece in &shard.pieces {
            let segments = &self.segments_of[piece.part];
            for (draft, extra) in piece.rows() {
                let Some(day) = self.dates.read(draft.date) else {
                    let reject = || self.bad_date(piece.file, draft);
                    bad.push(piece.file, Reason::BadDate, reject);
                    continue;
                };
                if self.refunds != Refunds::Net && draft.is_refund() {
                    refunds.push(piece.file, Reason::Refund, || self.refund(piece.file, draft));
                    continue;
                }
                match row(draft, &extra, day, scale) {
                    Ok(row) => used.push(Entry {
                        row,
                        fingerprint: draft.fingerprint,
                        file: piece.file,
                        line: draft.line,
                        segment: segments[draft.segment as usize],
                    }),
                    Err((role, reason, money)) => bad.push(piece.file, reason, || {
                        let advice = money_advice(MoneyError::TooLarge);
                        self.reject(piece.file, draft, reason, role, money.to_string(), advice)
                    }),
                }
            }
        }
        Settlement { entries: by_customer(used, shard.customers()), bad, refunds }
    }

    fn bad_date(&self, file: u32, draft: &Draft) -> Reject {
        let kept = self.texts.get(Kind::of(draft.date), (file, draft.line));
        let found = match (kept, draft.date.day_first()) {
            (Some(text), _) => shorten(text.as_bytes()),
            (None, Some(day)) => draft.date.class.canonical(day),
            (None, None) => String::new(),
        };
        let expected = self.dates.expected(draft.date);
        self.reject(file, draft, Reason::BadDate, Role::Date, found, &expected)
    }

    fn refund(&self, file: u32, draft: &Draft) -> Reject {
        let found = draft.amount().map(|amount| amount.to_string()).unwrap_or_default();
        let expected = "an amount of zero or more under the policy for refunds (--refunds)";
        self.reject(file, draft, Reason::Refund, Role::Amount, found, expected)
    }

    fn reject(
        &self,
        file: u32,
        draft: &Draft,
        reason: Reason,
        role: Role,
        found: String,
        expected: &str,
    ) -> Reject {
        Reject {
            file: self.files[file as usize].clone(),
            line: draft.line,
            reason,
            column: self.columns.of(role).map(str::to_owned),
            found,
            expected: expected.to_owned(),
        }
    }
}

/// A draft at a scale, or the money that does not fit it.
fn row(
    draft: &Draft,
    extra: &Extra,
    day: Day,
    scale: Scale,
) -> Result<Row, (Role, Reason, Decimal)> {
    let units = |money: Decimal, role, reason| money.at(scale).ok_or((role, reason, money));
    let amount = draft.amount().map(|amount| units(amount, Role::Amount, Reason::BadAmount));
    Ok(Row {
        customer: draft.customer,
        day,
        order: extra.order,
        amount: amount.transpose()?,
        cost: units(draft.cost(extra), Role::Cost, Reason::BadCost)?,
        expense: units(draft.expense(extra), Role::Expense, Reason::BadExpense)?,
    })
}

/// Brings together the entries of each customer, which keep their order.
fn by_customer(entries: Vec<Entry>, customers: usize) -> Vec<Entry> {
    let mut next = vec![0; customers + 1];
    for entry in &entries {
        next[entry.row.customer as usize + 1] += 1;
    }
    for customer in 0..customers {
        next[customer + 1] += next[customer];
    }
    let Some(any) = entries.first() else { return entries };
    let mut sorted = vec![*any; entries.len()];
    for entry in entries {
        let at = &mut next[entry.row.customer as usize];
        sorted[*at] = entry;
        *at += 1;
    }
    sorted
}
