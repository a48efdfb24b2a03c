"""Hostile values: of any size, and in the form of what readers, grammars and rules look at."""
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable

from relations import Spoken

from httplint.capture.notation import notation
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields

Shape = Callable[[str, int], str]
"""From a value that a field may have, and a size in characters, to a value of about that size."""


def _ends(text: str) -> Shape:
    """The value, and behind it a text again and again."""
    return lambda value, size: value + text * (size // len(text))


def _begins(text: str) -> Shape:
    """A text again and again, and the value behind it."""
    return lambda value, size: text * (size // len(text)) + value


def _joined(separator: str) -> Shape:
    """The value again and again."""
    return lambda value, size: separator.join([value] * (size // max(len(value) + len(separator), 1)))


def _numbered(separator: str) -> Shape:
    """The value again and again, each time with another first word."""
    def shaped(value: str, size: int) -> str:
        times = size // (len(value) + len(separator) + 4)
        before, word, behind = _split(value)
        return separator.join([f"{before}{word}{number}{behind}" for number in range(times)])
    return shaped


def _split(value: str) -> tuple[str, str, str]:
    found = re.search(r"[A-Za-z0-9]+", value)
    return (value, "", "") if found is None else (value[:found.start()], found[0], value[found.end():])


def _within(text: str, place: str) -> Shape:
    """A text again and again, behind the first octet of the value that is one of some."""
    def shaped(value: str, size: int) -> str:
        found = re.search(place, value)
        at = found.end() if found is not None else len(value) // 2
        return value[:at] + text * (size // len(text)) + value[at:]
    return shaped


PIECES = (
    '\\"', '"', '"a" ', '"a",', "\\", "\\a", "(", ")", "()", "(a ", ",", ", ", ";", "; ", "=", " ", "\t", "a ",
    "a,", "a;", "a=b;", "a=b,", 'a="b",', 'a="', "%", "%41", "%4", "<", "<a>,", "a", "1", "1.", "0", ":", ":a", "/",
    "/../", ".", "a.", "-", "a-", "[", "{", "[]", "{}", "'", "*", "?", "?a&", "&a=", "@", "a@", "é", "a\t", "a  b",
    "W/", "1-1,", "//", "http://", "HTTP/1.1 ", "version", "=?", "!", "#", "~", "+", "$", "^", "`", "|", "A", "Aa",
)
STUFFED = ("a", "1", " ", "\\", '\\"', "(", "%41", ".", ",", ";")
PLACES = ('"', "=", "[A-Za-z0-9]", "[:/]", "[;,]")

SHAPES: dict[str, Shape] = {
    "ends with an open string": lambda value, size: value + '"' + '\\"' * (size // 2),
    "ends with an open string and a backslash": lambda value, size: value + '"' + '\\"' * (size // 2) + "\\",
    "ends with a parameter, an open string and a backslash": lambda value, size:
        value + '; a="' + '\\"' * (size // 2) + "\\",
    **{f"numbered, joined with {separator!r}": _numbered(separator) for separator in (", ", "; ", " ", "")},
    **{f"joined with {separator!r}": _joined(separator) for separator in (", ", ",", "; ", ";", " ", "")},
    **{f"ends with {piece!r}": _ends(piece) for piece in PIECES},
    **{f"begins with {piece!r}": _begins(piece) for piece in PIECES},
    **{f"{piece!r} behind {place}": _within(piece, place) for piece in STUFFED for place in PLACES},
}


@functools.cache
def examples() -> tuple[tuple[str, tuple[Exchange, ...]], ...]:
    """The id of a rule and the exchanges of one of its examples, for all of them."""
    return tuple((rule.id, tuple(notation(text))) for rule in built_in_rules() for text in (*rule.bad, *rule.good))


@functools.cache
def values() -> dict[str, tuple[str, ...]]:
    """The values that fields have in the examples of the rules, by lower-case name."""
    found: dict[str, dict[str, None]] = {}
    for _, exchanges in examples():
        for exchange in exchanges:
            for message in (exchange.response, exchange.request):
                for name, value in (message.fields or ()) if message is not None else ():
                    found.setdefault(name.lower(), {})[value] = None
    return {name: tuple(some) for name, some in found.items()}


Change = Callable[[str, str, str], Iterable[tuple[str, str]]]
"""From "request" or "response" and a field line to the lines that take its place."""


def changed(exchange: Exchange, change: Change) -> Exchange:
    """The same exchange with other field lines."""
    def message(side: str, old: Spoken) -> Spoken:
        return old if old.fields is None else old.but(
            fields=Fields(tuple(line for name, value in old.fields for line in change(side, name, value))))

    return exchange.but(response=message("response", exchange.response),
                        request=exchange.request and message("request", exchange.request),
                        interim=tuple([message("response", one) for one in exchange.interim]))
