//! A customer who may leave at the ends of sub-periods (PDO).

use super::super::{Dropout, RateLaw};
use super::add_counts;

/// Purchase rate, readiness to leave and opportunities of a customer who is alive now.
pub(super) struct AtEnds<'a> {
    pub(super) rate: RateLaw,
    pub(super) dropout: Dropout,
    pub(super) ends: &'a [f64],
}

/// A stretch of a window between two opportunities.
struct Part {
    /// From the window's start to where the part begins and ends, in periods.
    from: f64,
    to: f64,
    /// Probability to be there through the part.
    present: f64,
    /// Probability to leave at its end; at the window's end, to be there still.
    stops: f64,
}

impl AtEnds<'_> {
    pub(super) fn alive_at(&self, t: f64) -> f64 {
        self.dropout.ln_survive(self.passed(t)).exp()
    }

    /// Opportunities up to t, one at t included.
    fn passed(&self, t: f64) -> u32 {
        u32::try_from(self.ends.partition_point(|&end| end <= t)).unwrap_or(u32::MAX)
    }

    fn parts(&self, t0: f64, t1: f64) -> impl Iterator<Item = Part> {
        let passed = self.passed(t0);
        let start = self.dropout.ln_survive(passed).exp();
        let ends = &self.ends[(passed as usize).min(self.ends.len())..];
        let inside = ends.iter().take_while(move |&&end| end < t1);
        let opportunities = inside.map(move |end| (end - t0, true)).chain([(t1 - t0, false)]);
        let mut dropout = self.dropout.after(passed);
        let shares = dropout.survival().map(move |share| start * share);
        let mut from = 0.0;
        opportunities.zip(shares).map(move |((to, leaves), present)| {
            let stops = if leaves { present * dropout.mean() } else { present };
            dropout = dropout.after(1);
            Part { from: std::mem::replace(&mut from, to), to, present, stops }
        })
    }

    /// E\[λ\] times the time that the customer is there.
    pub(super) fn expected(&self, t0: f64, t1: f64) -> f64 {
        let there: f64 = self.parts(t0, t1).map(|part| part.present * (part.to - part.from)).sum();
        self.rate.mean() * there
    }

    /// Σ over parts: P(there) · P(the window's first purchase falls in the part).
    pub(super) fn p_any(&self, t0: f64, t1: f64) -> f64 {
        self.parts(t0, t1)
            .map(|part| {
                let waiting = self.rate.after(0, part.from);
                part.present * self.rate.p_zero(part.from) * waiting.p_any(part.to - part.from)
            })
            .sum()
    }

    /// For those alive at t0: P(leaves at an end) · P(N until then), and P(stays) · P(N).
    pub(super) fn pmf(&self, t0: f64, t1: f64) -> Vec<f64> {
        let mut pmf = vec![];
        for part in self.parts(t0, t1) {
            add_counts(&mut pmf, self.rate, part.to, part.stops);
        }
        pmf
    }
}
