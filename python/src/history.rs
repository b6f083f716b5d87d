//! What one customer did, period by period.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray};
use clvcast::panel::{Cell, Panel, PeriodIndex};
use clvcast::units::Money;

use crate::failure::Failure;
use crate::frame::Frame;

/// A row per period from the first to the as-of date.
pub(crate) fn of(panel: &Panel, customer: &str) -> Result<Frame, Failure> {
    let place = panel.ids.binary_search_by(|id| id.as_str().cmp(customer)).map_err(|_| {
        let as_of = panel.grid.as_of();
        Failure::Option(format!("customer: `{customer}` is not in the data up to {as_of}"))
    })?;
    let cells = panel.customer_cells(place);
    let periods: Vec<PeriodIndex> = (panel.first_period().0..=0).map(PeriodIndex).collect();
    let found: Vec<Option<&Cell>> =
        periods.iter().map(|&period| cells.iter().find(|cell| cell.period == period)).collect();
    let money = |there: bool, of: fn(&Cell) -> Money| -> ArrayRef {
        let value = |cell: Option<&Cell>| {
            there.then(|| cell.map_or(0.0, |cell| of(cell).to_f64(panel.scale)))
        };
        Arc::new(found.iter().copied().map(value).collect::<Float64Array>())
    };
    let days = |of: &dyn Fn(PeriodIndex) -> i32| -> ArrayRef {
        Arc::new(periods.iter().map(|&period| Some(of(period))).collect::<Date32Array>())
    };
    let labels = periods.iter().map(|&period| panel.grid.label(period));
    let purchases = found.iter().map(|cell| cell.map_or(0, |cell| i64::from(cell.purchases)));
    // Without costs nobody knows the profit; without expenses they are taken for none.
    let profit = |cell: Option<&Cell>| {
        let of = |cell: &Cell| {
            [cell.amount(), cell.cost(), cell.expense()].map(|money| money.to_f64(panel.scale))
        };
        (panel.has_amount && panel.has_cost).then(|| {
            let [amount, cost, expense] = cell.map_or([0.0; 3], of);
            amount - cost - expense
        })
    };
    let columns: [(&str, ArrayRef); 8] = [
        ("period", Arc::new(StringArray::from_iter_values(labels))),
        ("start", days(&|period| panel.grid.start(period).number())),
        ("end", days(&|period| panel.grid.end(period).number())),
        ("purchases", Arc::new(Int64Array::from_iter_values(purchases))),
        ("amount", money(panel.has_amount, Cell::amount)),
        ("cost", money(panel.has_cost, Cell::cost)),
        ("expense", money(panel.has_expense, Cell::expense)),
        ("gross_profit", Arc::new(found.iter().copied().map(profit).collect::<Float64Array>())),
    ];
    Frame::of(columns)
}
