"""Probabilistic customer-lifetime-value forecasts from a log of transactions.

>>> import clvcast
>>> panel = clvcast.Panel.from_transactions("../data/superstore.csv")
>>> forecast = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel).forecast()
>>> totals = forecast.totals().to_polars()
>>> totals.columns[:3], totals.height
(['period', 'active_customers', 'purchases'], 4)
"""

from ._engine import VERSION as __version__
from .backtest import Backtest, backtest
from .errors import (
    ClvError,
    ClvWarning,
    DataError,
    FitError,
    ModelError,
    NotFittedError,
    OptionError,
)
from .forecast import Forecast
from .forecaster import Forecaster
from .frame import Frame
from .model import Model
from .models import BGNBD, MBGNBD, NBD, PDO, ParetoNBD, load
from .panel import Panel
from .picture import Picture
from .values import GammaGamma

__all__ = [
    "BGNBD",
    "MBGNBD",
    "NBD",
    "PDO",
    "Backtest",
    "ClvError",
    "ClvWarning",
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
    "Picture",
    "__version__",
    "backtest",
    "load",
]
