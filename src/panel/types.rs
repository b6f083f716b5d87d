//! What a panel is: the types that leave this stage.

use std::ops::Range;

use crate::units::{Day, Money, Scale};

/// The length of a period.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodIndex(pub i32);

/// From when a customer is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// From the first purchase: x counts repeat purchases, T runs from the first purchase day.
    #[default]
    FirstPurchase,
    /// From the panel's first period: x counts all purchases, T is the number of periods.
    Panel,
}

/// What to do with orders of exactly zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroOrders {
    /// Leave them out of frequency and value, and count them.
    #[default]
    Drop,
    /// Count them as purchases.
    Count,
}

/// How a panel is built.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Which period.
    pub period: PeriodIndex,
    /// Purchases f in it.
    pub purchases: u32,
    /// Net amount, refunds included.
    pub amount: Money,
    /// Product cost.
    pub cost: Money,
    /// Relationship-marketing expense.
    pub expense: Money,
}

/// One customer's history up to the as-of date.
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
    pub ids: Vec<String>,
    /// Segment of each customer, where the input has them.
    pub segments: Option<Vec<String>>,
    /// One history per id.
    pub customers: Vec<Customer>,
    /// The cells of all customers.
    pub cells: Vec<Cell>,
    /// The company's periods, oldest first, without gaps.
    pub company: Vec<CompanyPeriod>,
    /// Whether the ledger has an amount column.
    pub has_amount: bool,
    /// Whether the ledger has a cost column.
    pub has_cost: bool,
    /// Whether the ledger has an expense column.
    pub has_expense: bool,
    /// What was used and left out.
    pub audit: PanelAudit,
}
