//! Why nothing could be fitted.

/// The data cannot carry a fit; each message says what would.
///
/// ```
/// use clvcast::fit::{NbdData, fit_nbd};
/// let error = fit_nbd(&NbdData::new([(2, 4.0, 1)], false)).unwrap_err();
/// assert!(error.to_string().starts_with("found 1 customer(s) to fit, expected at least 2"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// Fewer than two customers.
    #[error(
        "found {customers} customer(s) to fit, expected at least 2: use a model fitted on a larger base with `--model FILE`"
    )]
    TooFewCustomers {
        /// Customers found.
        customers: u64,
    },
    /// Nobody purchased again.
    #[error(
        "found no repeat purchase among {customers} customers, expected at least one: use a longer history, a later `--as-of`, or a fitted model with `--model FILE`"
    )]
    NoRepeatPurchase {
        /// Customers found.
        customers: u64,
    },
    /// No customer has been observed for any time after the first purchase.
    #[error(
        "all {customers} customers made their first purchase on the as-of date, so nothing has been observed since: use a later `--as-of` or `--model FILE`"
    )]
    NoExposure {
        /// Customers found.
        customers: u64,
    },
    /// A history of one period holds no transition between periods.
    #[error(
        "the history covers one period only, expected at least 2: use a shorter `--period` (such as 7d), a longer history, or a fitted model with `--model FILE`"
    )]
    OnePeriod,
    /// No active period with a positive amount.
    #[error(
        "found no period with a positive net amount, expected at least one: check the amount column, or use `--amount none` to forecast purchases only"
    )]
    NoPositiveAmount,
    /// The number of customers known from elsewhere is below the number of buyers.
    #[error(
        "`--base {base}` is less than the {buyers} customers with purchases in the data: give the number of all customers, buyers included"
    )]
    BaseTooSmall {
        /// The number given.
        base: u64,
        /// Customers with purchases.
        buyers: u64,
    },
    /// A season needs two full years.
    #[error(
        "`{option} {season}`: found {days} days of history from the first purchase on, expected two full years, as one alone cannot tell what comes back: use `{option} none`, or known factors with `--calendar FILE`"
    )]
    ShortForSeason {
        /// The option.
        option: &'static str,
        /// The season asked for.
        season: &'static str,
        /// Days of the panel.
        days: i32,
    },
    /// A model with attrition needs to know when customers came.
    #[error(
        "`{model}` needs the first-purchase clock: under the panel clock nobody knows when a customer came; leave out `--clock panel`, or use nbd"
    )]
    NeedsFirstPurchase {
        /// The model asked for.
        model: &'static str,
    },
    /// One mean per customer has no periods that a calendar could explain.
    #[error(
        "`--spend repeat-mean` has one value per customer over all periods, so no {part} of purchase values can be estimated: use `--spend period` or `--spend purchase`"
    )]
    NoPeriodsOfValues {
        /// What was asked for.
        part: &'static str,
    },
    /// A dependence on purchase rates needs one of each customer.
    #[error(
        "the purchase rate of customer `{customer}` is {rate}, expected a positive number of purchases per period: give one for each customer of the panel"
    )]
    NoRate {
        /// The customer's id.
        customer: String,
        /// The rate found; NaN for none.
        rate: f64,
    },
    /// The optimiser did not reach a maximum from any start.
    #[error(
        "the likelihood of `{part}` did not converge ({reason}); the best point seen has log-likelihood {log_likelihood:.6} at {parameters:?}: check the amounts and counts for outliers with `clvcast inspect` and the factors of a calendar file, leave out `--season`, `--trend` or `--penalty`, or give a model with `--model FILE`"
    )]
    NotConverged {
        /// Which model.
        part: &'static str,
        /// Why the optimiser stopped.
        reason: super::StopReason,
        /// Log-likelihood at the best point.
        log_likelihood: f64,
        /// The best point, natural scale.
        parameters: Vec<f64>,
    },
}

impl FitError {
    /// From the best climb, if any ended at a number.
    pub(super) fn not_converged(part: &'static str, best: Option<&super::newton::Climb>) -> Self {
        Self::NotConverged {
            part,
            reason: best.map_or(super::StopReason::MaxIterations, |best| best.stop),
            log_likelihood: best.map_or(f64::NAN, |best| best.value),
            parameters: best.map_or_else(Vec::new, |best| best.theta.iter().copied().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::StopReason;
    use super::*;

    #[test]
    fn what_does_not_converge_says_where_it_was_and_what_to_do() {
        let error = FitError::NotConverged {
            part: "calendar",
            reason: StopReason::MaxIterations,
            log_likelihood: -12.5,
            parameters: vec![0.5, 2.0],
        };
        let text = error.to_string();
        let parts =
            ["`calendar` did not converge", "-12.500000", "[0.5, 2.0]", "inspect", "--model FILE"];
        for part in parts {
            assert!(text.contains(part), "no `{part}` in: {text}");
        }
        assert!(FitError::not_converged("pdo", None).to_string().contains("NaN at []"));
    }
}
