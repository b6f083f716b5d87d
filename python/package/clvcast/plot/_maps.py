"""Matrices: histories, and value bands."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from ..errors import DataError, OptionError
from ._source import Source, check_choice, find, floats, period_name, short
from ._style import BOTH_WAYS, axis, draw_cells, frame

if TYPE_CHECKING:
    from ..model import Model
    from ..panel import Panel


def rate_heatmap(source: Source, ax: Axes | None = None, *, panel: Panel | None = None) -> Axes:
    """Expected purchases over the horizon by frequency and recency.

    Each cell is a customer acquired when the median one was: repeat purchases to the right, time
    since the last one (periods) downwards. Dark histories promise most; where it gets lighter
    further down, silence says that the customer may have left.

    Raises:
        OptionError: When the picture does not apply, as under the panel clock.
    """
    return _map(source, ax, panel, "rate-heatmap", "Expected purchases per customer")


def alive_heatmap(source: Source, ax: Axes | None = None, *, panel: Panel | None = None) -> Axes:
    """Probability that a customer has not left, by frequency and recency.

    The histories are those of :func:`rate_heatmap`. Light: most likely gone. The more often a
    customer used to buy, the sooner its silence says so.

    Raises:
        OptionError: When the picture does not apply; under the NBD nobody leaves.
    """
    return _map(source, ax, panel, "alive-heatmap", "Probability at the as-of date", 1.0)


def _map(
    source: Source,
    ax: Axes | None,
    panel: Panel | None,
    name: str,
    label: str,
    most: float | None = None,
) -> Axes:
    picture, pictures = find(source, name, panel)
    frequency, since, observed, value = map(np.array, picture.columns().values())
    columns, rows = np.unique(frequency), np.unique(since)
    values = np.full((len(rows), len(columns)), np.nan)
    values[np.searchsorted(rows, since), np.searchsorted(columns, frequency)] = value
    places = 1 if observed[0] < 30 else 0
    ages = [f"{age:.{places}f}" for age in rows]
    ax = axis(ax)
    most = float(value.max()) if most is None else most
    draw_cells(ax, values, ages, [f"{x:.0f}" for x in columns], label, (0.0, most))
    y = f"Time since the last purchase, {period_name(pictures)}"
    frame(ax, picture.title, "Repeat purchases so far", y, grid=False)
    return ax


def migration(
    source: Source,
    ax: Axes | None = None,
    *,
    panel: Panel | None = None,
    kind: str = "next",
    currency: str = "money",
) -> Axes:
    """Where customers of a value band go, as shares of each row.

    Rows are the bands of the last value per purchase with the customers who are there now, columns
    the bands of a later one. Far from the diagonal, values come back to the mean.

    Args:
        source: A fitted model or Forecaster, a Forecast or a Backtest.
        ax: Where to draw; None makes a new figure.
        panel: For models and forecasters, other histories than those they were fitted to.
        kind: ``"next"`` (by the model, the next active period), ``"at_horizon"`` (by the model, the
            last period of the horizon, of those who buy in it; NBD only) or ``"counted"`` (in the
            data that were fitted).
        currency: Unit of the values, for the labels.

    Raises:
        OptionError: When the picture does not apply, or these shares are not known.
    """
    titles = {
        "next": "from now to the next active period, by the model",
        "at_horizon": "from now to the last period of the horizon, by the model",
        "counted": "from one active period to the next, counted in the data",
    }
    check_choice("kind", kind, titles)
    picture, _ = find(source, "migration", panel)
    table = picture.columns()
    n = math.isqrt(len(table["from"]))
    names, shares = table["to"][:n], floats(table, kind).reshape(n, n)
    if not np.isfinite(shares).any():
        why = "counts are not stored with this model" if kind == "counted" else "it is for the NBD"
        raise OptionError(f'migration has no kind="{kind}" here: {why}; use kind="next"')
    now = floats(table, "customers_now")[::n]
    rows = [i for i in range(n) if now[i] > 0 or 0 < i < n - 1]
    labels = [f"{names[i]} ({now[i]:,.0f})" for i in rows]
    ax, most = axis(ax), float(np.nanmax(shares[rows]))
    draw_cells(ax, shares[rows], labels, names, "Share of the row", (0.0, most))
    labels = [f"Later value per purchase, {currency}", f"Value now, {currency} (customers)"]
    frame(ax, f"Value bands: {titles[kind]}", *labels, grid=False)
    return ax


def transitions(
    model: Model, ax: Axes | None = None, *, kind: str = "fitted", currency: str = "money"
) -> Axes:
    """From one value band to that of the next active period: the model, and what was counted.

    Cells are shares of their row: rows are the band of a value per purchase, columns that of the
    next one. The two matrices should look alike; ``"difference"`` is counted minus fitted, orange
    where the data have more. Rows without a move are grey.

    Args:
        model: A fitted model; of a Forecaster its ``model_``.
        ax: Where to draw; None makes a new figure.
        kind: ``"fitted"``, ``"empirical"`` or ``"difference"``.
        currency: Unit of the values, for the labels.

    Raises:
        OptionError: When the kind is none of these.
        DataError: When the model has no value bands, or no counts for the kind.

    >>> from clvcast import NBD, Panel
    >>> model = NBD().fit(Panel.from_transactions("../data/superstore.csv"))
    >>> transitions(model, kind="empirical").get_title()
    'Value bands: moves counted in the data'
    """
    titles = {
        "fitted": "moves expected by the model",
        "empirical": "moves counted in the data",
        "difference": "moves counted minus expected",
    }
    check_choice("kind", kind, titles)
    if not hasattr(model, "transitions"):
        raise OptionError(f"found {type(model).__name__}, expected a fitted model or Forecaster")
    money = model.transitions().get("monetary")
    if money is None:
        raise DataError("the model has no value bands: the data it was fitted to have no amounts")
    fitted = np.column_stack([money["below"], np.array(money["matrix"])])
    shown = fitted
    if kind != "fitted":
        if not (money.get("empirical") or {}).get("shares"):
            raise DataError(
                f'kind="{kind}": the model holds no counted moves between value bands; fit it to '
                'transactions, or use kind="fitted"'
            )
        nothing = [math.nan] * fitted.shape[1]
        shares = money["empirical"]["shares"][1:-1]
        shown = np.array([nothing if row is None else row for row in shares])
        shown = shown - fitted if kind == "difference" else shown
    edges = [money["rows"][0]["lower"], *(row["upper"] for row in money["rows"])]
    names = [f"{short(a)}–{short(b)}" for a, b in pairwise(edges)]
    columns = [f"below {short(edges[0])}", *names, f"above {short(edges[-1])}"]
    most = float(np.nanmax(np.abs(shown))) if np.isfinite(shown).any() else 1.0
    ax = axis(ax)
    if kind == "difference":
        label = "Difference of shares of the row"
        draw_cells(ax, shown, names, columns, label, (-most, most), BOTH_WAYS, "+.2f")
    else:
        draw_cells(ax, shown, names, columns, "Share of the row", (0.0, most))
    labels = [f"To: next value per purchase, {currency}", f"From: value per purchase, {currency}"]
    frame(ax, f"Value bands: {titles[kind]}", *labels, grid=False)
    return ax
