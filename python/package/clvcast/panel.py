"""Transactions, and the histories of customers that come of them."""

from __future__ import annotations

import datetime
import json
from typing import Any

from . import _engine
from .errors import OptionError, in_words_of_python, warn
from .frame import Frame
from .options import within
from .source import source


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
        delimiter: str | None = None,
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
            delimiter: The character between the fields of a CSV file, or ``"tab"``; found by itself
                where it is a usual one.
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

        What a user should know of the data (rows left out, repeated rows, days of times with a
        zone, which are taken in UTC) is told as a :class:`ClvWarning`.

        >>> panel = Panel.from_transactions("../data/superstore.csv", period="quarter")
        >>> len(panel), panel.as_of, panel.periods
        (793, datetime.date(2017, 12, 31), 16)
        >>> import polars
        >>> frame = polars.read_csv("../data/superstore.csv", try_parse_dates=True)
        >>> Panel.from_transactions(frame, customer="customer", order=False)
        Panel of 793 customers, 16 periods from 2014-Q1 to 2017-Q4
        """
        within("base", base, 0, 2**64 - 1)
        engine = _engine.Panel.read(
            *source(data, date),
            customer=_name(customer),
            date=_name(date),
            amount=_name(amount),
            cost=_name(cost),
            expense=_name(expense),
            order=_name(order),
            segment=_name(segment),
            date_format=date_format,
            delimiter=delimiter,
            refunds=refunds,
            zero_orders=zero_orders,
            duplicates=duplicates,
            lenient=lenient,
            period=period,
            as_of=None if as_of is None else _day(as_of),
            clock=clock,
            base=base,
        )
        panel = cls(engine)
        warn([*panel.audit["notes"], *engine.warnings])
        return panel

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
    def warnings(self) -> list[str]:
        """What a user should know of the data, as it was told when they were read."""
        return [in_words_of_python(text) for text in self._engine.warnings]

    @property
    def audit(self) -> dict[str, Any]:
        """What was read, used and left out, and which columns were taken.

        Of the panel: rows after the as-of date with their amount (money), orders of zero, refunds,
        customers without a purchase.
        """
        audit: dict[str, Any] = json.loads(self._engine.audit())
        return audit

    @property
    def rejects(self) -> list[dict[str, Any]]:
        """The rows that ``lenient=True`` left out, each a dictionary as in :class:`ClvError`."""
        return self._engine.rejects

    def customers(self) -> Frame:
        """One row per customer, in ascending order of their ids.

        Columns: x (purchases counted), t_x and T (periods), r (periods since the last active one),
        f1 and m1 (purchases and mean value of that one, money), past_purchases, past_amount
        (money, exact decimals), first_purchase, last_purchase.
        """
        return Frame(self._engine.customers())

    def history(self, customer: str) -> Frame:
        """What one customer did: a row per period from the first of the panel to the last.

        Columns: period (label), start and end (days), purchases (counted), amount, cost, expense
        and gross_profit (money; missing where the data have no such column).

        Raises:
            OptionError: When there is no such customer.

        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> history = panel.history("TC-20980").to_dict()
        >>> history["period"][0], sum(history["purchases"])
        ('2014-Q1', 5)
        """
        return Frame(self._engine.history(str(customer)))

    def __repr__(self) -> str:
        engine = self._engine
        periods = f"{engine.first_period} to {engine.last_period}"
        return f"Panel of {len(self)} customers, {self.periods} periods from {periods}"


def _name(column: Any) -> Any:
    """The name of a column, which is no text in every frame."""
    return column if column is None or isinstance(column, (bool, str)) else str(column)


def _day(day: Any) -> str:
    """A date, or the date of a time, as a text."""
    return day.isoformat()[:10] if isinstance(day, datetime.date) else str(day)


def expect_panel(panel: Any) -> Panel:
    """Refuses what is no panel, such as the data frame that one is made of."""
    if isinstance(panel, Panel):
        return panel
    kind = f"{type(panel).__module__}.{type(panel).__qualname__}"
    raise OptionError(
        f"found {kind}, expected a Panel: make one with Panel.from_transactions(transactions)"
    )
