"""What was forecast in a backtest, and what then happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from ._source import Source, class_name, find, floats, minus, period_name
from ._style import (
    ACTUAL,
    BARS,
    GRID,
    INK,
    MODEL,
    MUTED,
    axis,
    draw_band,
    finish,
    frame,
    name_ticks,
)

if TYPE_CHECKING:
    from ..panel import Panel


def expectation_by_frequency(
    source: Source, ax: Axes | None = None, *, panel: Panel | None = None
) -> Axes:
    """Mean purchases in the held-out periods by how often customers bought before.

    Where the blue line lies above the dark one, these customers were expected to buy more than
    they did. Below each class stands how many customers it has; those with few scatter.

    Args:
        source: A Backtest.
        ax: Where to draw; None makes a new figure.
        panel: Not for this picture.

    Raises:
        OptionError: When the source is no Backtest, or nobody has purchased.
    """
    label = "Purchases counted up to the as-of date; below, customers"
    return _expectation(source, ax, panel, "frequency", "purchases", label)


def expectation_by_recency(
    source: Source, ax: Axes | None = None, *, panel: Panel | None = None
) -> Axes:
    """Mean purchases in the held-out periods by the time since customers last bought, in periods.

    To be read like :func:`expectation_by_frequency`, with the same arguments and errors.
    """
    label = "Time since the last purchase, {}; below, customers"
    return _expectation(source, ax, panel, "recency", "periods_since_last", label)


def _expectation(
    source: Source, ax: Axes | None, panel: Panel | None, by: str, key: str, label: str
) -> Axes:
    picture, pictures = find(source, f"expectation-by-{by}", panel)
    table = picture.columns()
    edges = zip(table[f"{key}_from"], table[f"{key}_below"], strict=True)
    names = [class_name(low, high, whole=by == "frequency") for low, high in edges]
    names = [f"{name}\n{n:,.0f}" for name, n in zip(names, table["customers"], strict=True)]
    at, ax = np.arange(len(names)), axis(ax)
    ax.plot(at, table["mean_actual"], "o-", color=ACTUAL, lw=1.5, zorder=3, label="actual mean")
    ax.plot(at, table["mean_predicted"], "o-", color=MODEL, lw=2, label="forecast mean")
    name_ticks(ax, at, names)
    y = "Purchases per customer in the holdout"
    frame(ax, picture.title, label.format(period_name(pictures)), y)
    finish(ax)
    return ax


def calibration(source: Source, ax: Axes | None = None, *, panel: Panel | None = None) -> Axes:
    """In which tenth of its forecast distribution each customer's purchases fell.

    Flat bars: intervals hold. High at both ends: they are too narrow; high in the middle: too
    wide; sloping: the forecast is too low or too high. The band is what chance allows (90 %).

    Args:
        source: A Backtest whose chosen candidate forecasts by the method posterior.
        ax: Where to draw; None makes a new figure.
        panel: Not for this picture.

    Raises:
        OptionError: When the source is no such Backtest.
    """
    picture, _ = find(source, "calibration", panel)
    table = picture.columns()
    start, end = floats(table, "from"), floats(table, "to")
    ax, x = axis(ax), [start[0], end[-1]]
    style: dict[str, Any] = {"align": "edge", "color": BARS, "ec": "white", "lw": 0.5}
    ax.bar(start, table["customers"], end - start, label="customers", **style)
    draw_band(ax, x, table["chance_p05"][:2], table["chance_p95"][:2], "what chance allows (90 %)")
    ax.plot(x, table["expected"][:2], color=INK, lw=1.2, label="if all intervals held")
    label = "Position of the outcome in its forecast distribution (0 lowest, 1 highest)"
    frame(ax, picture.title, label, "Customers")
    ax.set_xlim(*x)
    finish(ax, room=0.3)
    return ax


def leaderboard(
    source: Source, ax: Axes | None = None, *, panel: Panel | None = None, most: int = 18
) -> Axes:
    """Which candidate forecast the held-out periods best: short bars are good, best above.

    Bars are the Poisson deviance of purchases per customer, without unit; infinite where nothing
    was forecast for somebody who did buy. At the right stands the bias of the total of purchases,
    predicted/actual − 1 in %. The chosen candidate is blue.

    Args:
        source: A Backtest.
        ax: Where to draw; None makes a new figure.
        panel: Not for this picture.
        most: Candidates that are drawn.

    Raises:
        OptionError: When the source is no Backtest.
    """
    picture, _ = find(source, "leaderboard", panel)
    table = {name: column[:most] for name, column in picture.columns().items()}
    deviance, chosen = floats(table, "deviance"), [text == "true" for text in table["chosen"]]
    at, ax = np.arange(len(deviance)), axis(ax)
    colours = [MODEL if best else BARS for best in chosen]
    ax.barh(at, np.nan_to_num(deviance), height=0.6, color=colours)
    small: dict[str, Any] = {"color": MUTED, "fontsize": "small"}
    right = ax.get_yaxis_transform()
    for place, value, bias in zip(at, deviance, table["bias"], strict=True):
        text = minus(f"{value:.3f}") if np.isfinite(value) else "infinite"
        end = (value if np.isfinite(value) else 0.0, place)
        ax.annotate(text, end, (4, 0), textcoords="offset points", va="center", **small)
        text = minus(f"{100 * bias:+.1f} %") if np.isfinite(bias) else "–"
        ax.annotate(text, (1.14, place), xycoords=right, ha="right", va="center", **small)
    below: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    ax.annotate("bias of\nthe total", (1.14, 0), (0, -6), ha="right", va="top", **below, **small)
    names = zip(table["candidate"], chosen, strict=True)
    ax.set_yticks(at, [name + (" (chosen)" if best else "") for name, best in names])
    for label, best in zip(ax.get_yticklabels(), chosen, strict=True):
        label.set_fontweight("bold" if best else "normal")
    ax.invert_yaxis()
    frame(ax, picture.title, "Poisson deviance of purchases per customer", grid=False)
    ax.set_axisbelow(True)
    ax.grid(axis="x", color=GRID)
    ax.set_xlim(0, 1.15 * max([1e-9, *deviance[np.isfinite(deviance)]]))
    return ax
