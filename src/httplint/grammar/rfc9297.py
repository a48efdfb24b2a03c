"""Capsule-Protocol (RFC 9297 §3.4)."""
from __future__ import annotations

from httplint.grammar.structured import Item, structured_item
from httplint.grammar.syntax import Malformed


def capsule_protocol(value: str) -> Item:
    """An Item that is a Boolean; recipients ignore any other value, and parameters."""
    found = structured_item(value)
    if found.boolean is None:
        raise Malformed(value, 0, "?1 or ?0")
    return found
