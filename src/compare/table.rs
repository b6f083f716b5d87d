//! The columns of a forecast file that a comparison uses, read from CSV, JSON or Parquet.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::columns::Meaning;
use super::error::CompareError;
use crate::report::Format;

/// The cells of one column.
#[derive(Debug)]
pub(super) enum Cells {
    Text(Vec<Option<String>>),
    Number(Vec<Option<f64>>),
}

/// One column that is used.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) meaning: Meaning,
    pub(super) cells: Cells,
}

/// The columns that are used, of equal length.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: usize,
    pub(super) columns: Vec<Column>,
}

impl Table {
    /// Reads a file by its extension; without a known one as CSV.
    pub(super) fn read(path: &Path) -> Result<Self, CompareError> {
        let unreadable = |error| CompareError::Unreadable { path: path.to_owned(), error };
        let file = File::open(path).map_err(unreadable)?;
        match Format::of_path(path).unwrap_or(Format::Csv) {
            Format::Csv => Self::of_csv(path, file),
            Format::Json => Self::of_json(path, file),
            Format::Parquet => Self::of_parquet(path, file),
        }
    }

    pub(super) fn find(&self, wanted: impl Fn(Meaning) -> bool) -> Option<&Column> {
        self.columns.iter().find(|column| wanted(column.meaning))
    }

    /// Begins a column if it is used: its place.
    fn begin(&mut self, name: &str) -> Option<usize> {
        let meaning = Meaning::of(name)?;
        let cells = if meaning.is_text() {
            Cells::Text(vec![None; self.rows])
        } else {
            Cells::Number(vec![None; self.rows])
        };
        self.columns.push(Column { name: name.to_owned(), meaning, cells });
        Some(self.columns.len() - 1)
    }

    fn of_csv(path: &Path, file: File) -> Result<Self, CompareError> {
        let broken = |error: csv::Error| not_forecast(path, &error.to_string());
        let mut reader = csv::Reader::from_reader(file);
        let mut table = Self::default();
        let header = reader.headers().map_err(broken)?.clone();
        let clean = |name: &str| name.trim_start_matches('\u{feff}').to_owned();
        let places: Vec<Option<usize>> =
            header.iter().map(|name| table.begin(&clean(name))).collect();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(broken)? {
            for (field, place) in record.iter().zip(&places) {
                let Some(place) = *place else { continue };
                let row = table.rows + 1;
                let column = &mut table.columns[place];
                match &mut column.cells {
                    // An empty text is one; only a segment can be empty.
                    Cells::Text(texts) => texts.push(Some(field.to_owned())),
                    Cells::Number(numbers) => {
                        numbers.push(
                            number(field)
                                .ok_or_else(|| bad_cell(path, row, &column.name, field))?,
                        );
                    }
                }
            }
            table.rows += 1;
        }
        Ok(table)
    }

    fn of_json(path: &Path, file: File) -> Result<Self, CompareError> {
        let mut table = Self::default();
        let mut failure = None;
        let rows = JsonRows { path, table: &mut table, failure: &mut failure };
        let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
        let read = rows.deserialize(&mut reader).and_then(|()| reader.end());
        match (failure, read) {
            (Some(failure), _) => Err(failure),
            (None, Err(error)) => Err(not_forecast(path, &error.to_string())),
            (None, Ok(())) => Ok(table),
        }
    }

    /// Adds one object; a column that is not there is empty.
    fn push_object(
        &mut self,
        path: &Path,
        object: &Map<String, Value>,
    ) -> Result<(), CompareError> {
        if self.rows == 0 {
            for name in object.keys() {
                self.begin(name);
            }
        }
        self.rows += 1;
        for column in &mut self.columns {
            let value = object.get(&column.name).unwrap_or(&Value::Null);
            let found = match (&mut column.cells, value) {
                (Cells::Text(texts), Value::String(text)) => {
                    texts.push(Some(text.clone()));
                    continue;
                }
                (Cells::Text(texts), Value::Null) => {
                    texts.push(None);
                    continue;
                }
                (Cells::Number(numbers), Value::Null) => {
                    numbers.push(None);
                    continue;
                }
                (Cells::Number(numbers), Value::Number(number)) => {
                    numbers.push(number.as_f64());
                    continue;
                }
                (_, other) => other.to_string(),
            };
            return Err(bad_cell(path, self.rows, &column.name, &found));
        }
        Ok(())
    }

    fn of_parquet(path: &Path, file: File) -> Result<Self, CompareError> {
        let broken = |error: String| not_forecast(path, &error);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file)
            .map_err(|error| broken(error.to_string()))?;
        let mut table = Self::default();
        // Columns that are not used are not unpacked.
        let used: Vec<usize> = (0..builder.schema().fields().len())
            .filter(|&at| table.begin(builder.schema().field(at).name()).is_some())
            .collect();
        let mask = ProjectionMask::roots(builder.parquet_schema(), used);
        let builder = builder.with_projection(mask);
        for batch in builder.build().map_err(|error| broken(error.to_string()))? {
            let batch = batch.map_err(|error| broken(error.to_string()))?;
            for (array, column) in batch.columns().iter().zip(&mut table.columns) {
                let cast = |kind| {
                    cast(array, &kind).map_err(|error| {
                        not_forecast(path, &format!("column `{}`: {error}", column.name))
                    })
                };
                match &mut column.cells {
                    Cells::Text(texts) => {
                        let array = cast(DataType::Utf8)?;
                        texts.extend(array.as_string::<i32>().iter().map(|t| t.map(str::to_owned)));
                    }
                    Cells::Number(numbers) => {
                        let array = cast(DataType::Float64)?;
                        numbers.extend(array.as_primitive::<Float64Type>().iter());
                    }
                }
            }
            table.rows += batch.num_rows();
        }
        Ok(table)
    }
}

/// A cell of text as a number: outside `None` for what is none, inside for an empty cell.
#[expect(clippy::option_option, reason = "an empty cell is not a bad one")]
fn number(field: &str) -> Option<Option<f64>> {
    if field.is_empty() {
        return Some(None);
    }
    field.parse().ok().filter(|number: &f64| number.is_finite()).map(Some)
}

fn bad_cell(path: &Path, row: usize, column: &str, found: &str) -> CompareError {
    CompareError::BadCell {
        path: path.to_owned(),
        row,
        column: column.to_owned(),
        found: found.chars().take(60).collect(),
        expected: match Meaning::of(column).map(Meaning::is_text) {
            Some(true) => "a text",
            _ => "a plain number or nothing",
        },
    }
}

pub(super) fn not_forecast(path: &Path, detail: &str) -> CompareError {
    let detail = detail.lines().next().unwrap_or_default().to_owned();
    CompareError::NotForecast { path: path.to_owned(), detail }
}

/// The array of a JSON file, object by object: all of them at once would take many times the
/// memory of the numbers.
struct JsonRows<'a> {
    path: &'a Path,
    table: &'a mut Table,
    failure: &'a mut Option<CompareError>,
}

impl<'de> DeserializeSeed<'de> for JsonRows<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for JsonRows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array with one object per row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(object) = rows.next_element::<Map<String, Value>>()? {
            if let Err(failure) = self.table.push_object(self.path, &object) {
                *self.failure = Some(failure);
                return Err(A::Error::custom("a bad cell"));
            }
        }
        Ok(())
    }
}
