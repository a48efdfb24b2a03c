"""What a history takes in of an exchange, and an exchange without its contents: tuples of plain values.

They are made of an exchange without a look at others, so that another process may make them, and `marshal` writes and
reads them as they are. Small objects would cost ten times the memory and several times the time: thousands are kept,
and few are ever asked for.

Who judges in several processes does this. A worker makes the record of each exchange, for the facts that all rules read
(`facts_in`), and judges by the rules that read none. Who has all records, in the order of the capture, asks
`History.known` of each. A rule whose first fact is not among these comes out as is told there, without the exchange;
only for others that has to be made, for the rule to be run on it with that history. Then `History.take` takes the
record in. Dozens of records are best written as one list, which says once what they share. Both sides have to call the
capture the same: a finding names another place with its path, unless that is its own.
"""
from __future__ import annotations

from collections.abc import Collection

from httplint.grammar.table import value
from httplint.grammar.target import redirect_target, requested
from httplint.model.evidence import Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response
from httplint.vocabulary.knowledge import Place, Telling, packed, place_of, telling, unpacked

REDIRECTS = frozenset((301, 302, 303, 307, 308))

KEPT_CONTENT = 64
"""Octets of a request content that are kept as they are."""

Trace = tuple[str, str, str | None, str, bytes, int, str | None, str | None, bytes, float | None,
              tuple[int, frozenset[str], frozenset[str]], Place | None]
"""An exchange without its contents, trailers and interim responses: method, target, version, scheme and packed fields
of the request; status, version, reason and packed fields of the response; when it started, evidence, source."""

Parts = tuple[bool, Telling | None, Trace | None, bytes | None, tuple[str, str | None] | None, tuple[str, ...] | None]
"""What is remembered of an exchange: whether the response is known to answer this request, and the fields of both are
known; what it tells of a representation; its trace; of an error, the content of the request or what stands for it; of a
redirect, where it leads and the User-Agent of its request; Allow, where it tells the methods of the resource."""

Record = tuple[str | None, str, str, int, float | None, str | None, Parts]
"""What a history takes in of an exchange: target URI in the form of `requested`, and as the request has it, method,
status, when it started, User-Agent, its parts. Without a request the URI is None."""

_PAIR, _ASKED = bits("pair"), bits("request_fields")
_UNPAIRED: Parts = (False, None, None, None, None, None)
_PAIRED: Parts = (True, None, None, None, None, None)


def trace_of(exchange: Exchange, request: Request, told: Telling | None) -> Trace:
    """`told`: what the exchange tells of a representation, of which the trace takes what was packed already."""
    response = exchange.response
    assert request.fields is not None
    assert response.fields is not None
    asked, place = (packed(request.fields), place_of(exchange.source)) if told is None else (told[4], told[11])
    return (request.method, request.target, request.version, request.scheme, asked, response.status, response.version,
            response.reason, packed(response.fields), exchange.started, exchange.evidence.key, place)


class Earlier:
    """The exchange of a trace, without what is not kept; its messages are made when they are asked for."""

    __slots__ = ("_request", "_response", "evidence", "trace")

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.evidence = Evidence.of(*trace[10])
        self._request: Request | None = None
        self._response: Response | None = None

    @property
    def request(self) -> Request:
        if self._request is None:
            method, target, version, scheme, asked = self.trace[:5]
            self._request = Request(method, target, version, unpacked(asked), scheme=scheme)
        return self._request

    @property
    def response(self) -> Response:
        if self._response is None:
            status, version, reason, sent = self.trace[5:9]
            self._response = Response(status, version, reason, unpacked(sent))
        return self._response

    @property
    def exchange(self) -> Exchange:
        """Both, with time, evidence and source."""
        _, _, _, _, _, _, _, _, _, started, _, place = self.trace
        return Exchange(self.response, self.request, started=started, evidence=self.evidence,
                        source=None if place is None else Source(*place))


def parts_of(exchange: Exchange, request: Request, facts: Collection[str], told: Telling | None = None) -> Parts:
    """What is remembered of an exchange to tell those facts of later ones. `told`: what it tells, if that is known."""
    fields, response, known = request.fields, exchange.response, exchange.evidence.bits
    if fields is None or response.fields is None or not known & _PAIR:
        return _UNPAIRED
    method, status = request.method, response.status
    if told is None and "representation" in facts:
        told = telling(exchange)
    content = target = allow = None
    kept = False
    if status == 200:
        kept = method == "GET" and ("stored" in facts or "variant" in facts)
    elif status >= 400:
        if known & _ASKED and "previous" in facts:
            kept, content = True, content_of(exchange)
    elif status in REDIRECTS and ("redirect" in facts or "chain" in facts):
        leads = redirect_target(request.uri, response)
        if leads is not None:
            kept, target = True, (leads, fields.combined("user-agent"))
    if (status == 405 or method == "OPTIONS") and "allowed" in facts and "allow" in response.fields.index:
        sent = value(response, "allow")
        allow = sent if isinstance(sent, tuple) else None
    if not kept and told is allow is None:
        return _PAIRED
    return True, told, trace_of(exchange, request, told) if kept else None, content, target, allow


def record_of(exchange: Exchange, facts: Collection[str]) -> Record:
    """The record of an exchange, for a history of those facts."""
    request = exchange.request
    if request is None:
        return None, "", "", exchange.response.status, exchange.started, None, _UNPAIRED
    uri, fields = request.uri, request.fields
    return (requested(uri), uri, request.method, exchange.response.status, exchange.started,
            fields.combined("user-agent") if fields is not None else None, parts_of(exchange, request, facts))


def moved(record: Record, source: Source) -> Record:
    """The record of the same exchange, which stands there."""
    paired, told, trace, content, target, allow = record[6]
    if told is None and trace is None:
        return record
    place = place_of(source)
    parts = (paired, told and (*told[:-1], place), trace and (*trace[:-1], place), content, target, allow)
    return (*record[:6], parts)


def content_of(exchange: Exchange) -> bytes | None:
    """The content of the request, or what stands for it; None if it is not known.

    Where a request has no sign of content, none is taken to be there if it has no meaning (RFC 9110 §9.3.1, §9.3.2).
    """
    request = exchange.request
    assert request is not None
    if exchange.evidence.knows("request_content"):
        return _digest(request.content)
    fields = request.fields
    framed = fields is None or "content-length" in fields.index or "transfer-encoding" in fields.index
    return b"" if request.method in ("GET", "HEAD") and not framed else None


def _digest(content: bytes | None) -> bytes | None:
    """The content if it is short, else a hash of it: what is remembered must not grow with contents."""
    if content is None or len(content) <= KEPT_CONTENT:
        return content
    import hashlib
    return hashlib.blake2b(content).digest()
