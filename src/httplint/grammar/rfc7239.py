"""Forwarded (RFC 7239 §4)."""
from __future__ import annotations

from httplint.grammar.common import after_whitespace, members, required, token, token_or_quoted
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple


class Forwarding(NamedTuple):
    """What one proxy tells, with names in lower case."""

    pairs: tuple[tuple[str, str], ...]


def forwarded(value: str) -> tuple[Forwarding, ...]:
    """`Forwarded = 1#( [ forwarded-pair ] *( ";" [ forwarded-pair ] ) )`, `forwarded-pair = token "=" value`."""
    return required(members(value, _element), value, "a pair like for=192.0.2.60")


def _element(value: str, position: int) -> tuple[Forwarding, int]:
    found: list[tuple[str, str]] = []
    while True:
        if value[position:position + 1] not in ("", ";", ","):
            pair, position = _pair(value, position)
            found.append(pair)
        position = after_whitespace(value, position)
        if value[position:position + 1] != ";":
            return Forwarding(tuple(found)), position
        position = after_whitespace(value, position + 1)


def _pair(value: str, position: int) -> tuple[tuple[str, str], int]:
    name, position = token(value, position, "a parameter")
    if value[position:position + 1] != "=":
        raise Malformed(value, position, "an equals sign", "no whitespace around the equals sign")
    text, quoted, end = token_or_quoted(value, position + 1)
    if not quoted and value[end:end + 1] in (":", "["):
        raise Malformed(value, end, "a semicolon, a comma or the end", "an address with a port is put in double quotes")
    return (name.lower(), text), end
