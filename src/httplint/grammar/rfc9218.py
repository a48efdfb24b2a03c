"""Priority (RFC 9218 §4, §5)."""
from __future__ import annotations

from httplint.grammar.structured import InnerList, mistyped, structured_dictionary
from httplint.model.named import NamedTuple

LOWEST = 7
"""The urgency of what may wait longest (§4.1)."""

_TYPES = {"u": ("integer",), "i": ("boolean",)}


class Priority(NamedTuple):
    """The priority parameters; those that are of another type than §4 has count as absent."""

    urgency: int | None
    """From 0, the most urgent, to 7; other numbers are kept, though recipients ignore them."""
    incremental: bool | None
    wrong: tuple[str, ...]
    """What recipients ignore of the two: values of another type, and urgencies that there are not, in words."""


def priority(value: str) -> Priority:
    """A structured Dictionary (§4)."""
    members = structured_dictionary(value).members
    found = {name: None if isinstance(member, InnerList) else member.value for name, member in members}
    urgency, incremental = found.get("u"), found.get("i")
    wrong = [f"{name} has an inner list" for name, member in members
             if name in _TYPES and isinstance(member, InnerList)]
    wrong += mistyped(tuple([(name, one) for name, one in found.items() if one is not None]), _TYPES)
    number = urgency if type(urgency) is int else None
    if number is not None and not 0 <= number <= LOWEST:
        wrong.append(f"u has {number}, not 0 to {LOWEST}")
    return Priority(number, incremental if isinstance(incremental, bool) else None, tuple(wrong))
