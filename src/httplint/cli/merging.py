"""What other processes have judged is taken in, in the order of the captures, as if it had been judged here."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NoReturn, cast

from httplint.capture.har_stretch import Again, ReadStretch
from httplint.capture.outcome import Problem, Skipped
from httplint.cli.linting import Taker
from httplint.cli.progress import Progress
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.jobs.judging import Part, Wanted
from httplint.jobs.travelling import (
    Came,
    Event,
    Failed,
    Flooded,
    From,
    Judged,
    PackedSource,
    Packer,
    Unjudged,
    Unpacker,
    unpack_exchange,
)
from httplint.library import Linter
from httplint.model.exchange import Distant, Exchange, Source
from httplint.report import fault
from httplint.run import Run


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
                exchange = Distant(self._source(event.source), event.place, partial(unpack_exchange, event.exchange))
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
        if any(groups):
            report = Report(Distant(None, ("", "", ""), _nothing))
            report.passes = list(groups)
            self.run.take(report, counted=True)

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


def _nothing() -> NoReturn:
    raise LookupError("this exchange stands for others")


class StretchMerger:
    """The same for a capture that is judged in stretches: what its history tells is judged here, in order."""

    def __init__(self, merger: Merger, apart: RuleLinter, history: RuleLinter) -> None:
        """`apart`: of the rules that others judge by, `history`: of those that are left."""
        self._merger = merger
        self._apart = apart
        self._history = history
        self._judge = history.stream()
        self._again = Again()
        self._part = Part(Packer(), merger.wanted, apart=True)
        self._masked: str | None = None
        self._done = 0
        """Entries of a stretch that were taken in."""

    def take(self, read: ReadStretch) -> None:
        """Takes in what came of a stretch."""
        judged = read.outcomes
        assert isinstance(judged, Judged)

        def made(number: int) -> Exchange:
            line, column = judged.where[number] or (1, 1)
            return Distant(self._without_secrets(read.place(number, line, column)), None,
                           partial(self._again.exchange, read, number))

        self._take(judged, made)

    def one(self, item: Exchange | Skipped | Problem) -> None:
        """Takes in what was read here."""
        self._part.take(item, self._apart.lint)
        if isinstance(item, Exchange):
            item.source = self._without_secrets(item.source)
        self._take(self._part.judged(), lambda _: cast(Exchange, item))

    def _take(self, judged: Judged, made: Callable[[int], Exchange]) -> None:
        self._merger.count(judged)
        self._done = 0
        for event in judged.events:
            if isinstance(event, Problem):
                self._merger.wrong(event)
            elif isinstance(event, Came):
                self._clean(event.at, made)
                self._judged(made(event.at), event)
                self._done += 1
            elif isinstance(event, Flooded):
                self._clean(event.at + 1, made)
                self._merger.told(event, made(event.at).source)
            elif isinstance(event, Unjudged):
                self._clean(event.at, made)
                self._merger.told(event, None)
                self._done += 1
            elif isinstance(event, Failed):
                self._clean(event.at, made)
                self._judge = self._history.stream()       # nobody knows in which state it would be
                self._merger.told(event, made(event.at).source)
                self._done += 1
        self._clean(len(judged.where), made)

    def _clean(self, end: int, made: Callable[[int], Exchange]) -> None:
        """Takes in the exchanges before that one of which nothing came."""
        for number in range(self._done, end):
            self._judged(made(number), None)
        self._done = max(self._done, end)

    def _judged(self, exchange: Exchange, came: Came | None) -> None:
        """Takes in an exchange, with what came of it, if anything."""
        report = None
        if came is not None:
            if isinstance(exchange, Distant):
                exchange.place = came.place
            report = self._merger.unpacker.report(came, exchange)
        if self._history.rules:
            try:
                told = self._judge(exchange)
            except Exception as error:
                self._merger.failed(exchange.source, fault.kind(error), fault.told(error))
                return
            report = self._join(report, told)
        if report is not None:
            self._merger.report(report)

    def _join(self, report: Report | None, told: Report) -> Report | None:
        """What came of an exchange, with what its history tells."""
        wanted = self._merger.wanted
        if not wanted.every:
            for group in told.groups:
                self._merger.run.summary.lack(group)
            if wanted.held:
                self._merger.hold(*told.passes)
            if report is None and not told.findings:
                return None
        report = report or Report(told.exchange)
        report.join(told)
        return report

    def _without_secrets(self, source: Source | None) -> Source | None:
        if source is not None:
            if self._masked is None:
                self._masked = self._merger.run.summary.masker.path(source.path)
            source.path = self._masked
        return source
