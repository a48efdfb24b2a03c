"""Comparisons in Markdown, short enough for a comment on a pull request and for $GITHUB_STEP_SUMMARY."""
from __future__ import annotations

from collections.abc import Iterable

from httplint.model.severity import SEVERITIES
from httplint.report.compared.difference import WORDS, Difference, headline
from httplint.report.compared.series import Series
from httplint.report.compared.trend import SHOWN, Stage, Trend, about, name_of, total, verdict
from httplint.report.markdown import SIGNS, code, section, table
from httplint.report.markup import prose

ROOM = 56_000
"""Characters for the rows of tables: a comment of GitHub holds 65,536."""
LISTED = {"new": 50, "more": 30, "fewer": 20, "gone": 20, "unchanged": 30}
"""How many kinds are listed of what became of them; what is no news is folded."""
NEWS = ("new", "more")
RULES, RESULTS = 50, 50
"""How many rules are listed, and results: the latest."""
WIDTH = 120


class Rows:
    """Rows of tables, as long as there is room for them."""

    def __init__(self) -> None:
        self._left = ROOM

    def fitting(self, rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The first of these rows."""
        out = []
        for row in rows:
            self._left -= sum(len(cell) + 3 for cell in row)
            if self._left < 0:
                break
            out.append(row)
        return out


def difference(shown: Difference) -> Iterable[str]:
    """What changed from one result to another."""
    rows = Rows()
    yield f"## httplint: {headline(shown)}\n\n"
    old, new = (f"{code(one.name)} ({total(one)} in {prose(about(one))})" for one in (shown.old, shown.new))
    yield f"From {old} to {new}.\n"
    yield from _notes(shown.notes)
    for name in WORDS:
        alike = shown.changed[name]
        told = table(f"\n### {name.capitalize()}\n" if name in NEWS else "",
                     ("severity", "rule", "where", "message", "times", "specification"),
                     rows.fitting(map(_row, alike[:LISTED[name]])), len(alike))
        if name not in NEWS and alike:
            told = f"\n<details><summary>{len(alike):,} {name}</summary>\n{told}\n</details>\n"
        yield told or (f"\n{len(alike):,} {name}\n" if alike else "")


def _notes(notes: Iterable[str]) -> Iterable[str]:
    return (f"\n- {prose(note)}\n" for note in notes)


def _row(series: Series) -> tuple[str, ...]:
    kind = series.kind
    where = f"{kind.method} {kind.host}{kind.path}".strip()
    return (SIGNS[series.severity], code(kind.rule, WIDTH), code(where, WIDTH) + (
        f" {code(kind.field, WIDTH)}" if kind.field else ""), code(series.message, WIDTH),
        f"{series.before:,} → {series.after:,}", section(series.rule.spec))


def trend(shown: Trend) -> Iterable[str]:
    """How the findings went over several results."""
    rows = Rows()
    yield f"## httplint: {verdict(shown)}\n"
    yield from _notes(shown.notes)
    steps = shown.steps[-RESULTS:]
    head = ("result", "exchanges", *SEVERITIES, "new kinds", "gone kinds", "recorded", "httplint")
    yield table("\n### Results\n", head, rows.fitting(map(_stage, steps)), len(shown.steps))
    latest = range(len(shown.steps))[-SHOWN:]
    yield table("\n### By rule\n", ("severity", "rule", *(code(name_of(shown, number), WIDTH) for number in latest),
                                    "first in", "gone since"), rows.fitting(
        (SIGNS[one.severity], code(one.rule.id), *(f"{one.counts[number]:,}" for number in latest),
         code(name_of(shown, one.first)), code(name_of(shown, one.gone))) for one in shown.rules[:RULES]),
        len(shown.rules))


def _stage(step: Stage) -> tuple[str, ...]:
    result = step.result
    findings = (f"{result.findings[severity]:,}" for severity in SEVERITIES)
    return (code(result.name), f"{result.linted:,}", *findings, f"{step.new:,}", f"{step.gone:,}", result.recorded,
            code(result.version))
