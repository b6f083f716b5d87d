//! What a company knows of customers beside their transactions.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use super::SegmentError;
use super::csv_table::{number, read};
use crate::panel::Panel;

/// The numbers a company may give.
pub(super) const NUMBERS: [&str; 3] = ["opportunities", "suggestions", "acquisition_cost"];
/// The words or numbers it may give.
pub(super) const WORDS: [&str; 3] = ["loyalty", "volume", "stage"];

/// Attributes of the customers of a panel, from a CSV with the column `customer` and any of
/// opportunities, suggestions (counts), acquisition_cost (money), loyalty, volume (`low`, `medium`,
/// `high`, or numbers), stage (a step of the customer ladder).
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// use clvcast::segment::Attributes;
/// let file = "customer,suggestions\nAA-10315,4\nnobody,1\n";
/// let attributes = Attributes::read(file.as_bytes(), &panel)?;
/// assert_eq!(attributes.numbers["suggestions"][..2], [Some(4.0), None]);
/// assert_eq!(attributes.elsewhere, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes {
    /// One number per customer, or none, by column.
    pub numbers: BTreeMap<String, Vec<Option<f64>>>,
    /// One word per customer, or none, by column.
    pub words: BTreeMap<String, Vec<Option<String>>>,
    /// Rows about customers who are not in the panel.
    pub elsewhere: u64,
}

/// How messages name the file.
const FILE: &str = "the attributes file";

impl Attributes {
    /// Reads the file.
    ///
    /// # Errors
    /// Not a CSV with the columns expected; all rows that repeat a customer or hold no numbers.
    pub fn read(input: impl Read, panel: &Panel) -> Result<Self, SegmentError> {
        let optional: Vec<&str> = NUMBERS.into_iter().chain(WORDS).collect();
        let customers = panel.customers.len();
        let mut numbers: Vec<Option<Vec<Option<f64>>>> = vec![None; NUMBERS.len()];
        let mut words: Vec<Option<Vec<Option<String>>>> = vec![None; WORDS.len()];
        let mut lines: HashMap<String, u64> = HashMap::new();
        let mut elsewhere = 0;
        read(FILE, input, &["customer"], &optional, |line, cells| {
            let id = cells[0].unwrap_or_default();
            if let Some(first) = lines.insert(id.to_owned(), line) {
                return Err(format!(
                    "customer `{id}` stands in line {first} already, expected once"
                ));
            }
            let Ok(i) = panel.ids.binary_search_by(|known| known.as_str().cmp(id)) else {
                elsewhere += 1;
                return Ok(());
            };
            for (at, (name, cell)) in NUMBERS.iter().zip(&cells[1..]).enumerate() {
                let Some(text) = cell else { continue };
                let column = numbers[at].get_or_insert_with(|| vec![None; customers]);
                if !text.is_empty() {
                    let value = number(name, text)?;
                    if value < 0.0 {
                        return Err(format!("{name} is `{text}`, expected at least 0"));
                    }
                    column[i] = Some(value);
                }
            }
            for (at, cell) in cells[1 + NUMBERS.len()..].iter().enumerate() {
                let Some(text) = cell else { continue };
                let column = words[at].get_or_insert_with(|| vec![None; customers]);
                if !text.is_empty() {
                    column[i] = Some((*text).to_owned());
                }
            }
            Ok(())
        })?;
        let numbers: BTreeMap<String, _> = NUMBERS
            .iter()
            .zip(numbers)
            .filter_map(|(name, column)| Some(((*name).to_owned(), column?)))
            .collect();
        let words: BTreeMap<String, _> = WORDS
            .iter()
            .zip(words)
            .filter_map(|(name, column)| Some(((*name).to_owned(), column?)))
            .collect();
        if numbers.is_empty() && words.is_empty() {
            let found = "it says nothing about any customer of the data".to_owned();
            let expected = format!(
                "a CSV file with the column customer, whose ids are those of the transactions, and any of {}",
                optional.join(", ")
            );
            return Err(SegmentError::Table { file: FILE, found, expected });
        }
        Ok(Self { numbers, words, elsewhere })
    }
}
