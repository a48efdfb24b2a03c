"""Items and issues that Burp Suite saves as XML ("Save items", "Report issues" as XML).

Each has the octets of a request and a response, in base64 if that was chosen: else they are text within the XML, which
has lost its line ends. Burp unpacks gzip and deflate unless it is told not to: it takes Content-Encoding away, and
writes Content-Length anew; chunks may go the same way. Messages of HTTP/2 are shown in the form of HTTP/1.x, with the
names written otherwise. It has options for Connection in requests, which may be its own or its client's. Times are in
the time zone of a computer, whose abbreviation may stand for several.
"""
from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import clock, http1_shown, xml_walk
from httplint.capture.files import Progress
from httplint.capture.held import REDIRECTED
from httplint.capture.outcome import NO_RESPONSE, UNREADABLE, Outcome, Skipped
from httplint.capture.xml_walk import NOTHING, XmlForm, XmlPart, XmlParts
from httplint.model.evidence import Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request

FORM = XmlForm(frozenset({"item", "requestresponse"}),
               frozenset({"time", "protocol", "request", "response", "responseRedirected"}))
LACKS = bits("octets", "size")
CUT = bits("content", "request_content")
CONNECTION = frozenset({"connection", "keep-alive", "proxy-connection"})

SCHEMES = {b"http": "http", b"https": "https"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_TIME = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]?\d) (\d\d:\d\d:\d\d) (?:UTC|GMT) (\d{4})")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a file of Burp, in its order."""
    return xml_walk.outcomes(source, path, progress, FORM, _exchange)


def _exchange(parts: XmlParts, place: Source) -> Exchange | Skipped:
    request, response = parts.get("request", NOTHING), parts.get("response", NOTHING)
    try:
        asked, answered = _octets(request), _octets(response)
    except ValueError:
        return Skipped(place, "a message that should be base64 is not", UNREADABLE)
    if not answered.strip():
        return Skipped(place, "no response was captured", NO_RESPONSE)
    lacks = LACKS | (0 if request.whole and response.whole else CUT)
    if _text(parts, "responseRedirected") == b"true":
        lacks |= bits(*REDIRECTED)
    scheme = SCHEMES.get(_text(parts, "protocol"), "")
    made = http1_shown.exchange(answered, asked, place, text=not _is_coded(response), scheme=scheme,
                                started=_begun(parts), lacks=lacks, response_gaps=http1_shown.CODINGS)
    return made if isinstance(made, Skipped) or made.request is None else _of_client(made, made.request)


def _of_client(made: Exchange, request: Request) -> Exchange:
    """The exchange without what Burp itself may ask of the connection, in place of its client or besides."""
    fields = Fields(tuple((name, value) for name, value in request.fields or () if name.lower() not in CONNECTION))
    evidence = Evidence.of(made.evidence.bits, made.evidence.response_gaps, made.evidence.request_gaps | CONNECTION)
    return made.but(request=request.but(fields=fields), evidence=evidence)


def _is_coded(part: XmlPart) -> bool:
    return part.attributes.get("base64") == "true"


def _octets(part: XmlPart) -> bytes:
    """The octets of a message. Raises ValueError."""
    if not _is_coded(part):
        return part.octets
    octets = b"".join(part.octets.split())
    return binascii.a2b_base64(octets[:len(octets) // 4 * 4] if not part.whole else octets, strict_mode=True)


def _text(parts: XmlParts, name: str) -> bytes:
    return parts.get(name, NOTHING).octets.strip()


def _begun(parts: XmlParts) -> float | None:
    """When the request was sent, in seconds since the epoch; None if the zone may be one of several."""
    found = _TIME.fullmatch(_text(parts, "time").decode("latin-1"))
    if found is None or found[1] not in MONTHS:
        return None
    return clock.seconds(f"{found[4]}-{MONTHS.index(found[1]) + 1:02}-{int(found[2]):02}T{found[3]}+00:00")
