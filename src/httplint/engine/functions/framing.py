"""How messages are framed (RFC 9112 §6)."""
from __future__ import annotations

from httplint.engine.functions import function
from httplint.grammar.rfc9112 import TransferCoding

REGISTERED = frozenset(("chunked", "compress", "deflate", "gzip", "x-compress", "x-gzip"))
"""The transfer codings of RFC 9112 §7.1 and §7.2; none was registered elsewhere. None has parameters."""


@function("repeats")
def times_chunked(codings: tuple[TransferCoding, ...]) -> int:
    """How often the chunked coding is applied (RFC 9112 §6.1). Lines that a capture may have repeated do not tell."""
    return sum(coding.name == "chunked" for coding in codings)


@function()
def ends_chunked(codings: tuple[TransferCoding, ...]) -> bool:
    """Whether chunked is the coding applied last, so that the message shows its own end (RFC 9112 §6.3)."""
    return bool(codings) and codings[-1].name == "chunked"


@function()
def registered_coding(coding: TransferCoding) -> bool:
    """Whether a transfer coding is registered (RFC 9112 §7.3)."""
    return coding.name in REGISTERED


@function()
def lengths_agree(value: str) -> bool:
    """Whether a Content-Length is the same number several times, which recipients may take once (RFC 9112 §6.3)."""
    parts = [part.strip(" \t") for part in value.split(",")]
    return all(part.isascii() and part.isdecimal() for part in parts) and len({part.lstrip("0") for part in parts}) == 1
