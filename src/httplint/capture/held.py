"""What a client, a test or a recorder held of an exchange, and what that proves.

Whoever holds a response has it as fields, a status code and a content: parsed, and more or less as it came. `Held` says
so, and how far it can be believed; `weigh` makes the exchange, and withholds a fact as soon as something speaks against
it.
"""
from __future__ import annotations

import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from httplint.capture.har_quirks import CONNECTION
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import UNTOLD, Fields
from httplint.model.message import Request, Response, contentless

NO_NAMES: frozenset[str] = frozenset()

SERVER_FIELDS = CONNECTION | {"date", "server", "content-length", "alt-svc"}
"""What servers add to the response of an application."""

GATEWAY_DROPS = CONNECTION | {"authorization", "proxy-authorization", "content-length", "expect"}
"""Request fields that servers may not hand to an application."""

REDIRECTED = ("pair", "resource")
"""What is not known of a response that may be behind redirects which the client has followed."""

TEXTS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "iso-8859-1": "latin-1",
         "latin-1": "latin-1", "latin1": "latin-1"}
"""Charsets, in lower case, whose texts have one form as octets."""

NEVER = ("wire", "interim", "trailers", "target")
"""No one who holds a parsed response has the octets, interim responses, trailers or the request target as they came."""
ALWAYS_DECODED = frozenset({"gzip", "x-gzip", "deflate"})
GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class Held:
    """What an object holds, before it is weighed. `unknown` are facts, the gaps names of fields that may be missing."""

    status: int
    fields: Iterable[tuple[Any, Any]] | None
    version: str | None = None
    reason: str | None = None
    body: bytes | None = None
    """The whole content; None if that is not known."""
    decodes: bool = True
    """Whether content codings are decoded."""
    size: int | None = None
    """The octets of the content before decoding, if they were counted."""
    request: Request | None = None
    unknown: tuple[str, ...] = ()
    response_gaps: frozenset[str] = NO_NAMES
    request_gaps: frozenset[str] = NO_NAMES
    duration: float | None = None
    """Seconds until the response had ended, if that is known."""


def redirects(status: int, fields: Fields | None) -> bool:
    """Whether it is a response that clients follow, so that there was none before it."""
    return 300 <= status < 400 and fields is not None and "location" in fields


def without_server(held: Held) -> Held:
    """What an application gave, before a server made a response of it."""
    held.version = held.reason = None
    held.unknown += ("name_case",)
    held.response_gaps |= SERVER_FIELDS
    if held.request is not None:
        held.request.version = None
    return held


def weigh(held: Held, started: float | None, source: Source | None = None) -> Exchange:
    """The exchange of what was held; `started` in seconds since the epoch, `source` where it stands in a capture."""
    fields, request = Fields.of(held.fields), held.request
    unknown = {*NEVER, *held.unknown}
    body, size, exact = _content(held, fields)
    response = Response(int(held.status), held.version, held.reason, fields, body)
    response.size = size
    if not exact:
        unknown.add("octets")
    missing: list[tuple[str, object]] = [
        ("version", held.version), ("reason", held.reason), ("content", body), ("size", size), ("time", started),
        ("request", request)]
    missing += [(fact, fields) for fact in ("response_fields", "lines", "repeats", "name_case", "exact")]
    missing += [("request_fields", request and request.fields), ("request_version", request and request.version),
                ("request_content", request and request.content)]
    unknown.update(fact for fact, value in missing if value is None)
    gaps = held.response_gaps
    if fields is not None and "content-length" in fields:
        gaps -= {"transfer-encoding"}                      # no server adds the one to the other
    if request is not None and request.fields is UNTOLD:
        unknown.add("request_fields")
    evidence = Evidence.of(ALL & ~bits(*unknown), gaps, held.request_gaps)
    return Exchange(response, request, started=started, evidence=evidence, source=source, duration=held.duration)


def _content(held: Held, fields: Fields | None) -> tuple[bytes | None, int | None, bool]:
    """The content if it is known, the octets sent if they are, and whether the content is those octets."""
    body, method = held.body, held.request.method if held.request else None
    if body is None or fields is None or (method is None and not body) or contentless(held.status, method):
        return None, None, False
    if (fields.combined("transfer-encoding") or "chunked").lower() != "chunked":
        return None, None, False
    coding = (fields.combined("content-encoding") or "identity").lower()
    if not held.decodes or coding == "identity":
        return body, len(body), True
    if coding not in ALWAYS_DECODED or body.startswith(GZIP):
        return None, held.size, False
    return body, held.size, False


def octet_text(text: str) -> str:
    """Characters beyond U+00FF stand for their octets in UTF-8; lone surrogates for octets that were no UTF-8."""
    for coding, errors in (("latin-1", "strict"), ("utf-8", "surrogateescape")):
        try:
            return text.encode(coding, errors).decode("latin-1")
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def lines_of(headers: object, hidden: Callable[[str], bool]) -> tuple[list[tuple[str, str]] | None, frozenset[str]]:
    """The field lines of a mapping of names to one value or several, and the names of those that are not known.

    `hidden`: whether a value stands in the place of what was sent.
    """
    if headers is None:
        return [], frozenset()
    if not isinstance(headers, dict):
        return None, frozenset()
    made: list[tuple[str, str]] = []
    gaps = set()
    for name, given in headers.items():
        values = given if isinstance(given, list) else [given]
        if not values or any(not isinstance(value, str) or hidden(value) for value in values):
            gaps.add(octet_text(name).lower())
        else:
            made += [(octet_text(name), octet_text(value)) for value in values]
    return made, frozenset(gaps)


def text_octets(text: str, charset: str) -> bytes | None:
    """The octets that a recorder decoded by a charset; None where the text may not tell them."""
    coding = TEXTS.get(charset.lower())
    if coding is None or "\ufffd" in text:                 # which stands for what could not be decoded
        return None
    try:
        return text.encode(coding)
    except UnicodeEncodeError:
        return None


def unpacked(text: object) -> bytes | None:
    """The octets of a text in base64; None for what is none."""
    if not isinstance(text, str):
        return None
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
