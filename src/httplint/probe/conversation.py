"""Asks resources one request after the other, yields what comes back, and tells in the end what became of each check.

All of it is one conversation, in one history: the plain GET comes first, and what comes later is held against it. A
check that lacks something to ask with, or that a server makes no use of, is not applicable. A cell is broken by the
errors and warnings about its exchanges, shown or not, if the plain GET has not had the same already; and where the
server takes no part, if no check before has.
"""
from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator

from httplint.capture import fetching
from httplint.capture.fetching import NOT_OFFERED, Ask, Place, Unfit, Wait
from httplint.capture.outcome import NO_RESPONSE, Outcome, Problem, Skipped, unanswered
from httplint.engine.report import Report
from httplint.grammar.rfc9110 import RetryAfter
from httplint.grammar.table import value
from httplint.grammar.target import requested
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple
from httplint.model.severity import worst
from httplint.probe.budget import Budget
from httplint.probe.checks import CHECKS, CLOSED, GET, REDIRECT, ProbeCheck
from httplint.probe.resource import Resource
from httplint.probe.target import ProbeTarget, named, origin
from httplint.report.kind import place_in
from httplint.report.matrix import BROKEN, KEPT, NOT_ANSWERED, NOT_APPLICABLE, NOT_ASKED, Cell, Matrix, Row

Faults = dict[tuple[str, str | None], str]
"""(rule, field) of errors and warnings -> severity."""
Send = Callable[[Ask, Place, int, Wait, bool], Iterator[Outcome]]

PATIENCE = 4
"""After so many requests in a row without an answer, a resource is asked no more."""
HOPS = 10
"""How many redirects in a row are followed."""
LONGEST = 8000
"""Octets of a URI that is followed: so many are supported by all (RFC 9110 §4.1)."""


class Terms(NamedTuple):
    """What a user wants, and has agreed to."""

    checks: tuple[ProbeCheck, ...] = CHECKS
    options: frozenset[str] = frozenset()
    """Those of CLOSED that were given."""
    insecure: bool = False
    no_http2: str = ""
    """Why HTTP/2 cannot be asked; empty if it can."""


def _place(uri: str) -> Place | None:
    """Where a redirect leads, if it can be asked."""
    try:
        return Place(uri) if len(uri) <= LONGEST else None
    except Unfit:
        return None


def _no_answer(exchange: Exchange) -> str:
    """Why what came is no answer; empty if it is one."""
    status = exchange.response.status
    if 100 <= status < 200 and status != 101:
        return "no final response came"
    return "" if exchange.evidence.knows("response_fields") else "no header section came that could be read"


class _Probed:
    """A resource while it is asked, and what became of each check until then: reports may still break it."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.cells: dict[str, Cell] = {}
        self.aside: set[str] = set()
        """Checks that the server answered without taking part: of those, nothing is said that others have shown."""
        self.silent = 0
        """How many requests in a row had no answer."""

    def settle(self, check: ProbeCheck, state: str, why: str = "", entries: Iterable[int] = ()) -> None:
        self.cells[check.name] = Cell(state, why, tuple(entries))

    def explain(self, check: ProbeCheck, why: str) -> None:
        """Says more of a check, if nothing was said yet."""
        cell = self.cells[check.name]
        self.cells[check.name] = cell._replace(why=cell.why or why)


class Probing:
    """A run of checks, which hears what is found on each exchange."""

    def __init__(self, targets: Iterable[ProbeTarget], terms: Terms, wait: Wait, budget: Budget,
                 progress: Callable[[int, int, str], object] = lambda done, total, what: None) -> None:
        """`progress` is told how many checks are done, of how many, and which is the next one."""
        self._resources = [_Probed(Resource(target)) for target in targets]
        self._terms = terms
        self._wait = wait
        self._timeout = wait.timeout
        self._budget = budget
        self._progress = progress
        self._origins = {origin(asked.resource.place) for asked in self._resources}
        self._closed: dict[tuple[str, str, int], str] = {}
        """Origin -> why it is asked no more."""
        self._entry = 0
        self._found: dict[int, Faults] = {}
        """Entry -> (rule, field) of its errors and warnings, in their order -> severity."""
        self._hosts: dict[str, str] = {}
        """URL -> the host of the places of what is found there."""
        self._stopped = ""

    # -- what comes back

    def outcomes(self) -> Iterator[Outcome]:
        """Asks, and yields the exchanges; a Skipped for a request without an answer, a Problem for a plain GET
        without one.
        """
        checks = self._terms.checks
        for number, asked in enumerate(self._resources):   # which redirects make longer
            for place, check in enumerate(checks, number * len(checks)):
                self._progress(place, len(self._resources) * len(checks), f"{asked.resource.place.url} {check.name}")
                if why := self._stop(asked):
                    asked.settle(check, NOT_ASKED, why)
                else:
                    yield from self._check(asked, check)

    def stop(self, why: str) -> None:
        """Nothing more is asked."""
        self._stopped = why

    def _stop(self, asked: _Probed) -> str:
        """Why a resource is asked no more, if it is not."""
        got = asked.cells.get(GET.name)
        if got is not None and got.state == NOT_ANSWERED:
            return "the plain GET was not answered"
        if asked.silent >= PATIENCE:
            return f"{PATIENCE} requests in a row were not answered"
        return self._closed.get(origin(asked.resource.place), "") or self._over

    @property
    def _over(self) -> str:
        if not self._stopped:
            self._stopped = self._budget.over
        return self._stopped

    def _check(self, asked: _Probed, check: ProbeCheck) -> Iterator[Outcome]:
        resource = asked.resource
        if why := check.lacking(resource):
            asked.settle(check, NOT_APPLICABLE, why)
        elif check.option and check.option not in self._terms.options:
            asked.settle(check, NOT_ASKED, CLOSED[check.option])
        elif check is REDIRECT:
            yield from self._follow(asked)
        elif check.option == "http2" and self._terms.no_http2:
            asked.settle(check, NOT_ASKED, self._terms.no_http2)
        else:
            yield from self._put(asked, check)

    def _put(self, asked: _Probed, check: ProbeCheck) -> Iterator[Outcome]:
        """Asks what a check asks."""
        place, entry = asked.resource.place, self._entry
        try:
            outcomes = self._answer(check.ask(asked.resource), place, check.option == "http2")
            exchange, trouble = None, ""
            for outcome in outcomes:
                if isinstance(outcome, Exchange):
                    exchange = outcome
                    self._take(asked, check, exchange)
                    yield exchange
                else:
                    trouble = unanswered(outcome)
        except Unfit as error:
            asked.settle(check, NOT_ANSWERED if check is GET else NOT_APPLICABLE, str(error))
            if check is GET:
                yield Problem(place.url, None, None, str(error))
            return
        self._entry += 1
        if exchange is None:
            self._unanswered(asked, check, trouble)
        elif trouble and not self._wait.filled:
            asked.settle(check, NOT_ANSWERED, trouble, (entry,))
        elif trouble:
            asked.explain(check, trouble)
        cell = asked.cells[check.name]
        asked.silent = asked.silent + 1 if cell.state == NOT_ANSWERED else 0
        if check is GET and cell.state == NOT_ANSWERED:
            yield Problem(place.url, None, None, cell.why)
        elif exchange is None:
            yield Skipped(Source(place.url, entry), trouble, NO_RESPONSE)

    def _take(self, asked: _Probed, check: ProbeCheck, exchange: Exchange) -> None:
        """Takes in an answer, before what became of its end is known."""
        resource, entries = asked.resource, (self._entry,)
        self._heed(exchange, resource.place)
        if why := _no_answer(exchange):
            asked.settle(check, NOT_ANSWERED, why, entries)
            return
        if check is GET:
            resource.learn(exchange)
        why = check.unused(resource, exchange)
        if why and exchange.response.status < 400:
            asked.aside.add(check.name)
        asked.settle(check, NOT_APPLICABLE if why else KEPT, why, entries)

    def _unanswered(self, asked: _Probed, check: ProbeCheck, why: str) -> None:
        if check.option == "http2" and (why == NOT_OFFERED or asked.resource.place.scheme == "http"):
            asked.settle(check, NOT_APPLICABLE, NOT_OFFERED)
        else:
            asked.settle(check, NOT_ANSWERED, why)

    def _answer(self, ask: Ask, place: Place, http2: bool = False) -> Iterator[Outcome]:
        """Sends a request, to an origin that was named and to no other."""
        assert origin(place) in self._origins
        self._budget.spend()
        self._wait.timeout = max(0.1, round(min(self._timeout, self._budget.left), 1))
        send: Send = fetching.fetch
        if http2:
            from httplint.capture import fetching_http2
            send = fetching_http2.fetch
        return send(ask, place, self._entry, self._wait, self._terms.insecure)

    def _heed(self, exchange: Exchange, place: Place) -> None:
        """A server that asks to be left alone is."""
        status, after = exchange.response.status, value(exchange.response, "retry-after")
        if status == 429 or (status == 503 and isinstance(after, RetryAfter)):
            self._closed[origin(place)] = f"{named(origin(place))} asks to wait, by {status}"

    def _follow(self, asked: _Probed) -> Iterator[Outcome]:
        """Follows a redirect to its end, and has that probed, too."""
        follower = asked.resource
        entries: list[int] = []
        met = {requested(follower.place.url)}
        state, why = KEPT, ""
        while follower.leads_to and not why:
            place = _place(follower.leads_to)
            if place is None:
                state, why = NOT_ASKED, "its Location is nothing that could be asked"
            elif origin(place) not in self._origins:
                state, why = (KEPT if entries else NOT_ASKED), f"{named(origin(place))} was not named, and is not asked"
            elif requested(place.url) in met:
                state, why = NOT_ANSWERED, "the redirects go round in a circle"
            elif len(entries) == HOPS:
                state, why = NOT_ANSWERED, f"more than {HOPS} redirects in a row are not followed"
            elif over := self._stop(asked):
                state, why = NOT_ASKED, over
            else:
                met.add(requested(place.url))
                follower = Resource(follower.target.at(place))
                entries.append(self._entry)
                why = yield from self._hop(follower)
                state = NOT_ANSWERED if why else KEPT
        asked.settle(REDIRECT, state, why, entries)
        end = requested(follower.place.url)
        if not why and all(requested(other.resource.place.url) != end for other in self._resources):
            self._resources.append(_Probed(follower))

    def _hop(self, follower: Resource) -> Generator[Outcome, None, str]:
        """Asks where a redirect leads; returns why that was not answered."""
        trouble = ""
        for outcome in self._answer(follower.ask("GET"), follower.place):
            if isinstance(outcome, Exchange):
                follower.learn(outcome)
                self._heed(outcome, follower.place)
                yield outcome
            else:
                trouble = unanswered(outcome)
        self._entry += 1
        return "" if follower.got else trouble

    # -- what became of it

    def hearing(self, judged: Callable[[object], Report]) -> Callable[[object], Report]:
        """What judges an exchange, and tells it what was found, shown or not."""
        def heard(exchange: object) -> Report:
            report = judged(exchange)
            self._hear(report)
            return report

        return heard

    def _hear(self, report: Report) -> None:
        """Takes in what was found on an exchange. That belongs to the host that was asked, whatever Host said."""
        source = report.exchange.source
        if source is None:
            return
        host, method, path = place_in(report)
        if (known := self._hosts.setdefault(source.path, host)) != host:
            report.place = known, method, path
        if report.findings:
            self._found[source.entry] = {(finding.rule_id, finding.location.name): finding.severity
                                         for finding in report.findings if finding.severity != "info"}

    def notes(self) -> list[str]:
        """What is to be told at the end: who was asked no more, and why."""
        notes = [f"{why}: it was asked no more" for why in self._closed.values()]
        if self._stopped:
            notes.append(f"nothing more was asked: {self._stopped}")
        return notes

    def matrix(self) -> Matrix:
        """What became of each check of each resource."""
        return Matrix(tuple([check.check for check in self._terms.checks]),
                      tuple([Row(asked.resource.place.url, tuple(self._cells(asked))) for asked in self._resources]))

    def _cells(self, asked: _Probed) -> Iterator[Cell]:
        missing = Cell(NOT_ASKED, self._stopped)
        had = self._faults(asked.cells.get(GET.name, missing))
        seen: Faults = {}
        for check in self._terms.checks:
            cell = asked.cells.get(check.name, missing)
            found = self._faults(cell)
            known = {} if check is GET else seen if check.name in asked.aside else had
            faults = {fault: severity for fault, severity in found.items() if fault not in known}
            seen |= found
            yield Cell(BROKEN, "" if cell.state == NOT_APPLICABLE else cell.why, cell.entries,
                       tuple(dict.fromkeys(rule for rule, _ in faults)), worst(faults.values())) if faults else cell

    def _faults(self, cell: Cell) -> Faults:
        return {fault: severity for entry in cell.entries for fault, severity in self._found.get(entry, {}).items()}
