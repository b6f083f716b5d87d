//! Where one number is cut into classes.

use super::SegmentError;

/// How a number of customers is cut into classes.
///
/// ```
/// use clvcast::segment::Cutting;
/// let values = [1.0, 1.0, 1.0, 2.0, 5.0];
/// let halves = Cutting::Classes(2).cuts("frequency", &values)?;
/// assert_eq!(halves, [1.0]); // three of five lie at or below 1: as near to half as ties allow
/// let given = Cutting::Cuts(vec![1.0, 4.0]).cuts("frequency", &values)?;
/// assert_eq!(values.map(|value| clvcast::segment::class(&given, value)), [1, 1, 1, 2, 3]);
/// assert!(Cutting::Classes(2).cuts("frequency", &[3.0; 5]).is_err()); // nothing to cut
/// # Ok::<(), clvcast::segment::SegmentError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Cutting {
    /// That many classes of about the same number of customers.
    Classes(u32),
    /// At these values, ascending; a value equal to a cut belongs to the class below it.
    Cuts(Vec<f64>),
}

/// One of the three numbers of RFM.
///
/// ```
/// use clvcast::segment::Axis;
/// assert_eq!(Axis::ALL.map(Axis::name), ["recency", "frequency", "monetary"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Days from the last purchase to the as-of date; few days are a high class.
    Recency,
    /// Purchases so far.
    Frequency,
    /// Net amount so far, in total or per purchase, money.
    Monetary,
}

impl Axis {
    /// All three, in the order of their initials.
    pub const ALL: [Self; 3] = [Self::Recency, Self::Frequency, Self::Monetary];

    /// The name in options and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recency => "recency",
            Self::Frequency => "frequency",
            Self::Monetary => "monetary",
        }
    }
}

/// The class of a value, from 1: one more than there are cuts below it.
///
/// ```
/// use clvcast::segment::class;
/// assert_eq!([1.0, 5.0, 5.1].map(|value| class(&[1.0, 5.0], value)), [1, 2, 3]);
/// ```
#[must_use]
pub fn class(cuts: &[f64], value: f64) -> u32 {
    1 + u32::try_from(cuts.partition_point(|cut| *cut < value)).unwrap_or(u32::MAX - 1)
}

impl Cutting {
    /// Number of classes, some of which may be empty.
    #[must_use]
    pub fn classes(&self) -> u32 {
        match self {
            Self::Classes(classes) => *classes,
            Self::Cuts(cuts) => u32::try_from(cuts.len()).unwrap_or(u32::MAX - 1) + 1,
        }
    }

    /// Checks what can be known without data.
    ///
    /// # Errors
    /// One class or none, cuts that are not increasing or not finite.
    pub fn check(&self, option: &'static str) -> Result<(), SegmentError> {
        match self {
            Self::Classes(classes) if !(2..=MOST).contains(classes) => {
                Err(SegmentError::Classes { found: *classes })
            }
            Self::Cuts(cuts) => increasing(option, cuts),
            Self::Classes(_) => Ok(()),
        }
    }

    /// The cuts, one fewer than classes. Classes of about the same size are cut at observed values:
    /// for k of n classes at the value up to which the share of customers is nearest to k/n, the
    /// lower one of two that are as near. Equal values are never parted, whatever the order of
    /// customers; cuts may coincide, and leave the class between them empty.
    ///
    /// # Errors
    /// Fewer customers than classes; all values the same.
    pub fn cuts(&self, of: &'static str, values: &[f64]) -> Result<Vec<f64>, SegmentError> {
        let classes = match self {
            Self::Cuts(cuts) => return Ok(cuts.clone()),
            Self::Classes(classes) => *classes,
        };
        let customers = values.len();
        if customers < classes as usize {
            return Err(SegmentError::FewCustomers { of, customers, classes });
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        // Distinct values but the largest, with the number of customers up to each.
        let ends = (1..customers).filter(|&k| sorted[k - 1] < sorted[k]);
        let steps: Vec<(usize, f64)> = ends.map(|k| (k, sorted[k - 1])).collect();
        if steps.is_empty() {
            return Err(SegmentError::AllEqual { of, value: sorted[0] });
        }
        let nearest = |k: u32| {
            // Whole numbers: |up to · n − k · customers|.
            let wanted = k as usize * customers;
            let distance = |step: &&(usize, f64)| (step.0 * classes as usize).abs_diff(wanted);
            steps.iter().min_by_key(distance).map_or(sorted[0], |step| step.1)
        };
        Ok((1..classes).map(nearest).collect())
    }
}

/// Classes of one axis, at most: more are no classes.
const MOST: u32 = 100;

/// Checks that numbers are finite and increase.
pub(super) fn increasing(option: &'static str, cuts: &[f64]) -> Result<(), SegmentError> {
    let bad = cuts.is_empty()
        || cuts.iter().any(|cut| !cut.is_finite())
        || cuts.windows(2).any(|pair| pair[0] >= pair[1]);
    if bad {
        return Err(SegmentError::NotIncreasing { option, cuts: cuts.to_vec() });
    }
    Ok(())
}
