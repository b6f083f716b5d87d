"""What can be drawn."""

from __future__ import annotations

from .panel import Panel
from .picture import Picture, Pictures


class Drawn:
    """Something with pictures; :mod:`clvcast.plot` draws them."""

    def _pictures(self, panel: Panel | None) -> Pictures:
        raise NotImplementedError

    def pictures(self, panel: Panel | None = None) -> dict[str, Picture]:
        """The pictures that there are, by name: what each shows, and its numbers.

        Args:
            panel: Other histories than those of the fit.
        """
        drawn, _ = self._pictures(panel)
        return {picture[0]: Picture(*picture) for picture in drawn}

    def skipped_pictures(self, panel: Panel | None = None) -> dict[str, str]:
        """Why other pictures do not apply, by name."""
        _, skipped = self._pictures(panel)
        return dict(skipped)
