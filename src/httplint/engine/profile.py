"""How long rules take, measured only when asked for."""
from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from types import TracebackType

from httplint.engine.rule import Outcome, Rule

SHOWN = 40
"""Rules that are told apart."""


class Profile:
    """Measures rules while it is on: each rule's check is replaced by one that takes the time.

    What several rules need, such as a parsed field, is made once and kept: its time falls on the rule that came first.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._meters = [Meter(rule) for rule in rules]

    def __enter__(self) -> Profile:
        for meter in self._meters:
            meter.rule.check = meter
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        for meter in self._meters:
            meter.rule.check = meter.check

    def told(self) -> str:
        """The times as text, the slowest rules first."""
        ran = sorted((meter for meter in self._meters if meter.calls),
                     key=lambda meter: (-meter.seconds, meter.rule.id))
        total = sum(meter.seconds for meter in ran)
        compiling = sum(meter.compiling for meter in ran)
        lines = [f"{len(ran):,} rules took {total:.3f} s, and {compiling:.3f} s to be compiled; "
                 "what several rules need counts for the first",
                 f"{'seconds':>9}  {'share':>5}  {'calls':>10}  {'each':>9}  rule"]
        for meter in ran[:SHOWN]:
            share = meter.seconds / total if total else 0.0
            lines.append(f"{meter.seconds:9.4f}  {share:5.1%}  {meter.calls:10,}  "
                         f"{meter.seconds / max(meter.timed, 1) * 1e6:6.1f} µs  {meter.rule.id}")
        if len(ran) > SHOWN:
            rest = sum(meter.seconds for meter in ran[SHOWN:])
            lines.append(f"{rest:9.4f}  {rest / total if total else 0.0:5.1%}  {'':10}  {'':9}  "
                         f"{len(ran) - SHOWN:,} more rules")
        return "\n".join(lines) + "\n"


class Meter:
    """Stands in for the check of a rule, and takes its time. The first call, which compiles, is counted apart."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.check = rule.check
        self.calls = 0
        self.timed = 0
        self.seconds = 0.0
        self.compiling = 0.0
        self._compiled = rule.check.__name__ != "_compile"

    def __call__(self, case: object) -> Outcome:
        begun = perf_counter()
        try:
            return self.check(case)
        finally:
            took = perf_counter() - begun
            self.calls += 1
            if self._compiled:
                self.timed += 1
                self.seconds += took
            else:                                          # the rule has put what it compiled in its own place
                self.compiling += took
                self._compiled = True
                self.check, self.rule.check = self.rule.check, self
