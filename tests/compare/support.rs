//! Forecast files made by the program, with the numbers of a test where it needs its own.

use std::path::PathBuf;

use clap::Parser;
use clvcast::cli::{Cli, run};
use clvcast::compare::{CompareError, Issued, Score, ScoreLine, ScoreOptions};
use clvcast::ledger::{Ledger, ReadOptions, read};
use clvcast::progress::Silent;
use serde_json::Value;

/// A retailer's orders with costs; see data/README.md.
pub(crate) const SUPERSTORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/superstore.csv");
/// The published example, by quarter.
pub(crate) const SYNLEAD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/synlead-2008.json");

/// Three customers up to the end of 2020, in dollars that floating point holds exactly.
pub(crate) const PAST: &str = "customer,date,amount,cost,segment\n\
    a,2020-01-05,10.50,6,x\na,2020-05-06,12,7,x\n\
    b,2020-02-01,40,31,y\nb,2020-12-31,44.25,30,y\n\
    c,2020-06-30,5,2,x\n";

/// Their first half of 2021: `a` twice in the first quarter and once in the second, `b` once and
/// gives something back, `c` never; `d` is new in the first quarter, `e` in the second.
pub(crate) const LATER: &str = "a,2021-01-07,20,12,x\na,2021-03-01,30,18,x\na,2021-04-02,8,4,x\n\
    b,2021-02-02,50,40,y\nb,2021-06-30,-10,0,y\n\
    d,2021-03-31,7,3,x\ne,2021-04-30,9,5,y\ne,2021-06-01,1.50,0.25,y\n";

/// A folder that goes with the test.
pub(crate) struct Desk(tempfile::TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.text(name)
    }

    /// Runs `clvcast forecast` quietly with `-o NAME`.
    pub(crate) fn forecast(&self, name: &str, arguments: &[&str]) -> Issued {
        let out = self.text(name);
        let all = [&["clvcast", "forecast"], arguments, &["--quiet", "-o", &out]].concat();
        run(Cli::parse_from(&all)).unwrap();
        // Run inside of a test, the program finds the test's own arguments.
        let mut manifest = self.manifest(name);
        manifest["command"] = all.into();
        self.write_manifest(name, &manifest);
        Issued::read(&self.path(name)).unwrap()
    }

    /// A forecast of the three customers for the first two quarters of 2021, with these lines in
    /// place of the program's, and totals in the manifest that agree with them.
    pub(crate) fn forecast_by_hand(&self, lines: &str) -> Result<Issued, CompareError> {
        let sales = self.file("past.csv", PAST);
        self.forecast(
            "hand.csv",
            &[&sales, "--model", SYNLEAD, "--horizon", "2", "--as-of", "2020-12-31"],
        );
        self.file("hand.csv", lines);
        let mut reader = csv::Reader::from_reader(lines.as_bytes());
        let header = reader.headers().unwrap().clone();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        let sum = |column: String| {
            let at = header.iter().position(|name| *name == column)?;
            Some(records.iter().filter_map(|r| r[at].parse::<f64>().ok()).sum::<f64>())
        };
        let mut manifest = self.manifest("hand.csv");
        for h in 1..=2 {
            let period = &mut manifest["totals"]["periods"][h - 1];
            for target in ["purchases", "amount", "gross_profit"] {
                if let Some(sum) = sum(format!("{target}_{h}")) {
                    period[target] = sum.into();
                }
            }
        }
        self.write_manifest("hand.csv", &manifest);
        Issued::read(&self.path("hand.csv"))
    }

    pub(crate) fn manifest(&self, name: &str) -> Value {
        let text = std::fs::read_to_string(self.path(&format!("{name}.run.json"))).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn write_manifest(&self, name: &str, manifest: &Value) {
        self.file(&format!("{name}.run.json"), &manifest.to_string());
    }

    pub(crate) fn ledger(&self, content: &str) -> Ledger {
        let file = self.file("later.csv", content);
        read(&[file], &ReadOptions::default(), &Silent).unwrap()
    }

    pub(crate) fn score(&self, issued: &Issued, content: &str) -> Score {
        let ledger = self.ledger(content);
        Score::new(issued, &ledger, &ScoreOptions::default(), &Silent).unwrap()
    }
}

/// A line of the score of all customers.
pub(crate) fn line<'a>(score: &'a Score, target: &str, period: &str) -> &'a ScoreLine {
    let of = |line: &&ScoreLine| {
        line.segment.is_none() && line.target == target && line.period == period
    };
    score.scores.iter().find(of).unwrap()
}
