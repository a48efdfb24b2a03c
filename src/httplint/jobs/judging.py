"""What a process makes of a task: the exchanges of a capture, or of a stretch of a big one, are judged.

A capture has a history of its own, so one process judges all of it. A stretch is judged by the rules that ask nothing
of earlier exchanges.
"""
from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from httplint.capture.har_quirks import Tool
from httplint.capture.har_stream import extent
from httplint.capture.har_stretch import ReadStretch, Refused, Stretch, octets_of, outcomes
from httplint.capture.outcome import INTERIM_LIMIT, Problem, Skipped
from httplint.engine.history import facts_in
from httplint.engine.linter import RuleLinter
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
    Packer,
    Unjudged,
    pack_finding,
    pack_source,
)
from httplint.model.exchange import Exchange
from httplint.report import fault
from httplint.report.kind import place_in

Outcomes = Iterable[Exchange | Skipped | Problem]

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
    every: bool
    """The report on each exchange, and of each the rules that were not evaluated."""


class Judging:
    """Does tasks: a path is that of a capture, which `read` reads, and all rules judge; a Stretch is read here, and
    judged by those of `apart`.
    """

    def __init__(self, all_rules: RuleLinter, apart: RuleLinter, read: Callable[[str], Outcomes],
                 wanted: Wanted) -> None:
        self._all_rules = all_rules
        self.apart = apart
        self._read = read
        self.wanted = wanted
        self._packer = Packer()

    def __call__(self, task: str | Stretch) -> Iterator[Judged | ReadStretch]:
        """What comes of a task."""
        if isinstance(task, Stretch):
            yield from self._stretch(task)
            return
        judge = self._all_rules.stream()
        part = Part(self._packer, self.wanted, apart=False)
        for item in self._read(task):
            part.take(item, judge)
            if part.entries >= PART:
                yield part.judged()
        yield part.judged()

    def _stretch(self, stretch: Stretch) -> Iterator[ReadStretch]:
        tool = Tool(stretch.row)
        tool.keeps_lines = stretch.keeps_lines
        part = Part(self._packer, self.wanted, apart=True)
        try:
            octets = octets_of(stretch)
            for outcome in outcomes(stretch, octets, tool):
                part.take(outcome, self.apart.lint)
        except Refused:
            return
        read = ReadStretch(stretch, part.entries, extent(octets), tool.keeps_lines)
        read.outcomes = part.judged()
        yield read


class Part:
    """Entries that come back together."""

    def __init__(self, packer: Packer, wanted: Wanted, apart: bool) -> None:
        """`apart`: they are of a stretch."""
        self._packer = packer
        self._wanted = wanted
        self._apart = apart
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
        self._where: list[tuple[int, int] | None] = []

    def judged(self) -> Judged:
        """What there is; then there is nothing."""
        lacking = [(self._packer.pack(group), self._times[id(group)]) for group in self._groups]
        held = sorted({rule.order for group in self._held.values() for rule in group})
        judged = Judged(self.entries, self._linted, lacking, list(self._places.items()), self._events, held,
                        self._where)
        self._clear()
        return judged

    def take(self, item: Exchange | Skipped | Problem, judge: Callable[[Exchange], Report]) -> None:
        """Takes in one more."""
        if isinstance(item, Problem):
            self._events.append(item)
            return
        if self._apart:
            self._where.append(None)
        if isinstance(item, Skipped):
            self._events.append(Unjudged(self.entries, item.reason))
            self.entries += 1
            return
        path = None if item.source is None else item.source.path
        if path != self._path and not self._apart:
            self._path = path
            self._events.append(From(path))
        try:
            report = judge(item)
        except Exception as error:
            self._events.append(Failed(self.entries, pack_source(item.source), fault.kind(error), fault.told(error)))
        else:
            self._count(report)
            if self._apart and item.source is not None:
                self._where[-1] = item.source.line or 1, item.source.column or 1
        if len(item.interim) == INTERIM_LIMIT and not item.evidence.knows("interim"):
            self._events.append(Flooded(self.entries, pack_source(item.source)))
        self.entries += 1

    def _count(self, report: Report) -> None:
        exchange, every = report.exchange, self._wanted.every
        held = {id(group): group for group in report.passes} if self._wanted.held else {}
        if report.findings or every or self._wanted.places:
            place = place_in(exchange)
        if report.findings or every:
            packed = None if self._apart else pickle.dumps(exchange, pickle.HIGHEST_PROTOCOL)
            groups = [self._packer.pack(group) for group in report.groups] if every else []
            numbers = [rule.order for group in held.values() for rule in group] if every else []
            self._events.append(Came(self.entries, place, pack_source(exchange.source),
                                     [pack_finding(finding) for finding in report.findings], groups, numbers, packed))
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
