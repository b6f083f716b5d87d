//! The rows that were left out, one per line, for whoever mends the input.

use std::io::Write;

use super::error::ReportError;
use crate::ledger::Reject;

/// Writes rejected rows as CSV with the columns file, line, reason, column, found, expected.
///
/// # Errors
/// When `out` cannot be written.
///
/// ```
/// use clvcast::ledger::{Reason, Reject};
/// let reject = Reject {
///     file: "sales.csv".into(),
///     line: 7,
///     reason: Reason::BadAmount,
///     column: Some("amount".into()),
///     found: "1,200".into(),
///     expected: "a plain number such as 1200".into(),
/// };
/// let mut out = Vec::new();
/// clvcast::report::write_rejects(&mut out, &[reject])?;
/// let text = String::from_utf8(out).unwrap();
/// assert_eq!(text.lines().nth(1), Some(r#"sales.csv,7,bad-amount,amount,"1,200",a plain number such as 1200"#));
/// # Ok::<(), clvcast::report::ReportError>(())
/// ```
pub fn write_rejects(out: impl Write, rejects: &[Reject]) -> Result<(), ReportError> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["file", "line", "reason", "column", "found", "expected"])?;
    for reject in rejects {
        writer.write_record([
            reject.file.as_str(),
            &reject.line.to_string(),
            reject.reason.name(),
            reject.column.as_deref().unwrap_or_default(),
            &reject.found,
            &reject.expected,
        ])?;
    }
    writer.flush()?;
    Ok(())
}
