"""What a history takes in of an exchange, and an exchange without its contents: tuples of plain values.

They are made of an exchange without a look at others, so that another process may make them, and `marshal` writes and
reads them as they are. Small objects would cost ten times the memory and several times the time: thousands are kept,
and few are ever asked for.

Who judges in several processes does this. A worker makes `record_of` each exchange, `whole` where a rule of its plan
reads a fact, and judges by all other rules. Who has all records, in the order of the capture, asks `History.known` of
each; only if that names a fact that such a rule reads, the rule is run, on `judged` and with that history; then
`History.take` takes the record in. Dozens of records are best written as one list, which says once what they share.
"""
from __future__ import annotations

import marshal
from collections.abc import Collection
from typing import Any, TypeVar

from httplint.grammar.table import value
from httplint.grammar.target import redirect_target, requested
from httplint.model.evidence import Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Irregularity, Request, Response
from httplint.vocabulary.knowledge import Telling, packed, place_of, telling, unpacked

M = TypeVar("M", Request, Response)

REDIRECTS = frozenset((301, 302, 303, 307, 308))

KEPT_CONTENT = 64
"""Octets of a request content that are kept as they are."""

Trace = tuple[str, str, str | None, str, bytes, int, str | None, str | None, bytes, float | None, tuple[Any, ...],
              tuple[Any, ...] | None]
"""An exchange without its contents, trailers and interim responses: method, target, version, scheme and packed fields
of the request; status, version, reason and packed fields of the response; when it started, evidence, source."""

Parts = tuple[bool, Telling | None, Trace | None, bytes | None, tuple[str, str | None] | None, tuple[str, ...] | None]
"""What is remembered of an exchange: whether the response is known to answer this request, and the fields of both are
known; what it tells of a representation; its trace; of an error, the content of the request or what stands for it; of a
redirect, where it leads and the User-Agent of its request; Allow, where it tells the methods of the resource."""

Record = tuple[str | None, str, str, int, float | None, str | None, Parts, bytes | None]
"""What a history takes in of an exchange: target URI in the form of `requested`, and as the request has it, method,
status, when it started, User-Agent, its parts; and packed, what the trace lacks. Without a request the URI is None."""

_PAIR, _ASKED = bits("pair"), bits("request_fields")
_UNPAIRED: Parts = (False, None, None, None, None, None)
_PAIRED: Parts = (True, None, None, None, None, None)


def trace_of(exchange: Exchange, request: Request, asked: bytes) -> Trace:
    """`asked`: the fields of the request, packed."""
    response = exchange.response
    return (request.method, request.target, request.version, request.scheme, asked, response.status, response.version,
            response.reason, packed(response.fields or Fields()), exchange.started, exchange.evidence.key,
            place_of(exchange.source))


def traced(trace: Trace) -> Exchange:
    """The exchange, without what is not kept."""
    method, target, version, scheme, asked, status, answered, reason, sent, started, evidence, place = trace
    request = Request(method, target, version, unpacked(asked), scheme=scheme)
    return Exchange(Response(status, answered, reason, unpacked(sent)), request, started=started,
                    evidence=Evidence.of(*evidence), source=Source(*place) if place is not None else None)


def parts_of(exchange: Exchange, request: Request, facts: Collection[str]) -> Parts:
    """What is remembered of an exchange to tell those facts of later ones."""
    fields, response, known = request.fields, exchange.response, exchange.evidence.bits
    if fields is None or response.fields is None or not known & _PAIR:
        return _UNPAIRED
    method, status = request.method, response.status
    told = telling(exchange) if "representation" in facts else None
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
    trace = trace_of(exchange, request, packed(fields) if told is None else told[4]) if kept else None
    return True, told, trace, content, target, allow


def record_of(exchange: Exchange, facts: Collection[str]) -> Record:
    """The record of an exchange, for a history of those facts."""
    request = exchange.request
    if request is None:
        return None, "", "", exchange.response.status, exchange.started, None, _UNPAIRED, None
    uri, fields = request.uri, request.fields
    return (requested(uri), uri, request.method, exchange.response.status, exchange.started,
            fields.combined("user-agent") if fields is not None else None, parts_of(exchange, request, facts), None)


def whole(record: Record, exchange: Exchange, contents: bool) -> Record:
    """The record of an exchange, of which that can be made again; its contents only if they are asked for.

    Raises ValueError for one without request: no fact tells anything of it.
    """
    request = exchange.request
    if request is None:
        raise ValueError("an exchange without request: expected one of which a fact may tell something")
    trace = None if record[6][2] else trace_of(exchange, request, packed(request.fields or Fields()))
    rest = (trace, _rest(request, contents), _rest(exchange.response, contents),
            [(one.status, one.version, one.reason, packed(one.fields or Fields()), _rest(one, contents))
             for one in exchange.interim])
    return (*record[:7], marshal.dumps(rest))


def judged(record: Record) -> Exchange:
    """The exchange of a `whole` record; sections that were not captured are empty. Raises ValueError for others."""
    if record[7] is None:
        raise ValueError("a record of what is remembered: expected one of the whole exchange")
    spare, asked, answered, interim = marshal.loads(record[7])  # noqa: S302 - written by `whole`
    trace = record[6][2] or spare
    assert trace is not None
    exchange = traced(trace)
    assert exchange.request is not None
    return exchange.but(request=_filled(exchange.request, asked), response=_filled(exchange.response, answered),
                        interim=tuple([_filled(Response(status, version, reason, unpacked(lines)), rest)
                                       for status, version, reason, lines, rest in interim]))


Rest = tuple[bytes | None, bytes | None, int | None, list[tuple[Any, ...]], bytes | None, bool, bool]
"""What a trace lacks of a message."""


def _rest(message: Request | Response, contents: bool) -> Rest:
    trailers = None if message.trailers is None else packed(message.trailers)
    strange = [(one.kind, one.position, one.text, one.line) for one in message.irregularities]
    return (message.content if contents else None, trailers, message.size, strange,
            message.transfer_coded if contents else None, message.clipped,
            isinstance(message, Response) and message.interim)


def _filled(message: M, rest: Rest) -> M:
    message.content, trailers, message.size, strange, message.transfer_coded, message.clipped, interim = rest
    message.trailers = None if trailers is None else unpacked(trailers)
    message.irregularities = tuple([Irregularity(*one) for one in strange])
    if isinstance(message, Response):
        message.interim = interim
    return message


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
