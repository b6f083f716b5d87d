//! What every customer's history promises: distinct histories first, customers after.

use rayon::prelude::*;

use super::distinct::{NOWHERE, distinct};
use crate::calendar::Timeline;
use crate::models::{FrequencyLaw, Outlook, Past};
use crate::panel::Panel;
use crate::units::{Day, Slot};

/// What is expected of one customer given its whole history.
///
/// ```
/// # use clvcast::{calendar::Timeline, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::{forecast::Prospects, models::*};
/// let rate = RateLaw::nbd(158.851, 67.2923)?; // the fit of the README
/// let law = FrequencyLaw::BgNbd { rate, dropout: Dropout::beta(0.1, 2.0)? };
/// let prospects = Prospects::new(&panel, &law, &Timeline::new(&panel, None, 3));
/// let first = prospects.of(0).unwrap();
/// assert!(first.p_alive < 1.0 && first.periods[2].purchases < first.periods[0].purchases);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Prospect {
    /// P(has not left by the as-of date).
    pub p_alive: f64,
    /// E\[λ | has not left\], purchases per period.
    pub rate: f64,
    /// The coming periods.
    pub periods: Vec<Prospective>,
}

impl Prospect {
    /// What `law` expects of a customer with that first and last purchase day and x purchases
    /// counted, in the time of `timeline`.
    ///
    /// ```
    /// # use clvcast::{calendar::Timeline, ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// # use clvcast::{forecast::*, models::*};
    /// let law = FrequencyLaw::Nbd(RateLaw::nbd(1.84, 2.67)?);
    /// let timeline = Timeline::new(&panel, None, 3);
    /// let customer = &panel.customers[0];
    /// let (first, last) = (customer.first_purchase.unwrap(), customer.last_purchase.unwrap());
    /// let x = panel.exposure(0).unwrap().x;
    /// let prospect = Prospect::of_history(&law, &timeline, first, last, x);
    /// assert_eq!(Some(prospect), Prospects::new(&panel, &law, &timeline).of(0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_history(
        law: &FrequencyLaw,
        timeline: &Timeline,
        first: Day,
        last: Day,
        x: u32,
    ) -> Self {
        let ends = law.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default();
        with_outlook(law, timeline, &ends, (first, last, x), |outlook| prospect(outlook, timeline))
    }
}

/// One coming period of a customer.
///
/// ```
/// let period = clvcast::forecast::Prospective { p_active: 0.5, purchases: 0.8 };
/// assert!(period.purchases >= period.p_active); // an active period has at least one
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prospective {
    /// P(at least one purchase in it).
    pub p_active: f64,
    /// Expected purchases in it.
    pub purchases: f64,
}

/// The prospects of all customers of a panel.
///
/// The day of the last purchase says whether a customer has left, and nothing else: what follows if
/// it has not is worked out once for all customers with the same first purchase and count.
#[derive(Debug, Clone)]
pub struct Prospects {
    /// Position in `distinct` by customer; [`NOWHERE`] without any purchase.
    pub(super) place: Vec<u32>,
    /// Of customers who are there.
    pub(super) distinct: Vec<Prospect>,
    /// P(has not left) by customer.
    p_alive: Vec<Slot>,
}

impl Prospects {
    /// Conditions `law` on every history, in the time of `timeline`.
    #[must_use]
    pub fn new(panel: &Panel, law: &FrequencyLaw, timeline: &Timeline) -> Self {
        let mut p_alive = vec![Slot::NONE; panel.customers.len()];
        let (place, histories) = distinct(&mut p_alive, |i, p_alive| {
            let history @ (first, _, x) = history(panel, i)?;
            if law.tau().is_none() {
                let observed = Observed::new(None, timeline, history);
                *p_alive = Slot::new(Some(law.p_alive(&observed.past())));
            }
            Some(((first, x), (first, x)))
        });
        let ends = law.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default();
        let there = |&(first, x): &(Day, u32)| {
            let observed = Observed::new(law.tau(), timeline, (first, first, x));
            prospect(&law.outlook_alive(&observed.past(), &ends), timeline)
        };
        let distinct = histories.par_iter().map(there).collect();
        if let Some(tau) = law.tau() {
            // One sum over the ends serves all customers of a place.
            let found: Vec<Vec<(usize, f64)>> = histories
                .par_iter()
                .zip(customers_by_place(&place, histories.len()))
                .map(|(&(first, x), customers)| {
                    let observed = Observed::new(Some(tau), timeline, (first, first, x));
                    let by_last = law.p_alive_by_last(&observed.past());
                    let p_alive = |i: usize| {
                        let last = panel.customers[i].last_purchase.filter(|_| x > 0);
                        let before = last.map_or(0, |last| timeline.ends_before(first, last, tau));
                        (i, by_last.get(before).copied().unwrap_or(1.0))
                    };
                    customers.into_iter().map(p_alive).collect()
                })
                .collect();
            for (i, found) in found.into_iter().flatten() {
                p_alive[i] = Slot::new(Some(found));
            }
        }
        Self { place, distinct, p_alive }
    }

    /// The prospect of customer `i`; `None` without any purchase.
    #[must_use]
    pub fn of(&self, i: usize) -> Option<Prospect> {
        let there = self.distinct.get(self.place[i] as usize)?;
        let p_alive = self.p_alive(i)?;
        let period = |period: &Prospective| Prospective {
            p_active: p_alive * period.p_active,
            purchases: p_alive * period.purchases,
        };
        let periods = there.periods.iter().map(period).collect();
        Some(Prospect { p_alive, rate: there.rate, periods })
    }

    /// P(has not left) of customer `i`; `None` without any purchase.
    pub(super) fn p_alive(&self, i: usize) -> Option<f64> {
        self.p_alive[i].get()
    }
}

/// First and last purchase and the purchases that the clock counts.
type Known = (Day, Day, u32);

/// The distinct histories of a panel, and each customer's place among them; [`NOWHERE`] without any
/// purchase. Where customers never leave, the last purchase says nothing, and the first stands for
/// it.
fn distinct_histories(panel: &Panel, law: &FrequencyLaw) -> (Vec<u32>, Vec<Known>) {
    let stays = matches!(law, FrequencyLaw::Nbd(_));
    distinct(&mut vec![(); panel.customers.len()], |i, ()| {
        let (first, last, x) = history(panel, i)?;
        let known = (first, if stays { first } else { last }, x);
        Some((known, known))
    })
}

/// The customers of each place, in order.
fn customers_by_place(place: &[u32], places: usize) -> Vec<Vec<usize>> {
    let mut customers = vec![Vec::new(); places];
    for (i, place) in place.iter().enumerate() {
        if *place != NOWHERE {
            customers[*place as usize].push(i);
        }
    }
    customers
}

/// What `visit` makes of each customer's distributions of purchases: tables of P(0), P(1), … for
/// every coming period, then for the whole horizon, as [`Outlook::pmf`] gives them. Customers are
/// visited in parallel and answered in the panel's order; `None` without any purchase.
///
/// ```
/// # use clvcast::{calendar::Timeline, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::{forecast::count_tables, models::*};
/// let law = FrequencyLaw::Nbd(RateLaw::nbd(158.851, 67.2923)?); // the fit of the README
/// let timeline = Timeline::new(&panel, None, 3);
/// let none = count_tables(&panel, &law, &timeline, |_, tables| (tables[0][0], tables[3][0]));
/// let (quarter, three) = none[0].unwrap();
/// assert!(three < quarter); // no purchase in three quarters is rarer than in one
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn count_tables<R: Send>(
    panel: &Panel,
    law: &FrequencyLaw,
    timeline: &Timeline,
    visit: impl Fn(usize, &[Vec<f64>]) -> R + Sync,
) -> Vec<Option<R>> {
    let (place, histories) = distinct_histories(panel, law);
    let customers = customers_by_place(&place, histories.len());
    let ends = law.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default();
    let until = timeline.horizon().last().copied().unwrap_or(0.0);
    let found: Vec<Vec<(usize, R)>> = histories
        .into_par_iter()
        .zip(customers)
        .map(|(history, customers)| {
            let tables = with_outlook(law, timeline, &ends, history, |outlook| {
                let mut from = 0.0;
                let periods = timeline.horizon().iter().map(|&to| {
                    let table = outlook.pmf(from, to);
                    from = to;
                    table
                });
                let mut tables: Vec<Vec<f64>> = periods.collect();
                tables.push(outlook.pmf(0.0, until));
                tables
            });
            customers.into_iter().map(|i| (i, visit(i, &tables))).collect()
        })
        .collect();
    let mut answers: Vec<Option<R>> = place.iter().map(|_| None).collect();
    for (i, answer) in found.into_iter().flatten() {
        answers[i] = Some(answer);
    }
    answers
}

/// What one history says under a law, for as long as `use_outlook` needs it: the ends of sub-periods
/// it refers to live here.
fn with_outlook<T>(
    law: &FrequencyLaw,
    timeline: &Timeline,
    ends_ahead: &[f64],
    (first, last, x): (Day, Day, u32),
    use_outlook: impl FnOnce(&Outlook<'_>) -> T,
) -> T {
    let observed = Observed::new(law.tau(), timeline, (first, last, x));
    use_outlook(&law.outlook(&observed.past(), ends_ahead))
}

/// One history in the time of a timeline: the same for every law with that time and sub-period.
pub(crate) struct Observed {
    x: u32,
    t_x: f64,
    t: f64,
    ends: Vec<f64>,
    last: usize,
}

impl Observed {
    /// Of first and last purchase and the purchases counted; `tau` where customers may leave at
    /// the ends of sub-periods.
    pub(crate) fn new(
        tau: Option<u32>,
        timeline: &Timeline,
        (first, last, x): (Day, Day, u32),
    ) -> Self {
        let days = tau.map(|tau| timeline.ends_since(first, tau)).unwrap_or_default();
        let ends: Vec<f64> = days.iter().map(|&end| timeline.between(first, end)).collect();
        let t = ends.last().copied().unwrap_or_else(|| timeline.since(first));
        let repeats = x > 0;
        Self {
            x,
            t_x: if repeats { timeline.between(first, last).min(t) } else { 0.0 },
            t,
            last: tau.filter(|_| repeats).map_or(0, |tau| timeline.ends_before(first, last, tau)),
            ends,
        }
    }

    /// As a law reads it.
    pub(crate) fn past(&self) -> Past<'_> {
        Past { x: self.x, t_x: self.t_x, t: self.t, ends: &self.ends, last: self.last }
    }
}

fn prospect(outlook: &Outlook<'_>, timeline: &Timeline) -> Prospect {
    let mut from = 0.0;
    let periods = timeline.horizon().iter().map(|&to| {
        let period = Prospective {
            p_active: outlook.p_any(from, to),
            purchases: outlook.expected(from, to),
        };
        from = to;
        period
    });
    let periods = periods.collect();
    Prospect { p_alive: outlook.p_alive, rate: outlook.rate.mean(), periods }
}

/// What the forecast's columns leave out of one customer's future.
///
/// ```
/// # use clvcast::{calendar::Timeline, ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # use clvcast::{forecast::Horizon, models::*};
/// let rate = RateLaw::nbd(158.851, 67.2923)?;
/// let law = FrequencyLaw::BgNbd { rate, dropout: Dropout::beta(0.1, 2.0)? };
/// let horizon = Horizon::new(&panel, &law, &Timeline::new(&panel, None, 3), 0).unwrap();
/// assert!((horizon.pmf.iter().sum::<f64>() - 1.0).abs() < 1e-9);
/// assert!(horizon.alive[0] > horizon.alive[2]); // it may leave in the meantime
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Horizon {
    /// P(0), P(1), … purchases over the whole horizon, up to where next to nothing is left.
    pub pmf: Vec<f64>,
    /// P(has not left by the end of each coming period).
    pub alive: Vec<f64>,
}

impl Horizon {
    /// That of customer `i` over the horizon of `timeline`; `None` without any purchase.
    #[must_use]
    pub fn new(panel: &Panel, law: &FrequencyLaw, timeline: &Timeline, i: usize) -> Option<Self> {
        let history = history(panel, i)?;
        let ends = law.tau().map(|tau| timeline.ends_ahead(tau)).unwrap_or_default();
        let until = timeline.horizon().last().copied().unwrap_or(0.0);
        Some(with_outlook(law, timeline, &ends, history, |outlook| Self {
            pmf: outlook.pmf(0.0, until),
            alive: timeline.horizon().iter().map(|&end| outlook.alive_at(end)).collect(),
        }))
    }
}

/// First and last purchase and the purchases that the clock counts.
pub(crate) fn history(panel: &Panel, i: usize) -> Option<(Day, Day, u32)> {
    let customer = &panel.customers[i];
    Some((customer.first_purchase?, customer.last_purchase?, panel.counted(i)))
}
