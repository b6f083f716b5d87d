//! An average of the best candidates, and how it would have done.

use super::losses::Losses;
use super::record::Member;
use super::trying::{Origin, Tested};
use super::weights::{Predicted, weights};

/// Most members of an average.
const MEMBERS: usize = 3;

/// An average of candidates.
pub(super) struct Average {
    /// Weights from all customers.
    pub(super) members: Vec<Member>,
    /// Of each customer under the weights that the others, every second one, gave.
    pub(super) losses: Losses,
}

impl Average {
    /// The weighted mean of the best candidates of different frequency models; `None` where all
    /// weight goes to one of them.
    pub(super) fn new(tested: &[Tested], origins: &[Origin], customers: usize) -> Option<Self> {
        let mut ranked: Vec<&Tested> = tested.iter().collect();
        ranked.sort_by(|a, b| a.losses.score().total_cmp(&b.losses.score()));
        let mut best: Vec<&Tested> = Vec::new();
        for candidate in ranked {
            let frequency = candidate.candidate.frequency;
            let another = best.iter().all(|b| b.candidate.frequency != frequency);
            if another && best.len() < MEMBERS {
                best.push(candidate);
            }
        }
        if best.len() < 2 {
            return None;
        }
        let actual: Vec<&[f64]> = origins.iter().map(Origin::actual).collect();
        let predicted: Vec<Predicted<'_>> =
            best.iter().map(|t| t.predicted.iter().map(Vec::as_slice).collect()).collect();
        let all = weights(&predicted, &actual, |_, _| true);
        let shares = all.iter().zip(&best);
        let members: Vec<Member> = shares
            .filter(|(weight, _)| **weight > 0.0)
            .map(|(&weight, t)| Member { weight, candidate: t.candidate })
            .collect();
        if members.len() < 2 {
            return None;
        }
        // Every second customer: weights are judged by customers that had no say in them.
        let half = |o: usize, i: usize| origins[o].row(i) % 2;
        let halves = [0, 1].map(|kept| weights(&predicted, &actual, |o, i| half(o, i) != kept));
        let mut losses = Losses::new(customers);
        for (o, origin) in origins.iter().enumerate() {
            let mean = |i: usize| {
                let weights = &halves[half(o, i) as usize];
                weights.iter().zip(&predicted).map(|(w, m)| w * m[o][i]).sum()
            };
            let mean: Vec<f64> = (0..origin.actual().len()).map(mean).collect();
            losses.add(origin.rows(), origin.actual(), &mean, origins.len());
        }
        Some(Self { members, losses })
    }

    /// Weights and members in words.
    pub(super) fn name(&self) -> String {
        let member = |m: &Member| format!("{:.0} % {}", 100.0 * m.weight, m.candidate);
        self.members.iter().map(member).collect::<Vec<_>>().join(" + ")
    }
}
