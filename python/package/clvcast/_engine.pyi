from collections.abc import Sequence
from typing import Any, final

from .picture import Pictures

__all__ = [
    "VERSION",
    "Backtest",
    "Forecast",
    "Found",
    "Frame",
    "Model",
    "Outlook",
    "Panel",
    "backtest",
    "fit",
]

VERSION: str

@final
class Frame:
    @property
    def column_names(self) -> list[str]: ...
    def columns(self) -> dict[str, list[Any]]: ...
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Panel:
    @staticmethod
    def read(
        files: list[str],
        frame: Any,
        *,
        customer: str | bool | None,
        date: str | bool | None,
        amount: str | bool | None,
        cost: str | bool | None,
        expense: str | bool | None,
        order: str | bool | None,
        segment: str | bool | None,
        date_format: str | None,
        delimiter: str | None,
        refunds: str,
        zero_orders: str,
        duplicates: str,
        lenient: bool,
        period: str,
        as_of: str | None,
        clock: str,
        base: int | None,
    ) -> Panel: ...
    def __len__(self) -> int: ...
    @property
    def as_of(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def periods(self) -> int: ...
    @property
    def first_period(self) -> str: ...
    @property
    def last_period(self) -> str: ...
    @property
    def warnings(self) -> list[str]: ...
    @property
    def rejects(self) -> list[dict[str, Any]]: ...
    def audit(self) -> str: ...
    def customers(self) -> Frame: ...
    def history(self, customer: str) -> Frame: ...

@final
class Outlook:
    """What a model expects of one customer."""

    @property
    def probability_alive(self) -> float:
        """P(has not left by now)."""

    def expected_purchases(self, t: float) -> float:
        """Expected purchases in the coming t periods."""

    def pmf(self, t: float) -> list[float]:
        """P(0), P(1), … purchases in the coming t periods, up to where next to nothing is left."""

@final
class Model:
    @staticmethod
    def from_json(text: str) -> Model: ...
    def to_json(self) -> str: ...
    @property
    def frequency(self) -> str: ...
    @property
    def warnings(self) -> list[str]: ...
    def warnings_with(self, panel: Panel) -> list[str]: ...
    def report(self, panel: Panel) -> str: ...
    def transitions(self, text: bool) -> str: ...
    def probability_alive(self, panel: Panel) -> Frame: ...
    def expected_purchases(self, panel: Panel, periods: int) -> Frame: ...
    def pmf(self, panel: Panel, periods: int, most: int) -> Frame: ...
    def expected_values(self, panel: Panel) -> Frame: ...
    def given(self, x: int, t_x: float, t: float) -> Outlook: ...
    def pictures(self, panel: Panel) -> Pictures: ...

@final
class Found:
    @staticmethod
    def given(model: Model, method: str | None) -> Found: ...
    @staticmethod
    def asked(panel: Panel, options: dict[str, Any], method: str | None) -> Found: ...
    @staticmethod
    def chosen(
        panel: Panel,
        options: dict[str, Any],
        method: str | None,
        horizon: int,
        acquisition: str,
    ) -> Found: ...
    @property
    def models(self) -> list[Model]: ...
    @property
    def weights(self) -> list[float]: ...
    @property
    def methods(self) -> list[str]: ...
    def forecast(
        self,
        panel: Panel,
        *,
        horizon: int,
        acquisition: str,
        margin: float | None,
        expense_rate: float | None,
        margin_rule: str,
        discount: float,
        overrides: str | None,
        quantiles: Sequence[float],
        draws: int | None,
        seed: int,
        bootstrap: int | None,
        recalibrate: bool,
        other: bool,
    ) -> Forecast: ...

@final
class Forecast:
    def frame(
        self, *, layout: str, columns: list[str] | None, customers: list[str] | None
    ) -> Frame: ...
    @property
    def periods(self) -> list[str]: ...
    @property
    def quantiles(self) -> list[float]: ...
    @property
    def warnings(self) -> list[str]: ...
    def totals(self) -> Frame: ...
    def summary(self) -> str: ...
    def pictures(self) -> Pictures: ...

@final
class Backtest:
    def to_json(self) -> str: ...
    def report(self) -> str: ...
    def pictures(self) -> Pictures: ...

def fit(panel: Panel, options: dict[str, Any]) -> Model: ...
def backtest(
    panel: Panel,
    options: dict[str, Any],
    *,
    holdout: int,
    origins: int,
    only: list[str],
    acquisition: str,
    margin: float | None,
    expense_rate: float | None,
    margin_rule: str,
    level: float,
    draws: int,
    seed: int,
) -> Backtest: ...
