#!/usr/bin/env python3
"""Exact expectations of the first-order chain, by enumeration.

State: λ ~ Gamma(B, A) with shape B and rate A. The next period has f2 purchases with the
NBD probability of (B, A) over one period. After an empty period A becomes A + 1; after an
active one with f2 purchases the state is Gamma(b + f2, a + 1), whatever it was before.
Every path over f2 = 0 … F is walked (memoised on the state and the periods left); F is the
first count beyond which less than 1e-30 of the probability and 1e-27 of the mean remains.
"""

from functools import lru_cache

from mpmath import mp, mpf

from common import num, write_jsonl

mp.dps = 45


def pmf(shape, rate):
    """NBD probabilities over one period until the tail no longer matters."""
    out = [(rate / (rate + 1)) ** shape]
    mass, mean = out[0], mpf(0)
    while 1 - mass > mpf("1e-30") or shape / rate - mean > mpf("1e-27") * (1 + shape / rate):
        x = len(out)
        out.append(out[-1] * (shape + x - 1) / x / (rate + 1))
        mass, mean = mass + out[x], mean + x * out[x]
    return out


def chain(a, b, shape, rate, horizon):
    """Per h = 1 … horizon: E[f_h; s active periods before h] and P(h active; s before), s = 0 … h − 1."""

    @lru_cache(maxsize=None)
    def after(shape, rate, h):
        """The two lists for the h-th period ahead of this state."""
        if h == 1:
            return [shape / rate], [1 - (rate / (rate + 1)) ** shape]
        probabilities = pmf(shape, rate)
        counts, actives = [mpf(0)] * h, [mpf(0)] * h
        for f, weight in enumerate(probabilities):
            later = after(b + f, a + 1, h - 1) if f else after(shape, rate + 1, h - 1)
            for s, (count, active) in enumerate(zip(*later)):
                counts[s + (f > 0)] += weight * count
                actives[s + (f > 0)] += weight * active
        return counts, actives

    return [after(shape, rate, h) for h in range(1, horizon + 1)]


def brute_force(a, b, shape, rate, cap):
    """E[f_3; s], walking every path of at most `cap` purchases per period without memory."""
    totals = [mpf(0)] * 3

    def walk(shape, rate, h, s, weight):
        if h == 3:
            totals[s] += weight * shape / rate
            return
        for f in range(cap):
            p = mp.gamma(shape + f) / mp.gamma(shape) / mp.factorial(f) * rate ** shape / (rate + 1) ** (shape + f)
            walk(*((b + f, a + 1) if f else (shape, rate + 1)), h + 1, s + (f > 0), weight * p)

    walk(shape, rate, 1, 0, mpf(1))
    return totals


STARTS = {  # (a, b): start states, named by where they come from
    (1.84, 2.67): [("f=1 r=0", 3.67, 2.84), ("f=3 r=0", 5.67, 2.84), ("f=2 r=3", 4.67, 5.84),
                   ("acquired, no further purchase, w=0.4", 2.67, 2.24), ("acquired, one more, w=0.934, r=2", 3.67, 4.774)],
    (12.072, 0.3848): [("f=1 r=0", 1.3848, 13.072), ("f=1 r=11", 1.3848, 24.072), ("acquired, none further, w=0.27, r=5", 0.3848, 17.342)],
    (0.2, 0.6): [("f=9 r=0", 9.6, 1.2), ("f=1 r=4", 1.6, 5.2), ("acquired, two more, w=0.05", 2.6, 0.25)],
    (40.0, 80.0): [("f=2 r=0", 82.0, 41.0), ("f=5 r=7", 85.0, 48.0)],
    (0.05, 1.5): [("f=40 r=0", 41.5, 1.05)],
    (5.0, 0.01): [("f=1 r=0", 1.01, 6.0), ("acquired, none further, w=1", 0.01, 6.0)],
}
VALUES = [(8.57, 1.53, 3224.15), (6.25, 3.74, 15.44), (0.4, 0.7, 250.0), (150.0, 12.0, 1e-3), (0.9, 0.2, 1e6)]


def value_moves(p, q, k, last, moves):
    """E[m after s moves], s = 1 … moves: m -> p (k + m)/(p + q − 1); against its closed form."""
    out, m = [], last
    ratio = p / (p + q - 1)
    for s in range(1, moves + 1):
        m = ratio * (k + m)
        closed = last * ratio ** s + k * mp.fsum(ratio ** i for i in range(1, s + 1))
        assert abs(m - closed) < mpf("1e-35") * abs(closed)
        out.append(m)
    return out


def main():
    records = []
    for (a, b), starts in STARTS.items():
        for name, shape, rate in starts:
            x = list(map(num, (a, b, shape, rate)))
            result = chain(*x, 5)
            if name == "f=1 r=0" and a > 1:
                assert all(abs(u - v) < mpf("1e-12") for u, v in zip(result[2][0], brute_force(*x, 60)))
            records.append({"kind": "frequency", "a": a, "b": b, "start": name, "shape": shape, "rate": rate,
                            "active": [mp.fsum(actives) for _, actives in result],
                            "expected": [mp.fsum(counts) for counts, _ in result],
                            "expected_by_moves": [counts for counts, _ in result],
                            "active_by_moves": [actives for _, actives in result]})
    for p, q, k in VALUES:
        for last in (k / 1000, k * p, k * 12345.678):
            moves = value_moves(*map(num, (p, q, k, last)), 6) if num(p) + num(q) > 1 else None
            records.append({"kind": "value", "p": p, "q": q, "k": k, "last": last, "after_moves": moves})
    write_jsonl("chain.jsonl", "chain.py", [
        "frequency: start state lambda ~ Gamma(shape, rate); lists over h = 1..5: active = P(active in h), expected = E[f_h],",
        "expected_by_moves[h-1][s] = E[f_h; s active periods before h], active_by_moves[h-1][s] = P(h active; s active periods before h).",
        "value: after_moves[s-1] = E[m after s moves from last].",
        "Claim: 20 digits for value, 1e-25 relative to the largest number of the line for frequency; a, b, shape, rate read as doubles.",
    ], records)


if __name__ == "__main__":
    main()
