//! A row while the rows of its customer are put in order, no wider than it must be.

use std::num::NonZeroU64;

use crate::units::{Day, Scale};

use super::columns::Role;
use super::decimal::Decimal;
use super::draft::{Draft, Extra};
use super::types::{Reason, Row};

/// A row with what is needed to order it, to compare it and to find its place. Entries order like
/// their rows first and by their place last, so that equal rows stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry<C> {
    pub(super) day: Day,
    pub(super) content: C,
    pub(super) fingerprint: u64,
    /// Its number among the drafts of the shard.
    pub(super) position: u32,
}

impl<C: Content> Entry<C> {
    pub(super) fn empty() -> Self {
        Self { day: Day::from_number(0), content: C::default(), fingerprint: 0, position: 0 }
    }

    /// Whether it repeats another entry of its customer in every column.
    pub(super) fn repeats(&self, other: &Self) -> bool {
        (self.day, self.content, self.fingerprint) == (other.day, other.content, other.fingerprint)
    }
}

/// Money that does not fit the scale.
pub(super) type Misfit = (Role, Reason, Decimal);

/// What a row holds beside its customer and its day.
pub(super) trait Content: Copy + Ord + Default + Send {
    /// That of a draft at a scale.
    fn new(draft: &Draft, extra: &Extra, segment: u32, scale: Scale) -> Result<Self, Misfit>;

    /// The row, of a customer yet to be named.
    fn row(self, day: Day) -> Row;

    /// Index of the segment's text, 0 for the empty one.
    fn segment(self) -> u32;
}

fn units(money: Decimal, scale: Scale, role: Role, reason: Reason) -> Result<i64, Misfit> {
    money.at(scale).ok_or((role, reason, money))
}

fn amount(draft: &Draft, scale: Scale) -> Result<Option<i64>, Misfit> {
    let amount = draft.amount();
    amount.map(|amount| units(amount, scale, Role::Amount, Reason::BadAmount)).transpose()
}

/// All that a row can hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Full {
    order: Option<NonZeroU64>,
    amount: Option<i64>,
    cost: i64,
    expense: i64,
    segment: u32,
}

impl Content for Full {
    fn new(draft: &Draft, extra: &Extra, segment: u32, scale: Scale) -> Result<Self, Misfit> {
        Ok(Self {
            order: extra.order,
            amount: amount(draft, scale)?,
            cost: units(extra.cost(), scale, Role::Cost, Reason::BadCost)?,
            expense: units(extra.expense(), scale, Role::Expense, Reason::BadExpense)?,
            segment,
        })
    }

    fn row(self, day: Day) -> Row {
        let Self { order, amount, cost, expense, .. } = self;
        Row { customer: 0, day, order, amount, cost, expense }
    }

    fn segment(self) -> u32 {
        self.segment
    }
}

/// The amount alone: of inputs with a column for it and for nothing else, where every row that is
/// used has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(i64);

impl Content for Amount {
    fn new(draft: &Draft, _: &Extra, _: u32, scale: Scale) -> Result<Self, Misfit> {
        Ok(Self(amount(draft, scale)?.unwrap_or_default()))
    }

    fn row(self, day: Day) -> Row {
        Row { customer: 0, day, order: None, amount: Some(self.0), cost: 0, expense: 0 }
    }

    fn segment(self) -> u32 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_small() {
        assert_eq!((size_of::<Entry<Amount>>(), size_of::<Entry<Full>>()), (24, 64));
    }
}
