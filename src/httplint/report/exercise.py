"""Which statements of the specifications the traffic has put to the test: kept, broken, or never exercised."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.model.named import NamedTuple

GROUPS = 4096
"""How many groups of rules are remembered as such; strange traffic makes ever new ones."""

KEPT, BROKEN, UNTRIED = "kept", "broken", "not exercised"
STATES = (BROKEN, KEPT, UNTRIED)


class Statement(NamedTuple):
    """A statement that rules check, and what became of it."""

    id: str
    document: str
    section: str
    """Empty where its id does not tell."""
    state: str
    """One of STATES."""
    rules: tuple[str, ...]
    """The ids of the rules that check it."""


class Exercise:
    """The rules that have held, and those that were violated."""

    def __init__(self) -> None:
        self._groups: dict[int, Sequence[Provision]] = {}
        self._held: set[Provision] = set()
        self._violated: set[Provision] = set()

    def take(self, report: Report) -> None:
        """Takes in what rules have said of an exchange."""
        self._violated.update([finding.rule for finding in report.findings])
        self._violated.update([finding.rule for finding, _ in report.suppressed])
        self.hold(report.passes)

    def hold(self, groups: Iterable[Sequence[Provision]]) -> None:
        """Takes in that rules hold."""
        for group in groups:
            if id(group) not in self._groups:              # which keeps its id from being given away
                self._groups[id(group)] = group
                self._held.update(group)
        if len(self._groups) > GROUPS:
            self._groups.clear()

    def statements(self, rules: Iterable[Provision]) -> list[Statement]:
        """What became of the statements that these rules check, by document and section."""
        checked: dict[str, list[Provision]] = {}
        for rule in rules:
            for name in rule.requirement:
                checked.setdefault(name, []).append(rule)
        return sorted((self._statement(name, by) for name, by in checked.items()), key=_order)

    def _statement(self, name: str, by: list[Provision]) -> Statement:
        number, _, rest = name.partition("-")
        title, _, section = by[0].spec.partition(" §")
        if number.isdigit():
            title, section = f"RFC {number}", rest.rpartition("-")[0] or rest
        state = BROKEN if not self._violated.isdisjoint(by) else KEPT if not self._held.isdisjoint(by) else UNTRIED
        return Statement(name, title, section, state, tuple(rule.id for rule in by))


def _order(statement: Statement) -> tuple[bool, str, list[tuple[bool, int, str]], str]:
    """Documents of the RFC series first, sections as they are numbered."""
    parts = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in statement.section.split(".")]
    return not statement.document.startswith("RFC "), statement.document, parts, statement.id
