//! A customer who may leave at any time (Pareto/NBD).

use super::super::decay::{Decay, integral_of_decays, over_decays};
use super::super::{Lifetime, RateLaw};
use super::add_counts;

/// Purchase rate and lifetime of a customer who is alive now.
pub(super) struct Anytime {
    pub(super) rate: RateLaw,
    pub(super) lifetime: Lifetime,
}

impl Anytime {
    /// ∫ P(alive at t0 + w) · (density of the first purchase after t0 at w) dw.
    pub(super) fn p_any(&self, t0: f64, t1: f64) -> f64 {
        let later = self.lifetime.after(t0);
        let first = match self.rate {
            RateLaw::Gamma { shape, rate } => Decay::Power { exponent: shape + 1.0, scale: rate },
            RateLaw::Equal(rate) => Decay::Exponential(rate),
        };
        let integral = integral_of_decays([survival(later), first], t1 - t0);
        self.lifetime.ln_survive(t0).exp() * self.rate.mean() * integral
    }

    /// Σ over the time of leaving: ∫ (density of leaving at t0 + w) · P(N_w = n) dw + P(stays) ·
    /// P(N = n), for those alive at t0; an entry 0 for the others is not in it.
    pub(super) fn pmf(&self, t0: f64, t1: f64) -> Vec<f64> {
        let width = t1 - t0;
        let start = self.lifetime.ln_survive(t0).exp();
        let later = self.lifetime.after(t0);
        let mut pmf = vec![];
        add_counts(&mut pmf, self.rate, width, start * later.ln_survive(width).exp());
        let (leaving, purchases) = (density(later), steady(self.rate));
        let hazard = start * later.hazard(0.0);
        over_decays(
            [leaving, purchases],
            width,
            |w| peak(self.rate, w),
            |w, weight| {
                add_counts(&mut pmf, self.rate, w, hazard * weight);
            },
        );
        pmf
    }
}

/// P(stays for w periods).
fn survival(lifetime: Lifetime) -> Decay {
    match lifetime {
        Lifetime::Gamma { shape, rate } => Decay::Power { exponent: shape, scale: rate },
        Lifetime::Equal(mu) => Decay::Exponential(mu),
        Lifetime::Never => Decay::Exponential(0.0),
    }
}

/// The density of leaving after w periods as a share of the one at 0.
pub(in crate::models) fn density(lifetime: Lifetime) -> Decay {
    match lifetime {
        Lifetime::Gamma { shape, rate } => Decay::Power { exponent: shape + 1.0, scale: rate },
        Lifetime::Equal(mu) => Decay::Exponential(mu),
        Lifetime::Never => Decay::Exponential(0.0),
    }
}

/// No decay, on the scale on which purchase counts change with time.
fn steady(rate: RateLaw) -> Decay {
    match rate {
        RateLaw::Gamma { rate, .. } => Decay::Power { exponent: 0.0, scale: rate },
        RateLaw::Equal(_) => Decay::Exponential(0.0),
    }
}

/// How far w may move while P(N_w = n) passes no more than its peak, for the n that are likely
/// near w: four standard deviations of w given n. Sixteen nodes integrate a normal density over
/// four deviations to 1e-16.
fn peak(rate: RateLaw, w: f64) -> f64 {
    let gap = 1.0 / rate.mean();
    let spread = match rate {
        RateLaw::Gamma { rate, .. } => gap * w * (1.0 + w / rate),
        RateLaw::Equal(_) => gap * w,
    };
    4.0 * (spread + gap * gap).sqrt()
}
