"""Prefer and Preference-Applied (RFC 7240 §2, §3)."""
from __future__ import annotations

from httplint.grammar.common import (
    QUOTED,
    TOKEN,
    after_whitespace,
    members,
    parameter_flaw,
    required,
    unquoted,
)
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class Wish(NamedTuple):
    """A preference of the client. Names are in lower case; an empty value counts as none (§2)."""

    name: str
    value: str | None
    parameters: tuple[tuple[str, str | None], ...] = ()


_word = lazily(rf"({TOKEN})(?:[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED})))?+(?=[ \t]*+(?:[;,]|\Z))")
_semicolon = lazily(r"[ \t]*+;[ \t]*+")


def prefer(value: str) -> tuple[Wish, ...]:
    """`Prefer = 1#preference`, `preference = token [ BWS "=" BWS word ] *( OWS ";" [ OWS parameter ] )` (§2)."""
    return required(members(value, _preference), value, "a preference")


def preference_applied(value: str) -> tuple[Wish, ...]:
    """`Preference-Applied = 1#applied-pref`, `applied-pref = token [ BWS "=" BWS word ]` (§3)."""
    return required(members(value, _applied), value, "a preference")


def _preference(value: str, position: int) -> tuple[Wish, int]:
    name, text, position = _pair(value, position, "a preference")
    found = []
    while (match := _semicolon.match(value, position)) is not None:
        position = match.end()
        if value[position:position + 1] not in ("", ";", ","):
            one, other, position = _pair(value, position, "a parameter")
            found.append((one, other))
    return Wish(name, text, tuple(found)), position


def _applied(value: str, position: int) -> tuple[Wish, int]:
    name, text, position = _pair(value, position, "a preference")
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == ";":
        raise Malformed(value, behind, "a comma or the end",
                        "parameters are not repeated here, and preferences are separated by commas")
    return Wish(name, text), position


def _pair(value: str, position: int, what: str) -> tuple[str, str | None, int]:
    """A name in lower case, and its value."""
    match = _word.match(value, position)
    if match is None:
        raise parameter_flaw(value, position, what, "separate the preferences with commas")
    name, plain, quoted = match.groups()
    text = unquoted(quoted) if quoted is not None else plain
    return name.lower(), text or None, match.end()
