//! Kernels at several sizes; data are built outside the timed part, with a fixed seed.

use std::hint::black_box;

use clvcast::fit::{LogLikelihood, NbdData, NbdLikelihood};
use clvcast::forecast::FrequencyChain;
use clvcast::ledger::{ReadOptions, read};
use clvcast::markov::{Bands, ValueTable};
use clvcast::models::{RateLaw, ValueLaw};
use clvcast::panel::{Panel, PanelOptions};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::DVector;

fn likelihood(c: &mut Criterion) {
    let mut group = c.benchmark_group("nbd likelihood, gradient and Hessian");
    for customers in [1_000_u32, 100_000] {
        // Distinct exposures of a two-year base in days, counts up to 40.
        let counts = (0..customers).map(|i| (i * 7 % 41, f64::from(i % 730) / 7.0, 1));
        let data = NbdData::new(counts, false);
        let theta = DVector::from_row_slice(&[12.0, 0.4]);
        group.bench_function(BenchmarkId::from_parameter(customers), |b| {
            b.iter(|| NbdLikelihood(&data).evaluate(black_box(&theta)));
        });
    }
}

fn transitions(c: &mut Criterion) {
    let law = ValueLaw::gamma_gamma(8.57, 1.53, 3224.15).expect("parameters are positive");
    let edges = vec![0.01, 1e3, 1e4, 1e5, 2e5, 3e5, 4e5, 499_999.0];
    let bands = Bands::new(edges).expect("edges increase");
    c.bench_function("transition table, 7 bands", |b| {
        b.iter(|| ValueTable::new(black_box(law), bands.clone()));
    });
}

fn chain(c: &mut Criterion) {
    let law = RateLaw::nbd(1.84, 2.67).expect("parameters are positive");
    let starts: Vec<RateLaw> = (0..100).map(|f| law.after(f % 10, f64::from(f / 10 + 1))).collect();
    c.bench_function("chain, 100 states, 3 periods", |b| {
        b.iter(|| {
            FrequencyChain::new(black_box(law), vec![1.0; 3], starts.iter().copied())
                .steps_of(&starts)
        });
    });
    c.bench_function("chain, 100 states, 12 periods of a calendar", |b| {
        let exposures: Vec<f64> = (0..12).map(|h| [0.5, 1.0, 1.0, 1.5][h % 4]).collect();
        b.iter(|| {
            FrequencyChain::new(black_box(law), exposures.clone(), starts.iter().copied())
                .steps_of(&starts)
        });
    });
}

fn panel(c: &mut Criterion) {
    let mut group = c.benchmark_group("panel");
    for customers in [1_000, 20_000] {
        let scenario = Scenario { customers, ..Scenario::default() };
        let ledger = simulate(&scenario).expect("the scenario is sound").to_ledger();
        let options = PanelOptions::new(scenario.period);
        group.throughput(Throughput::Elements(u64::from(customers)));
        group.bench_function(BenchmarkId::from_parameter(customers), |b| {
            b.iter(|| Panel::build(black_box(&ledger), &options, &Silent));
        });
    }
}

/// From a file on disk to a ledger: parsing, ids, order. The file stays in the system's cache.
fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("reading CSV");
    group.sample_size(20);
    for customers in [1_000, 20_000] {
        let scenario = Scenario { customers, ..Scenario::default() };
        let simulation = simulate(&scenario).expect("the scenario is sound");
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file");
        simulation.write_csv(&mut file).expect("room for the file");
        let bytes = file.as_file().metadata().expect("its size").len();
        let paths = [file.path().display().to_string()];
        let options = ReadOptions::default();
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(BenchmarkId::from_parameter(customers), |b| {
            b.iter(|| read(black_box(&paths), &options, &Silent).expect("a sound file"));
        });
    }
}

criterion_group!(kernels, likelihood, transitions, chain, panel, reading);
criterion_main!(kernels);
