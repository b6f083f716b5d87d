//! Every way to leave against customers who are simulated one by one.

use clvcast::models::{Dropout, Leaving, Lifetime, Outlook, RateLaw};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Exp, Gamma};

const CUSTOMERS: u32 = 200_000;
const WINDOWS: [(f64, f64); 3] = [(0.0, 1.0), (1.0, 2.0), (2.0, 4.5)];
const ENDS: [f64; 5] = [0.6, 1.6, 2.0, 3.0, 4.2];

/// Times of purchases up to 4.5 of a customer alive now, and the time of leaving.
fn life(rng: &mut ChaCha8Rng, outlook: &Outlook) -> (Vec<f64>, f64) {
    let lambda = match outlook.rate {
        RateLaw::Gamma { shape, rate } => Gamma::new(shape, 1.0 / rate).unwrap().sample(rng),
        RateLaw::Equal(rate) => rate,
    };
    let leaves = |rng: &mut ChaCha8Rng, dropout| match dropout {
        Dropout::Beta { a, b } => Beta::new(a, b).unwrap().sample(rng),
        Dropout::Equal(theta) => theta,
        Dropout::Never => 0.0,
    };
    let (mut end, mut theta) = (f64::INFINITY, 0.0);
    match outlook.leaving {
        Leaving::Never => {}
        Leaving::AfterPurchase(dropout) => theta = leaves(rng, dropout),
        Leaving::Anytime(lifetime) => {
            let mu = match lifetime {
                Lifetime::Gamma { shape, rate } => {
                    Gamma::new(shape, 1.0 / rate).unwrap().sample(rng)
                }
                Lifetime::Equal(mu) => mu,
                Lifetime::Never => 0.0,
            };
            end = Exp::new(mu).unwrap().sample(rng);
        }
        Leaving::AtEnds { dropout, ends } => {
            let theta = leaves(rng, dropout);
            end =
                ends.iter().copied().find(|_| rng.random::<f64>() < theta).unwrap_or(f64::INFINITY);
        }
    }
    let gaps = Exp::new(lambda.max(1e-300)).unwrap();
    let (mut purchases, mut t) = (vec![], 0.0);
    loop {
        t += gaps.sample(rng);
        if t > end || t > 4.5 {
            return (purchases, end);
        }
        purchases.push(t);
        if rng.random::<f64>() < theta {
            return (purchases, t);
        }
    }
}

fn check(seed: u64, outlook: Outlook) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut counts = vec![[0_u32; 64]; WINDOWS.len()];
    let mut alive = [0_u32; 3];
    let (mut sums, mut squares) = ([0.0; 3], [0.0; 3]);
    for _ in 0..CUSTOMERS {
        let here = rng.random::<f64>() < outlook.p_alive;
        let (purchases, end) = if here { life(&mut rng, &outlook) } else { (vec![], 0.0) };
        for (w, (t0, t1)) in WINDOWS.into_iter().enumerate() {
            let n = purchases.iter().filter(|&&t| t > t0 && t <= t1).count();
            counts[w][n.min(63)] += 1;
            sums[w] += n as f64;
            squares[w] += (n * n) as f64;
            alive[w] += u32::from(here && end > t1);
        }
    }
    let size = f64::from(CUSTOMERS);
    // Four Monte Carlo standard errors; shares of a rare outcome count as if it had come once more.
    let share = |found: u32, p: f64, what: String| {
        let error = ((p * (1.0 - p)).max(1.0 / size) / size).sqrt();
        assert!((f64::from(found) / size - p).abs() < 4.0 * error, "{outlook:?} {what}");
    };
    for (w, (t0, t1)) in WINDOWS.into_iter().enumerate() {
        let mean = sums[w] / size;
        let error = ((squares[w] / size - mean * mean) / size).sqrt();
        let expected = outlook.expected(t0, t1);
        assert!((mean - expected).abs() < 4.0 * error, "{outlook:?} {mean} {expected}");
        share(CUSTOMERS - counts[w][0], outlook.p_any(t0, t1), format!("any in ({t0}, {t1}]"));
        for (n, p) in outlook.pmf(t0, t1).into_iter().take(6).enumerate() {
            share(counts[w][n], p, format!("{n} in ({t0}, {t1}]"));
        }
        share(alive[w], outlook.alive_at(t1), format!("alive at {t1}"));
    }
}

fn rates() -> [RateLaw; 2] {
    [RateLaw::nbd(0.6, 0.9).expect("positive"), RateLaw::poisson(1.4).expect("positive")]
}

#[test]
fn leaving_after_purchases_is_what_simulated_customers_do() {
    for (seed, rate) in (1..).zip(rates()) {
        for dropout in [Dropout::Beta { a: 0.7, b: 1.9 }, Dropout::Equal(0.3)] {
            let leaving = Leaving::AfterPurchase(dropout);
            check(seed, Outlook { p_alive: 0.8, rate, leaving });
        }
    }
}

#[test]
fn leaving_at_any_time_is_what_simulated_customers_do() {
    for (seed, rate) in (11..).zip(rates()) {
        for lifetime in [Lifetime::Gamma { shape: 0.7, rate: 2.0 }, Lifetime::Equal(0.3)] {
            check(seed, Outlook { p_alive: 0.8, rate, leaving: Leaving::Anytime(lifetime) });
        }
    }
}

#[test]
fn leaving_at_ends_is_what_simulated_customers_do() {
    for (seed, rate) in (21..).zip(rates()) {
        for dropout in [Dropout::Beta { a: 0.7, b: 1.9 }, Dropout::Equal(0.3)] {
            let leaving = Leaving::AtEnds { dropout, ends: &ENDS };
            check(seed, Outlook { p_alive: 0.8, rate, leaving });
        }
    }
}

#[test]
fn never_leaving_is_what_simulated_customers_do() {
    for (seed, rate) in (31..).zip(rates()) {
        check(seed, Outlook { p_alive: 0.8, rate, leaving: Leaving::Never });
    }
}
