//! Value layers: the customer pyramid, by rank or by cut-offs of the forecast value.

use super::cuts::{class, increasing};
use super::{Grouping, SegmentError};

/// How customers are layered by value, the most valuable layer first: A, B, C, …
///
/// ```
/// use clvcast::segment::Layers;
/// let values = [Some(9.0), Some(5.0), Some(5.0), Some(1.0), None];
/// let layers = Layers::Shares(vec![0.25, 0.25]).group(&values);
/// let labels: Vec<_> = (0..5).map(|i| layers.label(i)).collect();
/// // Equal values share the higher layer.
/// assert_eq!(labels, [Some("A"), Some("B"), Some("B"), Some("C"), None]);
/// let layers = Layers::Cuts(vec![0.0, 5.0]).group(&values);
/// assert_eq!(layers.label(1), Some("A")); // 5 or more
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Layers {
    /// Shares of the customers, from the most valuable on; the rest are the last layer.
    Shares(Vec<f64>),
    /// Values at which a higher layer begins, ascending, money.
    Cuts(Vec<f64>),
}

impl Default for Layers {
    /// The customer pyramid: the top 1 %, the next 4 %, the next 15 %, the other 80 %.
    fn default() -> Self {
        Self::Shares(vec![0.01, 0.04, 0.15])
    }
}

/// Layers have one letter each.
const MOST: usize = 25;

impl Layers {
    /// Checks what can be known without data.
    ///
    /// # Errors
    /// Shares that are none, cuts that do not increase.
    pub fn check(&self) -> Result<(), SegmentError> {
        let (Self::Shares(numbers) | Self::Cuts(numbers)) = self;
        if numbers.len() > MOST {
            let found = format!("{} layers", numbers.len() + 1);
            return Err(SegmentError::Layers { found });
        }
        match self {
            Self::Cuts(cuts) => increasing("--layer-cuts", cuts),
            Self::Shares(shares) => {
                let sum: f64 = shares.iter().sum();
                let positive = !shares.is_empty() && shares.iter().all(|share| *share > 0.0);
                if positive && sum < 1.0 {
                    return Ok(());
                }
                let all: Vec<String> = shares.iter().map(f64::to_string).collect();
                Err(SegmentError::Layers { found: format!("found {}", all.join(",")) })
            }
        }
    }

    /// Number of layers.
    #[must_use]
    pub fn count(&self) -> usize {
        let (Self::Shares(numbers) | Self::Cuts(numbers)) = self;
        numbers.len() + 1
    }

    /// The layers of one value per customer, money. By rank a customer is in the first layer that
    /// is not yet full with those of higher value, so that equal values share a layer.
    #[must_use]
    pub fn group(&self, values: &[Option<f64>]) -> Grouping {
        let last = u32::try_from(self.count() - 1).unwrap_or(u32::MAX);
        let of: Vec<Option<u32>> = match self {
            Self::Cuts(cuts) => {
                // A value equal to a cut-off has reached it: ascending cuts below or at the value.
                let below: Vec<f64> = cuts.iter().map(|cut| -cut).rev().collect();
                values.iter().map(|value| value.map(|value| class(&below, -value) - 1)).collect()
            }
            Self::Shares(shares) => {
                let mut sorted: Vec<f64> = values.iter().copied().flatten().collect();
                sorted.sort_by(|a, b| b.total_cmp(a));
                let customers = sorted.len() as f64;
                let ends: Vec<f64> = shares
                    .iter()
                    .scan(0.0, |sum, share| {
                        *sum += share;
                        Some(*sum * customers)
                    })
                    .collect();
                let layer = |value: f64| {
                    let higher = sorted.partition_point(|other| *other > value) as f64;
                    // A whole number of customers, but for the rounding of sums of shares.
                    let full = ends.partition_point(|end| *end <= higher + WHOLE);
                    u32::try_from(full).unwrap_or(last)
                };
                values.iter().map(|value| value.map(layer)).collect()
            }
        };
        let groups = ('A'..='Z').take(self.count()).map(String::from).collect();
        Grouping { column: "layer".to_owned(), groups, of }
    }
}

/// Sums of a few shares times millions of customers are whole numbers to about 1e-8.
const WHOLE: f64 = 1e-6;
