"""Measures of forecasts on small tables, by other formulas than the program's.

Python's standard library alone: fractions for what is rational, decimals of 40 digits for
logarithms and roots. Orders are counted pair by pair instead of sorted; the continuous ranked
probability score is E|X − y| − ½ E|X − X′| over all pairs instead of a sum over the distribution
function. Inputs are multiples of 1/64, so that doubles hold them exactly.
"""

import json
import random
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

getcontext().prec = 40
HERE = Path(__file__).resolve().parent


def dec(x):
    return Decimal(x.numerator) / Decimal(x.denominator) if isinstance(x, Fraction) else Decimal(x)


def text(x):
    return None if x is None else f"{dec(x):.20g}"


def mean(values):
    values = list(values)
    return sum(values, values[0] * 0) / len(values)


def more(values, i):
    return sum(v > values[i] for v in values)


def less(values, i):
    return sum(v < values[i] for v in values)


def tied(values, i):
    return sum(v == values[i] for v in values)


def gini(p, y):
    """Every pair of customers gives the one who is placed higher what it has more."""
    def pairs(order):
        n = range(len(y))
        return sum((y[i] - y[j]) for i in n for j in n if order[i] > order[j])
    perfect = pairs(y)
    return pairs(p) / perfect if perfect else None


def spearman(p, y):
    n = len(y)
    rank = lambda v: [less(v, i) + Fraction(tied(v, i) + 1, 2) for i in range(n)]
    a, b = rank(p), rank(y)
    cov = mean(u * v for u, v in zip(a, b)) - mean(a) * mean(b)
    var = [mean(u * u for u in v) - mean(v) ** 2 for v in (a, b)]
    return dec(cov) / (dec(var[0]) * dec(var[1])).sqrt() if var[0] * var[1] else None


def captured(p, y, share):
    """The chance of a place among the best, ties broken by lot."""
    places = share * len(p)
    chance = [min(max((places - more(p, i)) / tied(p, i), Fraction(0)), Fraction(1)) for i in range(len(p))]
    return sum(c * v for c, v in zip(chance, y)) / sum(y) if sum(y) > 0 else None


def deviance(p, y):
    if min(p) < 0 or min(y) < 0:
        return None  # counts are not negative
    if any(v > 0 and m == 0 for m, v in zip(p, y)):
        return None
    one = lambda m, v: 2 * ((dec(v) * (dec(v) / dec(m)).ln() if v else 0) - dec(v) + dec(m))
    return mean(one(m, v) for m, v in zip(p, y))


def top(values, share):
    """Positive, and fewer than the places are better."""
    n = len(values)
    places = -(-share.numerator * n // share.denominator)
    return [values[i] > 0 and more(values, i) < places for i in range(n)]


def rates(named, was):
    both = sum(a and b for a, b in zip(named, was))
    error = Fraction(sum(named) - both, sum(named)) if any(named) else None
    miss = Fraction(sum(was) - both, sum(was)) if any(was) else None
    return error, miss


def table(p, y):
    happened = sum(y)
    error, miss = rates(top(p, Fraction(1, 5)), top(y, Fraction(1, 5)))
    return {
        "bias": text(sum(p) / happened - 1 if happened else None),
        "mae": text(mean(abs(a - b) for a, b in zip(p, y))),
        "rmse": text(dec(mean((a - b) ** 2 for a, b in zip(p, y))).sqrt()),
        "poisson_deviance": text(deviance(p, y)),
        "top_decile": text(captured(p, y, Fraction(1, 10))),
        "gini": text(gini(p, y)),
        "spearman": text(spearman(p, y)),
        "top_fifth_error_rate": text(error),
        "top_fifth_miss_rate": text(miss),
    }


def counts(pmf, y, v):
    n = range(len(pmf))
    away = sum(pmf[k] * abs(k - y) for k in n)
    apart = sum(pmf[j] * pmf[k] * abs(j - k) for j in n for k in n)
    at = lambda share: next(k for k in n if sum(pmf[: k + 1]) >= share)
    p = pmf[y] if y < len(pmf) else Fraction(0)
    return {
        "crps": text(away - apart / 2),
        "log_score": text(-dec(p).ln()) if p else None,
        "lower": text(Fraction(at(Fraction(1, 20)))),
        "upper": text(Fraction(at(Fraction(19, 20)))),
        "pit": text(sum(pmf[:y]) + v * p),
    }


def draws(xs, y, v):
    n = len(xs)
    away = mean(abs(x - y) for x in xs)
    apart = Fraction(sum(abs(a - b) for a in xs for b in xs)) / (n * (n - 1))
    # The smallest draw with at least that share at or below it.
    at = lambda share: min(x for x in xs if Fraction(sum(o <= x for o in xs), n) >= share)
    below, equal = sum(x < y for x in xs), sum(x == y for x in xs)
    return {
        "crps": text(away - apart / 2),
        "lower": text(at(Fraction(1, 20))),
        "upper": text(at(Fraction(19, 20))),
        "pit": text((below + v * (equal + 1)) / (n + 1)),
    }


def main():
    rng = random.Random(20261122)
    part = lambda top: Fraction(rng.randint(0, 64 * top), 64)
    floats = lambda values: [float(v) for v in values]
    records = []
    shapes = [
        ("ordinary", 30, lambda: part(3), lambda: Fraction(rng.choice([0, 0, 0, 1, 1, 2, 5]))),
        ("many ties", 25, lambda: Fraction(rng.randint(0, 2), 2), lambda: Fraction(rng.randint(0, 2))),
        ("one customer", 1, lambda: part(2), lambda: Fraction(2)),
        ("money", 20, lambda: part(900), lambda: part(2000)),
        ("losses", 20, lambda: part(900) - 200, lambda: part(900) - 200),
        ("nobody purchased", 12, lambda: part(1), lambda: Fraction(0)),
        ("all alike", 12, lambda: Fraction(1, 2), lambda: Fraction(1)),
    ]
    for name, n, forecast, happened in shapes:
        for _ in range(4):
            p, y = [forecast() for _ in range(n)], [happened() for _ in range(n)]
            expected = table(p, y)
            if min(y) < 0 or min(p) < 0:
                del expected["poisson_deviance"]  # counts are not negative
            records.append({"kind": "table", "name": name, "predicted": floats(p), "actual": floats(y), "expected": expected})
    for _ in range(20):
        cuts = sorted(rng.randint(0, 64) for _ in range(rng.randint(0, 7)))
        pmf = [Fraction(b - a, 64) for a, b in zip([0, *cuts], [*cuts, 64])]
        y, v = rng.randint(0, 9), part(1) * Fraction(63, 64)
        v = Fraction(int(v * 64), 64)
        records.append({"kind": "counts", "pmf": floats(pmf), "y": y, "v": float(v), "expected": counts(pmf, y, v)})
    for _ in range(20):
        xs = [part(4) if rng.random() < 0.6 else Fraction(0) for _ in range(rng.choice([2, 20, 40, 60]))]
        y, v = rng.choice([part(5), Fraction(0)]), Fraction(rng.randint(0, 63), 64)
        records.append({"kind": "draws", "draws": floats(xs), "y": float(y), "v": float(v), "expected": draws(xs, y, v)})
    with open(HERE / "metrics.jsonl", "w", encoding="utf-8", newline="") as file:
        file.write("# metrics.py, Python standard library, fractions and 40 digits, 2026-11-22\n")
        file.write("# table: forecasts and actual values of customers; counts: P(0), P(1), … and a count; draws: futures and a value\n")
        file.writelines(json.dumps(record) + "\n" for record in records)
    print(f"metrics.jsonl: {len(records)} rows")


main()
