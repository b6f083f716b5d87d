"""Arguments as the command line takes them."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping
from typing import Any

from .errors import OptionError

#: Options of a fit.
FIT = (
    "frequency",
    "season",
    "trend",
    "spend",
    "tau",
    "value_season",
    "value_trend",
    "dependence",
    "calendar",
    "damping",
    "penalty",
    "bands",
    "max_frequency",
)


def of_fit(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a fit among the arguments of a function, those that are given.

    >>> of_fit({"self": None, "season": "auto", "trend": None, "draws": 200})
    {'season': 'auto'}
    """
    options = {name: arguments[name] for name in FIT if arguments.get(name) is not None}
    within("max_frequency", options.get("max_frequency"), 1, 10_000)
    if "calendar" in options:
        options["calendar"] = os.fspath(options["calendar"])
    return options


def within(name: str, value: Any, low: int, high: int) -> None:
    """Refuses what is no whole number of a range, both ends of which belong to it.

    >>> within("horizon", 0, 1, 366)
    Traceback (most recent call last):
    clvcast.errors.OptionError: horizon=0: expected a whole number from 1 to 366
    """
    try:
        fits = value is None or low <= operator.index(value) <= high
    except TypeError:
        fits = False
    if not fits:
        raise OptionError(f"{name}={value!r}: expected a whole number from {low} to {high}")
