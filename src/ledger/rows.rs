//! Reading one chunk of records: each becomes a draft of a row, or a reject.

use std::collections::{BTreeSet, HashMap};

use crate::units::MoneyError;

use super::chunk::{Chunk, Record};
use super::columns::{Positions, Role};
use super::date_column::{DateReader, KINDS, Kind, Tally};
use super::date_text::{Class, Written};
use super::decimal::Decimal;
use super::error::Place;
use super::hash::hash;
use super::rejects::{Rejects, shorten};
use super::types::{Columns, Reason, Reject};

/// What is known of a file when its rows are read.
#[derive(Debug)]
pub(super) struct FileContext<'a> {
    /// Index of the file.
    pub(super) file: u32,
    /// Its name as given.
    pub(super) name: &'a str,
    /// Number of columns.
    pub(super) width: usize,
    pub(super) positions: Positions,
    pub(super) columns: Columns,
    pub(super) currency: Option<usize>,
    /// A seed per column, from its name: rows are the same when equal names hold equal texts.
    pub(super) seeds: Vec<u64>,
    pub(super) dates: &'a DateReader,
    pub(super) keep_rejects: bool,
}

/// A row before the column of dates is settled and the scale is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft {
    pub(super) line: u64,
    /// Index into [`Part::customers`].
    pub(super) customer: u32,
    /// Index into [`Part::segments`], of which 0 is the empty text.
    pub(super) segment: u32,
    pub(super) date: Written,
    pub(super) money: Cells,
    pub(super) order: Option<u64>,
    /// Hash of all fields by the names of their columns.
    pub(super) fingerprint: u64,
}

/// Amount, cost and expense, packed: one is held for every row of the input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells {
    units: [i64; 3],
    places: [u8; 3],
    has_amount: bool,
}

impl Cells {
    fn new(amount: Option<Decimal>, cost: Decimal, expense: Decimal) -> Self {
        let all = [amount.unwrap_or_default(), cost, expense];
        Self {
            units: all.map(|decimal| decimal.units),
            places: all.map(|decimal| decimal.places),
            has_amount: amount.is_some(),
        }
    }

    fn get(&self, index: usize) -> Decimal {
        Decimal { units: self.units[index], places: self.places[index] }
    }

    pub(super) fn amount(&self) -> Option<Decimal> {
        self.has_amount.then(|| self.get(0))
    }

    pub(super) fn cost(&self) -> Decimal {
        self.get(1)
    }

    pub(super) fn expense(&self) -> Decimal {
        self.get(2)
    }

    pub(super) fn places(&self) -> u8 {
        self.places.into_iter().max().unwrap_or(0)
    }
}

/// What one chunk of one file holds.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) file: u32,
    pub(super) rows: u64,
    pub(super) drafts: Vec<Draft>,
    pub(super) customers: Vec<String>,
    pub(super) segments: Vec<String>,
    pub(super) currencies: BTreeSet<String>,
    pub(super) rejects: Rejects,
    pub(super) tally: Tally,
    /// Texts of dates by kind and line: of those that may yet be refused and would be shown.
    pub(super) texts: [Vec<(u64, Box<str>)>; KINDS],
}

/// Reads all records of a chunk.
pub(super) fn parse(context: &FileContext<'_>, chunk: &Chunk) -> Part {
    let mut customers = Interner::default();
    let mut segments = Interner::default();
    segments.index("");
    let mut part = Part {
        file: context.file,
        rows: chunk.len() as u64,
        drafts: Vec::with_capacity(chunk.len()),
        customers: Vec::new(),
        segments: Vec::new(),
        currencies: BTreeSet::new(),
        rejects: Rejects::new(context.keep_rejects),
        tally: Tally::default(),
        texts: Default::default(),
    };
    for (line, record) in chunk.records() {
        let reader = RowReader { context, record };
        match reader.row(line, &mut part, &mut customers, &mut segments) {
            Ok(draft) => {
                part.drafts.push(draft);
                reader.note_currency(&mut part.currencies);
            }
            Err(fault) => {
                part.rejects.push(context.file, fault.reason, || fault.reject(context, line));
            }
        }
    }
    part.customers = customers.finish();
    part.segments = segments.finish();
    part
}

/// Numbers texts in order of appearance.
#[derive(Default)]
struct Interner<'a> {
    indices: HashMap<&'a str, u32>,
}

impl<'a> Interner<'a> {
    /// A chunk holds far fewer texts than `u32` counts.
    fn index(&mut self, text: &'a str) -> u32 {
        let next = u32::try_from(self.indices.len()).unwrap_or(u32::MAX);
        *self.indices.entry(text).or_insert(next)
    }

    fn finish(self) -> Vec<String> {
        let mut texts = vec![String::new(); self.indices.len()];
        for (text, index) in self.indices {
            text.clone_into(&mut texts[index as usize]);
        }
        texts
    }
}

/// Why a row cannot be used.
struct Fault {
    reason: Reason,
    role: Option<Role>,
    found: String,
    expected: String,
}

impl Fault {
    fn new(reason: Reason, role: Role, found: &[u8], expected: &str) -> Self {
        Self { reason, role: Some(role), found: shorten(found), expected: expected.to_owned() }
    }

    fn reject(self, context: &FileContext<'_>, line: u64) -> Reject {
        let column = self.role.and_then(|role| context.columns.of(role)).map(str::to_owned);
        let Self { reason, found, expected, .. } = self;
        Reject { file: context.name.to_owned(), line, reason, column, found, expected }
    }
}

struct RowReader<'a> {
    context: &'a FileContext<'a>,
    record: Record<'a>,
}

impl<'a> RowReader<'a> {
    fn row(
        &self,
        line: u64,
        part: &mut Part,
        customers: &mut Interner<'a>,
        segments: &mut Interner<'a>,
    ) -> Result<Draft, Fault> {
        let width = self.context.width;
        if self.record.len() != width {
            return Err(self.ragged());
        }
        let customer = self.text(Role::Customer)?;
        if customer.is_empty() {
            let expected = "a customer id; fill it in or leave the row out";
            return Err(Fault::new(Reason::MissingCustomer, Role::Customer, b"", expected));
        }
        let date = self.date(line, part)?;
        let money = self.cells()?;
        let order = Some(self.text(Role::Order)?).filter(|order| !order.is_empty());
        let segment = self.text(Role::Segment)?;
        Ok(Draft {
            line,
            customer: customers.index(customer),
            segment: segments.index(segment),
            date,
            money,
            order: order.map(|order| hash(0, order.as_bytes())),
            fingerprint: self.fingerprint(),
        })
    }

    fn ragged(&self) -> Fault {
        let (found, width) = (self.record.len(), self.context.width);
        let text = self.record.fields().collect::<Vec<_>>().join(&b" | "[..]);
        Fault {
            reason: Reason::RaggedRow,
            role: None,
            found: shorten(&text),
            expected: format!(
                "{width} fields as in the header, and {found} are there; quote fields that hold \
                 the delimiter"
            ),
        }
    }

    /// The trimmed text of a role's field; empty where there is no such column.
    fn text(&self, role: Role) -> Result<&'a str, Fault> {
        let Some(at) = self.context.positions[role as usize] else { return Ok("") };
        let field = self.record.field(at).trim_ascii();
        let expected = match std::str::from_utf8(field) {
            Ok(text) if !field.contains(&0) => return Ok(text),
            Ok(_) => "text without NUL bytes; repair the field or export the file again",
            Err(_) => "valid UTF-8; save the file as UTF-8",
        };
        Err(Fault::new(Reason::BadText, role, field, expected))
    }

    fn date(&self, line: u64, part: &mut Part) -> Result<Written, Fault> {
        let text = self.text(Role::Date)?;
        let read = self.context.dates.read(text);
        let date = read.map_err(|fault| {
            Fault::new(fault.reason, Role::Date, text.as_bytes(), fault.expected)
        })?;
        let kind = Kind::of(date);
        part.tally.count(kind, || Place {
            file: self.context.name.to_owned(),
            line,
            found: text.to_owned(),
        });
        let texts = &mut part.texts[kind.index()];
        if texts.len() < part.rejects.limit() && !is_canonical(date.class, text) {
            texts.push((line, text.into()));
        }
        Ok(date)
    }

    fn cells(&self) -> Result<Cells, Fault> {
        let expense = self.money(Role::Expense, Reason::BadExpense)?;
        let amount = self.money(Role::Amount, Reason::BadAmount)?;
        let cost = self.money(Role::Cost, Reason::BadCost)?.unwrap_or_default();
        let has_column = self.context.positions[Role::Amount as usize].is_some();
        if amount.is_none() && has_column && expense.is_none() {
            let expected = "a plain decimal such as 1234.50 (only a row that carries an expense \
                            may leave it empty); fill it in or leave the row out";
            return Err(Fault::new(Reason::BadAmount, Role::Amount, b"", expected));
        }
        let expense = expense.unwrap_or_default();
        if expense.units < 0 {
            let found = self.text(Role::Expense)?;
            let expected = "an expense of zero or more; correct its sign";
            return Err(Fault::new(Reason::BadExpense, Role::Expense, found.as_bytes(), expected));
        }
        Ok(Cells::new(amount, cost, expense))
    }

    fn money(&self, role: Role, reason: Reason) -> Result<Option<Decimal>, Fault> {
        let text = self.text(role)?;
        if text.is_empty() {
            return Ok(None);
        }
        let fault = |error| Fault::new(reason, role, text.as_bytes(), money_advice(error));
        Decimal::parse(text).map(Some).map_err(fault)
    }

    /// Sums over the columns, so that their order in the file does not matter.
    fn fingerprint(&self) -> u64 {
        let seeded = self.record.fields().zip(&self.context.seeds);
        seeded.fold(0, |sum, (field, seed)| sum.wrapping_add(hash(*seed, field)))
    }

    fn note_currency(&self, currencies: &mut BTreeSet<String>) {
        let Some(at) = self.context.currency else { return };
        let text = String::from_utf8_lossy(self.record.field(at).trim_ascii());
        // Two are enough to refuse the input, and a few more for the message.
        if !text.is_empty() && currencies.len() <= 5 && !currencies.contains(text.as_ref()) {
            currencies.insert(text.to_uppercase());
        }
    }
}

/// Whether the day alone gives the text back, so that it need not be kept.
pub(super) fn is_canonical(class: Class, text: &str) -> bool {
    matches!((class, text.len()), (Class::Iso, 10) | (Class::Basic, 8))
}

/// What was expected of a money cell, and what to try.
pub(super) const fn money_advice(error: MoneyError) -> &'static str {
    match error {
        MoneyError::NotFinite => "a finite number; fill in the amount or leave the row out",
        MoneyError::Decorated => {
            "a plain decimal such as 1234.50; remove currency signs, thousands separators and \
             parentheses, and write the decimal point as a point"
        }
        MoneyError::TooManyPlaces => "at most 9 decimal places; round the column",
        MoneyError::TooLarge => {
            "a number that fits 18 digits with all decimal places of the input; correct it, or \
             round the columns to fewer places"
        }
        MoneyError::NotANumber => "a plain decimal such as 1234.50; correct it",
    }
}
