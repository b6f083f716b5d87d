//! What a panel is: the types that leave this stage.

use std::ops::Range;
use std::sync::Arc;

use crate::units::{Day, Money, Scale};

/// The length of a period.
///
/// ```
/// use clvcast::{panel::{Grid, Period, PeriodIndex}, units::Day};
/// let end = Day::from_ymd(2017, 12, 31).unwrap(); // a Sunday
/// let label = |period| Grid::new(period, end).unwrap().label(PeriodIndex(0));
/// assert_eq!([Period::Month, Period::Week].map(label), ["2017-12", "2017-W52"]);
/// assert_eq!(label(Period::Days(10)), "2017-12-22/2017-12-31");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// Calendar months, labelled `2018-01`.
    Month,
    /// Calendar quarters, labelled `2018-Q1`.
    Quarter,
    /// Calendar years, labelled `2018`.
    Year,
    /// Weeks from Monday to Sunday, labelled `2018-W05` (ISO 8601).
    Week,
    /// That many days, counted back from the as-of date, labelled `2018-01-01/2018-04-01` (both
    /// days included).
    Days(u32),
}

/// A period relative to the panel's last one, which is 0: past periods are negative, the periods
/// to be forecast are 1, 2, 3, …
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// assert_eq!(panel.first_period(), PeriodIndex(-15)); // 16 quarters, the last one is 0
/// assert_eq!(panel.grid.label(PeriodIndex(1)), "2018-Q1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodIndex(pub i32);

/// From when a customer is observed.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let options = PanelOptions { clock: Clock::Panel, ..PanelOptions::new(Period::Quarter) };
/// let whole = Panel::build(&ledger, &options, &Silent)?;
/// // Five purchases: four of them after the first one.
/// assert_eq!((panel.exposure(0).unwrap().x, whole.exposure(0).unwrap().x), (4, 5));
/// assert_eq!(whole.exposure(0).unwrap().t, 16.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// From the first purchase: x counts repeat purchases, T runs from the first purchase day.
    #[default]
    FirstPurchase,
    /// From the panel's first period: x counts all purchases, T is the number of periods.
    Panel,
}

/// What to do with orders of exactly zero.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent, units::Day};
/// # let files = ["data/cdnow-sample.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let customers = |zero_orders| {
///     let as_of = Day::from_ymd(1997, 9, 30);
///     let options = PanelOptions { as_of, zero_orders, ..PanelOptions::new(Period::Days(7)) };
///     let panel = Panel::build(&ledger, &options, &Silent);
///     panel.map(|panel| panel.frequency_statistics().customers)
/// };
/// assert_eq!(customers(ZeroOrders::Count)?, 2357); // as published
/// assert_eq!(customers(ZeroOrders::Drop)?, 2349);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroOrders {
    /// Leave them out of frequency and value, and count them.
    #[default]
    Drop,
    /// Count them as purchases.
    Count,
}

/// How a panel is built.
///
/// ```
/// use clvcast::panel::{Clock, PanelOptions, Period, ZeroOrders};
/// let options = PanelOptions::new(Period::Days(7));
/// assert_eq!((options.clock, options.zero_orders), (Clock::FirstPurchase, ZeroOrders::Drop));
/// assert_eq!(options.as_of, None); // found from the data
/// ```
#[derive(Debug, Clone, Copy)]
pub struct PanelOptions {
    /// Length of a period.
    pub period: Period,
    /// Last day of the panel (included); by default found from the data.
    pub as_of: Option<Day>,
    /// From when a customer is observed.
    pub clock: Clock,
    /// Orders of exactly zero.
    pub zero_orders: ZeroOrders,
}

impl PanelOptions {
    /// That period with the defaults: as-of date from the data, first-purchase clock, zero orders
    /// left out.
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, as_of: None, clock: Clock::default(), zero_orders: ZeroOrders::default() }
    }
}

/// What one customer did in one period. Only periods in which something happened have a cell.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let cell = panel.customer_cells(0)[0];
/// assert_eq!((panel.grid.label(cell.period), cell.purchases), ("2014-Q1".to_owned(), 1));
/// assert_eq!(cell.amount().display(panel.scale).to_string(), "726.548");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Which period.
    pub period: PeriodIndex,
    /// Purchases f in it.
    pub purchases: u32,
    /// Units of money: half as wide as [`Money`], since a panel holds millions of cells.
    pub(super) amount: i64,
    pub(super) cost: i64,
    pub(super) expense: i64,
}

impl Cell {
    /// Net amount, refunds included.
    #[must_use]
    pub fn amount(&self) -> Money {
        Money::from_units(self.amount.into())
    }

    /// The same cell with another net amount; `None` beyond the units a cell counts.
    #[must_use]
    pub fn with_amount(self, amount: Money) -> Option<Self> {
        Some(Self { amount: i64::try_from(amount.units()).ok()?, ..self })
    }

    /// Product cost.
    #[must_use]
    pub fn cost(&self) -> Money {
        Money::from_units(self.cost.into())
    }

    /// Relationship-marketing expense.
    #[must_use]
    pub fn expense(&self) -> Money {
        Money::from_units(self.expense.into())
    }
}

/// One customer's history up to the as-of date.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let customer = &panel.customers[0];
/// assert_eq!((customer.purchases, customer.acquisition_purchases), (5, 1));
/// assert_eq!(customer.first_purchase.unwrap().to_string(), "2014-03-31");
/// assert_eq!(customer.amount.display(panel.scale).to_string(), "5563.56");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Customer {
    /// Its cells in [`Panel::cells`], in ascending order of period.
    pub cells: Range<u32>,
    /// Day of the first purchase; `None` for a customer without any.
    pub first_purchase: Option<Day>,
    /// Day of the last purchase.
    pub last_purchase: Option<Day>,
    /// All purchases, those of the first day included.
    pub purchases: u32,
    /// Purchases of the first purchase day (the acquisition).
    pub acquisition_purchases: u32,
    /// Net amount of the purchases after the first purchase day, further deliveries of those
    /// orders included, refunds not.
    pub repeat_amount: Money,
    /// Net amount of all used rows.
    pub amount: Money,
    /// Product cost of all used rows.
    pub cost: Money,
    /// Expense of all used rows.
    pub expense: Money,
}

/// Observation of one customer's purchasing, in the clock's terms; times in periods.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let exposure = panel.exposure(0).unwrap(); // purchases from 2014-03-31 to 2017-06-29
/// assert_eq!(exposure.x, 4);
/// assert!((exposure.t_x - 13.0).abs() < 0.02 && (exposure.t - 15.0).abs() < 0.02);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Purchases counted (repeat purchases under the first-purchase clock).
    pub x: u32,
    /// Time of the last purchase since the observation began: under the first-purchase clock since
    /// the first purchase, so 0 when x = 0.
    pub t_x: f64,
    /// Length of observation.
    pub t: f64,
}

/// State of one customer at the as-of date, from its last active period.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let state = panel.state(0).unwrap(); // one purchase of 374.48 in 2017-Q2, none since
/// assert_eq!((state.r, state.f1, state.m1), (2, 1, Some(374.48)));
/// assert!(!state.is_acquisition_period);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Periods without a purchase since the last active one.
    pub r: u32,
    /// Purchases of the last active period.
    pub f1: u32,
    /// Average purchase value of the last active period, in money; `None` without amounts.
    pub m1: Option<f64>,
    /// The last active period.
    pub last_active: PeriodIndex,
    /// Whether the last active period is the one of the first purchase.
    pub is_acquisition_period: bool,
}

/// The whole company in one period.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// let last = panel.company.last().unwrap(); // 2017-Q4
/// assert_eq!((last.active_customers, last.purchases), (436, 632));
/// assert_eq!(last.amount.to_f64(panel.scale).round(), 280_054.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompanyPeriod {
    /// Which period.
    pub period: PeriodIndex,
    /// Customers for whom it is active: with a purchase and a positive net amount.
    pub active_customers: u32,
    /// Purchases.
    pub purchases: u64,
    /// Net amount.
    pub amount: Money,
    /// Product cost.
    pub cost: Money,
    /// Expense.
    pub expense: Money,
}

/// What the panel used and left out.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent, units::Day};
/// # let files = ["data/cdnow-sample.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let as_of = Day::from_ymd(1997, 9, 30);
/// let options = PanelOptions { as_of, ..PanelOptions::new(Period::Days(7)) };
/// let audit = Panel::build(&ledger, &options, &Silent)?.audit;
/// assert_eq!((audit.rows, audit.rows_after_as_of, audit.zero_orders), (6919, 1959, 8));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PanelAudit {
    /// Rows of the ledger.
    pub rows: u64,
    /// Rows after the as-of date, left out.
    pub rows_after_as_of: u64,
    /// Their net amount.
    pub amount_after_as_of: Money,
    /// Customers whose first row lies after the as-of date; they are not in the panel.
    pub customers_after_as_of: u64,
    /// Orders of exactly zero (counted or not, by policy).
    pub zero_orders: u64,
    /// Orders and days whose net amount is negative: refunds, not purchases. An order that is
    /// spread over several days counts once for each of them with a negative net.
    pub refunds: u64,
    /// Purchases in periods that net to zero or less.
    pub purchases_in_inactive_periods: u64,
    /// Customers without an active period.
    pub customers_without_active_period: u64,
    /// Customers without any purchase.
    pub customers_without_purchase: u64,
    /// The day of the ledger's last row, also if it lies after the as-of date.
    pub last_row: Option<Day>,
}

/// One history per customer: the data every later stage works from.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// assert_eq!((panel.ids.len(), panel.periods), (793, 16));
/// assert_eq!(panel.grid.as_of().to_string(), "2017-12-31");
/// assert_eq!(panel.customers.iter().map(|customer| customer.purchases).sum::<u32>(), 5009);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// Periods and the as-of date.
    pub grid: super::Grid,
    /// From when a customer is observed.
    pub clock: Clock,
    /// Decimal places of all money.
    pub scale: Scale,
    /// Number of periods from the first used row to the as-of date.
    pub periods: u32,
    /// Customer ids, ascending.
    pub ids: Arc<[String]>,
    /// Segment of each customer, where the input has them.
    pub segments: Option<Vec<String>>,
    /// One history per id.
    pub customers: Vec<Customer>,
    /// The cells of all customers.
    pub cells: Vec<Cell>,
    /// The company's periods, oldest first, without gaps.
    pub company: Vec<CompanyPeriod>,
    /// Purchases after each customer's first purchase day, by days before the as-of date: the
    /// first number is that of the as-of date itself.
    pub repeats_by_day: Vec<u64>,
    /// Whether the ledger has an amount column.
    pub has_amount: bool,
    /// Whether the ledger has a cost column.
    pub has_cost: bool,
    /// Whether the ledger has an expense column.
    pub has_expense: bool,
    /// What was used and left out.
    pub audit: PanelAudit,
}
