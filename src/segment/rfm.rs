//! Recency, frequency, monetary value: classes, the cube of all of them, and its eight named cells.

use super::cuts::class;
use super::{Axis, Cutting, Grouping, SegmentError};
use crate::panel::Panel;

/// What the monetary axis measures.
///
/// ```
/// assert_eq!(clvcast::segment::Spent::default().name(), "total");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spent {
    /// Net amount of the whole history.
    #[default]
    Total,
    /// Net amount per purchase, which does not grow with frequency.
    Mean,
}

impl Spent {
    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Mean => "mean",
        }
    }
}

/// How RFM classes are made.
///
/// ```
/// use clvcast::segment::{Cutting, RfmOptions};
/// assert_eq!(RfmOptions::default().cuttings[1], Cutting::Classes(5));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RfmOptions {
    /// Of recency, frequency and monetary value.
    pub cuttings: [Cutting; 3],
    /// What the monetary axis measures.
    pub spent: Spent,
}

impl Default for RfmOptions {
    fn default() -> Self {
        let fifths = || Cutting::Classes(5);
        Self { cuttings: [fifths(), fifths(), fifths()], spent: Spent::Total }
    }
}

/// The eight cells of the 2×2×2 cube, by high (true) or low recency, frequency and monetary value.
const CELLS: [(&str, [bool; 3]); 8] = [
    ("high-value", [true, true, true]),
    ("deepen", [true, false, true]),
    ("dormant", [false, true, true]),
    ("churning", [false, false, true]),
    ("potential", [true, true, false]),
    ("new", [true, false, false]),
    ("maintain", [false, true, false]),
    ("leave-alone", [false, false, false]),
];

/// Cuts of the three axes, which stay the same when another day's customers are classed.
///
/// Recency is in days since the last purchase, and few days are a high class; frequency counts
/// purchases; monetary value is money. The cells halve each axis: at its own cut where it has two
/// classes, else where about half of the customers lie on either side.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::segment::{Rfm, RfmOptions};
/// let rfm = Rfm::new(&panel, &RfmOptions::default())?;
/// let cell = rfm.cells(&panel);
/// assert_eq!((cell.groups.len(), cell.groups[0].as_str()), (8, "high-value"));
/// assert_eq!(rfm.cube(&panel).label(0), Some("2-2-5")); // 185 days, five purchases, 5 564
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Rfm {
    /// Cuts of recency, days; of frequency, purchases; of monetary value, money.
    pub cuts: [Vec<f64>; 3],
    /// The one cut of each axis that parts low from high.
    pub halves: [f64; 3],
    /// Classes of each axis.
    pub classes: [u32; 3],
    /// What the monetary axis measures.
    pub spent: Spent,
}

impl Rfm {
    /// Cuts from the customers of a panel; those without a purchase have no classes.
    ///
    /// # Errors
    /// See [`Cutting::cuts`].
    pub fn new(panel: &Panel, options: &RfmOptions) -> Result<Self, SegmentError> {
        let spent = options.spent;
        let known: Vec<[f64; 3]> =
            (0..panel.customers.len()).filter_map(|i| numbers(panel, spent, i)).collect();
        let mut cuts = [vec![], vec![], vec![]];
        let (mut halves, mut classes) = ([0.0; 3], [0; 3]);
        for (at, (axis, cutting)) in Axis::ALL.into_iter().zip(&options.cuttings).enumerate() {
            let values: Vec<f64> = known.iter().map(|numbers| numbers[at]).collect();
            cuts[at] = cutting.cuts(axis.name(), &values)?;
            classes[at] = cutting.classes();
            halves[at] = match cuts[at][..] {
                [one] => one,
                _ => half(axis, cutting, &values)?,
            };
        }
        Ok(Self { cuts, halves, classes, spent })
    }

    /// The classes of customer `i` on the three axes, from 1 (low) on; `None` without a purchase.
    #[must_use]
    pub fn of(&self, panel: &Panel, i: usize) -> Option<[u32; 3]> {
        let [recency, frequency, monetary] = numbers(panel, self.spent, i)?;
        Some([
            self.classes[0] + 1 - class(&self.cuts[0], recency),
            class(&self.cuts[1], frequency),
            class(&self.cuts[2], monetary),
        ])
    }

    /// All cells of the cube, labelled by their classes: `5-4-3` is recent, fairly frequent and of
    /// middling value. The highest come first.
    #[must_use]
    pub fn cube(&self, panel: &Panel) -> Grouping {
        let [recency, frequency, monetary] = self.classes;
        let axis = |classes: u32| (1..=classes).rev();
        let groups = axis(recency).flat_map(|r| {
            axis(frequency).flat_map(move |f| axis(monetary).map(move |m| format!("{r}-{f}-{m}")))
        });
        let place = |[r, f, m]: [u32; 3]| {
            ((recency - r) * frequency + frequency - f) * monetary + monetary - m
        };
        let of = (0..panel.customers.len()).map(|i| self.of(panel, i).map(place));
        Grouping { column: "rfm".to_owned(), groups: groups.collect(), of: of.collect() }
    }

    /// The sum of the three classes, the highest first.
    #[must_use]
    pub fn scores(&self, panel: &Panel) -> Grouping {
        let most: u32 = self.classes.iter().sum();
        let groups = (3..=most).rev().map(|score| score.to_string());
        let score = |classes: [u32; 3]| most - classes.iter().sum::<u32>();
        let of = (0..panel.customers.len()).map(|i| self.of(panel, i).map(score));
        Grouping { column: "rfm_score".to_owned(), groups: groups.collect(), of: of.collect() }
    }

    /// The eight named cells.
    #[must_use]
    pub fn cells(&self, panel: &Panel) -> Grouping {
        let [days, purchases, amount] = self.halves;
        let cell = |i| {
            let [recency, frequency, monetary] = numbers(panel, self.spent, i)?;
            let high = [recency <= days, frequency > purchases, monetary > amount];
            CELLS.iter().zip(0..).find(|(cell, _)| cell.1 == high).map(|(_, place)| place)
        };
        let groups = CELLS.map(|(name, _)| name.to_owned()).to_vec();
        let of = (0..panel.customers.len()).map(cell).collect();
        Grouping { column: "cell".to_owned(), groups, of }
    }

    /// What is odd about the classes, for people.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let empty = |cuts: &[f64]| cuts.windows(2).filter(|pair| pair[0] == pair[1]).count();
        let axes = Axis::ALL.into_iter().zip(&self.cuts).zip(self.classes);
        let odd = axes.map(|((axis, cuts), classes)| (axis, empty(cuts), classes));
        odd.filter(|(_, empty, _)| *empty > 0)
            .map(|(axis, empty, classes)| {
                let name = axis.name();
                format!("{empty} of {classes} classes of {name} are empty, as many customers have the same {name}, and equal customers are not parted: `--classes` with fewer, or `--{name}-cuts`, makes fuller ones")
            })
            .collect()
    }
}

/// Where low ends and high begins on an axis of more than two classes: about half of the customers,
/// or the middle one of given cuts where customers cannot be told apart.
fn half(axis: Axis, cutting: &Cutting, values: &[f64]) -> Result<f64, SegmentError> {
    match (Cutting::Classes(2).cuts(axis.name(), values), cutting) {
        (Ok(half), _) => Ok(half[0]),
        (Err(_), Cutting::Cuts(cuts)) => Ok(cuts[cuts.len() / 2]),
        (Err(error), Cutting::Classes(_)) => Err(error),
    }
}

/// Days since the last purchase, purchases, and money spent; `None` without a purchase.
fn numbers(panel: &Panel, spent: Spent, i: usize) -> Option<[f64; 3]> {
    let customer = &panel.customers[i];
    let days = panel.grid.as_of().since(customer.last_purchase?);
    let purchases = f64::from(customer.purchases);
    let amount = customer.amount.to_f64(panel.scale);
    let monetary = match spent {
        Spent::Total => amount,
        Spent::Mean => amount / purchases,
    };
    Some([f64::from(days), purchases, monetary])
}
