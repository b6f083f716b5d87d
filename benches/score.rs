//! What comes after the fit, by number of customers: forecast and profit by each method, and the
//! files. Bases are simulated outside the timed part, with a fixed seed.

use std::hint::black_box;
use std::io::sink;

use clvcast::fit::{FittedModel, FrequencyKind, fit};
use clvcast::forecast::{ForecastOptions, Method, forecast};
use clvcast::panel::{Panel, PanelOptions};
use clvcast::progress::Silent;
use clvcast::report::{Format, WriteOptions, write_forecast};
use clvcast::simulate::{Scenario, simulate};
use clvcast::value::{Forecast, MoneyRules, evaluate};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// A simulated base and its models.
struct Base {
    customers: u32,
    panel: Panel,
    stay: FittedModel,
    leave: FittedModel,
}

impl Base {
    fn new(customers: u32) -> Self {
        let scenario = Scenario { customers, ..Scenario::default() };
        let ledger = simulate(&scenario).expect("the scenario is sound").to_ledger();
        let options = PanelOptions::new(scenario.period);
        let panel = Panel::build(&ledger, &options, &Silent).expect("a panel");
        let model = |frequency| {
            let options = clvcast::fit::FitOptions { frequency, ..Default::default() };
            fit(&panel, &options).expect("a fit")
        };
        let (stay, leave) = (model(FrequencyKind::Nbd), model(FrequencyKind::BgNbd));
        Self { customers, panel, stay, leave }
    }

    fn forecast(&self, model: &FittedModel, method: Method) -> Forecast {
        let options = ForecastOptions { method, ..ForecastOptions::default() };
        let purchases = forecast(&self.panel, model, &options);
        let rules = MoneyRules { margin: Some(0.3), ..MoneyRules::default() };
        evaluate(&self.panel, model, &purchases, options.horizon, &rules)
    }
}

fn score(c: &mut Criterion) {
    for customers in [10_000, 100_000, 1_000_000] {
        let base = Base::new(customers);
        let mut group = c.benchmark_group("score");
        group.sample_size(10).throughput(Throughput::Elements(u64::from(base.customers)));
        let cases = [
            ("point, nbd", &base.stay, Method::Point),
            ("chain, nbd", &base.stay, Method::Chain),
            ("posterior, nbd", &base.stay, Method::Posterior),
            ("posterior, bg-nbd", &base.leave, Method::Posterior),
        ];
        for (name, model, method) in cases {
            group.bench_function(BenchmarkId::new(name, customers), |b| {
                b.iter(|| base.forecast(black_box(model), method));
            });
        }
        let forecast = base.forecast(&base.stay, Method::Chain);
        for format in Format::ALL {
            group.bench_function(BenchmarkId::new(format.name(), customers), |b| {
                b.iter(|| {
                    let options = WriteOptions::default();
                    write_forecast(&base.panel, &forecast, &options, format, sink())
                        .expect("a sink takes everything");
                });
            });
        }
    }
}

criterion_group!(benches, score);
criterion_main!(benches);
