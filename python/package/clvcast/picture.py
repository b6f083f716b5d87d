"""The data behind a picture."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

#: Columns of text, also where all of it could be read as numbers (the period 2017).
TEXT = frozenset({"period", "start", "end", "candidate", "chosen"})


#: Name, title, caption and data of each picture; name and reason of those that do not apply.
Pictures = tuple[list[tuple[str, str, str, str]], list[tuple[str, str]]]


@dataclass(frozen=True)
class Picture:
    """A picture as data: what it shows, and the numbers that :mod:`clvcast.plot` draws.

    Attributes:
        name: Such as ``"tracking"``.
        title: What it shows, in a line.
        caption: What to read from it, for these data.
        csv: The numbers, unrounded, as a CSV table; an empty field is missing.

    >>> picture = Picture("frequency-histogram", "", "", "purchases,customers\\n0,12\\n1+,\\n")
    >>> picture.columns()
    {'purchases': ['0', '1+'], 'customers': [12.0, nan]}
    """

    name: str
    title: str
    caption: str
    csv: str = field(repr=False)

    def columns(self) -> dict[str, list[Any]]:
        """The columns by name, each with one entry per row.

        Numbers are floats, a missing one is nan. A column of names, labels or dates (ISO) is text.
        """
        header, *rows = csv.reader(io.StringIO(self.csv))
        fields = {name: [row[place] for row in rows] for place, name in enumerate(header)}
        return {name: list(of) if name in TEXT else _numbers(of) for name, of in fields.items()}


def _numbers(fields: list[str]) -> list[Any]:
    """As floats, or as they are if one of them is no number."""
    try:
        return [float(text) if text else float("nan") for text in fields]
    except ValueError:
        return fields
