"""Findings: where they point, and what a report says of the rules."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from httplint.engine.catalogue import make
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Finding, Location, NotJudged, Report, Suppression, locate
from httplint.engine.rule import Rule
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response


def rule(name: str = "test.rule", order: int = 0, **keys: Any) -> Rule:
    source = {"id": name, "title": "a title", "level": "SHOULD NOT", "spec": "RFC 9110 §1", "require": "1 == 2",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"], "good": ["x"], "confidence": "low"}
    made = make({**source, **keys})
    return made.but(order, made.analysis, made.renamed)


FIELDS = [("a", "1"), ("ALLOW", "2"), ("Allow", "3"), ("allow", "4")]
TRAILERS = [("X", "1"), ("y", "2")]
READS_BOTH = "request['Range'].unit == 'x' or response['Allow'] == ('GET',)"


def where(require: str, item: object = None, headers: Any = FIELDS, trailers: Any = TRAILERS,
          request: Request | None = None) -> tuple[object, ...]:
    response = Response(200, headers=headers, trailers=trailers)
    exchange = Exchange(response, request, source=Source("a", 3, 4, 5, "/6"))
    place = locate(rule(require=require), exchange, response, item)
    assert (place.entry, place.line, place.column, place.pointer) == (3, 4, 5, "/6")
    return place.message, place.part, place.index, place.name, place.offset


def item(**attributes: object) -> object:
    return SimpleNamespace(**attributes)


NOWHERE = ("response", "status", None, None, None)


@pytest.mark.parametrize(("one", "expected"), [
    (item(line=0), ("response", "field", 0, "a", None)),
    (item(line=1, part="field", position=7), ("response", "field", 1, "ALLOW", 7)),
    (item(line=1, position="7"), ("response", "field", 1, "ALLOW", None)),
    (item(line=1, part="trailer", position=7), ("response", "trailer", 1, "y", None)),
    (item(line=None, part="trailer"), NOWHERE), (item(part="field"), NOWHERE), (item(line="1"), NOWHERE),
    (item(line=4), NOWHERE), (None, NOWHERE), ("a", NOWHERE),
])
def test_a_finding_points_to_the_line_of_its_item(one: object, expected: tuple[object, ...]) -> None:
    assert where("1 == 2", one) == expected


def test_an_item_of_a_section_that_is_not_there_points_to_the_message() -> None:
    assert where("1 == 2", item(line=1, part="trailer"), trailers=None)[:2] == ("response", "field")
    assert where("1 == 2", item(line=0), headers=None) == NOWHERE


def test_else_it_points_to_the_last_line_of_the_first_field_that_the_rule_reads() -> None:
    asked = Request("GET", "/", headers=[("x", ""), ("RANGE", "bytes=0-1"), ("range", "")])
    assert where(READS_BOTH, request=asked) == ("response", "field", 3, "allow", None), "the response is at fault"
    assert where(READS_BOTH, request=asked, headers=[]) == ("request", "field", 2, "range", None)
    assert where(READS_BOTH, request=asked, headers=None) == ("request", "field", 2, "range", None)
    for other in (None, Request("GET", "/", headers=None), Request("GET", "/", headers=[])):
        assert where(READS_BOTH, request=other, headers=[]) == NOWHERE


def test_without_a_field_it_points_to_the_content_or_the_status_code() -> None:
    assert where("len(response.content) == 1") == ("response", "content", None, None, None)
    assert where("response.status == 1") == NOWHERE


def test_places_are_told_in_words() -> None:
    assert str(Location("response", "field", 1, "Allow")) == "response, field Allow"
    assert repr(Location("request", "content")) == "<Location request, content>"
    place = Location("response", "status")
    assert (place.entry, place.line, place.column, place.pointer) == (None, None, None, None)


def test_a_finding_says_what_its_rule_says() -> None:
    one = rule()
    finding = Finding(one, "saw it", Location("response", "status"))
    assert (finding.level, finding.severity, finding.confidence, finding.spec, finding.fix) == (
        "SHOULD NOT", "warning", "low", "RFC 9110 §1", "Fix.")
    assert finding.values == ((0, 6),), "what is not known to be ours is the traffic's"
    assert Finding(one, "saw it", Location("response", "status"), ()).values == ()
    assert repr(finding) == "<Finding test.rule: …>"


def test_values_of_the_traffic_are_told_from_our_words() -> None:
    one = rule(require="'X' not in response", message="saw {response['X']} and {response.status}")
    finding, = RuleLinter([one]).lint(Exchange(Response(200, headers=[("X", "abc")]))).findings
    assert [finding.message[begin:end] for begin, end in finding.values] == ["abc", "200"]
    assert repr(finding) == "<Finding test.rule: saw abc and 200>"
    finding, = RuleLinter([one]).lint(Exchange(Response(200, headers=[("X", "a secret")]))).findings
    assert repr(finding) == "<Finding test.rule: saw … and 200>"


def test_a_rule_holds_if_no_response_violates_it() -> None:
    rules = [rule("test.b", 2), rule("test.a", 1, require="response.status != 103"),
             rule("test.c", require="1 == 1")]
    report = RuleLinter(rules).lint(Exchange(Response(200), Request("GET", "/"), [Response(103), Response(102)]))
    assert [finding.rule_id for finding in report.findings] == ["test.a", "test.b", "test.b", "test.b"]
    assert report.held == ["test.c"]
    report.suppressed = [(report.findings.pop(0), Suppression("waiver", "known"))]
    assert report.held == ["test.c"], "what is waived does not hold"
    assert repr(report) == "<Report <Exchange <Request 'GET' '/'> <Response 200>>: 3 findings>"


def test_rules_that_hold_stand_in_the_order_of_the_catalogue() -> None:
    rules = [rule(f"test.{name}", order, require="1 == 1") for name, order in (("b", 2), ("c", 0), ("a", 1))]
    assert RuleLinter(rules).lint(Exchange(Response(200))).held == ["test.c", "test.a", "test.b"]


def test_what_is_not_evaluated_is_told_once() -> None:
    report = Report(Exchange(Response(200)))
    report.groups = [(NotJudged("b", "x"), NotJudged("a", "y")), (NotJudged("b", "x"),), (NotJudged("a", "x"),)]
    assert report.not_evaluated == [("a", "x"), ("a", "y"), ("b", "x")]
