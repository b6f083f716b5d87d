"""Purchase-frequency models and the law of purchase values, in the habits of estimators."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from . import _engine
from .errors import ModelError, NotFittedError
from .panel import Panel

Self = TypeVar("Self", bound="Model")


class Model:
    """What all models have in common; use one of its classes."""

    #: Name on the command line.
    frequency: ClassVar[str] = ""
    _part: ClassVar[str] = "frequency"

    def __init__(self, **options: Any) -> None:
        self._options = options
        self._fitted: _engine.Model | None = None

    def fit(self: Self, panel: Panel) -> Self:
        """Estimates the parameters by maximum likelihood, and returns the model itself.

        Raises:
            FitError: When nothing can be fitted to the panel.
        """
        self._fitted = _engine.fit(panel._engine, {"frequency": self.frequency, **self._options})
        return self

    @property
    def engine(self) -> _engine.Model:
        """The fitted model of the engine."""
        if self._fitted is None:
            name = type(self).__name__
            raise NotFittedError(f"this {name} has no parameters yet: call {name}().fit(panel)")
        return self._fitted

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
        """Logarithm of the likelihood at the estimates."""
        return self._report().get("log_likelihood")

    def confidence_intervals(self) -> dict[str, tuple[float, float] | None]:
        """95 % confidence intervals by parameter."""
        found = self._report().get("confidence_intervals", {})
        return {name: tuple(pair) if pair else None for name, pair in found.items()}

    def summary(self) -> str:
        """Estimates, standard errors and intervals as a text."""
        errors, intervals = self.standard_errors_, self.confidence_intervals()
        lines = [f"{type(self).__name__}: ln L = {self.log_likelihood_}"]
        for name, value in self.params_.items():
            if not isinstance(value, (int, float)):
                continue
            line = f"  {name:<6} {value:12.6g}"
            if errors.get(name) is not None:
                line += f"  se {errors[name]:.4g}"
            if intervals.get(name) is not None:
                low, high = intervals[name]  # type: ignore[misc]
                line += f"  95 % {low:.6g} to {high:.6g}"
            lines.append(line)
        return "\n".join(lines)

    def transitions(self) -> dict[str, Any]:
        """Transition expectations and probabilities, as ``clvcast transitions --format json``."""
        tables: dict[str, Any] = json.loads(self.engine.transitions())
        return tables

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model file, which the command line reads as well."""
        Path(path).write_text(self.engine.to_json(), encoding="utf-8")

    def __repr__(self) -> str:
        name = type(self).__name__
        if self._fitted is None:
            return f"{name}()"
        numbers = (f"{k}={v:.6g}" for k, v in self.params_.items() if isinstance(v, float))
        return f"{name}({', '.join(numbers)})"


class NBD(Model):
    """Customers purchase at rates that differ (Gamma) and never leave.

    >>> panel = Panel.from_transactions(
    ...     "../data/cdnow-sample.csv", period="7d", as_of="1997-09-30", zero_orders="count")
    >>> NBD().fit(panel).params_["b"]  # doctest: +ELLIPSIS
    0.38476...
    """

    frequency = "nbd"


class BGNBD(Model):
    """Customers may leave after each repeat purchase (Fader, Hardie & Lee 2005)."""

    frequency = "bg-nbd"


class MBGNBD(Model):
    """Customers may leave after each purchase, the first one included."""

    frequency = "mbg-nbd"


class ParetoNBD(Model):
    """Customers may leave at any time (Schmittlein, Morrison & Colombo 1987)."""

    frequency = "pareto-nbd"


class PDO(Model):
    """Customers may leave at the end of each sub-period (``tau``, such as ``"7d"``)."""

    frequency = "pdo"


class GammaGamma(Model):
    """Purchase values differ within and between customers (``spend``: period, purchase,
    repeat-mean)."""

    frequency = "nbd"
    _part = "monetary"


CLASSES: dict[str, type[Model]] = {
    kind.frequency: kind for kind in (NBD, BGNBD, MBGNBD, ParetoNBD, PDO)
}


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model file, of the command line or of :meth:`Model.save`.

    Raises:
        ModelError: When the file cannot be read, or holds no model.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"the model file `{os.fspath(path)}` cannot be read: {error}") from error
    return of_engine(_engine.Model.from_json(text))


def of_engine(fitted: _engine.Model) -> Model:
    """The class of a fitted model."""
    model = CLASSES[fitted.frequency]()
    model._fitted = fitted
    return model
