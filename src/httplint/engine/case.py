"""What a rule sees of an exchange, and the few names that the compiled conditions use besides."""
from __future__ import annotations

from typing import TypeVar

from httplint.grammar.table import parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response

T = TypeVar("T")

HISTORY = {
    "stored": "no earlier 200 (OK) to the same request was seen",
    "previous": "no earlier exchange with the same request was seen",
    "redirect": "",
    "chain": "",
    "allowed": "no earlier Allow of this resource was seen",
}
"""Facts derived from earlier exchanges -> why a rule was not evaluated without them.

An empty reason: without the fact the rule does not apply (the request did not follow a redirect).
"""

NO_HISTORY = "no earlier exchanges were given"


class Case:
    """One response under judgement: with its request, its time, and what earlier exchanges tell about it.

    `earlier` are the interim responses that came before it, `stored` is the latest 200 (OK) to a GET of the same target
    URI, `previous` the latest exchange with an identical request, `redirect` the redirect that this request followed,
    `chain` the target URIs of the redirects that led here, oldest first, and `allowed` the methods of the latest Allow
    of the same resource.
    """

    __slots__ = ("_allowed", "_chain", "_previous", "_redirect", "_stored", "exchange", "remembers", "request",
                 "response")

    def __init__(self, exchange: Exchange, response: Response) -> None:
        self.exchange = exchange
        self.request: Request | None = exchange.request
        self.response = response
        self.remembers = False
        """Whether earlier exchanges were looked at."""
        self._stored: Response | None = None
        self._previous: Exchange | None = None
        self._redirect: Exchange | None = None
        self._chain: tuple[str, ...] | None = None
        self._allowed: tuple[str, ...] | None = None

    def recall(self, stored: Response | None, previous: Exchange | None, redirect: Exchange | None,
               chain: tuple[str, ...] | None, allowed: tuple[str, ...] | None) -> None:
        """Sets what the history knows about this exchange."""
        self.remembers = True
        self._stored, self._previous, self._redirect = stored, previous, redirect
        self._chain, self._allowed = chain, allowed

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
        return self._fact(self._stored, "stored")

    @property
    def previous(self) -> Exchange:
        return self._fact(self._previous, "previous")

    @property
    def redirect(self) -> Exchange:
        return self._fact(self._redirect, "redirect")

    @property
    def chain(self) -> tuple[str, ...]:
        return self._fact(self._chain, "chain")

    @property
    def allowed(self) -> tuple[str, ...]:
        return self._fact(self._allowed, "allowed")

    def _fact(self, value: T | None, name: str) -> T:
        if value is not None:
            return value
        if not self.remembers:
            raise NotEvaluated(NO_HISTORY)
        if reason := HISTORY[name]:
            raise NotEvaluated(reason)
        raise NotApplicable(name)


def known(value: T | None) -> T:
    """The value; without one, what reads it does not apply."""
    if value is None:
        raise NotApplicable("a part that is not there")
    return value


SHOWN = 80


def show(value: object) -> str:
    """A value from the traffic as a message may carry it: clipped, and without control characters."""
    if isinstance(value, bytes):
        value = value[:SHOWN + 1].decode("latin-1")
    elif isinstance(value, (tuple, frozenset, list)):
        items = sorted(value, key=str) if isinstance(value, frozenset) else value
        value = ", ".join(str(item) for item in items)
    text = str(value)
    clipped = text[:SHOWN]
    if not clipped.isprintable():
        clipped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in clipped)
    return clipped + "…" if len(text) > SHOWN else clipped


RUNTIME: dict[str, object] = {"parsed": parsed, "known": known, "show": show, "Unknown": (NotApplicable, NotEvaluated)}
"""Names that compiled conditions use besides the functions of the language."""
