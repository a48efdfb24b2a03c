"""Cal-Managed-ID, of CalDAV (RFC 8607 §5.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import past
from httplint.grammar.syntax import Malformed

_text = re.compile(r"[\t \x21\x23-\x2b\x2d-\x39\x3c-\x7e\x80-\xff]*+")


def cal_managed_id(value: str) -> str:
    """`Cal-Managed-ID = paramtext`, of iCalendar (RFC 5545 §3.1)."""
    end = past(_text, value)
    if end < len(value):
        hint = "the identifier is not put in quotes" if value[end] == '"' else None
        raise Malformed(value, end, "a character other than quotes, colons, semicolons and commas", hint)
    return value
