//! Reading one chunk of records: each becomes a draft of a row, or a reject.

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use crate::units::MoneyError;

use super::columns::Role;
use super::date_column::Kind;
use super::date_text;
use super::decimal::Decimal;
use super::draft::{Draft, Extra};
use super::error::Place;
use super::file_context::FileContext;
use super::hash::{hash, quick};
use super::literal::Literal;
use super::part::{Names, Part};
use super::record::{Record, is_clean};
use super::rejects::shorten;
use super::types::{Reason, Reject};
use super::written::{Class, Written};

/// Reads records into a part.
pub(super) struct Parser<'a> {
    context: &'a FileContext<'a>,
    part: Part,
    segments: Names,
    has_extras: bool,
    /// Whether all columns that are read are customer, date and amount.
    is_plain: bool,
    /// Where these are, if there are no others.
    bare: Option<[usize; 3]>,
}

impl<'a> Parser<'a> {
    /// For about that many records of a file, the first of them on `line`.
    pub(super) fn new(context: &'a FileContext<'a>, line: u64, records: usize) -> Self {
        let mut segments = Names::default();
        segments.index("");
        let roles = [Role::Order, Role::Cost, Role::Expense, Role::Segment];
        let has_extras = roles.iter().any(|role| context.has(*role));
        let part = Part::new(context.file, line, context.keep_rejects, records);
        let is_plain = !has_extras && context.currency.is_none() && context.has(Role::Amount);
        let columns = [Role::Customer, Role::Date, Role::Amount];
        let columns = columns.map(|role| context.positions[role as usize]);
        let bare = match columns {
            [Some(id), Some(date), Some(amount)] if is_plain && context.width == 3 => {
                let distinct = id != date && date != amount && amount != id;
                distinct.then_some([id, date, amount])
            }
            _ => None,
        };
        Self { context, part, segments, has_extras, is_plain, bare }
    }

    /// Where customer, date and amount are, if a file has these columns and no others.
    pub(super) const fn bare(&self) -> Option<[usize; 3]> {
        self.bare
    }

    /// Reads the next record of a file with these columns, whose cells have been read: the id found
    /// to be clean, and the date as a count of days. It does what [`Parser::record`] would do with
    /// their texts; `None` leaves the record to that.
    pub(super) fn bare_record(
        &mut self,
        line: u64,
        id: &[u8],
        day: i32,
        amount: Literal,
    ) -> Option<()> {
        let date = self.context.dates.stored(day)?;
        if id.is_empty() || id.trim_ascii().len() < id.len() {
            return None;
        }
        let hashes = self.context.bare_hashes(id, date, amount)?;
        self.accept(line, id, hashes, date, amount)?;
        self.part.rows += 1;
        Some(())
    }

    /// Takes a row of an id, a date and an amount alone, with the hashes of the id and of the row.
    fn accept(
        &mut self,
        line: u64,
        id: &[u8],
        (id_hash, fingerprint): (u64, u64),
        date: Written,
        amount: Literal,
    ) -> Option<()> {
        let part = &mut self.part;
        let (length, amount) = (short(id.len())?, amount.decimal()?);
        if !part.tally.count_known(Kind::of(date)) {
            return None;
        }
        let draft = Draft::new(part.behind(line), fingerprint, date, length, Some(amount));
        part.push(id, id_hash, draft, None);
        Some(())
    }

    /// Reads the next record. One with nothing in it is none.
    pub(super) fn record(&mut self, line: u64, record: Record<'_>) {
        if self.is_plain && self.plain_row(line, record).is_some() {
            self.part.rows += 1;
            return;
        }
        if !record.is_blank(self.context.width) {
            self.judge(line, record);
        }
    }

    /// The same for a row of a table, which is a row though all of its cells are null.
    pub(super) fn stored(&mut self, line: u64, record: Record<'_>) {
        if self.is_plain && self.plain_row(line, record).is_some() {
            self.part.rows += 1;
        } else {
            self.judge(line, record);
        }
    }

    fn judge(&mut self, line: u64, record: Record<'_>) {
        self.part.rows += 1;
        let reader = RowReader { context: self.context, record };
        match self.row(line, &reader) {
            Ok(()) => reader.note_currency(&mut self.part.currencies),
            Err(fault) => {
                let Self { context, part, .. } = self;
                part.rejects.push(context.file, fault.reason, || fault.reject(context, line));
            }
        }
    }

    /// A row as most files hold them, without any detour: it does what [`Parser::row`] would do.
    /// `None` leaves the record to that.
    fn plain_row(&mut self, line: u64, record: Record<'_>) -> Option<()> {
        let context = self.context;
        let field =
            |role: Role| record.field(context.positions[role as usize].unwrap_or(usize::MAX));
        if !record.clean || record.len() != context.width {
            return None;
        }
        let whole_id = field(Role::Customer);
        let id = whole_id.trim_ascii();
        let amount = Literal::read(field(Role::Amount))?;
        let date = context.dates.iso(field(Role::Date))?;
        if id.is_empty() {
            return None;
        }
        let is_bare = self.bare.is_some() && id.len() == whole_id.len();
        let hashes = is_bare.then(|| context.bare_hashes(id, date, amount)).flatten();
        let hashes = hashes.unwrap_or_else(|| RowReader { context, record }.fingerprint(id));
        self.accept(line, id, hashes, date, amount)
    }

    fn row(&mut self, line: u64, reader: &RowReader<'_>) -> Result<(), Fault> {
        let Self { part, segments, .. } = self;
        reader.check_width()?;
        let (id, length) = reader.id()?;
        let date = reader.date(line, part)?;
        let (amount, cost, expense) = reader.cells()?;
        let extra = if self.has_extras {
            let order = Some(reader.text(Role::Order)?).filter(|order| !order.is_empty());
            let order = order.map(|order| identity(hash(0, order)));
            let segment = reader.text(Role::Segment)?;
            let segment = if segment.is_empty() {
                0
            } else {
                // The text was found to be valid.
                segments.index(std::str::from_utf8(segment).unwrap_or_default())
            };
            Some(Extra::new(order, cost, expense, segment))
        } else {
            None
        };
        let (id_hash, fingerprint) = reader.fingerprint(id);
        let draft = Draft::new(part.behind(line), fingerprint, date, length, amount);
        part.push(id, id_hash, draft, extra);
        Ok(())
    }

    /// All that was read.
    pub(super) fn finish(self) -> Part {
        Part { segments: self.segments.by_index(), ..self.part }
    }
}

/// The length of an id, unless it is longer than drafts have room for.
fn short(length: usize) -> Option<u32> {
    u32::try_from(length).ok()
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
    fn check_width(&self) -> Result<(), Fault> {
        if self.record.len() == self.context.width { Ok(()) } else { Err(self.ragged()) }
    }

    /// The customer's id and its length.
    fn id(&self) -> Result<(&'a [u8], u32), Fault> {
        let id = self.text(Role::Customer)?;
        if id.is_empty() {
            let expected = "a customer id; fill it in or leave the row out";
            return Err(Fault::new(Reason::MissingCustomer, Role::Customer, b"", expected));
        }
        let Some(length) = short(id.len()) else {
            let expected = "an id of less than 4 GB; is a closing quote missing?";
            return Err(Fault::new(Reason::BadText, Role::Customer, id, expected));
        };
        Ok((id, length))
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

    /// The trimmed field of a role; empty where there is no such column.
    fn field(&self, role: Role) -> &'a [u8] {
        let at = self.context.positions[role as usize];
        at.map_or(&[][..], |at| self.record.field(at)).trim_ascii()
    }

    /// The same, found to be UTF-8 without NUL bytes.
    fn text(&self, role: Role) -> Result<&'a [u8], Fault> {
        let field = self.field(role);
        if self.record.clean || is_clean(field) {
            return Ok(field);
        }
        let expected = match std::str::from_utf8(field) {
            Ok(_) if !field.contains(&0) => return Ok(field),
            Ok(_) => "text without NUL bytes; repair the field or export the file again",
            Err(_) => "valid UTF-8; save the file as UTF-8",
        };
        Err(Fault::new(Reason::BadText, role, field, expected))
    }

    fn string(&self, role: Role) -> Result<&'a str, Fault> {
        self.text(role).map(|text| std::str::from_utf8(text).unwrap_or_default())
    }

    fn date(&self, line: u64, part: &mut Part) -> Result<Written, Fault> {
        let date = match self.context.dates.iso(self.field(Role::Date)) {
            Some(date) => date,
            None => self.any_date(line, part)?,
        };
        part.tally.count(Kind::of(date), || Place {
            file: self.context.name.to_owned(),
            line,
            found: String::from_utf8_lossy(self.field(Role::Date)).into_owned(),
        });
        Ok(date)
    }

    fn any_date(&self, line: u64, part: &mut Part) -> Result<Written, Fault> {
        let text = self.string(Role::Date)?;
        let read = self.context.dates.read(text);
        let date = read.map_err(|fault| {
            Fault::new(fault.reason, Role::Date, text.as_bytes(), fault.expected)
        })?;
        if !is_canonical(date.class, text) {
            part.texts.keep(Kind::of(date), (part.file, line), text);
        }
        Ok(date)
    }

    /// Amount, cost and expense.
    fn cells(&self) -> Result<(Option<Decimal>, Decimal, Decimal), Fault> {
        let expense = self.money(Role::Expense, Reason::BadExpense)?;
        let amount = self.money(Role::Amount, Reason::BadAmount)?;
        let cost = self.money(Role::Cost, Reason::BadCost)?.unwrap_or_default();
        if amount.is_none() && self.context.has(Role::Amount) && expense.is_none() {
            let expected = "a plain decimal such as 1234.50 (only a row that carries an expense \
                            may leave it empty); fill it in or leave the row out";
            return Err(Fault::new(Reason::BadAmount, Role::Amount, b"", expected));
        }
        let expense = expense.unwrap_or_default();
        if expense.units < 0 {
            let found = self.field(Role::Expense);
            let expected = "an expense of zero or more; correct its sign";
            return Err(Fault::new(Reason::BadExpense, Role::Expense, found, expected));
        }
        Ok((amount, cost, expense))
    }

    fn money(&self, role: Role, reason: Reason) -> Result<Option<Decimal>, Fault> {
        let field = self.field(role);
        if field.is_empty() {
            return Ok(None);
        }
        if let Some(simple) = Decimal::simple(field) {
            return Ok(Some(simple));
        }
        let text = self.string(role)?;
        let fault = |error| Fault::new(reason, role, field, money_advice(error));
        Decimal::parse(text).map(Some).map_err(fault)
    }

    /// The hash of the customer's id, and that of the row: a sum over the columns, so that their
    /// order in the file does not matter. Dates and amounts that are written in the one usual way
    /// count as the numbers they are, all other fields as texts.
    fn fingerprint(&self, id: &[u8]) -> (u64, u64) {
        let Self { context, record } = self;
        let id_hash = context.id_hash(id);
        let [customer, date, amount] =
            [Role::Customer, Role::Date, Role::Amount].map(|role| context.positions[role as usize]);
        let mut sum = 0_u64;
        for (number, (field, seed)) in record.fields().zip(&context.seeds).enumerate() {
            let number = Some(number);
            let identity = if number == customer {
                (field.len() == id.len()).then_some(id_hash)
            } else if number == date {
                context.date_identity(date_text::iso(field))
            } else if number == amount {
                context.amount_identity(Literal::read(field))
            } else {
                None
            };
            sum = sum.wrapping_add(identity.unwrap_or_else(|| quick(*seed, field)));
        }
        (id_hash, sum)
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

/// A hash as the identity of an order.
fn identity(hash: u64) -> NonZeroU64 {
    NonZeroU64::new(hash).unwrap_or(NonZeroU64::MIN)
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
