"""Text from the traffic without anything that a terminal would obey or hide."""
from __future__ import annotations

import re

from httplint.model.pattern import lazily

_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that no font shows (Default_Ignorable_Code_Point of Unicode), but for those of emoji."""
_COMMAND = lazily(r"##(?=\[|vso\[|teamcity\[)")


def printable(text: str) -> str:
    """The text with all that is not seen as backslash escapes: control and format characters, spaces but the common
    one, unassigned and ignorable characters, lone surrogates."""
    if text.isprintable() and (text.isascii() or not _UNSEEN.search(text)):
        return text
    return "".join(c if c.isprintable() and not _UNSEEN.match(c) else c.encode("unicode_escape").decode("ascii")
                   for c in text)


def tamed(text: str, number_sign: str = " #") -> str:
    """The text without the begin of a command of GitHub (its first form), Azure or TeamCity, which may stand anywhere
    in a line of a log; `number_sign` stands for the second one of it."""
    return _COMMAND.sub(lambda _: f"#{number_sign}", text) if "##" in text else text


class Words(str):
    """Words of ours within a message: no value of the traffic, though they came like one."""

    __slots__ = ()


_OPEN, _CLOSE = "\x02", "\x03"
"""Around a value within a message that is being made; no printable text has them."""


def marked(text: str) -> str:
    """A printable text as a value of the traffic within a message, until `unmarked` takes the message apart."""
    return f"{_OPEN}{text}{_CLOSE}"


def unmarked(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A message without its marks, and where in it the values of the traffic stand: (begin, end) of each."""
    parts: list[str] = []
    values: list[tuple[int, int]] = []
    size = 0
    for number, part in enumerate(text.split(_OPEN)):
        value, _, words = part.rpartition(_CLOSE) if number else ("", "", part)
        if number:
            values.append((size, size + len(value)))
        parts += (value, words)
        size += len(value) + len(words)
    return "".join(parts), tuple(values)


def readable(text: str) -> str:
    """What was read one character an octet, as people read it: as UTF-8, if it is that (the end may be cut off)."""
    if text.isascii():
        return text
    try:
        octets = text.encode("latin-1")
        return octets.decode("utf-8")
    except UnicodeEncodeError:
        return text
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not octets[:error.start].isascii():
            return octets[:error.start].decode("utf-8")
        return text


SHOWN = 80
"""Characters of a value that are shown."""
_ENOUGH = 4 * (SHOWN + 1)
"""Octets of a value that hold so many characters, and tell whether there are more."""


def show(value: object) -> str:
    """A value from the traffic as people read it: clipped, and without control characters."""
    if isinstance(value, bytes):
        value = value[:_ENOUGH].decode("latin-1")
    elif isinstance(value, (tuple, frozenset, list)) and not hasattr(value, "_fields"):     # whose names are shown
        items = sorted(value, key=str) if isinstance(value, frozenset) else value
        value = ", ".join(item if isinstance(item, str) else show(item) for item in items)
    elif isinstance(value, tuple):
        parts = zip(getattr(value, "_fields"), value, strict=True)  # noqa: B009 - which a tuple need not have
        value = ", ".join([f"{name} {show(part)}" for name, part in parts])
    text = "nothing" if value is None else str(value)
    text = readable(text[:_ENOUGH])
    clipped = printable(text[:SHOWN])
    return clipped + "…" if len(text) > SHOWN else clipped
