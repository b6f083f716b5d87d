//! A margin or an expense that the company decides: which number, how, and whether it can be meant.

/// What is overridden.
///
/// ```
/// use clvcast::value::Field;
/// assert_eq!([Field::Margin, Field::Expense].map(Field::name), ["margin", "expense"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The margin, as a share of the amount.
    Margin,
    /// The expense, money.
    Expense,
}

impl Field {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Margin => "margin",
            Self::Expense => "expense",
        }
    }

    /// Whether an override of it can be meant.
    ///
    /// ```
    /// use clvcast::value::{Field, Operation};
    /// assert!(Field::Margin.check(Operation::Set(0.35)).is_ok());
    /// let error = Field::Margin.check(Operation::Set(35.0)).unwrap_err();
    /// assert_eq!(error, "margin is set to `35`, expected a share of at most 1 (35 % is 0.35)");
    /// ```
    ///
    /// # Errors
    /// What was found and what is expected, in words.
    pub fn check(self, operation: Operation) -> Result<(), String> {
        let (Operation::Set(number) | Operation::Add(number) | Operation::Multiply(number)) =
            operation;
        let name = self.name();
        if !number.is_finite() {
            return Err(format!("{name} is `{number}`, expected a finite number"));
        }
        match (self, operation) {
            (Self::Expense, Operation::Set(v)) if v < 0.0 => {
                Err(format!("expense is set to `{v}`, expected at least 0"))
            }
            (Self::Margin, Operation::Set(v)) if v > 1.0 => {
                Err(format!("margin is set to `{v}`, expected a share of at most 1 (35 % is 0.35)"))
            }
            (_, Operation::Multiply(v)) if v < 0.0 => Err(format!(
                "{name} is multiplied by `{v}`, expected at least 0: a number of the other sign is set or added"
            )),
            _ => Ok(()),
        }
    }
}

/// A margin or an expense that was decided for one customer and coming period.
///
/// ```
/// use clvcast::value::{Decision, Field};
/// let decision = Decision {
///     customer: "A".into(), period: "2018-Q1".into(), field: Field::Margin, value: 0.35,
///     place: "Forecast!G4".into(),
/// };
/// assert_eq!(decision.field.name(), "margin");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The customer.
    pub customer: String,
    /// Label of the period.
    pub period: String,
    /// What was decided.
    pub field: Field,
    /// The number: a share, or money.
    pub value: f64,
    /// Where it stands, for messages.
    pub place: String,
}

/// How a number is overridden.
///
/// ```
/// use clvcast::value::Operation;
/// assert_eq!(Operation::Multiply(0.5).apply(Some(40.0)), Some(20.0));
/// assert_eq!(Operation::Add(5.0).apply(None), None); // there is nothing to adjust
/// assert_eq!(Operation::Set(5.0).apply(None), Some(5.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// Replaced by this value.
    Set(f64),
    /// This is added to it.
    Add(f64),
    /// It is multiplied by this.
    Multiply(f64),
}

impl Operation {
    /// The number after the override; `None` where there was none to adjust.
    #[must_use]
    pub fn apply(self, number: Option<f64>) -> Option<f64> {
        match self {
            Self::Set(value) => Some(value),
            Self::Add(value) => number.map(|n| n + value),
            Self::Multiply(value) => number.map(|n| n * value),
        }
    }
}
