"""Where in a text secrets stand."""
from __future__ import annotations

import re

Span = tuple[int, int]
Spans = tuple[Span, ...]
"""In order, without overlaps."""

MASKED = re.compile(r"\[masked(?: [0-9A-Za-z:]{1,24})?\]")
"""What already stands for a secret, in a result that is read back or in the traffic: it is taken for one."""

LOOKED_AT = 8192
"""How much of a text is looked at."""
_FILL = "\ue000"
"""Stands for each character of what is masked already: part of a value, but of no name and no token."""


def filled(text: str) -> tuple[str, list[Span]]:
    """The text with something in the place of what is masked already, of the same size; and where that is."""
    if "[masked" not in text:
        return text, []
    return MASKED.sub(lambda one: _FILL * len(one[0]), text), [one.span() for one in MASKED.finditer(text)]


def unquoted(text: str) -> str:
    """The text without percent-encoding; what decodes it is loaded for one that has some."""
    if "%" not in text:
        return text
    from urllib.parse import unquote
    return unquote(text)


def merged(found: list[Span]) -> Spans:
    if len(found) < 2:
        return tuple(found)
    out: list[Span] = []
    for begin, end in sorted(found):
        if out and begin < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((begin, end))
    return tuple(out)
