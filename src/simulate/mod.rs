//! Synthetic ledgers whose truth is known: the model of this crate run forwards.
//!
//! ```
//! use clvcast::simulate::{Scenario, simulate};
//! let scenario = Scenario { customers: 50, seed: 7, ..Scenario::default() };
//! let simulation = simulate(&scenario)?;
//! assert_eq!(simulation.customers.len(), 50);
//! assert_eq!(simulation.customers[0].id, "C0000001");
//!
//! // The same seed gives the same ledger, and more customers do not change the first ones.
//! let more = simulate(&Scenario { customers: 60, ..scenario })?;
//! assert_eq!(simulation.customers[..], more.customers[..50]);
//!
//! let mut csv = Vec::new();
//! simulation.write_csv(&mut csv)?;
//! assert!(csv.starts_with(b"customer,date,amount,cost,expense,segment\nC0000"));
//! assert!(simulation.truth_json().contains("\"lambda\""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cents;
mod clock;
mod customer;
mod days;
mod leaving;
mod ledger;
mod replay;
mod scenario;
mod truth;

use rayon::prelude::*;

use clock::Clock;

use crate::models::FrequencyLaw;
use crate::panel::Grid;
use crate::units::Day;

pub(crate) use customer::gamma;
pub(crate) use leaving::{opportunities, probability};
pub(crate) use replay::replay;
pub use scenario::{Scenario, SimulateError};

/// A synthetic ledger and its truth.
///
/// ```
/// use clvcast::simulate::{Scenario, simulate};
/// let simulation = simulate(&Scenario { customers: 20, ..Scenario::default() })?;
/// let ledger = simulation.to_ledger(); // what reading its CSV would give
/// assert_eq!(ledger.rows.len(), simulation.rows.len());
/// assert_eq!(ledger.customers.len(), 20);
/// # Ok::<(), clvcast::simulate::SimulateError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// What was asked for.
    pub scenario: Scenario,
    /// The purchases, sorted by day and then by customer; a customer has at most one on a day.
    pub rows: Vec<SimulatedRow>,
    /// The truth about each customer, ascending by id.
    pub customers: Vec<Truth>,
}

/// One purchase; money in cents.
///
/// ```
/// use clvcast::simulate::{Scenario, simulate};
/// let scenario = Scenario { customers: 20, expense_rate: None, ..Scenario::default() };
/// let row = simulate(&scenario)?.rows[0];
/// assert!(row.amount.unwrap() >= 1 && row.cost.is_some());
/// assert_eq!(row.expense, None);
/// # Ok::<(), clvcast::simulate::SimulateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulatedRow {
    /// Index into [`Simulation::customers`].
    pub customer: u32,
    /// Day of the purchase.
    pub day: Day,
    /// Amount, at least one cent; `None` in a scenario without a law of values.
    pub amount: Option<i64>,
    /// Product cost; `None` in a scenario without a margin.
    pub cost: Option<i64>,
    /// Relationship-marketing expense; `None` in a scenario without an expense rate.
    pub expense: Option<i64>,
}

/// What is true of one customer and could only be estimated from the ledger.
///
/// ```
/// use clvcast::simulate::{Scenario, simulate};
/// let truth = simulate(&Scenario { customers: 20, ..Scenario::default() })?.customers[0].clone();
/// let p = 6.25; // of the default scenario
/// assert!((truth.mean_value.unwrap() * truth.nu.unwrap() - p).abs() < 1e-9);
/// # Ok::<(), clvcast::simulate::SimulateError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// Customer id, `C0000001` for the first.
    pub id: String,
    /// λ, purchases per period.
    pub lambda: f64,
    /// ν, the rate of the customer's values, per money; `None` without a law of values and where
    /// the customer always spends the same (ν is infinite there).
    pub nu: Option<f64>,
    /// E\[m | ν\] = p/ν, the customer's mean purchase value, money; `None` without a law of values.
    pub mean_value: Option<f64>,
    /// The customer's gross margin, a share of the amount; `None` in a scenario without a margin.
    pub margin: Option<f64>,
    /// The customer's segment, which says nothing about its rates.
    pub segment: Option<&'static str>,
    /// Day of the first purchase.
    pub first_purchase: Day,
    /// What the customer leaves by: the probability p (BG/NBD, MBG/NBD) or θ (PDO) at an
    /// opportunity, the rate μ per period (Pareto/NBD); `None` in the NBD.
    pub dropout: Option<f64>,
    /// The last day on which the customer was there; `None` for a customer who had not left when
    /// the last day was over.
    pub left: Option<Day>,
}

/// Draws a ledger from a scenario.
///
/// *Purchases.* Customer i has a rate `λ_i` from the scenario's law, purchases for the first time on
/// a day drawn uniformly from the acquisition periods, and from the next day on as a Poisson process
/// with `λ_i` purchases per period until the last day. Within a period the days of the purchases are
/// a uniform draw of distinct days, so that the panel, which merges purchases of one day, counts
/// exactly what was drawn. A period of d days cannot hold more than d purchases: higher counts are
/// cut to d. At rates far below one purchase a day (λ below half of d) this never matters.
///
/// *A calendar* multiplies the rate by its factor g(day): a part of a period counts as the sum of
/// its days' factors, each day's share of the period times g, and the distinct days of the purchases
/// are drawn with probabilities proportional to g.
///
/// *Leaving.* BG/NBD: after each repeat purchase with the customer's probability p; MBG/NBD: after
/// the first purchase, too. Pareto/NBD: after an exponential lifetime with the customer's rate μ,
/// in operational time (a calendar that makes purchasing faster ages customers faster), from the
/// end of the first day on. PDO: with probability θ at the end of every sub-period of tau days
/// counted back from the last day, that day included, from the first day's own sub-period on.
///
/// *Values.* Form `period`: the average purchase value of every active period is Gamma(p, `ν_i`), and
/// its purchases share the period's total, rounded to cents, in random proportions. Form
/// `purchase`: every purchase is Gamma(p, `ν_i`), rounded to cents. Every purchase is worth at least
/// one cent and at most 10^13 units of money, the range in which amounts stay exact.
///
/// Each customer has its own stream of random numbers: the result does not depend on the number of
/// threads, nor a customer's history on the number of customers.
///
/// # Errors
/// When the scenario cannot be simulated; see [`SimulateError`].
///
/// ```
/// use clvcast::simulate::{Scenario, simulate};
/// let simulation = simulate(&Scenario { customers: 500, ..Scenario::default() })?;
/// let mean = simulation.customers.iter().map(|truth| truth.lambda).sum::<f64>() / 500.0;
/// assert!((mean - 2.67 / 1.84).abs() < 0.2); // b/a: five standard errors are 0.2
/// # Ok::<(), clvcast::simulate::SimulateError>(())
/// ```
pub fn simulate(scenario: &Scenario) -> Result<Simulation, SimulateError> {
    let grid: Grid = scenario.check()?;
    let calendar = scenario.calendar.as_ref().filter(|calendar| !calendar.is_flat());
    let stays = matches!(scenario.frequency, FrequencyLaw::Nbd(_));
    let clock = (!stays || calendar.is_some())
        .then(|| Clock::new(&grid, scenario.first_period(), calendar));
    let drawn: Vec<(Truth, Vec<SimulatedRow>)> = (0..scenario.customers)
        .into_par_iter()
        .map(|index| customer::draw(scenario, &grid, clock.as_ref(), index, None))
        .collect();
    let mut rows = Vec::with_capacity(drawn.iter().map(|(_, rows)| rows.len()).sum());
    let mut customers = Vec::with_capacity(drawn.len());
    for (truth, purchases) in drawn {
        customers.push(truth);
        rows.extend(purchases);
    }
    // No two rows share day and customer, so the order is unique.
    rows.par_sort_unstable_by_key(|row| (row.day, row.customer));
    Ok(Simulation { scenario: scenario.clone(), rows, customers })
}
