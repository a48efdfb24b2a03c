"""When an exchange began, and how long it took, as captures write it."""
from __future__ import annotations

from datetime import datetime

WEB_BEGAN = 631152000
"""1990-01-01; a clock that stands before the web is not set."""
YEAR_10000 = 253402300800
LONGEST = 1e10
"""Milliseconds that an exchange may take to be believed."""


def seconds(text: object) -> float | None:
    """Seconds since the epoch; None for what is no ISO 8601 time with a zone, and before the web."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
        found = time.timestamp()
    except (ValueError, OverflowError):
        return None
    return found if time.tzinfo is not None and found >= WEB_BEGAN else None


def moment(milliseconds: object) -> float | None:
    """Seconds since the epoch of so many milliseconds; None for what is no time of the web."""
    if isinstance(milliseconds, (int, float)) and not isinstance(milliseconds, bool) and (
            WEB_BEGAN <= milliseconds / 1000 < YEAR_10000):
        return milliseconds / 1000
    return None


def lasted(elapsed: object) -> float | None:
    """Seconds of so many milliseconds; None for what is none, such as -1, which tools write that do not know."""
    if isinstance(elapsed, (int, float)) and not isinstance(elapsed, bool) and 0 <= elapsed < LONGEST:
        return elapsed / 1000
    return None
