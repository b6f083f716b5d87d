//! What a fit says of the data it was made from.

use rayon::prelude::*;

use super::section::DataSection;
use crate::panel::{Clock, Panel};

/// What the panel looks like, to be compared with the panel a model is later used on.
#[must_use]
pub(crate) fn data_section(panel: &Panel) -> DataSection {
    const BLOCK: usize = 16_384;
    let customers = panel.customers.len();
    let blocks: Vec<DataSums> = (0..customers.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let mut sums = DataSums::default();
            (block * BLOCK..customers.min((block + 1) * BLOCK)).for_each(|i| sums.add(panel, i));
            sums
        })
        .collect();
    let mut sums = DataSums::default();
    for block in &blocks {
        sums.merge(block);
    }
    let DataSums { x, recency, states, value, values, .. } = sums;
    let as_of = panel.grid.as_of();
    let time = |(ago, &n): (i32, &f64)| match panel.clock {
        _ if n == 0.0 => 0.0,
        Clock::FirstPurchase => n * panel.grid.elapsed(as_of.plus(-ago), as_of),
        Clock::Panel => n * f64::from(panel.periods),
    };
    let t: f64 = (0..).zip(&sums.first_days).map(time).sum();
    let mean = |sum: f64, count: f64| if count > 0.0 { sum / count } else { 0.0 };
    DataSection {
        as_of: panel.grid.as_of().to_string(),
        first_period: panel.grid.label(panel.first_period()),
        last_period: panel.grid.label(crate::panel::PeriodIndex(0)),
        periods: panel.periods,
        customers: customers as u64,
        purchases: panel.customers.iter().map(|c| u64::from(c.purchases)).sum(),
        purchase_rate: mean(x, t),
        mean_recency: mean(recency, states),
        mean_value: (values > 0.0).then(|| value / values),
    }
}

/// Sums over customers for [`data_section`].
#[derive(Default)]
struct DataSums {
    x: f64,
    recency: f64,
    states: f64,
    value: f64,
    values: f64,
    /// Customers by the days from their first purchase to the as-of date, because there are few
    /// such days and their lengths in periods take a calendar.
    first_days: Vec<f64>,
}

impl DataSums {
    fn add(&mut self, panel: &Panel, i: usize) {
        let customer = &panel.customers[i];
        if let Some(first) = customer.first_purchase {
            let kept = match panel.clock {
                Clock::FirstPurchase => customer.purchases - customer.acquisition_purchases,
                Clock::Panel => customer.purchases,
            };
            self.x += f64::from(kept);
            let ago = usize::try_from(panel.grid.as_of().since(first)).unwrap_or(0);
            self.resize(ago + 1);
            self.first_days[ago] += 1.0;
        }
        if let Some(last) = panel.active_cells(i).next_back() {
            self.recency += f64::from(last.period.0.unsigned_abs());
            self.states += 1.0;
        }
        for (_, m) in panel.active_amounts(i) {
            self.value += m;
            self.values += 1.0;
        }
    }

    fn resize(&mut self, days: usize) {
        if self.first_days.len() < days {
            self.first_days.resize(days, 0.0);
        }
    }

    fn merge(&mut self, block: &Self) {
        self.x += block.x;
        self.recency += block.recency;
        self.states += block.states;
        self.value += block.value;
        self.values += block.values;
        self.resize(block.first_days.len());
        for (n, more) in self.first_days.iter_mut().zip(&block.first_days) {
            *n += more;
        }
    }
}
