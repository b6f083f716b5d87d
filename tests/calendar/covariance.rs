//! The joint fit against profiles of the likelihood: the same calendar given as factors of periods,
//! and the model fitted around it.

use clvcast::calendar::{Cycle, GivenFactors, SeasonKind};
use clvcast::fit::{CalendarFitSection, FitOptions, FrequencyKind, SeasonChoice, TrendChoice};
use clvcast::models::{Dropout, FrequencyLaw, RateLaw};
use clvcast::panel::{Panel, PanelOptions, Period, PeriodIndex};
use clvcast::progress::Silent;
use clvcast::simulate::{Scenario, simulate};
use nalgebra::{DMatrix, DVector};

use super::support::{fitted, log_likelihood, options, plain};

/// Customers acquired over two of three years, who leave, under a season and a trend.
fn base(period: Period) -> Panel {
    let scenario = Scenario {
        customers: 250,
        frequency: FrequencyLaw::BgNbd {
            rate: RateLaw::nbd(1.8, 2.7).expect("a law"),
            dropout: Dropout::beta(0.8, 6.0).expect("a law"),
        },
        acquisition_periods: 8,
        ..super::recovery::scenario(SeasonKind::Factors(Cycle::Quarter))
    };
    let ledger = simulate(&scenario).expect("a scenario").to_ledger();
    let as_of = Some(scenario.last_day);
    let options = PanelOptions { as_of, ..PanelOptions::new(period) };
    Panel::build(&ledger, &options, &Silent).expect("a panel")
}

fn section(panel: &Panel, options: &FitOptions) -> (CalendarFitSection, f64) {
    let model = fitted(panel, options);
    // A limit without leaving would be the NBD once more.
    let at_no_limit = matches!(
        model.frequency,
        FrequencyLaw::Nbd(RateLaw::Gamma { .. })
            | FrequencyLaw::BgNbd { rate: RateLaw::Gamma { .. }, dropout: Dropout::Beta { .. } }
    );
    assert!(at_no_limit, "{:?}", model.frequency);
    let ln_l = log_likelihood(&model);
    (model.fit.and_then(|fit| fit.calendar).expect("a calendar"), ln_l)
}

/// ln L at the best parameters of the model for these ln factors of the panel's periods.
fn profile(panel: &Panel, kind: FrequencyKind, ln: impl Fn(PeriodIndex) -> f64) -> f64 {
    let periods = (panel.first_period().0..=0).map(PeriodIndex);
    let given = GivenFactors::new(periods.map(|p| (panel.grid.label(p), ln(p).exp())));
    log_likelihood(&fitted(panel, &FitOptions { given, ..plain(kind) }))
}

const STEP: f64 = 0.02;

#[test]
fn quarters_are_at_the_top_of_the_penalised_profile_with_its_curvature_as_errors() {
    let panel = base(Period::Quarter);
    let quarters = SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter));
    for kind in [FrequencyKind::Nbd, FrequencyKind::BgNbd] {
        let (section, top) = section(&panel, &options(kind, quarters, TrendChoice::None));
        let precision = 1.0 / section.prior_variance.expect("a season is shrunk");
        let beta: Vec<f64> = section.coefficients.iter().map(|c| c.estimate).collect();
        let at = |steps: &[(usize, f64)]| {
            let mut beta = beta.clone();
            for &(j, by) in steps {
                beta[j] += by;
            }
            let ln_l = profile(&panel, kind, |p| beta[Cycle::Quarter.part(panel.grid.start(p))]);
            ln_l - 0.5 * precision * beta.iter().map(|b| b * b).sum::<f64>()
        };
        let here = at(&[]);
        let prior = 0.5 * precision * beta.iter().map(|b| b * b).sum::<f64>();
        // The joint climb and the model fitted around its calendar agree.
        assert!((here + prior - top).abs() < 1e-6, "{}", here + prior - top);
        let mut information = DMatrix::zeros(4, 4);
        for j in 0..4 {
            let (up, down) = (at(&[(j, STEP)]), at(&[(j, -STEP)]));
            information[(j, j)] = -(up - 2.0 * here + down) / (STEP * STEP);
            let error = section.coefficients[j].standard_error.expect("an error");
            // Differences are off by step²/6 of a third derivative, of the size of the second; the
            // prior's variance, settled to a thousandth, moves the top by less.
            let slope = (up - down) / (2.0 * STEP);
            assert!(slope.abs() * error < 0.01, "{}, {j}: {slope}", kind.name());
            for i in 0..j {
                let corner = |a: f64, b: f64| at(&[(i, a * STEP), (j, b * STEP)]);
                let cross =
                    corner(1.0, 1.0) - corner(1.0, -1.0) - corner(-1.0, 1.0) + corner(-1.0, -1.0);
                information[(i, j)] = -cross / (4.0 * STEP * STEP);
                information[(j, i)] = information[(i, j)];
            }
        }
        let covariance = information.try_inverse().expect("the prior makes it regular");
        for j in 0..4 {
            let contrast = DVector::from_fn(4, |i, _| f64::from(u8::from(i == j)) - 0.25);
            let expected = (&covariance * &contrast).dot(&contrast).sqrt();
            let found = section.coefficients[j].standard_error.expect("an error");
            assert!((found / expected - 1.0).abs() < 1e-3, "{}: {found} {expected}", kind.name());
        }
    }
}

/// A trend has no prior: its error is the curvature of the profile alone. Days are the periods, so
/// that given factors can follow a line.
#[test]
fn a_trend_is_at_the_top_of_its_profile_with_its_curvature_as_error() {
    let panel = base(Period::Days(1));
    for kind in [FrequencyKind::Nbd, FrequencyKind::BgNbd] {
        let (section, top) =
            section(&panel, &options(kind, SeasonChoice::None, TrendChoice::Linear));
        let trend = &section.coefficients[0];
        let years = |p: PeriodIndex| f64::from(p.0) / 365.25;
        let at = |by: f64| profile(&panel, kind, |p| (trend.estimate + by) * years(p));
        let (up, here, down) = (at(STEP), at(0.0), at(-STEP));
        assert!((here - top).abs() < 1e-6);
        let error = trend.standard_error.expect("an error");
        let slope = (up - down) / (2.0 * STEP);
        assert!(slope.abs() * error < 1e-3, "{}: {slope}", kind.name());
        let expected = (-(up - 2.0 * here + down) / (STEP * STEP)).sqrt().recip();
        assert!((error / expected - 1.0).abs() < 1e-3, "{}: {error} {expected}", kind.name());
    }
}
