"""Where transactions come from: paths, or a data frame that is looked at before it is read."""

from __future__ import annotations

import datetime
import os
import re
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
    if type(data).__name__ in ("Series", "ChunkedArray", "Array"):
        raise DataError("found a single column, expected a data frame of several; try a DataFrame")
    if not hasattr(data, "__arrow_c_stream__"):
        kind = f"{type(data).__module__}.{type(data).__qualname__}"
        remedy = "data.collect()" if hasattr(data, "collect") else "polars.DataFrame(data)"
        raise DataError(
            f"found data of type {kind}, expected a data frame that speaks the Arrow PyCapsule "
            "interface (pyarrow, polars, pandas from 2.2 on, a DuckDB relation) or paths of files; "
            f"try {remedy}"
        )
    if any(kind.__module__.partition(".")[0] == "pandas" for kind in type(data).__mro__):
        _refuse_mixed_zones(data, date)
    return [], _Stream(data)


def _refuse_mixed_zones(frame: Any, date: str | None) -> None:
    """Refuses date columns of pandas that hold times of several zones, or of some and of none.

    Arrow would take all of them for times of one zone and move some to another day, unsaid.
    """
    from pandas.api.types import infer_dtype, is_object_dtype

    named = [(name, frame.iloc[:, at]) for at, name in enumerate(frame.columns)]
    # An index with a name becomes a column.
    levels = [(name, frame.index.get_level_values(at)) for at, name in enumerate(frame.index.names)]
    for name, column in [*named, *(level for level in levels if level[0] is not None)]:
        # A column with a type of its own has one zone.
        if not is_object_dtype(column.dtype):
            continue
        if date is not None and str(name).strip() != str(date).strip():
            continue
        if infer_dtype(column, skipna=True) not in ("date", "datetime", "mixed"):
            continue
        zones: dict[Any, int] = {}
        for row, value in enumerate(column):
            # A missing value of pandas is a date that differs from itself. Dates have no zone.
            if isinstance(value, datetime.date) and value == value:
                zones.setdefault(getattr(value, "tzinfo", None), row)
        if len(zones) > 1:
            (first, _), (other, row) = list(zones.items())[:2]
            found = " and ".join("no time zone" if z is None else f"{z}" for z in (first, other))
            raise DataError(
                f"column `{name}` mixes {found} (row {row + 1}): on which day a purchase falls "
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
            named = re.search(r"column (.+?) with type", str(error))
            raise DataError(
                "the data frame cannot be handed over as columns of one type each "
                f"({error}); convert the column it names, such as with pandas.to_datetime(…, "
                "utc=True), pandas.to_numeric or astype(str), or leave it out",
                column=named[1] if named else None,
            ) from error
