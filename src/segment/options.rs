//! How customers are grouped, as far as it is known before the data.

use super::{Dormancy, Layers, RfmOptions, ScoreTable, SegmentError};

/// Options of all groupings.
///
/// ```
/// use clvcast::segment::{SegmentError, SegmentOptions};
/// let options = SegmentOptions::default();
/// assert!(options.check().is_ok());
/// let bad = SegmentOptions { near_zero: 7.0, ..options };
/// assert_eq!(bad.check(), Err(SegmentError::NearZero { found: 7.0 }));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentOptions {
    /// Classes of recency, frequency and monetary value.
    pub rfm: RfmOptions,
    /// Layers of forecast value.
    pub layers: Layers,
    /// Where sleep begins; by default a quarter, half a year and a year of silence.
    pub dormancy: Option<Dormancy>,
    /// A forecast profit below this share of the average customer's is near zero.
    pub near_zero: f64,
    /// Points of the value score.
    pub score: Option<ScoreTable>,
}

impl Default for SegmentOptions {
    fn default() -> Self {
        Self {
            rfm: RfmOptions::default(),
            layers: Layers::default(),
            dormancy: None,
            near_zero: super::NEAR_ZERO,
            score: None,
        }
    }
}

/// The options that give cuts of the three axes.
const CUTS: [&str; 3] = ["--recency-cuts", "--frequency-cuts", "--monetary-cuts"];

impl SegmentOptions {
    /// Checks what can be known without data.
    ///
    /// # Errors
    /// Classes, cuts, layers or shares that cannot be meant.
    pub fn check(&self) -> Result<(), SegmentError> {
        for (option, cutting) in CUTS.into_iter().zip(&self.rfm.cuttings) {
            cutting.check(option)?;
        }
        self.layers.check()?;
        if !(0.0..=1.0).contains(&self.near_zero) {
            return Err(SegmentError::NearZero { found: self.near_zero });
        }
        Ok(())
    }
}
