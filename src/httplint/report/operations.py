"""What the traffic has shown of an API, by its description: coverage, and no finding.

An operation was exercised once some response to it was seen, whatever its status code. What is not documented is told
where it answers: of hosts that some operation was exercised on, and not where a response says that there is nothing of
the kind. HEAD goes with GET (RFC 9110 §9.3.2), and OPTIONS asks about an operation (§9.3.7): few document them.
"""
from __future__ import annotations

from collections import Counter

from httplint.model.named import NamedTuple
from httplint.report.escape import clipped
from httplint.report.lines import Part
from httplint.report.summary import ExchangeKind, Summary

ACCOMPANYING = frozenset(("HEAD", "OPTIONS"))
NOT_THERE = frozenset((404, 405, 501))
SHOWN = 5
"""How many of each kind are told unless all are asked for."""


class Uncovered(NamedTuple):
    """What is amiss between a description and the traffic: what it is, and a row for each."""

    title: str
    rows: list[str]


def headline(summary: Summary) -> str:
    """How much of what is documented was seen; empty without a description."""
    if not summary.operations:
        return ""
    exercised = sum(bool(one.seen) for one in summary.operations)
    statuses = sum(len(one.statuses) for one in summary.operations)
    unseen = sum(len(one.unseen()) for one in summary.operations)
    return (f"{exercised:,} of {len(summary.operations):,} documented operations exercised, "
            f"{statuses - unseen:,} of {statuses:,} documented status codes seen")


def lacks(summary: Summary) -> list[Uncovered]:
    """What was never exercised, never seen, or is not documented; nothing without a description."""
    told = [(one, f"{one.method} {one.path}") for one in summary.operations]
    out = [
        Uncovered("operations never exercised", [name for one, name in told if not one.seen]),
        Uncovered("status codes never seen", [f"{name}: {', '.join(unseen)}" for one, name in told
                                         if one.seen and (unseen := one.unseen())]),
        Uncovered("status codes not documented", [
            f"{name}: {_times({status: one.seen[status] for status in beyond})}" for one, name in told
            if (beyond := one.undocumented())]),
        Uncovered("operations not documented", _undocumented(summary)),
    ]
    return [lack for lack in out if lack.rows]


def undocumented(summary: Summary) -> list[tuple[ExchangeKind, int]]:
    """The kinds of exchanges that are told as not documented, and how many there were of each."""
    documented = {(one.method, one.path) for one in summary.operations if one.seen}
    hosts = {host for host, method, path, _ in summary.places or () if (method, path) in documented}
    return sorted((kind, times) for kind, times in summary.undocumented.items()
                  if kind[0] in hosts and kind[1] not in ACCOMPANYING and kind[3] not in NOT_THERE)


def _undocumented(summary: Summary) -> list[str]:
    places: dict[str, Counter[int]] = {}
    for (_, method, path, status), times in undocumented(summary):
        places.setdefault(f"{method} {path}", Counter())[status] += times
    return [f"{place}: {_times(counts)}" for place, counts in sorted(places.items())]


def _times(counts: dict[int, int] | Counter[int]) -> str:
    return ", ".join(f"{status} ×{times:,}" for status, times in sorted(counts.items()))


def lines(summary: Summary, whole: bool, option: str = "--show api") -> list[tuple[Part, ...]]:
    """The section of a text report: all rows, which the option asks for, or the first of each kind."""
    if not (head := headline(summary)):
        return []
    out: list[tuple[Part, ...]] = [(f"  api: {head}",)]
    if not any(one.seen for one in summary.operations):
        out.append(("    no exchange belongs to any: do their paths begin with the base path of the API's servers?",))
    for lack in lacks(summary):
        rows = lack.rows if whole else lack.rows[:SHOWN]
        out.append((f"    {lack.title}: {len(lack.rows):,}",))
        out += [(f"      {clipped(row, 200)}",) for row in rows]
        if len(rows) < len(lack.rows):
            out.append((f"      … and {len(lack.rows) - len(rows):,} more ({option} lists them)",))
    return out
