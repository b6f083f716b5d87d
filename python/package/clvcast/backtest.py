"""How models, calendars and methods did on periods that were held back."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _engine
from .drawn import Drawn
from .errors import OptionError, in_words_of_python
from .options import of_fit, within
from .panel import Panel, expect_panel
from .picture import Pictures

if TYPE_CHECKING:
    import pandas
    import polars


class Backtest(Drawn):
    """Scores of everything that was compared. Made by :func:`backtest`."""

    def __init__(self, engine: _engine.Backtest, panel: Panel) -> None:
        self._engine = engine
        self._panel = panel

    def to_dict(self) -> dict[str, Any]:
        """What ``clvcast backtest --format json`` prints."""
        found: dict[str, Any] = json.loads(self._engine.to_json())
        return found

    @property
    def scores(self) -> list[dict[str, Any]]:
        """A row per origin, candidate, target and period, with the columns of ``docs/files.md``."""
        scores: list[dict[str, Any]] = self.to_dict()["scores"]
        return scores

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The candidate that would be taken; None where nothing could be compared."""
        chosen: dict[str, Any] | None = self.to_dict()["chosen"]
        return chosen

    def summary(self) -> str:
        """The leaderboard that ``clvcast backtest`` prints."""
        return in_words_of_python(self._engine.report())

    def to_pandas(self) -> pandas.DataFrame:
        """:attr:`scores` for pandas."""
        import pandas

        return pandas.DataFrame(self.scores)

    def to_polars(self) -> polars.DataFrame:
        """:attr:`scores` for polars."""
        import polars

        return polars.DataFrame(self.scores, infer_schema_length=None)

    def __repr__(self) -> str:
        found = self.to_dict()
        return f"Backtest of {found['customers']} customers, {found['holdout']} periods held out"

    def _pictures(self, panel: Panel | None) -> Pictures:
        if panel is not None and panel is not self._panel:
            raise OptionError("a backtest has the pictures of its own panel: leave out panel=")
        return self._drawn

    @cached_property
    def _drawn(self) -> Pictures:
        """Made once: the chosen candidate has to be fitted again."""
        return self._engine.pictures()


def backtest(
    panel: Panel,
    *,
    holdout: int = 3,
    origins: int = 1,
    only: Sequence[str] = (),
    acquisition: str = "drop",
    margin: float | None = None,
    expense_rate: float | None = None,
    margin_rule: str = "last",
    level: float = 0.9,
    draws: int = 200,
    seed: int = 1,
    tau: str | None = None,
    spend: str | None = None,
    value_season: str | None = None,
    value_trend: str | None = None,
    dependence: str | None = None,
    calendar: str | os.PathLike[str] | None = None,
    damping: float | None = None,
    penalty: float | None = None,
) -> Backtest:
    """Scores every model, calendar and method on the last periods, which are held back.

    The arguments are the options of ``clvcast backtest``, with its defaults.

    Args:
        panel: The histories up to the end of the periods that are held back.
        holdout: Periods held back, and forecast from before them.
        origins: Past as-of dates: the one before the holdout, then one period earlier each.
        only: Compare only these models, calendars and methods, such as ``["nbd", "posterior"]``.
        level: Share that the intervals of customers are meant to hold.
        draws: Futures drawn of each customer.
        seed: Seed of the draws.

    Raises:
        OptionError: When an argument cannot be meant.
        DataError: When the history is too short to hold that much of it back.

    >>> panel = Panel.from_transactions("../data/superstore.csv")
    >>> found = backtest(panel, only=["nbd", "none", "season+trend", "posterior"])
    >>> found.chosen["calendar"]
    'season+trend'
    """
    within("holdout", holdout, 1, 366)
    within("origins", origins, 1, 1000)
    within("draws", draws, 20, 100_000)
    within("seed", seed, 0, 2**64 - 1)
    if not 0.0 < level < 1.0:
        raise OptionError(f"level={level}: expected a share above 0 and below 1, such as 0.9")
    options = of_fit(locals())
    engine = _engine.backtest(
        expect_panel(panel)._engine,
        options,
        holdout=holdout,
        origins=origins,
        only=[only] if isinstance(only, str) else list(only),
        acquisition=acquisition,
        margin=margin,
        expense_rate=expense_rate,
        margin_rule=margin_rule,
        level=level,
        draws=draws,
        seed=seed,
    )
    return Backtest(engine, panel)
