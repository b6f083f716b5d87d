//! A forecast as one page that people open in a browser.
//!
//! Each section is put together by one file here, as blocks of text, charts and tables; the template
//! writes blocks. The template escapes every text; charts escape theirs when they are drawn.

mod backtest;
mod bars;
mod blocks;
mod chart;
mod customers;
mod fit;
mod fit_charts;
mod groups;
mod headline;
mod layers;
mod life_cycle;
mod method;
mod migration;
mod parameters;
mod periods;
mod policy;
mod quality;
mod risk;
mod show;
mod svg;
mod view;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use self::blocks::Section;
use self::view::View;
use super::numbers::count;
use super::{Findings, Lang, ReportError};
use crate::report::visible::visible;

/// The template of the page.
const TEMPLATE: &str = include_str!("page.html");
/// How blocks are written.
const BLOCKS: &str = include_str!("blocks.html");
/// Its style.
const STYLE: &str = include_str!("page.css");
/// What sorts, searches and pages tables; without it they are whole.
const SCRIPT: &str = include_str!("page.js");

/// What the template writes.
#[derive(Serialize)]
struct Page {
    /// Language of the page, as in HTML.
    lang: &'static str,
    /// What it is.
    title: String,
    /// Which data, until when.
    data: String,
    /// What it may load.
    policy: String,
    style: &'static str,
    script: &'static str,
    sections: Vec<Section>,
    /// The program and the run.
    facts: Vec<String>,
    words: Words,
}

/// Short texts around the sections, and those of the script.
#[derive(Serialize)]
struct Words {
    skip: &'static str,
    contents: &'static str,
    search: &'static str,
    /// `{n}` of `{all}` rows match.
    found: &'static str,
    /// Rows are shown only in part.
    more: &'static str,
    less: &'static str,
    scroll: &'static str,
    /// On paper rows are left out.
    printed: &'static str,
}

/// The page: HTML, complete in itself, that loads nothing. The same findings give the same bytes.
///
/// It shows the whole base in groups and the most valuable customers one by one, `findings.top` of
/// them (1 000 where it is `None`); all others are one row.
///
/// # Errors
/// [`ReportError::Page`] where the template of the page fails, which is an error of this library.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent, segment::Segmentation};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, report::*, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let rules = MoneyRules::default();
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &rules);
/// # let totals = Totals::new(&forecast);
/// # let run = clvcast::report::Run { command: &[], audit: &ledger.audit, columns: &ledger.columns,
/// #     panel: &panel, model: &model, model_file: None, method: options.method, members: &[],
/// #     why: "", rules: &rules, overrides_file: None, calendar_file: None, forecast: &forecast,
/// #     warnings: &[], intervals: None, seed: None };
/// # let manifest = Manifest::new(&run, None);
/// # let summary = Summary { ledger: &ledger, panel: &panel, model: &model, members: &[],
/// #     model_file: None, options: &options, rules: &rules, forecast: &forecast, intervals: None,
/// #     totals: &totals, other_margin_rule: None, warnings: &[], currency: None };
/// let findings = Findings {
///     summary,
///     manifest: &manifest,
///     segmentation: &Segmentation::default(),
///     backtest: Err("the model was given"),
///     lang: Lang::Zh,
///     top: None,
/// };
/// let page = clvcast::report::page(&findings)?;
/// assert!(page.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"));
/// assert!(page.contains("SM-20320"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn page(findings: &Findings<'_>) -> Result<String, ReportError> {
    let view = View::new(findings);
    let whole = Page {
        lang: match findings.lang {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        },
        title: view.say("Customer value forecast", "客户价值预测报告").to_owned(),
        data: data(&view),
        policy: policy::policy(SCRIPT),
        style: STYLE,
        script: SCRIPT,
        sections: sections(&view),
        facts: facts(&view),
        words: words(&view),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(
        environment.syntax().to_builder().trim_blocks(true).lstrip_blocks(true).build()?,
    );
    environment.add_template("blocks.html", BLOCKS)?;
    environment.add_template("page.html", TEMPLATE)?;
    Ok(environment.get_template("page.html")?.render(Serde(whole))?)
}

/// All sections that the findings have something for, in the order in which they are read.
fn sections(view: &View<'_>) -> Vec<Section> {
    let all = [
        Some(headline::section(view)),
        layers::section(view),
        Some(groups::segments(view)),
        migration::section(view),
        life_cycle::section(view),
        Some(customers::section(view)),
        Some(fit::section(view)),
        Some(backtest::section(view)),
        Some(quality::section(view)),
        Some(method::section(view)),
    ];
    all.into_iter().flatten().collect()
}

/// Customers, periods and the as-of date in a sentence.
fn data(view: &View<'_>) -> String {
    let panel = view.findings.summary.panel;
    let first = panel.grid.label(panel.first_period());
    let last = panel.grid.label(crate::panel::PeriodIndex(0));
    let span = view.span(&[first, last]);
    let (n, as_of) = (count(panel.customers.len() as u64), panel.grid.as_of());
    let s = if panel.customers.len() == 1 { "" } else { "s" };
    match view.lang {
        Lang::En => {
            format!("{n} customer{s}, {span}, as of {as_of}; forecast for {}", view.coming())
        }
        Lang::Zh => format!("{n} 位客户，{span}，截止 {as_of}；预测期 {}", view.coming()),
    }
}

/// What made the page, so that it can be made again. No time of the run: the same data give the
/// same bytes.
fn facts(view: &View<'_>) -> Vec<String> {
    let manifest = view.findings.manifest;
    let mut facts = vec![format!("{} {}", visible(&manifest.program), visible(&manifest.version))];
    for input in &manifest.inputs {
        facts.push(format!("{}: SHA-256 {}", visible(&input.path), visible(&input.sha256)));
    }
    if let Some(seed) = manifest.seed {
        facts.push(format!("{} {seed}", view.say("Seed of random numbers:", "随机数种子：")));
    }
    facts
}

/// Texts around the sections.
fn words(view: &View<'_>) -> Words {
    Words {
        skip: view.say("Skip to the report", "跳到报告正文"),
        contents: view.say("Contents", "目录"),
        search: view.say("Search this table", "在表中搜索"),
        found: view.say("{n} of {all} customers listed", "列出 {all} 位客户，匹配 {n} 位"),
        more: view.say("Show all rows", "显示全部行"),
        less: view.say("Show fewer rows", "收起"),
        scroll: view.say("table, scrolls sideways", "表格，可左右滚动"),
        printed: view.say(
            "On paper only the first 50 rows; the sums are those of all customers.",
            "打印时仅列前 50 行；合计为全部客户的合计。",
        ),
    }
}
