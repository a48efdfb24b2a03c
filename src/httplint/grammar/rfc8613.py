"""OSCORE, protected messages of CoAP over HTTP (RFC 8613 §11.1)."""
from __future__ import annotations

from httplint.grammar.rfc8555 import base64url
from httplint.grammar.syntax import Malformed


def oscore(value: str) -> str:
    """`OSCORE = 2*base64url-char`."""
    found = base64url(value)
    if len(found) < 2:
        raise Malformed(value, len(value), "two base64url characters at least", "an empty option is sent as AA")
    return found
