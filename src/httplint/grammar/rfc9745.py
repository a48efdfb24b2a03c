"""Deprecation (RFC 9745 §2)."""
from __future__ import annotations

from httplint.grammar.structured import Instant, structured_item
from httplint.grammar.syntax import Malformed


def deprecation(value: str) -> Instant:
    """The date from which a resource is deprecated: a structured date, `@` and seconds since 1970 (§2.1)."""
    try:
        item = structured_item(value)
    except Malformed as error:
        raise Malformed(value, error.position, error.expected, _hint(value) or error.hint) from None
    if not isinstance(item.value, Instant):
        raise Malformed(value, 0, "a date like @1688169599", _hint(value))
    return item.value


def _hint(value: str) -> str | None:
    if value.lower() in ("true", "?1", "?0", "false", '"true"'):
        return "only drafts of the field had truth values; it is the date now"
    if value[:3] in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        return "only drafts of the field had dates in words; it is @ and the seconds since 1970 now"
    digits = value.strip('"')
    if digits.isascii() and digits.isdecimal():
        return "an @ stands in front of the seconds"
    return None
