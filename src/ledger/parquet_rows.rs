//! Parquet: record batches, and their cells as text, so that every row is judged by one parser.

use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int64Type, TimeUnit};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::progress::Progress;
use crate::units::Day;

use super::chunk::{Chunk, RECORDS};
use super::columns::{Positions, Role};
use super::error::LedgerError;

/// Reads the rows of one Parquet file.
pub(super) struct ParquetRows<'a> {
    file: &'a str,
    reader: ParquetRecordBatchReader,
    types: Vec<DataType>,
    row: u64,
    rows: u64,
    /// Stored bytes not yet reported as progress when the rows are read.
    bytes: u64,
    reported: u64,
    progress: &'a dyn Progress,
}

/// A batch, and the number of its first row.
pub(super) struct Batch {
    batch: RecordBatch,
    first_row: u64,
}

impl<'a> ParquetRows<'a> {
    /// Opens a file and returns its column names beside the reader. `bytes` are reported as
    /// progress in step with the rows.
    pub(super) fn open(
        file: &'a str,
        stored: File,
        bytes: u64,
        progress: &'a dyn Progress,
    ) -> Result<(Self, Vec<String>), LedgerError> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(stored)
            .map_err(|error| damaged(file, &error.to_string()))?;
        let fields = builder.schema().fields();
        let header = fields.iter().map(|field| field.name().trim().to_owned()).collect();
        let types = fields.iter().map(|field| field.data_type().clone()).collect();
        let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let reader = builder
            .with_batch_size(RECORDS)
            .build()
            .map_err(|error| damaged(file, &error.to_string()))?;
        let this = Self { file, reader, types, row: 0, rows, bytes, reported: 0, progress };
        Ok((this, header))
    }

    /// Refuses columns whose type cannot serve their role, and notes what is read otherwise than
    /// one might think.
    pub(super) fn check(
        &self,
        header: &[String],
        positions: &Positions,
    ) -> Result<Vec<String>, LedgerError> {
        let mut notes = Vec::new();
        for role in Role::ALL {
            let Some(at) = positions[role as usize] else { continue };
            let kind = &self.types[at];
            if !serves(role, kind) {
                return Err(LedgerError::ColumnType {
                    file: self.file.to_owned(),
                    column: header[at].clone(),
                    found: kind.to_string(),
                    expected: expected(role),
                });
            }
            if let (Role::Date, DataType::Timestamp(_, Some(zone))) = (role, kind) {
                notes.push(format!(
                    "{}: column `{}` holds instants (zone {zone}); their days are taken in UTC",
                    self.file, header[at]
                ));
            }
        }
        Ok(notes)
    }

    /// The next batch, or `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Batch>, LedgerError> {
        let Some(batch) = self.reader.next() else {
            self.report(self.bytes);
            return Ok(None);
        };
        let batch = batch.map_err(|error| damaged(self.file, &error.to_string()))?;
        let first_row = self.row + 1;
        self.row += batch.num_rows() as u64;
        let share = u128::from(self.bytes) * u128::from(self.row) / u128::from(self.rows.max(1));
        self.report(u64::try_from(share).unwrap_or(u64::MAX).min(self.bytes));
        Ok(Some(Batch { batch, first_row }))
    }

    fn report(&mut self, reached: u64) {
        self.progress.advance(reached.saturating_sub(self.reported));
        self.reported = reached;
    }
}

pub(super) fn damaged(file: &str, detail: &str) -> LedgerError {
    LedgerError::Damaged {
        file: file.to_owned(),
        format: "Parquet",
        detail: detail.lines().next().unwrap_or_default().to_owned(),
    }
}

impl Batch {
    /// The batch as records of text; empty where a cell is null.
    pub(super) fn chunk(&self, file: &str) -> Result<Chunk, LedgerError> {
        let texts: Result<Vec<_>, _> = self.batch.columns().iter().map(texts).collect();
        let texts = texts.map_err(|error| damaged(file, &error.to_string()))?;
        let mut chunk = Chunk::default();
        for (row, line) in (0..self.batch.num_rows()).zip(self.first_row..) {
            for column in &texts {
                chunk.field(if column.is_null(row) { b"" } else { column.value(row).as_bytes() });
            }
            chunk.end_record(line);
        }
        Ok(chunk)
    }
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

/// A column's cells as text. Texts of unlike cells differ, so that they also serve to tell rows
/// apart.
fn texts(array: &ArrayRef) -> Result<StringArray, ArrowError> {
    let kind = array.data_type();
    match kind {
        DataType::Dictionary(_, values) => texts(&cast(array, values)?),
        DataType::Float64 => {
            let floats = array.as_primitive::<Float64Type>();
            Ok(floats.iter().map(|float| float.map(|float| float.to_string())).collect())
        }
        DataType::Float32 => {
            let floats = array.as_primitive::<Float32Type>();
            Ok(floats.iter().map(|float| float.map(|float| float.to_string())).collect())
        }
        DataType::Date32 => days(array, 1),
        DataType::Date64 => days(array, 86_400_000),
        DataType::Timestamp(unit, _) => days_and_rest(array, *unit),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => text(array),
        other if other.is_integer() || other.is_decimal() => text(array),
        _ => {
            let options = FormatOptions::default();
            let formatter = ArrayFormatter::try_new(array, &options)?;
            (0..array.len())
                .map(|row| {
                    let valid = array.is_valid(row);
                    valid.then(|| formatter.value(row).try_to_string()).transpose()
                })
                .collect()
        }
    }
}

fn text(array: &ArrayRef) -> Result<StringArray, ArrowError> {
    Ok(cast(array, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// Counts since 1970-01-01, `per_day` a day, as ISO dates.
fn days(array: &ArrayRef, per_day: i64) -> Result<StringArray, ArrowError> {
    let counts = match array.data_type() {
        DataType::Date32 => cast(&cast(array, &DataType::Int32)?, &DataType::Int64)?,
        _ => cast(array, &DataType::Int64)?,
    };
    let counts = counts.as_primitive::<Int64Type>();
    Ok(counts.iter().map(|count| count.map(|count| iso(count.div_euclid(per_day)))).collect())
}

/// The ISO date of a timestamp and, where it is not midnight, its time of day in seconds and
/// fraction as an ISO time.
fn days_and_rest(array: &ArrayRef, unit: TimeUnit) -> Result<StringArray, ArrowError> {
    let per_second = match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let counts = cast(array, &DataType::Int64)?;
    let counts = counts.as_primitive::<Int64Type>();
    let shown = |count: i64| {
        let (seconds, fraction) = (count.div_euclid(per_second), count.rem_euclid(per_second));
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let date = iso(day);
        if second == 0 && fraction == 0 {
            return date;
        }
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let fraction = fraction + per_second;
        // The leading 1 of the fraction keeps its zeros; it gives way to the point.
        let digits = fraction.to_string();
        format!("{date} {hour:02}:{minute:02}:{second:02}.{}0", &digits[1..])
    };
    Ok(counts.iter().map(|count| count.map(shown)).collect())
}

/// The ISO date of a day; a day beyond the calendar as its number, which is no date.
fn iso(day: i64) -> String {
    const CALENDAR: std::ops::RangeInclusive<i64> = -719_162..=2_932_896;
    match i32::try_from(day) {
        Ok(number) if CALENDAR.contains(&day) => Day::from_number(number).to_string(),
        _ => format!("day {day} since 1970-01-01"),
    }
}
