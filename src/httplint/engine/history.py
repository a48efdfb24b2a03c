"""What earlier exchanges tell about a later one, within a bounded memory.

Rules over several exchanges stay one-liners: they read the facts that the history derives. Every fact comes from
exchanges that stand before the judged one in the capture; contents are not kept.
"""
from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

from httplint.engine.case import Case
from httplint.grammar.table import parsed
from httplint.grammar.uri import normalise, resolve
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request, Response

LIMIT = 4096
"""How many of each kind of fact are remembered, the latest ones."""

LONGEST_CHAIN = 50
REDIRECTS = frozenset((301, 302, 303, 307, 308))

T = TypeVar("T")


class History:
    """Facts from the exchanges seen so far. Bounded: the oldest are forgotten."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._stored: _Recent[Exchange] = _Recent(limit)
        self._same: _Recent[Exchange] = _Recent(limit)
        self._redirects: _Recent[tuple[Exchange, tuple[str, ...]]] = _Recent(limit)
        self._allowed: _Recent[tuple[str, ...]] = _Recent(limit)

    def recall(self, case: Case) -> None:
        """Tells a case what is known from before."""
        request = case.request
        if request is None:
            case.recall(None, None, None, None, None)
            return
        uri = normalise(request.uri)
        redirect = self._redirects.get(uri)
        case.recall(self._selected(uri, request), self._same.get(_identity(request)),
                    redirect[0] if redirect else None, redirect[1] if redirect else None, self._allowed.get(uri))

    def remember(self, exchange: Exchange) -> None:
        """Takes an exchange in, after it was judged."""
        request, response = exchange.request, exchange.response
        if request is None or not exchange.evidence.knows("pair"):
            return
        uri = normalise(request.uri)
        bare = _without_content(exchange)
        chain = self._redirects.pop(uri)
        if request.method == "GET" and response.status == 200:
            self._stored.put(uri, bare)
        if request.method not in ("GET", "HEAD") and response.status < 400:
            self._stored.pop(uri)                          # an unsafe method may have changed the resource
        self._same.put(_identity(request), bare)
        if response.status in REDIRECTS and (target := redirect_target(request, response)):
            before = chain[1] if chain else ()
            self._redirects.put(target, (bare, (*before, uri)[-LONGEST_CHAIN:]))
        if response.status == 405 or request.method == "OPTIONS":
            allow = value(response, "allow")
            if isinstance(allow, tuple):
                self._allowed.put(uri, allow)

    def _selected(self, uri: str, request: Request) -> Response | None:
        """The stored 200 of a target URI, if the request selects the same representation (RFC 9111 §4.1)."""
        earlier = self._stored.get(uri)
        if earlier is None or earlier.request is None or not isinstance(earlier.response.fields, type(request.fields)):
            return None
        vary = value(earlier.response, "vary")
        for name in vary if isinstance(vary, tuple) else ():
            if name == "*" or not earlier.evidence.knows("request_fields"):
                return None
            assert earlier.request.fields is not None
            assert request.fields is not None
            if earlier.request.fields.values(str(name)) != request.fields.values(str(name)):
                return None
        return earlier.response


class _Recent(Generic[T]):
    """The latest entries by key; the oldest ones fall out."""

    __slots__ = ("_entries", "_limit")

    def __init__(self, limit: int) -> None:
        self._entries: OrderedDict[object, T] = OrderedDict()
        self._limit = limit

    def get(self, key: object) -> T | None:
        return self._entries.get(key)

    def pop(self, key: object) -> T | None:
        return self._entries.pop(key, None)

    def put(self, key: object, entry: T) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)


def redirect_target(request: Request, response: Response) -> str | None:
    """Where a redirect leads: its Location resolved against the target URI, normalised; None without a valid one."""
    location = value(response, "location")
    if location is None or response.fields is None:
        return None
    try:
        return normalise(resolve(request.uri, response.fields.values("location")[0]))
    except ValueError:
        return None


def value(message: Message, name: str) -> object | None:
    """The parsed value of a field, or None where there is none that can be read."""
    if message.fields is None:
        return None
    try:
        return parsed(message.fields, name)
    except (NotApplicable, NotEvaluated):
        return None


def _identity(request: Request) -> object:
    """Equal for requests that are the same in method, target URI, fields and content."""
    return request.method, request.uri, hash((request.fields, request.content))


def _without_content(exchange: Exchange) -> Exchange:
    request, response = exchange.request, exchange.response
    assert request is not None
    return Exchange(Response(response.status, response.version, response.reason, response.fields, None, None),
                    Request(request.method, request.target, request.version, request.fields, None, None),
                    started=exchange.started, evidence=exchange.evidence, source=exchange.source)
