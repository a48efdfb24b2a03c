"""What is made once though several ask for it, of an exchange or of texts that traffic repeats."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import ReferenceType

from httplint.model.exchange import Exchange

R = TypeVar("R")

SHORT = 1024
"""Characters of a text of which the result is kept; hostile texts are as long as they like."""


def of_latest(make: Callable[[Exchange], R]) -> Callable[[Exchange], R]:
    """The same function, which keeps what it made of the latest exchange, while that lives.

    An exchange is a value, and exchanges come one after the other: nothing has to be compared, and one result is kept.
    """
    latest: tuple[ReferenceType[Exchange], R] | None = None

    @functools.wraps(make)
    def kept_or_made(exchange: Exchange) -> R:
        nonlocal latest
        known = latest                                     # threads may come at once
        if known is None or known[0]() is not exchange:
            latest = known = (ReferenceType(exchange), make(exchange))
        return known[1]

    return kept_or_made


def of_texts(most: int) -> Callable[[Callable[[str], R]], Callable[[str], R]]:
    """The same function, which keeps what it made of the latest texts: of so many at most, and of short ones only."""
    def keeping(make: Callable[[str], R]) -> Callable[[str], R]:
        known = functools.lru_cache(most)(make)

        @functools.wraps(make)
        def kept_or_made(text: str) -> R:
            return known(text) if len(text) <= SHORT else make(text)

        return kept_or_made

    return keeping
