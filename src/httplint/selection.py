"""Which rules are on: by prefixes of their ids, the longest prefix wins."""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.errors import meant
from httplint.engine.rule import Rule


class SelectionError(ValueError):
    """A prefix that no rule's id begins with, or both selected and ignored."""


def select(rules: Iterable[Rule], selected: str | Iterable[str] = (), ignored: str | Iterable[str] = ()) -> list[Rule]:
    """The rules that are on.

    Prefixes are texts such as "304" or "304.etag", as a list or separated by commas; "all" stands for every rule.
    Without any selected, every stable rule is. A preview rule needs a prefix that selects it by more than "all".
    """
    rules = list(rules)
    chosen, refused = _prefixes(selected), _prefixes(ignored)
    for prefix in chosen + refused:
        if prefix and not any(_matches(rule, prefix) for rule in rules):
            names = {rule.id for rule in rules} | {rule.id.partition(".")[0] for rule in rules}
            raise SelectionError(f"no rule's id begins with {prefix!r}{meant(prefix, sorted(names), 0.5)}")
    if both := set(chosen) & set(refused):
        raise SelectionError(f"{min(both)!r} is both selected and ignored")
    return [rule for rule in rules if _on(rule, chosen, refused)]


def _on(rule: Rule, chosen: list[str], refused: list[str]) -> bool:
    best = max((len(prefix) for prefix in chosen if _matches(rule, prefix)), default=-1)
    worst = max((len(prefix) for prefix in refused if _matches(rule, prefix)), default=-1)
    if not chosen and rule.stage != "preview":
        best = max(best, 0)
    if rule.stage == "preview" and best < 1:
        return False
    return best > worst or (best == worst == 0 and bool(chosen) and not refused)


def _matches(rule: Rule, prefix: str) -> bool:
    return rule.id.startswith(prefix) or any(old.startswith(prefix) for old in rule.renamed if prefix)


def _prefixes(text: str | Iterable[str]) -> list[str]:
    items = [text] if isinstance(text, str) else list(text)
    parts = [part.strip() for item in items for part in item.split(",")]
    return ["" if part.lower() == "all" else part for part in parts if part]
