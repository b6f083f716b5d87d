//! A small panel and its forecast, with every kind of customer.

use clvcast::fit::FittedModel;
use clvcast::forecast::{ForecastOptions, forecast};
use clvcast::ledger::{Audit, Columns, InputFile, Ledger, Reason, Row};
use clvcast::panel::{Clock, Panel, PanelOptions, Period, ZeroOrders};
use clvcast::progress::Silent;
use clvcast::report::{Format, WriteOptions, write_forecast};
use clvcast::units::{Day, Scale};
use clvcast::value::{CustomerForecast, Forecast, MoneyRules, Overrides, evaluate};

pub(crate) const MODEL: &str = r#"{"format": "clvcast-model", "version": 1, "period": "quarter",
  "frequency": {"model": "nbd", "a": 1.84, "b": 2.67},
  "monetary": {"model": "gamma-gamma", "p": 8.57, "q": 1.53, "k": 3224.15},
  "states": {"max_frequency": 3, "amount_edges": [0.01, 100], "max_amount": 1000}}"#;

/// Which columns the ledger has.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "every combination is a ledger")]
pub(crate) struct Has {
    pub(crate) amount: bool,
    pub(crate) cost: bool,
    pub(crate) expense: bool,
    pub(crate) segment: bool,
}

pub(crate) const ALL: Has = Has { amount: true, cost: true, expense: true, segment: true };

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) panel: Panel,
    pub(crate) model: FittedModel,
    pub(crate) rules: MoneyRules,
    pub(crate) forecast: Forecast,
    pub(crate) audit: Audit,
    pub(crate) columns: Columns,
}

fn row(customer: u32, day: &str, amount: Option<i64>, cost: i64, expense: i64) -> Row {
    let day = Day::from_date(day.parse().unwrap());
    Row { customer, day, order: None, amount, cost, expense }
}

/// Five customers by quarter up to the end of 2017, money in ten-thousandths:
/// `00-"x", y` two purchases and an expense; `01-refund` a refund only; `02-once` one purchase;
/// `=3` three purchases, the last one at a loss; `4` an expense only.
fn ledger(has: Has) -> Ledger {
    let amount = |units: i64| Some(units);
    let mut rows = vec![
        row(0, "2017-02-03", amount(957_575), 500_001, 0),
        row(0, "2017-11-30", amount(2_500_000), 1_100_000, 30_000),
        row(1, "2017-05-05", amount(-10_000), 0, 0),
        row(2, "2017-12-31", amount(1_000_000), 0, 0),
        row(3, "2017-01-01", amount(3_333_333), 1_000_000, 0),
        row(3, "2017-04-01", amount(1_111_111), 2_000_000, 100),
        row(3, "2017-06-09", amount(70_000), 10_000, 0),
        row(4, "2017-08-08", None, 0, 12_345),
        row(4, "2018-02-01", amount(55_500), 0, 0),
    ];
    for row in &mut rows {
        row.amount = row.amount.filter(|_| has.amount);
        row.cost *= i64::from(has.cost);
        row.expense *= i64::from(has.expense);
    }
    let column = |has: bool, name: &str| has.then(|| name.to_owned());
    let customers = ["00-\"x\", y", "01-refund", "02-once", "=3", "é\n4"];
    Ledger {
        customers: customers.map(String::from).into(),
        segment_changes: Vec::new(),
        segments: has.segment.then(|| ["a", "", "b", "-b", "a,c"].map(String::from).to_vec()),
        audit: Audit {
            files: vec![InputFile {
                path: "sales.csv".into(),
                bytes: 512,
                sha256: "ab".repeat(32),
                rows: 11,
            }],
            rows_read: 11,
            rows_used: rows.len() as u64,
            left_out: [(Reason::BadDate, 2)].into(),
            ..Audit::default()
        },
        rows: rows.into(),
        scale: Scale::new(4).unwrap(),
        columns: Columns {
            customer: "customer".into(),
            date: "date".into(),
            amount: column(has.amount, "amount"),
            cost: column(has.cost, "cost"),
            expense: column(has.expense, "expense"),
            ..Columns::default()
        },
    }
}

impl World {
    pub(crate) fn new(has: Has) -> Self {
        Self::with_overrides(has, "customer,segment,period,field,op,value\n")
    }

    pub(crate) fn with_overrides(has: Has, overrides: &str) -> Self {
        Self::of(&ledger(has), overrides)
    }

    /// A thousand-fold world: many customers, of every kind, in many pieces.
    pub(crate) fn large(customers: u32) -> Self {
        let mut ledger = ledger(ALL);
        let kinds = ledger.rows.clone();
        ledger.customers = (0..customers).map(|i| format!("c{i:07}")).collect();
        ledger.segments = None;
        let of = |i: u32| {
            kinds.of(i % 5).map(move |row| Row {
                customer: i,
                amount: row.amount.map(|amount| amount + i64::from(i)),
                ..row
            })
        };
        ledger.rows = (0..customers).flat_map(of).collect();
        Self::of(&ledger, "customer,segment,period,field,op,value\n")
    }

    fn of(ledger: &Ledger, overrides: &str) -> Self {
        let options = PanelOptions {
            period: Period::Quarter,
            as_of: Day::from_ymd(2017, 12, 31),
            clock: Clock::FirstPurchase,
            zero_orders: ZeroOrders::Drop,
        };
        let panel = Panel::build(ledger, &options, &Silent).unwrap();
        let model = FittedModel::from_json(MODEL).unwrap();
        let labels = ["2018-Q1", "2018-Q2", "2018-Q3"].map(String::from);
        let overrides = Overrides::read(overrides.as_bytes(), &labels, |_| true, |_| true).unwrap();
        let rules = MoneyRules { overrides, ..MoneyRules::default() };
        let purchases = forecast(&panel, &model, &ForecastOptions::default());
        let forecast = evaluate(&panel, &model, &purchases, 3, &rules);
        Self {
            panel,
            model,
            rules,
            forecast,
            audit: ledger.audit.clone(),
            columns: ledger.columns.clone(),
        }
    }

    /// The same world with some numbers of its forecast changed.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Vec<CustomerForecast>)) {
        let mut rows = self.forecast.iter().collect();
        change(&mut rows);
        self.forecast = Forecast::given(self.forecast.labels.clone(), rows);
    }

    pub(crate) fn write(&self, format: Format, options: &WriteOptions) -> Vec<u8> {
        let mut out = Vec::new();
        write_forecast(&self.panel, &self.forecast, options, format, &mut out).unwrap();
        out
    }

    /// Header and records of the CSV file.
    pub(crate) fn csv(&self, options: &WriteOptions) -> (Vec<String>, Vec<Vec<String>>) {
        let bytes = self.write(Format::Csv, options);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().iter().map(String::from).collect();
        let record = |record: Result<csv::StringRecord, _>| {
            record.unwrap().iter().map(String::from).collect::<Vec<String>>()
        };
        (header, reader.records().map(record).collect())
    }
}

/// The field of a column.
pub(crate) fn field<'a>(header: &[String], record: &'a [String], name: &str) -> &'a str {
    let at = header.iter().position(|column| column == name);
    &record[at.unwrap_or_else(|| panic!("no column {name}"))]
}
