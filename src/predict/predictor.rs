//! Draws of every customer, of groups and of the whole base.

use std::ops::Range;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::error::PredictError;
use super::options::PredictOptions;
use super::sample::Sample;
use super::sets::{ParameterSource, parameter_sets};
use super::world::{Futures, World};
use crate::fit::FittedModel;
use crate::forecast::{ForecastOptions, Method};
use crate::panel::Panel;
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
    panel: &'a Panel,
    money: MoneyPlan<'a>,
    method: Method,
    horizon: usize,
    discount: f64,
    worlds: Vec<World>,
    draws: usize,
    rng: ChaCha8Rng,
    seed: u64,
    source: ParameterSource,
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
        if forecast.method == Method::Point {
            return Err(PredictError::Point);
        }
        if options.draws == 0 {
            return Err(PredictError::NoDraws);
        }
        let sets = options.sets_for(panel.customers.len());
        let (mut models, source) = parameter_sets(model, &options.parameters, sets, options.seed);
        models.truncate(options.draws);
        Ok(Self {
            panel,
            money: MoneyPlan::new(panel, rules),
            method: forecast.method,
            horizon: forecast.horizon as usize,
            discount: rules.discount,
            worlds: models.par_iter().map(|model| World::new(panel, model, forecast)).collect(),
            draws: options.draws,
            rng: ChaCha8Rng::seed_from_u64(options.seed),
            seed: options.seed,
            source,
        })
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

    /// The draws of set `k`.
    fn draws_of(&self, k: usize) -> Range<usize> {
        let sets = self.worlds.len();
        let from = |k: usize| (k * self.draws).div_ceil(sets);
        from(k)..from(k + 1)
    }

    /// The draws of customer `i`; `None` where the method has nothing to start from: under the
    /// posterior without a purchase, under the chain without an active period.
    #[must_use]
    pub fn sample(&self, i: usize) -> Option<Sample> {
        let mut rng = self.rng.clone();
        rng.set_stream(crate::ledger::hash(0, self.panel.ids[i].as_bytes()));
        let mut futures = Futures::new(self.draws, self.horizon);
        for (k, world) in self.worlds.iter().enumerate() {
            let draws = self.draws_of(k);
            match self.method {
                Method::Chain => world.chain(self.panel, i, &mut rng, draws, &mut futures)?,
                Method::Posterior | Method::Point => {
                    world.posterior(self.panel, i, &mut rng, draws, &mut futures)?;
                }
            }
        }
        let Futures { purchases, amount, .. } = futures;
        let mut unknown = Vec::new();
        let profit = amount.as_ref().map(|amount| {
            let state = self.panel.state(i);
            let plan = self.money.customer(i, state.as_ref(), self.horizon);
            let mut profit = Vec::with_capacity(amount.len());
            for (h, (money, amounts)) in plan.iter().zip(amount.chunks(self.draws)).enumerate() {
                if money.gross_profit(0.0).is_none() {
                    unknown.push(h);
                }
                profit.extend(amounts.iter().map(|&a| money.gross_profit(a).unwrap_or(0.0)));
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
        let nothing = || {
            let sample = Sample::new(self.draws, vec![0.0; self.draws * self.horizon], None, None);
            if self.discount == 0.0 { sample } else { sample.discounted(self.discount) }
        };
        (results, totals.into_iter().map(|total| total.unwrap_or_else(nothing)).collect())
    }
}

fn add(total: &mut Option<Sample>, sample: &Sample) {
    match total {
        Some(total) => total.add(sample),
        None => *total = Some(sample.clone()),
    }
}
