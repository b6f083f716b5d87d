"""Pictures with matplotlib: ``pip install "clvcast[plot]"``.

Each function draws on an axis, or on a new one, and returns it; none of them shows or saves. What
is drawn are the numbers of ``source.pictures()``, where there is also a caption for these data.
Dark or grey is what happened, blue what a model says; the colours are told apart by every kind of
colour vision. Periods are numbered along the axis: 0 ends at the as-of date, 1 is the first to
come.

Most take a source (a fitted model or Forecaster, a Forecast, a Backtest), ``ax`` (None makes a new
figure) and ``panel`` (for models and forecasters, other histories than those of the fit). A
picture that does not apply is an :class:`~clvcast.OptionError` that says why.

>>> from clvcast import NBD, Panel, plot
>>> model = NBD().fit(Panel.from_transactions("../data/superstore.csv"))
>>> ax = plot.tracking(model)
>>> ax.get_title()
'Repeat purchases: actual and model'
"""

from __future__ import annotations

try:
    import matplotlib as _matplotlib  # noqa: F401
except ImportError as error:
    raise ImportError(
        f'clvcast.plot draws with matplotlib ({error}): pip install "clvcast[plot]"'
    ) from error

from ._base import calendar, frequency_histogram, spend_density, tracking
from ._customer import fan
from ._holdout import calibration, expectation_by_frequency, expectation_by_recency, leaderboard
from ._maps import alive_heatmap, migration, rate_heatmap, transitions
from ._source import Source

__all__ = [
    "Source",
    "alive_heatmap",
    "calendar",
    "calibration",
    "expectation_by_frequency",
    "expectation_by_recency",
    "fan",
    "frequency_histogram",
    "leaderboard",
    "migration",
    "rate_heatmap",
    "spend_density",
    "tracking",
    "transitions",
]
