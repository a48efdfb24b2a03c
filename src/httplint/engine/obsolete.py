"""Ids of rules that are no more, or soon: what a pack says of them in `[[obsolete]]` tables.

An id in a configuration, a baseline or a script outlives the rule that it named. One that was renamed goes on to work
for the rule with the new id, one that was split for all its parts, and one that was removed for nothing; each time
users are told. Of a deprecated rule, which is still there, the table says what to use in its place.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from httplint.engine.errors import RuleError
from httplint.engine.rule import LONGEST_TEXT, MOST_EXAMPLES, Rule, id_flaw
from httplint.model.likeness import meant
from httplint.model.named import NamedTuple

KEYS = ("id", "now", "since", "why")
"""The keys of a table; all but `now` must be there."""


class Obsolete(NamedTuple):
    """What became of an id."""

    id: str
    now: tuple[str, ...]
    """What to use in its place: several ids if it was split, none if it was removed."""
    since: str
    """The version."""
    why: str
    path: str
    line: int

    def told(self, deprecated: bool = False) -> str:
        """What a user is told who names it."""
        new = " and ".join(filter(None, [", ".join(self.now[:-1]), *self.now[-1:]]))
        if deprecated:
            return f"{self.id} is deprecated since {self.since}{f'; use {new}' if new else ''}: {self.why}"
        what = f"is {'now' if len(self.now) == 1 else 'split into'} {new}" if new else "is no rule any more"
        return f"{self.id} {what}, since {self.since}: {self.why}"


def make(source: dict[str, Any], path: str, line: int) -> Obsolete:
    """What a table says. Raises RuleError with file and line."""
    def fail(why: str) -> RuleError:
        return RuleError(f"obsolete: {why}", path, line)

    for key, value in source.items():
        if key not in KEYS:
            raise fail(f"unknown key {key!r:.100}{meant(key, KEYS)}")
        many = value if isinstance(value, list) and key == "now" else [value]
        if not all(isinstance(one, str) for one in many):
            raise fail(f"{key}: {'texts are' if key == 'now' else 'a text is'} wanted")
        if len(many) > MOST_EXAMPLES or any(len(one) > LONGEST_TEXT for one in many):
            raise fail(f"{key}: more than {MOST_EXAMPLES} texts, or one of more than {LONGEST_TEXT:,} characters")
    now = source.get("now", [])
    now = [now] if isinstance(now, str) else now
    for key in ("id", "since", "why"):
        if not source.get(key, "").strip():
            raise fail(f"the key {key!r} is missing")
    for name in (source["id"], *now):
        if why := id_flaw(name):
            raise fail(why)
    return Obsolete(source["id"], tuple(now), " ".join(source["since"].split()), " ".join(source["why"].split()),
                    path, line)


class Catalogue(tuple[Rule, ...]):
    """Rules in their order, and what became of ids that are no more."""

    obsolete: dict[str, Obsolete]

    def __new__(cls, rules: Iterable[Rule] = (), obsolete: Iterable[Obsolete] = ()) -> Catalogue:
        """Raises RuleError for an id that stands twice."""
        made = super().__new__(cls, rules)
        made.obsolete = {}
        for one in obsolete:
            if (other := made.obsolete.setdefault(one.id, one)) is not one:
                raise RuleError(f"obsolete: {one.id!r} stands in {other.path}:{other.line} already", one.path, one.line)
        return made

    def notes(self, wanted: Iterable[str]) -> list[str]:
        """What to tell users of ids, or prefixes of ids, that they name: which of them are no more, or soon; once each.

        A prefix that rules of today have says nothing of those of former days.
        """
        ids = {rule.id: rule for rule in self}
        out: dict[str, str] = {}
        for name in wanted:
            if name in self.obsolete:
                out[name] = self.obsolete[name].told(deprecated=name in ids)
            elif name in ids and ids[name].stage == "deprecated":
                out[name] = f"{name} is deprecated"
            elif name and not any(one.startswith(name) for one in ids):
                out |= {old: one.told() for old, one in self.obsolete.items() if old.startswith(name)}
        return list(out.values())
