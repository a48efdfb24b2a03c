"""Which requirements of the specifications the traffic of a test run has exercised."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from httplint.coverage import CORE, rows
from httplint.engine.rule import Rule

WIDTH = 110


class Exercised:
    """The requirements of one document: those that rules check, that held or were violated, that were violated."""

    __slots__ = ("checked", "seen", "violated")

    def __init__(self) -> None:
        self.checked: set[str] = set()
        self.seen: set[str] = set()
        self.violated: set[str] = set()


def exercised_lines(exercised: Mapping[str, tuple[int, int]], rules: Iterable[Rule], each: bool) -> list[str]:
    """A line for each document; with `each`, also the ids. `exercised`: rule id -> (times held, times violated)."""
    documents = _documents(exercised, list(rules))
    out = ["requirements that the traffic has exercised, of those that rules check"]
    width = max(map(len, documents), default=0)
    for name in sorted(documents, key=lambda name: (name not in CORE, name)):
        of = documents[name]
        wrong = f", {len(of.violated)} violated" if of.violated else ""
        out.append(f"  {name.ljust(width)}  {len(of.seen):4} of {len(of.checked):4}{wrong}")
        if each:
            for title, ids in (("held", of.seen - of.violated), ("violated", of.violated), ("not exercised",
                                                                                             of.checked - of.seen)):
                out += _wrapped(title, sorted(ids))
    return out


def _documents(exercised: Mapping[str, tuple[int, int]], rules: list[Rule]) -> dict[str, Exercised]:
    home = _homes()
    out: dict[str, Exercised] = {}
    for rule in rules:
        held, violated = exercised.get(rule.id, (0, 0))
        for requirement in rule.requirement:
            of = out.setdefault(home.get(requirement) or requirement.partition("-")[0], Exercised())
            of.checked.add(requirement)
            if held or violated:
                of.seen.add(requirement)
            if violated:
                of.violated.add(requirement)
    return out


def _homes() -> dict[str, str]:
    """Requirement -> its document; nothing where the table is not there."""
    try:
        return {row.id: row.document for row in rows()}
    except (OSError, ValueError):
        return {}


def _wrapped(title: str, ids: list[str]) -> list[str]:
    if not ids:
        return []
    lines, line = [], f"    {title}:"
    for name in ids:
        if len(line) + 1 + len(name) > WIDTH:
            lines.append(line)
            line = "     "
        line += f" {name}"
    return [*lines, line]
