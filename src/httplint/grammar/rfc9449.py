"""DPoP-Nonce (RFC 9449 §8.1)."""
from __future__ import annotations

import re

from httplint.grammar.syntax import Malformed

_nonce = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]++")


def dpop_nonce(value: str) -> str:
    """`nonce = 1*NQCHAR`: no spaces, double quotes and backslashes."""
    match = _nonce.match(value)
    if match is None or match.end() < len(value):
        end = match.end() if match is not None else 0
        hint = "the nonce is not put in quotes" if value[end:end + 1] == '"' else None
        raise Malformed(value, end, "a printable ASCII character other than quotes and backslashes", hint)
    return value
