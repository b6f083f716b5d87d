"""One customer."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from matplotlib.axes import Axes

from ..errors import OptionError
from ..forecast import Forecast
from ._source import check_choice, floats
from ._style import BARS, DOTS, INK, MODEL, axis, draw_band, frame, mark_coming, name_ticks, whole

QUANTITIES = ("gross_profit", "amount", "purchases")


def fan(
    forecast: Forecast,
    customer: str,
    ax: Axes | None = None,
    *,
    quantity: str = "gross_profit",
    currency: str = "money",
) -> Axes:
    """One customer's past by period, and the coming periods with their bands.

    Each pair of quantiles q and 1 − q that the forecast was asked for is a band, which should hold
    the share 1 − 2q of what comes; the dashed line is the expectation, and a thin one the median
    if it was asked for.

    Args:
        forecast: A forecast, best with ``quantiles=[0.05, 0.25, 0.5, 0.75, 0.95]`` or the like.
        customer: Id of the customer.
        ax: Where to draw; None makes a new figure.
        quantity: ``"gross_profit"`` or ``"amount"`` (money), or ``"purchases"`` (a number).
        currency: Unit of money, for the label.

    Raises:
        OptionError: When customer or quantity are unknown, or nothing of the kind is forecast.

    >>> from clvcast import Forecaster, Panel
    >>> panel = Panel.from_transactions("../data/superstore.csv")
    >>> forecaster = Forecaster(method="chain", frequency="nbd").fit(panel)
    >>> ax = fan(forecaster.forecast(quantiles=[0.05, 0.95]), "AA-10315", quantity="amount")
    >>> ax.get_title()
    'Customer AA-10315: amount by period, past and coming'
    """
    if not isinstance(forecast, Forecast):
        kind = type(forecast).__name__
        raise OptionError(f"found {kind}, expected a Forecast: Forecaster(…).fit(panel).forecast()")
    check_choice("quantity", quantity, QUANTITIES)
    rows = forecast.frame(layout="long", customers=[customer]).to_dict()
    if not rows["customer"]:
        raise OptionError(f"customer: `{customer}` is not in the forecast")
    levels = sorted(forecast.quantiles)
    coming = {level: floats(rows, f"{quantity}_p{digits(level)}") for level in levels}
    expected, words = floats(rows, quantity), quantity.replace("_", " ")
    if not any(np.isfinite(of).any() for of in (expected, *coming.values())):
        others = [name for name in QUANTITIES if np.isfinite(floats(rows, name)).any()]
        raise OptionError(
            f"quantity: no {words} of customer `{customer}` is forecast, only: "
            f"{', '.join(others) or 'nothing'}"
        )
    history = forecast.panel.history(customer).to_dict()
    made, past, h = floats(history, quantity), len(history["period"]), len(expected)
    at, ahead, ax = np.arange(past) - past + 1.0, np.arange(1.0, h + 1.0), axis(ax)
    known = "past" if np.isfinite(made).any() else "past: not known"
    ax.bar(at, np.nan_to_num(made), width=0.8, color=BARS, label=known)
    pairs = [(low, high) for low in levels for high in levels if symmetric(low, high)]
    for (low, high), dark in zip(pairs, np.linspace(0.25, 0.5, len(pairs)), strict=True):
        label = f"{100 * (high - low):.4g} % interval"
        draw_band(ax, ahead, coming[low], coming[high], label, float(dark))
    if 0.5 in coming:
        ax.plot(ahead, coming[0.5], "-", color=MODEL, lw=1, label="median")
    label = "expectation" if pairs else "expectation (no bands: the forecast has no quantile pairs)"
    style = "o--" if past + h <= DOTS else "--"
    ax.plot(ahead, expected, style, color=MODEL, lw=2, label=label)
    mark_coming(ax, past, past + h)
    ax.axhline(0.0, color=INK, lw=0.8)
    labels = [*history["period"], *rows["period"]]
    name_ticks(ax, [*at, *ahead], [label.split("/")[0] for label in labels])
    unit = "" if quantity == "purchases" else f", {currency}"
    title = f"Customer {customer}: {words} by period, past and coming"
    frame(ax, title, "Period", f"{words.capitalize()} per period{unit}")
    if quantity == "purchases":
        whole(ax)
    ax.legend(fontsize="small")
    return ax


def digits(level: float) -> str:
    """The decimals of a level, at least two, as in the names of columns.

    >>> digits(0.05), digits(0.5), digits(0.025), digits(0.00001)
    ('05', '50', '025', '00001')
    """
    return format(Decimal(str(level)), "f").partition(".")[2].ljust(2, "0")


def symmetric(low: float, high: float) -> bool:
    """Whether as much lies below the one as above the other.

    >>> symmetric(0.05, 0.95), symmetric(0.5, 0.5)
    (True, False)
    """
    return low < 0.5 < high and abs(low + high - 1.0) < 1e-9
