"""Probabilistic customer-lifetime-value forecasts from a log of transactions.

>>> import clvcast
>>> panel = clvcast.Panel.from_transactions("../data/superstore.csv")
>>> forecast = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel).forecast()
>>> forecast.to_polars()["gross_profit_total"].sum()  # doctest: +SKIP
60000.0
"""

from ._engine import VERSION as __version__
from .errors import (
    ClvError,
    DataError,
    FitError,
    ModelError,
    NotFittedError,
    OptionError,
)
from .forecaster import Forecast, Forecaster, backtest
from .frame import Frame
from .models import BGNBD, MBGNBD, NBD, PDO, GammaGamma, Model, ParetoNBD, load
from .panel import Panel

__all__ = [
    "BGNBD",
    "MBGNBD",
    "NBD",
    "PDO",
    "ClvError",
    "DataError",
    "FitError",
    "Forecast",
    "Forecaster",
    "Frame",
    "GammaGamma",
    "Model",
    "ModelError",
    "NotFittedError",
    "OptionError",
    "Panel",
    "ParetoNBD",
    "__version__",
    "backtest",
    "load",
]
