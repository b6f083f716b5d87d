"""What stands on an axis of matplotlib, read back as numbers, and compared with tables."""

import csv
import io

import matplotlib

matplotlib.use("Agg")

import numpy as np
from clvcast import plot
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from numpy.testing import assert_array_equal

NAMES = [
    "tracking",
    "frequency-histogram",
    "expectation-by-frequency",
    "expectation-by-recency",
    "rate-heatmap",
    "alive-heatmap",
    "spend-density",
    "calendar",
    "migration",
    "calibration",
    "leaderboard",
]
OF_BACKTEST = {"expectation-by-frequency", "expectation-by-recency", "calibration", "leaderboard"}


def draw(name, *arguments, **options):
    return getattr(plot, name.replace("-", "_"))(*arguments, **options)


def table(source, name):
    """The columns, read by other means than those of the package."""
    rows = list(csv.DictReader(io.StringIO(source.pictures()[name].csv)))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(fields):
    return np.array([float(text) if text else np.nan for text in fields])


def line(ax, label):
    """Heights of the line of that label."""
    (found,) = [line for line in ax.get_lines() if line.get_label() == label]
    return np.asarray(found.get_ydata(), dtype=float)


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def bars(ax, label):
    (found,) = [bars for bars in ax.containers if bars.get_label() == label]
    return found


def heights(ax, label):
    return np.array([bar.get_height() for bar in bars(ax, label)])


def band(ax, label):
    """Corners of the area of that label."""
    areas = [of for of in ax.collections if isinstance(of, PolyCollection)]
    (found,) = [of for of in areas if of.get_label() == label]
    return found.get_paths()[0].vertices


def holds(corners, x, low, high):
    """Whether an area has these ends, at these places."""
    found = {(round(a, 9), round(b, 9)) for a, b in corners}
    ends = [*zip(x, low, strict=True), *zip(x, high, strict=True)]
    return all((round(float(a), 9), round(float(b), 9)) in found for a, b in ends)


def mesh(ax):
    (found,) = [of for of in ax.collections if isinstance(of, QuadMesh)]
    return np.ma.filled(found.get_array(), np.nan)


def names(ticks):
    return [text.get_text() for text in ticks]


def of_tracking(ax, of):
    actual, expected = numbers(of["actual"]), numbers(of["expected"])
    assert_array_equal(line(ax, "actual"), actual)
    past = len(line(ax, "model, past"))
    assert_array_equal(line(ax, "model, past"), expected[:past])
    if past < len(actual):
        assert_array_equal(line(ax, "forecast"), expected[past:])
        low, high = (numbers(of[name])[past:] for name in ("p05", "p95"))
        corners = band(ax, "90 % interval of the total")
        x = np.arange(1, len(low) + 1) if len(low) > 1 else [0.6, 1.4]
        assert holds(corners, x, np.resize(low, len(x)), np.resize(high, len(x)))
        assert "as-of date" in labels(ax)


def of_histogram(ax, of):
    assert_array_equal(heights(ax, "actual"), numbers(of["customers"]))
    assert_array_equal(line(ax, "expected by the model"), numbers(of["expected"]))
    assert names(ax.get_xticklabels()) == of["purchases"]


def of_expectation(ax, of):
    assert_array_equal(line(ax, "actual mean"), numbers(of["mean_actual"]))
    assert_array_equal(line(ax, "forecast mean"), numbers(of["mean_predicted"]))
    shown = [name.split("\n")[1].replace(",", "") for name in names(ax.get_xticklabels())]
    assert shown == of["customers"]


def of_map(ax, of):
    value = numbers(of["p_alive" if "p_alive" in of else "expected_purchases"])
    values = mesh(ax)
    assert np.isfinite(values).sum() == len(value)
    columns = names(ax.get_xticklabels())
    ages = sorted({float(age) for age in of["periods_since_last_purchase"]})
    for x, age, number in zip(
        of["frequency"], of["periods_since_last_purchase"], value, strict=True
    ):
        assert values[ages.index(float(age)), columns.index(x)] == number
    assert names(ax.get_yticklabels()) == [f"{age:.1f}" for age in ages]
    assert ax.yaxis_inverted()
    assert sorted(names(ax.texts)) == sorted(f"{number:.2f}" for number in value)


def of_spend(ax, of):
    lower, upper = numbers(of["lower"]), numbers(of["upper"])
    assert_array_equal(heights(ax, "actual"), numbers(of["values"]))
    left = [bar.get_x() for bar in bars(ax, "actual")]
    right = [bar.get_x() + bar.get_width() for bar in bars(ax, "actual")]
    np.testing.assert_allclose(left, lower, rtol=1e-12)
    np.testing.assert_allclose(right, upper, rtol=1e-12)
    expected = numbers(of["expected"])
    first = 1 if lower[0] > 0 else 0
    assert ax.get_xscale() == ("log" if first else "linear")
    assert_array_equal(line(ax, "expected by the fitted law"), expected[first:-1])
    assert_array_equal(line(ax, "expected beyond"), expected[[0, -1] if first else [-1]])


def of_calendar(ax, of):
    lines = {"purchases": "purchases", "values": "purchase values"}
    for column, label in {**lines, "purchases_trend": "trend of purchases alone"}.items():
        factors = numbers(of[column])
        if (np.abs(factors - 1) > 1e-9).any():
            assert_array_equal(line(ax, label), factors)
        else:
            assert label not in labels(ax)


def of_migration(ax, of):
    n = int(len(of["from"]) ** 0.5)
    shares = numbers(of["next"]).reshape(n, n)
    now = numbers(of["customers_now"])[::n]
    rows = [i for i in range(n) if now[i] > 0 or 0 < i < n - 1]
    assert_array_equal(mesh(ax), shares[rows])
    assert names(ax.get_xticklabels()) == of["to"][:n]
    shown = names(ax.get_yticklabels())
    assert shown == [f"{of['from'][i * n]} ({now[i]:,.0f})" for i in rows]


def of_calibration(ax, of):
    assert_array_equal(heights(ax, "customers"), numbers(of["customers"]))
    assert_array_equal(line(ax, "if all intervals held"), numbers(of["expected"])[:2])
    low, high = numbers(of["chance_p05"])[:2], numbers(of["chance_p95"])[:2]
    assert holds(band(ax, "what chance allows (90 %)"), [0, 1], low, high)


def of_leaderboard(ax, of):
    deviance, bias = numbers(of["deviance"])[:18], numbers(of["bias"])[:18]
    drawn = [bar.get_width() for bar in ax.containers[0]]
    assert_array_equal(drawn, np.nan_to_num(deviance))
    shown = names(ax.get_yticklabels())
    assert [name.removesuffix(" (chosen)") for name in shown] == of["candidate"][:18]
    best = of["chosen"].index("true")
    assert shown[best].endswith(" (chosen)")
    assert to_hex(ax.containers[0][best].get_facecolor()) == "#0072b2"
    texts = [text.replace("−", "-") for text in names(ax.texts)]
    for deviation, percent in zip(deviance, bias, strict=True):
        assert (f"{deviation:.3f}" if np.isfinite(deviation) else "infinite") in texts
        assert f"{100 * percent:+.1f} %" in texts


CHECKS = dict(
    zip(
        NAMES,
        [
            of_tracking,
            of_histogram,
            of_expectation,
            of_expectation,
            of_map,
            of_map,
            of_spend,
            of_calendar,
            of_migration,
            of_calibration,
            of_leaderboard,
        ],
        strict=True,
    )
)
