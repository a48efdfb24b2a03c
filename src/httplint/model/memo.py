"""Results that are kept for the latest few things they were made of."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

KEPT = 4
"""How many things a function keeps what it made of."""


def kept(make: Callable[[T], R]) -> Callable[[T], R]:
    """The same function, which keeps what it made of the last KEPT things: rules ask in loops for the same again.

    They are told apart as objects, since comparing long ones would take as long as making it anew.
    """
    made: list[tuple[T, R]] = []

    @functools.wraps(make)
    def kept_or_made(thing: T) -> R:
        for known, result in made:
            if known is thing:
                return result
        result = make(thing)
        made.insert(0, (thing, result))
        del made[KEPT:]
        return result

    return kept_or_made
