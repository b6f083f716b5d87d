//! The rows of a ledger by customer, no wider than they must be.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::Range;

use crate::units::Day;

use super::types::Row;

/// All rows of a ledger, sorted by customer, day, order, and then by their money.
///
/// They are held in 16 bytes each (40 where any row has an order, a cost or an expense) and made
/// into [`Row`]s when they are asked for.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let first: Vec<Row> = ledger.rows.of(0).collect();
/// assert_eq!((first.len(), first[0].day.to_string()), (5, "2014-03-31".to_owned()));
/// assert_eq!(ledger.rows.iter().count(), ledger.rows.len());
/// // The same rows from somewhere else.
/// assert_eq!(ledger.rows.iter().collect::<Rows>(), ledger.rows);
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Clone, Default)]
pub struct Rows {
    blocks: Vec<RowBlock>,
    /// For each customer of the ledger its block, and its number there.
    places: Vec<(u32, u32)>,
}

/// The rows of some customers, in an order of its own.
#[derive(Debug, Clone, Default)]
pub(super) struct RowBlock {
    /// For each of its customers the end of its rows.
    ends: Vec<usize>,
    rows: Vec<Slim>,
    /// One for each row, or none at all.
    rests: Vec<Rest>,
    /// First and last day.
    span: Option<(Day, Day)>,
}

/// What most rows have.
#[derive(Debug, Clone, Copy)]
struct Slim {
    amount: i64,
    day: Day,
    has_amount: bool,
}

/// What a row has besides where the input has columns for it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Rest {
    order: Option<NonZeroU64>,
    cost: i64,
    expense: i64,
}

impl Rows {
    /// From blocks and the places of all customers in them.
    pub(super) const fn new(blocks: Vec<RowBlock>, places: Vec<(u32, u32)>) -> Self {
        Self { blocks, places }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.rows.len()).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All rows in their order.
    pub fn iter(&self) -> impl Iterator<Item = Row> + Clone + '_ {
        (0..self.customers()).flat_map(|customer| self.of(customer))
    }

    /// The rows of a customer, by its index into [`Ledger::customers`](super::Ledger); none of one
    /// that is not there.
    #[must_use]
    pub fn of(&self, customer: u32) -> impl ExactSizeIterator<Item = Row> + Clone + '_ {
        let place = self.places.get(customer as usize);
        let (block, number) = match place {
            Some((block, number)) => (&self.blocks[*block as usize], *number as usize),
            None => (&NOBODY, 0),
        };
        let rows = block.range(number);
        rows.map(move |at| block.row(customer, at))
    }

    /// Puts the rows of some customers into `all`, in order.
    ///
    /// They lie in many places. All are looked up before any is read, so that the memory is asked
    /// for many of them at a time.
    pub(crate) fn gather(&self, customers: Range<u32>, all: &mut Vec<Row>) {
        all.clear();
        let find = |customer: u32| {
            let (block, number) = self.places[customer as usize];
            let block = &self.blocks[block as usize];
            (customer, block, block.range(number as usize))
        };
        let found: Vec<_> = customers.map(find).collect();
        for (customer, block, range) in found {
            all.extend(range.map(|at| block.row(customer, at)));
        }
    }

    /// Number of customers; those at the end of the ledger may have no rows.
    pub(crate) fn customers(&self) -> u32 {
        // A ledger has no more than `u32` counts.
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// First and last day of all rows.
    pub(crate) fn span(&self) -> Option<(Day, Day)> {
        let spans = self.blocks.iter().filter_map(|block| block.span);
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// Where the rows of a customer without any are.
static NOBODY: RowBlock =
    RowBlock { ends: Vec::new(), rows: Vec::new(), rests: Vec::new(), span: None };

impl RowBlock {
    /// For so many customers and rows, which may have an order, a cost or an expense or never do.
    pub(super) fn new(customers: usize, rows: usize, has_rest: bool) -> Self {
        Self {
            ends: Vec::with_capacity(customers),
            rows: Vec::with_capacity(rows),
            rests: Vec::with_capacity(if has_rest { rows } else { 0 }),
            span: None,
        }
    }

    /// Adds a row of the customer whose rows are being added.
    pub(super) fn push(&mut self, row: &Row, has_rest: bool) {
        let Row { day, amount, order, cost, expense, .. } = *row;
        let (first, last) = self.span.unwrap_or((day, day));
        self.span = Some((first.min(day), last.max(day)));
        let has_amount = amount.is_some();
        self.rows.push(Slim { amount: amount.unwrap_or(0), day, has_amount });
        if has_rest {
            self.rests.push(Rest { order, cost, expense });
        }
    }

    /// Ends the rows of a customer: the next rows are those of the customer of the next number.
    pub(super) fn end_customer(&mut self) {
        self.ends.push(self.rows.len());
    }

    /// For each customer, whether it has any rows.
    pub(super) fn used(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.ends.len()).map(|number| !self.range(number).is_empty())
    }

    fn range(&self, number: usize) -> Range<usize> {
        let end = self.ends.get(number).copied().unwrap_or(0);
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before));
        start.copied().unwrap_or(0)..end
    }

    fn row(&self, customer: u32, at: usize) -> Row {
        let Slim { amount, day, has_amount } = self.rows[at];
        let Rest { order, cost, expense } = self.rests.get(at).copied().unwrap_or_default();
        Row { customer, day, order, amount: has_amount.then_some(amount), cost, expense }
    }
}

impl From<Vec<Row>> for Rows {
    /// Sorts the rows.
    fn from(mut rows: Vec<Row>) -> Self {
        rows.sort_unstable();
        let rest = |row: &Row| Rest { order: row.order, cost: row.cost, expense: row.expense };
        let has_rest = rows.iter().any(|row| rest(row) != Rest::default());
        let customers = rows.last().map_or(0, |row| row.customer as usize + 1);
        let mut block = RowBlock::new(customers, rows.len(), has_rest);
        for row in &rows {
            while block.ends.len() < row.customer as usize {
                block.end_customer();
            }
            block.push(row, has_rest);
        }
        if customers > 0 {
            block.end_customer();
        }
        let places = (0..).take(customers).map(|number| (0, number)).collect();
        Self { blocks: vec![block], places }
    }
}

impl FromIterator<Row> for Rows {
    fn from_iter<T: IntoIterator<Item = Row>>(rows: T) -> Self {
        rows.into_iter().collect::<Vec<_>>().into()
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Rows {}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_given_and_in_order() {
        let row = |customer, day, amount, cost| Row {
            customer,
            day: Day::from_number(day),
            order: None,
            amount,
            cost,
            expense: 0,
        };
        for cost in [0, 7] {
            let (a, b) = (row(3, 2, Some(-5), cost), row(0, 9, None, 0));
            let (c, d) = (row(3, 1, Some(0), 0), row(1, 4, Some(1), 0));
            let rows: Rows = [a, b, c, d].into_iter().collect();
            assert_eq!(rows.iter().collect::<Vec<_>>(), [b, d, c, a]);
            assert_eq!(rows.of(3).collect::<Vec<_>>(), [c, a]);
            assert_eq!([0, 1, 2, 3, 4].map(|customer| rows.of(customer).len()), [1, 1, 0, 2, 0]);
            let days = (Day::from_number(1), Day::from_number(9));
            assert_eq!((rows.span(), rows.len()), (Some(days), 4));
            let mut some = Vec::new();
            rows.gather(1..4, &mut some);
            assert_eq!(some, [d, c, a]);
        }
        assert!(Rows::default().is_empty() && Rows::default().span().is_none());
    }
}
