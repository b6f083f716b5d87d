//! Draws of every customer, of groups and of the whole base.

use std::ops::Range;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::error::PredictError;
use super::options::PredictOptions;
use super::sample::Sample;
use super::sets::ParameterSource::{self, Partly};
use super::sets::parameter_sets;
use super::world::{Futures, World};
use crate::fit::FittedModel;
use crate::forecast::{ForecastOptions, Member, Method};
use crate::panel::Panel;
use crate::progress::{Progress, Silent};
use crate::value::{MoneyPlan, MoneyRules};

/// The predictive distribution of a panel under a fitted model.
///
/// K sets of parameters, the same for all customers, and under each of them as many futures of
/// every customer. A customer's random numbers depend on the seed and its id only: not on threads,
/// on the order of rows, or on which customers are asked for.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::{fit::*, forecast::*, predict::*, value::MoneyRules};
/// let model = fit(&panel, &FitOptions::default())?;
/// let (options, rules) = (ForecastOptions::default(), MoneyRules::default());
/// let draws = PredictOptions { draws: 200, ..PredictOptions::default() };
/// let predictor = Predictor::new(&panel, &model, &options, &rules, &draws)?;
/// // 90 % of the futures of one customer, and of the whole base.
/// let one = predictor.sample(0).unwrap();
/// assert_eq!(one.of(Target::Purchases, Window::Total).unwrap().len(), 200);
/// let total = predictor.totals(|_| 0, 1).remove(0);
/// let mut profits = total.of(Target::GrossProfit, Window::Total).unwrap();
/// let (low, high) = (quantile(&mut profits, 0.05), quantile(&mut profits, 0.95));
/// assert!(low < high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Predictor<'a> {
    pub(super) panel: &'a Panel,
    pub(super) money: MoneyPlan<'a>,
    horizon: usize,
    pub(super) discount: f64,
    /// Sets of parameters with the method that draws under them, and the draws that are theirs.
    pub(super) worlds: Vec<(World, Method, Range<usize>)>,
    pub(super) draws: usize,
    /// Whether time, and with it what is known of a customer, is the same under all sets.
    pub(super) same_time: bool,
    pub(super) rng: ChaCha8Rng,
    seed: u64,
    source: ParameterSource,
    pub(super) progress: &'a dyn Progress,
}

/// Customers whose draws are added up before they are added to those of others: sums do not depend
/// on the number of threads.
const BLOCK: usize = 256;
/// Blocks whose sums wait for each other.
const WAVE: usize = 16;

impl<'a> Predictor<'a> {
    /// Prepares the draws: sets of parameters, and time and factors under each of them.
    ///
    /// # Errors
    /// For the point method, which has no distribution, and for no draws.
    pub fn new(
        panel: &'a Panel,
        model: &FittedModel,
        forecast: &ForecastOptions,
        rules: &'a MoneyRules,
        options: &PredictOptions,
    ) -> Result<Self, PredictError> {
        let alone = Member { weight: 1.0, model: model.clone(), method: forecast.method };
        Self::average(panel, &[alone], forecast, rules, options)
    }

    /// The same for an average of models: each draws its share of the futures.
    ///
    /// # Errors
    /// As for one model, and for no member at all.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// # use clvcast::{fit::*, forecast::*, predict::*, value::MoneyRules};
    /// let model = fit(&panel, &FitOptions::default())?;
    /// let of = |weight, method| Member { weight, model: model.clone(), method };
    /// let members = [of(0.75, Method::Posterior), of(0.25, Method::Chain)];
    /// let (options, rules) = (ForecastOptions::default(), MoneyRules::default());
    /// let draws = PredictOptions { draws: 200, ..PredictOptions::default() };
    /// let predictor = Predictor::average(&panel, &members, &options, &rules, &draws)?;
    /// assert_eq!(predictor.sample(0).unwrap().draws(), 200); // 150 and 50
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn average(
        panel: &'a Panel,
        members: &[Member],
        forecast: &ForecastOptions,
        rules: &'a MoneyRules,
        options: &PredictOptions,
    ) -> Result<Self, PredictError> {
        if members.iter().any(|member| member.method == Method::Point) {
            return Err(PredictError::Point);
        }
        if options.draws == 0 || members.is_empty() {
            return Err(PredictError::NoDraws);
        }
        let sets = options.sets_for(panel.customers.len());
        let (mut source, mut shares) = (None, Vec::new());
        let (mut weight, mut from) = (0.0, 0);
        for member in members {
            weight += member.weight;
            let until = share(weight, options.draws);
            let sets = share(member.weight, sets).max(1);
            let Member { model, method, .. } = member;
            let (mut models, own) = parameter_sets(model, &options.parameters, sets, options.seed);
            models.truncate(until - from);
            let n = models.len();
            let start = |k: usize| from + (k * (until - from)).div_ceil(n.max(1));
            let each = models.into_iter().enumerate();
            shares.extend(each.map(|(k, model)| (model, *method, start(k)..start(k + 1))));
            from = until;
            source = Some(source.map_or(own, |all| if all == own { all } else { Partly }));
        }
        // Members may count time by other ends, and calendars run it at other speeds.
        let same_time = members.len() == 1
            && shares
                .iter()
                .all(|(model, method, _)| *method == Method::Posterior && model.calendar.is_none());
        let world = |(model, method, draws): (FittedModel, Method, Range<usize>)| {
            let forecast = ForecastOptions { method, ..*forecast };
            (World::new(panel, &model, forecast), method, draws)
        };
        Ok(Self {
            panel,
            money: MoneyPlan::new(panel, rules).with_noise(),
            horizon: forecast.horizon as usize,
            discount: rules.discount,
            worlds: shares.into_par_iter().map(world).collect(),
            draws: options.draws,
            same_time,
            rng: ChaCha8Rng::seed_from_u64(options.seed),
            seed: options.seed,
            source: source.unwrap_or(ParameterSource::None),
            progress: &Silent,
        })
    }

    /// Tells how many customers are drawn.
    ///
    /// ```
    /// # use clvcast::{fit::*, forecast::*, ledger::{ReadOptions, read}, panel::*, predict::*, value::*};
    /// use clvcast::progress::{Progress, Silent};
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// #[derive(Default)]
    /// struct Drawn(AtomicU64);
    /// impl Progress for Drawn {
    ///     fn start(&self, _stage: &'static str, _total: Option<u64>) {}
    ///     fn advance(&self, customers: u64) {
    ///         self.0.fetch_add(customers, Ordering::Relaxed);
    ///     }
    /// }
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// # let model = fit(&panel, &FitOptions::default())?;
    /// # let (rules, forecast) = (MoneyRules::default(), ForecastOptions::default());
    /// # let options = PredictOptions { draws: 20, ..PredictOptions::default() };
    /// let drawn = Drawn::default();
    /// let predictor = Predictor::new(&panel, &model, &forecast, &rules, &options)?;
    /// predictor.with_progress(&drawn).each_and_totals(|_| vec![], 0, |_, _| ());
    /// assert_eq!(drawn.0.into_inner(), 793);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_progress(self, progress: &'a dyn Progress) -> Self {
        Self { progress, ..self }
    }

    /// Whether margins of single periods are drawn around the forecast ones: where they are those of
    /// the ledger, and have varied.
    #[must_use]
    pub const fn has_margin_noise(&self) -> bool {
        self.money.has_noise()
    }

    /// Number of coming periods.
    #[must_use]
    pub const fn horizon(&self) -> usize {
        self.horizon
    }

    /// Number of draws.
    #[must_use]
    pub const fn draws(&self) -> usize {
        self.draws
    }

    /// Number of parameter sets; draw s belongs to set ⌊s · sets/draws⌋.
    #[must_use]
    pub fn sets(&self) -> usize {
        self.worlds.len()
    }

    /// Seed of all random numbers.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Where the uncertainty of the parameters comes from.
    #[must_use]
    pub const fn parameter_uncertainty(&self) -> ParameterSource {
        self.source
    }

    /// The draws of customer `i`; `None` where the method has nothing to start from: under the
    /// posterior without a purchase, under the chain without an active period.
    #[must_use]
    pub fn sample(&self, i: usize) -> Option<Sample> {
        let mut rng = self.rng.clone();
        rng.set_stream(crate::ledger::hash(0, self.panel.ids[i].as_bytes()));
        let mut futures = Futures::new(self.draws, self.horizon);
        let observed = match self.worlds.first() {
            Some((world, ..)) if self.same_time => Some(world.observed(self.panel, i)?),
            _ => None,
        };
        for (world, method, draws) in &self.worlds {
            let draws = draws.clone();
            match method {
                Method::Chain => world.chain(self.panel, i, &mut rng, draws, &mut futures)?,
                Method::Posterior | Method::Point => {
                    let drawn = (draws, &mut futures);
                    world.posterior(self.panel, i, observed.as_ref(), &mut rng, drawn)?;
                }
            }
        }
        let Futures { purchases, amount, .. } = futures;
        let mut unknown = Vec::new();
        let profit = amount.as_ref().map(|amount| {
            let state = self.panel.state(i);
            let plan = self.money.customer(i, state.as_ref());
            let noise = self.money.margin_noise(&mut rng, self.draws, self.horizon);
            let mut noise = noise.into_iter().chain(std::iter::repeat(0.0));
            let mut profit = Vec::with_capacity(amount.len());
            for (h, amounts) in amount.chunks(self.draws).enumerate() {
                let money = plan.period(h);
                if money.gross_profit(0.0, 0.0).is_none() {
                    unknown.push(h);
                }
                let of = |(&amount, noise)| money.gross_profit(amount, noise).unwrap_or(0.0);
                profit.extend(amounts.iter().zip(noise.by_ref()).map(of));
            }
            profit
        });
        let sample = Sample::new(self.draws, purchases, amount, profit).without_profit(unknown);
        Some(if self.discount == 0.0 { sample } else { sample.discounted(self.discount) })
    }

    /// What `f` makes of every customer's sample, in the panel's order; `None` without a sample.
    pub fn each<R: Send>(&self, f: impl Fn(usize, &Sample) -> R + Sync) -> Vec<Option<R>> {
        let customers = (0..self.panel.customers.len()).into_par_iter();
        customers.map(|i| Some(f(i, &self.sample(i)?))).collect()
    }

    /// Samples of groups of customers: `group_of(i)` is the group of customer `i`, or beyond
    /// `groups` for none. A group without any sample has draws of no purchases.
    pub fn totals(&self, group_of: impl Fn(usize) -> usize + Sync, groups: usize) -> Vec<Sample> {
        self.each_and_totals(|i| vec![group_of(i)], groups, |_, _| ()).1
    }

    /// [`Predictor::each`] and [`Predictor::totals`] from one drawing; a customer may be in
    /// several groups.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// # use clvcast::{fit::*, forecast::*, predict::*, value::MoneyRules};
    /// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
    /// # let model = FittedModel::from_json(&text)?;
    /// # let (options, rules) = (ForecastOptions::default(), MoneyRules::default());
    /// let draws = PredictOptions { draws: 50, ..PredictOptions::default() };
    /// let predictor = Predictor::new(&panel, &model, &options, &rules, &draws)?;
    /// // Everybody, and those at an odd place.
    /// let groups = |i: usize| if i % 2 == 0 { vec![0] } else { vec![0, 1] };
    /// let sum = |sample: &Sample| sample.of(Target::Purchases, Window::Total).unwrap().iter().sum::<f64>();
    /// let (each, totals) = predictor.each_and_totals(groups, 2, |_, sample| sum(sample));
    /// let all: f64 = each.iter().flatten().sum();
    /// assert_eq!(all, sum(&totals[0]));
    /// assert!(sum(&totals[1]) < all);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn each_and_totals<R: Send>(
        &self,
        groups_of: impl Fn(usize) -> Vec<usize> + Sync,
        groups: usize,
        f: impl Fn(usize, &Sample) -> R + Sync,
    ) -> (Vec<Option<R>>, Vec<Sample>) {
        let customers = self.panel.customers.len();
        let mut results = Vec::with_capacity(customers);
        let mut totals: Vec<Option<Sample>> = vec![None; groups];
        let block = |from: &usize| {
            let mut sums: Vec<Option<Sample>> = vec![None; groups];
            let until = (from + BLOCK).min(customers);
            let results: Vec<Option<R>> = (*from..until)
                .map(|i| {
                    let sample = self.sample(i)?;
                    for group in groups_of(i).into_iter().filter(|&group| group < groups) {
                        add(&mut sums[group], &sample);
                    }
                    Some(f(i, &sample))
                })
                .collect();
            self.progress.advance((until - from) as u64);
            (results, sums)
        };
        let starts: Vec<usize> = (0..customers).step_by(BLOCK).collect();
        for wave in starts.chunks(WAVE) {
            let blocks: Vec<_> = wave.par_iter().map(block).collect();
            for (of_block, sums) in blocks {
                results.extend(of_block);
                for (total, sum) in totals.iter_mut().zip(sums) {
                    if let Some(sum) = sum {
                        add(total, &sum);
                    }
                }
            }
        }
        let totals = totals.into_iter().map(|total| total.unwrap_or_else(|| self.nothing()));
        (results, totals.collect())
    }

    /// The sum of the samples of some customers.
    pub(super) fn sum(&self, members: &[usize]) -> Sample {
        let block = |members: &[usize]| {
            let mut sum = None;
            for sample in members.iter().filter_map(|&i| self.sample(i)) {
                add(&mut sum, &sample);
            }
            sum
        };
        let sums: Vec<Option<Sample>> = members.par_chunks(BLOCK).map(block).collect();
        let mut total = None;
        for sum in sums.iter().flatten() {
            add(&mut total, sum);
        }
        total.unwrap_or_else(|| self.nothing())
    }

    /// Draws of no purchases.
    fn nothing(&self) -> Sample {
        let sample = Sample::new(self.draws, vec![0.0; self.draws * self.horizon], None, None);
        if self.discount == 0.0 { sample } else { sample.discounted(self.discount) }
    }
}

/// A share of `n`, to the nearest whole number.
fn share(weight: f64, n: usize) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most n")]
    let share = (weight * n as f64).round() as usize;
    share.min(n)
}

fn add(total: &mut Option<Sample>, sample: &Sample) {
    match total {
        Some(total) => total.add(sample),
        None => *total = Some(sample.clone()),
    }
}
