//! The pictures of a backtest: how the chosen candidate did from its latest origin.

use super::style::base;
use super::{
    Calibration, Contestant, Expectations, Kind, Leaderboard, Outcome, Pictures, Scene, Style,
    draw_calibration, draw_expectations, draw_leaderboard, total_sample,
};
use crate::evaluate::{
    Actuals, Backtest, BacktestOptions, Candidate, Contender, Fitted, Score, trials,
};
use crate::ledger::Ledger;
use crate::panel::{Panel, PanelOptions};
use crate::predict::{PredictOptions, Target, Window};
use crate::progress::Silent;
use crate::report::words::number_of;

impl Pictures {
    /// Those of a backtest of `later`, a panel of `ledger`: the chosen candidate is fitted again at
    /// the latest origin and drawn against what happened, and all contenders are ranked.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let of_panel = PanelOptions::new(Period::Quarter);
    /// # let panel = Panel::build(&ledger, &of_panel, &Silent)?;
    /// use clvcast::{evaluate::*, fit::FrequencyKind, plots::Pictures};
    /// let mut options = BacktestOptions::new(of_panel);
    /// options.contest.frequencies = vec![FrequencyKind::Nbd];
    /// options.contest.calendars = vec![CalendarKind::SeasonTrend];
    /// let found = backtest(&ledger, &panel, &options, &Silent)?;
    /// let pictures = Pictures::of_backtest(&ledger, &panel, &options, &found, None);
    /// let names: Vec<&str> = pictures.drawn.iter().map(|p| p.drawing.name()).collect();
    /// assert_eq!(names.last(), Some(&"leaderboard"));
    /// assert!(names.contains(&"expectation-by-recency"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_backtest(
        ledger: &Ledger,
        later: &Panel,
        options: &BacktestOptions,
        found: &Backtest,
        currency: Option<&str>,
    ) -> Self {
        let chosen = found.chosen.as_ref().map(|chosen| chosen.candidate);
        let period = found.period.to_string();
        let mut pictures = match chosen.and_then(|c| Story::new(ledger, later, options, c)) {
            Some(story) => story.pictures(found, options, currency),
            None => Self::without("no model was scored from the latest origin"),
        };
        let days: Vec<String> = found.origins.iter().map(|origin| origin.day.to_string()).collect();
        let subtitle = format!(
            "Purchases of the {} after {}, which were held out",
            number_of(found.holdout, &period),
            days.join(", ")
        );
        let style = Style { currency: None, subtitle };
        let board = leaderboard(&found.scores, found.origins.len(), chosen);
        pictures.add("leaderboard", Some(board), "", |b| (draw_leaderboard(b, &style), b.to_csv()));
        pictures
    }

    /// No picture but for one reason.
    fn without(why: &'static str) -> Self {
        let names = super::NAMES.iter().filter(|name| **name != "leaderboard");
        Self { drawn: Vec::new(), skipped: names.map(|name| (*name, why)).collect() }
    }
}

/// The chosen candidate at the latest origin.
struct Story {
    candidate: Candidate,
    panel: Panel,
    actuals: Actuals,
    fitted: Fitted,
}

impl Story {
    fn new(
        ledger: &Ledger,
        later: &Panel,
        options: &BacktestOptions,
        candidate: Candidate,
    ) -> Option<Self> {
        let back = i32::try_from(options.holdout).ok()?;
        let day = later.grid.end(crate::panel::PeriodIndex(-back));
        let of_panel = PanelOptions { as_of: Some(day), ..options.panel };
        let panel = Panel::build(ledger, &of_panel, &Silent).ok()?;
        let actuals = Actuals::new(&panel, later, options.holdout, &options.rules).ok()?;
        let trial = trials(&panel, &[candidate], &options.trial()).pop()?;
        Some(Self { candidate, panel, actuals, fitted: trial.outcome.ok()? })
    }

    fn pictures(
        &self,
        found: &Backtest,
        options: &BacktestOptions,
        currency: Option<&str>,
    ) -> Pictures {
        let Self { panel, actuals, fitted, candidate } = self;
        let style = Style {
            currency: currency.map(str::to_owned),
            subtitle: format!(
                "{}; {candidate}; then {} held out",
                base(panel),
                number_of(options.holdout, &found.period.to_string())
            ),
        };
        let (predicted, happened) =
            (&fitted.predicted.outcomes.purchases, &actuals.of_customers.purchases);
        let windows = || (0..actuals.horizon).map(Window::Period);
        let expected: Vec<f64> = windows().map(|window| predicted.sum(window)).collect();
        let actual: Vec<f64> = windows().map(|window| happened.sum(window)).collect();
        let forecast = options.trial().forecast_options(candidate.method);
        let drawing = PredictOptions { seed: options.seed, ..PredictOptions::default() };
        let sample = total_sample(panel, &fitted.model, &forecast, drawing);
        let scene = Scene {
            horizon: options.holdout,
            base: options.fit.base,
            expected: &expected,
            sample: sample.as_ref(),
            happened: &actual,
        };
        let mut pictures = Pictures::new(panel, &fitted.model, &scene, &style);
        let outcomes = self.outcomes();
        let period = found.period.to_string();
        let nobody = "no customer has purchased";
        for (name, kind) in [
            ("expectation-by-frequency", Kind::Frequency),
            ("expectation-by-recency", Kind::Recency),
        ] {
            let by = Expectations::new(kind, &outcomes, &period);
            let by = Some(by).filter(|by| !by.classes.is_empty());
            pictures.add(name, by, nobody, |e| (draw_expectations(e, &style), e.to_csv()));
        }
        let calibration = self.calibration(found);
        let no_distribution =
            "distributions of single customers are scored with the method posterior";
        pictures.add("calibration", calibration, no_distribution, |c| {
            (draw_calibration(c, &style), c.to_csv())
        });
        pictures
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let total = |of: &crate::evaluate::PerPeriod| of.window(Window::Total);
        let predicted = total(&self.fitted.predicted.outcomes.purchases);
        let actual = total(&self.actuals.of_customers.purchases);
        let grid = &self.panel.grid;
        let outcome = |i: usize| {
            let last = self.panel.customers[i].last_purchase?;
            Some(Outcome {
                x: self.panel.exposure(i)?.x,
                since_last: grid.elapsed(last, grid.as_of()),
                actual: actual[i],
                predicted: predicted[i],
            })
        };
        (0..self.panel.customers.len()).filter_map(outcome).collect()
    }

    fn calibration(&self, found: &Backtest) -> Option<Calibration> {
        let own = |score: &&Score| {
            score.origin == self.panel.grid.as_of()
                && score.contender == Contender::Model(self.candidate)
                && (score.target, score.window) == (Target::Purchases, Window::Total)
        };
        let distribution = found.scores.iter().find(own)?.distribution.as_ref()?;
        let customers = distribution.customers as u64;
        let inside = distribution.pit_coverage;
        Some(Calibration::of_shares(customers, &distribution.pit, found.level, inside))
    }
}

/// Deviances and biases closer than this are one bar: no reader sees the difference.
const ALIKE: f64 = 1e-4;

/// All contenders that were scored from every origin: deviance averaged over origins, bias of the
/// sum of their totals.
fn leaderboard(scores: &[Score], origins: usize, chosen: Option<Candidate>) -> Leaderboard {
    let mut contenders: Vec<(Contender, Vec<&Score>)> = Vec::new();
    let of_total = |s: &&Score| (s.target, s.window) == (Target::Purchases, Window::Total);
    for score in scores.iter().filter(of_total) {
        match contenders.iter_mut().find(|(contender, _)| *contender == score.contender) {
            Some((_, own)) => own.push(score),
            None => contenders.push((score.contender, vec![score])),
        }
    }
    let contestant = |(contender, own): &(Contender, Vec<&Score>)| {
        let deviances = own.iter().map(|s| s.poisson_deviance.unwrap_or(f64::NAN));
        let total = |of: fn(&Score) -> f64| own.iter().map(|s| of(s)).sum::<f64>();
        Contestant {
            name: contender.to_string(),
            deviance: deviances.sum::<f64>() / own.len() as f64,
            bias: total(|s| s.predicted) / total(|s| s.actual) - 1.0,
            chosen: chosen.map(Contender::Model) == Some(*contender),
        }
    };
    let all = contenders.iter().filter(|(_, own)| own.len() == origins).map(contestant);
    // Models that end at the same limit forecast the same: the first, or the chosen, speaks for all.
    let mut shown: Vec<Contestant> = Vec::new();
    for one in all {
        let alike = |other: &&mut Contestant| {
            (other.deviance - one.deviance).abs() < ALIKE && (other.bias - one.bias).abs() < ALIKE
        };
        match shown.iter_mut().find(alike) {
            Some(other) if one.chosen => *other = one,
            Some(_) => {}
            None => shown.push(one),
        }
    }
    Leaderboard::new(shown)
}
