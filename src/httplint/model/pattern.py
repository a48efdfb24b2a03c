"""Regular expressions that a start does not need."""
from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Uncompiled:
    """Stands for a pattern until a method is wanted, which is at hand from then on; `re` keeps what it compiled."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(re.compile(self.pattern, self.flags), name)
        return found


def lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A pattern of its module that is compiled when it is first used.

    Python compiles a pattern anew in each process, in 0.05 to 4 ms: all of them took a third of the time in which one
    exchange is read, judged and reported. A call costs 40 ns more than one of a compiled pattern, so that those which
    nearly every exchange meets are compiled at once.
    """
    return cast("re.Pattern[AnyStr]", _Uncompiled(pattern, flags))
