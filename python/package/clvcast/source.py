"""Where transactions come from: paths, or a data frame that is looked at before it is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from .errors import DataError


def source(data: Any, date: str | None) -> tuple[list[str], Any]:
    """Paths as texts, or none and a frame as a stream of columns.

    Raises:
        DataError: When it is neither, or mixes what a column cannot hold together.
    """
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)], None
    if isinstance(data, Sequence) and all(isinstance(d, (str, os.PathLike)) for d in data):
        return [os.fspath(path) for path in data], None
    if not hasattr(data, "__arrow_c_stream__"):
        kind = f"{type(data).__module__}.{type(data).__qualname__}"
        remedy = "data.collect()" if hasattr(data, "collect") else "polars.DataFrame(data)"
        raise DataError(
            f"found data of type {kind}, expected a data frame that speaks the Arrow PyCapsule "
            "interface (pyarrow, polars, pandas from 2.2 on, a DuckDB relation) or paths of files; "
            f"try {remedy}"
        )
    if type(data).__module__.partition(".")[0] == "pandas":
        _refuse_mixed_zones(data, date)
    return [], _Stream(data)


def _refuse_mixed_zones(frame: Any, date: str | None) -> None:
    """Refuses date columns of pandas that hold times of several zones, or of some and of none.

    Arrow would take all of them for times of one zone and move some to another day, unsaid.
    """
    from pandas.api.types import infer_dtype, is_object_dtype

    for name, kind in zip(frame.columns, frame.dtypes, strict=True):
        # A column with a type of its own has one zone.
        if not is_object_dtype(kind) or (date is not None and name != date):
            continue
        column = frame.loc[:, name]
        if column.ndim != 1 or infer_dtype(column, skipna=True) not in ("datetime", "mixed"):
            continue
        zones: dict[Any, int] = {}
        for row, value in enumerate(column):
            # Missing values of pandas have a zone of their own kind, and are no date.
            if hasattr(value, "utcoffset") and value == value:
                zones.setdefault(value.tzinfo, row)
        if len(zones) > 1:
            (first, _), (other, row) = list(zones.items())[:2]
            found = " and ".join("no time zone" if z is None else f"{z}" for z in (first, other))
            raise DataError(
                f"column `{name}` mixes {found} (row {row}): on which day a purchase falls "
                f"depends on the zone; convert it first, such as with "
                f"pandas.to_datetime(df[{name!r}], utc=True) if times without a zone are UTC",
                column=str(name),
                row=row,
            )


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
