//! Why decided margins and expenses cannot be used.

/// An overrides file that cannot be used.
///
/// ```
/// use clvcast::value::Overrides;
/// let text = "customer,segment,period,field,op,value\nZ,,,margin,set,0.3\n";
/// let error = Overrides::read(text.as_bytes(), &[], |id| id == "A", |_| false).unwrap_err();
/// assert!(error.to_string().ends_with("line 2: customer `Z` is not in the data"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum OverrideError {
    /// Not a CSV file with the columns expected.
    #[error(
        "the overrides file is not usable: {found}; expected the columns customer, segment, period, field, op, value, separated by commas"
    )]
    Format {
        /// What was found.
        found: String,
    },
    /// Rows that cannot be used, all of them.
    #[error("{} row(s) of the overrides file cannot be used:\n{}", .0.len(), listed(.0))]
    Rows(Vec<(u64, String)>),
    /// Decisions that cannot be used, all of them, each with its place.
    #[error("{} decided number(s) cannot be used:\n{}", .0.len(), decided(.0))]
    Decisions(Vec<(String, String)>),
}

/// Rows shown of a list of bad ones.
const SHOWN: usize = 20;

fn listed(rows: &[(u64, String)]) -> String {
    lines(rows, |line| format!("line {line}"))
}

fn decided(decisions: &[(String, String)]) -> String {
    lines(decisions, Clone::clone)
}

fn lines<T>(bad: &[(T, String)], place: impl Fn(&T) -> String) -> String {
    let shown = bad.iter().take(SHOWN);
    let mut lines: Vec<String> =
        shown.map(|(at, what)| format!("  {}: {what}", place(at))).collect();
    if bad.len() > SHOWN {
        lines.push(format!("  … and {} more", bad.len() - SHOWN));
    }
    lines.join("\n")
}
