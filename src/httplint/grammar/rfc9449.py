"""DPoP-Nonce (RFC 9449 §8.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import past
from httplint.grammar.syntax import Malformed

_nonce = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]++")


def dpop_nonce(value: str) -> str:
    """`nonce = 1*NQCHAR`: no spaces, double quotes and backslashes."""
    end = past(_nonce, value)
    if not end or end < len(value):
        hint = "the nonce is not put in quotes" if value[end:end + 1] == '"' else None
        raise Malformed(value, end, "a printable ASCII character other than quotes and backslashes", hint)
    return value
