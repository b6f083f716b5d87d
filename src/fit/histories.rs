//! Distinct histories with their numbers of customers: what the attrition likelihoods need.

/// All customers acquired on one day: how long they were observed and when they could leave;
/// times in periods of the model's clock since that day.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// Length T of observation.
    pub t: f64,
    /// Exposure E_c at the end of each sub-period c, ascending, the last one equal to `t`; empty
    /// for models without sub-periods.
    pub ends: Vec<f64>,
}

/// One distinct history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// Index of its [`Start`].
    pub start: u32,
    /// Repeat purchases x.
    pub x: u32,
    /// Time t_x of the last one; 0 when x = 0.
    pub t_x: f64,
    /// Index in the start's `ends` of the sub-period of the last purchase (0 when x = 0).
    pub last: u32,
    /// Customers with this history.
    pub customers: f64,
}

/// Distinct histories, sorted by start, then x, then `t_x` descending, so that neighbours share
/// their sums.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histories {
    /// Distinct starts.
    pub starts: Vec<Start>,
    /// Distinct histories.
    pub rows: Vec<History>,
}
