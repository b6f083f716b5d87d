"""What pictures are made of: sources, their tables, and numbers in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..errors import OptionError
from ..picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..panel import Panel

    Numbers = NDArray[Any]

OF_BACKTEST = {"expectation-by-frequency", "expectation-by-recency", "calibration", "leaderboard"}


class Source(Protocol):
    """What has pictures: a fitted model or Forecaster, a Forecast, a Backtest."""

    def pictures(self, panel: Panel | None = None) -> dict[str, Picture]:
        """Those that apply, by name."""

    def skipped_pictures(self, panel: Panel | None = None) -> dict[str, str]:
        """Why the others do not apply, by name."""


def find(source: Any, name: str, panel: Panel | None) -> tuple[Picture, dict[str, Picture]]:
    """The picture of that name, and all of the source.

    Raises:
        OptionError: When the source has no such picture, with the reason.
    """
    kind = type(source).__name__
    if not hasattr(source, "pictures"):
        raise OptionError(
            f"found {kind}, expected a fitted model or Forecaster, a Forecast or a Backtest"
        )
    pictures: dict[str, Picture] = source.pictures(panel)
    if name not in pictures:
        why = source.skipped_pictures(panel).get(name)
        if why is None and name in OF_BACKTEST:
            why = "it compares forecasts with what happened then, and needs a Backtest"
        raise OptionError(f"no picture {name} of this {kind}: {why or 'it does not apply'}")
    return pictures[name], pictures


def check_choice(name: str, value: str, choices: Iterable[str]) -> None:
    """Refuses what is none of the choices."""
    choices = list(choices)
    if value not in choices:
        raise OptionError(f'{name}="{value}": expected one of {", ".join(choices)}')


def floats(table: Mapping[str, Any], name: str) -> Numbers:
    """A column of numbers; missing ones (None) are nan."""
    return np.array(table[name], dtype=np.float64)


def periods_past(table: Mapping[str, Any]) -> int:
    """How many periods of a tracking table are past.

    In the coming ones the running sum of what is expected starts from what happened.
    """
    actual, expected = floats(table, "actual"), floats(table, "expected")
    sums, low = floats(table, "cumulative_expected"), floats(table, "p05")
    for i in range(len(actual)):
        before = sums[i - 1] if i else 0.0
        goes_on = abs(sums[i] - before - expected[i]) <= 1e-9 * max(1.0, abs(sums[i]))
        if not np.isfinite(actual[i]) or np.isfinite(low[i]) or not goes_on:
            return i
    return len(actual)


def period_name(pictures: Mapping[str, Picture]) -> str:
    """What several periods are called, as the caption of the map of rates has it."""
    rates = pictures.get("rate-heatmap")
    found = rates and re.search(r"first seen \S+ (.+?) ago", rates.caption)
    return found[1] if found else "periods"


def class_name(low: float, high: float, *, whole: bool) -> str:
    """A class from ``low`` to below ``high``; the last one has no end (nan)."""
    if math.isnan(high):
        return f"{low:.4g}+"
    if whole:
        return f"{low:.0f}" if high - low == 1 else f"{low:.0f}–{high - 1:.0f}"
    return f"{low:.4g}–{high:.4g}"


def minus(text: str) -> str:
    """With a minus sign as wide as the digits."""
    return text.replace("-", "−")


def short(money: float) -> str:
    """Money in few letters.

    >>> [short(money) for money in (0.5, 8, 950, 1000, 1234, 25000, 23661, 1.5e6)]
    ['0.5', '8', '950', '1k', '1.2k', '25k', '23.7k', '1.5M']
    """
    size = abs(money)
    unit, letter = (1e6, "M") if size >= 999_500 else (1e3, "k") if size >= 999.5 else (1.0, "")
    value = money / unit
    places = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 1 else 2
    text = f"{value:.{places}f}"
    return minus(text.rstrip("0").rstrip(".") if "." in text else text) + letter
