//! What is chosen on public data, against the field's best engines on the same held-out periods.

use clvcast::evaluate::choose::{Choice, Chooser};
use clvcast::evaluate::metrics::poisson_loss;
use clvcast::evaluate::{Actuals, CalendarKind, Candidate, Contest, TrialOptions, trials};
use clvcast::fit::FrequencyKind;
use clvcast::forecast::Method;
use clvcast::ledger::Ledger;
use clvcast::panel::{Panel, PanelOptions, Period};
use clvcast::predict::Window;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{chooser, chosen, ledger, of_cdnow, options, panel};

/// A past as-of date and the three periods after it.
struct Trial {
    ledger: Ledger,
    options: PanelOptions,
    origin: Panel,
    actual: Vec<f64>,
}

impl Trial {
    fn new(file: &str, options: PanelOptions, until: PanelOptions) -> Self {
        let ledger = ledger(file);
        let (origin, later) = (panel(&ledger, &options), panel(&ledger, &until));
        let rules = TrialOptions::default().rules;
        let actuals = Actuals::new(&origin, &later, 3, &rules).expect("three periods");
        let actual = actuals.of_customers.purchases.window(Window::Total);
        Self { ledger, options, origin, actual }
    }

    fn cdnow() -> Self {
        Self::new("cdnow-sample.csv", of_cdnow("1997-09-30"), of_cdnow("1998-06-30"))
    }

    /// As the published comparison has it: 91-day periods up to 2017-04-01.
    fn superstore() -> Self {
        let of = |as_of| options(Period::Days(91), as_of);
        Self::new("superstore.csv", of("2017-04-01"), of("2017-12-30"))
    }

    fn choice(&self) -> Choice {
        chosen(&self.ledger, &self.options, &chooser())
    }

    /// Each customer's purchases over the three periods.
    fn forecast(&self, candidate: Candidate) -> Vec<f64> {
        let trial = trials(&self.origin, &[candidate], &TrialOptions::default()).remove(0);
        let fitted = trial.outcome.expect("a fit");
        fitted.predicted.outcomes.purchases.window(Window::Total)
    }

    fn of_choice(&self, choice: &Choice) -> Vec<f64> {
        let mut sum = vec![0.0; self.actual.len()];
        for member in &choice.members {
            for (sum, own) in sum.iter_mut().zip(self.forecast(member.candidate)) {
                *sum += member.weight * own;
            }
        }
        sum
    }

    fn bias(&self, predicted: &[f64]) -> f64 {
        predicted.iter().sum::<f64>() / self.actual.iter().sum::<f64>() - 1.0
    }

    /// By how much the first forecast is worse than the second, as a mean over customers, and the
    /// standard error of that; by absolute error, squared error and Poisson deviance.
    fn worse(&self, ours: &[f64], theirs: &[f64]) -> [(f64, f64); 3] {
        let losses: [fn(f64, f64) -> f64; 3] =
            [|y, mu| (y - mu).abs(), |y, mu| (y - mu).powi(2), poisson_loss];
        losses.map(|loss| {
            let pairs = self.actual.iter().zip(ours.iter().zip(theirs));
            bootstrap(&pairs.map(|(&y, (&a, &b))| loss(y, a) - loss(y, b)).collect::<Vec<_>>())
        })
    }
}

/// A mean and its standard error from 500 samples of as many customers, with replacement.
fn bootstrap(differences: &[f64]) -> (f64, f64) {
    const SAMPLES: usize = 500;
    let n = differences.len();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut sample = || (0..n).map(|_| differences[rng.random_range(0..n)]).sum::<f64>() / n as f64;
    let means: Vec<f64> = (0..SAMPLES).map(|_| sample()).collect();
    let centre = means.iter().sum::<f64>() / SAMPLES as f64;
    let variance = means.iter().map(|m| (m - centre).powi(2)).sum::<f64>() / (SAMPLES - 1) as f64;
    (differences.iter().sum::<f64>() / n as f64, variance.sqrt())
}

fn without_calendar(frequency: FrequencyKind) -> Candidate {
    Candidate { frequency, calendar: CalendarKind::None, method: Method::Posterior }
}

#[track_caller]
fn never_worse(trial: &Trial, engine: FrequencyKind) {
    let (ours, theirs) =
        (trial.of_choice(&trial.choice()), trial.forecast(without_calendar(engine)));
    for (loss, (worse, error)) in
        ["MAE", "squared error", "deviance"].iter().zip(trial.worse(&ours, &theirs))
    {
        assert!(worse <= error, "{loss}: worse by {worse} with a standard error of {error}");
    }
}

#[test]
fn on_cdnow_the_choice_is_not_worse_than_the_best_engine_by_a_standard_error() {
    // Pareto/NBD, the best of the field by MAE; ours has its published purchases and errors
    // (tests of `cdnow.rs`).
    never_worse(&Trial::cdnow(), FrequencyKind::ParetoNbd);
}

#[test]
fn on_superstore_the_choice_is_not_worse_than_the_best_engine_by_a_standard_error() {
    // The engines that converge agree: NBD, as nobody leaves.
    never_worse(&Trial::superstore(), FrequencyKind::Nbd);
}

#[test]
fn the_nbd_on_superstore_is_that_of_the_field() {
    /// Published are 1.152 and −39.8 %. Estimates stop elsewhere on a likelihood that is flat near
    /// the Poisson limit, and the engines count a customer's age to another day.
    const WITHIN: f64 = 0.01;
    let trial = Trial::superstore();
    let nbd = trial.forecast(without_calendar(FrequencyKind::Nbd));
    let errors = trial.actual.iter().zip(&nbd).map(|(y, mu)| (y - mu).abs()).sum::<f64>();
    let mae = errors / nbd.len() as f64;
    assert!((mae / 1.152 - 1.0).abs() < WITHIN, "{mae}");
    let bias = trial.bias(&nbd);
    assert!((bias + 0.398).abs() < WITHIN, "{bias}");
}

#[test]
fn on_superstore_the_total_is_off_by_at_most_half_of_what_it_is_without_a_calendar() {
    let trial = Trial::superstore();
    let choice = trial.choice();
    let own = trial.bias(&trial.of_choice(&choice)).abs();
    let calendars = vec![CalendarKind::None];
    let candidates = Contest { calendars, ..Contest::default() }.candidates(&trial.origin);
    assert_eq!(candidates.len(), 7); // the posterior of five models, chain and point of one
    for candidate in candidates {
        let bias = trial.bias(&trial.forecast(candidate));
        assert!(own <= 0.5 * bias.abs(), "{candidate} {bias}, choice {own}");
    }
}

#[test]
fn on_superstore_season_and_growth_are_chosen_and_what_was_compared_is_recorded() {
    let trial = Trial::superstore();
    let choice = trial.choice();
    let [member] = &choice.members[..] else { panic!("{:?}", choice.members) };
    assert_eq!(member.candidate.calendar, CalendarKind::SeasonTrend);
    let record = &choice.record;
    assert_eq!(record.members[0].calendar, "season+trend");
    // All models first, then all calendars of those that are left.
    assert_eq!(record.first.len(), 6);
    assert!(record.compared.iter().any(|entry| entry.candidate.contains("no calendar")));
    assert!(record.compared.iter().any(|entry| entry.candidate.contains("season+damped")));
    assert!(record.compared.is_sorted_by_key(|entry| entry.score));
    assert_eq!(record.compared[0].above_best, 0.0);
    let held = record.held_out.as_ref().expect("held-out periods");
    assert_eq!((held.customers, held.of), (trial.origin.ids.len() as u64, held.customers));
    // Every held-out period is over by the as-of date.
    let day = |text: &str| crate::support::day(text);
    let last = day("2017-04-01");
    for origin in &held.origins {
        let days = 91 * i32::try_from(held.periods).expect("a few");
        assert!(last.since(day(origin)) >= days, "{origin}");
    }
    let why = &record.why;
    assert!(why.starts_with(&member.candidate.to_string()), "{why}");
}

#[test]
fn a_choice_among_one_candidate_says_so() {
    let trial = Trial::cdnow();
    let contest = Contest {
        frequencies: vec![FrequencyKind::ParetoNbd],
        calendars: vec![CalendarKind::None],
        methods: vec![Method::Posterior],
    };
    let chooser = Chooser { contest, ..chooser() };
    let choice = chosen(&trial.ledger, &trial.options, &chooser);
    assert_eq!(choice.record.why, "pareto-nbd, no calendar, posterior was the only candidate");
    assert!(choice.record.failed.is_empty());
}
