//! Bases whose purchase values have a known season, trend and dependence on the purchase rate.

use clvcast::calendar::{Cycle, SeasonKind};
use clvcast::fit::{
    Coefficient, DependenceChoice, FitOptions, SeasonChoice, SpendRegression, TrendChoice,
    fit_spend,
};
use clvcast::ledger::{Audit, Columns, Ledger, Row};
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::units::{Day, Scale};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};
use rayon::prelude::*;

pub(crate) const SEEDS: u64 = 120;
pub(crate) const CUSTOMERS: u32 = 400;
/// What values are drawn with.
#[derive(Clone, Copy)]
pub(crate) struct World {
    pub(crate) p: f64,
    pub(crate) q: f64,
    pub(crate) k: f64,
    /// ln of the factors of the quarters of a year.
    pub(crate) quarters: [f64; 4],
    pub(crate) per_year: f64,
    pub(crate) slope: f64,
}

pub(crate) const LAW: World =
    World { p: 4.0, q: 3.0, k: 6000.0, quarters: [0.0; 4], per_year: 0.0, slope: 0.0 };

pub(crate) fn gamma(rng: &mut ChaCha8Rng, shape: f64, rate: f64) -> f64 {
    Gamma::new(shape, 1.0 / rate).unwrap().sample(rng)
}

/// Four years to the end of 2017.
pub(crate) fn as_of() -> Day {
    Day::from_ymd(2017, 12, 31).unwrap()
}

/// One purchase or more in some of sixteen quarters, each quarter with one mean value; money in
/// units of 1/1000, so that rounding is far below the spread. Also the rate of each customer.
pub(crate) fn simulate(world: World, seed: u64) -> (Panel, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut rows = Vec::new();
    let mut rates = Vec::new();
    for customer in 0..CUSTOMERS {
        let rate = gamma(&mut rng, 2.0, 4.0);
        rates.push(rate);
        let nu = gamma(&mut rng, world.q, world.k);
        let first: i32 = rng.random_range(0..12);
        for quarter in first..16 {
            // Everybody has a value in the first quarter, so that the panel and the rates agree.
            let drawn: f64 = Poisson::new(rate).unwrap().sample(&mut rng);
            let purchases = if quarter == first { drawn.max(1.0) } else { drawn };
            if purchases == 0.0 {
                continue;
            }
            let years = f64::from(quarter - 15) / 4.0;
            let part = usize::try_from(quarter % 4).unwrap();
            let ln_v = world.quarters[part] + world.per_year * years + world.slope * rate.ln();
            let mean = gamma(&mut rng, world.p, nu) * ln_v.exp();
            let day = Day::from_ymd(
                i16::try_from(2014 + quarter / 4).unwrap(),
                i8::try_from(quarter % 4 * 3 + 2).unwrap(),
                1,
            );
            #[expect(clippy::cast_possible_truncation, reason = "small counts, money below 1e15")]
            for d in 0..purchases as i32 {
                rows.push(Row {
                    customer,
                    day: day.unwrap().plus(d),
                    order: None,
                    amount: Some((mean * 1000.0).round() as i64),
                    cost: 0,
                    expense: 0,
                });
            }
        }
    }
    (panel(rows), rates)
}

pub(crate) fn panel(rows: Vec<Row>) -> Panel {
    let ledger = Ledger {
        customers: (0..CUSTOMERS).map(|i| format!("{i:05}")).collect(),
        segment_changes: Vec::new(),
        segments: None,
        rows: rows.into(),
        scale: Scale::new(3).unwrap(),
        columns: Columns { amount: Some("amount".into()), ..Columns::default() },
        audit: Audit::default(),
    };
    let options = PanelOptions { as_of: Some(as_of()), ..PanelOptions::new(Period::Quarter) };
    Panel::build(&ledger, &options, &Silent).unwrap()
}

pub(crate) fn quarters() -> SeasonChoice {
    SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter))
}

pub(crate) fn all() -> FitOptions {
    FitOptions {
        value_season: quarters(),
        value_trend: TrendChoice::Damped,
        dependence: DependenceChoice::Regression,
        ..FitOptions::default()
    }
}

pub(crate) fn fits(world: World, options: &FitOptions) -> Vec<(Panel, SpendRegression)> {
    (0..SEEDS)
        .into_par_iter()
        .map(|seed| {
            let (panel, rates) = simulate(world, seed);
            let fit = fit_spend(&panel, options, &rates).unwrap();
            (panel, fit)
        })
        .collect()
}

pub(crate) fn error(coefficient: &Coefficient, truth: f64) -> f64 {
    (coefficient.estimate - truth) / coefficient.standard_error.unwrap()
}
