"""What a rule sees of an exchange, and the few names that the compiled conditions use besides."""
from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from httplint.engine.history import FACTS, History
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.grammar.table import parsed
from httplint.model.evidence import Evidence, NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.memo import kept
from httplint.model.message import Request, Response
from httplint.model.printable import Words, marked, show
from httplint.model.target import TargetURI

T = TypeVar("T")

NO_HISTORY = "no earlier exchanges were given"


class Case:
    """One response under judgement: with its request, its time, what earlier exchanges tell about it, and what its
    project knows. Facts of the history are attributes by the names of the table FACTS.
    """

    __slots__ = ("_history", "exchange", "names", "request", "response")

    def __init__(self, exchange: Exchange, response: Response, history: History | None = None,
                 names: OwnNames = NONE) -> None:
        self.exchange = exchange
        self.request: Request | None = exchange.request
        self.response = response
        self._history = history
        """What knows earlier exchanges; None if none were given."""
        self.names = names
        """Those known to the project, beside the registered ones."""

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

    def __getattr__(self, name: str) -> object:
        """A fact of the history. Raises NotEvaluated or NotApplicable, as its row says, where there is none."""
        fact = FACTS.get(name)
        if fact is None:
            raise AttributeError(name)
        if self._history is None:
            raise NotEvaluated(NO_HISTORY)
        value = self._history.tell(name, self.exchange)
        if value is not None:
            return value
        if fact.lacking:
            raise NotEvaluated(fact.lacking)
        raise NotApplicable(name)


def known(value: T | None) -> T:
    """The value; without one, what reads it does not apply."""
    if value is None:
        raise NotApplicable("a part of a value")
    return value


def shown(value: object) -> str:
    """A value as a message carries it while it is made: marked, unless it is words of ours."""
    return show(value) if isinstance(value, Words) else marked(show(value))


def as_sent(fields: Fields, name: str) -> str:
    """The value of a field as it was sent, for messages. Raises NotApplicable without the field."""
    value = fields.combined(name)
    if value is None:
        raise NotApplicable(name)
    return value


def within(member: object, members: Collection[object]) -> bool:
    """Whether a member is in a tuple or a set; for loops, that ask it of thousands of members about one long tuple."""
    return member in (_as_set(members) if isinstance(members, tuple) and len(members) > SHORT else members)


SHORT = 16
"""Members of a tuple that are faster looked through than put into a set."""


@kept
def _as_set(members: tuple[object, ...]) -> frozenset[object]:
    return frozenset(members)


RUNTIME: dict[str, object] = {"parsed": parsed, "known": known, "shown": shown, "within": within,
                             "as_sent": as_sent, "TargetURI": TargetURI,
                             "Unknown": (NotApplicable, NotEvaluated), "Exception": Exception,
                             "NotApplicable": NotApplicable, "NotEvaluated": NotEvaluated}
"""Names that compiled conditions use besides the functions of the language."""
