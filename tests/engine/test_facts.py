"""Facts of the history: a row and a method each; the language, cases, the list of functions and the README follow."""
from __future__ import annotations

import re
import types
import typing
from pathlib import Path

import pytest

from httplint.cli.main import run
from httplint.engine.case import NO_HISTORY, Case
from httplint.engine.catalogue import make
from httplint.engine.history import FACTS, Fact, History
from httplint.engine.language.types import ROOTS, bare, type_name
from httplint.model.evidence import BITS, NotApplicable, NotEvaluated, bits
from httplint.model.exchange import Exchange
from httplint.model.message import Response

README = Path(__file__).parents[2] / "rules" / "README.md"
NAMES = {"stored", "variant", "representation", "succeeded", "previous", "redirect", "chain", "allowed"}
EXCHANGE = Exchange(Response(200))


def rows(heading: str) -> set[str]:
    """The names in the first column of the table below a heading of the README."""
    part = README.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return {name for row in re.findall(r"(?m)^\| (.*?) \|", part) for name in re.findall(r"`([a-z]+)`", row)}


def test_every_fact_is_derived_by_a_method_of_its_name() -> None:
    assert set(FACTS) == NAMES
    for name, fact in FACTS.items():
        assert isinstance(getattr(History, name), types.FunctionType)
        assert fact.derive is getattr(History, name)
        assert set(fact.needs) <= set(BITS)
        assert type(None) in typing.get_args(fact.returns), "there may be none"
        assert fact.meaning.endswith(".")


def test_rules_read_facts_by_name_with_the_type_of_the_method() -> None:
    for name, fact in FACTS.items():
        assert ROOTS[name] == (bare(fact.returns), fact.needs)
        made = make({"id": "a.b", "title": "t", "level": "MUST", "spec": "s", "message": "m", "why": "w", "fix": "f",
                     "bad": ["x"], "good": ["x"], "require": f"{name} is not None"})
        assert made.analysis.needs & bits(*fact.needs) == bits(*fact.needs)


def test_a_case_gives_facts_and_says_why_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACTS, "seven", Fact(lambda *_: 7, (), ""))
    monkeypatch.setitem(FACTS, "none", Fact(lambda *_: None, (), ""))
    monkeypatch.setitem(FACTS, "missed", Fact(lambda *_: None, (), "none was seen"))
    case = Case(EXCHANGE, EXCHANGE.response, History())
    assert case.seven == 7
    with pytest.raises(NotApplicable, match="none"):
        _ = case.none
    with pytest.raises(NotEvaluated, match="none was seen"):
        _ = case.missed
    with pytest.raises(AttributeError):
        _ = case.eight
    with pytest.raises(NotEvaluated, match=NO_HISTORY):
        _ = Case(EXCHANGE, EXCHANGE.response).seven


def test_facts_are_listed_for_those_who_write_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows("The language") >= set(ROOTS) - {"request", "response"}
    assert run(["rules", "functions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, fact in FACTS.items():
        place = lines.index(f"  {name}: {type_name(fact.returns)}")
        assert lines[place + 1].strip() == fact.meaning
