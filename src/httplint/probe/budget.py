"""How much is asked: requests and seconds in all, and the pause between two requests."""
from __future__ import annotations

import time


class Budget:
    """What is left of it; `over` says why there is nothing left."""

    def __init__(self, requests: int, seconds: float, pause: float) -> None:
        self._requests = requests
        self._seconds = seconds
        self._pause = pause
        self._begun = time.monotonic()
        self.spent = 0
        """How many requests were sent."""

    @property
    def left(self) -> float:
        """Seconds."""
        return self._seconds - (time.monotonic() - self._begun)

    @property
    def over(self) -> str:
        """Why nothing more is asked; empty as long as there is something left."""
        if self.spent >= self._requests:
            return f"{self._requests} requests were sent, as many as --max-requests allows"
        return f"{self._seconds:g} seconds were over, which is --max-time" if self.left <= 0 else ""

    def spend(self) -> None:
        """One more request is sent, after the pause."""
        if self.spent:
            time.sleep(max(0.0, min(self._pause, self.left)))
        self.spent += 1
