//! The customer ladder and the loyalty × volume grid, from what a company knows of its customers.

use super::{Attributes, Cutting, Grouping, SegmentError, class};
use crate::panel::Panel;

/// The eight steps of the customer ladder, the highest first.
///
/// ```
/// assert_eq!(clvcast::segment::LADDER[7], "suspect");
/// ```
pub const LADDER: [&str; 8] = [
    "partner",
    "advocate",
    "member",
    "client",
    "repeat-customer",
    "first-time-customer",
    "prospect",
    "suspect",
];

/// Classes of loyalty and volume, the highest first.
const LEVELS: [&str; 3] = ["high", "medium", "low"];

/// The step of every customer, from the attribute `stage`; `None` where it is not given.
///
/// # Errors
/// Names all words that are no step.
///
/// ```
/// use clvcast::segment::{Attributes, ladder};
/// let stages = [Some("Repeat customer".to_owned()), None, Some("client".to_owned())];
/// let words = [("stage".to_owned(), stages.to_vec())].into();
/// let attributes = Attributes { words, ..Attributes::default() };
/// let ladder = ladder(&attributes)?.unwrap();
/// assert_eq!((ladder.label(0), ladder.label(1)), (Some("repeat-customer"), None));
/// # Ok::<(), clvcast::segment::SegmentError>(())
/// ```
pub fn ladder(attributes: &Attributes) -> Result<Option<Grouping>, SegmentError> {
    let Some(stages) = attributes.words.get("stage") else { return Ok(None) };
    let of = places("stage", stages, &LADDER)?;
    Ok(Some(Grouping {
        column: "ladder".to_owned(),
        groups: LADDER.map(str::to_owned).to_vec(),
        of,
    }))
}

/// Loyalty × volume, nine cells such as `high-low`: highly loyal, low volume. Volume is the
/// attribute, or the past amount where it is not given; numbers are cut into thirds. `None` where
/// loyalty is not given.
///
/// # Errors
/// Words that are no level; numbers that cannot be cut.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::segment::{Attributes, loyalty_grid};
/// let file = "customer,loyalty,volume\nAA-10315,high,low\n";
/// let grid = loyalty_grid(&panel, &Attributes::read(file.as_bytes(), &panel)?)?.unwrap();
/// assert_eq!((grid.label(0), grid.label(1)), (Some("high-low"), None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn loyalty_grid(
    panel: &Panel,
    attributes: &Attributes,
) -> Result<Option<Grouping>, SegmentError> {
    let known = attributes.words.get("loyalty");
    let Some(loyalty) = known.filter(|cells| cells.iter().any(Option::is_some)) else {
        return Ok(None);
    };
    let loyalty = levels("loyalty", loyalty)?;
    let volume = match attributes.words.get("volume") {
        Some(volume) => levels("volume", volume)?,
        None if !panel.has_amount => return Ok(None),
        None => {
            let amounts = panel.customers.iter().map(|c| Some(c.amount.to_f64(panel.scale)));
            thirds("volume", &amounts.collect::<Vec<_>>())?
        }
    };
    let groups = LEVELS.iter().flat_map(|l| LEVELS.iter().map(move |v| format!("{l}-{v}")));
    let of = loyalty.iter().zip(&volume).map(|(l, v)| Some((*l)? * 3 + (*v)?));
    Ok(Some(Grouping { column: "grid".to_owned(), groups: groups.collect(), of: of.collect() }))
}

/// The level of every customer, 0 for high: from words, or from numbers.
fn levels(
    column: &'static str,
    cells: &[Option<String>],
) -> Result<Vec<Option<u32>>, SegmentError> {
    let parse = |cell: &Option<String>| match cell {
        None => Ok(None),
        Some(text) => text.parse().map(Some),
    };
    match cells.iter().map(parse).collect::<Result<Vec<Option<f64>>, _>>() {
        Ok(numbers) if numbers.iter().flatten().all(|number| number.is_finite()) => {
            thirds(column, &numbers)
        }
        _ => places(column, cells, &LEVELS),
    }
}

/// Numbers in thirds, 0 for the highest.
fn thirds(of: &'static str, numbers: &[Option<f64>]) -> Result<Vec<Option<u32>>, SegmentError> {
    let known: Vec<f64> = numbers.iter().copied().flatten().collect();
    let cuts = Cutting::Classes(3).cuts(of, &known)?;
    Ok(numbers.iter().map(|number| number.map(|number| 3 - class(&cuts, number))).collect())
}

/// Positions of words in a list; blanks and underscores stand for hyphens.
fn places(
    column: &'static str,
    cells: &[Option<String>],
    known: &[&str],
) -> Result<Vec<Option<u32>>, SegmentError> {
    let mut unknown = std::collections::BTreeSet::new();
    let mut place = |cell: &Option<String>| {
        let word = cell.as_ref()?;
        let clean = word.trim().to_lowercase().replace([' ', '_'], "-");
        let found = (0..).zip(known).find(|(_, known)| **known == clean).map(|(place, _)| place);
        if found.is_none() {
            unknown.insert(word.clone());
        }
        found
    };
    let of = cells.iter().map(&mut place).collect();
    if unknown.is_empty() {
        return Ok(of);
    }
    let total = unknown.len();
    let shown: Vec<String> = unknown.into_iter().take(20).map(|word| format!("`{word}`")).collect();
    Err(SegmentError::Table {
        file: "the attributes file",
        found: format!("{total} unknown word(s) in the column {column}: {}", shown.join(", ")),
        expected: known.join(", "),
    })
}
