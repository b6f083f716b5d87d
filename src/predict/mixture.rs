//! Quantiles of what a customer does who may have left.

use super::quantile::place;

/// Draws of a customer who is there, in ascending order as far as they are read.
#[derive(Debug, Clone)]
pub(super) struct Ascending {
    /// Draws of 0 before the others, which are all above: they need no sorting.
    zeros: usize,
    others: Vec<f64>,
}

impl Ascending {
    /// Of draws that are not negative; places as in [`Ascending::of`].
    pub(super) fn of_positive(draws: &[f64], places: Option<&[usize]>) -> Self {
        let mut others = Vec::with_capacity(draws.len());
        others.extend(draws.iter().copied().filter(|draw| *draw > 0.0));
        Self { zeros: draws.len() - others.len(), others }.in_order(places)
    }

    /// Of any draws. With `places` only these, and as far from the other end, are brought in order:
    /// enough for customers who are there for sure.
    pub(super) fn of(draws: Vec<f64>, places: Option<&[usize]>) -> Self {
        Self { zeros: 0, others: draws }.in_order(places)
    }

    fn in_order(mut self, places: Option<&[usize]>) -> Self {
        let last = (self.zeros + self.others.len()).saturating_sub(1);
        match places {
            None => self.others.sort_unstable_by(f64::total_cmp),
            Some(places) => {
                let both = places.iter().flat_map(|&place| [place, last.saturating_sub(place)]);
                let mut places: Vec<usize> =
                    both.filter_map(|place| place.checked_sub(self.zeros)).collect();
                places.sort_unstable();
                arrange(&mut self.others, &places);
            }
        }
        self
    }

    pub(super) fn quantile(&self, alive: f64, left: f64, level: f64) -> f64 {
        Reading { draws: self, negated: false }.quantile(alive, left, level)
    }

    /// That of the draws times −1.
    pub(super) fn quantile_of_negative(&self, alive: f64, left: f64, level: f64) -> f64 {
        Reading { draws: self, negated: true }.quantile(alive, left, level)
    }
}

/// Brings what belongs to these ascending places there.
fn arrange(values: &mut [f64], places: &[usize]) {
    let middle = places.len() / 2;
    let Some(&place) = places.get(middle) else { return };
    if place >= values.len() {
        return;
    }
    let (below, _, above) = values.select_nth_unstable_by(place, f64::total_cmp);
    let until = places.partition_point(|own| *own < place);
    arrange(below, &places[..until]);
    let from = places.partition_point(|own| *own <= place);
    let rest: Vec<usize> = places[from..].iter().map(|own| own - place - 1).collect();
    arrange(above, &rest);
}

/// Draws as they are, or times −1 from the last to the first.
#[derive(Clone, Copy)]
struct Reading<'d> {
    draws: &'d Ascending,
    negated: bool,
}

impl Reading<'_> {
    const fn len(self) -> usize {
        self.draws.zeros + self.draws.others.len()
    }

    fn at(self, place: usize) -> f64 {
        let n = self.len();
        let place = place.min(n.saturating_sub(1));
        let value = |place: usize| {
            let place = place.checked_sub(self.draws.zeros);
            place.and_then(|place| self.draws.others.get(place)).copied().unwrap_or(0.0)
        };
        if self.negated { -value(n - 1 - place) } else { value(place) }
    }

    /// Share of the draws that are less than `value`, or with `equal` no more than it.
    fn below(self, value: f64, equal: bool) -> f64 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let own = self.at(middle);
            if own < value || equal && own <= value {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low as f64 / self.len() as f64
    }

    /// The quantile of a customer who is there with probability `alive` and has `left` otherwise:
    /// the smallest value at or below which the share
    ///
    /// ```text
    /// F(z) = P(alive) · P̂(z) + (1 − P(alive)) · [z ≥ left]
    /// ```
    ///
    /// reaches `level`.
    fn quantile(self, alive: f64, left: f64, level: f64) -> f64 {
        let n = self.len();
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
                let found = Ascending::of(there.to_vec(), None).quantile(0.5, left, level);
                assert_eq!(found, expected, "{left} {level}");
            }
        }
    }

    #[test]
    fn the_negative_of_draws_is_read_from_the_other_end() {
        let there = [4.0, 0.0, 1.0, 0.0];
        let negative = Ascending::of(there.iter().map(|draw| -draw).collect(), None);
        let draws = Ascending::of_positive(&there, None);
        for alive in [1.0, 0.7, 0.2] {
            for level in [0.0, 0.05, 0.3, 0.5, 0.9, 1.0] {
                let expected = negative.quantile(alive, 0.0, level);
                let found = draws.quantile_of_negative(alive, 0.0, level);
                assert_eq!(found, expected, "{alive} {level}");
            }
        }
    }

    #[test]
    fn places_are_read_without_sorting_the_rest() {
        let draws: Vec<f64> =
            (0..1000).map(|s| f64::from((s * 7919) % 1000 - 300).max(0.0)).collect();
        let sorted = Ascending::of(draws.clone(), None);
        for levels in [vec![0.05, 0.5, 0.95], vec![0.0, 1.0], vec![0.31]] {
            let places: Vec<usize> = levels.iter().map(|level| place(1000, *level)).collect();
            let found = Ascending::of_positive(&draws, Some(&places));
            for level in levels {
                assert_eq!(found.quantile(1.0, 0.0, level), sorted.quantile(1.0, 0.0, level));
                let expected = sorted.quantile_of_negative(1.0, 0.0, level);
                assert_eq!(found.quantile_of_negative(1.0, 0.0, level), expected);
            }
        }
    }
}
