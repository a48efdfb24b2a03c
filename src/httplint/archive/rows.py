"""What maps a capture to rows of the tables. It knows no files, no engine and no format of tables.

Rows come while a capture is read, so that memory is bounded by its largest entry. What is counted comes at its end, or
when there are many kinds: rows of `responses` are added up by whoever reads them.
"""
from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from httplint import __version__
from httplint.archive.tables import Row
from httplint.capture.outcome import (
    CATEGORIES,
    INTERIM_LIMIT,
    Outcome,
    Problem,
    Skipped,
    flooded,
)
from httplint.engine.report import Report
from httplint.library import Linter
from httplint.model.errors import ENDS
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.report import fault
from httplint.report.escape import cut, sound
from httplint.report.form import FindingForm, LocationForm
from httplint.report.kept import of_texts
from httplint.report.kind import place_in
from httplint.report.masker import SECRET_MIN, Masker, repeats_secret
from httplint.report.summary import Summary

if TYPE_CHECKING:
    from httplint.configuration.settings import Settings

KINDS = 4096
"""Kinds of responses of a capture that are counted at a time."""
LONGEST = 80
"""Characters of a product, and of a media type."""
CODES = 1 << 31
"""Status codes below it, and above its negative, have a place in the tables."""

TableRow = tuple[str, Row]
"""The name of a table, and a row of it."""
ResponseKind = tuple[date | None, str | None, str | None, str | None, str | None, int | None, str | None, str | None,
                     str | None]
"""The columns of `responses` between the capture and the counts."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_PRODUCT = lazily(r"[!#$%&'*+.^_`|~0-9A-Za-z-]++(?: [A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]*+)*+(?!\[)")
"""Not the part of a product before a pseudonym, as [masked 1], for that is none."""
_MEDIA_TYPE = lazily(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")


class Recipe(NamedTuple):
    """How captures are judged: the arguments of `Linter`, and whether secrets are shown. It travels to processes and
    machines, where a mapper is made of it.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    profile: tuple[str, ...] = ()
    config: Settings | None = None
    """Without a baseline, which counts findings over all captures in their order."""
    shows: bool = False

    @classmethod
    def configured(cls, settings: Settings, shows: bool) -> Recipe:
        """The recipe of a configuration, whose baseline is not applied."""
        settings.baseline = None
        return cls(config=settings, shows=shows)

    def mapper(self) -> Mapper:
        """What maps captures to rows; once a process. Raises SetupError."""
        return Mapper(Linter(self.select, self.ignore, self.rules, self.profile, self.config), self.shows)


class Mapper:
    """Maps captures to rows. `shows`: secrets are not masked."""

    def __init__(self, linter: Linter, shows: bool = False) -> None:
        self.linter = linter
        self._shows = shows

    def rows(self, capture: str, outcomes: Iterable[Outcome], octets: int | None = None) -> Iterator[TableRow]:
        """The rows of a capture, in no order of the tables; that of `captures` comes last.

        `capture`: what it is called; `outcomes`: what its reader hands out, or exchanges; `octets`: its size.
        Whatever the outcomes do, nothing is raised but what ends a program.
        """
        masker = Masker(self._shows)
        account = _Account(capture, self.linter, masker)
        begun = time.process_time()
        reading = iter(outcomes)
        while True:
            try:
                item = next(reading, None)
                if item is None:
                    break
                rows = account.take(item)
            except ENDS:
                raise
            except BaseException as error:                 # a fault of ours, or no memory
                yield account.dead("fault", fault.told(error))
                break
            yield from rows
        yield from account.close(octets, begun)

    def lost(self, capture: str, why: str, octets: int | None = None) -> Iterator[TableRow]:
        """The rows of a capture of which processes died."""
        account = _Account(capture, self.linter, Masker(self._shows))
        yield account.dead("lost", why)
        yield from account.close(octets, time.process_time())


class _Account:
    """What has come of a capture so far."""

    def __init__(self, capture: str, linter: Linter, masker: Masker) -> None:
        self._path = capture
        self._capture = row_name(capture, masker)
        self._masker = masker
        self._judge = linter.stream()
        self._summary = Summary(len(linter.rules), masker)
        self._skipped: Counter[str] = Counter()
        """Category -> entries."""
        self._kinds: dict[ResponseKind, list[int]] = {}
        """What the columns `count` to `with_findings` are."""
        self._faults: set[tuple[str, str]] = set()
        self._failed = 0
        self._lacking = 0
        self._dead = 0

    def take(self, item: Outcome) -> Iterable[TableRow]:
        """Takes in what the reader has handed out."""
        if isinstance(item, Exchange):
            return self._exchange(item)
        if isinstance(item, Skipped):
            self._skipped[item.category] += 1
            return ()
        return [self._problem(item)]

    def _problem(self, problem: Problem) -> TableRow:
        kind = "broken" if self._entries() else "unreadable"
        return self.dead(kind, problem.cause, Source(problem.path, 0, problem.line, problem.column))

    def dead(self, kind: str, cause: str, at: Source | None = None) -> TableRow:
        """What could not be read or judged, and the place."""
        self._dead += 1
        at = at or Source(self._path, 0)
        return "dead_letters", (self._capture, kind, self._member(at.path), at.line, at.column,
                                sound(self._masker.text(cause)), self._entries())

    def _member(self, path: str) -> str | None:
        """The rest of the path of what stands within the capture; None for the capture itself."""
        within = path.removeprefix(self._path).lstrip("/") if path.startswith(self._path) else ""
        return sound(self._masker.path(within)) if within else None

    def _entries(self) -> int:
        return self._summary.linted + self._skipped.total() + self._failed

    def _exchange(self, exchange: Exchange) -> list[TableRow]:
        rows: list[TableRow] = []
        try:
            report = self._judge(exchange)
            kind = self._kind(report)
            if report.findings or report.suppressed:
                rows += self._findings(report, kind)
            self._summary.count(report)
        except Exception as error:
            rows.clear()
            if (what := fault.kind(error)) not in self._faults:      # the next exchange may well meet with the same
                self._faults.add(what)
                rows.append(self.dead("fault", fault.told(error)))
            self._failed += 1
        else:
            rows += self._counted(report, kind)
        if flooded(exchange):
            rows.append(self._flooded(exchange.source))
        return rows

    def _flooded(self, source: Source | None) -> TableRow:
        return self.dead("limit", f"there are more interim responses than the {INTERIM_LIMIT} that are judged of a "
                                  "request", source)

    def _counted(self, report: Report, kind: ResponseKind) -> Iterator[TableRow]:
        """Counts it; the rows of what was counted so far, where that is of many kinds."""
        counts = self._kinds.setdefault(kind, [0, 0, 0, 0])
        counts[0] += 1
        if report.findings:
            found = {finding.severity for finding in report.findings}
            counts[1] += "error" in found
            counts[2] += "warning" in found
            counts[3] += 1
        if len(self._kinds) >= KINDS:
            yield from self._responses()
        if self._summary.crowded:
            yield from self._not_evaluated()

    def _kind(self, report: Report) -> ResponseKind:
        exchange = report.exchange
        response = exchange.response
        origin, method, path = place_in(report)
        began = _moment(exchange.started)
        server, media_type = self._values(exchange, "server", "content-type")
        return (None if began is None else began.date(), origin or None, _host(origin), method or None,
                path or None, _code(response.status), _product(server), response.version, _media_type(media_type))

    def _values(self, exchange: Exchange, *names: str) -> Iterator[str]:
        """The values of the first lines of these names, without secrets; empty where there is none."""
        fields = exchange.response.fields
        index = {} if fields is None else fields.index
        values = [fields.lines[index[name][0]][1] if fields is not None and name in index else "" for name in names]
        together = "\n".join(values)
        repeats = len(together) > SECRET_MIN and repeats_secret(exchange, together)
        masked = self._masker.of(exchange).value if repeats else self._masker.value
        return map(masked, names, values)

    def _findings(self, report: Report, kind: ResponseKind) -> Iterator[TableRow]:
        began = _moment(report.exchange.started)
        source = report.exchange.source or Source(self._path, 0)
        member = self._member(source.path)
        for found in (one for some in FindingForm.both(report, self._masker) for one in some):
            at: LocationForm = found.location
            yield "findings", (
                self._capture, member, source.entry, source.pointer, source.line, source.column, began, found.rule,
                found.severity, found.level, found.confidence, found.basis, found.message, *kind[1:], at.message,
                at.part, at.field, at.index, at.offset, found.suppression.kind if found.suppression else None)

    def _responses(self) -> Iterator[TableRow]:
        """The rows of what was counted; then nothing is."""
        kinds, self._kinds = self._kinds, {}
        for kind, counts in kinds.items():
            yield "responses", (self._capture, *kind, *counts)

    def close(self, octets: int | None, begun: float) -> Iterator[TableRow]:
        """The rows that come at the end. `begun`: CPU seconds of the process before the capture."""
        yield from self._responses()
        yield from self._not_evaluated()
        yield self._whole(octets, begun)

    def _not_evaluated(self) -> Iterator[TableRow]:
        """The rows of what could not be evaluated; then nothing is counted of it."""
        for reason, times, rules in self._summary.settled():
            self._lacking += times
            reason = sound(reason)
            for rule, count in rules:
                yield "not_evaluated", (self._capture, rule, reason, count)

    def _whole(self, octets: int | None, begun: float) -> TableRow:
        entries, found = self._entries(), self._summary.findings
        outcome = "whole" if not self._dead else "partial" if entries else "unreadable"
        return "captures", (
            self._capture, outcome, octets, entries, self._summary.linted,
            *[self._skipped[category] for category in CATEGORIES], self._failed, found["error"], found["warning"],
            found["info"], self._summary.suppressed.total(), self._lacking, time.process_time() - begun, __version__)


def row_name(capture: str, masker: Masker) -> str:
    """What a capture is called in its rows."""
    return sound(masker.path(capture))


def _moment(started: float | None) -> datetime | None:
    """None for what no calendar has."""
    if started is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=started)
    except (OverflowError, ValueError):
        return None


def _code(status: int) -> int | None:
    return status if -CODES < status < CODES else None


@of_texts(1024)
def _host(origin: str) -> str | None:
    """The host of an origin, if it has one; the project's own name for hosts stays."""
    before, mark, after = origin.partition("://")
    authority = after if mark else before
    host, colon, port = authority.rpartition(":")
    return (host if colon and (port.isdigit() or not port) else authority) or None


@of_texts(1024)
def _product(value: str) -> str | None:
    """The first product of a Server field, with words that belong to its name (RFC 9110 §10.2.4); None if it is none.
    """
    found = _PRODUCT.match(value.strip())
    return found and cut(found[0], LONGEST)


@of_texts(1024)
def _media_type(value: str) -> str | None:
    """The media type of a Content-Type; None if it is none (RFC 9110 §8.3.1)."""
    essence = value.partition(";")[0].strip().lower()
    return cut(essence, LONGEST) if _MEDIA_TYPE.fullmatch(essence) else None
