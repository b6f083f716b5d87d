//! Why customers cannot be grouped as asked.

/// A grouping that cannot be made.
///
/// ```
/// use clvcast::segment::Cutting;
/// let error = Cutting::Classes(5).cuts("recency", &[3.0, 9.0]).unwrap_err();
/// assert!(error.to_string().starts_with("2 customers cannot be cut into 5 classes of recency"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// A number of classes that makes no sense.
    #[error("{found} classes: expected 2 to 100 on each axis, such as `--classes 5`")]
    Classes {
        /// The number.
        found: u32,
    },
    /// Cuts that do not increase.
    #[error("`{option} {}`: expected finite numbers that increase, such as {}", .cuts.iter().map(f64::to_string).collect::<Vec<_>>().join(","), example(.option))]
    NotIncreasing {
        /// The option.
        option: &'static str,
        /// What it says.
        cuts: Vec<f64>,
    },
    /// Fewer customers than classes.
    #[error(
        "{customers} customer{} cannot be cut into {classes} classes of {of}: {}{}", if *customers == 1 { "" } else { "s" }, fewer(.of), advice(.of)
    )]
    FewCustomers {
        /// What is cut.
        of: &'static str,
        /// Customers with a value.
        customers: usize,
        /// Classes asked for.
        classes: u32,
    },
    /// All customers are the same.
    #[error(
        "all customers have the same {of} ({value}), so that no class is higher than another: {}", advice(.of)
    )]
    AllEqual {
        /// What is cut.
        of: &'static str,
        /// The one value.
        value: f64,
    },
    /// Shares of layers.
    #[error(
        "`--layers`: {found}, expected shares of customers above 0 that add up to less than 1, such as 0.01,0.04,0.15"
    )]
    Layers {
        /// What was found.
        found: String,
    },
    /// A share near zero.
    #[error(
        "`--near-zero {found}`: expected a share of the average customer's profit from 0 to 1, such as 0.01"
    )]
    NearZero {
        /// The number.
        found: f64,
    },
    /// Dormancy has three cuts.
    #[error("`{option}`: found {found} numbers, expected 3: where dozing, half-asleep and asleep begin, such as {}", example(.option))]
    Dormancy {
        /// The option.
        option: &'static str,
        /// How many numbers.
        found: usize,
    },
    /// A table that is not usable as a whole.
    #[error("{file} is not usable: {found}; expected {expected}")]
    Table {
        /// Which file.
        file: &'static str,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// Rows of a table that cannot be used, all of them.
    #[error("{} row(s) of {file} cannot be used:\n{}", .rows.len(), listed(.rows))]
    Rows {
        /// Which file.
        file: &'static str,
        /// Line and what is wrong with it.
        rows: Vec<(u64, String)>,
    },
    /// A score from a column that is not there.
    #[error(
        "the score table has points for `{item}`, and no `--attributes` file has that column: add the column `{item}`, or leave the item out"
    )]
    NoItem {
        /// The item.
        item: &'static str,
    },
}

/// Rows shown of a list of bad ones.
const SHOWN: usize = 20;

fn listed(rows: &[(u64, String)]) -> String {
    let shown = rows.iter().take(SHOWN).map(|(line, what)| format!("  line {line}: {what}"));
    let more = rows.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| format!("  … and {more} more"));
    shown.chain(more).collect::<Vec<_>>().join("\n")
}

fn example(option: &str) -> &'static str {
    match option {
        "--recency-cuts" => "30,90,365 (days)",
        "--frequency-cuts" => "1,3,10 (purchases)",
        "--layer-cuts" => "0,200,1000 (money)",
        "--dormancy" => "1,2,4 (periods)",
        "--dormancy-p" => "0.1,0.25,0.5 (asleep below the first)",
        _ => "100,500,2000 (money)",
    }
}

/// Whether fewer classes can be asked for.
fn fewer(of: &str) -> &'static str {
    match of {
        "recency" | "frequency" | "monetary" => "ask for fewer with `--classes`, or ",
        _ => "",
    }
}

/// What to do where a number cannot be cut by itself.
fn advice(of: &str) -> &'static str {
    match of {
        "recency" => "give the cuts with `--recency-cuts`",
        "frequency" => "give the cuts with `--frequency-cuts`",
        "monetary" => "give the cuts with `--monetary-cuts`",
        _ => "write high, medium and low in place of numbers",
    }
}
