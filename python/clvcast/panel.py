"""Transactions, and the histories of customers that come of them."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Sequence
from typing import Any

from . import _engine
from .errors import DataError
from .frame import Frame


class Panel:
    """The histories of all customers up to an as-of date.

    Made by :meth:`from_transactions`. Its length is the number of customers.
    """

    def __init__(self, engine: _engine.Panel) -> None:
        self._engine = engine

    @classmethod
    def from_transactions(
        cls,
        data: Any,
        *,
        customer: str | None = None,
        date: str | None = None,
        amount: str | bool | None = None,
        cost: str | bool | None = None,
        expense: str | bool | None = None,
        order: str | bool | None = None,
        segment: str | bool | None = None,
        date_format: str | None = None,
        refunds: str = "net",
        zero_orders: str = "drop",
        duplicates: str = "keep",
        lenient: bool = False,
        period: str = "quarter",
        as_of: str | datetime.date | None = None,
        clock: str = "first-purchase",
        base: int | None = None,
    ) -> Panel:
        """Reads transactions and builds the histories of their customers.

        Args:
            data: A data frame that speaks the Arrow PyCapsule interface (pyarrow, polars, pandas
                from 2.2 on, a DuckDB relation), or the path of a file, or several of them.
            customer, date, amount, cost, expense, order, segment: Names of columns. A column that
                is not named is found by its usual names; ``False`` uses none.
            date_format: How dates are written, such as ``"%d.%m.%y"``.
            refunds: ``"net"``, ``"drop"`` or ``"error"``.
            zero_orders: ``"drop"`` or ``"count"``.
            duplicates: ``"keep"``, ``"drop"`` or ``"error"`` for rows alike in every column.
            lenient: Leave rows out that cannot be used, and count them.
            period: ``"month"``, ``"quarter"``, ``"year"``, ``"week"`` or days such as ``"91d"``.
            as_of: The last day of the history; by default the end of the last complete period.
            clock: ``"first-purchase"`` or ``"panel"``.
            base: Under the panel clock the number of customers known from elsewhere.

        Raises:
            DataError: When columns, types or rows cannot be used.
            OptionError: When an argument is wrong.

        >>> panel = Panel.from_transactions("../data/superstore.csv", period="quarter")
        >>> len(panel), panel.as_of, panel.periods
        (793, datetime.date(2017, 12, 31), 16)
        """
        engine = _engine.Panel.read(
            _source(data),
            customer=customer,
            date=date,
            amount=amount,
            cost=cost,
            expense=expense,
            order=order,
            segment=segment,
            date_format=date_format,
            refunds=refunds,
            zero_orders=zero_orders,
            duplicates=duplicates,
            lenient=lenient,
            period=period,
            as_of=None if as_of is None else str(as_of)[:10],
            clock=clock,
            base=base,
        )
        return cls(engine)

    def __len__(self) -> int:
        return len(self._engine)

    @property
    def as_of(self) -> datetime.date:
        """The last day of the history."""
        return datetime.date.fromisoformat(self._engine.as_of)

    @property
    def period(self) -> str:
        """Length of a period."""
        return self._engine.period

    @property
    def periods(self) -> int:
        """Number of periods from the first transaction to the as-of date."""
        return self._engine.periods

    @property
    def audit(self) -> dict[str, Any]:
        """What was read, used and left out, and which columns were taken."""
        audit: dict[str, Any] = json.loads(self._engine.audit())
        return audit

    def customers(self) -> Frame:
        """One row per customer, in ascending order of their ids.

        Columns: x (purchases counted), t_x and T (periods), r (periods since the last active one),
        f1 and m1 (purchases and mean value of that one, money), past_purchases, past_amount
        (money), first_purchase, last_purchase.
        """
        return Frame(self._engine.customers())

    def __repr__(self) -> str:
        engine = self._engine
        periods = f"{engine.first_period} to {engine.last_period}"
        return f"Panel of {len(self)} customers, {self.periods} periods from {periods}"


def _source(data: Any) -> Any:
    """Paths as a list of texts, and a frame as it is."""
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    if isinstance(data, Sequence) and all(isinstance(d, (str, os.PathLike)) for d in data):
        return [os.fspath(path) for path in data]
    if not hasattr(data, "__arrow_c_stream__"):
        kind = f"{type(data).__module__}.{type(data).__qualname__}"
        raise DataError(
            f"found data of type {kind}, expected a data frame that speaks the Arrow PyCapsule "
            "interface (pyarrow, polars, pandas from 2.2 on, a DuckDB relation) or paths of files; "
            "try polars.DataFrame(data)"
        )
    return _Stream(data)


class _Stream:
    """A frame whose refusal to become Arrow columns is told as an error of the data."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        try:
            return self.data.__arrow_c_stream__(requested_schema)
        except ImportError as error:
            raise DataError(
                f"the data frame needs another library to hand over its columns ({error}); "
                "install pyarrow, or try polars.DataFrame(data)"
            ) from error
        except Exception as error:
            raise DataError(
                "the data frame cannot be handed over as columns of one type each "
                f"({error}); convert the column it names, such as with pandas.to_datetime(…, "
                "utc=True) or pandas.to_numeric"
            ) from error
