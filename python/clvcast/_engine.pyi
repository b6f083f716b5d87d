from collections.abc import Sequence
from typing import Any

VERSION: str

class Frame:
    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

class Panel:
    @staticmethod
    def read(
        source: Any,
        *,
        customer: str | bool | None,
        date: str | bool | None,
        amount: str | bool | None,
        cost: str | bool | None,
        expense: str | bool | None,
        order: str | bool | None,
        segment: str | bool | None,
        date_format: str | None,
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
    def audit(self) -> str: ...
    def customers(self) -> Frame: ...

class Model:
    @staticmethod
    def from_json(text: str) -> Model: ...
    def to_json(self) -> str: ...
    def transitions(self) -> str: ...
    @property
    def frequency(self) -> str: ...

class Found:
    @staticmethod
    def given(model: Model, method: str | None) -> Found: ...
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
    ) -> Forecast: ...

class Forecast:
    def frame(
        self, *, layout: str, columns: list[str] | None, customers: list[str] | None
    ) -> Frame: ...
    @property
    def periods(self) -> list[str]: ...
    def totals(self) -> list[tuple[str, float, float | None, float | None]]: ...

def fit(panel: Panel, options: dict[str, Any]) -> Model: ...
def choose(
    panel: Panel,
    options: dict[str, Any],
    *,
    method: str | None,
    horizon: int,
    acquisition: str,
) -> Found: ...
def backtest(
    panel: Panel,
    options: dict[str, Any],
    *,
    holdout: int,
    origins: int,
    only: list[str],
    margin: float | None,
    expense_rate: float | None,
    level: float,
    draws: int,
    seed: int,
) -> str: ...
