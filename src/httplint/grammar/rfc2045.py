"""MIME-Version (RFC 2045 §4, RFC 9112 §B.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import after_whitespace, comment
from httplint.grammar.syntax import Malformed

_digits = re.compile("[0-9]++")


def mime_version(value: str) -> str:
    """`1*DIGIT "." 1*DIGIT`, with comments wherever there may be whitespace; what is returned has none."""
    major, position = _number(value, 0)
    position = _skipped(value, position)
    if value[position:position + 1] != ".":
        raise Malformed(value, position, "a full stop", "the version is written 1.0")
    minor, position = _number(value, position + 1)
    position = _skipped(value, position)
    if position < len(value):
        raise Malformed(value, position, "the end", "the version is written 1.0")
    return f"{major}.{minor}"


def _number(value: str, position: int) -> tuple[str, int]:
    position = _skipped(value, position)
    match = _digits.match(value, position)
    if match is None:
        raise Malformed(value, position, "a digit", "the version is written 1.0")
    return match.group(), match.end()


def _skipped(value: str, position: int) -> int:
    """The position behind whitespace and comments."""
    position = after_whitespace(value, position)
    while value[position:position + 1] == "(":
        _, position = comment(value, position)
        position = after_whitespace(value, position)
    return position
