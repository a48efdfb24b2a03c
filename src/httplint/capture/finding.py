"""The captures that users name: paths, directories, patterns; in order."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from httplint.capture.files import Told, endless
from httplint.capture.outcome import CaptureError, Problem
from httplint.capture.reading import captures

MAGIC = frozenset("*?[")
"""What makes a pattern of a path."""


def found(named: Iterable[str], told: Told, literal: Callable[[str], object] = lambda _: None) -> Iterator[str]:
    """The captures, and `told` what is met beside them; what is missing is a problem, and the rest is found.

    `literal`: whether a name is no pattern, whatever is in it.
    """
    paths = [path for name in named for path in _matching(name, told, literal)]
    for path in sorted(paths):                             # so that reports do not depend on the order
        try:
            yield from captures([path], told)
        except CaptureError as error:
            told(error.problem)


def _matching(named: str, told: Told, literal: Callable[[str], object]) -> Iterator[str]:
    """The path; or if there is none of that name, and it is a pattern, those that it matches."""
    if not MAGIC.intersection(named) or literal(named) or os.path.lexists(named):
        yield named
        return
    from httplint.capture.patterns import matching
    paths = matching(named)
    if not paths:
        told(Problem(named, None, None, "there is no such file, nor one that the pattern matches"))
    for path in paths:
        if over := endless(path):
            told(over)
        else:
            yield path
