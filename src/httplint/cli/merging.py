"""What other processes have judged is taken in, in the order of the captures, as if it had been judged here."""
from __future__ import annotations

import marshal
from collections.abc import Callable
from functools import partial
from typing import cast

from httplint.capture.har_stretch import Again, ReadStretch
from httplint.capture.outcome import Outcome, Problem
from httplint.cli.linting import Taker
from httplint.cli.progress import Progress
from httplint.engine.history import History, Unknowing
from httplint.engine.linter import RuleLinter
from httplint.engine.record import moved
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.jobs.judging import Judging, Wanted
from httplint.jobs.travelling import (
    Came,
    Event,
    Failed,
    Flooded,
    From,
    Judged,
    Met,
    PackedSource,
    Unjudged,
    Unpacker,
    pack_facts,
    unpack_exchange,
)
from httplint.library import Linter
from httplint.model.exchange import Distant, Exchange, Source
from httplint.report import fault
from httplint.run import Run

Placed = Callable[[int, int, int], Source]
"""The place of an entry, by its number, line and column in what came together."""
Made = Callable[[int, Source], Exchange]
"""The exchange of an entry, by its number there, and its place."""


class Merger(Taker):
    """Takes in what comes of captures, for a run, here or elsewhere. `wanted`: what the others were told to tell."""

    def __init__(self, linter: Linter, run: Run, progress: Progress, wanted: Wanted) -> None:
        super().__init__(run, progress)
        self.wanted = wanted
        self.unpacker = Unpacker(linter.rules)
        self._policy = linter.policy
        self._path: str | None = None
        """Of the capture that exchanges are from, without secrets."""

    def take(self, judged: Judged) -> None:
        """Takes in a part of a capture that was judged elsewhere."""
        self.count(judged)
        for event in judged.events:
            if isinstance(event, Came):
                assert event.exchange is not None
                exchange = Distant(self._source(event.source), partial(unpack_exchange, event.exchange))
                self.report(self.unpacker.report(event, exchange))
            elif isinstance(event, From):
                self._path = None if event.path is None else self.run.summary.masker.path(event.path)
            else:
                source = self._source(event.source) if isinstance(event, (Failed, Flooded)) else None
                self.told(event, source)

    def told(self, event: Event, source: Source | None) -> None:
        """Takes in what is no report."""
        if isinstance(event, Unjudged):
            self.run.summary.skip(event.reason)
        elif isinstance(event, Failed):
            self.failed(source, event.kind, event.told)
        elif isinstance(event, Flooded):
            self.flooded(source)
        elif isinstance(event, Problem):
            self.wrong(event)

    def count(self, judged: Judged) -> None:
        """Takes in what is counted of all exchanges."""
        summary = self.run.summary
        self.progress.step(judged.entries)
        summary.met(judged.linted)
        for place, times in judged.places:
            summary.place(place, times)
        self.hold(self.unpacker.holding(judged.held))
        for group, times in judged.lacking:
            summary.lack(self.unpacker.group(group), times)

    def hold(self, *groups: tuple[Rule, ...]) -> None:
        """Takes in that rules hold, on exchanges of which there may be nothing else to tell."""
        if self.run.summary.exercise is not None:
            self.run.summary.exercise.hold(groups)

    def report(self, report: Report) -> None:
        """Takes in a report on an exchange, which is counted already unless every report comes."""
        try:
            if self._policy is not None:
                self._policy.apply(report)
        except Exception as error:
            self.failed(report.exchange.source, fault.kind(error), fault.told(error))
        else:
            self.run.take(report, counted=not self.wanted.every)

    def _source(self, packed: PackedSource | None) -> Source | None:
        if packed is None or self._path is None:
            return None
        entry, line, column, pointer = packed
        return Source(self._path, entry, line, column, pointer)


class StretchMerger:
    """The same for a capture that is judged in stretches, each exchange as if it was the first: where earlier ones tell
    what was asked, the rules that may ask for it are run again here.
    """

    def __init__(self, merger: Merger, judging: Judging, asking: RuleLinter) -> None:
        """`asking`: of the rules that may ask what earlier exchanges tell."""
        self._merger = merger
        self._asking = asking
        self._ids = {rule.id for rule in asking.rules}
        self._history = History(self._asking.facts)
        self._nothing = Unknowing()
        self._again = Again()
        self._part = judging.apart()
        self._masked: str | None = None

    def take(self, read: ReadStretch) -> None:
        """Takes in what came of a stretch."""
        judged = read.outcomes
        assert isinstance(judged, Judged)

        def placed(number: int, line: int, column: int) -> Source:
            return self._without_secrets(read.place(number, line, column))

        def made(number: int, source: Source) -> Exchange:
            return Distant(source, partial(self._again.exchange, read, number))

        self._take(judged, placed, made)

    def one(self, item: Outcome) -> None:
        """Takes in what was read here."""
        self._part.take(item)

        def placed(*_: int) -> Source:
            assert isinstance(item, Exchange)
            return self._without_secrets(item.source or Source("", 0))

        self._take(self._part.judged(), placed, lambda *_: cast(Exchange, item))

    def _take(self, judged: Judged, placed: Placed, made: Made) -> None:
        self._merger.count(judged)
        came: dict[int, list[Event]] = {}
        for event in judged.events:
            came.setdefault(0 if isinstance(event, (From, Problem)) else event.at, []).append(event)
        met: list[Met | None] = marshal.loads(judged.met) if judged.met else []  # noqa: S302 - from a process of ours
        for number in range(judged.entries) if met else came:
            one = met[number] if met else None
            source, again = None, False
            if one is not None:
                record, line, column, asked = one
                source = placed(number, line, column)
                record = moved(record, source)
                again = bool(asked & pack_facts(self._history.known(record)))
            if again or number in came:
                self._exchange(came.get(number, []), again, source, placed, partial(made, number))
            if one is not None:
                self._history.take(record)

    def _exchange(self, events: list[Event], again: bool, source: Source | None, placed: Placed,
                  made: Callable[[Source], Exchange]) -> None:
        """Takes in an exchange. `again`: whether it has to be judged again; `source`: its place, if it was met."""
        if source is None:
            told = next((event for event in events if isinstance(event, (Came, Failed, Flooded))), None)
            if told is not None and told.source is not None:
                source = placed(told.at, told.source[1] or 1, told.source[2] or 1)
        came = next((event for event in events if isinstance(event, Came)), None)
        if source is not None and (came is not None or again):
            self._judged(made(source), came, again)
        for event in events:
            if isinstance(event, Failed):
                self._history = History(self._asking.facts)  # nobody knows in which state it would be
            if not isinstance(event, Came):
                self._merger.told(event, source)

    def _judged(self, exchange: Exchange, came: Came | None, again: bool) -> None:
        report = None
        if came is not None:
            report = self._merger.unpacker.report(came, exchange)
        if again:
            try:
                report = self._with_history(exchange, report)
            except Exception as error:
                self._history = History(self._asking.facts)
                self._merger.failed(exchange.source, fault.kind(error), fault.told(error))
                return
        if report is not None:
            self._merger.report(report)

    def _with_history(self, exchange: Exchange, report: Report | None) -> Report | None:
        """What the rules say that may ask what earlier exchanges tell, in the place of what they said without."""
        wanted, summary = self._merger.wanted, self._merger.run.summary
        told = self._asking.judge(exchange, self._history)
        if report is not None:
            report.findings = [finding for finding in report.findings if finding.rule_id not in self._ids]
            report.groups = [left for group in report.groups
                             if (left := tuple([one for one in group if one.rule_id not in self._ids]))]
        if not wanted.every:
            for group in self._asking.judge(exchange, self._nothing).groups:
                summary.lack(group, -1)
            for group in told.groups:
                summary.lack(group)
            if report is None and not told.findings:
                self._merger.hold(*told.passes)
                return None
        report = report or Report(exchange, told.place)
        report.join(told)
        return report

    def _without_secrets(self, source: Source) -> Source:
        if self._masked is None:
            self._masked = self._merger.run.summary.masker.path(source.path)
        source.path = self._masked
        return source
