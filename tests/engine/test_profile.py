"""How long rules take, by a clock of which each look takes a second."""
from __future__ import annotations

from itertools import count

import pytest

from httplint.engine import profile
from httplint.engine.catalogue import make
from httplint.engine.linter import RuleLinter
from httplint.engine.profile import Profile
from httplint.engine.rule import Rule
from httplint.model.exchange import Exchange
from httplint.model.message import Response

HEADINGS = "  seconds  share       calls       each  rule"


def rules(number: int, **keys: object) -> list[Rule]:
    return [make({**keys, "id": f"test.rule-{one:02}", "title": "a title", "level": "MUST", "spec": "RFC 9110 §1",
                  "require": "response.status == 200", "message": "a message", "why": "Why.", "fix": "Fix.",
                  "bad": ["x"], "good": ["x"]}) for one in range(number)]


def told(measured: list[Rule], times: int) -> list[str]:
    linter = RuleLinter(measured)
    with Profile(linter) as running:
        for _ in range(times):
            linter.lint(Exchange(Response(200)))
    linter.lint(Exchange(Response(200)))                   # counts no more
    text = running.told()
    assert text.endswith("\n")
    return text.splitlines()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count()
    monkeypatch.setattr(profile, "perf_counter", lambda: float(next(seconds)))


def test_what_compiles_is_counted_apart() -> None:
    assert told(rules(2), 3) == [
        "2 rules took 6.000 s, and 2.000 s to be compiled; what several rules need counts for the first", HEADINGS,
        "   3.0000  50.0%           3  1000000.0 µs  test.rule-00",
        "   3.0000  50.0%           3  1000000.0 µs  test.rule-01"]


def test_what_took_no_time_has_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "perf_counter", lambda: 1.0)
    assert told(rules(1), 1)[2] == "   0.0000   0.0%           1     0.0 µs  test.rule-00"


@pytest.mark.parametrize(("number", "more"), [(40, None), (43, "   6.0000   7.0%" + " " * 25 + "3 more rules")])
def test_the_slowest_rules_are_told_apart(number: int, more: str | None) -> None:
    lines = told(rules(number), 2)
    assert lines[2].endswith("test.rule-00")
    assert lines[41].endswith("test.rule-39")
    assert lines[42:] == ([more] if more else [])


def test_rules_that_were_not_run_are_left_out() -> None:
    assert len(told([*rules(1), *rules(1, status=404)], 2)) == 3
