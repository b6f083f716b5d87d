//! A row before the column of dates is settled and the scale is known.

use std::num::NonZeroU64;

use super::decimal::Decimal;
use super::written::Written;

/// What every row has. One is held for each row of the input: nothing wider than it must be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft {
    /// Hash of all fields by the names of their columns.
    pub(super) fingerprint: u64,
    /// Of the amount's own decimal places.
    amount: i64,
    pub(super) date: Written,
    /// Lines behind the first of its part.
    pub(super) line: u32,
    /// The length of the customer's id, and once the shard has taken the row, the number of the
    /// customer there.
    pub(super) customer: u32,
}

/// What a row has besides if the input has columns for it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extra {
    pub(super) order: Option<NonZeroU64>,
    cost: i64,
    expense: i64,
    /// Index into the segments of the part, of which 0 is the empty text.
    pub(super) segment: u32,
    /// Decimal places of cost and expense.
    places: [u8; 2],
}

impl Extra {
    pub(super) const fn new(
        order: Option<NonZeroU64>,
        cost: Decimal,
        expense: Decimal,
        segment: u32,
    ) -> Self {
        let places = [cost.places, expense.places];
        Self { order, cost: cost.units, expense: expense.units, segment, places }
    }

    pub(super) const fn cost(&self) -> Decimal {
        Decimal { units: self.cost, places: self.places[0] }
    }

    pub(super) const fn expense(&self) -> Decimal {
        Decimal { units: self.expense, places: self.places[1] }
    }
}

impl Draft {
    pub(super) fn new(
        line: u32,
        fingerprint: u64,
        date: Written,
        id_length: u32,
        amount: Option<Decimal>,
    ) -> Self {
        let note = amount.map_or(0, |amount| amount.places + 1);
        let amount = amount.map_or(0, |amount| amount.units);
        Self { fingerprint, amount, date: date.with_note(note), line, customer: id_length }
    }

    pub(super) fn amount(&self) -> Option<Decimal> {
        let places = self.date.note().checked_sub(1)?;
        Some(Decimal { units: self.amount, places })
    }

    /// The most decimal places of its money.
    pub(super) fn most_places(&self, extra: Option<&Extra>) -> u8 {
        let amount = self.date.note().saturating_sub(1);
        let [cost, expense] = extra.map_or([0; 2], |extra| extra.places);
        amount.max(cost).max(expense)
    }

    /// Whether it takes money back.
    pub(super) const fn is_refund(&self) -> bool {
        self.amount < 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::date_text::iso;
    use super::*;

    #[test]
    fn a_draft_is_small_and_keeps_what_it_was_given() {
        assert_eq!((size_of::<Draft>(), size_of::<Extra>()), (32, 32));
        let date = iso(b"2017-01-31").unwrap();
        let of = |amount| Draft::new(3, 5, date, 4, amount);
        for amount in [None, Some(Decimal::default()), Some(Decimal { units: -125, places: 9 })] {
            let draft = of(amount);
            assert_eq!((draft.amount(), draft.date.day_first()), (amount, date.day_first()));
            assert_eq!(draft.is_refund(), amount.is_some_and(|amount| amount.units < 0));
        }
    }
}
