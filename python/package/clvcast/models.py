"""Purchase-frequency models, and models from files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from . import _engine
from .errors import ModelError
from .model import Model
from .options import of_fit
from .panel import Panel


class NBD(Model):
    """Customers purchase at rates that differ (Gamma) and never leave (Ehrenberg 1959).

    P(x purchases in t periods) = Γ(b+x)/(Γ(b) x!) (a/(a+t))^b (t/(a+t))^x, with a and b the rate
    and the shape of the purchase rates; b/a is their mean per period.

    The estimates of the CDNOW sample in weeks:

    >>> panel = Panel.from_transactions(
    ...     "../data/cdnow-sample.csv", period="7d", as_of="1997-09-30", zero_orders="count")
    >>> print(NBD().fit(panel).summary())
    NBD, ln L = -9763.6576
      a            12.072   std. error     0.8087   95 % 10.5866 to 13.7659
      b          0.384766   std. error    0.02099   95 % 0.345758 to 0.428176
    """

    frequency = "nbd"


class BGNBD(Model):
    """Customers may leave after each repeat purchase (Fader, Hardie & Lee 2005).

    Purchase rates are Gamma (shape r, rate alpha, in periods), the probability of leaving after a
    purchase is Beta (a, b).
    """

    frequency = "bg-nbd"


class MBGNBD(Model):
    """Customers may leave after each purchase, the first one included (Batislam, Denizel &
    Filiztekin 2007).

    Parameters as of :class:`BGNBD`.
    """

    frequency = "mbg-nbd"


class ParetoNBD(Model):
    """Customers may leave at any time (Schmittlein, Morrison & Colombo 1987).

    Purchase rates are Gamma (shape r, rate alpha, in periods), rates of leaving, too (s, beta).
    """

    frequency = "pareto-nbd"


class PDO(Model):
    """Customers may leave at the end of each sub-period (Jerath, Fader & Hardie 2011).

    Purchase rates are Gamma (shape r, rate alpha, in periods), the probability of leaving at an end
    is Beta (a, b).

    Args:
        tau: Length of a sub-period such as ``"7d"`` (default); the others as :class:`Model`.
    """

    frequency = "pdo"

    def __init__(self, *, tau: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._options = {**(self._options or {}), **of_fit({"tau": tau})}


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


def of_engine(fitted: _engine.Model, panel: Panel | None = None) -> Model:
    """The class of a fitted model."""
    model = CLASSES[fitted.frequency]()
    model._fitted, model._panel, model._options = fitted, panel, None
    return model
