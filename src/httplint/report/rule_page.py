"""What every page of a rule tells, be it of `httplint explain`, of the addon or of the documentation."""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.rule import Rule, classes
from httplint.report.links import link


def grounds(rule: Rule) -> list[tuple[str, str, str | None]]:
    """(name, text, address) of what it is for, what to do, and where it stands."""
    return [("why", rule.why, None), ("fix", rule.fix, None), ("spec", rule.spec, link(rule.spec))]


def facts(rule: Rule, basis: str) -> list[str]:
    """How sure it is, and of whom it speaks. `basis`: in words."""
    return [f"{rule.confidence} confidence", basis, *([f"binds the {rule.party}"] if rule.party else []),
            *([rule.stage] if rule.stage != "stable" else [])]


def conditions(rule: Rule) -> list[tuple[str, str]]:
    """(key, value) of its conditions, as a rule file has them."""
    def listed(values: Iterable[object]) -> str:
        return ", ".join(map(str, values))

    return [(key, value) for key, value in (
        ("status", listed(classes(rule.statuses))), ("method", listed(sorted(rule.methods or ()))),
        ("version", listed(sorted(rule.versions or ()))), ("host", listed(rule.hosts)),
        ("path", listed(rule.paths)), ("when", rule.when), ("foreach", rule.foreach),
        ("require", rule.require)) if value]
