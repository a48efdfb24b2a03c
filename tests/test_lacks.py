"""Each reason why something was not evaluated says whether anything helps, and what."""
from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import httplint
from httplint.engine.case import NO_HISTORY
from httplint.engine.history import FACTS
from httplint.model.evidence import LACKS, OTHERS, lack_of, needs_package

PACKAGE = Path(httplint.__file__).parent
RECORDED = re.compile(r"not captured|not known$|does not show|earlier|may leave out|nothing ties|no Date|older than")
"""Words of reasons that a capture, or what is asked of a server, would take away."""
OURS = {"the encoding of the XML is not known", "the coding * is not known"}
"""Reasons with these words that are about the messages themselves."""


def raised() -> set[str]:
    """What `NotEvaluated` is raised with: the constant parts of the text, and * between them."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "NotEvaluated":
                for one in ast.walk(node.args[0]):
                    if isinstance(one, ast.JoinedStr):
                        found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "*"
                                          for part in one.values))
                        break
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        found.add(one.value)
    return found


def test_each_fact_has_either_a_remedy_or_what_is_never_shown() -> None:
    for fact, lack in LACKS.items():
        assert bool(lack.remedy) is not bool(lack.unseen), fact
        assert lack_of(lack.reason) == lack


def test_what_helps_with_one_tool_alone_stands_in_brackets() -> None:
    """Whoever has cassettes exports no HAR: what they are to do comes first, and what it means to some behind it."""
    for lack in {*LACKS.values(), *OTHERS}:
        said = re.sub(r"\([^()]*\)", "", f"{lack.reason} {lack.remedy}")
        assert not re.search(r"HAR|browser|curl|newman|export|box", said), said


def test_what_can_be_recorded_says_how() -> None:
    reasons = raised()
    assert len(reasons) > 40
    for reason in reasons - OURS:
        if RECORDED.search(reason):
            lack = lack_of(reason)
            assert lack.remedy or lack.unseen, reason
            assert lack.reason == reason


def test_facts_of_the_history_say_what_to_ask() -> None:
    for fact in FACTS.values():
        assert not fact.lacking or lack_of(fact.lacking).remedy
    assert lack_of(NO_HISTORY).remedy


def test_no_row_is_for_nothing() -> None:
    said = {*raised(), *(lack.reason for lack in LACKS.values()), NO_HISTORY, "malformed Date",
            *(fact.lacking for fact in FACTS.values()), "the time was over before it was its turn"}
    for lack in OTHERS:
        assert any(reason.startswith(lack.reason) for reason in said), lack.reason


@pytest.mark.parametrize(("reason", "remedy"), [
    ("the capture may leave out set-cookie of the response", "record responses with all their fields"),
    ("the capture may leave out origin of the request", "record requests with all their fields"),
    (needs_package("the coding br", "brotli", "bodies"), "install the Python package brotli (extra bodies)"),
    ("malformed Cache-Control", "mend what is malformed"),
    ("the content is large", ""),
    ("something that a result from elsewhere says", ""),
])
def test_reasons_with_a_word_of_the_message_in_them(reason: str, remedy: str) -> None:
    assert lack_of(reason).reason == reason
    assert lack_of(reason).remedy.startswith(remedy)
    assert bool(lack_of(reason).remedy) is bool(remedy)
