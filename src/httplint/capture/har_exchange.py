"""One HAR entry made an exchange, with what it proves.

Upon the row of har_quirks for the tool that wrote the file, each entry is granted what it shows and no more: a fact
is withheld as soon as something about the entry speaks against it.

Strings of a HAR are Unicode, field values of the model octets, see `har_fields.octets`.
"""
from __future__ import annotations

import binascii
import re
from collections.abc import Callable

from httplint.capture import clock, har_quirks
from httplint.capture.har_fields import REQUEST_FIELDS, HarSection, octets, pseudo_fields, section
from httplint.capture.har_quirks import LINES, REASON, REPEATS, SIZE, Producer, Tool
from httplint.capture.har_shape import HarContent, HarEntry, HarRequest, HarResponse, Scalar
from httplint.capture.outcome import NO_RESPONSE, NOT_HTTP, SYNTHETIC, UNREADABLE, Skipped
from httplint.capture.redaction import PLACEHOLDER_LENGTH, redacted
from httplint.model.evidence import BITS, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.model.pattern import lazily

Attachment = Callable[[str], bytes | None]

SCHEMES = frozenset({"http", "https", "ws", "wss"})
MAX_STATUS = 9999
"""Beyond this a number is no status code in anybody's reading; 99 and 799 are some, if not registered ones."""

CONDITIONS = frozenset({"if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range"})
"""A client's cache adds these to requests of its own, and joins what comes back with what it has."""

FRESHNESS = (0, bits("pair"), bits("response_fields", "pair", "time"))
"""The facts that are in doubt for FRESH, NOT_PAIRED and REPLAYED responses."""

NO_CONTENT = frozenset({204, 205, 304})

REQUEST = bits("request", "request_fields", "request_content", "pair")
REQUEST_CONTENT = bits("request_content")
REQUEST_VERSION = bits("request_version")
VERSION = bits("version")
FIELDS = bits("response_fields", "lines")
RESPONSE_FIELDS = bits("response_fields")
CONTENT = bits("content")
OCTETS = bits("octets")
TIME = bits("time")
PAIR = bits("pair")

_SCHEME = lazily(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")
_AUTHORITY = lazily(r"(?://)([^/?#]*)|((?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):\d{1,5})(?=[/?#]|\Z)")
"""How a URL without scheme begins that names its host."""
_DEFAULT_PORTS = {"80": "http", "443": "https"}
METHODS = frozenset((
    "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LABEL",
    "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "OPTIONS",
    "ORDERPATCH", "PATCH", "POST", "PROPFIND", "PROPPATCH", "PUT", "QUERY", "REBIND", "REPORT", "SEARCH", "TRACE",
    "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
))
"""The registered methods (RFC 9110 §16.1)."""
NODE = frozenset({"connection", "set-cookie", "transfer-encoding"})
"""Fields that a page does not get to see: a recorder that has them sits below, where all are seen."""
_ERROR_NAME = lazily(r"[A-Za-z][\w:. -]{0,60}")
_NUMBER = lazily(r"[+-]?[0-9]{1,9}")
_UTF_8 = re.compile(r"charset\s*=\s*\"?utf-?8\b", re.IGNORECASE)


def exchange(entry: HarEntry, tool: Tool, source: Source, attachment: Attachment) -> Exchange | Skipped:
    """The exchange of an entry, or why there is none. `attachment` finds contents that are kept beside the HAR.

    `tool` learns what the entry shows of the tool.
    """
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
    method = _method(method, tool.row, status)
    return _exchange(entry, request, response, status, method, _target(url, method, request), tool, source, attachment)


def _exchange(entry: HarEntry, request: HarRequest, response: HarResponse, status: int, method: str, target: str,
              tool: Tool, source: Source, attachment: Attachment) -> Exchange | Skipped:
    row = tool.row
    answered = section(response.headers, row, answered=True)
    if not row.as_sent and (_made_up(entry, response, status, answered) or target.startswith(row.own_pages)):
        return Skipped(source, "the client made the response up", SYNTHETIC)
    asked = section(request.headers, row, answered=False)
    if row.chains and har_quirks.chained(entry, status):
        answered = asked = HarSection(Fields(), row, False)
    version, request_version = _versions(row, response, request, answered)
    fields, request_fields = answered.fields(row, version), asked.fields(row, request_version)
    started = clock.seconds(entry.started)

    facts = row.facts
    if row.adapters and not NODE.isdisjoint(answered.made.index):
        facts |= RESPONSE_FIELDS | PAIR
    if tool.keeps_lines or (facts & REPEATS and answered.sound and answered.repeats()):
        tool.keeps_lines = True
        facts |= LINES
    facts &= ~_doubts(entry, response, row, status, answered.made, request_fields)
    if isinstance(entry.unknown, str):
        facts &= ~bits(*filter(BITS.__contains__, entry.unknown.split()))
    content, exact = None, False
    if facts & CONTENT and not entry.error:
        own = not row.cache or (status == 205 and bool(facts & PAIR))
        content, exact = _content(response, row, status, method, fields, attachment, own=own)
    size = _size(response, row, status, method, fields) if facts & SIZE else None
    sent = _request_content(request) if facts & REQUEST_CONTENT else None
    reason = _reason(response, status, version) if facts & REASON else None
    if version is None:
        facts &= ~VERSION
    if request_version is None:
        facts &= ~REQUEST_VERSION
    if started is None:
        facts &= ~TIME
    if content is None:
        facts &= ~CONTENT
    if not exact:
        facts &= ~OCTETS
    if size is None:
        facts &= ~SIZE
    if sent is None:
        facts &= ~REQUEST_CONTENT
    if reason is None:
        facts &= ~REASON
    if not method:
        facts &= ~REQUEST
    if fields is None or not answered.complete:
        facts &= ~FIELDS
    if not (answered.sound and asked.sound):
        facts &= ~REPEATS
    if request_fields is None or not asked.complete:
        facts &= ~REQUEST_FIELDS

    made = Response(status, version, reason, fields, content)
    made.size = size
    sender = Request(method, target, request_version, request_fields, sent)
    if version is None:
        made.claimed = har_quirks.claimed(response.version)
    if request_version is None:
        sender.claimed = har_quirks.claimed(request.version)
    response_gaps, request_gaps = row.response_gaps, row.request_gaps
    if answered.unknown or asked.unknown:
        response_gaps, request_gaps = response_gaps | answered.unknown, request_gaps | asked.unknown
    evidence = Evidence.of(facts, response_gaps, request_gaps)
    return Exchange(made, sender, started=started, evidence=evidence, source=source,
                    duration=clock.lasted(entry.elapsed))


# -- entries that are no exchange


def _made_up(entry: HarEntry, response: HarResponse, status: int, answered: HarSection) -> bool:
    """Whether the client, or what takes its requests, is the one who responds."""
    return bool(entry.fulfilled or (status == 307 and response.reason == "Internal Redirect")
                or har_quirks.SYNTHETIC_FIELD in answered.made.index)


def _foreign(url: str, method: str) -> str:
    """Why that URL is not one of HTTP; empty if it is, or has no scheme. CONNECT has no URL but a host and port."""
    if url.startswith(("https://", "http://")) or method == "CONNECT":
        return ""
    match = _SCHEME.match(url)
    if match is None or _AUTHORITY.match(url):
        return ""
    scheme = match[1].lower()
    return "" if scheme in SCHEMES else f"{scheme}: is not HTTP"


def _method(written: str, row: Producer, status: int) -> str:
    """The method as it was sent; empty where it is spelt in another case, perhaps by the tool, and that matters.

    Browsers send the common methods in capitals, but patch as a page spells it (Fetch §2.2.1).
    """
    if written in METHODS:
        return written
    method = written.upper()
    if row.keeps_methods or method not in METHODS:
        return written
    return "" if written != method == "PATCH" and status in (405, 501) else method


def _target(url: str, method: str, request: HarRequest) -> str:
    """The URL without fragment, made absolute where the entry tells scheme and host; else in origin-form."""
    if "#" in url:
        url = url.partition("#")[0]
    if url.startswith(("https://", "http://")) or method == "CONNECT":
        return url
    named = _AUTHORITY.match(url)
    if named is None and _SCHEME.match(url):
        return url
    pseudo = pseudo_fields(request.headers)
    host = next((line.value for line in request.headers or () if isinstance(line.name, str)
                 and line.name.lower() == "host" and isinstance(line.value, str)), None)
    authority = (named and (named[1] or named[2])) or pseudo.get(":authority") or host or ""
    path = url[named.end():] if named else url
    if not path.startswith("/") and path != "*":
        path = "/" + path
    scheme = pseudo.get(":scheme") or _DEFAULT_PORTS.get(authority.rpartition(":")[2])
    if scheme is None and ":authority" in pseudo:
        scheme = "https"  # as all that speaks HTTP/2 in practice
    return f"{scheme}://{authority}{'' if path == '*' else path}" if scheme in SCHEMES and authority else path


def _without_status(entry: HarEntry, response: HarResponse, status: int | None, source: Source) -> Skipped:
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


# -- fields


def _length(fields: Fields) -> int | None:
    """Content-Length as a number; None if there is none, or no valid one."""
    value = fields.combined("content-length")
    return int(value) if value is not None and _NUMBER.fullmatch(value) else None


def _is_coded(fields: Fields) -> bool:
    coding = fields.combined("content-encoding") if "content-encoding" in fields.index else None
    return coding is not None and coding.lower() not in ("", "identity")


# -- what the entry proves


def _versions(row: Producer, response: HarResponse, request: HarRequest,
              answered: HarSection) -> tuple[str | None, str | None]:
    """The versions of response and request. Releases without `_transferSize` are old ones."""
    old = response.transfer_size is None
    spelled = response.version
    version = har_quirks.version(row, spelled, old=old)
    alike = isinstance(spelled, str) and request.version == spelled
    request_version = version if alike else har_quirks.version(row, request.version, old=old)
    if answered.suspect and (by_fields := har_quirks.version_by_fields(version, answered.made)) != version:
        return by_fields, by_fields
    return version, request_version


def _doubts(entry: HarEntry, response: HarResponse, row: Producer, status: int, fields: Fields,
            request_fields: Fields | None) -> int:
    """The facts that cache, conditions and status put in doubt."""
    doubts = FRESHNESS[har_quirks.freshness(row, entry, response, dated="date" in fields.index)]
    if row.cache:
        if status == 304:
            doubts |= RESPONSE_FIELDS | PAIR  # joined with the stored response
        elif request_fields is not None and not CONDITIONS.isdisjoint(request_fields.index):
            doubts |= PAIR
    if status < 200:
        doubts |= CONTENT | OCTETS | SIZE
    return doubts


def _reason(response: HarResponse, status: int, version: str | None) -> str | None:
    """The reason phrase; tools leave it out, put the status code in, or make one up for versions without."""
    reason = response.reason
    if version not in ("1.0", "1.1") or not isinstance(reason, str) or not reason or reason.startswith(str(status)):
        return None
    return octets(reason)


# -- content


def _content(response: HarResponse, row: Producer, status: int, method: str, fields: Fields | None,
             attachment: Attachment, *, own: bool) -> tuple[bytes | None, bool]:
    """The whole content, if it is known, and whether these are the octets as they were sent.

    `own`: it is not what a cache holds of the response to another request. No cache answers with 205.
    """
    content = response.content
    if content is None or fields is None or not method or response.error or response.failure:
        return None, False
    bodyless = _is_bodyless(status, method)
    if not own and (bodyless or status == 206):
        return None, False
    if content.text == "" and content.file is None:
        known = content.size == 0 and (row.as_sent or _length(fields) == 0 or (bodyless and not row.cache))
        return (b"", True) if known else (None, False)
    coded = _is_coded(fields)
    octets, exact = _octets_of(content, fields, row, coded, attachment)
    if octets is None or len(octets) != _decoded_size(content, row, coded):
        return None, False
    if row.cache and not coded and _length(fields) not in (None, len(octets)):
        return None, False
    exact = (exact and (row.as_sent or not coded) and "content-encoding" not in row.response_gaps
             and fields.combined("transfer-encoding") in (None, "chunked"))
    return octets, exact


def _is_bodyless(status: int, method: str) -> bool:
    return method == "HEAD" or status in NO_CONTENT or (method == "CONNECT" and 200 <= status < 300)


def _octets_of(content: HarContent, fields: Fields, row: Producer, coded: bool,
               attachment: Attachment) -> tuple[bytes | None, bool]:
    """The octets that `content` holds, None for none or a placeholder; and whether no character was replaced."""
    text = content.text
    if text is None and isinstance(content.file, str):
        return attachment(content.file), True
    if not isinstance(text, str) or (len(text) < PLACEHOLDER_LENGTH and redacted(text)):
        return None, False
    if isinstance(content.encoding, str) and content.encoding.lower() == "base64":
        # of a coded content this may be what was sent, or what was decoded
        return (None if coded and not row.as_sent else _from_base64(text)), True
    if coded and (row.as_sent or text.startswith("\x1f")):
        return None, False
    return _from_text(text), row.as_sent or text.isascii() or ("\ufffd" not in text and _is_utf_8(fields))


def _decoded_size(content: HarContent, row: Producer, coded: bool) -> int | None:
    """How many octets the content has after decoding, by `content.size`; None if that does not tell."""
    size = content.size
    if isinstance(size, bool) or not isinstance(size, int):
        return None
    if row.coded_size and coded:
        saved = content.compression
        return size + saved if isinstance(saved, int) else None
    return size


def _is_utf_8(fields: Fields) -> bool:
    return _UTF_8.search(fields.combined("content-type") or "") is not None


def _from_base64(text: str) -> bytes | None:
    if "\n" in text or "\r" in text:                        # to replace nothing takes as long as to decode
        text = text.replace("\n", "").replace("\r", "")
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None


def _from_text(text: str) -> bytes | None:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return None


def _size(response: HarResponse, row: Producer, status: int, method: str, fields: Fields | None) -> int | None:
    """The number of content octets sent. Zero is also written for what was not looked at."""
    size = response.body_size
    if (isinstance(size, bool) or not isinstance(size, int) or fields is None
            or (_is_bodyless(status, method) and not row.as_sent)):
        return None
    return size if size > 0 or (size == 0 and (row.as_sent or _length(fields) == 0)) else None


def _request_content(request: HarRequest) -> bytes | None:
    """The content of the request, whole or None."""
    post_data, size = request.post_data, request.body_size
    if post_data is None:
        return b"" if size == 0 and not isinstance(size, bool) else None
    text = post_data.text
    if not isinstance(text, str) or (len(text) < PLACEHOLDER_LENGTH and redacted(text)):
        return None
    octets = _from_base64(text) if post_data.encoding == "base64" else _from_text(text)
    return octets if octets is not None and size == len(octets) else None
