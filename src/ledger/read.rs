//! The way from inputs to a ledger: open, read in chunks, parse on all cores, collect in order.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatchReader;
use rayon::prelude::*;

use crate::progress::Progress;

use super::arrow_rows::{self, Batch, Slices};
use super::blocks::Block;
use super::collect::{Collector, Sources};
use super::columns::{self, Positions, Role};
use super::csv_text;
use super::date_column::DateReader;
use super::error::LedgerError;
use super::file_context::FileContext;
use super::hash::hash;
use super::inputs::{self, Input, is_parquet};
use super::parquet_rows::{Group, ParquetRows};
use super::part::Part;
use super::raw::{Compression, Raw, decompress, peek};
use super::rows::Parser;
use super::types::{Columns, InputFile, Ledger, ReadOptions};

/// How much of a file is looked at to find its format and delimiter.
const HEAD: u64 = 1 << 16;

/// How long a row of text is at least in most files: for how many rows memory is asked for.
const BYTES_PER_ROW: usize = 24;

/// Reads transactions from files, patterns, folders of Parquet parts, or `-` for standard input.
///
/// The result does not depend on the number of threads, nor (but for the audit, which names files
/// and lines) on the order of the rows or on how they are spread over files.
///
/// # Errors
///
/// When an input cannot be read, its columns or dates cannot be told without guessing, or (unless
/// [`ReadOptions::lenient`]) any row cannot be used.
///
/// ```
/// use clvcast::ledger::{ReadOptions, read};
/// use clvcast::progress::Silent;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("sales.csv");
/// std::fs::write(&path, "customer_id,order_date,sales\n007,2017-01-31,12.50\n")?;
/// let ledger = read(&[path.display().to_string()], &ReadOptions::default(), &Silent)?;
/// assert_eq!(ledger.customers[..], ["007"]);
/// let row = ledger.rows.iter().next().unwrap();
/// assert_eq!(row.money().display(ledger.scale).to_string(), "12.5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(
    inputs: &[String],
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Ledger, LedgerError> {
    let dates = DateReader::new(options.date_format.as_deref())?;
    let inputs = inputs::expand(inputs)?;
    progress.start("reading", inputs.iter().map(|input| input.bytes).sum());
    let names = inputs.iter().map(|input| input.name.clone()).collect();
    let mut reading = Reading::new(names, &dates, options, progress);
    for (index, input) in (0..).zip(&inputs) {
        reading.file(index, input)?;
    }
    reading.finish()
}

/// Reads transactions from Arrow record batches, such as those of a data frame, which `name` stands
/// for in messages.
///
/// The columns are those of a Parquet file: customers, orders and segments may be text or whole
/// numbers, dates also dates or timestamps, money also decimals or floats. Rows are numbered from 1.
/// Progress is in rows.
///
/// # Errors
///
/// Those of [`read`]; [`LedgerError::Damaged`] where `batches` yields an error.
///
/// ```
/// use std::sync::Arc;
/// use arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, RecordBatchIterator, StringArray};
/// use clvcast::{ledger::{ReadOptions, read_arrow}, progress::Silent};
///
/// let batch = RecordBatch::try_from_iter([
///     ("customer", Arc::new(StringArray::from(vec!["ada", "bo"])) as ArrayRef),
///     ("date", Arc::new(Date32Array::from(vec![17_197, 17_198])) as ArrayRef),
///     ("amount", Arc::new(Float64Array::from(vec![12.5, 8.0])) as ArrayRef),
/// ])?;
/// let schema = batch.schema();
/// let frame = RecordBatchIterator::new([Ok(batch)], schema);
/// let ledger = read_arrow("sales", frame, &ReadOptions::default(), &Silent)?;
/// assert_eq!((ledger.customers.len(), ledger.rows.len()), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_arrow(
    name: &str,
    batches: impl RecordBatchReader + Send,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Ledger, LedgerError> {
    let dates = DateReader::new(options.date_format.as_deref())?;
    progress.start("reading", None);
    let mut reading = Reading::new(vec![name.to_owned()], &dates, options, progress);
    reading.batches(name, batches)?;
    reading.finish()
}

/// The state while files are read.
struct Reading<'a> {
    options: &'a ReadOptions,
    progress: &'a dyn Progress,
    dates: &'a DateReader,
    collector: Collector<'a>,
    sources: Sources,
}

impl<'a> Reading<'a> {
    fn new(
        names: Vec<String>,
        dates: &'a DateReader,
        options: &'a ReadOptions,
        progress: &'a dyn Progress,
    ) -> Self {
        let sources = Sources {
            files: Vec::new(),
            names,
            columns: Columns::default(),
            currency: None,
            notes: Vec::new(),
        };
        Self { options, progress, dates, collector: Collector::new(options), sources }
    }

    fn finish(mut self) -> Result<Ledger, LedgerError> {
        if self.sources.columns.amount.is_none() {
            self.sources.notes.push(
                "no amount column: purchases can be forecast, their value cannot; name one with \
                 --amount"
                    .to_owned(),
            );
        }
        self.collector.finish(self.sources)
    }

    fn batches(
        &mut self,
        name: &str,
        batches: impl RecordBatchReader + Send,
    ) -> Result<(), LedgerError> {
        let schema = batches.schema();
        let header = arrow_rows::header(&schema);
        let positions = self.positions(0, name, &header)?;
        self.sources.notes.extend(arrow_rows::check(name, &schema, &header, &positions)?);
        let context = context(0, name, &header, positions, self.dates, self.options);
        let progress = self.progress;
        let parse = |batch: Batch| {
            let mut parser = Parser::new(&context, batch.first_row, batch.rows());
            batch.read(name, &mut parser)?;
            progress.advance(batch.rows() as u64);
            Ok(vec![parser.finish()])
        };
        let mut slices = Slices::new(name, batches);
        pump(|| slices.next(), parse, &mut self.collector)?;
        let path = PathBuf::from(name);
        let rows = self.collector.rows();
        self.sources.files.push(InputFile {
            path,
            bytes: slices.bytes(),
            sha256: String::new(),
            rows,
        });
        Ok(())
    }

    fn file(&mut self, index: u32, input: &Input) -> Result<(), LedgerError> {
        let before = self.collector.rows();
        let mut raw = Raw::open(input, self.progress)?;
        let (compression, mut content) = decompress(&mut raw, input)?;
        let failed = |error: &io::Error| compression.error(&input.name, error);
        let head = peek(&mut content, HEAD).map_err(|error| failed(&error))?;
        let by_name = input.path.as_deref().is_some_and(is_parquet);
        if head.starts_with(b"PAR1") || (by_name && compression == Compression::None) {
            // Parquet is read from its end, hence from a file; its rows then report the progress.
            let plain = input.path.as_deref().filter(|_| compression == Compression::None);
            let stored = match plain.filter(|path| path.is_file()) {
                Some(path) => {
                    drop(content);
                    open(path, input)?
                }
                None => spool(&head, content).map_err(|error| failed(&error))?,
            };
            let reported = raw.size();
            raw.silence();
            drain(&mut raw, input)?;
            self.parquet(index, input, stored, raw.size() - reported)?;
        } else {
            self.csv(index, input, compression, head, content)?;
            drain(&mut raw, input)?;
        }
        let rows = self.collector.rows() - before;
        if rows == 0 {
            self.sources.notes.push(format!("{}: a header and no rows", input.name));
        }
        self.sources.files.push(InputFile {
            path: input.path.clone().unwrap_or_else(|| PathBuf::from("-")),
            bytes: raw.size(),
            sha256: raw.sha256(),
            rows,
        });
        Ok(())
    }

    fn csv(
        &mut self,
        index: u32,
        input: &Input,
        compression: Compression,
        head: Vec<u8>,
        rest: Box<dyn Read + Send + '_>,
    ) -> Result<(), LedgerError> {
        let delimiter = self.options.delimiter;
        let (mut blocks, delimiter, header) =
            csv_text::open(&input.name, compression, head, rest, delimiter)?;
        let positions = self.positions(index, &input.name, &header)?;
        let context = context(index, &input.name, &header, positions, self.dates, self.options);
        let parse = |block: Block| {
            let mut parser = Parser::new(&context, block.line, block.bytes.len() / BYTES_PER_ROW);
            csv_text::each_record(block, delimiter, |line, record| {
                parser.record(line, record);
            });
            Ok(vec![parser.finish()])
        };
        pump(|| blocks.next(), parse, &mut self.collector)
    }

    fn parquet(
        &mut self,
        index: u32,
        input: &Input,
        stored: File,
        bytes: u64,
    ) -> Result<(), LedgerError> {
        let (rows, header) = ParquetRows::open(&input.name, stored, bytes, self.progress)?;
        let positions = self.positions(index, &input.name, &header)?;
        self.sources.notes.extend(rows.check(&header, &positions)?);
        let context = context(index, &input.name, &header, positions, self.dates, self.options);
        let parse = |group: Group| {
            let mut parts = Vec::new();
            rows.each_batch(group, |batch| {
                let mut parser = Parser::new(&context, batch.first_row, batch.rows());
                batch.read(&input.name, &mut parser)?;
                parts.push(parser.finish());
                Ok(())
            })?;
            Ok(parts)
        };
        let mut groups = rows.groups().into_iter();
        pump(|| Ok(groups.next()), parse, &mut self.collector)?;
        rows.end();
        Ok(())
    }

    /// Chooses the columns of a file, which must be those of the first one.
    fn positions(
        &mut self,
        index: u32,
        name: &str,
        header: &[String],
    ) -> Result<Positions, LedgerError> {
        let positions = columns::choose(name, header, self.options)?;
        let names = columns::names(header, &positions);
        if let Some(at) = columns::currency(header, &positions) {
            self.sources.currency.get_or_insert_with(|| header[at].clone());
        }
        if index == 0 {
            self.sources.columns = names;
            return Ok(positions);
        }
        for role in Role::ALL {
            let (found, expected) = (names.of(role), self.sources.columns.of(role));
            if found != expected {
                return Err(LedgerError::ColumnsDiffer {
                    file: name.to_owned(),
                    first_file: self.sources.names[0].clone(),
                    role,
                    found: found.map(str::to_owned),
                    expected: expected.map(str::to_owned),
                });
            }
        }
        Ok(positions)
    }
}

fn context<'a>(
    file: u32,
    name: &'a str,
    header: &[String],
    positions: Positions,
    dates: &'a DateReader,
    options: &ReadOptions,
) -> FileContext<'a> {
    FileContext {
        file,
        name,
        width: header.len(),
        columns: columns::names(header, &positions),
        currency: columns::currency(header, &positions),
        seeds: header.iter().map(|name| hash(0, name.as_bytes())).collect(),
        positions,
        dates,
        keep_rejects: options.keep_rejects,
    }
}

/// Reads ahead on one core while the others parse; parts are collected in their order.
fn pump<T: Send>(
    mut next: impl FnMut() -> Result<Option<T>, LedgerError> + Send,
    parse: impl Fn(T) -> Result<Vec<Part>, LedgerError> + Sync,
    collector: &mut Collector<'_>,
) -> Result<(), LedgerError> {
    let group = 2 * rayon::current_num_threads();
    let mut read = || {
        let mut chunks = Vec::with_capacity(group);
        while chunks.len() < group {
            let Some(chunk) = next()? else { break };
            chunks.push(chunk);
        }
        Ok::<_, LedgerError>(chunks)
    };
    let mut chunks = read()?;
    while !chunks.is_empty() {
        let parse_all = || chunks.into_par_iter().map(&parse).collect::<Vec<_>>();
        let (ahead, parts) = rayon::join(&mut read, parse_all);
        let mut all = Vec::new();
        for parts in parts {
            all.append(&mut parts?);
        }
        collector.add(all);
        chunks = ahead?;
    }
    Ok(())
}

fn drain(raw: &mut Raw<'_>, input: &Input) -> Result<(), LedgerError> {
    raw.drain().map_err(|error| Compression::None.error(&input.name, &error))
}

fn open(path: &Path, input: &Input) -> Result<File, LedgerError> {
    File::open(path).map_err(|source| LedgerError::Unreadable { file: input.name.clone(), source })
}

/// Puts what comes as a stream into a temporary file.
fn spool(head: &[u8], mut rest: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut head.chain(&mut rest), &mut file)?;
    file.rewind()?;
    Ok(file)
}
