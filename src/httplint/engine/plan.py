"""Which rules a kind of exchange meets.

A kind is a status code, a method, a version and the evidence of the capture. Its plan holds the rules that can say
something about it, those that cannot do without some field under that field, so that an exchange meets only a few
dozen of them; and beside them the rules for which the evidence does not suffice.
"""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.report import NotJudged
from httplint.engine.rule import Rule
from httplint.model.evidence import Evidence

Kind = tuple[int, str | None, str | None, Evidence]
"""Status code, method, version of the response, evidence."""

_COMMON = ("content-type", "date", "content-length", "cache-control", "server", "connection", "vary")
"""Fields that most responses have: the last choice to look a rule up under."""


class Plan:
    """The rules for one kind of exchange.

    `always` are run on each, `by_field` only where the response has that field; `lacking` and `lacking_by_field` are
    the ones not evaluated, grouped alike.
    """

    __slots__ = ("always", "by_field", "lacking", "lacking_by_field")

    def __init__(self, rules: Iterable[Rule], kind: Kind) -> None:
        status, method, version, evidence = kind
        self.always: list[Rule] = []
        self.by_field: dict[str, list[Rule]] = {}
        lacking: list[NotJudged] = []
        lacking_by_field: dict[str, list[NotJudged]] = {}
        for rule in rules:
            if not rule.applies(status, method, version):
                continue
            guard = _guard(rule)
            reason = rule.lacks(evidence.bits, evidence.response_gaps, evidence.request_gaps)
            if reason is None:
                (self.by_field.setdefault(guard, []) if guard else self.always).append(rule)
            else:
                (lacking_by_field.setdefault(guard, []) if guard else lacking).append(NotJudged(rule.id, reason))
        self.lacking = tuple(lacking)
        self.lacking_by_field = {name: tuple(group) for name, group in lacking_by_field.items()}


def _guard(rule: Rule) -> str | None:
    """The field that a rule is looked up under: the rarest of those it cannot do without."""
    return min(rule.guards, key=lambda name: (name in _COMMON, name), default=None)


class Plans:
    """Plans by kind, made when a kind is first met; forgotten when strange traffic makes too many kinds."""

    LIMIT = 2000

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self._plans: dict[Kind, Plan] = {}

    def plan(self, kind: Kind) -> Plan:
        """The plan for one kind of exchange."""
        found = self._plans.get(kind)
        if found is None:
            if len(self._plans) >= self.LIMIT:
                self._plans.clear()
            found = self._plans[kind] = Plan(self.rules, kind)
        return found
