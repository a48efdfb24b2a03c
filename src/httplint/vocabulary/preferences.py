"""Preferences that the server says it has honoured (RFC 7240 §3)."""
from __future__ import annotations

from httplint.grammar.rfc7240 import Wish
from httplint.vocabulary import function

_CHOICES = frozenset(("return", "handling"))
"""Preferences whose value is all that they say (§4.2, §4.4)."""


@function("pair")
def unasked_preferences(applied: tuple[Wish, ...], wished: tuple[Wish, ...]) -> tuple[str, ...]:
    """The preferences applied that the request does not state, as they are written (RFC 7240 §3).

    A server may apply a preference to another extent than was asked for (wait, maxpagesize), but not the opposite of
    one. The prefix "odata." is optional there.
    """
    asked = {(_plain(one.name), one.value if one.name in _CHOICES else None) for one in wished}
    return tuple(one.name + (f"={one.value}" if one.value is not None else "") for one in applied
                 if (_plain(one.name), one.value if one.name in _CHOICES else None) not in asked)


def _plain(name: str) -> str:
    return name.removeprefix("odata.")


@function()
def applies(applied: tuple[Wish, ...], name: str) -> bool:
    """Whether a preference is among those applied (RFC 7240 §3)."""
    return any(one.name == name for one in applied)
