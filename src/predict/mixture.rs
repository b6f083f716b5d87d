//! Quantiles of what a customer does who may have left.

use super::quantile::place;

/// Draws of a customer who is there, in ascending order.
#[derive(Clone, Copy)]
pub(super) struct Ascending<'d> {
    sorted: &'d [f64],
    /// Whether the values are those of `sorted` times −1, from the last to the first.
    negated: bool,
}

impl<'d> Ascending<'d> {
    pub(super) const fn new(sorted: &'d [f64]) -> Self {
        Self { sorted, negated: false }
    }

    /// The draws of −X.
    pub(super) const fn negated(sorted: &'d [f64]) -> Self {
        Self { sorted, negated: true }
    }

    fn at(self, place: usize) -> f64 {
        let n = self.sorted.len();
        let place = place.min(n.saturating_sub(1));
        let value = |place: usize| self.sorted.get(place).copied().unwrap_or(0.0);
        if self.negated { -value(n - 1 - place) } else { value(place) }
    }

    /// Share of the draws that are less than `value`, or with `equal` no more than it.
    fn below(self, value: f64, equal: bool) -> f64 {
        let n = self.sorted.len();
        let less = |own: f64, value: f64| own < value || equal && own <= value;
        let count = if self.negated {
            n - self.sorted.partition_point(|own| !less(-own, value))
        } else {
            self.sorted.partition_point(|own| less(*own, value))
        };
        count as f64 / n as f64
    }

    /// The quantile of a customer who is there with probability `alive` and has `left` otherwise:
    /// the smallest value at or below which the share
    ///
    /// ```text
    /// F(z) = P(alive) · P̂(z) + (1 − P(alive)) · [z ≥ left]
    /// ```
    ///
    /// reaches `level`.
    pub(super) fn quantile(self, alive: f64, left: f64, level: f64) -> f64 {
        let n = self.sorted.len();
        if alive >= 1.0 {
            return self.at(place(n, level));
        }
        let below = alive * self.below(left, false);
        if below > 0.0 && level <= below {
            return self.at(place(n, level / alive));
        }
        let gone = 1.0 - alive;
        if level <= alive * self.below(left, true) + gone {
            return left;
        }
        self.at(place(n, (level - gone) / alive))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_has_the_quantiles_of_its_draws_written_out() {
        // Half of the customers left: as many draws of −1, or of 0, again.
        let there = [-3.0, -1.0, 0.0, 2.0, 2.0, 5.0, 7.0, 8.0];
        for left in [-4.0, -1.0, 0.0, 1.0, 9.0] {
            let mut all: Vec<f64> = there.iter().copied().chain([left; 8]).collect();
            all.sort_by(f64::total_cmp);
            for k in 0..=16_u32 {
                let level = f64::from(k) / 16.0;
                let expected = all[place(16, level)];
                let found = Ascending::new(&there).quantile(0.5, left, level);
                assert_eq!(found, expected, "{left} {level}");
            }
        }
    }

    #[test]
    fn the_negative_of_draws_is_read_from_the_other_end() {
        let there = [0.0, 0.0, 1.0, 4.0];
        let negative = [-4.0, -1.0, 0.0, 0.0];
        for alive in [1.0, 0.7, 0.2] {
            for level in [0.0, 0.05, 0.3, 0.5, 0.9, 1.0] {
                let expected = Ascending::new(&negative).quantile(alive, 0.0, level);
                let found = Ascending::negated(&there).quantile(alive, 0.0, level);
                assert_eq!(found, expected, "{alive} {level}");
            }
        }
    }
}
