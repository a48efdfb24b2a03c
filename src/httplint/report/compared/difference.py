"""What changed from one result to another: findings that are new, gone, more or fewer, by kind as a baseline counts."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from httplint.model.named import NamedTuple
from httplint.model.severity import rank
from httplint.report.compared.series import Compared, Comparison, Series
from httplint.report.lines import Part

WORDS = ("new", "more", "fewer", "gone", "unchanged")
UNCHANGED = WORDS[-1]


class Difference(NamedTuple):
    """Two results, and what became of each kind of findings."""

    old: Compared
    new: Compared
    changed: dict[str, list[Series]]
    """Each of WORDS -> the kinds of which it is true, errors first."""
    notes: list[str]

    def worse(self, severities: Sequence[str]) -> bool:
        """Whether there are new findings of these severities: of a kind that is new, or more than before."""
        return any(series.severity in severities for name in ("new", "more") for series in self.changed[name])


def word(series: Series) -> str:
    """What became of a kind of findings from the result before the last to the last: one of WORDS."""
    before, after = series.before, series.after
    if before == after:
        return UNCHANGED
    if not before:
        return "new"
    if not after:
        return "gone"
    return "more" if after > before else "fewer"


def difference(comparison: Comparison) -> Difference:
    """What changed from the first of two results to the second."""
    old, new = comparison.results
    out: dict[str, list[Series]] = {name: [] for name in WORDS}
    for series in comparison.series:
        out[word(series)].append(series)
    for alike in out.values():
        alike.sort(key=lambda series: (rank(series.severity), series.kind))
    return Difference(old, new, out, comparison.notes)


def text(shown: Difference, quiet: bool = False) -> Iterable[tuple[Part, ...]]:
    """The changes for people: a line each, and unless they are to be alone, notes and a line that counts them."""
    for name in WORDS[:-1]:
        for series in shown.changed[name]:
            number = f"{series.before:,} -> {series.after:,}"
            yield (f"{name:5}  {number:>9}  ", (series.severity, f"{series.severity}[{series.kind}]"),
                   f": {series.message}")
    if quiet:
        return
    for note in shown.notes:
        yield (note,)
    counted = ", ".join(f"{len(alike):,} {name}" for name, alike in shown.changed.items() if alike)
    some = any(alike for name, alike in shown.changed.items() if name != UNCHANGED)
    yield (f"kinds of findings: {counted}" if some else f"no differences{f': {counted}' if counted else ''}",)


def headline(shown: Difference) -> str:
    """What there is to act on, for a title."""
    new, more, gone, fewer = (len(shown.changed[name]) for name in ("new", "more", "gone", "fewer"))
    told = [f"{number:,} {'kind' if number == 1 else 'kinds'} of findings {what}" for number, what in (
        (new, "new"), (more, "with more than before")) if number] or ["nothing new"]
    return ", ".join([*told, *(f"{number:,} {what}" for number, what in ((gone, "gone"), (fewer, "fewer")) if number)])


def as_dicts(shown: Difference) -> list[dict[str, Any]]:
    """The changes for programs, and what is unchanged."""
    return [{"change": name, **series.kind._asdict(), "severity": series.severity, "message": series.message,
             "before": series.before, "after": series.after} for name, alike in shown.changed.items()
            for series in alike]
