"""A HAR of what was asked and answered (`--save`), an entry for each exchange, findings or not.

Without secrets, as all that is written: a field line has a pseudonym in the place of its secret, which whoever reads
the HAR again takes for a value that is not known, and so has a URI, percent-encoded. Of a content that holds some, no
more than the begin is kept, for people; nothing of one that cannot be looked through, being too long or in a coding
that is not undone here. Contents that are no text are searched for the secrets of the exchange alone.
"""
from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

from httplint.capture.har_writing import HarWriter
from httplint.engine.report import Report
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Message, Request
from httplint.report import secrets
from httplint.report.masker import Shown
from httplint.report.reporter import Options, Write
from httplint.report.secrets import LOOKED_AT, MASKED
from httplint.report.summary import Summary

M = TypeVar("M", bound=Message)

CONTENT_LIMIT = 1 << 20
"""Octets of a content that is looked through for secrets, without its coding."""
OVERLAP = 1024
"""Characters of a content that are looked at twice, as a secret may stand where one piece ends."""
_GZIPPED = frozenset(("gzip", "x-gzip", "deflate"))


class HarReport:
    """Writes each exchange at once."""

    def __init__(self, write: Write, options: Options) -> None:
        self._masker = options.masker
        self._har = HarWriter(write, options.version)

    def report(self, report: Report) -> None:
        """Writes an exchange."""
        exchange = report.exchange
        if exchange.request is not None:
            shown = self._masker.of(exchange)
            self._har.add(exchange if self._masker.shows else sanitized(shown), _url(shown, exchange.request))

    def end(self, summary: Summary) -> None:
        """Completes the HAR."""
        self._har.close()


def _url(shown: Shown, request: Request) -> str:
    """The target URI: where the Host says, which may be missing, or wrong on purpose, or what was asked for."""
    hosts = request.fields.values("host") if request.fields is not None else []
    source = shown.exchange.source
    if len(hosts) != 1 and request.target.startswith("/") and source is not None and "://" in source.path:
        asked = urlsplit(source.path)
        return f"{asked.scheme}://{asked.netloc}{_uri(shown, request.target)}"
    return _uri(shown, request.uri)


def _uri(shown: Shown, uri: str) -> str:
    return MASKED.sub(lambda found: quote(found[0]), shown.text(uri))


# -- without secrets

def sanitized(shown: Shown) -> Exchange:
    """What may be kept of an exchange. What is not kept of it is not known of what is made."""
    exchange = shown.exchange
    unknown: list[str] = []
    response = _message(shown, exchange.response, unknown, ("response_fields", "lines"), ("content", "octets"))
    if (reason := shown.reason(response)) != response.reason:
        response = response.but(reason=reason)
        unknown.append("reason")
    request = exchange.request
    if request is not None:
        request = _message(shown, request, unknown, ("request_fields",), ("request_content",))
        if (method := shown.method()) != request.method:
            request = request.but(method=method)
            unknown.append("request")
    interim = [one.but(fields=_fields(shown, one.fields)) for one in exchange.interim]
    return exchange.but(request=request, response=response, interim=tuple(interim),
                        evidence=exchange.evidence.without(*unknown))


def _message(shown: Shown, message: M, unknown: list[str], fields: tuple[str, ...], content: tuple[str, ...]) -> M:
    """A message without its secrets; facts of these names are not known where it lacks something."""
    made = message.but(fields=_fields(shown, message.fields), trailers=_fields(shown, message.trailers),
                       content=_content(shown, message))
    if made.fields is not None and message.fields is not None and len(made.fields) < len(message.fields):
        unknown += fields
    if made.content is not message.content:
        unknown += content
    return made


def _fields(shown: Shown, fields: Fields | None) -> Fields | None:
    """The lines; those go whose name is a secret."""
    if fields is None:
        return None
    return Fields(tuple([line for line in shown.lines(fields) if not MASKED.search(line[0])]))


def _content(shown: Shown, message: Message) -> bytes | None:
    """The content itself; its begin with pseudonyms; or None, if nobody knows what is in it."""
    content = message.content
    if not content:
        return content
    plain = _plain(message, content)
    if plain is None or len(plain) > CONTENT_LIMIT:
        return None
    look: Callable[[str], secrets.Spans] = secrets.in_content
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text, look = plain.decode("latin-1"), _nothing
    begin = text[:LOOKED_AT]
    if where := shown.found.within(begin, look(begin)):
        return shown.masker.masked(text, where).encode("utf-8", "replace")
    more = range(LOOKED_AT - OVERLAP, len(text) - OVERLAP, LOOKED_AT - OVERLAP)
    held = shown.found.stand_in(text) or any(look(text[at:at + LOOKED_AT]) for at in more)
    return None if held else content


def _nothing(text: str) -> secrets.Spans:
    return ()


def _plain(message: Message, content: bytes) -> bytes | None:
    """A content without its coding; None for one that is not undone here, or broken."""
    coding = (message.fields.combined("content-encoding") if message.fields is not None else None) or "identity"
    if coding.lower() == "identity":
        return content
    if coding.lower() not in _GZIPPED:
        return None
    inflating = zlib.decompressobj(wbits=47)
    try:
        plain = inflating.decompress(content, CONTENT_LIMIT + 1)
    except zlib.error:
        return None
    return None if inflating.unused_data else plain
