//! What a ledger is: the types that leave this stage.

use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;

use crate::units::{Day, Money, Scale};

use super::table::Rows;

/// All used transactions, sorted, with customers interned and money exact.
///
/// Two inputs with the same rows in another order, or cut into other files, give equal `rows`,
/// `customers`, `segments` and `scale`.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// assert_eq!(ledger.customers[0], "AA-10315");
/// assert_eq!(ledger.segments.unwrap()[0], "Consumer");
/// let total: clvcast::units::Money = ledger.rows.iter().map(|row| row.money()).sum();
/// assert_eq!(total.display(ledger.scale).to_string(), "2297200.8603");
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ledger {
    /// Customer ids as text, in ascending byte order; a row's `customer` is an index into it.
    pub customers: Arc<[String]>,
    /// Segment of each customer (that of its latest row), where the input has such a column.
    pub segments: Option<Vec<String>>,
    /// Where the segment of a customer depends on the day: what it is from a day on, sorted by
    /// customer and day. Customers with one segment in all rows are not listed.
    pub segment_changes: Vec<SegmentChange>,
    /// The used rows, sorted by customer, day, order, and then by their money.
    pub rows: Rows,
    /// Decimal places of all money in `rows`.
    pub scale: Scale,
    /// Which columns were found, by their names in the input.
    pub columns: Columns,
    /// What was read, used and left out.
    pub audit: Audit,
}

/// The segment of a customer from a day on.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(&file, "customer,date,segment\nA,2017-01-31,new\nA,2017-02-28,gold\n")?;
/// let files = [file.path().display().to_string()];
/// let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let last = ledger.segment_changes.last().unwrap();
/// assert_eq!((last.segment.as_str(), last.day.to_string().as_str()), ("gold", "2017-02-28"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentChange {
    /// Index into [`Ledger::customers`].
    pub customer: u32,
    /// The first day on which it holds.
    pub day: Day,
    /// The segment.
    pub segment: String,
}

/// One transaction.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let row = ledger.rows.iter().next().unwrap();
/// assert_eq!((row.customer, row.day.to_string()), (0, "2014-03-31".to_owned()));
/// assert_eq!(row.money().display(ledger.scale).to_string(), "726.548");
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Index into [`Ledger::customers`].
    pub customer: u32,
    /// The day as written.
    pub day: Day,
    /// Identity of the order (a hash of its id), `None` where the row has no order id.
    pub order: Option<NonZeroU64>,
    /// Net amount in units of the ledger's scale; `None` for a row that carries only an expense,
    /// and for every row of a ledger without an amount column.
    pub amount: Option<i64>,
    /// Product cost, 0 where empty or absent.
    pub cost: i64,
    /// Relationship-marketing expense, 0 where empty or absent.
    pub expense: i64,
}

impl Row {
    /// The amount as money, zero where the row carries none.
    #[must_use]
    pub fn money(&self) -> Money {
        Money::from_units(i128::from(self.amount.unwrap_or(0)))
    }
}

/// The input's own names of the columns in use.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// assert_eq!(ledger.columns.order.as_deref(), Some("order"));
/// assert_eq!(ledger.columns.expense, None);
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Customer id.
    pub customer: String,
    /// Transaction date.
    pub date: String,
    /// Net amount; without it purchases are forecast and their value is not.
    pub amount: Option<String>,
    /// Product cost.
    pub cost: Option<String>,
    /// Relationship-marketing expense.
    pub expense: Option<String>,
    /// Order id.
    pub order: Option<String>,
    /// Customer segment.
    pub segment: Option<String>,
}

/// What to do with negative amounts.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(&file, "customer,date,amount\nA,2017-01-31,9\nA,2017-02-28,-4\n")?;
/// let files = [file.path().display().to_string()];
/// let options = ReadOptions { refunds: Refunds::Drop, ..ReadOptions::default() };
/// let audit = read(&files, &options, &Silent)?.audit;
/// assert_eq!((audit.rows_used, audit.left_out[&Reason::Refund]), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Refunds {
    /// Net them into the period they fall in.
    #[default]
    Net,
    /// Leave them out, and count them.
    Drop,
    /// Refuse the input.
    Error,
}

/// What to do with rows that repeat another row exactly, in every column.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(&file, "customer,date,amount\nA,2017-01-31,9\nA,2017-01-31,9\n")?;
/// let files = [file.path().display().to_string()];
/// let used = |duplicates| {
///     let options = ReadOptions { duplicates, ..ReadOptions::default() };
///     read(&files, &options, &Silent).map(|ledger| ledger.audit.rows_used)
/// };
/// assert_eq!((used(Duplicates::Keep)?, used(Duplicates::Drop)?), (2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duplicates {
    /// Use them all, and report how many there are.
    #[default]
    Keep,
    /// Use one of each, and count the others.
    Drop,
    /// Refuse the input.
    Error,
}

/// How one column is chosen.
///
/// ```
/// use clvcast::{ledger::*, progress::Silent};
/// let options = ReadOptions { amount: ColumnChoice::Off, ..ReadOptions::default() };
/// let ledger = read(&["data/superstore.csv".to_owned()], &options, &Silent)?;
/// assert_eq!(ledger.columns.amount, None); // purchases only
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ColumnChoice {
    /// By its obvious names, if one is there.
    #[default]
    Find,
    /// This one.
    Named(String),
    /// Not used even if an obvious name is there.
    Off,
}

/// How a ledger is read.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(&file, "customer,date,amount\nA,2/1/2017,9\nB,3/1/2017,oops\n")?;
/// let files = [file.path().display().to_string()];
/// let date_format = Some("%d/%m/%Y".to_owned());
/// let options = ReadOptions { date_format, lenient: true, ..ReadOptions::default() };
/// let ledger = read(&files, &options, &Silent)?;
/// assert_eq!(ledger.rows.iter().next().unwrap().day.to_string(), "2017-01-02");
/// assert_eq!(ledger.audit.left_out[&Reason::BadAmount], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Customer id column.
    pub customer: ColumnChoice,
    /// Date column.
    pub date: ColumnChoice,
    /// Amount column.
    pub amount: ColumnChoice,
    /// Product cost column.
    pub cost: ColumnChoice,
    /// Expense column.
    pub expense: ColumnChoice,
    /// Order id column.
    pub order: ColumnChoice,
    /// Segment column.
    pub segment: ColumnChoice,
    /// A `strptime` format; otherwise formats are found where unambiguous.
    pub date_format: Option<String>,
    /// Field delimiter; otherwise found from the header.
    pub delimiter: Option<u8>,
    /// Negative amounts.
    pub refunds: Refunds,
    /// Exact duplicate rows.
    pub duplicates: Duplicates,
    /// Leave bad rows out, counted by reason, instead of refusing the input.
    pub lenient: bool,
    /// Keep every rejected row for a rejects file, not only the first ones.
    pub keep_rejects: bool,
}

/// Why a row was left out.
///
/// ```
/// use clvcast::ledger::Reason;
/// assert_eq!(Reason::DateOutOfRange.name(), "date-out-of-range");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The customer id is empty.
    MissingCustomer,
    /// The date is empty or cannot be read.
    BadDate,
    /// The date lies outside the years 1900 to 2100.
    DateOutOfRange,
    /// The amount is empty or cannot be read.
    BadAmount,
    /// The cost cannot be read.
    BadCost,
    /// The expense cannot be read, or is negative.
    BadExpense,
    /// The row has more or fewer fields than the header.
    RaggedRow,
    /// The row is not valid text (invalid UTF-8 or a NUL byte).
    BadText,
    /// A negative amount under the policy [`Refunds::Drop`] (an error under `Error`).
    Refund,
    /// An exact duplicate under [`Duplicates::Drop`] (an error under `Error`).
    Duplicate,
    /// The row lies after the as-of date (counted by the panel).
    AfterAsOf,
}

impl Reason {
    /// The name used in files and messages, e.g. `missing-customer`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingCustomer => "missing-customer",
            Self::BadDate => "bad-date",
            Self::DateOutOfRange => "date-out-of-range",
            Self::BadAmount => "bad-amount",
            Self::BadCost => "bad-cost",
            Self::BadExpense => "bad-expense",
            Self::RaggedRow => "ragged-row",
            Self::BadText => "bad-text",
            Self::Refund => "refund",
            Self::Duplicate => "duplicate",
            Self::AfterAsOf => "after-as-of",
        }
    }
}

/// A row that was not used, and where it stands.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(&file, "customer,date,amount\nA,2017-01-31,9\n,2017-02-28,4\n")?;
/// let files = [file.path().display().to_string()];
/// let options = ReadOptions { lenient: true, ..ReadOptions::default() };
/// let reject = &read(&files, &options, &Silent)?.audit.rejects[0];
/// assert_eq!((reject.line, reject.reason), (3, Reason::MissingCustomer));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The file as given (`-` for standard input).
    pub file: String,
    /// Line in the (decompressed) file, from 1; in Parquet the row number, from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
    /// The column concerned, by its name in the input, where one is.
    pub column: Option<String>,
    /// What was found (shortened to 60 characters).
    pub found: String,
    /// What was expected, and what to try.
    pub expected: String,
}

/// One input file.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let file = &ledger.audit.files[0];
/// assert_eq!((file.bytes, file.rows, file.sha256.len()), (300_966, 5009, 64));
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// The path as given, or `-`, or the name of record batches.
    pub path: PathBuf,
    /// Size in bytes as stored, or in memory.
    pub bytes: u64,
    /// SHA-256 of the stored bytes, lower-case hexadecimal; empty for record batches.
    pub sha256: String,
    /// Data rows read from it.
    pub rows: u64,
}

/// What was read, used and left out. `rows_read = rows_used + Σ left_out`.
///
/// ```
/// # use clvcast::{ledger::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// let audit = &ledger.audit;
/// assert_eq!((audit.rows_read, audit.rows_used, audit.refund_rows), (5009, 5009, 0));
/// assert_eq!(audit.date_format, "ISO (2017-01-31)");
/// # Ok::<(), LedgerError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// The input files, in the order given.
    pub files: Vec<InputFile>,
    /// Data rows read.
    pub rows_read: u64,
    /// Rows in [`Ledger::rows`].
    pub rows_used: u64,
    /// Rows left out, by reason.
    pub left_out: BTreeMap<Reason, u64>,
    /// Rows that repeat an earlier one in every column (used or not, by policy).
    pub duplicate_rows: u64,
    /// Order ids that were met in more than one file.
    pub orders_in_several_files: u64,
    /// Used rows with a negative amount.
    pub refund_rows: u64,
    /// Customers whose rows name more than one segment.
    pub customers_with_several_segments: u64,
    /// The date format in words, e.g. `ISO (2017-01-31)` or `day first (31/1/2017), settled by line 14`.
    pub date_format: String,
    /// Things the reader decided that a user should know.
    pub notes: Vec<String>,
    /// First rows left out (all with [`ReadOptions::keep_rejects`]), sorted by file and line.
    pub rejects: Vec<Reject>,
}
