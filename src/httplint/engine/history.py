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

from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from httplint.engine.analysis import ANYTHING
from httplint.engine.memory import Recent, Representations
from httplint.engine.record import Earlier, Parts, Record, Trace, content_of, parts_of
from httplint.grammar import registry
from httplint.grammar.table import value
from httplint.grammar.target import requested
from httplint.model.evidence import Evidence, NotEvaluated, bits
from httplint.model.exchange import Exchange
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.vocabulary.knowledge import Known, Telling, Variant, telling
from httplint.vocabulary.representation import Representation
from httplint.vocabulary.variants import alike

LIMIT = 4096
"""How many of each kind of fact are remembered, the latest ones."""

METHODS = 20
"""How many successful methods of a resource are remembered."""
LONGEST_CHAIN = 50

FOLLOWED_SECONDS = 30.0
"""How much later than the redirected request the next one may start, to count as following the redirect."""
FOLLOWED_PLACES = 20
"""How many exchanges later, where their times are not known."""

F = TypeVar("F", bound=Callable[..., object])
T = TypeVar("T")


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


def facts_in(reads: Iterable[Collection[str]]) -> frozenset[str]:
    """The facts that rules look at, each of which reads that (`Analysis.reads`)."""
    found = frozenset[str]().union(*reads)
    return frozenset(FACTS) if ANYTHING in found else found & FACTS.keys()


class Followed(NamedTuple):
    """A redirect that waits for the request that follows it."""

    trace: Trace
    method: str
    started: float | None
    agent: str | None
    chain: tuple[str, ...]
    """The URIs that were requested on the way, that of this redirect the last, in the form of `requested`."""
    place: int
    """Its number among the exchanges seen."""


_STORED, _REPRESENTATION, _SUCCEEDED, _REDIRECT, _ALLOWED, _PREVIOUS = (1 << number for number in range(6))
_TELLING = (("stored", "variant"), ("representation",), ("succeeded",), ("redirect", "chain"), ("allowed",),
            ("previous",))
"""The facts that come of each of these."""
_KNOWN = tuple([frozenset(fact for number, facts in enumerate(_TELLING) if found >> number & 1 for fact in facts)
                for found in range(1 << len(_TELLING))])


Met = tuple[object, str, str, int]
"""An exchange or its record; its target URI in the form of `requested`, and as it has it; what may be known of it."""


class History:
    """Facts from the exchanges seen so far, and only `facts` of them. Bounded: the oldest are forgotten."""

    def __init__(self, facts: Collection[str] = FACTS.keys(), limit: int = LIMIT) -> None:
        self._facts = frozenset(facts)
        self._seen = 0
        self._stored: Recent[Trace] = Recent(limit)
        self._same: Recent[tuple[Trace, bytes | None]] = Recent(limit)
        self._redirects: Recent[Followed] = Recent(limit)
        self._succeeded: Recent[tuple[str, ...]] = Recent(limit)
        self._allowed: Recent[tuple[str, ...]] = Recent(limit)
        self._representations = Representations(limit)
        self._at: Met | None = None
        """The exchange at hand."""
        self._selected: tuple[Exchange, Response | None] | None = None
        self._compared: tuple[Exchange, Telling | None, Representation | None] | None = None
        self._unpacked: Earlier | None = None

    def known(self, now: Exchange | Record) -> frozenset[str]:
        """The facts that may have a value for an exchange; the others have none, whatever else stands in it.

        A rule whose conditions and message read some fact, and the first of which in the order of FACTS is not among
        these, comes out as that row says, without being run: it is not evaluated, for the reason `lacking`; or it does
        not apply if that is empty, which is not evaluated, too, where the linter says so (`undecided`). For its check
        reads all its roots first, facts in that order. Two things come before: what the plan asks of it (evidence,
        guards, an entry that says no), and a root `started` that has no value.
        """
        return _KNOWN[self._meet(now)[3]]

    def tell(self, name: str, exchange: Exchange) -> object:
        """The value of a fact for the judged exchange; None if it has none. Raises NotEvaluated."""
        return FACTS[name].derive(self, exchange)

    @fact("pair", lacking="no earlier 200 (OK) to the same request was seen")
    def stored(self, exchange: Exchange) -> Response | None:
        """The latest 200 (OK) to a GET of the same target URI that the request selects (RFC 9111 §4.1)."""
        if self._selected is None or self._selected[0] is not exchange:
            trace = self._about(exchange, self._stored, _STORED)
            self._selected = exchange, _select(self._earlier(trace), exchange) if trace is not None else None
        return self._selected[1]

    @fact("pair")
    def variant(self, exchange: Exchange) -> Variant | None:
        """The same whatever the request selects, with its request."""
        trace = self._about(exchange, self._stored, _STORED)
        if trace is None:
            return None
        earlier = self._earlier(trace)
        if not _told_as_much(earlier.evidence, exchange.evidence):
            return None
        return Variant(earlier.request, earlier.response)

    @fact("pair")
    def representation(self, exchange: Exchange) -> Representation | None:
        """What the response and earlier exchanges tell of the representation with the same strong validator."""
        if self._compared is None or self._compared[0] is not exchange:
            self._compared = exchange, *self._comparable(exchange)
        return self._compared[2]

    @fact("pair")
    def succeeded(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The methods that were answered with 2xx by the resource."""
        return self._about(exchange, self._succeeded, _SUCCEEDED)

    @fact("request_fields", lacking="no earlier error in answer to the same request was seen")
    def previous(self, exchange: Exchange) -> Exchange | None:
        """The latest exchange with the same method and target URI, if its whole request was the same.

        Errors only (4xx, 5xx): of a success, nobody asks whether it was repeated. Those of GET and HEAD count until an
        unsafe method succeeds, which may have changed the resource. Raises NotEvaluated where a content decides that is
        not known.
        """
        request = exchange.request
        _, _, spelt, found = self._meet(exchange)
        if request is None or not found & _PREVIOUS:
            return None
        trace, content = self._same.entries[request.method, spelt]
        now = content_of(exchange)
        if content is None or now is None:
            raise NotEvaluated("the content of the request was not captured")
        if content != now:
            return None
        earlier = self._earlier(trace)
        if not _told_as_much(earlier.evidence, exchange.evidence):
            return None
        return earlier.exchange if alike(earlier.request, request) else None

    @fact()
    def redirect(self, exchange: Exchange) -> Exchange | None:
        """The redirect that the request followed."""
        followed = self._followed_by(exchange)
        return followed and self._earlier(followed.trace).exchange

    @fact()
    def chain(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The target URIs of the redirects that led to the request, oldest first."""
        followed = self._followed_by(exchange)
        return followed and followed.chain

    @fact("pair", lacking="no earlier Allow of this resource was seen")
    def allowed(self, exchange: Exchange) -> tuple[str, ...] | None:
        """The methods of the latest Allow of the same resource."""
        return self._about(exchange, self._allowed, _ALLOWED)

    def remember(self, exchange: Exchange) -> None:
        """Takes an exchange in, after it was judged; nothing of it if no fact is asked for."""
        request = exchange.request
        self._seen += 1
        if self._facts and request is not None:
            at = self._meet(exchange)
            followed = self._followed_by(exchange) if at[3] & _REDIRECT else None
            told, both = self._compared[1:] if self._compared and self._compared[0] is exchange else (None, None)
            parts = parts_of(exchange, request, self._facts, told)
            self._take(at, request.method, exchange.response.status, followed, parts, both)

    def take(self, record: Record) -> None:
        """Takes an exchange in by its record."""
        uri, _, method, status, started, agent, parts = record
        at = self._meet(record)
        self._seen += 1
        if uri is not None:
            followed = self._followed(uri, method, started, agent) if at[3] & _REDIRECT else None
            self._take(at, method, status, followed, parts)

    def _take(self, at: Met, method: str, status: int, followed: Followed | None, parts: Parts,
              both: Representation | None = None) -> None:
        """`both`: what the exchange and earlier ones tell of a representation, if they were compared already."""
        self._at = self._selected = self._compared = None  # the exchange may be let go
        _, uri, spelt, found = at
        paired, told, trace, content, target, allow = parts
        if followed is not None:
            del self._redirects.entries[uri]               # one request follows a redirect; the next one is another's
        if status < 400 and method != "GET" and not _safe(method):
            self._changed(uri, spelt)
        if not paired:
            return
        if told is not None:
            self._representations.learn(uri, told, self._seen, both)
        if 200 <= status < 300 and "succeeded" in self._facts:
            methods = self._succeeded.entries[uri] if found & _SUCCEEDED else ()
            if method not in methods and len(methods) < METHODS:
                self._succeeded.put(uri, (*methods, method))
        if allow is not None:
            self._allowed.put(uri, allow)
        if trace is None or status < 400:
            if found & _PREVIOUS:
                self._same.entries.pop((method, spelt), None)
        else:
            self._same.put((method, spelt), (trace, content))
            return
        if target is not None and trace is not None:
            leads, agent = target
            chain = (*(followed.chain if followed else ()), uri)[-LONGEST_CHAIN:]
            self._redirects.put(leads, Followed(trace, method, trace[9], agent, chain, self._seen))
        elif trace is not None:
            self._stored.put(uri, trace)

    def _changed(self, uri: str, spelt: str) -> None:
        """The resource may have changed."""
        self._stored.entries.pop(uri, None)
        self._representations.forget(uri)
        for method in ("GET", "HEAD"):
            self._same.entries.pop((method, spelt), None)

    def _meet(self, now: Exchange | Record) -> Met:
        """The exchange at hand, by which all that is known of its resource is found."""
        at = self._at
        if at is not None and at[0] is now:
            return at
        if isinstance(now, tuple):
            uri, spelt, method = now[:3]
        elif (request := now.request) is not None:
            spelt, method = request.uri, request.method
            uri = requested(spelt)
        else:
            uri = None
        if uri is None:
            self._at = at = now, "", "", 0
            return at
        found = 0
        if uri in self._stored.entries:
            found = _STORED
        if uri in self._representations.validators:
            found |= _REPRESENTATION
        if uri in self._succeeded.entries:
            found |= _SUCCEEDED
        if uri in self._redirects.entries:
            found |= _REDIRECT
        if uri in self._allowed.entries:
            found |= _ALLOWED
        if (method, spelt) in self._same.entries:
            found |= _PREVIOUS
        self._at = at = now, uri, spelt, found
        return at

    def _about(self, exchange: Exchange, kept: Recent[T], sort: int) -> T | None:
        """What is kept of the resource that the exchange is about; `sort`: the bit of that."""
        _, uri, _, found = self._meet(exchange)
        return kept.entries[uri] if found & sort else None

    def _comparable(self, exchange: Exchange) -> tuple[Telling | None, Representation | None]:
        """What the exchange tells of a representation of which something is known, and both."""
        _, uri, _, found = self._meet(exchange)
        now = telling(exchange) if found & _REPRESENTATION else None
        before = self._representations.get(uri, now[0]) if now is not None else None
        if now is None or before is None:
            return now, None
        return now, Representation(Known.of(now, self._seen + 1), before)

    def _followed_by(self, exchange: Exchange) -> Followed | None:
        request = exchange.request
        _, uri, _, found = self._meet(exchange)
        if request is None or not found & _REDIRECT:
            return None
        agent = request.fields.combined("user-agent") if request.fields is not None else None
        return self._followed(uri, request.method, exchange.started, agent)

    def _followed(self, uri: str, method: str, started: float | None, agent: str | None) -> Followed | None:
        """The redirect to that URI which a request with these properties most likely follows.

        It comes soon after the redirect, from the same user agent as far as one is named. A CORS preflight does not
        follow a redirect, it precedes the request that does.
        """
        redirect = self._redirects.entries[uri]
        if method == "OPTIONS" and redirect.method != "OPTIONS":
            return None
        before = redirect.started
        if started is not None and before is not None:
            if not 0 <= started - before <= FOLLOWED_SECONDS:
                return None
        elif self._seen - redirect.place >= FOLLOWED_PLACES:
            return None
        return redirect if agent is None or redirect.agent in (None, agent) else None

    def _earlier(self, trace: Trace) -> Earlier:
        """The exchange of a trace: several rules in a row ask for the same one."""
        if self._unpacked is None or self._unpacked.trace is not trace:
            self._unpacked = Earlier(trace)
        return self._unpacked


def _select(earlier: Earlier, exchange: Exchange) -> Response | None:
    """The response of a stored 200, if the request selects the same representation (RFC 9111 §4.1)."""
    request, old = exchange.request, earlier.response
    assert request is not None
    assert old.fields is not None
    if not _told_as_much(earlier.evidence, exchange.evidence, asked=False):
        return None
    if "vary" not in old.fields.index:
        return None if "vary" in earlier.evidence.response_gaps else old
    vary = value(old, "vary")
    asked = earlier.request.fields
    if not isinstance(vary, tuple) or "*" in vary or request.fields is None or asked is None:
        return None
    for name in dict.fromkeys(vary):
        for evidence in (earlier.evidence, exchange.evidence):
            if not evidence.knows("request_fields") or name in evidence.request_gaps:
                return None
        if asked.combined(name) != request.fields.combined(name):
            return None
    return old


class _Noting(frozenset[str]):
    """No facts; keeps which ones are looked for."""

    def __new__(cls, asked: set[str]) -> _Noting:
        return super().__new__(cls)

    def __init__(self, asked: set[str]) -> None:
        self._asked = asked

    def __contains__(self, name: object) -> bool:
        self._asked.add(str(name))
        return False


class Unknowing(History):
    """A history of nothing, which keeps what it was `asked`: facts by name.

    Where one that knows something has no value of these facts either, an exchange comes out as by this one.
    """

    def __init__(self) -> None:
        super().__init__(())
        self.asked: set[str] = set()

    def tell(self, name: str, exchange: Exchange) -> None:
        self.asked.add(name)

    def known(self, now: Exchange | Record) -> frozenset[str]:
        return _Noting(self.asked)


_SECTIONS = bits("request_fields", "response_fields")


def _told_as_much(earlier: Evidence, now: Evidence, asked: bool = True) -> bool:
    """Whether a capture may leave out no more fields of an earlier exchange than of the one under judgement.

    What a rule takes the absence of a field for is checked against the evidence of the latter. `asked`: of the request,
    too.
    """
    if earlier is now:
        return True
    missing = _SECTIONS & now.bits & ~earlier.bits & ~(0 if asked else bits("request_fields"))
    return (not missing and earlier.response_gaps <= now.response_gaps
            and (not asked or earlier.request_gaps <= now.request_gaps))


def _safe(method: str) -> bool:
    """Whether a method asks for no change of the resource (RFC 9110 §9.2.1)."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    known = registry.methods().get(method)
    return known is not None and known.safe
