"""What a process makes of a task: the exchanges of a capture, or of a stretch of a big one, are judged.

A capture has a history of its own, so one process judges all of it. The exchanges of a stretch are judged as if each
was the first of its capture. What rules then ask of the history is kept: where the whole history, which another process
has of all records in order, tells nothing of that either, all comes out the same.
"""
from __future__ import annotations

import marshal
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from httplint.capture.har_quirks import Tool
from httplint.capture.har_stream import extent
from httplint.capture.har_stretch import ReadStretch, Refused, Stretch, octets_of, outcomes
from httplint.capture.outcome import Outcome, Problem, Skipped, flooded
from httplint.engine.history import Unknowing, facts_in
from httplint.engine.linter import RuleLinter
from httplint.engine.record import record_of
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.jobs.travelling import (
    Came,
    Event,
    Failed,
    Flooded,
    From,
    Group,
    Judged,
    Met,
    PackedSource,
    Packer,
    Unjudged,
    pack_facts,
    pack_finding,
    pack_source,
)
from httplint.model.exchange import Exchange
from httplint.model.named import NamedTuple
from httplint.report import fault
from httplint.report.kind import place_in
from httplint.report.quiet import Quiet

Outcomes = Iterable[Outcome]

PART = 256
"""Entries of a capture that come back together."""


def asks_history(rule: Rule) -> bool:
    """Whether a rule may ask what earlier exchanges tell."""
    return bool(facts_in([rule.analysis.reads]))


class Wanted(NamedTuple):
    """What the other side wants to know."""

    places: bool
    """The kinds of exchanges without findings."""
    held: bool
    """Which rules hold."""
    exchanges: bool
    """Those without findings, too: the first QUIET."""
    every: bool
    """The report on each exchange, and of each the rules that were not evaluated."""


class Judging:
    """Does tasks: a path is that of a capture, which `read` reads; a Stretch is read here."""

    def __init__(self, linter: RuleLinter, read: Callable[[str], Outcomes], wanted: Wanted) -> None:
        self._linter = linter
        self._read = read
        self._wanted = wanted
        self._packer = Packer()
        self._quiet = Quiet(wanted.exchanges)

    def __call__(self, task: str | Stretch) -> Iterator[Judged | ReadStretch]:
        """What comes of a task."""
        if isinstance(task, Stretch):
            yield from self._stretch(task)
            return
        part = Part(self._packer, self._wanted, self._quiet, self._linter.stream())
        for item in self._read(task):
            part.take(item)
            if part.entries >= PART:
                yield part.judged()
        yield part.judged()

    def _stretch(self, stretch: Stretch) -> Iterator[ReadStretch]:
        tool = Tool(stretch.row)
        tool.keeps_lines = stretch.keeps_lines
        part = self.apart()
        try:
            octets = octets_of(stretch)
            for outcome in outcomes(stretch, octets, tool):
                part.take(outcome)
        except Refused:
            return
        read = ReadStretch(stretch, part.entries, extent(octets), tool.keeps_lines)
        read.outcomes = part.judged()
        yield read

    def apart(self) -> ApartPart:
        """What judges exchanges without what earlier ones tell."""
        return ApartPart(self._packer, self._wanted, self._quiet, self._linter)


class Part:
    """Entries that come back together."""

    def __init__(self, packer: Packer, wanted: Wanted, quiet: Quiet, judge: Callable[[Exchange], Report]) -> None:
        self._packer = packer
        self._wanted = wanted
        self._quiet = quiet
        self._judge = judge
        self._path: str | None = ""
        self._clear()

    def _clear(self) -> None:
        self.entries = 0
        """How many there are so far."""
        self._linted = 0
        self._times: dict[int, int] = {}
        self._groups: list[Group] = []
        self._places: Counter[tuple[str, str, str, int]] = Counter()
        self._events: list[Event] = []
        self._held: dict[int, tuple[Rule, ...]] = {}

    def judged(self) -> Judged:
        """What there is; then there is nothing."""
        lacking = [(self._packer.pack(group), self._times[id(group)]) for group in self._groups]
        held = sorted({rule.order for group in self._held.values() for rule in group})
        judged = Judged(self.entries, self._linted, lacking, list(self._places.items()), self._events, held,
                        self._met())
        self._clear()
        return judged

    def _met(self) -> bytes:
        return b""

    def take(self, item: Outcome) -> None:
        """Takes in one more."""
        if isinstance(item, Problem):
            self._events.append(item)
            return
        if isinstance(item, Skipped):
            self._events.append(Unjudged(self.entries, item.reason))
        else:
            self._exchange(item)
        self.entries += 1

    def _exchange(self, exchange: Exchange) -> None:
        self._begin(exchange)
        source = pack_source(exchange.source)
        try:
            report = self._judge(exchange)
        except Exception as error:
            self._events.append(Failed(self.entries, source, fault.kind(error), fault.told(error)))
        else:
            self._count(report, source)
            self._end(exchange)
        if flooded(exchange):
            self._events.append(Flooded(self.entries, source))

    def _begin(self, exchange: Exchange) -> None:
        path = None if exchange.source is None else exchange.source.path
        if path != self._path:
            self._path = path
            self._events.append(From(path))

    def _end(self, exchange: Exchange) -> None:
        """It was judged."""

    def _packed(self, exchange: Exchange) -> bytes | None:
        return pickle.dumps(exchange, pickle.HIGHEST_PROTOCOL)

    def _count(self, report: Report, source: PackedSource | None) -> None:
        exchange, every = report.exchange, self._wanted.every
        held = {id(group): group for group in report.passes} if self._wanted.held else {}
        comes = bool(report.findings) or every or self._quiet.takes()
        if comes or self._wanted.places:
            place = place_in(report)
        if comes:
            groups = [self._packer.pack(group) for group in report.groups] if every else []
            numbers = [rule.order for group in held.values() for rule in group] if every else []
            findings = [pack_finding(finding) for finding in report.findings]
            self._events.append(Came(self.entries, place, source, findings, groups, numbers, self._packed(exchange)))
        if every:
            return
        self._held.update(held)
        self._linted += 1
        if self._wanted.places:
            self._places[(*place, exchange.response.status)] += 1
        times = self._times
        for group in report.groups:
            if id(group) in times:
                times[id(group)] += 1
            else:
                times[id(group)] = 1
                self._groups.append(group)                 # which keeps its id from being given away


class ApartPart(Part):
    """Those of a stretch, which are judged as if each was the first of its capture, with what tells of each what that
    may have changed; exchanges can be read again.
    """

    def __init__(self, packer: Packer, wanted: Wanted, quiet: Quiet, linter: RuleLinter) -> None:
        super().__init__(packer, wanted, quiet, self._alone)
        self._linter = linter
        self._facts = linter.facts
        self._history = Unknowing()

    def _clear(self) -> None:
        super()._clear()
        self._all_met: list[Met | None] = []

    def _alone(self, exchange: Exchange) -> Report:
        self._history.asked.clear()
        return self._linter.judge(exchange, self._history)

    def _met(self) -> bytes:
        self._fill()
        return marshal.dumps(self._all_met) if self._facts else b""

    def _fill(self) -> None:
        """Those that were not judged have their place, too."""
        self._all_met += [None] * (self.entries - len(self._all_met))

    def _begin(self, exchange: Exchange) -> None:
        """The path is that of the stretch."""

    def _end(self, exchange: Exchange) -> None:
        if self._facts and exchange.source is not None:
            self._fill()
            self._all_met.append((record_of(exchange, self._facts), exchange.source.line or 1,
                                  exchange.source.column or 1, pack_facts(frozenset(self._history.asked))))

    def _packed(self, exchange: Exchange) -> None:
        return None
