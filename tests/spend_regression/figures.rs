//! Figures of the bases that ship.

use clvcast::fit::{
    DependenceChoice, FitOptions, SeasonChoice, Spend, TrendChoice, fit_spend, spend_classes,
};
use clvcast::ledger::ReadOptions;
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::units::Day;

/// Figures of the bases that ship, for the documents: `cargo test --release --test
/// spend_regression figures -- --ignored --nocapture`.
#[test]
#[ignore = "prints figures"]
fn figures() {
    let quarterly = PanelOptions::new(Period::Quarter);
    let weekly =
        PanelOptions { as_of: Day::from_ymd(1997, 9, 30), ..PanelOptions::new(Period::Days(7)) };
    for (file, options) in [("data/superstore.csv", quarterly), ("data/cdnow-sample.csv", weekly)] {
        let ledger =
            clvcast::ledger::read(&[file.to_owned()], &ReadOptions::default(), &Silent).unwrap();
        let panel = Panel::build(&ledger, &options, &Silent).unwrap();
        let correlation = panel.value_frequency_correlation().unwrap();
        println!("{file}: r = {:.4}, z = {:.2}", correlation.pearson, correlation.z);
        let model = clvcast::fit::fit(&panel, &FitOptions::default()).unwrap();
        let law = model.frequency.rate();
        let rates: Vec<f64> = (0..panel.customers.len())
            .map(|i| panel.exposure(i).map_or(law.mean(), |e| law.after(e.x, e.t).mean()))
            .collect();
        for spend in [Spend::Period, Spend::Purchase, Spend::RepeatMean] {
            let plain = FitOptions { spend, ..FitOptions::default() };
            let rated = FitOptions { dependence: DependenceChoice::Regression, ..plain.clone() };
            let seasonal = FitOptions {
                value_season: SeasonChoice::Auto,
                value_trend: TrendChoice::Damped,
                ..plain.clone()
            };
            let alone = fit_spend(&panel, &plain, &rates).unwrap();
            println!("{} AIC {:.2}", spend.name(), alone.aic());
            for options in [rated.clone(), seasonal] {
                let Ok(fit) = fit_spend(&panel, &options, &rates) else { continue };
                println!(
                    "  AIC {:.2}, {:.2} parameters, σ² {:?}",
                    fit.aic(),
                    fit.parameters,
                    fit.shrinkage
                );
                for c in &fit.coefficients {
                    println!("    {} {:.4} ± {:.4}", c.name, c.estimate, c.standard_error.unwrap());
                }
                for note in &fit.notes {
                    println!("    {note}");
                }
            }
            let dependent = fit_spend(&panel, &rated, &rates).unwrap();
            for class in spend_classes(&panel, spend, &alone, Some((&dependent, &rates))) {
                println!("    {} {:?}", class.label(), class);
            }
        }
    }
}
