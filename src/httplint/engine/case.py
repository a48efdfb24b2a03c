"""What a rule sees of an exchange, and the few names that the compiled conditions use besides."""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from httplint.grammar.table import parsed
from httplint.model.evidence import Evidence, NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.memo import kept
from httplint.model.message import Request, Response
from httplint.model.printable import Words, marked, show

if TYPE_CHECKING:
    from httplint.vocabulary.knowledge import Variant
    from httplint.vocabulary.representation import Representation

T = TypeVar("T")

HISTORY = {
    "stored": "no earlier 200 (OK) to the same request was seen",
    "variant": "",
    "representation": "",
    "succeeded": "",
    "previous": "no earlier error in answer to the same request was seen",
    "redirect": "",
    "chain": "",
    "allowed": "no earlier Allow of this resource was seen",
}
"""Facts derived from earlier exchanges -> why a rule was not evaluated without them.

An empty reason: without the fact the rule does not apply (the request did not follow a redirect, the
resource was not seen before).
"""

NO_HISTORY = "no earlier exchanges were given"


class Memory(Protocol):
    """What derives the facts of HISTORY, one method each: from an exchange to the fact, or None."""

    def stored(self, exchange: Exchange) -> Response | None: ...
    def variant(self, exchange: Exchange) -> Variant | None: ...
    def representation(self, exchange: Exchange) -> Representation | None: ...
    def succeeded(self, exchange: Exchange) -> tuple[str, ...] | None: ...
    def previous(self, exchange: Exchange) -> Exchange | None: ...
    def redirect(self, exchange: Exchange) -> Exchange | None: ...
    def chain(self, exchange: Exchange) -> tuple[str, ...] | None: ...
    def allowed(self, exchange: Exchange) -> tuple[str, ...] | None: ...


class Case:
    """One response under judgement: with its request, its time, and what earlier exchanges tell about it.

    `earlier` are the interim responses that came before it, `stored` is the latest 200 (OK) to a GET of the same target
    URI that the request selects, `variant` the same whatever the request selects, `representation` what exchanges with
    the same strong validator told of the representation, `succeeded` the methods that were successful on the resource,
    `previous` the latest exchange with an identical request if it was an error, `redirect` the redirect that this
    request followed, `chain` the target URIs of the redirects that led here, oldest first, and `allowed` the methods of
    the latest Allow of the same resource.
    """

    __slots__ = ("_memory", "exchange", "request", "response")

    def __init__(self, exchange: Exchange, response: Response, memory: Memory | None = None) -> None:
        self.exchange = exchange
        self.request: Request | None = exchange.request
        self.response = response
        self._memory = memory
        """What knows earlier exchanges; None if none were given."""

    @property
    def evidence(self) -> Evidence:
        """What is known of the response: of an interim one, nothing about contents, as those are the final one's."""
        evidence = self.exchange.evidence
        return evidence.without("content", "octets", "size", "trailers") if self.response.interim else evidence

    @property
    def started(self) -> float:
        return known(self.exchange.started)

    @property
    def earlier(self) -> tuple[Response, ...]:
        """The interim responses to the same request that came before this response."""
        before: list[Response] = []
        for response in self.exchange.interim:
            if response is self.response:
                break
            before.append(response)
        return tuple(before)

    @property
    def stored(self) -> Response:
        value: Response = self._fact("stored")
        return value

    @property
    def variant(self) -> Variant:
        value: Variant = self._fact("variant")
        return value

    @property
    def representation(self) -> Representation:
        value: Representation = self._fact("representation")
        return value

    @property
    def succeeded(self) -> tuple[str, ...]:
        value: tuple[str, ...] = self._fact("succeeded")
        return value

    @property
    def previous(self) -> Exchange:
        value: Exchange = self._fact("previous")
        return value

    @property
    def redirect(self) -> Exchange:
        value: Exchange = self._fact("redirect")
        return value

    @property
    def chain(self) -> tuple[str, ...]:
        value: tuple[str, ...] = self._fact("chain")
        return value

    @property
    def allowed(self) -> tuple[str, ...]:
        value: tuple[str, ...] = self._fact("allowed")
        return value

    def _fact(self, name: str) -> Any:
        if self._memory is None:
            raise NotEvaluated(NO_HISTORY)
        value: object = getattr(self._memory, name)(self.exchange)
        if value is not None:
            return value
        if reason := HISTORY[name]:
            raise NotEvaluated(reason)
        raise NotApplicable(name)


def known(value: T | None) -> T:
    """The value; without one, what reads it does not apply."""
    if value is None:
        raise NotApplicable("a part of a value")
    return value


def shown(value: object) -> str:
    """A value as a message carries it while it is made: marked, unless it is words of ours."""
    return show(value) if isinstance(value, Words) else marked(show(value))


def within(member: object, members: Collection[object]) -> bool:
    """Whether a member is in a tuple or a set; for loops, that ask it of thousands of members about one long tuple."""
    return member in (_as_set(members) if isinstance(members, tuple) and len(members) > SHORT else members)


SHORT = 16
"""Members of a tuple that are faster looked through than put into a set."""


@kept
def _as_set(members: tuple[object, ...]) -> frozenset[object]:
    return frozenset(members)


RUNTIME: dict[str, object] = {"parsed": parsed, "known": known, "shown": shown, "within": within,
                             "Unknown": (NotApplicable, NotEvaluated), "Exception": Exception,
                             "NotApplicable": NotApplicable, "NotEvaluated": NotEvaluated}
"""Names that compiled conditions use besides the functions of the language."""
