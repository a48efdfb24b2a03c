"""Interim responses under judgement: what came before them, and what is not known of them."""
from __future__ import annotations

from httplint.engine.catalogue import make
from httplint.engine.linter import RuleLinter
from httplint.model.evidence import REASONS
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response


def _linter(require: str) -> RuleLinter:
    return RuleLinter([make({
        "id": "test.rule", "title": "a flaw", "level": "MUST", "spec": "RFC 9110 §15.2", "require": require,
        "message": "{response.status}", "why": "Why.", "fix": "Fix.", "bad": ["< HTTP/1.1 200 OK"],
        "good": ["< HTTP/1.1 200 OK"]})])


def _exchange() -> Exchange:
    return Exchange(Response(200, content=b"ok"), Request("GET", "/"),
                    [Response(100, content=None), Response(103, content=None)])


def test_earlier_holds_the_interim_responses_before_the_judged_one() -> None:
    report = _linter("len(earlier) == 0 or any(one.status == 103 for one in earlier)").lint(_exchange())
    assert [finding.message for finding in report.findings] == ["103"]
    assert [str(finding.location) for finding in report.findings] == ["interim response, status"]


def test_earlier_is_not_known_where_the_capture_does_not_show_interim_responses() -> None:
    report = _linter("len(earlier) == 0").lint(Exchange(Response(200)))
    assert [one.reason for one in report.not_evaluated] == [REASONS["interim"]]


def test_the_content_of_an_interim_response_is_not_that_of_the_final_one() -> None:
    for require in ("response.size == 2", "len(response.content) == 2"):
        report = _linter(require).lint(_exchange())
        assert report.findings == []
        assert report.held == ["test.rule"]
        assert len(report.not_evaluated) == 1
