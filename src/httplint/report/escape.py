"""Values from the traffic, made harmless: clipped, without control characters. Secrets are `masker`'s."""
from __future__ import annotations

from typing import TypeVar

from httplint.engine.report import Report
from httplint.model.message import Message
from httplint.model.printable import printable

__all__ = ["CONTENT_LOOKED_AT", "CONTENT_SHOWN", "clipped", "content_text", "cut", "printable", "slim", "sound"]

CONTENT_SHOWN = 1000
"""How much of a content is shown, in octets."""

CONTENT_LOOKED_AT = 1512
"""Octets of the begin of a content in which secrets are searched: more than is shown, since the end may cut one."""

BINARY_SHOWN = 64
"""How much of a content is shown that is not text."""


M = TypeVar("M", bound=Message)


def cut(text: str, width: int) -> str:
    """At most `width` characters, the last an ellipsis if there were more."""
    return text if len(text) <= width else text[:width - 1] + "…"


def clipped(text: str, width: int) -> str:
    """The same, printable."""
    return cut(printable(text[:width + 1]), width)


def sound(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 has, as backslash escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def content_text(content: bytes, limit: int = CONTENT_SHOWN, clipped: bool = False) -> str:
    """The begin of a content as text: UTF-8, or else one character an octet and not much of it.

    `clipped`: whether the octets are only its begin.
    """
    begin = content[:limit]
    try:
        return begin.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(begin) - 4 and (clipped or len(content) > len(begin)):
            return begin[:error.start].decode("utf-8")     # it was cut within a character
        return begin[:BINARY_SHOWN].decode("latin-1")


def slim(report: Report) -> Report:
    """The report with no more content than is shown, and without the rules that hold: what it costs little to keep."""
    exchange, asked = report.exchange, report.exchange.request
    kept = Report(exchange.but(request=asked and _slim(asked), response=_slim(exchange.response)),
                  report.place)
    kept.findings, kept.groups, kept.suppressed = report.findings, report.groups, report.suppressed
    return kept


def _slim(message: M) -> M:
    content, clipped = message.content, message.clipped
    if content is not None and len(content) > CONTENT_LOOKED_AT:
        content, clipped = content[:CONTENT_LOOKED_AT], True
    return message.but(content=content, clipped=clipped, transfer_coded=None)
