"""Values from the traffic, made harmless: clipped, without control characters, secrets masked."""
from __future__ import annotations

import re

from httplint.model.printable import printable

__all__ = ["MASK", "SECRET_FIELDS", "clipped", "masked", "masked_uri", "printable"]

SECRET_FIELDS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key",
                           "authentication-info", "proxy-authentication-info"})
MASK = "[masked]"
_SECRET_QUERY = re.compile(r"(?i)([?&;](?:[\w.-]*(?:token|secret|password|passwd|api-?key|signature|credential)[\w.-]*"
                           r"|code|sig|key|auth|session(?:id)?)=)[^&;#\s\"]+")
_USERINFO = re.compile(r"//[^/@\s]+@")


def clipped(text: str, width: int) -> str:
    """At most `width` characters, the last an ellipsis if there were more; printable."""
    text = printable(text[:width + 1])
    return text if len(text) <= width else text[:width - 1] + "…"


def masked(name: str, value: str) -> str:
    """A field value without its secret; what is masked keeps its length out of sight."""
    key = name.lower()
    if key not in SECRET_FIELDS:
        return masked_uri(value) if "=" in value or "@" in value else value
    if key == "set-cookie":
        pair, semicolon, attributes = value.partition(";")
        cookie, equals, _ = pair.partition("=")
        return f"{cookie}{equals}{MASK}{semicolon}{attributes}" if equals else MASK
    if key in ("authorization", "proxy-authorization"):
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {MASK}" if space else MASK
    return MASK


def masked_uri(uri: str) -> str:
    """A URI, or a text with URIs, without the values of parameters that look like secrets, and without userinfo."""
    uri = _SECRET_QUERY.sub(rf"\1{MASK}", uri)
    return _USERINFO.sub(f"//{MASK}@", uri)
