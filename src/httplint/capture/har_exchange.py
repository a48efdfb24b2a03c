"""One HAR entry made an exchange, with what it proves.

Upon the row of har_quirks for the tool that wrote the file, each entry is granted what it shows and no more: a fact
is withheld as soon as something about the entry speaks against it.

Strings of a HAR are Unicode, field values of the model octets, see `_octets`.
"""
from __future__ import annotations

import binascii
import re
from collections.abc import Callable

from httplint.capture import har_quirks
from httplint.capture.har_quirks import FRESH, REASON, REPLAYED, SIZE, Producer
from httplint.capture.har_shape import Content, Entry, Line, Scalar
from httplint.capture.har_shape import Request as HarRequest
from httplint.capture.har_shape import Response as HarResponse
from httplint.capture.outcome import NO_RESPONSE, NOT_HTTP, SYNTHETIC, UNREADABLE, Skipped
from httplint.model.evidence import Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response

Attachment = Callable[[str], bytes | None]

SCHEMES = frozenset({"http", "https", "ws", "wss"})
MAX_STATUS = 9999
"""Beyond this a number is no status code in anybody's reading; 99 and 799 are some, if not registered ones."""

CONDITIONS = frozenset({"if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range"})
"""A client's cache adds these to requests of its own, and joins what comes back with what it has."""

NO_CONTENT = frozenset({204, 205, 304})
NO_NAMES: frozenset[str] = frozenset()

REQUEST = bits("request", "request_fields", "request_content", "pair")
REQUEST_FIELDS = bits("request_fields")
REQUEST_CONTENT = bits("request_content")
REQUEST_VERSION = bits("request_version")
VERSION = bits("version")
FIELDS = bits("response_fields", "lines")
RESPONSE_FIELDS = bits("response_fields")
CONTENT = bits("content")
OCTETS = bits("octets")
TIME = bits("time")
PAIR = bits("pair")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_ERROR_NAME = re.compile(r"[A-Za-z][\w:. -]{0,60}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_LINE_END = re.compile(r"\r?\n(?![ \t])|(?<!\r)\n")
"""Where repeated field lines were joined; a CRLF before a blank is the folding of one line (RFC 9112 §5.2)."""
_UTF_8 = re.compile(r"charset\s*=\s*\"?utf-?8\b", re.IGNORECASE)
_LOCALISED = re.compile(r"\d{1,3}(?:\D\d{3})+")


def exchange(entry: Entry, row: Producer, source: Source, attachment: Attachment) -> Exchange | Skipped:
    """The exchange of an entry, or why there is none. `attachment` finds contents that are kept beside the HAR."""
    request, response = entry.request, entry.response
    if request is None:
        return Skipped(source, "the entry has no request", UNREADABLE)
    url = request.url
    if not isinstance(url, str) or not url:
        return Skipped(source, "the request has no URL", UNREADABLE)
    method = request.method if isinstance(request.method, str) else ""
    foreign = _foreign(url, method)
    if foreign:
        return Skipped(source, foreign, NOT_HTTP)
    if response is None:
        return Skipped(source, "the entry has no response", NO_RESPONSE)
    status = _integer(response.status)
    if status is None or not 0 < status <= MAX_STATUS:
        return _without_status(entry, response, status, source)

    answered = _section(response.headers, row)
    if entry.fulfilled or (status == 307 and response.reason == "Internal Redirect") or answered.synthetic:
        return Skipped(source, "the client made the response up", SYNTHETIC)
    asked = _section(request.headers, row)
    version, request_version = _versions(row, response, request, answered)
    fields, request_fields = answered.fields(row, version), asked.fields(row, request_version)
    started = har_quirks.started(entry.started)

    facts = row.facts & ~_doubts(entry, response, row, status, request_fields)
    content, exact = None, False
    if facts & CONTENT and not entry.error:
        content, exact = _content(response, row, status, method, fields, attachment)
    size = _size(response, status, method, fields) if facts & SIZE else None
    sent = _request_content(request) if facts & REQUEST_CONTENT else None
    reason = _reason(response, status, version) if facts & REASON else None
    for known, bit in ((version, VERSION), (request_version, REQUEST_VERSION), (started, TIME), (content, CONTENT),
                       (exact or None, OCTETS), (size, SIZE), (sent, REQUEST_CONTENT), (reason, REASON),
                       (method or None, REQUEST), (fields if answered.complete else None, FIELDS),
                       (request_fields if asked.complete else None, REQUEST_FIELDS)):
        if known is None:
            facts &= ~bit

    made = Response(status, version, reason, fields, content)
    made.size = size
    evidence = Evidence.of(facts, row.response_gaps | answered.unknown, row.request_gaps | asked.unknown)
    return Exchange(made, Request(method, url.partition("#")[0], request_version, request_fields, sent),
                    started=started, evidence=evidence, source=source)


# -- entries that are no exchange


def _foreign(url: str, method: str) -> str:
    """Why that URL is not one of HTTP; empty if it is. CONNECT has no URL but a host and port."""
    if url.startswith(("https://", "http://")) or method == "CONNECT":
        return ""
    match = _SCHEME.match(url)
    if match is None:
        return "the URL of the request is not absolute"
    scheme = match[1].lower()
    return "" if scheme in SCHEMES else f"{scheme}: is not HTTP"


def _without_status(entry: Entry, response: HarResponse, status: int | None, source: Source) -> Skipped:
    if status is None and response.status is not None:
        return Skipped(source, "the status is not a number", UNREADABLE)
    if status is not None and status > MAX_STATUS:
        return Skipped(source, "the status is not a status code", UNREADABLE)
    for error in (response.error, entry.error, response.failure):
        if isinstance(error, str) and _ERROR_NAME.fullmatch(error):
            return Skipped(source, f"no response was captured ({error})", NO_RESPONSE)
    return Skipped(source, "no response was captured", NO_RESPONSE)


def _integer(value: Scalar) -> int | None:
    """A number written as JSON number or in quotes; None for anything else, and for fractions."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    value = value.strip(" ")
    return int(value) if _NUMBER.fullmatch(value) else None


# -- field sections


class _Section:
    """A list of headers: its field lines; whether all could be read; names of lines whose value is not known."""

    __slots__ = ("complete", "lines", "unknown")

    def __init__(self, lines: list[tuple[str, str]], complete: bool, unknown: frozenset[str]) -> None:
        self.lines = lines
        self.complete = complete
        self.unknown = unknown
