//! Margins and expenses the company decides: overrides from a file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Decision, Field, Operation, OverrideError};
use crate::panel::{Panel, PeriodIndex};

/// Whom a row speaks of; later variants beat earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    All,
    Segment(String),
    Customer(String),
}

/// Overrides of margins and expenses. A customer beats a segment beats all; at equal scope a named
/// period beats all periods.
///
/// ```
/// use clvcast::value::{Field, Operation, Overrides};
/// let text = "customer,segment,period,field,op,value\n*,,,margin,set,0.3\nA,,2018-Q1,margin,add,0.05\n";
/// let labels = ["2018-Q1".to_owned(), "2018-Q2".to_owned()];
/// let known = |id: &str| id == "A";
/// let overrides = Overrides::read(text.as_bytes(), &labels, known, |_| false).unwrap();
/// assert_eq!(overrides.find("A", None, 0, Field::Margin), Some(Operation::Add(0.05)));
/// assert_eq!(overrides.find("A", None, 1, Field::Margin), Some(Operation::Set(0.3)));
/// assert_eq!(overrides.find("B", None, 0, Field::Expense), None);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overrides {
    customers: BTreeMap<String, Numbers>,
    segments: BTreeMap<String, Numbers>,
    all: Numbers,
}

/// What is decided for one scope, by number and period (index from 0; `None` for all).
type Numbers = BTreeMap<(Field, Option<usize>), Operation>;

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all customers"),
            Self::Segment(segment) => write!(f, "segment `{segment}`"),
            Self::Customer(customer) => write!(f, "customer `{customer}`"),
        }
    }
}

impl Overrides {
    /// Reads an overrides file for the customers and segments of a panel and its coming periods,
    /// `horizon` of them.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// use clvcast::value::Overrides;
    /// let file = "customer,segment,period,field,op,value\nTC-20980,,2018-Q1,margin,set,0.3\n";
    /// assert!(!Overrides::for_panel(file.as_bytes(), &panel, 3)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn for_panel(
        input: impl std::io::Read,
        panel: &Panel,
        horizon: u32,
    ) -> Result<Self, OverrideError> {
        let labels = labels(panel, horizon);
        let customer = |id: &str| is_known(panel, id);
        let segment = |name: &str| {
            panel.segments.as_ref().is_some_and(|all| all.iter().any(|known| known == name))
        };
        Self::read(input, &labels, customer, segment)
    }

    /// Reads the CSV columns customer, segment, period, field (margin|expense), op
    /// (set|add|multiply), value; empty or `*` means all. `labels` are the forecast periods.
    ///
    /// # Errors
    /// Lists every row that cannot be used: unknown customers, segments, periods or words, values
    /// that are not finite, and rows of equal rank that contradict each other.
    pub fn read(
        input: impl std::io::Read,
        labels: &[String],
        known_customer: impl Fn(&str) -> bool,
        known_segment: impl Fn(&str) -> bool,
    ) -> Result<Self, OverrideError> {
        let format = |found: String| OverrideError::Format { found };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
        let header = reader.headers().map_err(|e| format(reading(&e)))?.clone();
        let mut columns = [0; 6];
        for (slot, name) in
            columns.iter_mut().zip(["customer", "segment", "period", "field", "op", "value"])
        {
            let clean = |h: &str| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name);
            let mut found = (0..header.len()).filter(|&at| clean(&header[at]));
            *slot = found.next().ok_or_else(|| {
                let header: Vec<&str> = header.iter().collect();
                format(format!("no column `{name}` in the header `{}`", header.join(",")))
            })?;
            if found.next().is_some() {
                return Err(format(format!("two columns `{name}` in the header")));
            }
        }
        let mut overrides = Self::default();
        let mut bad = Vec::new();
        let mut lines: BTreeMap<(Field, Scope, Option<usize>), u64> = BTreeMap::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    bad.push((line, reading(&error)));
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let cells = columns.map(|c| record.get(c).unwrap_or_default());
            match entry(cells, labels, &known_customer, &known_segment) {
                Err(what) => bad.push((line, what)),
                Ok((key, operation)) => {
                    let numbers = overrides.numbers(&key.1);
                    if *numbers.entry((key.0, key.2)).or_insert(operation) == operation {
                        lines.insert(key, line);
                        continue;
                    }
                    bad.push((
                        line,
                        format!(
                            "the {} of {} is already overridden otherwise in line {}: keep one of the two",
                            key.0.name(), key.1, lines[&key]
                        ),
                    ));
                }
            }
        }
        if bad.is_empty() { Ok(overrides) } else { Err(OverrideError::Rows(bad)) }
    }

    /// Overrides of single customers and periods, such as the cells that were changed in a workbook,
    /// for a panel and its coming periods, `horizon` of them.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// use clvcast::value::{Decision, Field, Operation, Overrides};
    /// let decision = Decision {
    ///     customer: "TC-20980".into(), period: "2018-Q2".into(), field: Field::Margin, value: 0.3,
    ///     place: "Forecast!M4".into(),
    /// };
    /// let overrides = Overrides::decided(&[decision], &panel, 3)?;
    /// let found = overrides.find("TC-20980", None, 1, Field::Margin);
    /// assert_eq!(found, Some(Operation::Set(0.3)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Lists every decision that cannot be used: unknown customers and periods, numbers that cannot
    /// be meant, and two that contradict each other.
    pub fn decided(
        decisions: &[Decision],
        panel: &Panel,
        horizon: u32,
    ) -> Result<Self, OverrideError> {
        let labels = labels(panel, horizon);
        let (mut overrides, mut bad) = (Self::default(), Vec::new());
        for decision in decisions {
            let Decision { customer, field, value, place, .. } = decision;
            let operation = Operation::Set(*value);
            let checked = field.check(operation).and_then(|()| {
                if is_known(panel, customer) {
                    named(&decision.period, &labels)
                } else {
                    Err(format!("customer `{customer}` is not in the data"))
                }
            });
            match checked {
                Err(what) => bad.push((place.clone(), what)),
                Ok(period) => {
                    let numbers = overrides.numbers(&Scope::Customer(customer.clone()));
                    if *numbers.entry((*field, Some(period))).or_insert(operation) != operation {
                        let name = field.name();
                        bad.push((
                            place.clone(),
                            format!(
                                "the {name} of customer `{customer}` is already decided otherwise for that period"
                            ),
                        ));
                    }
                }
            }
        }
        if bad.is_empty() { Ok(overrides) } else { Err(OverrideError::Decisions(bad)) }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty() && self.segments.is_empty() && self.all.is_empty()
    }

    /// What is decided for a scope, to be added to.
    fn numbers(&mut self, scope: &Scope) -> &mut Numbers {
        match scope {
            Scope::Customer(id) => self.customers.entry(id.clone()).or_default(),
            Scope::Segment(name) => self.segments.entry(name.clone()).or_default(),
            Scope::All => &mut self.all,
        }
    }

    /// The override of a number; `period` counts from 0.
    #[must_use]
    pub fn find(
        &self,
        customer: &str,
        segment: Option<&str>,
        period: usize,
        field: Field,
    ) -> Option<Operation> {
        let scopes = [
            self.customers.get(customer),
            segment.and_then(|segment| self.segments.get(segment)),
            Some(&self.all),
        ];
        scopes.into_iter().flatten().find_map(|numbers| {
            [Some(period), None].into_iter().find_map(|p| numbers.get(&(field, p)).copied())
        })
    }
}

/// Why a row is not read, in words.
fn reading(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} fields, expected {expected_len} as in the header")
        }
        csv::ErrorKind::Utf8 { .. } => {
            "is not valid UTF-8, expected a file saved as UTF-8".to_owned()
        }
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}

/// The labels of the coming periods.
fn labels(panel: &Panel, horizon: u32) -> Vec<String> {
    (1..=horizon).map(|h| panel.grid.label(PeriodIndex(h.cast_signed()))).collect()
}

fn is_known(panel: &Panel, id: &str) -> bool {
    panel.ids.binary_search_by(|known| known.as_str().cmp(id)).is_ok()
}

/// Which of the coming periods a label names.
fn named(period: &str, labels: &[String]) -> Result<usize, String> {
    labels.iter().position(|label| label == period).ok_or_else(|| {
        let known: BTreeSet<&str> = labels.iter().map(String::as_str).collect();
        let known: Vec<&str> = known.into_iter().collect();
        format!("period `{period}` is not forecast, expected one of {}", known.join(", "))
    })
}

type Entry = ((Field, Scope, Option<usize>), Operation);

fn entry(
    [customer, segment, period, field, op, value]: [&str; 6],
    labels: &[String],
    known_customer: impl Fn(&str) -> bool,
    known_segment: impl Fn(&str) -> bool,
) -> Result<Entry, String> {
    let all = |text: &str| text.is_empty() || text == "*";
    let scope = match (all(customer), all(segment)) {
        (false, false) => {
            return Err(format!(
                "names both customer `{customer}` and segment `{segment}`, expected one of them"
            ));
        }
        (false, true) if !known_customer(customer) => {
            return Err(format!("customer `{customer}` is not in the data"));
        }
        (true, false) if !known_segment(segment) => {
            return Err(format!("segment `{segment}` is not in the data"));
        }
        (false, true) => Scope::Customer(customer.to_owned()),
        (true, false) => Scope::Segment(segment.to_owned()),
        (true, true) => Scope::All,
    };
    let period = if all(period) { None } else { Some(named(period, labels)?) };
    let field = match field {
        "margin" => Field::Margin,
        "expense" => Field::Expense,
        _ => return Err(format!("field is `{field}`, expected margin or expense")),
    };
    let number: f64 = value.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
        format!("value is `{value}`, expected a finite number with a decimal point (35 % is 0.35)")
    })?;
    let operation = match op {
        "set" => Operation::Set(number),
        "add" => Operation::Add(number),
        "multiply" => Operation::Multiply(number),
        _ => return Err(format!("op is `{op}`, expected set, add or multiply")),
    };
    field.check(operation)?;
    Ok(((field, scope, period), operation))
}
