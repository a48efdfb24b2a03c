"""When an exchange began, as captures write it."""
from __future__ import annotations

from datetime import datetime

WEB_BEGAN = 631152000
"""1990-01-01; a clock that stands before the web is not set."""


def seconds(text: str) -> float | None:
    """Seconds since the epoch; None for what is no ISO 8601 time with a zone, and before the web."""
    try:
        time = datetime.fromisoformat(text)
        found = time.timestamp()
    except (ValueError, OverflowError):
        return None
    return found if time.tzinfo is not None and found >= WEB_BEGAN else None
