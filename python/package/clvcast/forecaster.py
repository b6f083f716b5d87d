"""From histories to what each customer will bring in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any

from . import _engine
from .drawn import Drawn
from .errors import NotFittedError, OptionError, warn
from .forecast import Forecast
from .model import Model
from .models import of_engine
from .options import of_fit, within
from .panel import Panel, expect_panel
from .picture import Pictures


class Forecaster(Drawn):
    """Chooses or fits a model, and forecasts purchases, value and profit of every customer.

    The arguments are the options of ``clvcast forecast``, with its defaults: without ``method``
    and ``frequency`` models, calendars and methods are compared on held-out periods of the panel,
    and the best is taken.

    Args:
        method: ``"chain"``, ``"posterior"``, ``"point"`` or ``"auto"``.
        frequency: ``"nbd"``, ``"bg-nbd"``, ``"mbg-nbd"``, ``"pareto-nbd"``, ``"pdo"`` or
            ``"auto"``.
        acquisition: What the acquiring day says in the chain, ``"drop"`` or ``"keep"``.
        model: A fitted model or one from a file, which is used as it is.
        tau: Sub-period of the PDO such as ``"7d"``.
        season, trend, spend, value_season, value_trend, dependence, calendar, damping, penalty,
            bands, max_frequency: As of :class:`clvcast.Model`.

    >>> panel = Panel.from_transactions("../data/superstore.csv")
    >>> forecaster = Forecaster(method="chain", frequency="nbd").fit(panel)
    >>> forecast = forecaster.forecast(horizon=3)
    >>> forecast.periods
    ['2018-Q1', '2018-Q2', '2018-Q3']
    >>> len(forecast.to_polars())
    793
    """

    def __init__(
        self,
        *,
        method: str | None = None,
        frequency: str | None = None,
        season: str | None = None,
        trend: str | None = None,
        spend: str | None = None,
        acquisition: str = "drop",
        model: Model | None = None,
        tau: str | None = None,
        value_season: str | None = None,
        value_trend: str | None = None,
        dependence: str | None = None,
        calendar: str | os.PathLike[str] | None = None,
        damping: float | None = None,
        penalty: float | None = None,
        bands: Sequence[float] | None = None,
        max_frequency: int | None = None,
    ) -> None:
        self._method = method
        self._acquisition = acquisition
        self._model = model
        self._options: dict[str, Any] = of_fit(locals())
        if model is not None and (self._options or method == "auto"):
            names = ", ".join(self._options) or "method"
            raise OptionError(f"model= leaves nothing to fit or to choose: leave out {names}")
        if model is not None and not isinstance(model, Model):
            kind = type(model).__name__
            raise OptionError(
                f"model: found {kind}, expected a fitted model; clvcast.load reads one"
            )
        self._found: _engine.Found | None = None
        self._horizon = 3
        self._panel: Panel | None = None
        self._told: set[str] = set()

    def fit(self, panel: Panel, *, horizon: int = 3) -> Forecaster:
        """Fits to the panel, and returns the forecaster itself.

        What a user should know of the fit is told as a :class:`ClvWarning`.

        Args:
            panel: The histories.
            horizon: Periods ahead on which candidates are compared, where there is a choice; also
                what :meth:`forecast` looks ahead unless it is told otherwise.

        Raises:
            OptionError: When an option cannot be meant.
            FitError: When nothing can be fitted to the panel.
            DataError: When the history is too short to compare candidates.
        """
        within("horizon", horizon, 1, 366)
        panel = expect_panel(panel)
        frequency = self._options.get("frequency")
        asked = "auto" in (self._method, frequency)
        if self._model is not None:
            self._found = _engine.Found.given(self._model.engine, self._method)
        elif asked or (self._method is None and frequency is None):
            self._found = _engine.Found.chosen(
                panel._engine, self._options, self._method, horizon, self._acquisition
            )
        else:
            self._found = _engine.Found.asked(panel._engine, self._options, self._method)
        self._panel, self._horizon = panel, horizon
        self._told = {text for model in self._found.models for text in model.warnings}
        warn(sorted(self._told))
        return self

    @property
    def _fitted(self) -> tuple[_engine.Found, Panel]:
        if self._found is None or self._panel is None:
            raise NotFittedError("nothing to forecast with yet: call Forecaster().fit(panel)")
        return self._found, self._panel

    @property
    def model_(self) -> Model:
        """The model that forecasts; of an average the one with the largest weight."""
        found, panel = self._fitted
        return of_engine(found.models[0], panel)

    @property
    def method_(self) -> str:
        """The method that forecasts; of an average that of the largest weight."""
        return self._fitted[0].methods[0]

    @property
    def members_(self) -> list[tuple[float, Model, str]]:
        """Weight, model and method of all that forecast together."""
        found, panel = self._fitted
        models = [of_engine(model, panel) for model in found.models]
        return list(zip(found.weights, models, found.methods, strict=True))

    @property
    def choice_(self) -> dict[str, Any] | None:
        """How candidates compared, as the model file has it; None where nothing was chosen."""
        file = json.loads(self._fitted[0].models[0].to_json())
        choice: dict[str, Any] | None = file.get("fit", {}).get("choice")
        return choice

    def transitions(self) -> dict[str, Any]:
        """:meth:`Model.transitions` of :attr:`model_`."""
        return self.model_.transitions()

    def _pictures(self, panel: Panel | None) -> Pictures:
        return self.model_._pictures(panel)

    def forecast(
        self,
        horizon: int | None = None,
        *,
        panel: Panel | None = None,
        quantiles: Iterable[float] | float = (),
        margin: float | None = None,
        expense_rate: float | None = None,
        margin_rule: str = "last",
        discount: float = 0.0,
        overrides: str | os.PathLike[str] | None = None,
        draws: int | None = None,
        seed: int = 1,
        bootstrap: int | None = None,
        recalibrate: bool = False,
    ) -> Forecast:
        """What each customer of the panel will bring in, over ``horizon`` periods.

        What a user should know of it is told as a :class:`ClvWarning`.

        Args:
            horizon: Periods ahead; by default those of :meth:`fit`, 3.
            panel: Other histories than those that were fitted.
            quantiles: Levels between 0 and 1; adds columns such as ``purchases_1_p95``.
            margin: One margin for all, a share of the amount.
            expense_rate: One expense rate for all, a share of the amount.
            margin_rule: ``"last"`` or ``"pooled"``.
            discount: Rate per period of the totals.
            overrides: Path of a file of margins and expenses that are decided.
            draws: Futures drawn of each customer for quantiles, 1000 by default.
            seed: Seed of the draws.
            bootstrap: Parameters of quantiles from fits to so many simulated histories.
            recalibrate: Read quantiles at the levels that held on held-out periods.

        Raises:
            OptionError: When an argument cannot be meant.
            DataError: When the overrides cannot be used.

        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> forecaster = Forecaster(method="chain", frequency="nbd").fit(panel)
        >>> rows = forecaster.forecast(2, quantiles=[0.05, 0.95], margin_rule="pooled").to_polars()
        >>> [name for name in rows.columns if name.startswith("amount_1")]
        ['amount_1', 'amount_1_p05', 'amount_1_p95']
        """
        found, fitted = self._fitted
        of = expect_panel(panel if panel is not None else fitted)
        horizon = self._horizon if horizon is None else horizon
        within("horizon", horizon, 1, 366)
        within("draws", draws, 100, 100_000)
        within("seed", seed, 0, 2**64 - 1)
        within("bootstrap", bootstrap, 20, 10_000)
        if recalibrate and self._model is not None:
            raise OptionError("recalibrate=True fits the model again: leave it out with model=")
        levels = _levels(quantiles)
        if recalibrate and of is not fitted:
            raise OptionError("recalibrate=True is about the panel of the fit: leave out panel=")
        if draws is not None and self.method_ == "point":
            raise OptionError("draws=: the point method gives scores, which have no distribution")
        if (bootstrap is not None or recalibrate) and not levels:
            raise OptionError("bootstrap= and recalibrate= are about quantiles: give quantiles=")
        engine = found.forecast(
            of._engine,
            horizon=horizon,
            acquisition=self._acquisition,
            margin=margin,
            expense_rate=expense_rate,
            margin_rule=margin_rule,
            discount=discount,
            overrides=None if overrides is None else os.fspath(overrides),
            quantiles=levels,
            draws=draws,
            seed=seed,
            bootstrap=bootstrap,
            recalibrate=recalibrate,
            other=of is not fitted,
        )
        # What data and fit said was told by then.
        told = self._told.union(of._engine.warnings)
        warn([text for text in engine.warnings if text not in told])
        chose = self._model is None and self.choice_ is not None
        if chose and horizon != self._horizon:
            warn(
                [
                    f"candidates were compared {self._horizon} periods ahead, and {horizon} are "
                    f"forecast: fit(panel, horizon={horizon}) compares them over as many"
                ]
            )
        return Forecast(engine, of)


def _levels(quantiles: Any) -> list[float]:
    """Levels ascending, each once.

    >>> _levels((0.95, 0.05, 0.95)), _levels(0.5), _levels(None)
    ([0.05, 0.95], [0.5], [])
    """
    most = 20
    given: Any = [] if quantiles is None else quantiles
    each: Any = given if hasattr(given, "__iter__") else [given]
    try:
        levels = sorted({float(level) for level in each})
    except (TypeError, ValueError) as error:
        raise OptionError(
            f"quantiles={quantiles!r}: expected levels between 0 and 1, such as [0.05, 0.95]"
        ) from error
    if len(levels) > most:
        raise OptionError(f"quantiles: found {len(levels)} levels, expected at most {most}")
    return levels
