"""What all parsers share: the error that says where a value breaks its grammar, and what was expected there."""
from __future__ import annotations

import functools
import re
from collections.abc import Callable


def lazily(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A pattern that is compiled when it is first wanted: big ones take milliseconds of a start."""
    return functools.cache(lambda: re.compile(pattern, flags))



class Malformed(ValueError):
    """A value breaks its grammar.

    `position` is the offset of the first wrong octet (the length of the value if it ends too early), `expected` says
    in plain words what the grammar wants there, `hint` what was probably meant, if that can be told.
    """

    def __init__(self, value: str, position: int, expected: str, hint: str | None = None) -> None:
        super().__init__(f"at octet {position}: expected {expected}")
        self.value = value
        self.position = position
        self.expected = expected
        self.hint = hint
