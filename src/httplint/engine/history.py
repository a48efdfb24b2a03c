"""What earlier exchanges tell about a later one, within a bounded memory: the facts of the history.

Rules over several exchanges stay one-liners: they read facts by name, and each is a method of `History` with a row of
the table FACTS above it. The name in the rule language is that of the method, its type what the method returns, and
what it means the first paragraph of the docstring. Every fact comes from exchanges that stand before the judged one in
the capture. Of contents, no more is kept than tells two apart.

* In doubt there is no fact. A response that may come from a client's cache (the evidence "pair" is missing) tells none;
  an earlier exchange of which the capture may have left out more than of the later one is not held against it, since a
  rule would take for absent what was only not captured.
* A resource may change: an unsafe method that succeeds ends what is known of its contents (RFC 9111 §4.4), whatever
  else is known of its response. Each resource has facts of its own, by its target URI as it was requested.
* One history is for one capture, in its order: times decide only where both are known.
* What is forgotten, as `memory` bounds what is kept, costs findings, and never makes a false one.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from httplint.engine.memory import Recent, Representations, Trace
from httplint.grammar import registry
from httplint.grammar.table import value
from httplint.grammar.target import redirect_target, requested
from httplint.model.evidence import Evidence, NotEvaluated, bits
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response
from httplint.vocabulary.knowledge import Known, Variant, known
from httplint.vocabulary.representation import Representation

LIMIT = 4096
"""How many of each kind of fact are remembered, the latest ones."""

METHODS = 20
"""How many successful methods of a resource are remembered."""
LONGEST_CHAIN = 50
REDIRECTS = frozenset((301, 302, 303, 307, 308))

FOLLOWED_SECONDS = 30.0
"""How much later than the redirected request the next one may start, to count as following the redirect."""
FOLLOWED_PLACES = 20
"""How many exchanges later, where their times are not known."""

F = TypeVar("F", bound=Callable[..., object])


class Fact(NamedTuple):
    """A row of the table: what rules may read of earlier exchanges under one name.

    `needs` are the facts of the evidence that its use relies on. Where there is none, the rule is not evaluated, for
    the reason `lacking`; or it does not apply, if that is empty: the request did not follow a redirect, the resource
    was not seen before.
    """

    derive: Callable[[History, Exchange], object]
    needs: tuple[str, ...]
    lacking: str

    @property
    def returns(self) -> Any:
        """The type of what is derived: that of the fact, or None."""
        import typing
        return typing.get_type_hints(self.derive)["return"]

    @property
    def meaning(self) -> str:
        """The first paragraph of its docstring, in one line."""
        return " ".join((self.derive.__doc__ or "").partition("\n\n")[0].split())


FACTS: dict[str, Fact] = {}
"""Name of a fact -> its row; `fact` adds them."""


def fact(*needs: str, lacking: str = "") -> Callable[[F], F]:
    """Makes a method of the history, from the judged exchange to a value or None, a fact that rules may read."""
    def register(derive: F) -> F:
        FACTS[derive.__name__] = Fact(derive, needs, lacking)
        return derive
    return register


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
        self._stored: Recent[Trace] = Recent(limit)
        self._same: Recent[tuple[Trace, bytes | None]] = Recent(limit)
        self._redirects: Recent[Followed] = Recent(limit)
        self._succeeded: Recent[tuple[str, ...]] = Recent(limit)
        self._allowed: Recent[tuple[str, ...]] = Recent(limit)
        self._representations = Representations(limit)
        self._told: tuple[Exchange, Known | None] | None = None
        self._compared: tuple[Exchange, Representation | None] | None = None
        self._unpacked: tuple[Trace, Exchange] | None = None

    @fact("pair", lacking="no earlier 200 (OK) to the same request was seen")
    def stored(self, exchange: Exchange) -> Response | None:
        """The latest 200 (OK) to a GET of the same target URI that the request selects (RFC 9111 §4.1)."""
        return self._selected(requested(exchange.request.uri), exchange) if exchange.request is not None else None

    @fact("pair")
    def variant(self, exchange: Exchange) -> Variant | None:
        """The same whatever the request selects, with its request."""
        trace = self._stored.get(requested(exchange.request.uri)) if exchange.request is not None else None
        if trace is None:
            return None
        earlier = self._earlier(trace)
        assert earlier.request is not None
        if not _told_as_much(earlier.evidence, exchange.evidence):
            return None
        return Variant(earlier.request, earlier.response)

    @fact("pair")
    def representation(self, exchange: Exchange) -> Representation | None:
        """What the response and earlier exchanges tell of the representation with the same strong validator."""
        now = self._tells(exchange, self._seen + 1)
        if now is None or exchange.request is None:
            return None
        if self._compared is None or self._compared[0] is not exchange:
            before = self._representations.get(requested(exchange.request.uri), now.validator)
            self._compared = exchange, Representation(now, before) if before is not None else None
        return self._compared[1]

    @fact("pair")
    def succeeded(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The methods that were answered with 2xx by the resource."""
        return self._succeeded.get(requested(exchange.request.uri)) if exchange.request is not None else None

    @fact("request_fields", lacking="no earlier error in answer to the same request was seen")
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

    @fact()
    def redirect(self, exchange: Exchange) -> Exchange | None:
        """The redirect that the request followed."""
        followed = self._followed_by(exchange)
        return followed and followed.exchange

    @fact()
    def chain(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The target URIs of the redirects that led to the request, oldest first."""
        followed = self._followed_by(exchange)
        return followed and followed.chain

    @fact("pair", lacking="no earlier Allow of this resource was seen")
    def allowed(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The methods of the latest Allow of the same resource."""
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
            self._stored.put(uri, Trace(exchange, request))
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
            self._same.put(same, (Trace(exchange, request), _content_of(exchange)))
        else:
            self._same.pop(same)
        if response.status in REDIRECTS and (target := redirect_target(request.uri, response)):
            before = followed.chain if followed else ()
            kept = Trace(exchange, request).exchange()
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

    def _earlier(self, trace: Trace) -> Exchange:
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
