#!/usr/bin/env python3
"""Special functions at the edges: incomplete beta, rising factorials, digamma and trigamma steps.

The regularised incomplete beta function is taken at x = z/(z + c), so that x and 1 − x are
both known to full accuracy. It is computed by its continued fraction (DLMF 8.17.22) on the
side of the mean where that converges, in 65 digits, and checked against mpmath's own betainc
for shapes up to 700, and against the hypergeometric series with positive terms where x is
at most half the mean. Every row carries I, 1 − I and the logarithms of both.
"""

import itertools
import random

from mpmath import mp, mpf

from common import num, s20, write_csv

mp.dps = 40


def fraction(a, b, x, y):
    """ln I(x; a, b) with y = 1 − x and x below about a/(a + b), by Steed's forward recurrence."""
    d = 1 / (1 - (a + b) * x / (a + 1))
    total, delta = d, d - 1
    n = 0
    while abs(delta) > abs(total) * mp.eps:
        n += 1
        for e in (n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
                  -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))):
            d = 1 / (1 + e * d)
            delta *= d - 1
            total += delta
    return a * mp.log(x) + b * mp.log(y) - mp.log(a) - log_beta(a, b) + mp.log(total)


def series(a, b, x, y):
    """The same by x^a y^b / (a B(a, b)) · 2F1(a + b, 1; a + 1; x), all terms positive."""
    term = total = mpf(1)
    n = 0
    while term > total * mp.eps:
        term *= (a + b + n) / (a + 1 + n) * x
        total += term
        n += 1
    return a * mp.log(x) + b * mp.log(y) - mp.log(a) - log_beta(a, b) + mp.log(total)


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def log_both(a, b, z, c):
    """ln I and ln(1 − I), the one below the mean from the fraction."""
    with mp.workdps(mp.dps + 25):
        x, y = z / (z + c), c / (z + c)
        below = x < (a + 1) / (a + b + 2)
        near = (a, b, x, y) if below else (b, a, y, x)
        log = fraction(*near)
        if near[2] < near[0] / (near[0] + near[1]) / 2:
            assert abs(log - series(*near)) < mpf("1e-40") * max(1, abs(log)), (a, b, z, c)
        return (log, log1m(log)) if below else (log1m(log), log)


def log1m(value):
    """ln(1 − e^value); where the difference needs more digits than we carry, its first term."""
    return mp.log(-mp.expm1(value)) if value > -60 else -mp.exp(value) * (1 + mp.exp(value) / 2)


def beta_rows(rng):
    shapes = ["0.001", "0.03", "0.5", "1", "2.5", "8.57", "40", "700", "30000", "1000000"]
    rows = []
    for a, b in itertools.product(shapes, shapes):
        fa, fb = float(a), float(b)
        centre = fa / fb  # z/c at the mean of the distribution
        spread = (1 / fa + 1 / fb) ** 0.5  # of ln(z/c), roughly
        pairs = [(centre * 2.718281828 ** (d * min(spread, 3)), 1.0) for d in (-8, -2, -0.3, 0, 0.3, 2, 8)]
        if max(fa, fb) <= 100:
            pairs += [(1e-300, 1.0), (1.0, 1e-300), (10 ** rng.uniform(-12, -3), 3224.15), (5e9, 10 ** rng.uniform(-6, 0))]
        rows += [(a, b, repr(float(f"{z:.8g}")), repr(float(f"{c:.8g}"))) for z, c in pairs]
    out = []
    for row in rows:
        a, b, z, c = map(num, row)
        low, high = log_both(a, b, z, c)
        if max(a, b) <= 700 and low > -600 and high > -600:
            with mp.workdps(60):
                near = (a, b, z, c, low) if z < c else (b, a, c, z, high)  # from the nearer end
                reference = mp.betainc(*near[:2], 0, near[2] / (z + c), regularized=True)
                assert abs(mp.exp(near[4]) - reference) < mpf("1e-30") * reference, row
        out.append([*row, s20(mp.exp(low)), s20(mp.exp(high)), s20(low), s20(high)])
    return out


def rising_rows():
    bs = ["1e-06", "0.001", "0.1", "0.384766", "1", "2.67", "60", "1000", "123456.789", "1000000", "1000000000", "1000000000000"]
    xs = ["1", "2", "3", "7", "29", "132", "1000", "5000", "0.5", "8.57"]
    rows = []
    for b, x in itertools.product(bs, xs):
        value = mp.loggamma(num(b) + num(x)) - mp.loggamma(num(b))
        if float(x).is_integer():
            assert abs(value - mp.fsum(mp.log(num(b) + i) for i in range(int(float(x))))) < mpf("1e-24") * (1 + abs(value))
        rows.append([b, x, s20(value)])
    return rows


def psi_rows():
    rows = []
    for a in ["0.001", "0.3", "1", "8.57", "1000", "1000000", "1000000000", "1000000000000"]:
        for n in ["1", "2", "10", "500", "5000"]:
            x, k = num(a), int(n)
            digamma = mp.fsum(1 / (x + i) for i in range(k))
            trigamma = -mp.fsum(1 / (x + i) ** 2 for i in range(k))
            with mp.workdps(80):
                assert abs(mp.psi(0, x + k) - mp.psi(0, x) - digamma) < mpf("1e-35") * digamma
                assert abs(mp.psi(1, x + k) - mp.psi(1, x) - trigamma) < mpf("1e-35") * -trigamma
            rows.append([a, n, s20(digamma), s20(trigamma)])
    return rows


def main():
    write_csv("special_beta.csv", "special.py", [
        "Regularised incomplete beta at x = z/(z + c): lower = I(x; a, b), upper = 1 - lower, and their natural logarithms.",
        "Claim: lower, upper and both logarithms are right to 20 digits; values below the range of doubles stay visible in the logarithms.",
    ], ["a", "b", "z", "c", "lower", "upper", "ln_lower", "ln_upper"], beta_rows(random.Random(20261121)))
    write_csv("special_rising.csv", "special.py", [
        "ln(Gamma(b + x)/Gamma(b)); for whole x equal to the sum of ln(b + i), i < x, asserted. Claim: 20 digits.",
    ], ["b", "x", "ln_rising"], rising_rows())
    write_csv("special_psi.csv", "special.py", [
        "psi(a + n) - psi(a) and psi'(a + n) - psi'(a), summed over n steps and checked at 80 digits. Claim: 20 digits.",
    ], ["a", "n", "digamma_step", "trigamma_step"], psi_rows())


if __name__ == "__main__":
    main()
