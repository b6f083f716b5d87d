"""What can go wrong, as exceptions that say where and what to try.

>>> import clvcast
>>> issubclass(clvcast.DataError, clvcast.ClvError)
True
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any


class ClvError(Exception):
    """Anything that clvcast could not do.

    Attributes:
        row: Position in the data frame of the row it is about, from 0; None where it is about no
            row, and for files, whose ``rows`` have lines. (Texts number rows from 1.)
        column: Name of the column, or None.
        customer: Id of the customer, or None.
        rows: The first bad rows, each a dictionary with file, line (from 1), row (from 0), column,
            reason, found and expected.

    >>> import clvcast, polars
    >>> sales = {"customer": ["a", "b"], "date": ["2017-01-31", "2017-13-01"], "amount": [1.0, 2.0]}
    >>> try:
    ...     clvcast.Panel.from_transactions(polars.DataFrame(sales))
    ... except clvcast.DataError as error:
    ...     print(error.row, error.column, error.rows[0]["found"])
    1 date 2017-13-01
    """

    def __init__(
        self,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        customer: str | None = None,
        rows: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(in_words_of_python(message))
        self.row = row
        self.column = column
        self.customer = customer
        self.rows = list(rows)


class DataError(ClvError):
    """The data cannot be used: columns, types, rows, or too little of them."""


class FitError(ClvError):
    """A model cannot be fitted to these data."""


class ModelError(ClvError):
    """A model file cannot be used."""


class OptionError(ClvError, ValueError):
    """An argument is wrong."""


class NotFittedError(ClvError, ValueError, AttributeError):
    """Something is asked of a model that has not been fitted yet."""


class ClvWarning(UserWarning):
    """Something about the data, a model or a forecast that a person should know."""


def warn(texts: Sequence[str]) -> None:
    """Tells each as a :class:`ClvWarning` of the caller's caller."""
    for text in texts:
        warnings.warn(in_words_of_python(text), ClvWarning, stacklevel=3)


def in_words_of_python(message: str) -> str:
    """Options of the command line as keywords.

    >>> in_words_of_python("use `--margin-rule pooled`, or --lenient")
    'use `margin_rule="pooled"`, or lenient=True'
    >>> in_words_of_python("use `--model FILE`, or give --date-format %d/%m/%Y")
    'use `model=`, or give date_format="%d/%m/%Y"'
    >>> in_words_of_python("`--margin 35`: expected a share; `--expense-rate` gives it")
    '`margin=35`: expected a share; `expense_rate=` gives it'
    """

    def keyword(match: re.Match[str]) -> str:
        name, value = match[1].replace("-", "_"), match[2]
        if match[1] in FLAGS:
            return f"{name}=True"
        # A word in capitals stands for what is to be given.
        if value is None or (value.isupper() and value.isalpha()):
            return f"{name}="
        is_number = re.fullmatch(r"-?[0-9.]+|NaN|inf", value)
        return f"{name}={value}" if is_number else f'{name}="{value}"'

    # There is no file of them: the panel has them.
    message = message.replace("--rejects FILE lists", "panel.rejects lists")
    message = re.sub(r"--date-format (%\S+)", r'date_format="\1"', message)
    return re.sub(r"--([a-z][a-z-]*)(?: (-?[^`\s-][^`\s]*)(?=`))?", keyword, message)


FLAGS = {"lenient", "recalibrate"}
