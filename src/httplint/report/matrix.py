"""What became of each check that was made of each resource: the result of asking, beside the findings.

A cell tells which exchanges of the run belong to it by the numbers that their sources have (`Source.entry`), which are
those of one capture: of a run that asks, and of nothing else.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from httplint.model.named import NamedTuple
from httplint.report.exercise import BROKEN, KEPT
from httplint.report.masker import Masker
from httplint.report.paths import shared

__all__ = ["BROKEN", "KEPT", "NOT_ANSWERED", "NOT_APPLICABLE", "NOT_ASKED", "OUTCOMES", "Cell", "Check", "Matrix",
           "Row", "joined"]

NOT_APPLICABLE, NOT_ANSWERED, NOT_ASKED = "not applicable", "not answered", "not asked"
OUTCOMES = (BROKEN, NOT_ANSWERED, KEPT, NOT_APPLICABLE, NOT_ASKED)
"""What may become of a check, what is to be looked at first."""
UNKNOWN = "the run did not have this check"


class Check(NamedTuple):
    """What is asked of every resource."""

    name: str
    """Such as if-none-match."""
    question: str
    """A plain clause: "If-None-Match with the ETag it gave"."""


class Cell(NamedTuple):
    """What became of a check of a resource."""

    state: str
    """One of OUTCOMES."""
    why: str = ""
    """A plain clause, or empty."""
    entries: tuple[int, ...] = ()
    """The numbers of the exchanges that belong to it, in their order."""
    rules: tuple[str, ...] = ()
    """The ids of the rules that it is broken by."""
    severity: str = ""
    """The worst severity of what it is broken by; empty where it is not broken, or that is not known."""


class Row(NamedTuple):
    """A resource, and a cell for each check, in their order."""

    resource: str
    """Its URL."""
    cells: tuple[Cell, ...]


class Matrix(NamedTuple):
    """Checks by resources, each in the order in which they were asked."""

    checks: tuple[Check, ...]
    rows: tuple[Row, ...]

    def counts(self) -> Counter[str]:
        """Outcome -> cells."""
        return Counter(cell.state for row in self.rows for cell in row.cells)

    def asked(self) -> dict[int, str]:
        """The number of each of its exchanges -> the name of the check that it belongs to."""
        return {entry: check.name for check, column in self.columns() for cell in column for entry in cell.entries}

    def columns(self) -> list[tuple[Check, list[Cell]]]:
        """Each check with its cells, in the order of the resources."""
        return [(check, [row.cells[at] for row in self.rows]) for at, check in enumerate(self.checks)]

    def masked(self, masker: Masker) -> Matrix:
        """The same without secrets."""
        return Matrix(self.checks, tuple(
            Row(masker.path(row.resource), tuple(cell._replace(why=masker.text(cell.why)) for cell in row.cells))
            for row in self.rows))

    def moved(self, by: int) -> Matrix:
        """The same of exchanges whose numbers are so much higher."""
        return Matrix(self.checks, tuple(
            Row(row.resource, tuple(cell._replace(entries=tuple(entry + by for entry in cell.entries))
                                    for cell in row.cells)) for row in self.rows))

    def end(self) -> int:
        """A number that is higher than those of its exchanges."""
        return max((entry + 1 for row in self.rows for cell in row.cells for entry in cell.entries), default=0)


def joined(matrices: Iterable[tuple[str, Matrix]]) -> Matrix | None:
    """The matrices of several runs as one, None of none. With the name of each run, which those rows say whose
    resource an earlier run has asked, too.
    """
    checks: dict[str, Check] = {}
    rows: list[tuple[str, dict[str, Cell]]] = []
    seen: set[str] = set()
    for name, matrix in matrices:
        for check in matrix.checks:
            checks.setdefault(check.name, check)
        rows += [(shared(row.resource, name) if row.resource in seen else row.resource,
                  {check.name: cell for check, cell in zip(matrix.checks, row.cells, strict=True)})
                 for row in matrix.rows]
        seen.update(row.resource for row in matrix.rows)
    missing = Cell(NOT_ASKED, UNKNOWN)
    return Matrix(tuple(checks.values()), tuple(
        Row(resource, tuple(cells.get(name, missing) for name in checks)) for resource, cells in rows)
    ) if checks else None
