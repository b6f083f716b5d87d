//! The one sentence of the first sheet, which follows its cells.

use super::address::quoted;
use super::book::{Book, Measure};
use super::headers::measure;
use crate::report::Lang;
use crate::report::numbers::{count, decimal};

/// What the sentence is of: numbers, and the cells they stand in.
pub(super) struct Figures {
    /// The measure of all coming periods.
    pub(super) total: (f64, String),
    /// Its change against the past.
    pub(super) change: Option<(f64, String)>,
    /// Past periods it is compared with.
    pub(super) periods: usize,
}

/// The sentence, as a formula and as what it says now.
pub(super) fn headline(book: &Book<'_>, figures: &Figures) -> (String, String) {
    let measured = book.measure();
    let customers = book.findings.summary.totals.customers as u64;
    let (are, one_scores) = if customers == 1 { (" is", "s") } else { ("s are", "") };
    let plural = if customers == 1 { "" } else { "s" };
    let customers = count(customers);
    // Whole numbers where they are large enough to say something.
    let places = usize::from(figures.total.0.abs() < 100.0);
    let span = match book.labels() {
        [one] => one.clone(),
        [first, .., last] => match book.lang {
            Lang::En => format!("{first} to {last}"),
            Lang::Zh => format!("{first} 至 {last}"),
        },
        [] => String::new(),
    };
    let what = measure(book.lang, measured);
    let discounted = book.findings.summary.rules.discount != 0.0 && measured != Measure::Purchases;
    let discounted_en = if discounted { "discounted " } else { "" };
    let (before, after) = match (book.lang, book.findings.summary.forecast.is_score()) {
        (Lang::En, false) => (
            format!("{customers} existing customer{are} expected to bring "),
            format!(" {discounted_en}{what} in {span}"),
        ),
        (Lang::En, true) => (
            format!("{customers} existing customer{plural} score{one_scores} "),
            format!(" {discounted_en}{what} in {span}: potential, and no expectation"),
        ),
        (Lang::Zh, false) => {
            (format!("现有 {customers} 位客户在 {span} 预计带来{what} "), String::new())
        }
        (Lang::Zh, true) => (
            format!("现有 {customers} 位客户在 {span} 的{what}评分为 "),
            "（潜力评分，并非预期值）".to_owned(),
        ),
    };
    let mut formula = format!("{}&FIXED({},{places})", quoted(&before), figures.total.1);
    let mut result = format!("{before}{}", decimal(figures.total.0, places));
    if !after.is_empty() {
        formula.push_str(&format!("&{}", quoted(&after)));
        result.push_str(&after);
    }
    if let Some((change, place)) = &figures.change {
        let periods = figures.periods;
        // Before and behind the number: less, then more.
        let (before, after, end) = match book.lang {
            Lang::En => (
                [", ", ", "],
                [" % less", " % more"],
                format!(
                    " than in the last {}{}",
                    if periods == 1 { "period".to_owned() } else { format!("{periods} periods") },
                    if discounted { ", before discounting" } else { "" }
                ),
            ),
            Lang::Zh => (["减少 ", "增加 "], ["%", "%"], String::new()),
        };
        if book.lang == Lang::Zh {
            let lead = format!("，{}比最近 {periods} 期", if discounted { "折现前" } else { "" });
            formula.push_str(&format!("&{}", quoted(&lead)));
            result.push_str(&lead);
        }
        let either =
            |[less, more]: [&str; 2]| format!("IF({place}<0,{},{})", quoted(less), quoted(more));
        formula.push_str(&format!(
            "&{}&FIXED(ABS({place})*100,1)&{}&{}",
            either(before),
            either(after),
            quoted(&end)
        ));
        let now = usize::from(*change >= 0.0);
        let number = decimal(100.0 * change.abs(), 1);
        result.push_str(&format!("{}{number}{}{end}", before[now], after[now]));
    }
    let stop = book.say(".", "。");
    (format!("{formula}&{}", quoted(stop)), format!("{result}{stop}"))
}
