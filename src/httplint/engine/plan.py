"""Which rules a kind of exchange meets.

A kind is a status code, a method, a version and the evidence of the capture. Its plan holds the rules that can say
something about it, those that cannot do without some field under that field, so that an exchange meets only a few dozen
of them; and beside them the rules for which the evidence does not suffice.

A plan saves time, and never changes what is found: it leaves out what would not apply. So:

* A rule is looked up under a field only if it says nothing without that field, which the analysis of its condition
  proves (a guard). Where request fields may be missing, a rule that reads one is run nevertheless: it has to say that
  it cannot tell.
* A verdict is remembered by the value of a field only for rules that read nothing else of the message, and only where
  they found nothing: a finding names its place. A function that may be asked by such a rule says so itself (`alone`).
* Whatever is kept is bounded and let go as a whole when it is too much: strange traffic makes kinds and values without
  end, and keeping the right ones would cost more than it saves.
"""
from __future__ import annotations

from collections.abc import Iterable

from httplint.engine.judgement import Judge, Judgement
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


class Series:
    """Rules that are run one after the other; made ready for it when the first response needs them."""

    __slots__ = ("_judge", "_ready", "rules")

    def __init__(self, rules: list[Rule], judge: Judge) -> None:
        self.rules = rules
        self._judge = judge
        self._ready: list[Judgement] | None = None

    @property
    def judgements(self) -> list[Judgement]:
        """The rules, ready to be run."""
        if self._ready is None:
            self._ready = list(map(self._judge, self.rules))
        return self._ready


class Batch:
    """Rules that are looked up together, and those among them that the evidence does not suffice for.

    `alone` are rules whose verdict depends on nothing but the value of the field that they are looked up under, and
    `gated` those of which that decides whether they apply: what they say of a value is remembered. Of values that
    seldom repeat it is not. `others` are the rest.
    """

    __slots__ = ("alone", "by_value", "gated", "lacking", "others")

    def __init__(self, candidates: Iterable[Candidate], judge: Judge, name: str | None = None) -> None:
        candidates = list(candidates)
        known = table.FIELDS.get(name or "")
        if known is not None and known.volatile:
            name = None
        judging = [rule for rule, _, reason in candidates if reason is None]
        self.alone = Series([rule for rule in judging if name is not None and rule.analysis.alone == name], judge)
        self.gated = Series([rule for rule in judging if name is not None and rule.analysis.gate == name], judge)
        self.others = Series([rule for rule in judging if name is None
                              or name not in (rule.analysis.alone, rule.analysis.gate)], judge)
        self.by_value = bool(self.alone.rules or self.gated.rules)
        self.lacking = tuple(NotJudged(rule.id, reason) for rule, _, reason in candidates if reason is not None)


class Plan:
    """The rules for one kind of exchange, in batches.

    `always` are run on each, `response` and `request` only where the response or the request has that field, `among`
    where the response has one of some fields. `base` is the plan of the rules that hold for every method and version;
    its batches are shared.
    """

    __slots__ = ("always", "among", "request", "response")

    def __init__(self, candidates: Iterable[Candidate], judge: Judge, base: Plan | None = None) -> None:
        always: list[Candidate] = []
        guarded: dict[str, dict[str, list[Candidate]]] = {"request": {}, "response": {}}
        among: dict[frozenset[str], list[Candidate]] = {}
        for candidate in candidates:
            rule, guard, _ = candidate
            if guard is None and rule.analysis.among:
                group = among.setdefault(rule.analysis.among, [])
            else:
                group = guarded[guard[0]].setdefault(guard[1], []) if guard else always
            group.append(candidate)
        self.always: tuple[Batch, ...] = (*(base.always if base else ()), *([Batch(always, judge)] if always else ()))
        self.among: list[tuple[frozenset[str], Batch]] = [
            *(base.among if base else ()), *((names, Batch(group, judge)) for names, group in among.items())]
        self.request: dict[str, tuple[Batch, ...]] = dict(base.request) if base else {}
        self.response: dict[str, tuple[Batch, ...]] = dict(base.response) if base else {}
        for name, group in guarded["request"].items():
            self.request[name] = (*self.request.get(name, ()), Batch(group, judge))
        for name, group in guarded["response"].items():
            self.response[name] = (*self.response.get(name, ()), Batch(group, judge, name))


def _guard(rule: Rule, asked: bool = True) -> Guard:
    """The field that a rule is looked up under: the rarest that it cannot do without; `asked`: of the request, too."""
    guards = [("response", name) for name in rule.analysis.guards]
    guards += [("request", name) for name in rule.analysis.asked if asked]
    return min(guards, key=lambda guard: (_COMMON.index(guard[1]) if guard[1] in _COMMON else -1, guard), default=None)


Verdicts = tuple[list[tuple[Rule, ...]], list[tuple[NotJudged, ...]], list[Judgement]]
"""The rules that hold and those not evaluated, as a report keeps them; and the gated rules that apply."""


class Plans:
    """Plans by kind, made when a kind is first met; forgotten when strange traffic makes too many kinds."""

    LIMIT = 2000

    def __init__(self, rules: Iterable[Rule], judge: Judge) -> None:
        self._judge = judge
        self.rules = [(rule, _guard(rule), _guard(rule, asked=False)) for rule in rules]
        self._plans: dict[Kind, Plan] = {}
        self.verdicts: dict[tuple[Batch, object], Verdicts] = {}
        """What the rules of a batch that look at a value alone said of it, if they had nothing against it."""
        self._bases: dict[tuple[int, Evidence], tuple[Plan, list[Candidate]]] = {}
        self._candidates: dict[Evidence, list[Candidate]] = {}

    def plan(self, kind: Kind) -> Plan:
        """The plan for one kind of exchange."""
        found = self._plans.get(kind)
        if found is None:
            if len(self._plans) >= self.LIMIT:
                for kept in (self._plans, self.verdicts, self._bases, self._candidates):
                    kept.clear()
            status, method, version, evidence = kind
            base, narrow = self._base(status, evidence)
            mine = [candidate for candidate in narrow if candidate[0].applies(method, version)]
            found = self._plans[kind] = Plan(mine, self._judge, base) if mine else base
        return found

    def _base(self, status: int, evidence: Evidence) -> tuple[Plan, list[Candidate]]:
        """What plans for a status code with that evidence share: a plan, and the rules for some methods or versions."""
        key = status, evidence
        found = self._bases.get(key)
        if found is None:
            wide: list[Candidate] = []
            narrow: list[Candidate] = []
            for candidate in self._by_evidence(evidence):
                rule = candidate[0]
                if rule.about(status):
                    (wide if rule.methods is rule.versions is None else narrow).append(candidate)
            found = self._bases[key] = Plan(wide, self._judge), narrow
        return found

    def _by_evidence(self, evidence: Evidence) -> list[Candidate]:
        """All rules, with what that evidence lacks for them."""
        found = self._candidates.get(evidence)
        if found is None:
            bits, response_gaps, request_gaps = evidence.bits, evidence.response_gaps, evidence.request_gaps
            # where request fields may be missing, a rule that wants one is run: it says itself that it cannot tell
            complete = evidence.knows("request_fields")
            found = self._candidates[evidence] = [
                (rule, guard if complete else answered, rule.analysis.lacks(bits, response_gaps, request_gaps))
                for rule, guard, answered in self.rules]
        return found
