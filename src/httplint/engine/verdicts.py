"""What rules say of what they read, as it is remembered.

A verdict knows no exchange: it says which rules hold, which are not evaluated and why, and which have to be run on the
exchange at hand. These are the rules that found something, as a finding names its place and its values; those that
failed; and those that read more than is remembered.

Equal verdicts are one object, so that they are told apart at once. All memory is bounded by one number, and let go as a
whole: strange traffic makes values without end, and keeping the right ones would cost more than it saves.
"""
from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from httplint.engine.case import NO_HISTORY, Case
from httplint.engine.history import FACTS
from httplint.engine.judgement import Judgement
from httplint.engine.report import NotJudged
from httplint.engine.rule import Rule
from httplint.model.evidence import REASONS, Evidence, NotApplicable, NotEvaluated

REMEMBERED = 30_000
"""How many verdicts are remembered, in all."""
LONGEST = 512
"""Octets of a value beyond which nothing is remembered of it."""


class Verdict:
    """What some rules say. `met` and `spoke` are numbers of fieldwise rules, a bit each: those that hold of a field by
    itself, and those that have to be run.
    """

    __slots__ = ("held", "lacking", "met", "run", "spoke")

    def __init__(self, run: tuple[Judgement, ...], held: tuple[Rule, ...], lacking: tuple[NotJudged, ...],
                 met: int, spoke: int) -> None:
        self.run = run
        self.held = held
        self.lacking = lacking
        self.met = met
        self.spoke = spoke


class Mark:
    """Stands for all values of a field that no rule tells apart that remembers them."""

    __slots__ = ("verdict",)

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict


class Sayings:
    """Collects what rules say that is to be remembered."""

    __slots__ = ("held", "lacking", "run")

    def __init__(self) -> None:
        self.run: list[Judgement] = []
        self.held: list[Rule] = []
        self.lacking: list[NotJudged] = []

    def take(self, judged: Judgement, case: Case) -> None:
        """Runs a rule; one that finds something, or fails, has to be run each time."""
        try:
            outcome = judged.check(case)
        except NotApplicable:
            if judged.rule.analysis.undecided(case.exchange.evidence):
                self.lacking.append(NotJudged(judged.rule.id, REASONS["request_fields"]))
        except NotEvaluated as why:
            self.lacking.append(NotJudged(judged.rule.id, why.reason))
        except Exception:
            self.run.append(judged)
        else:
            if outcome is True:
                self.held.append(judged.rule)
            elif outcome:
                self.run.append(judged)


class Memory:
    """What is remembered, within its bound."""

    def __init__(self) -> None:
        self._kept = 0
        self._verdicts: dict[tuple[object, ...], Verdict] = {}
        self._marks: dict[Verdict, Mark] = {}

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return self._kept > REMEMBERED

    def keep(self, known: dict[Any, Any], key: object, one: object) -> None:
        """Remembers one thing more."""
        known[key] = one
        self._kept += 1

    def verdict(self, said: Sayings, met: int = 0, spoke: int = 0) -> Verdict:
        """The verdict of what was said."""
        key = tuple(said.run), tuple(said.held), tuple(said.lacking), met, spoke
        found = self._verdicts.get(key)
        if found is None:
            self._kept += 1
            found = self._verdicts[key] = Verdict(*key)
        return found

    def mark(self, verdict: Verdict) -> Mark:
        """The mark of values of which nothing matters but that verdict."""
        found = self._marks.get(verdict)
        if found is None:
            found = self._marks[verdict] = Mark(verdict)
        return found


class Awaiting(NamedTuple):
    """Rules that read the same fact of the history first, and what is said of them where there is none."""

    fact: str
    run: list[Judgement]
    lacking: tuple[NotJudged, ...]


class Outlook:
    """What is known of exchanges that are alike: the rules to be run, those that wait for a fact of the history, and
    what a report says of the others.
    """

    __slots__ = ("alone", "awaiting", "groups", "passes", "run")

    def __init__(self, verdicts: Iterable[Verdict], fieldwise: list[Judgement], evidence: Evidence) -> None:
        run: list[Judgement] = []
        self.passes: list[tuple[Rule, ...]] = []
        self.groups: list[tuple[NotJudged, ...]] = []
        met = spoke = 0
        for verdict in verdicts:
            if verdict.run:
                run += verdict.run
            if verdict.held:
                self.passes.append(verdict.held)
            if verdict.lacking:
                self.groups.append(verdict.lacking)
            met |= verdict.met
            spoke |= verdict.spoke
        run += _of(spoke, fieldwise)
        if met & ~spoke:
            self.passes.append(tuple([judged.rule for judged in _of(met & ~spoke, fieldwise)]))
        waits = [(_fact(judged.rule), judged) for judged in run]
        self.run = [judged for fact, judged in waits if fact is None]
        self.awaiting = [_awaiting(fact, [judged for first, judged in waits if first == fact], evidence)
                         for fact in sorted({fact for fact, _ in waits if fact is not None})]
        self.alone = tuple([NotJudged(judged.rule.id, NO_HISTORY) for one in self.awaiting for judged in one.run])
        """What is said of those that wait where no earlier exchanges were given."""


@lru_cache(None)
def _fact(rule: Rule) -> str | None:
    """The fact of the history that a rule reads before anything else: `check` reads facts first, in their order."""
    reads = rule.analysis.reads
    return None if "started" in reads else next((name for name in FACTS if name in reads), None)


def _awaiting(fact: str, run: list[Judgement], evidence: Evidence) -> Awaiting:
    reason = FACTS[fact].lacking
    return Awaiting(fact, run, tuple([
        NotJudged(judged.rule.id, reason or REASONS["request_fields"]) for judged in run
        if reason or judged.rule.analysis.undecided(evidence)]))


def _of(numbers: int, judgements: list[Judgement]) -> list[Judgement]:
    return [judged for number, judged in enumerate(judgements) if numbers >> number & 1] if numbers else []
