"""Scores a forecast file against what its customers purchased afterwards.

    python3 tools/score.py FORECAST.csv LEDGER.csv AS_OF quarter|DAYS [count]

FORECAST.csv is the wide file that `clvcast forecast` writes. Purchases are counted as the program
counts them: rows of one order, or without an order column of one customer and day, are one purchase
when they net to more than zero (with `count`, also when they net to zero). Printed per period and
together: what the customers of the file did, what was forecast, the bias, and per customer the mean
absolute and the root mean squared error; then the same of amounts, if they are forecast. Needs
nothing but Python's standard library.
"""

import csv
import datetime
import math
import sys
from collections import Counter, defaultdict

forecast_file, ledger_file, as_of, length = sys.argv[1:5]
zero_counts = sys.argv[5:] == ["count"]
as_of = datetime.date.fromisoformat(as_of)


def period(day):
    """Number of the period that a day falls in; the first one after the as-of date is 1."""
    if length == "quarter":
        return 4 * (day.year - as_of.year) + (day.month - 1) // 3 - (as_of.month - 1) // 3
    return ((day - as_of).days + int(length) - 1) // int(length)


orders = defaultdict(list)
with open(ledger_file, newline="") as file:
    for row in csv.DictReader(file):
        day = datetime.date.fromisoformat(row["date"])
        key = row.get("order") or (row["customer"], day)
        orders[key].append((day, row["customer"], float(row["amount"])))
purchases, amounts = Counter(), Counter()
for rows in orders.values():
    day, customer, _ = min(rows)
    net = math.fsum(amount for _, _, amount in rows)
    if day > as_of and (net > 0 or (zero_counts and net == 0)):
        purchases[customer, period(day)] += 1
        amounts[customer, period(day)] += net

with open(forecast_file, newline="") as file:
    forecast = list(csv.DictReader(file))
horizon = sum(name.removeprefix("purchases_").isdigit() for name in forecast[0])
periods = range(1, horizon + 1)


def score(what, actual):
    print(f"{what:10} actual  forecast    bias      MAE     RMSE   (errors per customer)")
    for chosen in [[h] for h in periods] + [list(periods)]:
        pairs = [
            (sum(actual[row["customer"], h] for h in chosen),
             sum(float(row[f"{what}_{h}"] or 0) for h in chosen))
            for row in forecast
        ]
        happened, promised = (math.fsum(side) for side in zip(*pairs))
        mae = math.fsum(abs(a - p) for a, p in pairs) / len(pairs)
        rmse = math.sqrt(math.fsum((a - p) ** 2 for a, p in pairs) / len(pairs))
        name = f"period {chosen[0]}" if len(chosen) == 1 else "together"
        bias = 100 * (promised / happened - 1) if happened else math.nan
        print(f"{name:8} {happened:8.0f} {promised:9.1f} {bias:+6.1f}% {mae:8.4f} {rmse:8.4f}")


score("purchases", purchases)
if any(row["amount_1"] for row in forecast):
    score("amount", amounts)
