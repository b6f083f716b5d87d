"""What all models have in common, in the habits of estimators."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from . import _engine
from .drawn import Drawn
from .errors import (
    NotFittedError,
    OptionError,
    in_words_of_python,
    warn,
)
from .frame import Frame
from .options import of_fit, within
from .panel import Panel, expect_panel
from .picture import Pictures

if TYPE_CHECKING:
    from ._engine import Outlook
    from .values import GammaGamma

Self = TypeVar("Self", bound="Model")


class Model(Drawn):
    """What all models have in common; use one of its classes.

    Args:
        season: What comes back every year in purchasing: ``"none"`` (default), ``"auto"``,
            ``"harmonics"``, ``"quarter"``, ``"month"`` or ``"week"``.
        trend: What does not come back: ``"none"`` (default), ``"auto"``, ``"linear"`` or
            ``"damped"``.
        spend: Which values the Gamma-Gamma law is fitted to: ``"period"`` (default; mean purchase
            value of each active period), ``"purchase"`` (the same, weighted by purchases) or
            ``"repeat-mean"`` (one mean over each customer's repeat purchases).
        value_season, value_trend: The same of purchase values.
        dependence: Whether values depend on the purchase rate: ``"none"`` (default),
            ``"regression"`` or ``"auto"``.
        calendar: Path of a file of known factors, with the columns period and factor.
        damping: Share of a damped trend's slope that is left after each coming period, in (0, 1].
        penalty: Precision of the prior on scaled log-parameters, for small bases.
        bands: Edges of the value bands, the last one the largest value, money.
        max_frequency: Largest number of purchases per period in the states.
    """

    #: Name on the command line.
    frequency: ClassVar[str] = ""
    _part: ClassVar[str] = "frequency"

    def __init__(
        self,
        *,
        season: str | None = None,
        trend: str | None = None,
        spend: str | None = None,
        value_season: str | None = None,
        value_trend: str | None = None,
        dependence: str | None = None,
        calendar: str | os.PathLike[str] | None = None,
        damping: float | None = None,
        penalty: float | None = None,
        bands: Sequence[float] | None = None,
        max_frequency: int | None = None,
    ) -> None:
        self._options: dict[str, Any] | None = of_fit(locals())
        self._fitted: _engine.Model | None = None
        self._panel: Panel | None = None

    def fit(self: Self, panel: Panel) -> Self:
        """Estimates the parameters by maximum likelihood, and returns the model itself.

        Standard errors come from the observed information (the exact second derivatives of the
        log-likelihood at the estimates). What a user should know of the fit is told as a
        :class:`ClvWarning`.

        Raises:
            OptionError: When an option cannot be meant.
            FitError: When nothing can be fitted to the panel.
        """
        panel = expect_panel(panel)
        if self._options is None:
            raise OptionError(
                "this model was read from a file or fitted along with another, and its options are "
                f"not known: make a new one, such as {type(self).__name__}(…).fit(panel)"
            )
        self._fitted = _engine.fit(panel._engine, {"frequency": self.frequency, **self._options})
        self._panel = panel
        warn(self._fitted.warnings)
        return self

    @property
    def engine(self) -> _engine.Model:
        """The fitted model of the engine."""
        if self._fitted is None:
            name = type(self).__name__
            raise NotFittedError(f"this {name} has no parameters yet: call {name}().fit(panel)")
        return self._fitted

    def _of(self, panel: Panel | None) -> Panel:
        """The panel that is meant: another one, or that of the fit."""
        of = panel if panel is not None else self._panel
        if of is None:
            raise OptionError("the model comes from a file and knows no customers: give panel=")
        of = expect_panel(of)
        if of is not self._panel:
            warn(self.engine.warnings_with(of._engine))
        return of

    @property
    def _file(self) -> dict[str, Any]:
        file: dict[str, Any] = json.loads(self.engine.to_json())
        return file

    def _report(self) -> dict[str, Any]:
        report: dict[str, Any] = self._file.get("fit", {}).get(self._part, {})
        return report

    @property
    def params_(self) -> dict[str, Any]:
        """Parameters by their names in the model file; rates are per period of the panel."""
        part = self._file.get(self._part)
        if part is None:
            raise NotFittedError("the data have no amounts, and the model has no law of values")
        return {name: value for name, value in part.items() if name not in ("model", "form")}

    @property
    def standard_errors_(self) -> dict[str, float | None]:
        """Standard errors by parameter; None where the likelihood gives none."""
        return dict(self._report().get("standard_errors", {}))

    @property
    def log_likelihood_(self) -> float | None:
        """Logarithm of the likelihood at the estimates; None for a model written by hand."""
        return self._report().get("log_likelihood")

    def confidence_intervals(self) -> dict[str, tuple[float, float] | None]:
        """95 % confidence intervals by parameter, symmetric in its logarithm.

        >>> from clvcast import GammaGamma
        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> low, high = GammaGamma().fit(panel).confidence_intervals()["q"]
        >>> low < GammaGamma().fit(panel).params_["q"] < high
        True
        """
        found = self._report().get("confidence_intervals", {})
        return {name: tuple(pair) if pair else None for name, pair in found.items()}

    def summary(self) -> str:
        """Estimates, standard errors and 95 % intervals, a line each."""
        errors, intervals = self.standard_errors_, self.confidence_intervals()
        log_likelihood = self.log_likelihood_
        fit = "written by hand" if log_likelihood is None else f"ln L = {log_likelihood:.4f}"
        lines = [f"{type(self).__name__}, {fit}"]
        for name, value in self.params_.items():
            if not isinstance(value, (int, float)):
                continue
            line = f"  {name:<6} {value:>12.6g}"
            if (error := errors.get(name)) is not None:
                line += f"   std. error {error:>10.4g}"
            if (pair := intervals.get(name)) is not None:
                line += f"   95 % {pair[0]:.6g} to {pair[1]:.6g}"
            lines.append(line)
        return "\n".join(lines)

    def report(self, *, panel: Panel | None = None) -> str:
        """What ``clvcast fit`` prints: data, laws, calendar, spending, warnings."""
        return in_words_of_python(self.engine.report(self._of(panel)._engine))

    def transitions(self) -> dict[str, Any]:
        """Expectations and probabilities of transition, as ``clvcast transitions --format json``.

        The chain has states r (periods since the last active one), purchases per period and value
        bands. ``frequency`` holds the former two, ``monetary`` the rows and the matrix of the bands
        and, where the model was fitted to data, under ``empirical`` what was counted.

        The published table: P(2 or more purchases next) after 0, 1, 2 and 3 empty quarters.

        >>> from clvcast import load
        >>> tables = load("../models/synlead-2008.json").transitions()
        >>> [f"{p:.4f}" for p in tables["frequency"]["rows"][0]["probability"][:4]]
        ['0.3606', '0.2949', '0.2356', '0.1892']
        """
        tables: dict[str, Any] = json.loads(self.engine.transitions(False))
        return tables

    def transitions_text(self) -> str:
        """:meth:`transitions` as the tables that ``clvcast transitions`` prints."""
        return self.engine.transitions(True)

    def probability_alive(self, panel: Panel | None = None) -> Frame:
        """P(has not left by the as-of date) of every customer, given its whole history.

        Returns:
            A row per customer: customer, p_alive (missing without a purchase; 1 under the NBD).

        Raises:
            OptionError: When the panel's period or clock is not the model's.

        >>> from clvcast import BGNBD
        >>> panel = Panel.from_transactions(
        ...     "../data/cdnow-sample.csv", period="7d", as_of="1997-09-30", zero_orders="count")
        >>> alive = BGNBD().fit(panel).probability_alive().to_dict()["p_alive"]
        >>> all(0.0 < p <= 1.0 for p in alive), len(alive)
        (True, 2357)
        """
        return Frame(self.engine.probability_alive(self._of(panel)._engine))

    def expected_purchases(self, panel: Panel | None = None, *, periods: int = 3) -> Frame:
        """Expected purchases of every customer in the coming periods together, given its history.

        The expectation of the method ``posterior``, with the model's calendar.

        Returns:
            A row per customer: customer, expected_purchases (missing without a purchase).

        Raises:
            OptionError: When the panel's period or clock is not the model's.

        >>> from clvcast import NBD
        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> expected = NBD().fit(panel).expected_purchases(periods=2).to_dict()
        >>> expected["customer"][0], round(expected["expected_purchases"][0], 2)
        ('AA-10315', 0.82)
        """
        within("periods", periods, 1, 366)
        return Frame(self.engine.expected_purchases(self._of(panel)._engine, periods))

    def pmf(
        self, panel: Panel | None = None, *, periods: int = 1, max_purchases: int = 10
    ) -> Frame:
        """Probabilities of every number of purchases in the coming periods together.

        Returns:
            A row per customer: customer, p_0, p_1, … up to ``max_purchases``, p_more.

        Raises:
            OptionError: When the panel's period or clock is not the model's.

        >>> from clvcast import NBD
        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> pmf = NBD().fit(panel).pmf(max_purchases=2).to_polars()
        >>> pmf.columns
        ['customer', 'p_0', 'p_1', 'p_2', 'p_more']
        """
        within("periods", periods, 1, 366)
        within("max_purchases", max_purchases, 0, 1000)
        return Frame(self.engine.pmf(self._of(panel)._engine, periods, max_purchases))

    def given(self, *, x: int, t_x: float, T: float) -> Outlook:
        """What is expected of a customer of whom only these are known.

        Args:
            x: Purchases after the first one (under the panel clock all of them).
            t_x: Time from the first purchase to the last one, periods; 0 when x is 0.
            T: Time from the first purchase to now, periods.

        Returns:
            An object with ``probability_alive``, ``expected_purchases(t)`` and ``pmf(t)`` for the
            coming t periods.

        Raises:
            OptionError: When they contradict each other; for a model with a calendar and for the
                PDO, which have to know dates: give them a panel.

        A customer of the CDNOW sample, for whom Fader, Hardie & Lee (2005) print 1.226 purchases in
        39 weeks:

        >>> from clvcast import BGNBD
        >>> panel = Panel.from_transactions(
        ...     "../data/cdnow-sample.csv", period="7d", as_of="1997-09-30", zero_orders="count")
        >>> customer = BGNBD().fit(panel).given(x=2, t_x=30.43, T=38.86)
        >>> round(customer.expected_purchases(39), 3)
        1.226
        """
        within("x", x, 0, 2**32 - 1)
        return self.engine.given(x, t_x, T)

    @property
    def values_(self) -> GammaGamma:
        """The law of purchase values that was fitted along."""
        from .values import GammaGamma

        law = GammaGamma()
        law._fitted, law._panel, law._options = self.engine, self._panel, None
        return law

    def _pictures(self, panel: Panel | None) -> Pictures:
        return self.engine.pictures(self._of(panel)._engine)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model file, which the command line reads as well.

        >>> from clvcast import NBD, load
        >>> import tempfile, os
        >>> panel = Panel.from_transactions("../data/superstore.csv")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "model.json")
        ...     NBD().fit(panel).save(path)
        ...     print(type(load(path)).__name__)
        NBD
        """
        Path(path).write_text(self.engine.to_json(), encoding="utf-8")

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: options and the model file; the panel stays behind."""
        fitted = None if self._fitted is None else self._fitted.to_json()
        return {"_options": self._options, "_fitted": fitted, "_panel": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if (text := state["_fitted"]) is not None:
            self._fitted = _engine.Model.from_json(text)

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._fitted is None:
            return f"{name}()"
        params = self._file.get(self._part) or {}
        numbers = (f"{k}={v:.6g}" for k, v in params.items() if isinstance(v, float))
        return f"{name}({', '.join(numbers)})"
