//! A row before the column of dates is settled and the scale is known.

use std::num::NonZeroU64;

use super::date_text::Written;
use super::decimal::Decimal;

/// What every row has. One is held for each row of the input: nothing wider than it must be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft {
    pub(super) line: u64,
    /// Hash of all fields by the names of their columns.
    pub(super) fingerprint: u64,
    /// Of the amount's own decimal places.
    pub(super) amount: i64,
    pub(super) date: Written,
    /// Number of the customer in its shard, once the shard has taken the row.
    pub(super) customer: u32,
    /// Index into the segments of the part, of which 0 is the empty text.
    pub(super) segment: u32,
    /// Decimal places of amount, cost and expense.
    pub(super) places: [u8; 3],
    pub(super) has_amount: bool,
}

/// What a row has besides if the input has columns for it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extra {
    pub(super) order: Option<NonZeroU64>,
    pub(super) cost: i64,
    pub(super) expense: i64,
}

impl Draft {
    pub(super) fn amount(&self) -> Option<Decimal> {
        self.has_amount.then_some(Decimal { units: self.amount, places: self.places[0] })
    }

    pub(super) fn cost(&self, extra: &Extra) -> Decimal {
        Decimal { units: extra.cost, places: self.places[1] }
    }

    pub(super) fn expense(&self, extra: &Extra) -> Decimal {
        Decimal { units: extra.expense, places: self.places[2] }
    }

    /// The most decimal places of its money.
    pub(super) fn most_places(&self) -> u8 {
        self.places.into_iter().max().unwrap_or(0)
    }

    /// Whether it takes money back.
    pub(super) const fn is_refund(&self) -> bool {
        self.has_amount && self.amount < 0
    }
}
