"""What each customer will bring in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _engine
from .drawn import Drawn
from .errors import OptionError, in_words_of_python
from .frame import Frame
from .panel import Panel
from .picture import Pictures

if TYPE_CHECKING:
    import pandas
    import polars


class Forecast(Drawn):
    """A forecast: one row per customer, as the command line writes it.

    Made by :meth:`Forecaster.forecast`.
    """

    def __init__(self, engine: _engine.Forecast, panel: Panel) -> None:
        self._engine = engine
        #: The histories it starts from.
        self.panel = panel

    @property
    def periods(self) -> list[str]:
        """Labels of the periods that are forecast."""
        return self._engine.periods

    @property
    def quantiles(self) -> list[float]:
        """Levels of the quantiles, ascending; none where none were asked for."""
        return self._engine.quantiles

    @property
    def warnings(self) -> list[str]:
        """What a user should know."""
        return [in_words_of_python(text) for text in self._engine.warnings]

    def frame(
        self,
        *,
        layout: str = "wide",
        columns: Sequence[str] | None = None,
        customers: Sequence[str] | None = None,
    ) -> Frame:
        """The rows, sorted by customer, with the columns of the command line.

        Args:
            layout: ``"wide"``, one row per customer, or ``"long"``, one per customer and period.
            columns: Names of columns, in their order; by default all.
            customers: Ids of customers; by default all.

        Raises:
            OptionError: When a column or a customer is not there.

        >>> from clvcast import Forecaster
        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> forecast = Forecaster(method="chain", frequency="nbd").fit(panel).forecast(2)
        >>> names = ["customer", "period", "purchases"]
        >>> forecast.frame(layout="long", columns=names, customers=["TC-20980"]).to_dict()["period"]
        ['2018-Q1', '2018-Q2']
        """
        chosen = None if columns is None else list(columns)
        ids = None if customers is None else sorted({str(customer) for customer in customers})
        return Frame(self._engine.frame(layout=layout, columns=chosen, customers=ids))

    def totals(self) -> Frame:
        """Sums over all customers: a row per period, and one of the horizon, ``total``.

        Columns: active_customers (expected), purchases, amount, cost, expense, gross_profit
        (money; in ``total`` amount and gross profit are discounted, if asked for); where quantiles
        were asked for those of purchases, amount and gross profit, such as ``amount_p95``.

        >>> from clvcast import Forecaster
        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> forecast = Forecaster(method="chain", frequency="nbd").fit(panel).forecast()
        >>> forecast.totals().to_dict()["period"]
        ['2018-Q1', '2018-Q2', '2018-Q3', 'total']
        """
        return Frame(self._engine.totals())

    def summary(self) -> str:
        """What ``clvcast forecast`` prints; intervals where quantiles were asked for."""
        return in_words_of_python(self._engine.summary())

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """:meth:`frame` for pandas."""
        return self.frame(**options).to_pandas()

    def to_polars(self, **options: Any) -> polars.DataFrame:
        """:meth:`frame` for polars."""
        return self.frame(**options).to_polars()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame().__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self.panel)

    def __repr__(self) -> str:
        return f"Forecast of {len(self)} customers, {self.periods[0]} to {self.periods[-1]}"

    def _pictures(self, panel: Panel | None) -> Pictures:
        if panel is not None and panel is not self.panel:
            raise OptionError("a forecast has the pictures of its own panel: leave out panel=")
        return self._drawn

    @cached_property
    def _drawn(self) -> Pictures:
        """Made once: futures have to be drawn."""
        return self._engine.pictures()
