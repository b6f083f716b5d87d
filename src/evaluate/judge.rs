//! Scores what is forecast from one origin: expectations, and the distributions around them.

use super::actuals::Actuals;
use super::backtest::BacktestOptions;
use super::candidate::Candidate;
use super::contender::Contender;
use super::distribution::{Distribution, Verdict, uniforms};
use super::metrics::interval_of_draws;
use super::score::{Score, Spread, scores};
use super::trial::{Fitted, Predicted, TrialOptions};
use crate::calendar::Timeline;
use crate::forecast::{Method, chain_any_purchase, count_tables};
use crate::panel::Panel;
use crate::predict::{PredictOptions, Predictor, Sample, Target, Uncertainty, Window};
use crate::value::MoneyRules;

pub(super) struct Judge<'a> {
    panel: &'a Panel,
    actuals: &'a Actuals,
    options: &'a BacktestOptions,
    trial: &'a TrialOptions,
    rules: MoneyRules,
}

/// One customer's exact distributions of purchases: a verdict per window.
struct Counted {
    any_purchase: f64,
    verdicts: Vec<Verdict>,
}

/// What was drawn: per customer a verdict for every target and window, and the whole base.
struct Drawn {
    verdicts: Vec<Option<Vec<Option<Verdict>>>>,
    base: Sample,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        panel: &'a Panel,
        actuals: &'a Actuals,
        options: &'a BacktestOptions,
        trial: &'a TrialOptions,
    ) -> Self {
        Self { panel, actuals, options, trial, rules: trial.past_rules() }
    }

    /// The scores of a rule of thumb, which has no distributions.
    pub(super) fn rule(&self, contender: Contender, predicted: &Predicted) -> Vec<Score> {
        let of = (self.panel.grid.as_of(), contender);
        scores(of, predicted, self.actuals, None, |_, _| Spread::default())
    }

    /// The scores of a model.
    pub(super) fn model(&self, candidate: Candidate, fitted: &Fitted) -> Vec<Score> {
        let (counted, any) = match candidate.method {
            Method::Posterior => {
                let counted = self.counts(fitted);
                let any = counted.iter().map(|c| Some(c.as_ref()?.any_purchase)).collect();
                (Some(counted), Some(any))
            }
            Method::Chain => {
                let (horizon, acquisition) = (self.trial.horizon, self.trial.acquisition);
                let any = chain_any_purchase(self.panel, &fitted.model, horizon, acquisition);
                (None, Some(any))
            }
            Method::Point => (None, None),
        };
        let drawn = self.drawn(candidate.method, fitted);
        let any: Option<&[Option<f64>]> = any.as_deref();
        let of = (self.panel.grid.as_of(), Contender::Model(candidate));
        scores(of, &fitted.predicted, self.actuals, any, |target, window| {
            self.spread(counted.as_deref(), drawn.as_ref(), target, window)
        })
    }

    fn spread(
        &self,
        counted: Option<&[Option<Counted>]>,
        drawn: Option<&Drawn>,
        target: Target,
        window: Window,
    ) -> Spread {
        let level = self.options.level;
        let distribution = match counted {
            Some(counted) if target == Target::Purchases => {
                let at = self.place(window);
                Distribution::over(counted.iter().flatten().map(|c| c.verdicts[at]), level)
            }
            _ => drawn.and_then(|drawn| {
                let at = self.place_of(target, window);
                let verdicts = drawn.verdicts.iter().flatten();
                Distribution::over(verdicts.filter_map(|verdicts| verdicts[at]), level)
            }),
        };
        let total_interval = drawn
            .and_then(|drawn| drawn.base.of(target, window))
            .filter(|draws| draws.iter().all(|draw| draw.is_finite()))
            .and_then(|mut draws| interval_of_draws(&mut draws, level));
        Spread { distribution, total_interval }
    }

    /// The exact distributions of purchases under the posterior, given the parameters.
    fn counts(&self, fitted: &Fitted) -> Vec<Option<Counted>> {
        let model = &fitted.model;
        let timeline = Timeline::new(self.panel, model.calendar.as_ref(), self.trial.horizon);
        let happened = &self.actuals.of_customers.purchases;
        count_tables(self.panel, &model.frequency, &timeline, |i, tables| {
            let uniforms = uniforms(self.options.seed, &self.panel.ids[i], tables.len());
            let total: f64 = happened.of(i).iter().sum();
            let actual = happened.of(i).iter().copied().chain([total]);
            let verdicts = tables.iter().zip(actual).zip(uniforms);
            Counted {
                any_purchase: 1.0 - tables.last().and_then(|t| t.first()).unwrap_or(&1.0),
                verdicts: verdicts
                    .map(|((pmf, y), v)| Verdict::of_counts(pmf, y, self.options.level, v))
                    .collect(),
            }
        })
    }

    /// Futures of all customers; `None` under the point method, and without draws.
    fn drawn(&self, method: Method, fitted: &Fitted) -> Option<Drawn> {
        let (draws, seed) = (self.options.draws, self.options.seed);
        // Totals need many sets of parameters and few futures under each; a large base is conditioned
        // as often as it can be.
        let most = PredictOptions::MOST_CONDITIONED / self.panel.customers.len().max(1);
        let sets = Some((draws / 2).min(most.max(PredictOptions::FEWEST_SETS)));
        let options = PredictOptions { parameters: Uncertainty::Information, draws, sets, seed };
        let forecast = self.trial.forecast_options(method);
        let predictor =
            Predictor::new(self.panel, &fitted.model, &forecast, &self.rules, &options).ok()?;
        let windows: Vec<(Target, Window)> = Target::ALL
            .into_iter()
            .flat_map(|target| Window::all(self.actuals.horizon).map(move |w| (target, w)))
            .collect();
        let verdicts = |i: usize, sample: &Sample| -> Vec<Option<Verdict>> {
            let uniforms = uniforms(seed, &self.panel.ids[i], windows.len());
            let verdict = |(&(target, window), v): (&(Target, Window), f64)| {
                let happened = self.actuals.of_customers.of(target)?.of(i);
                let actual = match window {
                    Window::Period(h) => happened[h],
                    Window::Total => happened.iter().sum(),
                };
                Verdict::of_draws(sample.of(target, window)?, actual, self.options.level, v)
            };
            windows.iter().zip(uniforms).map(verdict).collect()
        };
        let (verdicts, mut totals) = predictor.each_and_totals(|_| vec![0], 1, verdicts);
        Some(Drawn { verdicts, base: totals.pop()? })
    }

    /// The place of a window among all of the horizon.
    const fn place(&self, window: Window) -> usize {
        match window {
            Window::Period(h) => h,
            Window::Total => self.actuals.horizon,
        }
    }

    /// The place of a target in a window among all of them.
    const fn place_of(&self, target: Target, window: Window) -> usize {
        target as usize * (self.actuals.horizon + 1) + self.place(window)
    }
}
