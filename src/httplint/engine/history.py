"""What earlier exchanges tell about a later one, within a bounded memory.

Rules over several exchanges stay one-liners: they read the facts that the history derives. Every fact comes from
exchanges that stand before the judged one in the capture. Of contents, no more is kept than tells two apart.
"""
from __future__ import annotations

import marshal
from collections import OrderedDict
from typing import Generic, NamedTuple, TypeVar

from httplint.grammar import registry
from httplint.grammar.table import value
from httplint.grammar.target import redirect_target, requested
from httplint.model.evidence import Evidence, NotEvaluated, bits
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import Message, Request, Response
from httplint.vocabulary.knowledge import Known, Variant, known
from httplint.vocabulary.representation import Representation, joined

LIMIT = 4096
"""How many of each kind of fact are remembered, the latest ones."""

METHODS = 20
"""How many successful methods of a resource are remembered."""
WEIGHT = 8 * 1024 * 1024
"""Octets that may be kept of representations, together: those of some 1,500 with contents of more than 4 KiB."""
LONGEST_CHAIN = 50
REDIRECTS = frozenset((301, 302, 303, 307, 308))

FOLLOWED_SECONDS = 30.0
"""How much later than the redirected request the next one may start, to count as following the redirect."""
FOLLOWED_PLACES = 20
"""How many exchanges later, where their times are not known."""

M = TypeVar("M", bound=Message)
T = TypeVar("T")


class Followed(NamedTuple):
    """A redirect that waits for the request that follows it."""

    exchange: Exchange
    chain: tuple[str, ...]
    """The URIs that were requested on the way, that of this redirect the last, in the form of `requested`."""
    place: int
    """Its number among the exchanges seen."""


class History:
    """Facts from the exchanges seen so far. Bounded: the oldest are forgotten."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._seen = 0
        self._stored: _Recent[_Trace] = _Recent(limit)
        self._same: _Recent[tuple[_Trace, bytes | None]] = _Recent(limit)
        self._redirects: _Recent[Followed] = _Recent(limit)
        self._succeeded: _Recent[tuple[str, ...]] = _Recent(limit)
        self._allowed: _Recent[tuple[str, ...]] = _Recent(limit)
        self._representations = _Representations(limit)
        self._told: tuple[Exchange, Known | None] | None = None
        self._compared: tuple[Exchange, Representation | None] | None = None
        self._unpacked: tuple[_Trace, Exchange] | None = None

    def stored(self, exchange: Exchange) -> Response | None:
        """The stored 200 of the target URI, if the request selects the same representation (RFC 9111 §4.1)."""
        return self._selected(requested(exchange.request.uri), exchange) if exchange.request is not None else None

    def variant(self, exchange: Exchange) -> Variant | None:
        """The latest 200 to a GET of the target URI, whatever representation it selected."""
        trace = self._stored.get(requested(exchange.request.uri)) if exchange.request is not None else None
        if trace is None:
            return None
        earlier = self._earlier(trace)
        assert earlier.request is not None
        if not _told_as_much(earlier.evidence, exchange.evidence):
            return None
        return Variant(earlier.request, earlier.response)

    def representation(self, exchange: Exchange) -> Representation | None:
        """What the exchange and earlier ones tell of the same representation."""
        now = self._tells(exchange, self._seen + 1)
        if now is None or exchange.request is None:
            return None
        if self._compared is None or self._compared[0] is not exchange:
            before = self._representations.get(requested(exchange.request.uri), now.validator)
            self._compared = exchange, Representation(now, before) if before is not None else None
        return self._compared[1]

    def succeeded(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The methods that were answered with 2xx by the resource."""
        return self._succeeded.get(requested(exchange.request.uri)) if exchange.request is not None else None

    def previous(self, exchange: Exchange) -> Exchange | None:
        """The latest exchange with the same method and target URI, if its whole request was the same.

        Errors only (4xx, 5xx): of a success, nobody asks whether it was repeated. Those of GET and HEAD count until an
        unsafe method succeeds, which may have changed the resource. Raises NotEvaluated where a content decides that is
        not known.
        """
        request = exchange.request
        if request is None:
            return None
        found = self._same.get((request.method, request.uri))
        if found is None:
            return None
        trace, content = found
        now = _content_of(exchange)
        if content is None or now is None:
            raise NotEvaluated("the content of the request was not captured")
        if content != now:
            return None
        earlier = self._earlier(trace)
        assert earlier.request is not None
        if not _told_as_much(earlier.evidence, exchange.evidence):
            return None
        return earlier if _alike(earlier.request, request) else None

    def redirect(self, exchange: Exchange) -> Exchange | None:
        """The redirect that the request followed."""
        followed = self._followed_by(exchange)
        return followed and followed.exchange

    def chain(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The URIs requested on the way to this one, if the request followed a redirect."""
        followed = self._followed_by(exchange)
        return followed and followed.chain

    def allowed(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The latest Allow of the resource."""
        return self._allowed.get(requested(exchange.request.uri)) if exchange.request is not None else None

    def remember(self, exchange: Exchange) -> None:
        """Takes an exchange in, after it was judged."""
        self._seen += 1
        request, response = exchange.request, exchange.response
        if request is None:
            return
        uri = requested(request.uri)
        followed = self._followed(uri, exchange)
        if followed:
            self._redirects.pop(uri)                       # one request follows a redirect; the next one is another's
        paired = exchange.evidence.knows("pair") and request.fields is not None and response.fields is not None
        if paired and request.method == "GET" and response.status == 200:
            self._stored.put(uri, _Trace(exchange, request))
        if paired and (now := self._tells(exchange, self._seen)) is not None:
            self._representations.learn(uri, now)
        self._told = self._compared = None                 # the exchange may be let go
        if response.status < 400 and not _safe(request.method):
            self._stored.pop(uri)                          # the resource may have changed
            self._representations.forget(uri)
            for method in ("GET", "HEAD"):
                self._same.pop((method, request.uri))
        if not paired:
            return
        if 200 <= response.status < 300:
            known = self._succeeded.get(uri) or ()
            if request.method not in known and len(known) < METHODS:
                self._succeeded.put(uri, (*known, request.method))
        same = request.method, request.uri
        if response.status >= 400 and exchange.evidence.knows("request_fields"):
            self._same.put(same, (_Trace(exchange, request), _content_of(exchange)))
        else:
            self._same.pop(same)
        if response.status in REDIRECTS and (target := redirect_target(request.uri, response)):
            before = followed.chain if followed else ()
            kept = _Trace(exchange, request).exchange()
            self._redirects.put(target, Followed(kept, (*before, uri)[-LONGEST_CHAIN:], self._seen))
        if response.status == 405 or request.method == "OPTIONS":
            allow = value(response, "allow")
            if isinstance(allow, tuple):
                self._allowed.put(uri, allow)

    def _tells(self, exchange: Exchange, number: int) -> Known | None:
        """What an exchange tells of a representation: rules ask, and then it is remembered."""
        if self._told is None or self._told[0] is not exchange:
            self._told = exchange, known(exchange, number)
        return self._told[1]

    def _followed_by(self, exchange: Exchange) -> Followed | None:
        if exchange.request is None or not self._redirects:
            return None
        return self._followed(requested(exchange.request.uri), exchange)

    def _followed(self, uri: str, exchange: Exchange) -> Followed | None:
        """The redirect to that URI which the request most likely follows.

        It comes soon after the redirect, from the same user agent as far as one is named. A CORS preflight does not
        follow a redirect, it precedes the request that does.
        """
        redirect = self._redirects.get(uri)
        if redirect is None:
            return None
        request, origin = exchange.request, redirect.exchange.request
        assert request is not None
        assert origin is not None
        if request.method == "OPTIONS" and origin.method != "OPTIONS":
            return None
        started, before = exchange.started, redirect.exchange.started
        if started is not None and before is not None:
            if not 0 <= started - before <= FOLLOWED_SECONDS:
                return None
        elif self._seen - redirect.place >= FOLLOWED_PLACES:
            return None
        agents = {message.fields.combined("user-agent") for message in (request, origin)
                  if message.fields is not None and "user-agent" in message.fields.index}
        return redirect if len(agents) < 2 else None

    def _earlier(self, trace: _Trace) -> Exchange:
        """The exchange of a trace: several rules in a row ask for the same one."""
        if self._unpacked is None or self._unpacked[0] is not trace:
            self._unpacked = trace, trace.exchange()
        return self._unpacked[1]

    def _selected(self, uri: str, exchange: Exchange) -> Response | None:
        """The stored 200 of a target URI, if the request selects the same representation (RFC 9111 §4.1)."""
        trace = self._stored.get(uri)
        if trace is None:
            return None
        earlier = self._earlier(trace)
        request, old = exchange.request, earlier.request
        assert request is not None
        assert old is not None
        assert old.fields is not None
        assert earlier.response.fields is not None
        if not _told_as_much(earlier.evidence, exchange.evidence, asked=False):
            return None
        if "vary" not in earlier.response.fields.index:
            return None if "vary" in earlier.evidence.response_gaps else earlier.response
        vary = value(earlier.response, "vary")
        if not isinstance(vary, tuple) or "*" in vary or request.fields is None:
            return None
        for name in dict.fromkeys(vary):
            for one in (earlier, exchange):
                if not one.evidence.knows("request_fields") or name in one.evidence.request_gaps:
                    return None
            if old.fields.combined(name) != request.fields.combined(name):
                return None
        return earlier.response


_SECTIONS = bits("request_fields", "response_fields")


def _told_as_much(earlier: Evidence, now: Evidence, asked: bool = True) -> bool:
    """Whether a capture may leave out no more fields of an earlier exchange than of the one under judgement.

    What a rule takes the absence of a field for is checked against the evidence of the latter. `asked`: of the request,
    too.
    """
    missing = _SECTIONS & now.bits & ~earlier.bits & ~(0 if asked else bits("request_fields"))
    return (not missing and earlier.response_gaps <= now.response_gaps
            and (not asked or earlier.request_gaps <= now.request_gaps))


def _safe(method: str) -> bool:
    """Whether a method asks for no change of the resource (RFC 9110 §9.2.1)."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    known = registry.methods().get(method)
    return known is not None and known.safe


class _Recent(Generic[T]):
    """The latest entries by key; the oldest ones fall out."""

    __slots__ = ("_entries", "_limit")

    def __init__(self, limit: int) -> None:
        self._entries: OrderedDict[object, T] = OrderedDict()
        self._limit = limit

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: object) -> T | None:
        return self._entries.get(key)

    def pop(self, key: object) -> T | None:
        return self._entries.pop(key, None)

    def put(self, key: object, entry: T) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)


class _Representations:
    """What is known of the latest representations, by resource and strong validator."""

    __slots__ = ("_known", "_limit", "_validators", "_weight")

    def __init__(self, limit: int) -> None:
        self._known: OrderedDict[tuple[str, str | int], Known] = OrderedDict()
        self._validators: dict[str, set[str | int]] = {}
        """Those of each resource."""
        self._limit = limit
        self._weight = 0

    def get(self, uri: str, validator: str | int) -> Known | None:
        return self._known.get((uri, validator))

    def learn(self, uri: str, now: Known) -> None:
        """Takes in what an exchange told; what is not told for later is not remembered."""
        key = uri, now.validator
        before = self._known.get(key)
        both = now if before is None else joined(before, now)
        if both is before:
            self._known.move_to_end(key)
            return
        if before is not None:
            self._drop(key)
        if not both.settled:
            return
        self._known[key] = both
        self._validators.setdefault(uri, set()).add(now.validator)
        self._weight += both.weight
        while len(self._known) > self._limit or self._weight > WEIGHT:
            self._drop(next(iter(self._known)))

    def forget(self, uri: str) -> None:
        """The resource may have changed."""
        for validator in tuple(self._validators.get(uri, ())):
            self._drop((uri, validator))

    def _drop(self, key: tuple[str, str | int]) -> None:
        uri, validator = key
        self._weight -= self._known.pop(key).weight
        validators = self._validators[uri]
        validators.discard(validator)
        if not validators:
            del self._validators[uri]


def _alike(one: Request, other: Request) -> bool:
    """Whether two requests have the same fields.

    The order of fields with different names, and the case of names, mean nothing (RFC 9110 §5.1, §5.3).
    """
    if one.fields is None or other.fields is None or one.fields.index.keys() != other.fields.index.keys():
        return False
    return all(one.fields.values(name) == other.fields.values(name) for name in one.fields.index)


def _content_of(exchange: Exchange) -> bytes | None:
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


KEPT_CONTENT = 64
"""Octets of a request content that are kept as they are."""


class _Trace:
    """What is kept of an exchange: all but its contents.

    Field lines are kept as two byte strings, in Python's own serialisation: most are never asked for, and thousands
    of small objects would cost ten times the memory.
    """

    __slots__ = ("_asked", "_bare", "_sent")

    def __init__(self, exchange: Exchange, request: Request) -> None:
        response = exchange.response
        assert request.fields is not None
        assert response.fields is not None
        self._asked = marshal.dumps(request.fields.lines)
        self._sent = marshal.dumps(response.fields.lines)
        self._bare = exchange.but(request=_bare(request), response=_bare(response), interim=())

    def exchange(self) -> Exchange:
        """The exchange, without contents and trailers."""
        bare = self._bare
        assert bare.request is not None
        return bare.but(request=bare.request.but(fields=_fields(self._asked)),
                        response=bare.response.but(fields=_fields(self._sent)))


def _bare(message: M) -> M:
    return message.but(fields=None, content=None, size=None, trailers=None, irregularities=(), transfer_coded=None)


def _fields(lines: bytes) -> Fields:
    return Fields(marshal.loads(lines))  # noqa: S302 - written by this process
