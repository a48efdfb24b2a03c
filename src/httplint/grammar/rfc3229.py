"""Delta encoding: IM, A-IM, Delta-Base (RFC 3229 §10.5)."""
from __future__ import annotations

from httplint.grammar.common import after_whitespace, members, token, token_or_quoted
from httplint.grammar.rfc9110 import EntityTag, entity_tag, qvalue
from httplint.model.named import NamedTuple

DELTA_CODINGS = frozenset(("vcdiff", "diffe", "gdiff"))
"""The instance manipulations that need another instance to be undone (§10.1), as far as they are registered."""


class Manipulation(NamedTuple):
    """An instance manipulation in lower case, with its parameters; `weight` is the q of A-IM."""

    name: str
    parameters: tuple[tuple[str, str | None], ...]
    weight: float

    @property
    def delta(self) -> bool:
        """Whether it is one of the known delta codings."""
        return self.name in DELTA_CODINGS


def im(value: str) -> tuple[Manipulation, ...]:
    """`IM = #( instance-manipulation )` (§10.5.2)."""
    return members(value, _manipulation)


def a_im(value: str) -> tuple[Manipulation, ...]:
    """`A-IM = #( instance-manipulation [ ";" "q" "=" qvalue ] )` (§10.5.3)."""
    return members(value, _manipulation)


def delta_base(value: str) -> EntityTag:
    """`Delta-Base = entity-tag` (§10.5.1)."""
    return entity_tag(value)


def _manipulation(value: str, position: int) -> tuple[Manipulation, int]:
    """`token *( ";" name [ "=" ( token | quoted-string ) ] )`, with whitespace as RFC 2616 §2.1 allows it."""
    name, position = token(value, position, "an instance manipulation")
    found: list[tuple[str, str | None]] = []
    weight = 1.0
    while value[(behind := after_whitespace(value, position)):behind + 1] == ";":
        key, position = token(value, after_whitespace(value, behind + 1), "a parameter name")
        text = None
        equals = after_whitespace(value, position)
        if value[equals:equals + 1] == "=":
            start = after_whitespace(value, equals + 1)
            text, _, position = token_or_quoted(value, start)
            if key.lower() == "q":
                weight = qvalue(value, start, text)
        found.append((key.lower(), text))
    return Manipulation(name.lower(), tuple(found), weight), position
