"""An addon for mitmproxy with the hooks of ours, which do nothing: what having an addon costs."""
from __future__ import annotations


class Nothing:
    """The addon."""

    def responseheaders(self, flow: object) -> None:
        """Nothing."""

    response = error = responseheaders


addons = [Nothing()]
