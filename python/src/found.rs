//! The models that forecast: given, fitted as asked, or chosen on held-out periods.

use std::fs::File;
use std::sync::Arc;

use clvcast::evaluate::choose::Chooser;
use clvcast::evaluate::{Contest, Recipe, TrialOptions, recalibration};
use clvcast::fit::{FrequencyKind, SeasonChoice, TrendChoice};
use clvcast::forecast::{ForecastOptions, Member, Method, Purchases, forecast};
use clvcast::ledger::Ledger;
use clvcast::panel::{Panel as Histories, PanelOptions};
use clvcast::predict::{Intervals, PredictOptions, Predictor, Uncertainty, bootstrap};
use clvcast::progress::Progress;
use clvcast::report::{data_warnings, forecast_warnings, model_warnings};
use clvcast::value::{self, MoneyRules, Overrides, evaluate, other_margin_rule};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::failure::Failure;
use crate::forecast::{Forecast, Parts};
use crate::model::{Model, fits};
use crate::options::{fit_options, given};
use crate::panel::Panel;
use crate::{words, work};

/// The models of a forecast, with their weights and methods.
#[pyclass(frozen, module = "clvcast._engine")]
pub(crate) struct Found {
    members: Arc<Vec<Member>>,
    recipe: Arc<Recipe>,
}

/// The method of a frequency model, as asked for or by default.
fn method(
    asked: Option<&str>,
    frequency: &str,
    recorded: Option<Method>,
) -> Result<Method, Failure> {
    let asked = asked.map(words::method).transpose()?.flatten();
    Ok(Method::of_model(asked, frequency, recorded)?)
}

#[pymethods]
impl Found {
    /// A model as it is, and its method.
    #[staticmethod]
    fn given(py: Python<'_>, model: &Model, method: Option<&str>) -> PyResult<Self> {
        let model = (*model.0).clone();
        let method = self::method(method, model.frequency.name(), model.method());
        let method = method.map_err(|failure| failure.raise(py))?;
        let members = vec![Member { weight: 1.0, model, method }];
        Ok(Self { members: Arc::new(members), recipe: Arc::new(Recipe::Given) })
    }

    /// One model fitted as asked for, and its method.
    #[staticmethod]
    fn asked(
        py: Python<'_>,
        panel: &Panel,
        options: &Bound<'_, PyDict>,
        method: Option<&str>,
    ) -> PyResult<Self> {
        let options = fit_options(panel, options, false)?;
        let method = self::method(method, options.frequency.name(), None);
        let method = method.map_err(|failure| failure.raise(py))?;
        let recipe = Recipe::Asked(Box::new(options), method);
        let histories = Arc::clone(&panel.histories);
        work::run(py, move |progress| {
            progress.start("fitting", None);
            Self::fitted(recipe, &histories)
        })
    }

    /// What did best on periods held out of the history, fitted to all of it.
    #[staticmethod]
    fn chosen(
        py: Python<'_>,
        panel: &Panel,
        options: &Bound<'_, PyDict>,
        method: Option<&str>,
        horizon: u32,
        acquisition: &str,
    ) -> PyResult<Self> {
        let fit = fit_options(panel, options, true)?;
        let word = |name: &str| given::<String>(options, name);
        let (frequency, tau) = (word("frequency")?, word("tau")?);
        let (has_season, has_trend) = (word("season")?.is_some(), word("trend")?.is_some());
        let prepare = || {
            let tau = words::tau(tau.as_deref())?;
            let frequency =
                frequency.map(|word| words::frequency(&word, tau)).transpose()?.flatten();
            let method = method.map(words::method).transpose()?.flatten();
            if method == Some(Method::Point) {
                return Err(Failure::Option(
                    "`--method point` gives scores, which cannot be compared with purchases: name a frequency model".to_owned(),
                ));
            }
            let season = Some(fit.season).filter(|s| has_season && *s != SeasonChoice::Auto);
            let trend = Some(fit.trend).filter(|t| has_trend && *t != TrendChoice::Auto);
            let contest = Contest::with_tau(tau).given(frequency, method, season, trend);
            let acquisition = words::acquisition(acquisition)?;
            let fit = clvcast::fit::FitOptions { frequency: FrequencyKind::Nbd, ..fit };
            let standard = TrialOptions::default();
            let trial = TrialOptions { season, trend, fit, horizon, acquisition, ..standard };
            Ok(Chooser { contest, trial, customers: Chooser::CUSTOMERS })
        };
        let chooser = prepare().map_err(|failure| failure.raise(py))?;
        let cut = panel.cut();
        let (ledger, histories) = (Arc::clone(&panel.ledger), Arc::clone(&panel.histories));
        work::run(py, move |progress| {
            progress.start("comparing", None);
            Self::fitted(Recipe::chosen(&ledger, &histories, &cut, chooser)?, &histories)
        })
    }

    /// The models.
    #[getter]
    fn models(&self) -> Vec<Model> {
        self.members.iter().map(|member| Model(Arc::new(member.model.clone()))).collect()
    }

    #[getter]
    fn weights(&self) -> Vec<f64> {
        self.members.iter().map(|member| member.weight).collect()
    }

    #[getter]
    fn methods(&self) -> Vec<&'static str> {
        self.members.iter().map(|member| member.method.name()).collect()
    }

    /// The forecast of all customers of a panel.
    #[pyo3(signature = (
        panel, *, horizon, acquisition, margin, expense_rate, margin_rule, discount, overrides,
        quantiles, draws, seed, bootstrap, recalibrate, other
    ))]
    #[expect(clippy::too_many_arguments, reason = "the options of the command line, by name")]
    fn forecast(
        &self,
        py: Python<'_>,
        panel: &Panel,
        horizon: u32,
        acquisition: &str,
        margin: Option<f64>,
        expense_rate: Option<f64>,
        margin_rule: &str,
        discount: f64,
        overrides: Option<&str>,
        quantiles: Vec<f64>,
        draws: Option<usize>,
        seed: u64,
        bootstrap: Option<usize>,
        recalibrate: bool,
        other: bool,
    ) -> PyResult<Forecast> {
        let prepare = || {
            for member in &*self.members {
                fits(&member.model, &panel.histories)?;
            }
            let options = ForecastOptions {
                method: self.members[0].method,
                horizon,
                acquisition: words::acquisition(acquisition)?,
            };
            let overrides = overrides.map(|path| decided(path, &panel.histories, horizon));
            let rules = MoneyRules {
                margin,
                expense_rate,
                margin_rule: words::margin_rule(margin_rule)?,
                discount,
                overrides: overrides.transpose()?.unwrap_or_default(),
            };
            rules.check()?;
            let standard = PredictOptions::default();
            let unasked = || {
                let customers = panel.histories.customers.len();
                if quantiles.is_empty() {
                    PredictOptions::unasked(customers)
                } else {
                    standard.draws
                }
            };
            let drawing = PredictOptions { draws: draws.unwrap_or_else(unasked), seed, ..standard };
            drawing.check_levels(&quantiles)?;
            Ok::<_, Failure>((options, rules, drawing))
        };
        let (options, rules, drawing) = prepare().map_err(|failure| failure.raise(py))?;
        let run = Run {
            ledger: Arc::clone(&panel.ledger),
            panel: Arc::clone(&panel.histories),
            cut: panel.cut(),
            members: Arc::clone(&self.members),
            recipe: Arc::clone(&self.recipe),
            other,
            options,
            rules,
        };
        let futures = Futures { drawing, quantiles, bootstrap, recalibrate };
        let base = panel.base;
        work::run(py, move |progress| {
            progress.start("forecasting", None);
            let purchases = run.purchases();
            let model = &run.members[0].model;
            let forecast = evaluate(&run.panel, model, &purchases, horizon, &run.rules);
            let intervals = futures.of(&run, progress)?;
            let warnings = run.warnings(&forecast);
            let other_margin_rule = other_margin_rule(&run.panel, &purchases, &run.rules);
            let intervals = intervals.map(Arc::new);
            let Run { ledger, panel, members, options, rules, .. } = run;
            Ok(Forecast(Arc::new(Parts {
                ledger,
                panel,
                base,
                members,
                options,
                rules,
                drawing: futures.drawing,
                forecast,
                intervals,
                other_margin_rule,
                warnings,
            })))
        })
    }
}

impl Found {
    fn fitted(recipe: Recipe, panel: &Histories) -> Result<Self, Failure> {
        let members = Arc::new(recipe.fit(panel)?);
        Ok(Self { members, recipe: Arc::new(recipe) })
    }
}

/// The company's decisions, from a file.
fn decided(path: &str, panel: &Histories, horizon: u32) -> Result<Overrides, Failure> {
    let file = File::open(path).map_err(|error| {
        Failure::Data(format!("the overrides file `{path}` cannot be read: {error}"))
    })?;
    Overrides::for_panel(file, panel, horizon)
        .map_err(|error| Failure::Data(format!("in the overrides file `{path}`: {error}")))
}

/// What a forecast is made of.
struct Run {
    ledger: Arc<Ledger>,
    panel: Arc<Histories>,
    cut: PanelOptions,
    members: Arc<Vec<Member>>,
    recipe: Arc<Recipe>,
    /// Whether the panel is another one than that of the fit.
    other: bool,
    options: ForecastOptions,
    rules: MoneyRules,
}

impl Run {
    fn purchases(&self) -> Purchases {
        match &self.members[..] {
            [one] => forecast(&self.panel, &one.model, &self.options),
            all => {
                let of = |m: &Member| (m.weight, m.forecast(&self.panel, &self.options));
                Purchases::average(&all.iter().map(of).collect::<Vec<_>>())
            }
        }
    }

    /// What a user should know, in the order of the command line.
    fn warnings(&self, forecast: &value::Forecast) -> Vec<String> {
        let mut warnings = data_warnings(&self.ledger, &self.panel);
        let model = &self.members[0].model;
        if self.other || matches!(*self.recipe, Recipe::Given) {
            warnings.extend(model_warnings(model, &self.panel));
        }
        if !matches!(*self.recipe, Recipe::Given) {
            let fits = self.members.iter().flat_map(|member| member.model.fit.iter());
            warnings.extend(fits.flat_map(|fit| fit.warnings.iter().cloned()));
        }
        warnings.extend(forecast_warnings(&self.panel, model, &self.rules, forecast));
        warnings
    }
}

/// How futures are drawn, and what is asked of them.
struct Futures {
    drawing: PredictOptions,
    quantiles: Vec<f64>,
    bootstrap: Option<usize>,
    recalibrate: bool,
}

impl Futures {
    /// None where no quantiles are asked for.
    fn of(&self, run: &Run, progress: &dyn Progress) -> Result<Option<Intervals>, Failure> {
        if self.quantiles.is_empty() {
            return Ok(None);
        }
        let Run { panel, members, options, rules, .. } = run;
        let mut drawing = self.drawing.clone();
        if let Some(replications) = self.bootstrap {
            let [one] = &members[..] else {
                return Err(Failure::Option(
                    "`--bootstrap` fits one model again, and an average of models was chosen: name a frequency model".to_owned(),
                ));
            };
            let fits = bootstrap(panel, &one.model, replications, drawing.seed)?;
            drawing.parameters = Uncertainty::Bootstrap(Arc::new(fits));
        }
        let predictor = match &members[..] {
            [one] => Predictor::new(panel, &one.model, options, rules, &drawing)?,
            all => Predictor::average(panel, all, options, rules, &drawing)?,
        };
        let predictor = predictor.with_progress(progress);
        let map = if self.recalibrate {
            progress.start("holding out", None);
            let refit = |origin: &Histories| run.recipe.fit(origin);
            let (ledger, cut) = (&run.ledger, &run.cut);
            Some(recalibration(ledger, panel, cut, options, rules, &self.drawing, refit)?)
        } else {
            None
        };
        progress.start("drawing futures", Some(panel.customers.len() as u64));
        Ok(Some(match map {
            Some(map) => Intervals::recalibrated(&predictor, panel, &self.quantiles, map),
            None => Intervals::new(&predictor, panel, &self.quantiles, true),
        }))
    }
}
