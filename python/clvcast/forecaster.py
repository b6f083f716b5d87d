"""From histories to what each customer will bring in."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import _engine
from .errors import DataError, NotFittedError, OptionError
from .frame import Frame
from .models import Model, of_engine
from .panel import Panel


class Forecaster:
    """Chooses or fits a model, and forecasts purchases, value and profit of every customer.

    The arguments are the options of ``clvcast forecast``, with its defaults: without ``method``
    and ``frequency`` models, calendars and methods are compared on held-out periods of the panel,
    and the best is taken.

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
        **options: Any,
    ) -> None:
        self._method = method
        self._acquisition = acquisition
        self._model = model
        named = {"frequency": frequency, "season": season, "trend": trend, "spend": spend}
        self._options = {name: value for name, value in named.items() if value is not None}
        self._options |= options
        if model is not None and self._options:
            given = ", ".join(self._options)
            raise OptionError(f"model= leaves nothing to fit: leave out {given}")
        self._found: _engine.Found | None = None
        self._panel: Panel | None = None

    def fit(self, panel: Panel, *, horizon: int = 3) -> Forecaster:
        """Fits to the panel, and returns the forecaster itself.

        Args:
            panel: The histories.
            horizon: Periods ahead on which candidates are compared, where there is a choice.
        """
        self._panel = panel
        frequency = self._options.get("frequency")
        open_ = self._method == "auto" or frequency == "auto"
        if self._model is not None:
            self._found = _engine.Found.given(self._model.engine, self._method)
        elif open_ or (self._method is None and frequency is None):
            self._found = _engine.choose(
                panel._engine,
                self._options,
                method=self._method,
                horizon=horizon,
                acquisition=self._acquisition,
            )
        else:
            model = _engine.fit(panel._engine, self._options)
            self._found = _engine.Found.given(model, self._method)
        return self

    @property
    def _fitted(self) -> tuple[_engine.Found, Panel]:
        if self._found is None or self._panel is None:
            raise NotFittedError("nothing to forecast with yet: call Forecaster().fit(panel)")
        return self._found, self._panel

    @property
    def model_(self) -> Model:
        """The model that forecasts; of an average the one with the largest weight."""
        return of_engine(self._fitted[0].models[0])

    @property
    def members_(self) -> list[tuple[float, Model, str]]:
        """Weight, model and method of all that forecast together."""
        found = self._fitted[0]
        models = map(of_engine, found.models)
        return list(zip(found.weights, models, found.methods, strict=True))

    @property
    def choice_(self) -> dict[str, Any] | None:
        """How candidates compared; None where nothing was chosen."""
        file = json.loads(self._fitted[0].models[0].to_json())
        choice: dict[str, Any] | None = file.get("fit", {}).get("choice")
        return choice

    def forecast(
        self,
        horizon: int = 3,
        *,
        panel: Panel | None = None,
        quantiles: Sequence[float] = (),
        margin: float | None = None,
        expense_rate: float | None = None,
        margin_rule: str = "last",
        discount: float = 0.0,
        overrides: str | os.PathLike[str] | None = None,
        draws: int | None = None,
        seed: int = 1,
    ) -> Forecast:
        """What each customer of the panel will bring in, over ``horizon`` periods.

        Args:
            horizon: Periods ahead.
            panel: Other histories than those that were fitted.
            quantiles: Levels between 0 and 1; adds columns such as ``purchases_1_p95``.
            margin: One margin for all, a share of the amount.
            expense_rate: One expense rate for all, a share of the amount.
            margin_rule: ``"last"`` or ``"pooled"``.
            discount: Rate per period of the totals.
            overrides: Path of a file of overrides.
            draws: Futures drawn of each customer for quantiles.
            seed: Seed of the draws.
        """
        found, fitted = self._fitted
        of = panel if panel is not None else fitted
        check(horizon, quantiles, margin, expense_rate, discount, draws)
        text = None
        if overrides is not None:
            try:
                text = Path(overrides).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise DataError(f"the overrides file cannot be read: {error}") from error
        engine = found.forecast(
            of._engine,
            horizon=horizon,
            acquisition=self._acquisition,
            margin=margin,
            expense_rate=expense_rate,
            margin_rule=margin_rule,
            discount=discount,
            overrides=text,
            quantiles=sorted(set(quantiles)),
            draws=draws,
            seed=seed,
        )
        return Forecast(engine)


def check(
    horizon: int,
    quantiles: Sequence[float],
    margin: float | None,
    expense_rate: float | None,
    discount: float,
    draws: int | None,
) -> None:
    """Refuses numbers that the command line refuses."""
    if not 1 <= horizon <= 366:
        raise OptionError(f"horizon={horizon}: expected 1 to 366 periods")
    if margin is not None and not margin <= 1.0:
        raise OptionError(f"margin={margin}: expected a share of at most 1 (35 % is 0.35)")
    if expense_rate is not None and not 0.0 <= expense_rate <= 1.0:
        raise OptionError(f"expense_rate={expense_rate}: expected a share from 0 to 1")
    if not discount > -1.0:
        raise OptionError(f"discount={discount}: expected a rate above -1")
    if draws is not None and not 100 <= draws <= 100_000:
        raise OptionError(f"draws={draws}: expected 100 to 100000")
    finest = 1.0 / (draws or 1000)
    for level in quantiles:
        if not finest <= level <= 1.0 - finest:
            raise OptionError(
                f"quantiles: {level} is not between {finest} and {1.0 - finest}, which the draws "
                "can tell; more draws tell more"
            )


class Forecast:
    """A forecast: one row per customer, as the command line writes it."""

    def __init__(self, engine: _engine.Forecast) -> None:
        self._engine = engine

    @property
    def periods(self) -> list[str]:
        """Labels of the periods that are forecast."""
        return self._engine.periods

    def frame(
        self,
        *,
        layout: str = "wide",
        columns: Sequence[str] | None = None,
        customers: Sequence[str] | None = None,
    ) -> Frame:
        """The rows, sorted by customer, with the columns of the command line."""
        chosen = None if columns is None else list(columns)
        ids = None if customers is None else list(customers)
        return Frame(self._engine.frame(layout=layout, columns=chosen, customers=ids))

    def to_pandas(self, **options: Any) -> Any:
        """:meth:`frame` for pandas."""
        return self.frame(**options).to_pandas()

    def to_polars(self, **options: Any) -> Any:
        """:meth:`frame` for polars."""
        return self.frame(**options).to_polars()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame().__arrow_c_stream__(requested_schema)


def backtest(
    panel: Panel,
    *,
    holdout: int = 3,
    origins: int = 1,
    only: Sequence[str] = (),
    margin: float | None = None,
    expense_rate: float | None = None,
    level: float = 0.9,
    draws: int = 200,
    seed: int = 1,
    **options: Any,
) -> dict[str, Any]:
    """Scores every model, calendar and method on the last periods, which are held back.

    Returns:
        What ``clvcast backtest --format json`` prints: as_of, holdout, customers, scores, chosen.
    """
    text = _engine.backtest(
        panel._engine,
        options,
        holdout=holdout,
        origins=origins,
        only=list(only),
        margin=margin,
        expense_rate=expense_rate,
        level=level,
        draws=draws,
        seed=seed,
    )
    found: dict[str, Any] = json.loads(text)
    return found
