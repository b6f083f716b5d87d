//! Findings of ledgers, with groups and moves made here, and pages read back.

use std::path::PathBuf;

use clvcast::evaluate::{Backtest, BacktestOptions, CalendarKind, Contest, backtest};
use clvcast::fit::{FitOptions, FittedModel, FrequencyKind, fit};
use clvcast::forecast::{ForecastOptions, Method, forecast};
use clvcast::ledger::{Ledger, ReadOptions, read};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::plots::Migration;
use clvcast::predict::{Intervals, PredictOptions, Predictor};
use clvcast::progress::Silent;
use clvcast::report::{Findings, Lang, Manifest, Run, Summary, page};
use clvcast::segment::{
    Ahead, Curve, Grouping, LifeCycle, Lorenz, Moves, Point, Segmentation, summarise,
};
use clvcast::value::{Forecast, MoneyRules, Totals, evaluate};

/// A retailer's orders with costs; see data/README.md.
pub(crate) const SUPERSTORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/superstore.csv");

/// The published example, by quarter.
const SYNLEAD: &str = include_str!("../../models/synlead-2008.json");

/// The eight types of customers.
const CELLS: [&str; 8] =
    ["high-value", "deepen", "dormant", "churning", "potential", "new", "maintain", "leave-alone"];

/// How a world is made.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) period: Period,
    pub(crate) method: Method,
    pub(crate) rules: MoneyRules,
    pub(crate) warnings: Vec<String>,
    pub(crate) currency: Option<&'static str>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            period: Period::Quarter,
            method: Method::Posterior,
            rules: MoneyRules::default(),
            warnings: Vec::new(),
            currency: None,
        }
    }
}

/// Everything that findings borrow.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) panel: Panel,
    pub(crate) model: FittedModel,
    pub(crate) plan: Plan,
    pub(crate) options: ForecastOptions,
    pub(crate) forecast: Forecast,
    pub(crate) totals: Totals,
    pub(crate) intervals: Option<Intervals>,
    pub(crate) segmentation: Segmentation,
    pub(crate) backtest: Result<Backtest, String>,
}

impl World {
    /// Superstore, by quarter.
    pub(crate) fn superstore() -> Self {
        let ledger = read(&[SUPERSTORE.to_owned()], &ReadOptions::default(), &Silent).unwrap();
        Self::of(ledger, Plan::default())
    }

    /// A ledger given as CSV.
    pub(crate) fn csv(text: &str, plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path: PathBuf = folder.path().join("sales.csv");
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap().to_owned();
        let mut ledger = read(&[path], &ReadOptions::default(), &Silent).unwrap();
        // The folder has a name of its own in each run.
        ledger.audit.files[0].path = "sales.csv".into();
        Self::of(ledger, plan)
    }

    fn of(ledger: Ledger, plan: Plan) -> Self {
        let panel_options = PanelOptions::new(plan.period);
        let panel = Panel::build(&ledger, &panel_options, &Silent).unwrap();
        // Too few customers to fit a model to are forecast under the published example.
        let model = fit(&panel, &FitOptions::default())
            .unwrap_or_else(|_| FittedModel::from_json(SYNLEAD).unwrap());
        let options = ForecastOptions { method: plan.method, ..ForecastOptions::default() };
        let purchases = forecast(&panel, &model, &options);
        let forecast = evaluate(&panel, &model, &purchases, options.horizon, &plan.rules);
        let draws = PredictOptions { draws: 200, ..PredictOptions::default() };
        let intervals = Predictor::new(&panel, &model, &options, &plan.rules, &draws)
            .ok()
            .map(|predictor| Intervals::new(&predictor, &panel, &[], false));
        let contest = Contest {
            frequencies: vec![FrequencyKind::Nbd],
            calendars: vec![CalendarKind::None],
            methods: vec![plan.method],
        };
        let backtest_options = BacktestOptions {
            contest,
            rules: plan.rules.clone(),
            ..BacktestOptions::new(panel_options)
        };
        let backtest = backtest(&ledger, &panel, &backtest_options, &Silent);
        let segmentation = segmentation(&panel, &model, &forecast);
        Self {
            totals: Totals::new(&forecast),
            ledger,
            panel,
            model,
            plan,
            options,
            forecast,
            intervals,
            segmentation,
            backtest: backtest.map_err(|error| error.to_string()),
        }
    }

    /// The page of this world.
    pub(crate) fn page(&self, lang: Lang, top: Option<usize>) -> String {
        let run = Run {
            command: &[],
            audit: &self.ledger.audit,
            columns: &self.ledger.columns,
            panel: &self.panel,
            model: &self.model,
            model_file: None,
            method: self.options.method,
            members: &[],
            why: "",
            rules: &self.plan.rules,
            overrides_file: None,
            calendar_file: None,
            forecast: &self.forecast,
            warnings: &self.plan.warnings,
            intervals: self.intervals.as_ref(),
            seed: Some(1),
        };
        let manifest = Manifest::new(&run, None);
        let summary = Summary {
            ledger: &self.ledger,
            panel: &self.panel,
            model: &self.model,
            members: &[],
            model_file: None,
            options: &self.options,
            rules: &self.plan.rules,
            forecast: &self.forecast,
            intervals: self.intervals.as_ref(),
            totals: &self.totals,
            other_margin_rule: None,
            warnings: &self.plan.warnings,
            currency: self.plan.currency,
        };
        let findings = Findings {
            summary,
            manifest: &manifest,
            segmentation: &self.segmentation,
            backtest: self.backtest.as_ref().map_err(String::as_str),
            lang,
            top,
        };
        page(&findings).unwrap()
    }
}

/// Groups of every kind, made by simple rules.
fn segmentation(panel: &Panel, model: &FittedModel, forecast: &Forecast) -> Segmentation {
    let n = panel.customers.len();
    let grouping = |column: &str, groups: &[&str], of: &dyn Fn(usize) -> Option<u32>| Grouping {
        column: column.to_owned(),
        groups: groups.iter().map(|&name| name.to_owned()).collect(),
        of: (0..n).map(of).collect(),
    };
    let worth = |i: usize| forecast.gross_profit_total(i).or(forecast.amount_total(i));
    let cells = grouping("cell", &CELLS, &|i| {
        panel.customers[i]
            .last_purchase
            .map(|day| u32::try_from(day.number().rem_euclid(8)).unwrap())
    });
    let mut ranked: Vec<usize> = (0..n).collect();
    ranked.sort_by(|&a, &b| worth(b).partial_cmp(&worth(a)).unwrap().then(a.cmp(&b)));
    let mut rank = vec![0; n];
    ranked.iter().enumerate().for_each(|(place, &i)| rank[i] = place);
    let layer = grouping("layer", &["top 5 %", "next 15 %", "next 30 %", "last 50 %"], &|i| {
        let share = rank[i] as f64 / n as f64;
        u32::try_from([0.05, 0.2, 0.5].iter().filter(|edge| share >= **edge).count()).ok()
    });
    let mut classes: Vec<String> = Vec::new();
    for r in 1..=5 {
        for f in 1..=5 {
            for m in 1..=5 {
                classes.push(format!("{r}-{f}-{m}"));
            }
        }
    }
    let names: Vec<&str> = classes.iter().map(String::as_str).collect();
    let rfm = grouping("rfm", &names, &|i| u32::try_from(i * 7919 % 125).ok());
    let dormancy = grouping("dormancy", &["awake", "dozing", "half-asleep", "asleep"], &|i| {
        panel.state(i).map(|state| state.r.min(3))
    });
    let counts = |k: u64| -> Vec<Vec<u64>> {
        (0..8)
            .map(|i| (0..9).map(|j| if i == j { 40 + k } else { (i * j) % 7 }).collect())
            .collect()
    };
    let groups = CELLS.map(str::to_owned).to_vec();
    let moves = Moves {
        column: "cell".to_owned(),
        groups: groups.clone(),
        from: "2017-Q1".to_owned(),
        to: "2017-Q4".to_owned(),
        counts: counts(3),
        unlabelled: vec![0; 9],
        newcomers: vec![0, 1, 2, 0, 0, 12, 0, 4, 0],
    };
    let bands = Migration::new(panel, model, 3);
    let places = bands.as_ref().map(|bands| bands.places.clone());
    let width = places.as_ref().map_or(2, |places| places.len() + 1);
    let expected = (0..8_u32)
        .map(|i| (0..width).map(|j| f64::from(i) + 50.0 / (1.0 + j as f64)).collect())
        .collect();
    let ahead = Ahead {
        column: "cell".to_owned(),
        groups,
        period: "2018-Q3".to_owned(),
        bands: places,
        expected,
    };
    let curve = |cohort: Option<&str>, shift: f64| Curve {
        cohort: cohort.map(str::to_owned),
        customers: 100,
        acquisition_cost: Some(50.0),
        points: (0..12_u32)
            .map(|age| Point {
                age,
                customers: 100,
                value: -50.0 + shift + 20.0 * f64::from(age).sqrt(),
                forecast: age > 8,
            })
            .collect(),
        payback: Some(7),
    };
    let life_cycle = LifeCycle {
        of_profit: true,
        curves: vec![curve(None, 0.0), curve(Some("2014-Q1"), 8.0), curve(Some("2014-Q2"), -9.0)],
    };
    let mut groupings: Vec<Grouping> = Grouping::of_ledger(panel).into_iter().collect();
    groupings.extend([cells, rfm, layer, dormancy]);
    Segmentation {
        groupings,
        lorenz: Lorenz::new((0..n).filter_map(worth)),
        bands,
        moves: vec![moves],
        ahead: vec![ahead],
        life_cycle: Some(life_cycle),
        warnings: Vec::new(),
        ..Segmentation::default()
    }
}

/// The part of a page between an id and the end of its element's table.
pub(crate) fn table<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no table {id}"));
    let rest = &page[from..];
    &rest[..rest.find("</table>").expect("it ends")]
}

/// Rows of a part of a table: the text of each cell and the number behind it.
pub(crate) fn rows(table: &str, part: &str) -> Vec<Vec<(String, Option<f64>)>> {
    let Some((_, rest)) = table.split_once(&format!("<{part}>")) else { return Vec::new() };
    let body = rest.split(&format!("</{part}>")).next().unwrap_or_default();
    let row = |row: &str| {
        let cells = row.split("<td").flat_map(|part| part.split("<th "));
        let cell = |cell: &str| {
            let (tag, rest) = cell.split_once('>').unwrap();
            let value = tag
                .split_once("data-v=\"")
                .map(|(_, rest)| rest.split('"').next().unwrap().parse().expect("a number"));
            (plain(rest), value)
        };
        cells.skip(1).map(cell).collect()
    };
    body.split("<tr>").skip(1).map(row).collect()
}

/// Text without markup.
fn plain(markup: &str) -> String {
    let mut text = String::new();
    for part in markup.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, rest)| rest));
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let text = text.replace("&#x27;", "'").replace("&#x2f;", "/").replace("&amp;", "&");
    text.trim().to_owned()
}

/// A number as shown.
pub(crate) fn shown(text: &str) -> f64 {
    text.replace(',', "").parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// Groups of a grouping by the library, for comparison.
pub(crate) fn groups(world: &World, column: &str) -> Vec<clvcast::segment::GroupSummary> {
    let grouping = world.segmentation.groupings.iter().find(|own| own.column == column).unwrap();
    summarise(&world.panel, &world.forecast, grouping)
}
