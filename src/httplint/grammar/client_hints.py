"""Client hints: Accept-CH (RFC 8942 §3.1), Critical-CH (Client Hints Infrastructure), Accept-CH-Lifetime."""
from __future__ import annotations

from httplint.grammar.common import decimal
from httplint.grammar.registry import rows
from httplint.grammar.structured import Item, Token, member_starts, structured_list
from httplint.grammar.syntax import Malformed

HINTS = {row["name"].lower(): row["name"] for row in rows("client-hints.csv")}
"""The names of hints, in lower case -> as they are written."""


def hints(value: str) -> tuple[str, ...]:
    """`sf-list`, of Tokens: the names of request fields, in lower case (RFC 8942 §3.1)."""
    try:
        found = structured_list(value)
    except Malformed as error:
        if ";" in value[:error.position + 1]:
            error.hint = "the names are separated by commas"
        elif value[error.position:error.position + 1] not in ("", ",") and error.position:
            error.hint = "the names are separated by commas, and not put in quotes"
        raise
    for start, one in zip(member_starts(value), found, strict=False):
        if not isinstance(one, Item) or not isinstance(one.value, Token):
            hint = "the names are not put in quotes" if isinstance(one, Item) and one.text is not None else None
            raise Malformed(value, start, "the name of a field", hint)
    return tuple([str(one.value).lower() for one in found if isinstance(one, Item)])


def lifetime(value: str) -> int:
    """A number of seconds (earlier drafts of RFC 8942)."""
    return decimal(value)
