"""How the findings went over several results, in their order: by severity, and by rule."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from httplint.engine.rule import Provision
from httplint.model.named import NamedTuple
from httplint.model.severity import SEVERITIES, counted, rank, worst
from httplint.report.compared.series import Compared, Comparison, Series
from httplint.report.escape import clipped
from httplint.report.lines import Part

SHOWN = 8
"""Results whose numbers a table for people has beside one another: the latest."""


class OfRule(NamedTuple):
    """The findings of a rule."""

    rule: Provision
    severity: str
    """The worst of those that the latest result has which has any."""
    counts: list[int]
    """How many each result has."""

    @property
    def first(self) -> int:
        """The number of the first result that has any, from 0."""
        return next(number for number, count in enumerate(self.counts) if count)

    @property
    def gone(self) -> int | None:
        """The number of the first of the last results that have none; None if the last has some."""
        number = _last(self.counts) + 1
        return number if number < len(self.counts) else None


class Stage(NamedTuple):
    """A result, and what changed since the one before."""

    result: Compared
    kinds: int
    """Kinds of findings that it has."""
    new: int
    """Kinds that the one before has not."""
    gone: int
    """Kinds of the one before that it has not."""


class Trend(NamedTuple):
    """Results in their order, and the rules that found something: those of the last result first, errors first."""

    steps: list[Stage]
    rules: list[OfRule]
    notes: list[str]


def trend(comparison: Comparison) -> Trend:
    """What there is to tell of several results."""
    steps = []
    for number, result in enumerate(comparison.results):
        kinds = new = gone = 0
        for series in comparison.series:
            now, before = series.counts[number], series.counts[number - 1] if number else 0
            kinds, new, gone = kinds + (now > 0), new + (now > 0 == before), gone + (before > 0 == now)
        steps.append(Stage(result, kinds, new if number else 0, gone))
    return Trend(steps, _by_rule(comparison.series), comparison.notes)


def _by_rule(all_series: Iterable[Series]) -> list[OfRule]:
    rules: dict[str, OfRule] = {}
    for series in all_series:
        known = rules.get(series.kind.rule)
        if known is None:
            rules[series.kind.rule] = OfRule(series.rule, series.severity, list(series.counts))
            continue
        counts = [one + other for one, other in zip(known.counts, series.counts, strict=True)]
        last, other = _last(known.counts), _last(series.counts)
        severity = worst((known.severity, series.severity)) if last == other else (
            known.severity if last > other else series.severity)
        rules[series.kind.rule] = OfRule(series.rule if other > last else known.rule, severity, counts)
    return sorted(rules.values(), key=lambda one: (
        -_last(one.counts), rank(one.severity), -one.counts[-1], one.rule.order, one.rule.id))


def _last(counts: Sequence[int]) -> int:
    return max(number for number, count in enumerate(counts) if count)


def total(result: Compared) -> str:
    """What a result holds: "3 errors, 1 warning"."""
    return ", ".join(counted(result.findings)) or "no findings"


def about(result: Compared) -> str:
    """Of when a result is, of how much, and by which httplint."""
    exchanges = f"{result.linted:,} exchange{'s' if result.linted != 1 else ''}"
    return ", ".join(part for part in (exchanges, result.recorded, f"httplint {result.version}") if part)


def verdict(shown: Trend) -> str:
    """Where it went from the first to the last, in a line."""
    first, last = shown.steps[0].result, shown.steps[-1].result
    if len(shown.steps) == 1:
        return f"{total(last)} in one result; a trend takes two or more"
    return f"{total(first)} in the first of {len(shown.steps):,} results, {total(last)} in the last"


def name_of(shown: Trend, number: int | None) -> str:
    """What the result of that number is called; an empty text for None."""
    return "" if number is None else shown.steps[number].result.name


def text(shown: Trend, quiet: bool = False) -> Iterable[tuple[Part, ...]]:
    """The tables for people; unless they are to be alone, notes and a line that sums them up."""
    yield (f"{'errors':>8} {'warnings':>8} {'info':>8} {'new':>6} {'gone':>6}  result",)
    for step in shown.steps:
        errors, warnings, info = (f"{step.result.findings[severity]:,}" for severity in SEVERITIES)
        yield (f"{errors:>8} {warnings:>8} {info:>8} {step.new:>6,} {step.gone:>6,}  {step.result.name}"
               f" ({about(step.result)})",)
    latest = range(max(0, len(shown.steps) - SHOWN), len(shown.steps))
    if shown.rules:
        named = f"latest {len(latest)} results" if latest.start else "results above"
        yield ()
        yield (f"by rule, in the {named}",)
    for one in shown.rules:
        numbers = " ".join(f"{one.counts[number]:>6,}" for number in latest)
        told = [f"first in {name_of(shown, one.first)}"] if one.first else []
        told += [f"gone since {name_of(shown, one.gone)}"] if one.gone is not None else []
        yield (f"{numbers}  ", (one.severity, f"{one.severity}[{clipped(one.rule.id, 200)}]"),
               f"{': ' * bool(told)}{', '.join(told)}")
    if quiet:
        return
    yield ()
    for last in (*shown.notes, verdict(shown)):
        yield (last,)


def as_dict(shown: Trend) -> dict[str, Any]:
    """The same for programs."""
    return {
        "results": [{"name": step.result.name, "httplint": step.result.version, "rules": step.result.rules,
                     "recorded": step.result.recorded or None,
                     "exchanges": step.result.linted, "findings": step.result.findings, "kinds": step.kinds,
                     "new": step.new, "gone": step.gone} for step in shown.steps],
        "rules": [{"rule": one.rule.id, "title": one.rule.title, "severity": one.severity, "counts": one.counts,
                   "first": name_of(shown, one.first), "gone": None if one.gone is None else name_of(shown, one.gone)}
                  for one in shown.rules],
    }
