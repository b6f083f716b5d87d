//! Which columns a forecast file has, and in what order.

use super::error::{ReportError, UnknownColumn};
use crate::predict::{Intervals, Target, Window};

/// One row per customer, or one per customer and period.
///
/// ```
/// use clvcast::report::{Columns, Layout};
/// assert!(Columns::new(Layout::Wide, 2, false).names().any(|name| name == "purchases_2"));
/// assert!(Columns::new(Layout::Long, 2, false).names().any(|name| name == "purchases"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// One row per customer; the columns of period h end in `_h`.
    #[default]
    Wide,
    /// One row per customer and period; the column `h` counts the periods from 1, and what does
    /// not depend on the period is repeated.
    Long,
}

impl Layout {
    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Long => "long",
        }
    }
}

/// A number that belongs to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Customer,
    Segment,
    X,
    TX,
    T,
    PAlive,
    R,
    F1,
    M1,
    AmountTotal,
    GrossProfitTotal,
    PastPurchases,
    PastAmount,
    PastCost,
    PastExpense,
    PastGrossProfit,
    FirstPurchase,
    LastPurchase,
    ActivePeriods,
    Flags,
    Overridden,
}

/// A number that belongs to a customer and a coming period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    H,
    Period,
    PActive,
    Purchases,
    Value,
    Amount,
    Margin,
    Cost,
    Expense,
    GrossProfit,
}

/// Where a column's numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Customer(Of),
    /// Of that period, from 0; in the long layout `None`: the row's own.
    Period(In, Option<usize>),
    /// A quantile by the position of its level; a window of `None`: the row's own period.
    Quantile(Target, Option<Window>, usize),
    /// The label of a grouping, by its position.
    Label(usize),
}

const BEFORE: [(&str, Of); 9] = [
    ("customer", Of::Customer),
    ("segment", Of::Segment),
    ("x", Of::X),
    ("t_x", Of::TX),
    ("T", Of::T),
    ("p_alive", Of::PAlive),
    ("r", Of::R),
    ("f1", Of::F1),
    ("m1", Of::M1),
];

const PERIOD: [(&str, In); 9] = [
    ("period", In::Period),
    ("p_active", In::PActive),
    ("purchases", In::Purchases),
    ("value", In::Value),
    ("amount", In::Amount),
    ("margin", In::Margin),
    ("cost", In::Cost),
    ("expense", In::Expense),
    ("gross_profit", In::GrossProfit),
];

const AFTER: [(&str, Of); 12] = [
    ("amount_total", Of::AmountTotal),
    ("gross_profit_total", Of::GrossProfitTotal),
    ("past_purchases", Of::PastPurchases),
    ("past_amount", Of::PastAmount),
    ("past_cost", Of::PastCost),
    ("past_expense", Of::PastExpense),
    ("past_gross_profit", Of::PastGrossProfit),
    ("first_purchase", Of::FirstPurchase),
    ("last_purchase", Of::LastPurchase),
    ("active_periods", Of::ActivePeriods),
    ("flags", Of::Flags),
    ("overridden", Of::Overridden),
];

/// The columns of a forecast file, in order. They depend on the layout, the number of periods and
/// whether customers have segments only, so that a selection can be checked before a long run.
///
/// ```
/// use clvcast::report::{Columns, Layout};
/// let long = Columns::new(Layout::Long, 3, true);
/// let names: Vec<&str> = long.names().take(11).collect();
/// assert_eq!(names.join(","), "customer,segment,x,t_x,T,p_alive,r,f1,m1,h,period");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    layout: Layout,
    horizon: usize,
    named: Vec<(String, Source)>,
}

impl Columns {
    /// All columns, for that many coming periods.
    #[must_use]
    pub fn new(layout: Layout, horizon: usize, segments: bool) -> Self {
        let of = |&(name, of): &(&str, Of)| (name.to_owned(), Source::Customer(of));
        let mut columns: Vec<(String, Source)> = BEFORE.iter().map(of).collect();
        columns.retain(|(_, source)| segments || *source != Source::Customer(Of::Segment));
        match layout {
            Layout::Wide => columns.extend((0..horizon).flat_map(|h| {
                let number = h + 1;
                PERIOD.iter().map(move |(name, of)| {
                    (format!("{name}_{number}"), Source::Period(*of, Some(h)))
                })
            })),
            Layout::Long => {
                columns.push(("h".to_owned(), Source::Period(In::H, None)));
                let of = |&(name, of): &(&str, In)| (name.to_owned(), Source::Period(of, None));
                columns.extend(PERIOD.iter().map(of));
            }
        }
        columns.extend(AFTER.iter().map(of));
        Self { layout, horizon, named: columns }
    }

    /// The same and the quantiles of every customer at `levels`, at the end: those of each period
    /// in the order of targets and levels, then those of the totals.
    ///
    /// ```
    /// use clvcast::report::{Columns, Layout};
    /// let wide = Columns::new(Layout::Wide, 1, false).with_quantiles(&[0.05]);
    /// let names: Vec<&str> = wide.names().filter(|name| name.ends_with("_p05")).collect();
    /// assert_eq!(names[..2], ["purchases_1_p05", "amount_1_p05"]);
    /// assert_eq!(names[5], "gross_profit_total_p05");
    /// let long = Columns::new(Layout::Long, 1, false).with_quantiles(&[0.5]);
    /// assert!(long.names().any(|name| name == "purchases_p50"));
    /// ```
    #[must_use]
    pub fn with_quantiles(mut self, levels: &[f64]) -> Self {
        let suffixes: Vec<String> = levels.iter().map(|&level| Intervals::suffix(level)).collect();
        let mut add = |infix: &str, window: Option<Window>| {
            for target in Target::ALL {
                for (place, suffix) in suffixes.iter().enumerate() {
                    let name = format!("{}{infix}_{suffix}", target.name());
                    self.named.push((name, Source::Quantile(target, window, place)));
                }
            }
        };
        match self.layout {
            Layout::Wide => {
                for h in 0..self.horizon {
                    add(&format!("_{}", h + 1), Some(Window::Period(h)));
                }
            }
            Layout::Long => add("", None),
        }
        add("_total", Some(Window::Total));
        self
    }

    /// The same and a column of labels for each grouping, at the end; a grouping whose column is
    /// there already, the ledger's segment, adds none.
    ///
    /// ```
    /// use clvcast::report::{Columns, Layout};
    /// let wide = Columns::new(Layout::Wide, 1, true).with_labels(["segment", "cell"]);
    /// assert_eq!(wide.names().last(), Some("cell"));
    /// assert_eq!(wide.names().filter(|name| *name == "segment").count(), 1);
    /// ```
    #[must_use]
    pub fn with_labels<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        for (at, column) in columns.into_iter().enumerate() {
            if !self.names().any(|name| name == column) {
                self.named.push((column.to_owned(), Source::Label(at)));
            }
        }
        self
    }

    /// Only these columns, in this order.
    ///
    /// # Errors
    /// Names all columns there are not, each with the nearest one there is; refuses an empty list
    /// and a column named twice.
    pub fn select<S: AsRef<str>>(&self, names: &[S]) -> Result<Self, ReportError> {
        if names.is_empty() {
            return Err(ReportError::NoColumns);
        }
        let (mut columns, mut unknown) = (Vec::<(String, Source)>::new(), Vec::new());
        for name in names.iter().map(AsRef::as_ref) {
            match self.named.iter().find(|(known, _)| known == name) {
                Some(column) if columns.contains(column) => {
                    return Err(ReportError::RepeatedColumn { name: name.to_owned() });
                }
                Some(column) => columns.push(column.clone()),
                None => unknown.push(UnknownColumn::new(name, self.names())),
            }
        }
        if unknown.is_empty() {
            Ok(Self { named: columns, ..*self })
        } else {
            let known = self.names().map(str::to_owned).collect();
            Err(ReportError::UnknownColumns { unknown, known })
        }
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|(name, _)| name.as_str())
    }

    /// Rows a customer takes.
    pub(super) const fn rows_per_customer(&self) -> usize {
        match self.layout {
            Layout::Wide => 1,
            Layout::Long => self.horizon,
        }
    }

    pub(super) fn sources(&self) -> &[(String, Source)] {
        &self.named
    }
}
