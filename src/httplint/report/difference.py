"""What changed between two results: findings that are new, gone, or more or fewer, by kind as the baseline counts."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from httplint.engine.report import Report
from httplint.model.named import NamedTuple
from httplint.model.severity import rank
from httplint.report.escape import clipped
from httplint.report.kind import Kind, kind_of
from httplint.report.lines import line
from httplint.report.masker import PLAIN


class Change(NamedTuple):
    """A kind of findings of which there are not as many as before."""

    kind: Kind
    severity: str
    """Of its first finding, the later result first."""
    message: str
    """As the severity."""
    before: int
    after: int

    @property
    def word(self) -> str:
        """new, gone, more or fewer."""
        if not self.before:
            return "new"
        if not self.after:
            return "gone"
        return "more" if self.after > self.before else "fewer"


WORDS = ("new", "more", "fewer", "gone")


def differences(old: Iterable[Report], new: Iterable[Report]) -> list[Change]:
    """The changes from one result to another: what is new first, errors first.

    Their pseudonyms have nothing to do with each other, so that all secrets look the same.
    """
    before, after = _counted(old), _counted(new)
    changes = []
    for kind in before.keys() | after.keys():
        severity, message = (after.get(kind) or before[kind])[1:]
        was, now = (side[kind][0] if kind in side else 0 for side in (before, after))
        if was != now:
            changes.append(Change(kind, severity, message, was, now))
    return sorted(changes, key=lambda change: (WORDS.index(change.word), rank(change.severity), change.kind))


def _counted(reports: Iterable[Report]) -> dict[Kind, tuple[int, str, str]]:
    """Kind -> (how many, severity and message of the first)."""
    out: dict[Kind, tuple[int, str, str]] = {}
    for report in reports:
        for finding in report.findings:
            kind = kind_of(finding, report)
            times, severity, message = out.get(kind) or (
                0, finding.severity, clipped(PLAIN.of(report.exchange).message(finding), 200))
            out[kind] = times + 1, severity, message
    return out


def lines(changes: Iterable[Change]) -> list[str]:
    """The changes for people: a line each, and a line that counts them."""
    out, totals = [], dict.fromkeys(WORDS, 0)
    for change in changes:
        totals[change.word] += 1
        number = f"{change.before:,} -> {change.after:,}"
        out.append(line(f"{change.word:5}  {number:>9}  {change.severity}[{change.kind}]: {change.message}"))
    counted = ", ".join(f"{number:,} {word}" for word, number in totals.items() if number)
    return [*out, f"kinds of findings: {counted}" if counted else "no differences"]


def as_dict(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes for programs."""
    return [{"change": change.word, **change.kind._asdict(), "severity": change.severity, "message": change.message,
             "before": change.before, "after": change.after} for change in changes]
