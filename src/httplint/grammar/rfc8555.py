"""Replay-Nonce of ACME (RFC 8555 §6.5.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import past
from httplint.grammar.syntax import Malformed

_base64url = re.compile(r"[A-Za-z0-9_-]++")


def replay_nonce(value: str) -> str:
    """`Replay-Nonce = 1*base64url`; clients ignore any other value."""
    return base64url(value)


def base64url(value: str) -> str:
    """A value that is `1*base64url`, without padding (RFC 4648 §5)."""
    end = past(_base64url, value)
    if not end or end < len(value):
        hint = {"=": "without padding", "+": "base64url has - and _ instead of + and /"}
        raise Malformed(value, end, "a base64url character", hint.get(value[end:end + 1]))
    return value
