#!/usr/bin/env python3
"""Groups of the Superstore customers, counted anew from the rows: exact decimals, no sorting tricks.

Recency is whole days from the last order to 2017-12-31, frequency the number of orders, monetary
value the sum of amounts. A cut for k of n classes is the observed value, not the largest, up to
which the share of customers is nearest to k/n, the lower of two that are as near. Equal numbers to
their last digit; means and shares to 12.
"""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data" / "superstore.csv"
NAMES = {
    (1, 1, 1): "high-value", (1, 0, 1): "deepen", (0, 1, 1): "dormant", (0, 0, 1): "churning",
    (1, 1, 0): "potential", (1, 0, 0): "new", (0, 1, 0): "maintain", (0, 0, 0): "leave-alone",
}


def quarter(day):
    return day.year * 4 + (day.month - 1) // 3


def read(until):
    customers = defaultdict(list)
    with open(DATA, newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"])
            if day <= until:
                money = Decimal(row["amount"]), Decimal(row["amount"]) - Decimal(row["cost"])
                customers[row["customer"]].append((day, *money))
    return customers


def numbers(customers, until):
    return {
        name: (
            (until - max(day for day, _, _ in orders)).days,
            len(orders),
            sum(amount for _, amount, _ in orders),
        )
        for name, orders in customers.items()
    }


def cuts(values, classes):
    """Fractions and a search over all values: slow, and nothing to get wrong."""
    found = []
    candidates = sorted(set(values))[:-1]
    for k in range(1, classes):
        wanted = Fraction(k, classes)
        share = lambda cut: Fraction(sum(value <= cut for value in values), len(values))
        found.append(min(candidates, key=lambda cut: (abs(share(cut) - wanted), cut)))
    return found


def cells(of, halves):
    days, orders, amount = halves
    return {
        name: NAMES[(int(r <= days), int(f > orders), int(m > amount))]
        for name, (r, f, m) in of.items()
    }


def depth(silent):
    return "awake" if silent < 1 else "dozing" if silent < 2 else "half-asleep" if silent < 4 else "asleep"


now, then = date(2017, 12, 31), date(2017, 3, 31)
customers = read(now)
of = numbers(customers, now)
axes = list(zip(*of.values()))
halves = [cuts(axis, 2)[0] for axis in axes]
fifths = [cuts(axis, 5) for axis in axes]
cell = cells(of, halves)
profit = {name: sum(gain for _, _, gain in orders) for name, orders in customers.items()}
earlier = cells(numbers(read(then), then), halves)
code = {
    name: (
        5 - sum(cut < r for cut in fifths[0]),
        1 + sum(cut < f for cut in fifths[1]),
        1 + sum(cut < m for cut in fifths[2]),
    )
    for name, (r, f, m) in of.items()
}
# The mean customer by quarters since the first order: those seen at that age, whether they bought.
gains = defaultdict(Decimal)
first = {name: quarter(min(day for day, _, _ in orders)) for name, orders in customers.items()}
for name, orders in customers.items():
    for day, _, gain in orders:
        gains[quarter(day) - first[name]] += gain
ages = max(quarter(now) - start for start in first.values())
curve, total = [], 0.0
for age in range(ages + 1):
    seen = sum(quarter(now) - start >= age for start in first.values())
    total += float(gains[age]) / seen
    curve.append([age, seen, total])
ranked = sorted((float(gain) for gain in profit.values()), reverse=True)
fifth = len(ranked) / 5
spent = [float(amount) for _, _, amount in of.values()]
pairs = sum(abs(a - b) for a in spent for b in spent)
found = {
    "halves": [float(half) for half in halves],
    "fifths": [[float(cut) for cut in axis] for axis in fifths],
    "cells": {
        name: [n, str(sum(profit[c] for c in cell if cell[c] == name))]
        for name, n in sorted(Counter(cell.values()).items())
    },
    "codes": {"-".join(map(str, key)): n for key, n in sorted(Counter(code.values()).items())},
    "dormancy": dict(sorted(Counter(
        depth(quarter(now) - max(quarter(day) for day, _, _ in orders)) for orders in customers.values()
    ).items())),
    "moves": sorted(
        [a, b, n] for (a, b), n in Counter((earlier.get(name, "-"), cell[name]) for name in cell).items()
    ),
    "life_cycle": curve,
    # The best fifth of 793 customers are 158.6: six tenths of the next one count.
    "past_profit_top_fifth": (sum(ranked[: int(fifth)]) + (fifth % 1) * ranked[int(fifth)]) / sum(ranked),
    # Mean absolute difference over twice the mean, by all pairs.
    "amount_gini": pairs / (2 * len(spent) * sum(spent)),
}
(HERE / "segments.json").write_text(json.dumps(found, indent=1) + "\n")
