//! How margins of single periods vary around a customer's own.

use super::margin::cell_margin;
use crate::panel::Panel;

/// Places of the table that draws are made from; a residual with less weight than one place may
/// be left out.
const PLACES: usize = 4096;

/// Residuals of past margins, each in as many places as its amount weighs.
///
/// ```text
/// u = (margin of an active period − the customer's own) · √(n/(n − 1))
/// ```
///
/// over customers with n ≥ 2 active periods, the own margin that of all of them together. Weighted
/// by amounts the residuals of every customer add up to 0, so that noise moves no expectation; the
/// root makes up for the mean being taken from the same periods.
#[derive(Debug, Clone, Default)]
pub(super) struct MarginNoise {
    places: Vec<f64>,
}

impl MarginNoise {
    pub(super) fn new(panel: &Panel) -> Self {
        let mut residuals: Vec<(f64, f64)> = Vec::new();
        for i in 0..panel.customers.len() {
            let cells = || {
                panel.active_cells(i).filter_map(|cell| {
                    Some((cell.amount().to_f64(panel.scale), cell_margin(cell, panel.scale)?))
                })
            };
            let (n, amount, profit) = cells().fold((0.0, 0.0, 0.0), |(n, a, p), (amount, m)| {
                (n + 1.0, a + amount, p + amount * m)
            });
            if n < 2.0 {
                continue;
            }
            let (own, inflation) = (profit / amount, (n / (n - 1.0_f64)).sqrt());
            residuals.extend(cells().map(|(amount, m)| (amount, (m - own) * inflation)));
        }
        let total: f64 = residuals.iter().map(|(amount, _)| amount).sum();
        let mut places = Vec::with_capacity(PLACES);
        let mut sum = 0.0;
        for (amount, residual) in residuals {
            sum += amount;
            // The middle of a place decides whose it is.
            while places.len() < PLACES
                && (places.len() as f64 + 0.5) / PLACES as f64 * total <= sum
            {
                places.push(residual);
            }
        }
        Self { places }
    }

    /// The residual at a share of the whole weight, in \[0, 1); 0 where nothing is known.
    pub(super) fn at(&self, share: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        let place = (share * self.places.len() as f64) as usize;
        self.places.get(place).copied().unwrap_or(0.0)
    }

    /// Mean and variance of the residuals.
    pub(super) fn moments(&self) -> (f64, f64) {
        let n = self.places.len().max(1) as f64;
        let mean = self.places.iter().sum::<f64>() / n;
        (mean, self.places.iter().map(|u| (u - mean).powi(2)).sum::<f64>() / n)
    }

    /// Whether margins never varied, or nothing is known of it.
    pub(super) fn is_none(&self) -> bool {
        self.places.iter().all(|residual| *residual == 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{ReadOptions, read};
    use crate::panel::{PanelOptions, Period};
    use crate::progress::Silent;

    #[test]
    fn noise_is_centred_and_as_wide_as_the_history() {
        let ledger =
            read(&["data/superstore.csv".to_owned()], &ReadOptions::default(), &Silent).unwrap();
        let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent).unwrap();
        let noise = MarginNoise::new(&panel);
        let n = noise.places.len() as f64;
        let mean = noise.places.iter().sum::<f64>() / n;
        let variance = noise.places.iter().map(|u| u * u).sum::<f64>() / n;
        // 4 096 places instead of 3 000 amounts: a thousandth of a margin.
        assert!(mean.abs() < 2e-3, "{mean}");
        // Computed apart: the amount-weighted variance of residuals within customers.
        assert!((variance.sqrt() - WITHIN).abs() < 0.01, "{}", variance.sqrt());
    }

    /// From data/superstore.csv with Python's csv module: √(Σ a (m − M)² n/(n−1) / Σ a) over
    /// quarters with a positive amount of customers with two and more of them.
    const WITHIN: f64 = 0.227_706;
}
