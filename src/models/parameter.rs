//! Parameters on their natural scale: positive and finite by construction.

/// A positive, finite number: the natural scale of every parameter here.
///
/// ```
/// use clvcast::models::Positive;
/// assert_eq!(Positive::new("a", 1.84).unwrap().get(), 1.84);
/// assert!(Positive::new("q", 0.0).is_err());
/// assert!(Positive::new("q", f64::NAN).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Positive(f64);

/// A parameter outside its range.
///
/// ```
/// let error = clvcast::models::RateLaw::nbd(0.0, 2.67).unwrap_err();
/// assert_eq!(error.to_string(), "parameter `a`: found 0, expected a positive finite number");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("parameter `{name}`: found {found}, expected {expected}")]
pub struct ParameterError {
    /// The parameter's name in the model file.
    pub name: &'static str,
    /// The value found.
    pub found: f64,
    /// What it has to be, in words.
    pub expected: &'static str,
}

impl Positive {
    /// Checks a value; `name` is used in the error.
    ///
    /// # Errors
    /// When the value is not positive and finite.
    pub fn new(name: &'static str, value: f64) -> Result<Self, ParameterError> {
        if value.is_finite() && value > 0.0 {
            Ok(Self(value))
        } else {
            Err(ParameterError { name, found: value, expected: "a positive finite number" })
        }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}
