"""Counts of a run: findings by rule, host, status code, and where there are most."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

from httplint.engine.report import Finding, Report
from httplint.engine.rule import Provision
from httplint.model.severity import SEVERITIES
from httplint.report.escape import clipped
from httplint.report.kind import place_in
from httplint.report.lines import Lines
from httplint.report.reporter import Options, Write
from httplint.report.summary import BEYOND, Summary

KEPT = 4096
"""How many hosts, and how many places, are counted apart."""
SHOWN = 20
"""How many hosts, and places, are told."""
OTHERS = "(others)"
"""Stands for those that are not counted apart."""
UNKNOWN = "(request not captured)"
K = TypeVar("K")


class Ranking(Generic[K]):
    """How many findings of each severity there are of each key; beyond KEPT keys, of the rest together."""

    def __init__(self, rest: K) -> None:
        self._rest = rest
        self.counts: dict[K, Counter[str]] = {}

    def add(self, key: K, finding: Finding) -> None:
        """Takes in a finding."""
        if key not in self.counts and len(self.counts) >= KEPT:
            key = self._rest
        self.counts.setdefault(key, Counter())[finding.severity] += 1

    def ranked(self) -> list[tuple[K, Counter[str]]]:
        """The keys with the worst and most findings first."""
        return sorted(self.counts.items(), key=lambda item: (
            [-item[1][severity] for severity in SEVERITIES], str(item[0])))


class Counts:
    """Counts findings as they come."""

    def __init__(self) -> None:
        self.rules: dict[str, Provision] = {}
        self.by_rule = Ranking(OTHERS)
        self.by_host = Ranking(OTHERS)
        self.by_status = Ranking(0)
        self.by_place = Ranking(("", OTHERS, ""))
        """(host, method, path template) -> findings."""

    def add(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        if not report.findings:
            return
        status, place = report.exchange.response.status, place_in(report)
        for finding in report.findings:
            self.rules[finding.rule_id] = finding.rule
            self.by_rule.add(finding.rule_id, finding)
            self.by_host.add(place[0], finding)
            self.by_status.add(status, finding)
            self.by_place.add(place, finding)


def exchanges(summary: Summary) -> tuple[Counter[str], Counter[int]]:
    """How many exchanges there were, with and without findings: by host (if all are known), and by status code."""
    hosts: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    for (host, _, path, status), count in (summary.places or {}).items():
        hosts[OTHERS if path == BEYOND else host] += count
        statuses[status] += count
    return (Counter() if OTHERS in hosts else hosts), statuses


class StatisticsReport:
    """Writes the counts below whatever report there is."""

    def __init__(self, write: Write, options: Options) -> None:
        self._say = Lines(write, options.paint)
        self._counts = Counts()

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._counts.add(report)

    def end(self, summary: Summary) -> None:
        """Writes the tables."""
        counts = self._counts
        hosts, statuses = exchanges(summary)
        self._table("rule", ((rule, counted, clipped(counts.rules[rule].title, 80) if rule in counts.rules else "")
                             for rule, counted in counts.by_rule.ranked()))
        self._table("host", ((host or UNKNOWN, counted, told(hosts[host]))
                             for host, counted in counts.by_host.ranked()[:SHOWN]))
        self._table("status code", ((str(status), counted, told(statuses[status]))
                                    for status, counted in sorted(counts.by_status.counts.items())))
        self._table("place", ((told_place(place), counted, "") for place, counted in counts.by_place.ranked()[:SHOWN]))

    def _table(self, by: str, rows: Iterable[tuple[str, Counter[str], str]]) -> None:
        rows = list(rows)
        if rows:
            self._say()
            self._say(f"{'errors':>8} {'warnings':>8} {'info':>8}  ", ("bold", by))
        for name, counted, more in rows:
            self._say(f"{counted['error']:>8,} {counted['warning']:>8,} {counted['info']:>8,}  {clipped(name, 120)}",
                      ("dim", f"  {more}" if more else ""))


def told(count: int) -> str:
    """A number of exchanges; empty where it is not known."""
    return f"in {count:,} exchange{'s' if count != 1 else ''}" if count else ""


def told_place(place: tuple[str, str, str]) -> str:
    """Method, host and path template."""
    host, method, path = place
    return f"{method} {host}{path}".strip() or UNKNOWN
