//! Whole fits on panels in memory, at several sizes; panels are built outside the timed part, from
//! a simulation with a fixed seed, and only for the benchmarks that are asked for.

use std::cell::OnceCell;
use std::hint::black_box;

use clvcast::fit::{FitOptions, FrequencyKind, Spend, fit};
use clvcast::models::{Dropout, FrequencyLaw};
use clvcast::panel::{Panel, PanelOptions};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

const SIZES: [u32; 3] = [10_000, 100_000, 1_000_000];

/// Twelve quarters of customers who leave as readily as CDNOW's did; with values where asked for.
fn panel(customers: u32, values: bool) -> Panel {
    let base = Scenario::default();
    let dropout = Dropout::Beta { a: 0.606, b: 11.67 };
    let scenario = Scenario {
        customers,
        frequency: FrequencyLaw::Pdo { rate: base.frequency.rate(), dropout, tau: 7 },
        monetary: base.monetary.filter(|_| values),
        margin: None,
        expense_rate: None,
        segments: false,
        ..base
    };
    let ledger = simulate(&scenario).expect("the scenario is sound").to_ledger();
    Panel::build(&ledger, &PanelOptions::new(scenario.period), &Silent).expect("customers purchase")
}

fn frequency(c: &mut Criterion) {
    let kinds = [
        FrequencyKind::Nbd,
        FrequencyKind::BgNbd,
        FrequencyKind::MbgNbd,
        FrequencyKind::Pdo { tau: 7 },
        FrequencyKind::ParetoNbd,
    ];
    let mut group = c.benchmark_group("fit of purchases");
    group.sample_size(10);
    for customers in SIZES {
        let data = OnceCell::new();
        for frequency in kinds {
            let options = FitOptions { frequency, ..FitOptions::default() };
            group.bench_function(BenchmarkId::new(frequency.name(), customers), |b| {
                let panel = data.get_or_init(|| panel(customers, false));
                b.iter(|| fit(black_box(panel), &options));
            });
        }
    }
}

fn values(c: &mut Criterion) {
    let mut group = c.benchmark_group("fit of nbd and gamma-gamma");
    group.sample_size(10);
    for customers in SIZES {
        let data = OnceCell::new();
        for spend in [Spend::Period, Spend::Purchase, Spend::RepeatMean] {
            let options = FitOptions { spend, ..FitOptions::default() };
            group.bench_function(BenchmarkId::new(spend.name(), customers), |b| {
                let panel = data.get_or_init(|| panel(customers, true));
                b.iter(|| fit(black_box(panel), &options));
            });
        }
    }
}

criterion_group!(fits, frequency, values);
criterion_main!(fits);
