"""What happened to the base, and what the model expects of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from ._source import Source, find, floats, periods_past, short
from ._style import (
    ACTUAL,
    BARS,
    DOTS,
    INK,
    MODEL,
    SECOND,
    THIRD,
    axis,
    draw_band,
    finish,
    frame,
    mark_coming,
    name_ticks,
    whole,
)

if TYPE_CHECKING:
    from ..panel import Panel


def tracking(
    source: Source,
    ax: Axes | None = None,
    *,
    panel: Panel | None = None,
    cumulative: bool = False,
) -> Axes:
    """Purchases of the whole base by period: what happened and what the model expects.

    Where the blue line follows the dark one, the model describes the base. A forecast adds the
    coming periods with the 90 % interval of the base's total; in a backtest the dark line goes on,
    and should stay inside. Repeat purchases under the first-purchase clock, else all.

    Args:
        source: A fitted model or Forecaster, a Forecast or a Backtest.
        ax: Where to draw; None makes a new figure.
        panel: For models and forecasters, other histories than those they were fitted to.
        cumulative: Running sums, at the ends of the periods.

    Raises:
        OptionError: When the picture does not apply.

    >>> from clvcast import NBD, Panel
    >>> model = NBD().fit(Panel.from_transactions("../data/superstore.csv"))
    >>> tracking(model, cumulative=True).get_ylabel()
    'Cumulative repeat purchases'
    """
    picture, _ = find(source, "tracking", panel)
    table = picture.columns()
    names = ["actual", "expected", "p05", "p95"]
    names = [f"cumulative_{name}" for name in names] if cumulative else names
    actual, expected, low, high = (floats(table, name) for name in names)
    past, what = periods_past(table), picture.title.split(":")[0]
    at = np.arange(len(actual)) - past + (1.5 if cumulative else 1.0)
    ax, dots = axis(ax), "o" if len(at) <= DOTS else ""
    ax.plot(at, actual, dots + "-", color=ACTUAL, lw=1.5, zorder=3, label="actual")
    ax.plot(at[:past], expected[:past], dots + "-", color=MODEL, lw=2, label="model, past")
    if past < len(at):
        coming = [of[past:] for of in (at, expected, low, high)]
        if cumulative and past:  # the running sum goes on from what happened
            now = (0.5, *[actual[past - 1]] * 3)
            coming = [np.append(start, of) for start, of in zip(now, coming, strict=True)]
        x, mean, least, most = coming
        ax.plot(x, mean, dots + "--", color=MODEL, lw=2, label="forecast")
        if np.isfinite(high).any():
            draw_band(ax, x, least, most, "90 % interval of the total")
    mark_coming(ax, past, len(at))
    place = -1 if cumulative else 0
    name_ticks(ax, at, [label.split("/")[place] for label in table["period"]])
    y = f"Cumulative {what.lower()}" if cumulative else f"{what} per period"
    frame(ax, picture.title, "End of the period" if cumulative else "Period", y)
    finish(ax)
    return ax


def frequency_histogram(
    source: Source, ax: Axes | None = None, *, panel: Panel | None = None
) -> Axes:
    """Customers by number of (repeat) purchases, and how many the law expects.

    Dots on the bars: the model knows how customers differ. The last class holds all with at least
    as many purchases.

    Raises:
        OptionError: When the picture does not apply.

    >>> from clvcast import NBD, Panel
    >>> model = NBD().fit(Panel.from_transactions("../data/superstore.csv"))
    >>> ax = frequency_histogram(model)
    >>> int(sum(bar.get_height() for bar in ax.patches))
    793
    """
    picture, _ = find(source, "frequency-histogram", panel)
    table = picture.columns()
    names = [str(name) for name in table["purchases"]]
    at, ax = np.arange(len(names)), axis(ax)
    ax.bar(at, table["customers"], width=0.72, color=BARS, label="actual")
    ax.plot(at, table["expected"], "o-", color=MODEL, lw=1, label="expected by the model")
    name_ticks(ax, at, names)
    what = "repeat purchases" if "repeat" in picture.title.lower() else "purchases"
    frame(ax, picture.title, f"Number of {what} up to the as-of date", "Customers")
    whole(ax)
    finish(ax)
    return ax


def spend_density(
    source: Source, ax: Axes | None = None, *, panel: Panel | None = None, currency: str = "money"
) -> Axes:
    """Average purchase values of active periods, and how many the fitted law expects.

    Where the line follows the bars, the law describes what customers spend. Season, trend and
    dependence are divided out of the values. The last class holds what lies beyond, too, and so
    does the first one where the axis is logarithmic: what is expected there is a dot.

    Args:
        source: A fitted model or Forecaster, a Forecast or a Backtest.
        ax: Where to draw; None makes a new figure.
        panel: For models and forecasters, other histories than those they were fitted to.
        currency: Unit of the values, for the label.

    Raises:
        OptionError: When the picture does not apply, as without amounts.
    """
    picture, _ = find(source, "spend-density", panel)
    table = picture.columns()
    names = ("lower", "upper", "values", "expected")
    lower, upper, values, expected = (floats(table, name) for name in names)
    logarithmic = lower[0] > 0
    ax = axis(ax)
    style: dict[str, Any] = {"align": "edge", "color": BARS, "ec": "white", "lw": 0.5}
    ax.bar(lower, values, upper - lower, label="actual", **style)
    at = np.sqrt(lower * upper) if logarithmic else (lower + upper) / 2
    inner = slice(1 if logarithmic else 0, -1)
    ax.plot(at[inner], expected[inner], "-", color=MODEL, lw=2, label="expected by the fitted law")
    ends = [0, -1] if logarithmic else [-1]
    ax.plot(at[ends], expected[ends], "o", color=MODEL, label="expected beyond")
    if logarithmic:
        ax.set_xscale("log")
        decades = math.log10(upper[-1] / lower[0])
        ax.xaxis.set_major_locator(LogLocator(subs=(1.0,) if decades > 3.5 else (1.0, 2.0, 5.0)))
        ax.xaxis.set_minor_locator(NullLocator())
    what = "Average purchase value" + (" (logarithmic)" if logarithmic else "")
    frame(ax, picture.title, f"{what}, {currency}", "Active periods of customers")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    ax.set_xlim(lower[0], upper[-1])
    finish(ax)
    return ax


def calendar(source: Source, ax: Axes | None = None, *, panel: Panel | None = None) -> Axes:
    """How strong each period is, past and coming: factors, whose mean over the past is 1.

    A customer's purchase rate in a period is its own rate times the blue factor; values of
    purchases have factors of their own (orange). The dashed green line is the trend alone.

    Raises:
        OptionError: When the picture does not apply, as for a model without a calendar.
    """
    picture, pictures = find(source, "calendar", panel)
    table = picture.columns()
    n = len(table["period"])
    tracked = pictures.get("tracking")
    past = periods_past(tracked.columns()) if tracked else n
    at, ax = np.arange(n) - past + 1.0, axis(ax)
    dots = "o" if n <= DOTS else ""
    for name, style, colour, label in (
        ("purchases_trend", "--", THIRD, "trend of purchases alone"),
        ("values", dots + "-", SECOND, "purchase values"),
        ("purchases", dots + "-", MODEL, "purchases"),
    ):
        factors = floats(table, name)
        if (np.abs(factors - 1.0) > 1e-9).any():
            ax.plot(at, factors, style, color=colour, lw=2, label=label)
    ax.axhline(1.0, color=INK, lw=0.8)
    mark_coming(ax, past, n)
    name_ticks(ax, at, [label.split("/")[0] for label in table["period"]])
    frame(ax, picture.title, "Period", "Factor; 1 is the mean of the past")
    finish(ax)
    return ax
