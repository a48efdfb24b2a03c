"""Exchanges without findings in reports that show them: the first ones, for there is no end to them."""
from __future__ import annotations

MOST = 10_000
"""How many exchanges without findings are shown."""


class Quiet:
    """Counts them. Several processes may do so, each with a count of its own: none takes fewer than are shown."""

    def __init__(self, wanted: bool = True) -> None:
        self._left = MOST if wanted else 0

    def takes(self) -> bool:
        """Whether one more is shown."""
        if not self._left:
            return False
        self._left -= 1
        return True
