#!/usr/bin/env python3
"""The frequency part of the point rule: f*, and p_f(f*, r).

    f*  = round(E[f | f1 <= f <= f_max])
    p_f = Σ_{f1=c}^{f_max} P(f1) (A/(A+r))^B Σ_{f2=f*}^{f_max} P(f2 | B, A+r) / Σ_{f1=c}^{f_max} P(f1) (A/(A+r))^B

with A = a + 1, B = b + f1, c = ⌈b/a⌉ (clamped to f_max, never below 1). All sums are finite.
The published example is asserted before anything is written. A second reading of the same
definition, as an integral over the customer's λ, is asserted too.
"""

from mpmath import mp, mpf

from common import num, write_jsonl

mp.dps = 45
PUBLISHED = {(2, 0): "0.3605788596", (2, 1): "0.294928253", (2, 2): "0.2355817504", (2, 3): "0.1892060067",
             (3, 0): "0.1367313101", (3, 1): "0.09579299088", (3, 2): "0.06688081117", (3, 3): "0.04769103392"}


def pmf(shape, rate, x):
    """NBD over one period."""
    return mp.rf(shape, x) / mp.factorial(x) * (rate / (rate + 1)) ** shape / (rate + 1) ** x


def lower_bound(a, b, f_max):
    return max(1, min(f_max, int(mp.ceil(b / a))))


def probability(a, b, f_max, target, r):
    top = bottom = mpf(0)
    for f1 in range(lower_bound(a, b, f_max), f_max + 1):
        weight = pmf(b, a, f1) * ((a + 1) / (a + 1 + r)) ** (b + f1)
        top += weight * mp.fsum(pmf(b + f1, a + 1 + r, f2) for f2 in range(target, f_max + 1))
        bottom += weight
    return top / bottom


def by_integral(a, b, f_max, target, r):
    """Poisson counts before and after r empty periods, mixed over λ."""
    poisson = lambda rate, first: mp.exp(-rate) * mp.fsum(rate ** x / mp.factorial(x) for x in range(first, f_max + 1))
    prior = lambda rate: rate ** (b - 1) * mp.exp(-(a + r) * rate) * poisson(rate, lower_bound(a, b, f_max))
    with mp.workdps(25):
        cuts = [0, *(b / a * mpf(x) for x in ("0.01", "0.1", "0.5", "1", "2", "4", "8", "20", "60")), mp.inf]
        return mp.quad(lambda x: prior(x) * poisson(x, target), cuts) / mp.quad(prior, cuts)


def main():
    records = []
    for a, b, f_max in [(1.84, 2.67, 3), (12.072, 0.3848, 5), (0.25, 1.9, 40), (60.0, 150.0, 8), (0.8, 9.3, 6), (2.0, 6.0, 12)]:
        x, y = num(a), num(b)
        weights = [pmf(y, x, f) for f in range(f_max + 1)]
        rows = []
        for f1 in range(1, f_max + 1):
            mean = mp.fsum(f * weights[f] for f in range(f1, f_max + 1)) / mp.fsum(weights[f1:])
            assert abs(mean - mp.floor(mean) - mpf("0.5")) > mpf("1e-6")  # no rounding ties
            target = int(mp.floor(mean + mpf("0.5")))
            rows.append({"from": f1, "mean_from": mean, "expected": target,
                         "probability": [probability(x, y, f_max, target, r) for r in range(13)]})
        if f_max == 3:
            for row in rows:
                for r in range(4):
                    assert abs(row["probability"][r] / mpf(PUBLISHED[row["expected"], r]) - 1) < mpf("5e-10")
        for row in (rows[0], rows[-1]):
            assert abs(by_integral(x, y, f_max, row["expected"], 4) - row["probability"][4]) < mpf("1e-15")
        records.append({"a": a, "b": b, "max_frequency": f_max, "mean": y / x, "pmf": weights,
                        "interval": [lower_bound(x, y, f_max), f_max], "rows": rows})
    write_jsonl("points.jsonl", "points.py", [
        "pmf: P(0) .. P(max_frequency). interval: [c, max_frequency]. rows: from = f1, mean_from = E[f | f1 <= f <= max_frequency],",
        "expected = f*, probability[r] = p_f(f*, r) for r = 0..12. The first line is the published example.",
        "Claim: 20 digits; a and b read as doubles.",
    ], records)


if __name__ == "__main__":
    main()
