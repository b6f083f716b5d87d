//! Arrow: columns whose types serve, and the rows of record batches, by one parser with those of
//! text.

use arrow::array::{
    Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, RecordBatchReader, StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, Schema, TimeUnit};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::units::Day;

use super::arrow_bare::BareRows;
use super::columns::{Positions, Role};
use super::error::LedgerError;
use super::record::{Record, is_clean};
use super::rows::Parser;

/// Rows per batch. Fixed, so that nothing depends on the number of threads.
pub(super) const BATCH: usize = 1 << 16;

/// Some rows, and the number of their first.
pub(super) struct Batch {
    pub(super) batch: RecordBatch,
    pub(super) first_row: u64,
}

/// Data that break off or cannot be decoded.
pub(super) fn damaged(file: &str, format: &'static str, detail: &str) -> LedgerError {
    LedgerError::Damaged {
        file: file.to_owned(),
        format,
        detail: detail.lines().next().unwrap_or_default().to_owned(),
    }
}

/// The names of the columns.
pub(super) fn header(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().trim().to_owned()).collect()
}

/// Refuses columns whose type cannot serve their role, and notes what is read otherwise than
/// one might think.
pub(super) fn check(
    file: &str,
    schema: &Schema,
    header: &[String],
    positions: &Positions,
) -> Result<Vec<String>, LedgerError> {
    let mut notes = Vec::new();
    for role in Role::ALL {
        let Some(at) = positions[role as usize] else { continue };
        let kind = schema.field(at).data_type();
        if !serves(role, kind) {
            return Err(LedgerError::ColumnType {
                file: file.to_owned(),
                column: header[at].clone(),
                found: kind.to_string(),
                expected: expected(role),
            });
        }
        if let (Role::Date, DataType::Timestamp(_, Some(zone))) = (role, kind) {
            notes.push(format!(
                "{}: column `{}` holds instants (zone {zone}); their days are taken in UTC: hand over local times without a zone for days of another",
                file, header[at]
            ));
        }
    }
    Ok(notes)
}

impl Batch {
    pub(super) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// Has the rows read: as the numbers they hold where all columns are customer, date and amount,
    /// otherwise as records of text, empty where a cell is null.
    pub(super) fn read(&self, file: &str, parser: &mut Parser<'_>) -> Result<(), LedgerError> {
        let failed = |error: ArrowError| damaged(file, "Arrow", &error.to_string());
        let bare = parser.bare().and_then(|columns| BareRows::new(&self.batch, columns));
        let mut cells = None;
        let (mut text, mut fields) = (Vec::new(), Vec::new());
        for (row, number) in (0..self.batch.num_rows()).zip(self.first_row..) {
            let read = bare.as_ref().and_then(|rows| rows.get(row));
            if let Some((id, day, amount)) = read
                && parser.bare_record(number, id, day, amount).is_some()
            {
                continue;
            }
            let cells = match &mut cells {
                Some(cells) => cells,
                none => none.insert(self.cells().map_err(failed)?),
            };
            text.clear();
            fields.clear();
            for column in cells {
                let start = text.len();
                column.write(row, &mut text);
                fields.push(start..text.len());
            }
            parser.stored(number, Record { text: &text, fields: &fields, clean: is_clean(&text) });
        }
        Ok(())
    }

    fn cells(&self) -> Result<Vec<Cells>, ArrowError> {
        self.batch.columns().iter().map(Cells::new).collect()
    }
}

/// Record batches cut into pieces of at most [`BATCH`] rows, which stay where they are.
pub(super) struct Slices<'a, B> {
    name: &'a str,
    batches: B,
    whole: Option<RecordBatch>,
    /// Rows of it that have been handed over.
    done: usize,
    next_row: u64,
    bytes: u64,
}

impl<'a, B: RecordBatchReader> Slices<'a, B> {
    pub(super) const fn new(name: &'a str, batches: B) -> Self {
        Self { name, batches, whole: None, done: 0, next_row: 1, bytes: 0 }
    }

    /// Bytes of the batches so far.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Result<Option<Batch>, LedgerError> {
        loop {
            if let Some(whole) = self.whole.as_ref().filter(|whole| self.done < whole.num_rows()) {
                let rows = (whole.num_rows() - self.done).min(BATCH);
                let batch = whole.slice(self.done, rows);
                let first_row = self.next_row;
                self.done += rows;
                self.next_row += rows as u64;
                return Ok(Some(Batch { batch, first_row }));
            }
            let Some(batch) = self.batches.next() else { return Ok(None) };
            let batch = batch.map_err(|e| damaged(self.name, "Arrow", &e.to_string()))?;
            self.bytes += batch.columns().iter().map(own_bytes).sum::<u64>();
            (self.whole, self.done) = (Some(batch), 0);
        }
    }
}

/// Bytes of a column's own cells: slices of one frame share memory, which would count for each.
fn own_bytes(column: &ArrayRef) -> u64 {
    let own = column.to_data().get_slice_memory_size();
    own.unwrap_or_else(|_| column.get_array_memory_size()) as u64
}

fn serves(role: Role, kind: &DataType) -> bool {
    let plain = match kind {
        DataType::Dictionary(_, values) => return serves(role, values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        other => other.is_integer(),
    };
    plain
        || match role {
            Role::Customer | Role::Order => false,
            Role::Segment => *kind == DataType::Boolean,
            Role::Date => {
                matches!(kind, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..))
            }
            Role::Amount | Role::Cost | Role::Expense => {
                kind.is_decimal() || matches!(kind, DataType::Float32 | DataType::Float64)
            }
        }
}

fn expected(role: Role) -> String {
    let types = match role {
        Role::Customer | Role::Order | Role::Segment => "text or whole numbers",
        Role::Date => "a date, a timestamp, text or whole numbers yyyymmdd",
        Role::Amount | Role::Cost | Role::Expense => "decimal, float, whole numbers or text",
    };
    format!("the {role} must be {types}; cast the column, or choose another with {}", role.option())
}

/// A column of a batch, whose cells are wanted as text. Texts of unlike cells differ, so that they
/// also serve to tell rows apart.
enum Cells {
    Text(StringArray),
    Floats(Float64Array),
    /// Counts since 1970-01-01, that many a day.
    Days(Int64Array, i64),
    /// Counts since 1970-01-01, that many a second.
    Instants(Int64Array, i64),
}

impl Cells {
    fn new(array: &ArrayRef) -> Result<Self, ArrowError> {
        let kind = array.data_type();
        let counts = |array: &ArrayRef| {
            Ok::<_, ArrowError>(cast(array, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
        };
        Ok(match kind {
            DataType::Dictionary(_, values) => return Self::new(&cast(array, values)?),
            DataType::Float64 => Self::Floats(array.as_primitive().clone()),
            DataType::Date32 => Self::Days(counts(&cast(array, &DataType::Int32)?)?, 1),
            DataType::Date64 => Self::Days(counts(array)?, 86_400_000),
            DataType::Timestamp(unit, _) => Self::Instants(counts(array)?, per_second(*unit)),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text(text(array)?),
            other if other.is_integer() || other.is_decimal() => Self::Text(text(array)?),
            _ => Self::Text(shown(array)?),
        })
    }

    /// Appends the text of a cell; nothing where it is null.
    fn write(&self, row: usize, text: &mut Vec<u8>) {
        match self {
            Self::Text(cells) if cells.is_valid(row) => {
                text.extend_from_slice(cells.value(row).as_bytes());
            }
            Self::Floats(cells) if cells.is_valid(row) => {
                text.extend_from_slice(zmij::Buffer::new().format(cells.value(row)).as_bytes());
            }
            Self::Days(cells, per_day) if cells.is_valid(row) => {
                write_day(cells.value(row).div_euclid(*per_day), text);
            }
            Self::Instants(cells, per_second) if cells.is_valid(row) => {
                write_instant(cells.value(row), *per_second, text);
            }
            Self::Text(_) | Self::Floats(_) | Self::Days(..) | Self::Instants(..) => {}
        }
    }
}

pub(super) const fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

pub(super) fn text(array: &ArrayRef) -> Result<StringArray, ArrowError> {
    Ok(cast(array, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// The cells as they are displayed.
fn shown(array: &ArrayRef) -> Result<StringArray, ArrowError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(array, &options)?;
    let shown = |row| formatter.value(row).try_to_string();
    (0..array.len()).map(|row| array.is_valid(row).then(|| shown(row)).transpose()).collect()
}

/// The ISO date of a timestamp and, where it is not midnight, its time of day in seconds and
/// fraction as an ISO time.
fn write_instant(count: i64, per_second: i64, text: &mut Vec<u8>) {
    let (seconds, fraction) = (count.div_euclid(per_second), count.rem_euclid(per_second));
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    write_day(day, text);
    if second != 0 || fraction != 0 {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        // The leading 1 of the fraction keeps its zeros; it gives way to the point.
        let digits = (fraction + per_second).to_string();
        let time = format!(" {hour:02}:{minute:02}:{second:02}.{}0", &digits[1..]);
        text.extend_from_slice(time.as_bytes());
    }
}

/// The ISO date of a day; a day beyond the calendar as its number, which is no date.
fn write_day(day: i64, text: &mut Vec<u8>) {
    let number = i32::try_from(day).ok().filter(|day| (FIRST..=LAST).contains(day));
    match number.and_then(|number| Day::from_number(number).iso()) {
        Some(date) => text.extend_from_slice(&date),
        None => text.extend_from_slice(format!("day {day} since 1970-01-01").as_bytes()),
    }
}

/// 0001-01-01 and 9999-12-31, in days since 1970-01-01.
const FIRST: i32 = -719_162;
const LAST: i32 = 2_932_896;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_dates() {
        for number in [FIRST, -1, 0, 59, 10_957, 17_197, LAST] {
            let mut text = Vec::new();
            write_day(i64::from(number), &mut text);
            assert_eq!(text, Day::from_number(number).to_string().as_bytes());
        }
        let mut text = Vec::new();
        write_day(i64::from(LAST) + 1, &mut text);
        assert_eq!(text, b"day 2932897 since 1970-01-01");
    }
}
