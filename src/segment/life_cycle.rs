//! Cumulative value by age, from minus the acquisition cost.

/// The mean customer's cumulative gross profit by age.
#[derive(Debug, Clone, PartialEq)]
pub struct LifeCycle {
    /// One curve for all customers, then one for each cohort by period of the first purchase.
    pub curves: Vec<Curve>,
}

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Label of the first period of its customers; `None` for all.
    pub cohort: Option<String>,
    /// Customers.
    pub customers: u64,
    /// Mean acquisition cost, money; 0 where none is given.
    pub acquisition_cost: f64,
    /// One point per age.
    pub points: Vec<Point>,
    /// The first age at which the curve is at or above zero; `None` where it is not by the end.
    pub payback: Option<u32>,
}

/// The mean customer at one age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Periods since the first purchase; 0 is its own period.
    pub age: u32,
    /// Customers that have been seen at this age, or whose forecast reaches it.
    pub customers: u64,
    /// Mean cumulative gross profit less the acquisition cost, money.
    pub value: f64,
    /// Whether it is forecast.
    pub forecast: bool,
}
