//! What people read and what files hold: summaries and tables for the terminal, the forecast as
//! CSV, JSON and Parquet, the run manifest, rejected rows.
//!
//! [`write_forecast`] streams a [`Forecast`](crate::value::Forecast) in the [`Columns`] asked for;
//! [`AtomicFile`] gives it a file that appears whole or not at all; [`Manifest`] says how it came
//! about. Nothing is rounded here: [`numbers`] rounds, for display only.
//!
//! ```
//! use clvcast::report::{Columns, Layout};
//! let wide = Columns::new(Layout::Wide, 2, false);
//! assert_eq!(wide.names().nth(0), Some("customer"));
//! assert!(wide.names().any(|name| name == "gross_profit_2"));
//! let chosen = wide.select(&["customer", "purchases_1"]).unwrap();
//! assert_eq!(chosen.names().count(), 2);
//! assert!(wide.select(&["purchase_1"]).unwrap_err().to_string().contains("`purchases_1`"));
//! ```

mod arrow_out;
mod atomic;
mod backtest;
mod backtest_text;
mod beside;
mod calendar_text;
mod cells;
mod choice_text;
mod columns;
mod csv_out;
mod decimal;
mod error;
mod explain;
mod findings;
mod fit_text;
mod flag_words;
mod frame;
mod group_rules;
mod group_words;
mod inspection;
mod interval_sections;
mod interval_text;
mod json_out;
mod lang;
mod like_for_like;
mod manifest;
pub mod numbers;
mod output_error;
mod page;
mod parquet_out;
mod prospects_text;
mod ranking;
mod rejects;
mod run;
mod segment_files;
mod segment_text;
mod spend_text;
mod summary;
pub(crate) mod text_table;
mod timings;
mod transitions;
mod visible;
mod warnings;
pub(crate) mod words;
mod workbook;
mod write;

pub use atomic::{AtomicFile, remove_unfinished};
pub use backtest::{backtest_csv, backtest_json};
pub use backtest_text::backtest_text;
pub use beside::Beside;
pub use columns::{Columns, Layout};
pub use decimal::Decimal;
pub use error::{ReportError, UnknownColumn};
pub use explain::{ExplainedNumber, Explanation, explain, explain_average};
pub use findings::Findings;
pub use fit_text::fit_text;
pub use frame::{Column, Frame, Values, forecast_frame};
pub use inspection::Inspection;
pub use interval_sections::{
    BoundSection, GroupSection, IntervalsSection, RecalibratedLevels, RecalibrationSection,
    SegmentSection, WindowSection,
};
pub use lang::Lang;
pub use manifest::{
    AveragedModel, CalendarFileSection, CustomerCounts, HistorySection, InputSection, Manifest,
    MethodSection, ModelSection, NewcomersSection, OverridesSection, PeriodSection, RowsSection,
    RulesSection, Times, TotalSection,
};
pub use output_error::{OutputError, OutputProblem};
pub use page::page;
pub use rejects::write_rejects;
pub use run::Run;
pub use segment_files::{segment_csv, segment_json};
pub use segment_text::segment_text;
pub use summary::Summary;
pub use timings::{StageTimes, timings_text};
pub use transitions::Transitions;
pub use warnings::{data_warnings, forecast_warnings, model_warnings};
pub(crate) use workbook::settings::settings;
pub use workbook::{ChangedCell, ReturnedWorkbook, WorkbookError, read_workbook, write_workbook};
pub(crate) use write::write_forecast_with;
pub use write::{Format, UnknownFormat, WriteOptions, forecast_batches, write_forecast};
