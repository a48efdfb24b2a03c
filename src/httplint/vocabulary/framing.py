"""How messages are framed (RFC 9112 §6)."""
from __future__ import annotations

from httplint.grammar.codings import ALIASES, decoded
from httplint.grammar.rfc9112 import TransferCoding
from httplint.grammar.table import parsed
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response, contentless
from httplint.vocabulary import function

REGISTERED = frozenset(("chunked", "compress", "deflate", "gzip", "x-compress", "x-gzip"))
"""The transfer codings of RFC 9112 §7.1 and §7.2; none was registered elsewhere. None has parameters."""


@function("repeats")
def times_chunked(codings: tuple[TransferCoding, ...]) -> int:
    """How often the chunked coding is applied (RFC 9112 §6.1).

    Lines that a capture may have repeated do not tell.
    """
    return sum(coding.name == "chunked" for coding in codings)


@function()
def ends_chunked(codings: tuple[TransferCoding, ...]) -> bool:
    """Whether chunked is the coding applied last, so that the message shows its own end (RFC 9112 §6.3)."""
    return bool(codings) and codings[-1].name == "chunked"


@function()
def registered_coding(coding: TransferCoding) -> bool:
    """Whether a transfer coding is registered (RFC 9112 §7.3)."""
    return coding.name in REGISTERED


@function("pair", "request_fields", absent=("request.te",), reads=("request.te",))
def accepts_coding(request: Request, coding: TransferCoding) -> bool:
    """Whether the request accepts a transfer coding: chunked always, others where TE names them (RFC 9112 §7.4)."""
    if coding.name == "chunked":
        return True
    if request.fields is None or "te" not in request.fields.index:
        return False
    accepted = parsed(request.fields, "te")
    assert isinstance(accepted, tuple)
    name = ALIASES.get(coding.name, coding.name)
    return any(ALIASES.get(one.value, one.value) == name and one.weight > 0 for one in accepted)


@function(reads=("response:transfer_coded",))
def transfer_flaw(response: Response, codings: tuple[TransferCoding, ...]) -> str | None:
    """Why the transfer codings below chunked cannot be taken off, as the end of a sentence (RFC 9112 §7.2)."""
    if response.transfer_coded is None:
        raise NotEvaluated("the octets within the chunks were not captured")
    found = decoded(response.transfer_coded, tuple([one.name for one in codings[:-1]]))
    if found.flaw is None and found.reason is not None:
        raise NotEvaluated(found.reason)
    return found.flaw.text if found.flaw is not None else None


@function()
def lengths_agree(value: str) -> bool:
    """Whether a Content-Length is the same number several times, which recipients may take once (RFC 9112 §6.3)."""
    parts = [part.strip(" \t") for part in value.split(",")]
    return all(part.isascii() and part.isdecimal() for part in parts) and len({part.lstrip("0") for part in parts}) == 1


@function("wire", absent=("response.content-length", "response.transfer-encoding"),
          reads=("request:method", "response:status"))
def delimited_by_closing(request: Request, response: Response) -> bool:
    """Whether nothing but the end of the connection shows where the content ends (RFC 9112 §6.3).

    Of HTTP/1.x only; a message with a transfer coding that is not chunked has rules of its own.
    """
    return (not contentless(response.status, request.method) and response.fields is not None
            and response.fields.index.keys().isdisjoint(("content-length", "transfer-encoding")))
