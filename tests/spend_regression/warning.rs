//! A fit says by how much values go with the purchase rate, and takes it into account if asked.

use clvcast::fit::{DependenceChoice, FitOptions, FittedModel, fit};
use clvcast::ledger::ReadOptions;
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::progress::Silent;
use clvcast::units::Day;

fn model(file: &str, options: &PanelOptions, dependence: DependenceChoice) -> FittedModel {
    let ledger =
        clvcast::ledger::read(&[file.to_owned()], &ReadOptions::default(), &Silent).unwrap();
    let panel = Panel::build(&ledger, options, &Silent).unwrap();
    fit(&panel, &FitOptions { dependence, ..FitOptions::default() }).unwrap()
}

fn warnings(model: &FittedModel) -> &[String] {
    &model.fit.as_ref().unwrap().warnings
}

/// CDNOW, 39 weeks: customers with one purchase spend 31 at a time, those with ten and more 43.
#[test]
fn cdnow_is_warned_of_with_the_elasticity_and_the_option_that_helps() {
    let as_of = Day::from_ymd(1997, 9, 30);
    let options = PanelOptions { as_of, ..PanelOptions::new(Period::Days(7)) };
    let of = |dependence| model("data/cdnow-sample.csv", &options, dependence);
    let plain = of(DependenceChoice::None);
    let warning = warnings(&plain).iter().find(|w| w.contains("are correlated")).unwrap();
    for part in ["(0.14, z = 1.8)", "understated", "+0.093 ± 0.013", "`--dependence regression`"] {
        assert!(warning.contains(part), "{warning}");
    }
    for choice in [DependenceChoice::Regression, DependenceChoice::Auto] {
        let rated = of(choice);
        assert!(!warnings(&rated).iter().any(|w| w.contains("are correlated")));
        let dependence = rated.monetary.unwrap().dependence.unwrap();
        assert!((dependence.slope - 0.093).abs() < 5e-4, "{dependence:?}");
        let parts = [&plain, &rated].map(|m| m.fit.as_ref().unwrap().monetary.clone().unwrap());
        // One parameter more, and far more likely.
        assert!(parts[1].aic.unwrap() < parts[0].aic.unwrap() - 40.0);
        assert!((parts[1].standard_errors["dependence"].unwrap() - 0.013).abs() < 5e-4);
    }
}

#[test]
fn superstore_gives_no_cause() {
    let options = PanelOptions::new(Period::Quarter);
    let of = |dependence| model("data/superstore.csv", &options, dependence);
    assert!(!warnings(&of(DependenceChoice::None)).iter().any(|w| w.contains("correlated")));
    let automatic = of(DependenceChoice::Auto);
    assert_eq!(automatic.monetary.unwrap().dependence, None);
    assert!(warnings(&automatic).iter().any(|w| w.contains("not material and left out")));
}
