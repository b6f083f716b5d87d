//! Where groups moved in the past, and where their customers are expected.

/// Customers of each group of one day, counted by their group of a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Moves {
    /// The column of the grouping, as in [`Grouping::column`](super::Grouping::column).
    pub column: String,
    /// Its labels.
    pub groups: Vec<String>,
    /// Label of the last period before the moves.
    pub from: String,
    /// Label of the last period of the history.
    pub to: String,
    /// Customers by group then (row) and now (column); the last column counts those without a
    /// label now.
    pub counts: Vec<Vec<u64>>,
    /// Customers of today who were not there then, by group now; the last ones have no label.
    pub newcomers: Vec<u64>,
}

/// Where the customers of each group are expected in the last period of the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// The column of the grouping.
    pub column: String,
    /// Its labels.
    pub groups: Vec<String>,
    /// Label of the last period of the horizon.
    pub period: String,
    /// Names of the places: without a purchase in that period, then the value bands.
    pub places: Vec<String>,
    /// Expected customers by group (row) and place (column); rows add up to the customers of the
    /// group that have a forecast.
    pub expected: Vec<Vec<f64>>,
}
