"""What became of checks, in words: a line for each check of one resource; of several, how often what became of it.

A grid of checks by resources fits no terminal. So the checks of several resources have counts, and name the resources
where one is broken or not answered.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from httplint.report.escape import clipped
from httplint.report.lines import Part
from httplint.report.matrix import BROKEN, KEPT, NOT_ANSWERED, NOT_APPLICABLE, NOT_ASKED, OUTCOMES, Cell, Check, Matrix

SIGNS = {BROKEN: ("x", "error"), NOT_ANSWERED: ("?", "warning"), KEPT: ("+", "good"), NOT_APPLICABLE: ("-", "dim"),
         NOT_ASKED: (".", "dim")}
"""Outcome -> sign, style."""
AMISS = (BROKEN, NOT_ANSWERED)
"""The outcomes that are to be looked at."""
RESOURCES, GROUPS, RULES, RUNS = 3, 5, 5, 6
"""How many resources are named where a check came out alike, how many such groups of them; how many rules and runs of
entries of a cell."""
WIDEST, RULE = 23, 60
"""Characters of the name of a check, so that a table has 80 columns at most, and of the id of a rule."""
MANY = 5
"""Of more checks on end than these that were not asked for one reason, only the first is named."""
URL, WHY = 100, 200
"""Characters of a URL, and of why a check came out so."""


def style_of(cell: Cell) -> str:
    """That of the worst it is broken by, or of its outcome."""
    return cell.severity or SIGNS[cell.state][1]


def headline(matrix: Matrix) -> str:
    """How often each outcome was met."""
    counts, checks, resources = matrix.counts(), len(matrix.checks), len(matrix.rows)
    told = ", ".join(f"{counts[state]:,} {state}" for state in OUTCOMES if counts[state])
    return (f"{checks:,} check{'s' if checks != 1 else ''} of {resources:,} resource{'s' if resources != 1 else ''}"
            f"{f': {told}' if told else ''}")


def lines(matrix: Matrix) -> list[tuple[Part, ...]]:
    """The section of a text report; nothing without resources."""
    if len(matrix.rows) == 1:
        row = matrix.rows[0]
        return [(("bold", clipped(row.resource, URL)),), *_each(matrix.checks, row.cells), ()]
    return [*_together(matrix), ()] if matrix.rows else []


def entries(cell: Cell) -> str:
    """The exchanges of a cell: "entry 3", "entries 3-5, 9"; empty without any."""
    runs: list[list[int]] = []
    for entry in cell.entries:
        if runs and entry == runs[-1][-1] + 1:
            runs[-1][1:] = [entry]
        else:
            runs.append([entry])
    told = [*("-".join(map(str, run)) for run in runs[:RUNS]), *(["…"] if len(runs) > RUNS else [])]
    return f"{'entry' if len(cell.entries) == 1 else 'entries'} {', '.join(told)}" if told else ""


def rules(cell: Cell) -> str:
    """The rules that a cell is broken by."""
    more = len(cell.rules) - RULES
    told = [clipped(rule, RULE) for rule in cell.rules[:RULES]]
    return ", ".join([*told, f"{more:,} more"] if more > 0 else told)


def _each(checks: Sequence[Check], cells: Sequence[Cell]) -> Iterator[tuple[Part, ...]]:
    """A line for each check, and another for what is to be looked at."""
    width, said = _width(checks), max((len(cell.state) for cell in cells), default=0)
    for check, cell, others in _runs(checks, cells):
        sign, style = SIGNS[cell.state][0], style_of(cell)
        why, apart = clipped(cell.why, WHY), cell.state in AMISS
        told = clipped(check.question, WHY) if apart or not why else why
        at = f" ({entries(cell)})" if apart and cell.entries else ""
        name = f"and {others:,} more" if others else clipped(check.name, WIDEST)
        yield "  ", (style, f"{sign} {cell.state:{said}}"), f"  {name:{width}}  {told}{at}"
        if apart and (more := ": ".join(one for one in (rules(cell), why) if one)):
            yield (f"      {more}",)


def _runs(checks: Sequence[Check], cells: Sequence[Cell]) -> Iterator[tuple[Check, Cell, int]]:
    """Each check with its cell, and 0. Of many on end that were not asked for the same reason, such as that the server
    cannot be reached, the first; the last stands for the others, with their number.
    """
    for cell, run in groupby(zip(checks, cells, strict=True), itemgetter(1)):
        alike = [check for check, _ in run]
        few = cell.state != NOT_ASKED or len(alike) <= MANY
        yield from ((check, cell, 0) for check in (alike if few else alike[:1]))
        if not few:
            yield alike[-1], cell, len(alike) - 1


def _together(matrix: Matrix) -> Iterator[tuple[Part, ...]]:
    origin, names = named(matrix)
    counts = matrix.counts()
    states = [state for state in OUTCOMES if counts[state]]
    width = _width(matrix.checks)
    yield (("bold", f"{len(matrix.rows):,} resources{f' of {origin}' if origin else ''}"),)
    yield (("dim", f"  {'check':{width}}  {'  '.join(states)}"),)
    for check, column in matrix.columns():
        parts: list[Part] = [f"  {clipped(check.name, WIDEST):{width}}"]
        for state in states:
            times = sum(cell.state == state for cell in column)
            parts.append((SIGNS[state][1] if times else "dim", f"  {f'{times:,}' if times else '-':>{len(state)}}"))
        yield tuple(parts)
        yield from _where(names, column)


def _where(names: Sequence[str], column: Sequence[Cell]) -> Iterator[tuple[Part, ...]]:
    """The resources at which a check is broken, or not answered."""
    groups = alike(names, column)
    for cell, places in groups[:GROUPS]:
        sign, style = SIGNS[cell.state][0], style_of(cell)
        why = ": ".join(one for one in (rules(cell), clipped(cell.why, WHY)) if one)
        yield "    ", (style, f"{sign} {cell.state}"), f"{f' {why}' if why else ''} at {listed(places)}"
    if len(groups) > GROUPS:
        yield (f"    … and in {len(groups) - GROUPS:,} more ways",)


def alike(names: Sequence[str], column: Sequence[Cell]) -> list[tuple[Cell, list[str]]]:
    """What is to be looked at of a check, and the resources where it came out so, the worst and most frequent first."""
    groups: dict[Cell, list[str]] = {}
    for name, cell in zip(names, column, strict=True):
        if cell.state in AMISS:
            at = f"{name} ({entries(cell)})" if cell.entries else name
            groups.setdefault(cell._replace(entries=()), []).append(at)
    return sorted(groups.items(), key=lambda item: (OUTCOMES.index(item[0].state), -len(item[1])))


def listed(places: Sequence[str]) -> str:
    """The first of them, and how many there are more."""
    more = len(places) - RESOURCES
    return ", ".join([*places[:RESOURCES], f"and {more:,} more"] if more > 0 else places)


def named(matrix: Matrix) -> tuple[str, list[str]]:
    """(the origin that all resources have in common, or an empty text; what tells them apart)."""
    urls = [row.resource for row in matrix.rows]
    origins = {"/".join(url.split("/", 3)[:3]) for url in urls}
    origin = origins.pop() if len(origins) == 1 else ""
    return clipped(origin, URL), [clipped(url[len(origin):] or "/", URL) for url in urls]


def _width(checks: Sequence[Check]) -> int:
    return max((min(len(check.name), WIDEST) for check in checks), default=0)
