"""Arguments as the command line takes them."""

from __future__ import annotations

import math
from typing import Any

from .errors import OptionError


def given(**options: Any) -> dict[str, Any]:
    """Those that are not None.

    >>> given(season="auto", trend=None)
    {'season': 'auto'}
    """
    return {name: value for name, value in options.items() if value is not None}


def within(name: str, value: float | None, low: float, high: float) -> None:
    """Refuses a number outside a range, both ends of which belong to it.

    >>> within("horizon", 0, 1, 366)
    Traceback (most recent call last):
    clvcast.errors.OptionError: horizon=0: expected 1 to 366
    """
    if value is not None and not (low <= value <= high and not math.isnan(value)):
        raise OptionError(f"{name}={value}: expected {low} to {high}")
