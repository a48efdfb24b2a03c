"""What rules say of what they read, as it is remembered.

A verdict knows no exchange: it says which rules hold, which are not evaluated and why, and which have to be run on the
exchange at hand. These are the rules that found something, as a finding names its place and its values; those that
failed; and those that read more than is remembered.

Equal verdicts are one object, so that they are told apart at once. All memory is bounded by one number, and let go as a
whole: strange traffic makes values without end, and keeping the right ones would cost more than it saves.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

from httplint.engine.case import NO_HISTORY, Case
from httplint.engine.history import FACTS
from httplint.engine.judgement import KEPT, Judgement
from httplint.engine.plainly import says
from httplint.engine.report import NotJudged
from httplint.engine.rule import Rule
from httplint.model.evidence import REASONS, Evidence
from httplint.model.named import NamedTuple

REMEMBERED = 30_000
"""How many verdicts are remembered, in all."""
LONGEST = 512
"""Octets of a value beyond which nothing is remembered of it."""


class Awaiting(NamedTuple):
    """Rules that read the same fact of the history first, what is said of them where there is none, and where no
    earlier exchanges were given.
    """

    fact: str
    run: list[Judgement]
    lacking: tuple[NotJudged, ...]
    alone: tuple[NotJudged, ...]


class Outlook:
    """What is known of exchanges that are alike in something: the rules to be run, those to be run where the history
    knows something, those that hold, and those that are not evaluated. Of all that verdicts say, or of one verdict.
    """

    __slots__ = ("awaiting", "groups", "passes", "run")

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.run: list[Judgement] = []
        self.awaiting: list[Awaiting] = []
        self.groups: list[tuple[NotJudged, ...]] = []
        self.passes: list[tuple[Rule, ...]] = []
        for verdict in verdicts:
            self.passes += verdict.passes
            if not verdict.silent:
                self.run += verdict.run
                self.awaiting += verdict.awaiting
                self.groups += verdict.groups


class Verdict(Outlook):
    """What some rules say. `met` and `spoke` are numbers of fieldwise rules, a bit each: those that hold of a field by
    itself, and those that have to be run. `silent`: there is nothing to do.
    """

    __slots__ = ("met", "silent", "spoke")

    def __init__(self, run: tuple[Judgement, ...], waiting: tuple[tuple[str, Judgement], ...], held: tuple[Rule, ...],
                 lacking: tuple[NotJudged, ...], met: int, spoke: int, evidence: Evidence) -> None:
        self.run = list(run)
        self.awaiting = [_awaiting(fact, [judged for first, judged in waiting if first == fact], evidence)
                         for fact in sorted({fact for fact, _ in waiting})]
        self.passes = [held] if held else []
        self.groups = [lacking] if lacking else []
        self.met = met
        self.spoke = spoke
        self.silent: bool = not (run or waiting or lacking)


@lru_cache(KEPT)
def _fact(rule: Rule) -> str | None:
    """The fact of the history that a rule reads before anything else: `check` reads facts first, in their order."""
    reads = rule.analysis.reads
    return None if "started" in reads else next((name for name in FACTS if name in reads), None)


def _awaiting(fact: str, run: list[Judgement], evidence: Evidence) -> Awaiting:
    reason = FACTS[fact].lacking
    return Awaiting(fact, run, tuple([
        NotJudged(judged.rule.id, reason or REASONS["request_fields"]) for judged in run
        if reason or judged.rule.analysis.undecided(evidence)]),
        tuple([NotJudged(judged.rule.id, NO_HISTORY) for judged in run]))


class Mark:
    """Stands for all values of a field that no rule tells apart that remembers them."""

    __slots__ = ("verdict",)

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict


class Sayings:
    """Collects what rules say that is to be remembered."""

    __slots__ = ("held", "lacking", "run", "waiting")

    def __init__(self) -> None:
        self.run: list[Judgement] = []
        self.waiting: list[tuple[str, Judgement]] = []
        """Rules to be run where the history knows a fact."""
        self.held: list[Rule] = []
        self.lacking: list[NotJudged] = []

    def take(self, judged: Judgement, case: Case) -> None:
        """Runs a rule; one that finds something, or fails, has to be run each time."""
        said = says(judged, case)
        if said is True:
            self.held.append(judged.rule)
        elif isinstance(said, NotJudged):
            self.lacking.append(said)
        elif said:
            self.run.append(judged)

    def leave(self, judged: Judgement, entered: bool) -> None:
        """Takes a rule that has to be run each time; `entered`: the beginning of its condition has let it go on."""
        fact = _fact(judged.rule)
        if fact is None or (judged.rule.analysis.entry is not None and not entered):
            self.run.append(judged)                        # whether it does not apply comes before any fact
        else:
            self.waiting.append((fact, judged))


class Memory:
    """What is remembered, within its bound."""

    def __init__(self) -> None:
        self._kept = 0
        self._verdicts: dict[tuple[object, ...], Verdict] = {}

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return self._kept > REMEMBERED

    def keep(self, known: dict[Any, Any], key: object, one: object) -> None:
        """Remembers one thing more."""
        known[key] = one
        self._kept += 1

    def verdict(self, said: Sayings, evidence: Evidence, met: int = 0, spoke: int = 0) -> Verdict:
        """The verdict of what was said."""
        key = tuple(said.run), tuple(said.waiting), tuple(said.held), tuple(said.lacking), met, spoke, evidence
        found = self._verdicts.get(key)
        if found is None:
            self._kept += 1
            found = self._verdicts[key] = Verdict(*key)
        return found
