//! Transactions, and the histories of customers that come of them.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Float64Array, Int64Array, StringArray};
use clvcast::ledger::{Ledger, ReadOptions, read, read_arrow};
use clvcast::panel::{Clock, Panel as Histories, PanelOptions, PeriodIndex};
use clvcast::report::data_warnings;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use pyo3_arrow::PyRecordBatchReader;

use crate::columns::{Column, WithoutIndex, choice};
use crate::failure::{FRAME, Failure, bad_row};
use crate::frame::Frame;
use crate::{history, words, work};

/// The histories of all customers up to the as-of date, and the rows they come from.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Panel {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) histories: Arc<Histories>,
    pub(crate) options: PanelOptions,
    /// Customers known from elsewhere.
    pub(crate) base: Option<u64>,
}

#[pymethods]
impl Panel {
    /// Reads transactions and builds the histories.
    #[staticmethod]
    #[pyo3(signature = (
        files, frame, *, customer, date, amount, cost, expense, order, segment, date_format, delimiter, refunds,
        zero_orders, duplicates, lenient, period, as_of, clock, base
    ))]
    #[expect(clippy::too_many_arguments, reason = "the options of the command line, by name")]
    fn read(
        py: Python<'_>,
        files: Vec<String>,
        frame: Option<PyRecordBatchReader>,
        customer: Option<Column>,
        date: Option<Column>,
        amount: Option<Column>,
        cost: Option<Column>,
        expense: Option<Column>,
        order: Option<Column>,
        segment: Option<Column>,
        date_format: Option<String>,
        delimiter: Option<&str>,
        refunds: &str,
        zero_orders: &str,
        duplicates: &str,
        lenient: bool,
        period: &str,
        as_of: Option<&str>,
        clock: &str,
        base: Option<u64>,
    ) -> PyResult<Self> {
        let options = || {
            let reading = ReadOptions {
                customer: choice("customer", customer)?,
                date: choice("date", date)?,
                amount: choice("amount", amount)?,
                cost: choice("cost", cost)?,
                expense: choice("expense", expense)?,
                order: choice("order", order)?,
                segment: choice("segment", segment)?,
                date_format,
                delimiter: delimiter.map(words::delimiter).transpose()?,
                refunds: words::refunds(refunds)?,
                duplicates: words::duplicates(duplicates)?,
                lenient,
                keep_rejects: lenient,
            };
            let panel = PanelOptions {
                period: words::period(period)?,
                as_of: as_of.map(|text| words::day("as_of", text)).transpose()?,
                clock: words::clock(clock)?,
                zero_orders: words::zero_orders(zero_orders)?,
            };
            if base.is_some() && panel.clock != Clock::Panel {
                let text = "`--base` needs `--clock panel`: under the first-purchase clock only customers with a purchase are observed";
                return Err(Failure::Option(text.to_owned()));
            }
            Ok::<_, Failure>((reading, panel))
        };
        let (reading, options) = options().map_err(|failure| failure.raise(py))?;
        let frame = frame.map(PyRecordBatchReader::into_reader).transpose()?;
        let (ledger, histories) = work::run(py, move |progress| {
            let ledger = match frame.map(WithoutIndex::new) {
                Some(frame) => read_arrow(FRAME, frame, &reading, progress),
                None => read(&files, &reading, progress),
            }?;
            let histories = Histories::build(&ledger, &options, progress)?;
            Ok((ledger, histories))
        })?;
        let (ledger, histories) = (Arc::new(ledger), Arc::new(histories));
        Ok(Self { ledger, histories, options, base })
    }

    fn __len__(&self) -> usize {
        self.histories.customers.len()
    }

    #[getter]
    fn as_of(&self) -> String {
        self.histories.grid.as_of().to_string()
    }

    #[getter]
    fn period(&self) -> String {
        self.histories.grid.period().to_string()
    }

    #[getter]
    fn periods(&self) -> u32 {
        self.histories.periods
    }

    #[getter]
    fn first_period(&self) -> String {
        self.histories.grid.label(self.histories.first_period())
    }

    #[getter]
    fn last_period(&self) -> String {
        self.histories.grid.label(PeriodIndex(0))
    }

    /// What was read, used and left out, as JSON.
    fn audit(&self) -> String {
        let (audit, columns) = (&self.ledger.audit, &self.ledger.columns);
        let panel = &self.histories.audit;
        let left_out: serde_json::Map<String, serde_json::Value> = audit
            .left_out
            .iter()
            .map(|(reason, rows)| (reason.name().to_owned(), (*rows).into()))
            .collect();
        serde_json::json!({
            "rows_read": audit.rows_read,
            "rows_used": audit.rows_used,
            "left_out": left_out,
            "duplicate_rows": audit.duplicate_rows,
            "refund_rows": audit.refund_rows,
            "date_format": audit.date_format,
            "notes": audit.notes,
            "rows_after_as_of": panel.rows_after_as_of,
            "amount_after_as_of": panel.amount_after_as_of.to_f64(self.ledger.scale),
            "zero_orders": panel.zero_orders,
            "refunds": panel.refunds,
            "customers_without_purchase": panel.customers_without_purchase,
            "columns": {
                "customer": columns.customer,
                "date": columns.date,
                "amount": columns.amount,
                "cost": columns.cost,
                "expense": columns.expense,
                "order": columns.order,
                "segment": columns.segment,
            },
        })
        .to_string()
    }

    /// One row per customer: what its history says at the as-of date.
    fn customers(&self, py: Python<'_>) -> PyResult<Frame> {
        let panel = &*self.histories;
        let n = panel.customers.len();
        let exposure: Vec<_> = (0..n).map(|i| panel.exposure(i)).collect();
        let state: Vec<_> = (0..n).map(|i| panel.state(i)).collect();
        let of_customers = |of: &dyn Fn(usize) -> Option<i32>| -> ArrayRef {
            Arc::new((0..n).map(of).collect::<Date32Array>())
        };
        let count = |of: &dyn Fn(usize) -> Option<i64>| -> ArrayRef {
            Arc::new((0..n).map(of).collect::<Int64Array>())
        };
        let number = |of: &dyn Fn(usize) -> Option<f64>| -> ArrayRef {
            Arc::new((0..n).map(of).collect::<Float64Array>())
        };
        let amount = (0..n).map(|i| panel.has_amount.then(|| panel.customers[i].amount.units()));
        let amount = amount
            .collect::<Decimal128Array>()
            .with_precision_and_scale(38, panel.scale.places().cast_signed())
            .map_err(|error| Failure::from(error).raise(py))?;
        let columns: [(&str, ArrayRef); 11] = [
            ("customer", Arc::new(StringArray::from_iter_values(panel.ids.iter()))),
            ("x", count(&|i| Some(exposure[i]?.x.into()))),
            ("t_x", number(&|i| Some(exposure[i]?.t_x))),
            ("T", number(&|i| Some(exposure[i]?.t))),
            ("r", count(&|i| Some(state[i]?.r.into()))),
            ("f1", count(&|i| Some(state[i]?.f1.into()))),
            ("m1", number(&|i| state[i]?.m1)),
            ("past_purchases", count(&|i| Some(panel.customers[i].purchases.into()))),
            ("past_amount", Arc::new(amount)),
            (
                "first_purchase",
                of_customers(&|i| Some(panel.customers[i].first_purchase?.number())),
            ),
            ("last_purchase", of_customers(&|i| Some(panel.customers[i].last_purchase?.number()))),
        ];
        Frame::of(columns).map_err(|failure| failure.raise(py))
    }

    /// One row per period from the first to the as-of date: what a customer did in it.
    fn history(&self, py: Python<'_>, customer: &str) -> PyResult<Frame> {
        history::of(&self.histories, customer).map_err(|failure| failure.raise(py))
    }

    /// The rows that were left out because they cannot be used.
    #[getter]
    fn rejects<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.ledger.audit.rejects.iter().map(|reject| bad_row(py, reject)).collect()
    }

    /// What a user should know of the data.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        data_warnings(&self.ledger, &self.histories)
    }
}

impl Panel {
    /// The options that build this panel again, also from a ledger that goes on.
    pub(crate) fn cut(&self) -> PanelOptions {
        PanelOptions { as_of: Some(self.histories.grid.as_of()), ..self.options }
    }
}
