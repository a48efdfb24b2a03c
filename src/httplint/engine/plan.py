"""Which rules a kind of exchange meets.

A kind is a status code, a method, a version and the evidence of the capture. Its plan holds the rules that can say
something about it, those that cannot do without some field under that field, so that an exchange meets only a few
dozen of them; and beside them the rules for which the evidence does not suffice.
"""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.report import NotJudged
from httplint.engine.rule import Rule
from httplint.grammar import table
from httplint.model.evidence import Evidence

Guard = tuple[str, str] | None
"""("request" or "response", lower-case field name) without which a rule cannot fire."""

Candidate = tuple[Rule, Guard, str | None]
"""A rule, the field that it is looked up under, and why the evidence does not let it be evaluated."""

Kind = tuple[int, str | None, str | None, Evidence]
"""Status code, method, version of the response, evidence."""

_COMMON = ("cookie", "accept-language", "accept", "user-agent", "accept-encoding", "host",
           "accept-ranges", "etag", "last-modified", "vary", "connection", "cache-control", "server",
           "content-length", "content-type", "date")
"""Fields that most messages have, the most common last: the last choice to look a rule up under."""


class Group:
    """Rules that are looked up together, and those among them that the evidence does not suffice for.

    `alone` are rules whose verdict depends on nothing but the value of the field that they are looked up under: what
    they say of a value is remembered. Of values that seldom repeat it is not.
    """

    __slots__ = ("alone", "lacking", "rules")

    def __init__(self, candidates: Iterable[Candidate], name: str | None = None) -> None:
        candidates = list(candidates)
        known = table.FIELDS.get(name or "")
        if known is not None and known.volatile:
            name = None
        judging = [rule for rule, _, reason in candidates if reason is None]
        self.alone = [rule for rule in judging if name is not None and rule.alone == name]
        self.rules = [rule for rule in judging if name is None or rule.alone != name]
        self.lacking = tuple(NotJudged(rule.id, reason) for rule, _, reason in candidates if reason is not None)


class Plan:
    """The rules for one kind of exchange.

    `always` are run on each, `response` and `request` only where the response or the request has that field.
    """

    __slots__ = ("always", "request", "response")

    def __init__(self, candidates: Iterable[Candidate], kind: Kind) -> None:
        status, method, version, _ = kind
        always: list[Candidate] = []
        guarded: dict[str, dict[str, list[Candidate]]] = {"request": {}, "response": {}}
        for candidate in candidates:
            rule, guard, _ = candidate
            if rule.applies(status, method, version):
                group = guarded[guard[0]].setdefault(guard[1], []) if guard else always
                group.append(candidate)
        self.always = Group(always)
        self.request = {name: Group(group) for name, group in guarded["request"].items()}
        self.response = {name: Group(group, name) for name, group in guarded["response"].items()}


def _guard(rule: Rule) -> Guard:
    """The field that a rule is looked up under: the rarest of those it cannot do without."""
    guards = [("response", name) for name in rule.guards] + [("request", name) for name in rule.asked]
    return min(guards, key=lambda guard: (_COMMON.index(guard[1]) if guard[1] in _COMMON else -1, guard), default=None)


Verdicts = tuple[list[Rule], list[tuple[NotJudged, ...]]]
"""The rules that hold, and those not evaluated, as a report keeps them."""


class Plans:
    """Plans by kind, made when a kind is first met; forgotten when strange traffic makes too many kinds."""

    LIMIT = 2000

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = [(rule, _guard(rule)) for rule in rules]
        self._plans: dict[Kind, Plan] = {}
        self.verdicts: dict[tuple[Group, object], Verdicts] = {}
        """What the rules of a group that look at the value alone said of a value, if they had nothing against it."""
        self._candidates: dict[tuple[int, Evidence], list[Candidate]] = {}

    def plan(self, kind: Kind) -> Plan:
        """The plan for one kind of exchange."""
        found = self._plans.get(kind)
        if found is None:
            if len(self._plans) >= self.LIMIT:
                self._plans.clear()
                self.verdicts.clear()
                self._candidates.clear()
            found = self._plans[kind] = Plan(self._candidates_for(kind[0], kind[3]), kind)
        return found

    def _candidates_for(self, status: int, evidence: Evidence) -> list[Candidate]:
        """The rules for a status code with that evidence: what plans for its methods and versions share."""
        key = status, evidence
        found = self._candidates.get(key)
        if found is None:
            bits, response_gaps, request_gaps = evidence.bits, evidence.response_gaps, evidence.request_gaps
            # where request fields may be missing, a rule that wants one is run: it says itself that it cannot tell
            complete = evidence.knows("request_fields")
            found = self._candidates[key] = [
                (rule, guard if complete or guard is None or guard[0] == "response" else None,
                 rule.lacks(bits, response_gaps, request_gaps))
                for rule, guard in self.rules if rule.statuses is None or status in rule.statuses]
        return found
