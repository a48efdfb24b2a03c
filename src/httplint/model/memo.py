"""Results that are kept: for the latest few things they were made of, or with the section that they are about."""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from httplint.model.fields import Fields

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

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


def kept_with_section(make: Callable[Concatenate[Fields, P], R]) -> Callable[Concatenate[Fields, P], R]:
    """The same function, which keeps in the memo of a section what it made of it, for the next rule that asks."""
    key = f"{make.__module__}.{make.__qualname__}"
    alone = (key,)                                         # no name of a field

    @functools.wraps(make)
    def kept_or_made(fields: Fields, /, *of: P.args, **named: P.kwargs) -> R:
        name = (key, of, *named.items()) if of or named else alone
        result: R | object = fields.memo.get(name, fields)
        if result is fields:
            result = fields.memo[name] = make(fields, *of, **named)
        return result  # type: ignore[return-value]

    return kept_or_made
