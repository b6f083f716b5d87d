//! From an old forecast to a new one, step by step.

use serde::Serialize;

use super::error::CompareError;
use super::issued::Issued;
use super::replay::{Change, Replay};
use super::score::Sums;
use super::score_files::json;
use crate::predict::{Target, Window};

/// A forecast made again from the same data by the same version differs by nothing; from a file of
/// the same numbers in another order by the order of adding: far less than this share.
const SAME: f64 = 1e-9;

/// Totals on a grid of this many binary digits below the largest one add and subtract without
/// rounding: the sums of up to nine steps then are the difference to the last digit, in any order.
/// Totals move by less than rounding in adding up moves them.
const DIGITS: i32 = 47;

/// One forecast of the two.
///
/// Part of a [`Bridge`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// The file.
    pub forecast: String,
    /// Its as-of date.
    pub as_of: String,
    /// Its frequency model.
    pub frequency: String,
    /// Its method.
    pub method: String,
    /// Labels of its periods.
    pub periods: Vec<String>,
    /// Its totals over them, money discounted if the forecast's is; null where a number is not in
    /// both files.
    pub totals: Sums,
}

/// One step: by how much the totals change.
///
/// Part of a [`Bridge`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// `left`, `new_customers`, `common`, `data`, `data_and_rules`, `horizon`, `method`,
    /// `parameters` or `rules`.
    pub step: &'static str,
    /// The same in words.
    pub title: &'static str,
    /// Whom it concerns; an empty number is contained in the next step that has one.
    #[serde(flatten)]
    pub change: Sums,
}

/// A period that both forecasts have.
///
/// Part of a [`Bridge`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedPeriod {
    /// Its label.
    pub period: String,
    /// What the old forecast says of all its customers.
    pub old: Sums,
    /// What the new forecast says of all its customers.
    pub new: Sums,
    /// What the old forecast says of the customers in both.
    pub old_common: Sums,
    /// What the new forecast says of the customers in both.
    pub new_common: Sums,
}

/// The way from an old forecast's totals to a new one's: old + Σ steps = new, to the last digit.
///
/// ```
/// # use clap::Parser;
/// # let folder = tempfile::tempdir()?;
/// # let file = |name: &str| folder.path().join(name);
/// # for (name, as_of) in [("old.csv", "2017-03-31"), ("new.csv", "2017-06-30")] {
/// #     let path = file(name);
/// #     let arguments = ["clvcast", "forecast", "data/superstore.csv", "--quiet", "--as-of", as_of,
/// #         "-o", path.to_str().unwrap()];
/// #     clvcast::cli::run(clvcast::cli::Cli::parse_from(arguments))?;
/// # }
/// use clvcast::compare::{Bridge, Issued};
/// let (old, new) = (Issued::read(&file("old.csv"))?, Issued::read(&file("new.csv"))?);
/// let bridge = Bridge::new(&old, &new, Err("the data are not at hand".to_owned()))?;
/// let steps: f64 = bridge.steps.iter().filter_map(|step| step.change.purchases).sum();
/// let (from, to) = (bridge.old.totals.purchases, bridge.new.totals.purchases);
/// assert_eq!(from.unwrap() + steps, to.unwrap());
/// assert_eq!(bridge.steps.last().unwrap().step, "common"); // not told apart without the data
/// assert_eq!(bridge.shared[0].period, "2017-Q3");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bridge {
    /// The old forecast.
    pub old: Side,
    /// The new one.
    pub new: Side,
    /// Customers in both.
    pub common: u64,
    /// Whether the two cover the same periods.
    pub same_periods: bool,
    /// The changes, in the order in which they are made.
    pub steps: Vec<Step>,
    /// Why the change of the customers in both is not told apart; null where it is.
    pub not_replayed: Option<String>,
    /// The periods that both have, if they do not cover the same ones.
    pub shared: Vec<SharedPeriod>,
    /// What a user should know.
    pub warnings: Vec<String>,
}

impl Bridge {
    /// Builds the bridge; `replay` is what the steps of the customers in both are made with, or why
    /// there is none.
    ///
    /// # Errors
    /// [`CompareError::OtherPeriod`].
    pub fn new(
        old: &Issued,
        new: &Issued,
        replay: Result<Replay<'_>, String>,
    ) -> Result<Self, CompareError> {
        if old.grid.period() != new.grid.period() {
            return Err(CompareError::OtherPeriod {
                old: old.manifest.period.clone(),
                new: new.manifest.period.clone(),
            });
        }
        let mut warnings = old.doubts();
        warnings.extend(new.doubts());
        let in_both = |i: &usize| new.find(&old.customers[*i]).is_some();
        let (common, left): (Vec<usize>, Vec<usize>) = (0..old.customers.len()).partition(in_both);
        let (kept, came): (Vec<usize>, Vec<usize>) =
            (0..new.customers.len()).partition(|i| old.find(&new.customers[*i]).is_some());
        let known = Target::ALL.map(|t| old.has(t, Window::Total) && new.has(t, Window::Total));
        let total = |issued: &Issued, who: &[usize]| {
            Target::ALL.map(|target| {
                let value = |i: &usize| issued.value(*i, target, Window::Total);
                known[target as usize].then(|| who.iter().filter_map(value).sum::<f64>())
            })
        };
        let (old_left, old_common) = (total(old, &left), total(old, &common));
        let (new_came, new_common) = (total(new, &came), total(new, &kept));
        let ids: Vec<&str> = common.iter().map(|&i| old.customers[i].as_str()).collect();
        let replayed = replay.and_then(|replay| {
            let levels = replay.levels(&ids);
            let again = levels.last().map_or([None; 3], |(_, level)| *level);
            let same = (0..3).all(|t| match (new_common[t], again[t]) {
                (Some(file), Some(made)) => {
                    (file - made).abs() <= SAME * file.abs().max(made.abs())
                }
                (Some(file), None) => file == 0.0,
                (None, _) => true,
            });
            if same { Ok(levels) } else { Err(other_totals(new_common, again)) }
        });
        let not_replayed = replayed.as_ref().err().cloned();
        // Totals after each step: without the customers who left, with the new ones, and then what
        // changes for the others.
        let with_new = |common: [Option<f64>; 3]| add(common, new_came);
        let mut levels = vec![(Change::Left, left.len(), old_common)];
        levels.push((Change::NewCustomers, came.len(), with_new(old_common)));
        match replayed {
            Ok(steps) => levels.extend(
                steps.into_iter().map(|(change, level)| (change, common.len(), with_new(level))),
            ),
            Err(_) => levels.push((Change::Common, common.len(), with_new(new_common))),
        }
        // The last one is the new forecast itself, not the one made again.
        if let Some((_, _, level)) = levels.last_mut() {
            *level = with_new(new_common);
        }
        let begin = add(old_common, old_left);
        let (begin, levels) = exact(begin, levels);
        let end = levels.last().map_or(begin, |(_, _, level)| *level);
        let same_periods = old.labels() == new.labels();
        Ok(Self {
            old: side(old, begin),
            new: side(new, end),
            common: common.len() as u64,
            same_periods,
            steps: steps(begin, levels),
            not_replayed,
            shared: if same_periods { Vec::new() } else { shared(old, new, &common, &kept) },
            warnings,
        })
    }

    /// Everything, exact.
    #[must_use]
    pub fn to_json(&self) -> String {
        json(self)
    }
}

fn other_totals(file: [Option<f64>; 3], made: [Option<f64>; 3]) -> String {
    let differs = |t: &Target| file[*t as usize] != made[*t as usize];
    let target = Target::ALL.into_iter().find(differs).unwrap_or(Target::Purchases);
    let shown =
        |of: [Option<f64>; 3]| of[target as usize].map_or("none".to_owned(), |n| n.to_string());
    format!(
        "made again from its data and model the new forecast's {} are {}, its file says {}",
        target.name(),
        shown(made),
        shown(file)
    )
}

fn add(a: [Option<f64>; 3], b: [Option<f64>; 3]) -> [Option<f64>; 3] {
    std::array::from_fn(|t| a[t].map(|a| a + b[t].unwrap_or(0.0)))
}

type Level = (Change, usize, [Option<f64>; 3]);

/// All totals of a target on one grid, so that their differences are exact.
fn exact(mut begin: [Option<f64>; 3], mut levels: Vec<Level>) -> ([Option<f64>; 3], Vec<Level>) {
    for t in 0..3 {
        let all = || levels.iter().map(|(_, _, level)| level[t]).chain([begin[t]]).flatten();
        let largest = all().map(f64::abs).fold(0.0, f64::max);
        if largest == 0.0 {
            continue;
        }
        #[expect(clippy::cast_possible_truncation, reason = "an exponent of a finite number")]
        let quantum = (largest.log2().floor() as i32 - DIGITS).max(f64::MIN_EXP);
        let quantum = f64::powi(2.0, quantum);
        let round = |number: f64| (number / quantum).round() * quantum;
        begin[t] = begin[t].map(round);
        for (_, _, level) in &mut levels {
            level[t] = level[t].map(round);
        }
    }
    (begin, levels)
}

fn side(issued: &Issued, totals: [Option<f64>; 3]) -> Side {
    let frequency = issued.manifest.model.file.get("frequency").and_then(|f| f.get("model"));
    Side {
        forecast: issued.path.display().to_string(),
        as_of: issued.manifest.as_of.clone(),
        frequency: frequency.and_then(|name| name.as_str()).unwrap_or_default().to_owned(),
        method: issued.manifest.method.name.clone(),
        periods: issued.labels().to_vec(),
        totals: sums(issued.customers.len(), totals),
    }
}

fn sums(customers: usize, [purchases, amount, gross_profit]: [Option<f64>; 3]) -> Sums {
    let customers = customers as u64;
    Sums { customers, purchases, amount, gross_profit }
}

/// Differences of the levels; a number that a level lacks is contained in the next one's.
fn steps(begin: [Option<f64>; 3], levels: Vec<Level>) -> Vec<Step> {
    let mut before = begin;
    let step = |(change, customers, level): Level| {
        let difference = std::array::from_fn(|t| {
            let difference = Some(level[t]? - before[t]?);
            before[t] = level[t];
            difference
        });
        Step { step: change.name(), title: change.title(), change: sums(customers, difference) }
    };
    levels.into_iter().map(step).collect()
}

/// Periods by label, side by side; not discounted.
fn shared(old: &Issued, new: &Issued, common: &[usize], kept: &[usize]) -> Vec<SharedPeriod> {
    let of = |issued: &Issued, who: &mut dyn Iterator<Item = usize>, h: usize| {
        let mut sums = Sums::default();
        for i in who {
            sums.add(Target::ALL.map(|target| issued.value(i, target, Window::Period(h))));
        }
        sums
    };
    let period = |(h, label): (usize, &String)| {
        let then = h;
        let now = new.labels().iter().position(|known| known == label)?;
        Some(SharedPeriod {
            period: label.clone(),
            old: of(old, &mut (0..old.customers.len()), then),
            new: of(new, &mut (0..new.customers.len()), now),
            old_common: of(old, &mut common.iter().copied(), then),
            new_common: of(new, &mut kept.iter().copied(), now),
        })
    };
    old.labels().iter().enumerate().filter_map(period).collect()
}
