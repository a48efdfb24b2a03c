"""How many findings of each kind several results have, read one after the other: of no result more is kept."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone

from httplint.engine.report import Finding, Report
from httplint.engine.rule import Provision
from httplint.model.named import NamedTuple
from httplint.model.severity import SEVERITIES, worst
from httplint.report.escape import clipped
from httplint.report.kind import Kind, kind_of
from httplint.report.masker import PLAIN
from httplint.report.merged import differing
from httplint.report.paths import shortest
from httplint.report.result import Result
from httplint.report.statistics import OTHERS

LIMIT = 50_000
"""Kinds of findings that are told apart; of the others, those of a rule count together."""
LATEST = 253_402_300_800
"""Seconds from 1970 to the year 10000."""
MESSAGE = 200
"""Characters of a message."""


class Series:
    """Alike findings, and how many of them each result has."""

    __slots__ = ("_latest", "counts", "kind", "message", "rule", "severity")

    def __init__(self, kind: Kind, rule: Provision, results: int) -> None:
        self.kind = kind
        self.rule = rule
        """As the latest result that has them describes it."""
        self.severity = ""
        """The worst of them in that result."""
        self.message = ""
        """That of the first of them there, without secrets: the pseudonyms of results have nothing to do with each
        other."""
        self.counts = [0] * results
        self._latest = -1

    def add(self, finding: Finding, report: Report, result: int) -> None:
        """Takes in one more, of the result of that number."""
        self.counts[result] += 1
        if result == self._latest:
            self.severity = worst((self.severity, finding.severity))
            return
        self._latest, self.severity, self.rule = result, finding.severity, finding.rule
        self.message = (clipped(PLAIN.of(report.exchange).message(finding), MESSAGE) if self.kind.host != OTHERS
                        else finding.rule.title)

    @property
    def before(self) -> int:
        """How many the result before the last has; 0 if there is none."""
        return self.counts[-2] if len(self.counts) > 1 else 0

    @property
    def after(self) -> int:
        """How many the last result has."""
        return self.counts[-1]


class Compared(NamedTuple):
    """One of the results: what it is called, and what its run has seen."""

    name: str
    version: str
    """Of the httplint that judged."""
    rules: int
    linted: int
    """Exchanges."""
    findings: dict[str, int]
    """Severity -> findings that it holds."""
    recorded: str = ""
    """When its first exchange began, of those that it holds, in UTC to the minute; empty where no capture told."""


class Comparison(NamedTuple):
    """Results beside one another, in their order."""

    results: list[Compared]
    series: list[Series]
    """By kind."""
    notes: list[str]
    """What else may have changed findings."""


def compared(paths: Sequence[str]) -> Comparison:
    """What the results in these files have. Raises ResultError."""
    results, series = [], Counting(len(paths))
    for path, name in zip(paths, shortest([PLAIN.path(path) for path in paths]), strict=True):
        result = Result(path)
        found, started = series.add(result.reports())
        results.append(Compared(name, clipped(result.version, 40), result.counted.rules, result.counted.entries.linted,
                                {severity: found[severity] for severity in SEVERITIES}, _minute(started)))
    return Comparison(results, series.all(), differing({one.name: one.version for one in results},
                                                       {one.name: one.rules for one in results}))


def _minute(seconds: float | None) -> str:
    if seconds is None or not 0 <= seconds < LATEST:
        return ""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%MZ")


class Counting:
    """Counts the findings of results, which come one after the other."""

    def __init__(self, results: int) -> None:
        self._results = results
        self._next = 0
        self._by_kind: dict[Kind, Series] = {}

    def add(self, reports: Iterable[Report]) -> tuple[Counter[str], float | None]:
        """Takes in the next result; returns severity -> its findings, and when its first exchange began, if known."""
        found: Counter[str] = Counter()
        first: float | None = None
        for report in reports:
            started = report.exchange.started
            first = started if first is None or (started is not None and started < first) else first
            for finding in report.findings:
                found[finding.severity] += 1
                self._of(kind_of(finding, report), finding.rule).add(finding, report, self._next)
        self._next += 1
        return found, first

    def _of(self, kind: Kind, rule: Provision) -> Series:
        if kind not in self._by_kind and len(self._by_kind) >= LIMIT:
            kind = Kind(kind.rule, OTHERS, "", "", "")
        series = self._by_kind.get(kind)
        if series is None:
            series = self._by_kind[kind] = Series(kind, rule, self._results)
        return series

    def all(self) -> list[Series]:
        """What there is of each kind, by kind."""
        return [series for _, series in sorted(self._by_kind.items())]
