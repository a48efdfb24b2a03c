"""Values from the traffic, made harmless: clipped, without control characters. Secrets are `masker`'s."""
from __future__ import annotations

from httplint.model.printable import printable

__all__ = ["CONTENT_SHOWN", "Begin", "clipped", "content_text", "printable", "sound"]

CONTENT_SHOWN = 1000
"""How much of a content is shown, in octets."""

BINARY_SHOWN = 64
"""How much of a content is shown that is not text."""


class Begin(bytes):
    """The first octets of a content, where the rest was not kept."""


def clipped(text: str, width: int) -> str:
    """At most `width` characters, the last an ellipsis if there were more; printable."""
    text = printable(text[:width + 1])
    return text if len(text) <= width else text[:width - 1] + "…"


def sound(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 has, as backslash escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def content_text(content: bytes, limit: int = CONTENT_SHOWN) -> str:
    """The begin of a content as text: UTF-8, or else one character an octet and not much of it."""
    begin = content[:limit]
    try:
        return begin.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(begin) - 4 and (len(content) > len(begin) or isinstance(content, Begin)):
            return begin[:error.start].decode("utf-8")     # it was cut within a character
        return begin[:BINARY_SHOWN].decode("latin-1")
