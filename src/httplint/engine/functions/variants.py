"""What two representations of one resource tell about each other (RFC 9110 §8.8, §12.5.5)."""
from __future__ import annotations

import zlib

from httplint.engine.case import Variant
from httplint.engine.functions import function
from httplint.engine.history import MARKED, value
from httplint.grammar.rfc9110 import EntityTag
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Message, Request, Response

_PLAIN = {"x-gzip": "gzip", "x-compress": "compress"}


@function("pair")
def shares_tag(tag: EntityTag, variant: Variant) -> bool:
    """Whether another representation has the same strong entity tag, so that it must be the same octets (§8.8.1)."""
    return not tag.weak and tag == value(variant.response, "etag")


@function("pair", absent=("response.content-encoding",))
def coded_as(response: Response, variant: Variant) -> bool:
    """Whether two representations have the same content codings (§8.4)."""
    return _codings(response) == _codings(variant.response)


@function("pair", "content", "octets")
def same_octets(response: Response, variant: Variant) -> bool:
    """Whether nothing shows that the contents of two representations differ: neither length nor first octets."""
    if variant.mark is None or response.content is None:
        raise NotEvaluated("the content was captured after decoding, not as it was sent")
    return variant.mark == (len(response.content), zlib.crc32(response.content[:MARKED]))


@function("pair", absent=("response.content-encoding",))
def coded_on_demand(request: Request, response: Response, variant: Variant) -> bool:
    """Whether the content coding differs from that of an earlier 200 because Accept-Encoding does (§12.5.5).

    Not if Last-Modified shows that the representation has changed between the two.
    """
    return (_asked(request, "accept-encoding") != _asked(variant.request, "accept-encoding")
            and _unchanged(response, variant) and not coded_as(response, variant))


@function("pair")
def translated(languages: tuple[str, ...], request: Request, response: Response, variant: Variant) -> bool:
    """Whether Content-Language differs from that of an earlier 200 because Accept-Language does (§12.5.5)."""
    before = value(variant.response, "content-language")
    return (_asked(request, "accept-language") != _asked(variant.request, "accept-language")
            and _unchanged(response, variant)
            and before is not None and before != languages)


def _codings(response: Response) -> tuple[str, ...]:
    if response.fields is None or "content-encoding" not in response.fields.index:
        return ()
    found = value(response, "content-encoding")
    if not isinstance(found, tuple):
        raise NotEvaluated("malformed Content-Encoding")
    return tuple(_PLAIN.get(coding, coding) for coding in map(str, found) if coding != "identity")


def _unchanged(response: Response, variant: Variant) -> bool:
    return value(response, "last-modified") == value(variant.response, "last-modified")


def _asked(message: Message, name: str) -> str | None:
    """The value of a field, of any lines together; None without it."""
    return None if message.fields is None or name not in message.fields.index else message.fields.combined(name)
