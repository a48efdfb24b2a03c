"""Whether names are registered with IANA, or known to the project."""
from __future__ import annotations

import codecs

from httplint.engine.functions import function
from httplint.grammar import registry
from httplint.grammar.registry import own
from httplint.grammar.rfc9110 import MediaType


@function()
def registered(kind: str, name: str) -> bool:
    """Whether a "coding", "scheme", "protocol" (of Upgrade), "range unit" or "relation" is registered, in any case."""
    name = name.lower()
    return name in registry.names(kind) or (kind == "scheme" and name in own.current().schemes)


@function()
def private_scheme(name: str) -> bool:
    """Whether the name of a scheme says that it is private, or it is in wide use without registration."""
    return name.lower().startswith("x-") or name.lower() in ("ntlm", "kerberos", "aws4-hmac-sha256")


@function()
def registered_type(media_type: MediaType) -> bool:
    """Whether a media type is registered (RFC 9110 §8.3.1). Those of vendors and persons need not be known here."""
    return (media_type.essence in registry.media_types()
            or media_type.subtype.startswith(("vnd.", "prs.", "x.")))


@function()
def known_charset(name: str) -> bool:
    """Whether a charset is known: to Python, which has the registered ones that are in use (RFC 9110 §8.3.2)."""
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False
