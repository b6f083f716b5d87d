"""The law of purchase values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import FitError, OptionError
from .frame import Frame
from .model import Model
from .panel import Panel

if TYPE_CHECKING:
    from ._engine import Outlook


class GammaGamma(Model):
    """Purchase values differ within and between customers (Fader & Hardie 2013).

    ``params_`` are p (shape of values within a customer), q and k (shape and rate of the values'
    rates across customers); the mean value is p k/(q − 1), money.

    >>> panel = Panel.from_transactions(
    ...     "../data/cdnow-sample.csv", period="7d", as_of="1997-09-30", zero_orders="count")
    >>> law = GammaGamma(spend="repeat-mean").fit(panel)
    >>> law
    GammaGamma(p=6.24957, q=3.74422, k=15.4435)
    >>> values = law.expected_values().to_dict()
    >>> values["customer"][0], round(values["expected_value"][0], 2)
    ('0001', 26.01)
    """

    frequency = "nbd"
    _part = "monetary"

    def fit(self, panel: Panel) -> GammaGamma:
        """As :meth:`Model.fit`.

        Raises:
            FitError: When the data have no amounts, too.
        """
        super().fit(panel)
        if self._file.get("monetary") is None:
            self._fitted = None
            raise FitError("the data have no amounts: there is no law of values to fit")
        return self

    def expected_values(self, panel: Panel | None = None) -> Frame:
        """Mean value of a coming purchase of every customer, given what all its purchases brought.

        p (k + S)/(p F + q − 1) after values with the weight F and the sum S (``docs/method.md``),
        as the method ``posterior`` has it for the first coming period, with the model's calendar
        of values.

        Returns:
            A row per customer: customer, expected_value (money; missing without a purchase, or
            where the mean is infinite).

        Raises:
            OptionError: When the panel's period or clock is not the model's.
        """
        return Frame(self.engine.expected_values(self._of(panel)._engine))

    def _nothing_of_purchases(self) -> OptionError:
        return OptionError("a Gamma-Gamma law says nothing of purchases: ask NBD, BGNBD, …")

    def probability_alive(self, panel: Panel | None = None) -> Frame:
        """Refused: ask a frequency model."""
        raise self._nothing_of_purchases()

    def expected_purchases(self, panel: Panel | None = None, *, periods: int = 3) -> Frame:
        """Refused: ask a frequency model."""
        raise self._nothing_of_purchases()

    def pmf(
        self, panel: Panel | None = None, *, periods: int = 1, max_purchases: int = 10
    ) -> Frame:
        """Refused: ask a frequency model."""
        raise self._nothing_of_purchases()

    def given(self, *, x: int, t_x: float, T: float) -> Outlook:
        """Refused: ask a frequency model."""
        raise self._nothing_of_purchases()
