"""How long rules take, measured only when asked for."""
from __future__ import annotations

from time import perf_counter
from types import TracebackType

from httplint.engine.judgement import Judgement, Outcome, judgement
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import Rule

SHOWN = 40
"""Rules that are told apart."""


class Profile:
    """Measures the rules of a linter while it is on: each check is wrapped in one that takes the time.

    What several rules need, such as a parsed field, is made once and kept: its time falls on the rule that came first.
    """

    def __init__(self, linter: RuleLinter) -> None:
        self._linter = linter
        self._meters: dict[Rule, Meter] = {}
        self._compiling = 0.0

    def __enter__(self) -> Profile:
        self._linter.judging(self._metered)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._linter.judging(judgement)

    def _metered(self, rule: Rule) -> Judgement:
        begun = perf_counter()
        ready = judgement(rule)
        self._compiling += perf_counter() - begun
        return Judgement(rule, self._meters.setdefault(rule, Meter(ready)), ready.entry)

    def told(self) -> str:
        """The times as text, the slowest rules first."""
        ran = sorted((meter for meter in self._meters.values() if meter.calls),
                     key=lambda meter: (-meter.seconds, meter.rule.id))
        total = sum(meter.seconds for meter in ran)
        lines = [f"{len(ran):,} rules took {total:.3f} s, and {self._compiling:.3f} s to be compiled; "
                 "what several rules need counts for the first",
                 f"{'seconds':>9}  {'share':>5}  {'calls':>10}  {'each':>9}  rule"]
        for meter in ran[:SHOWN]:
            share = meter.seconds / total if total else 0.0
            lines.append(f"{meter.seconds:9.4f}  {share:5.1%}  {meter.calls:10,}  "
                         f"{meter.seconds / meter.calls * 1e6:6.1f} µs  {meter.rule.id}")
        if len(ran) > SHOWN:
            rest = sum(meter.seconds for meter in ran[SHOWN:])
            lines.append(f"{rest:9.4f}  {rest / total if total else 0.0:5.1%}  {'':10}  {'':9}  "
                         f"{len(ran) - SHOWN:,} more rules")
        return "\n".join(lines) + "\n"


class Meter:
    """Stands in for the check of a rule, and takes its time."""

    def __init__(self, ready: Judgement) -> None:
        self.rule = ready.rule
        self.calls = 0
        self.seconds = 0.0
        self._check = ready.check

    def __call__(self, case: object) -> Outcome:
        begun = perf_counter()
        try:
            return self._check(case)
        finally:
            self.seconds += perf_counter() - begun
            self.calls += 1
