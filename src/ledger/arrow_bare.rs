//! Arrow rows of customer, date and amount alone, as the numbers they hold.

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Float64Type, Int64Type};

use super::arrow_rows::{per_second, text};
use super::literal::Literal;
use super::record::is_clean;

/// The columns of a batch.
pub(super) struct BareRows {
    ids: StringArray,
    dates: Dates,
    amounts: Amounts,
}

enum Dates {
    Days(PrimitiveArray<Date32Type>),
    /// Counts since 1970-01-01, that many a day.
    Instants(PrimitiveArray<Int64Type>, i64),
}

enum Amounts {
    Floats(PrimitiveArray<Float64Type>),
    Integers(PrimitiveArray<Int64Type>),
    /// Of that many places.
    Decimals(PrimitiveArray<Decimal128Type>, u8),
}

impl BareRows {
    /// The rows of a batch whose columns of customer, date and amount these are; `None` where
    /// their texts have to be read.
    pub(super) fn new(batch: &RecordBatch, [id, date, amount]: [usize; 3]) -> Option<Self> {
        let ids = text(batch.column(id)).ok().filter(|ids| is_clean(ids.value_data()))?;
        let dates = Dates::new(batch.column(date))?;
        let amounts = Amounts::new(batch.column(amount))?;
        Some(Self { ids, dates, amounts })
    }

    /// A row; `None` where a cell is null or no plain day or number.
    pub(super) fn get(&self, row: usize) -> Option<(&[u8], i32, Literal)> {
        if self.ids.is_null(row) {
            return None;
        }
        Some((self.ids.value(row).as_bytes(), self.dates.get(row)?, self.amounts.get(row)?))
    }
}

impl Dates {
    fn new(array: &ArrayRef) -> Option<Self> {
        let counts = || Some(cast(array, &DataType::Int64).ok()?.as_primitive().clone());
        match array.data_type() {
            DataType::Date32 => Some(Self::Days(array.as_primitive().clone())),
            DataType::Date64 => Some(Self::Instants(counts()?, 86_400_000)),
            DataType::Timestamp(unit, _) => {
                Some(Self::Instants(counts()?, 86_400 * per_second(*unit)))
            }
            _ => None,
        }
    }

    fn get(&self, row: usize) -> Option<i32> {
        match self {
            Self::Days(days) => days.is_valid(row).then(|| days.value(row)),
            Self::Instants(counts, per_day) => {
                let count = counts.is_valid(row).then(|| counts.value(row))?;
                let is_midnight = count.rem_euclid(*per_day) == 0;
                is_midnight.then(|| i32::try_from(count.div_euclid(*per_day)).ok())?
            }
        }
    }
}

impl Amounts {
    fn new(array: &ArrayRef) -> Option<Self> {
        match array.data_type() {
            DataType::Float64 => Some(Self::Floats(array.as_primitive().clone())),
            DataType::Decimal128(_, places) => {
                Some(Self::Decimals(array.as_primitive().clone(), u8::try_from(*places).ok()?))
            }
            kind if kind.is_integer() && *kind != DataType::UInt64 => {
                let numbers = cast(array, &DataType::Int64).ok()?;
                Some(Self::Integers(numbers.as_primitive().clone()))
            }
            _ => None,
        }
    }

    fn get(&self, row: usize) -> Option<Literal> {
        match self {
            Self::Floats(cells) => {
                cells.is_valid(row).then(|| Literal::shortest(cells.value(row)))?
            }
            Self::Integers(cells) => {
                cells.is_valid(row).then(|| Literal::stored(cells.value(row), 0))?
            }
            Self::Decimals(cells, places) => {
                let digits = cells.is_valid(row).then(|| cells.value(row))?;
                Literal::stored(i64::try_from(digits).ok()?, *places)
            }
        }
    }
}
