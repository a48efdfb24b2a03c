"""Several results as one, such as those of the jobs of a matrix: as if one run had looked at all that theirs did.

What tells of one run alone stays apart. Equal pseudonyms of two results are not equal secrets, so that they get others.
Captures that have a path in common are other captures, so that the later ones say of which result they are. What each
job has a baseline for is suppressed by each for itself. Exchanges of a probe have other entries, which no other result
has, so that the cells of the matrices can still tell theirs.
"""
from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.report.escape import clipped
from httplint.report.form import MOST
from httplint.report.masker import Masker
from httplint.report.matrix import Matrix, joined
from httplint.report.paths import shared, shortest
from httplint.report.result import STDIN, Result, ResultError
from httplint.report.summary import Summary

PATHS = 100_000
"""Paths of captures that are known to be of one result; what is beyond says of which result it is."""
NAMED = 5
"""Rules that are named which results describe differently."""


class Merged:
    """Results as one: `rules` are those that it has findings of, `version` that of the httplint that judged, or all."""

    def __init__(self, paths: Sequence[str], masker: Masker) -> None:
        """`masker`: that of the run. Raises ResultError."""
        _different(paths)
        self._masker = masker
        if len(paths) > 1:
            masker.keep(0)
            results = [Result(path, masker, number, len(paths)) for number, path in enumerate(paths, 1)]
        else:
            results = [Result(paths[0], masker)]
            masker.keep(results[0].pseudonyms)
        self._results = dict(zip(shortest([masker.path(path) for path in paths]), results, strict=True))
        versions = {name: clipped(result.version, 40) for name, result in self._results.items()}
        self.version = ", ".join(dict.fromkeys(versions.values()))
        self._notes = differing(versions, {name: result.counted.rules for name, result in self._results.items()})
        self.rules = self._rules()
        self._first = self._entries()

    def _rules(self) -> list[Provision]:
        rules: dict[str, Provision] = {}
        differing: dict[str, None] = {}
        for result in self._results.values():
            for rule in result.rules:
                if rules.setdefault(rule.id, rule).said != rule.said:
                    differing[rule.id] = None
            result.speaks_by(rules)
        if differing:
            more = f" and {len(differing) - NAMED:,} more" if len(differing) > NAMED else ""
            named = ", ".join(clipped(name, 100) for name in list(differing)[:NAMED])
            self._notes.append("the results describe these rules differently, and the first description is shown: "
                               f"{named}{more}")
        return sorted(rules.values(), key=lambda rule: (rule.order, rule.id))

    def _entries(self) -> dict[str, int]:
        """The name of each probe's result -> what is added to its entries."""
        counted = {name: (result.counted.entries.read, result.matrix) for name, result in self._results.items()}
        base = max((read for read, matrix in counted.values() if matrix is None), default=0)
        first: dict[str, int] = {}
        for name, (read, matrix) in counted.items():
            if matrix is not None:
                size = max(read, matrix.end())
                first[name] = base if base + size <= MOST else 0       # no run has so many
                base += size
        return first

    def summary(self) -> Summary:
        """The sum of the summaries."""
        summary = Summary(0, self._masker)
        told = {name: result.counted for name, result in self._results.items()}
        summary.places = Counter() if all(one.placed for one in told.values()) else None
        summary.baseline = all(one.baseline for one in told.values())
        for one in told.values():
            one.add_to(summary)
        first, *others = (dict.fromkeys(one.notes) for one in told.values())
        common = {note for note in first if all(note in other for other in others)}
        summary.note(note for note in first if note in common)
        for name, one in told.items():
            summary.note(f"{name}: {note}" for note in one.notes if note not in common)
        summary.note(self._notes)
        if (matrix := self._matrix()) is not None:
            summary.probed(matrix)
        return summary

    def _matrix(self) -> Matrix | None:
        return joined([(name, matrix.moved(self._first[name])) for name, result in self._results.items()
                       if (matrix := result.matrix) is not None])

    def reports(self) -> Iterator[Report]:
        """The reports of `Result.reports`, in the order of the results. Raises ResultError."""
        owners: dict[str, str] = {}
        for name, result in self._results.items():
            for report in result.reports():
                if (source := report.exchange.source) is not None:
                    if len(owners) < PATHS:
                        owners.setdefault(source.path, name)
                    if owners.get(source.path) != name:
                        source.path = shared(source.path, name)
                    source.entry = min(source.entry + self._first.get(name, 0), MOST)
                yield report


def differing(versions: Mapping[str, str], rules: Mapping[str, int]) -> list[str]:
    """What to tell where results are not alike. Name of a result -> version of the httplint that judged; rules."""
    numbers = {name: f"{number:,}" for name, number in rules.items()}
    return [f"the results are of different {what}: {_named(values)}" for what, values in (
        ("versions of httplint", versions), ("numbers of rules", numbers)) if len(set(values.values())) > 1]


def _named(values: Mapping[str, str]) -> str:
    by_value: dict[str, list[str]] = {}
    for name, value in values.items():
        by_value.setdefault(value, []).append(name)
    return ", ".join(f"{value} ({clipped(', '.join(names), 200)})" for value, names in by_value.items())


def _different(paths: Sequence[str]) -> None:
    """Raises ResultError if a file is named twice, whose findings would count twice."""
    seen: set[object] = set()
    for path in paths:
        try:
            status = os.stat(path) if path != STDIN else None
        except (OSError, ValueError):                      # which reading it tells
            continue
        key = path if status is None else (status.st_dev, status.st_ino)
        if key in seen:
            raise ResultError(f"{path}: this result is named twice: its findings would count twice")
        seen.add(key)
