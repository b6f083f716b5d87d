"""Tables that the engine hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _engine

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Frame:
    """A table, which every data frame library takes over.

    It speaks Arrow's C stream interface, so that ``polars.DataFrame(frame)``,
    ``pyarrow.table(frame)`` and DuckDB read it without a copy.

    >>> from clvcast import Panel
    >>> customers = Panel.from_transactions("../data/superstore.csv").customers()
    >>> len(customers), customers.columns[:3]
    (793, ['customer', 'x', 't_x'])
    >>> customers.to_polars().height
    793
    """

    def __init__(self, table: _engine.Frame) -> None:
        self._table = table

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._table.column_names

    def __len__(self) -> int:
        return len(self._table)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)

    def to_dict(self) -> dict[str, list[Any]]:
        """As lists by column; a missing value is None, dates are ``datetime.date``."""
        return self._table.columns()

    def to_arrow(self) -> pyarrow.Table:
        """As a table of pyarrow, which has to be installed."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a data frame of pandas, which has to be installed with pyarrow.

        Counts that can be missing are floats there, dates are ``datetime64``, and past money is
        ``Decimal``.
        """
        return self.to_arrow().to_pandas(date_as_object=False)

    def to_polars(self) -> polars.DataFrame:
        """As a data frame of polars, which has to be installed."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        return f"Frame of {len(self)} rows: {', '.join(self.columns)}"
