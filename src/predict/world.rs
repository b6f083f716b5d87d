//! One set of parameters and what it makes of a panel: where futures are drawn.

use std::ops::Range;

use rand::{Rng, RngExt};

use super::random::{LARGEST, Rates, Spending, count, purchases, stay};
use crate::calendar::Timeline;
use crate::fit::{FittedModel, Form, Monetary};
use crate::forecast::{
    Acquisition, Exposures, ForecastOptions, Observed, ValueFactors, chain_start, history,
};
use crate::models::{FrequencyLaw, Outlook, RateLaw};
use crate::panel::{Panel, State};

/// A set of parameters and the time that runs under it.
#[derive(Debug)]
pub(super) struct World {
    pub(super) law: FrequencyLaw,
    /// `None` where amounts are not forecast.
    pub(super) monetary: Option<Monetary>,
    pub(super) timeline: Timeline,
    /// Ends of sub-periods ahead.
    pub(super) ends: Vec<f64>,
    pub(super) exposures: Exposures,
    pub(super) factors: ValueFactors,
    acquisition: Acquisition,
}

/// Draws of one customer, period after period.
pub(super) struct Futures {
    draws: usize,
    pub(super) purchases: Vec<f64>,
    pub(super) amount: Option<Vec<f64>>,
}

impl Futures {
    pub(super) fn new(draws: usize, horizon: usize) -> Self {
        let zeros = vec![0.0; draws * horizon];
        Self { draws, amount: Some(zeros.clone()), purchases: zeros }
    }

    fn set(&mut self, draw: usize, h: usize, purchases: f64, amount: f64) {
        let place = h * self.draws + draw;
        self.purchases[place] = purchases;
        if let Some(amounts) = &mut self.amount {
            amounts[place] = amount.min(LARGEST);
        }
    }
}

impl World {
    pub(super) fn new(panel: &Panel, model: &FittedModel, options: ForecastOptions) -> Self {
        let timeline = Timeline::new(panel, model.calendar.as_ref(), options.horizon);
        Self {
            law: model.frequency,
            monetary: model.monetary.filter(|_| panel.has_amount),
            ends: model.frequency.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default(),
            exposures: Exposures::new(panel, &timeline),
            factors: ValueFactors::new(panel, model, &timeline),
            acquisition: options.acquisition,
            timeline,
        }
    }

    /// The history of customer `i` in this world's time; `None` without a purchase.
    pub(super) fn observed(&self, panel: &Panel, i: usize) -> Option<Observed> {
        Some(Observed::new(self.law.tau(), &self.timeline, history(panel, i)?))
    }

    /// Futures of customer `i` given its whole history, `observed` in this world's time if that is
    /// known already; `None` without a purchase.
    ///
    /// ```text
    /// alive with P(alive);  λ and the law of leaving from what is known of a living customer
    /// purchases: Poisson in operational time until it leaves
    /// amounts:   ν from what is known of its values, one value per active period or purchase
    /// ```
    pub(super) fn posterior(
        &self,
        panel: &Panel,
        i: usize,
        observed: Option<&Observed>,
        rng: &mut impl Rng,
        (draws, futures): (Range<usize>, &mut Futures),
    ) -> Option<()> {
        let own = if observed.is_none() { Some(self.observed(panel, i)?) } else { None };
        let observed = observed.or(own.as_ref())?;
        let spending = self.monetary.map(|monetary| {
            let (weight, sum) = self.values(panel, i, monetary.form);
            (monetary.law.after(weight, sum), monetary.form)
        });
        if spending.is_none() {
            futures.amount = None;
        }
        let levels = self.factors.levels(panel, i);
        let outlook = self.law.outlook(&observed.past(), &self.ends);
        self.counts_ahead(&outlook, rng, draws, |rng, draw, counts| {
            let own = spending.map(|(law, form)| (Spending::draw(rng, law), form));
            for (h, (&f, level)) in counts.iter().zip(&levels).enumerate() {
                if f > 0.0 {
                    let value = own.map_or(0.0, |(own, form)| own.average(rng, form, f));
                    futures.set(draw, h, f, f * value * level);
                }
            }
        });
        Some(())
    }

    /// Purchases of each coming period of a customer with that outlook, where there are any.
    pub(super) fn counts_ahead<R: Rng>(
        &self,
        outlook: &Outlook<'_>,
        rng: &mut R,
        draws: Range<usize>,
        mut active: impl FnMut(&mut R, usize, &[f64]),
    ) {
        let horizon = self.timeline.horizon();
        let mut counts = vec![0.0; horizon.len()];
        let rates = Rates::new(outlook.rate);
        for draw in draws {
            if outlook.p_alive < 1.0 && rng.random::<f64>() >= outlook.p_alive {
                continue;
            }
            let rate = rates.draw(rng);
            let stay = stay(rng, &outlook.leaving);
            if purchases(rng, rate, horizon, stay, &mut counts) {
                active(rng, draw, &counts);
            }
        }
    }

    /// Total weight of the values of customer `i`, and their sum, as the law of values sees them.
    pub(super) fn values(&self, panel: &Panel, i: usize, form: Form) -> (f64, f64) {
        self.factors.values(panel, i).fold((0.0, 0.0), |(weight, sum), (f, m)| {
            let w = form.weight(f);
            (weight + w, sum + w * m)
        })
    }

    /// Futures of customer `i` by the first-order chain; `None` without an active period.
    ///
    /// ```text
    /// λ anew in every period from the state: Gamma(b + f, a + exposure since the last active period)
    /// an active period makes the next state; a value moves in active periods only, by f(m2 | m1)
    /// ```
    pub(super) fn chain(
        &self,
        panel: &Panel,
        i: usize,
        rng: &mut impl Rng,
        draws: Range<usize>,
        futures: &mut Futures,
    ) -> Option<()> {
        let state = panel.state(i)?;
        let last = self.factors.last_value(panel, i, &state);
        let spending = self.monetary.zip(last);
        if spending.is_none() {
            futures.amount = None;
        }
        let levels = self.factors.levels(panel, i);
        let start = self.chain_start(panel, i, &state);
        let fresh = spending.map(|(monetary, m1)| (m1, monetary.form.weight(state.f1)));
        let mut value = fresh;
        self.chain_ahead(start, rng, draws, |rng, draw, h, f| {
            let Some(h) = h else {
                value = fresh;
                return;
            };
            let mut moved = 0.0;
            if let (Some((monetary, _)), Some((m1, weight))) = (spending, value) {
                let own = Spending::draw(rng, monetary.law.after(weight, weight * m1));
                moved = own.average(rng, monetary.form, f);
                // The purchases of later periods are not in the value's state.
                value = Some((moved, 1.0));
            }
            futures.set(draw, h, f, f * moved * levels[h]);
        });
        Some(())
    }

    /// The law from which the chain of customer `i` starts.
    pub(super) fn chain_start(&self, panel: &Panel, i: usize, state: &State) -> RateLaw {
        chain_start(panel, self.law.rate(), &self.exposures, self.acquisition, i, state)
    }

    /// Active periods of the chain: `active` is told of each future's beginning, without a period,
    /// and then of its active periods with their purchases.
    pub(super) fn chain_ahead<R: Rng>(
        &self,
        start: RateLaw,
        rng: &mut R,
        draws: Range<usize>,
        mut active: impl FnMut(&mut R, usize, Option<usize>, f64),
    ) {
        let base = self.law.rate();
        for draw in draws {
            let mut law = start;
            active(rng, draw, None, 0.0);
            for (h, &e) in self.exposures.ahead().iter().enumerate() {
                let rate = Rates::new(law).draw(rng);
                let f = count(rng, rate * e);
                if f == 0.0 {
                    law = law.after(0, e);
                    continue;
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates"
                )]
                let next = base.after(f as u32, e);
                law = next;
                active(rng, draw, Some(h), f);
            }
        }
    }
}
