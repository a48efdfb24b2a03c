"""How structured fields are serialised, which parsers let pass (RFC 9651 §4.1)."""
from __future__ import annotations

import re

from httplint.grammar import table
from httplint.model.evidence import NotEvaluated
from httplint.model.fields import Fields
from httplint.model.memo import kept_with_section
from httplint.model.message import Message
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.vocabulary import function


class Lapse(NamedTuple):
    """What is wrong with the form of a structured field; `kind` is "" where nothing is.

    "true": a parameter or member says ?1, which it says by its name alone. "padding": octets whose Base64 is not padded
    or has bits left over. "repeated": a dictionary has a key twice, or an item a parameter (§3.1.2).
    """

    name: str
    line: int | None
    kind: str = ""
    part: str = ""


SOUND = (Lapse("", None),)

_STRUCTURED = frozenset(name for name, one in table.FIELDS.items() if one.structured and one.response is not False)
_piece = lazily(r'"(?:[^"\\]|\\.)*+"?+|:([A-Za-z0-9+/]*+)(=*+):|([A-Za-z*][A-Za-z0-9!#$%&\'*+.^_`|~:/-]*+)(=\?1)?+',
                re.DOTALL)
"""Strings, octets, and keys and tokens, of which the former may have the value true."""

_key = lazily(r"[a-z*][a-z0-9_.*-]*+")
_DIGITS = {digit: value for value, digit in enumerate(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_UNUSED = {0: 0, 1: 0, 2: 15, 3: 3}
"""Base64 digits in the last group -> the bits of the last one that stand for nothing."""


@function(among=_STRUCTURED, reads=("message.*",), fieldwise=True)
def lapses(message: Message) -> tuple[Lapse, ...]:
    """What of the structured fields of a message a serialiser would not have written, or one lapse of no kind
    (RFC 9651 §4.1).

    Of each field the first lapse of each kind; malformed fields are left out.
    """
    fields = table.header_section(message)
    return SOUND if fields.index.keys().isdisjoint(_STRUCTURED) else _lapses(fields)


@kept_with_section
def _lapses(fields: Fields) -> tuple[Lapse, ...]:
    return tuple([lapse for name in fields.index if name in _STRUCTURED for lapse in _lapses_of(fields, name)]) or SOUND


def _lapses_of(fields: Fields, name: str) -> list[Lapse]:
    try:
        table.parsed(fields, name)
    except NotEvaluated:
        return []
    one, line, value = table.FIELDS[name], fields.index[name][0], fields.combined(name) or ""
    parts: dict[str, str] = {}
    for match in _piece.finditer(value) if ":" in value or "=?1" in value else ():
        digits, padding, key, true = match.groups()
        if true:
            parts.setdefault("true", key)
        elif digits and (len(digits + padding) % 4 or _DIGITS[digits[-1]] & _UNUSED[len(digits) % 4]):
            parts.setdefault("padding", f":{digits[-8:]}{padding}:")
    key = ((_repeated_key(value) if one.structured == "Dictionary" and "," in value else None)
           or (_repeated_parameter(value) if value.count(";") > 1 else None))
    if key:
        parts["repeated"] = key
    return [Lapse(one.name, line, kind, part) for kind, part in parts.items()]


_parameter = lazily(r'"(?:[^"\\]|\\.)*+"?+|;[ ]*+([a-z*][a-z0-9_.*-]*+)|([,() \t])', re.DOTALL)
"""Strings, the keys of parameters, and what ends an item or an inner list."""


def _repeated_parameter(value: str) -> str | None:
    seen: set[str] = set()
    for match in _parameter.finditer(value):
        key, end = match.groups()
        if end:
            seen.clear()
        elif key in seen:
            return str(key)
        elif key:
            seen.add(key)
    return None


def _repeated_key(value: str) -> str | None:
    from httplint.grammar.structured import member_starts
    seen = set()
    for start in member_starts(value):
        match = _key.match(value, start)
        if match is not None:
            if match.group() in seen:
                return match.group()
            seen.add(match.group())
    return None
