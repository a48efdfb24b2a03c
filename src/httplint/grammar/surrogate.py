"""Surrogate-Control (Edge Architecture Specification, a W3C note of 2001)."""
from __future__ import annotations

from httplint.grammar.common import QUOTED, TOKEN, members, unquoted
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class SurrogateDirective(NamedTuple):
    """A directive, its argument if it has one, and the surrogate that it is for, if it is for a single one."""

    name: str
    argument: str | None
    surrogate: str | None


_directive = lazily(rf"({TOKEN})(?:=(?:({TOKEN})|({QUOTED})))?+(?:[ \t]*+;[ \t]*+({TOKEN}))?+(?=[ \t]*+(?:,|\Z))")


def surrogate_control(value: str) -> tuple[SurrogateDirective, ...]:
    """A list of directives, as in `no-store, content="ESI/1.0", max-age=3600+600;name`."""
    return members(value, _one_directive)


def _one_directive(value: str, position: int) -> tuple[SurrogateDirective, int]:
    match = _directive.match(value, position)
    if match is None:
        raise Malformed(value, position, "a directive, or one with an argument")
    name, argument, quoted, surrogate = match.groups()
    return SurrogateDirective(name.lower(), argument if quoted is None else unquoted(quoted), surrogate), match.end()
