"""The linter: evidence, outcomes, faults, plans."""
from __future__ import annotations

from typing import Any

import pytest

from httplint.engine import functions
from httplint.engine.catalogue import make
from httplint.engine.linter import RuleLinter
from httplint.engine.plan import Plans
from httplint.engine.rule import Rule
from httplint.model.evidence import ALL, BITS, REASONS, Evidence, NotEvaluated
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response


def rule(name: str = "test.rule", **keys: Any) -> Rule:
    source = {"id": name, "title": "a title", "level": "MUST", "spec": "RFC 9110 §1", "require": "1 == 2",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"], "good": ["x"]}
    return make({**source, **keys})


def judge(one: Rule, exchange: Exchange) -> str:
    report = RuleLinter([one]).lint(exchange)
    if report.findings:
        return report.findings[0].message
    if report.not_evaluated:
        return f"not evaluated: {report.not_evaluated[0].reason}"
    return "holds" if report.held else "does not apply"


def test_status_method_and_version_choose() -> None:
    get = Request("GET", "/")
    assert judge(rule(status=404), Exchange(Response(404), get)) == "a message"
    assert judge(rule(status=404), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(status="4xx"), Exchange(Response(405), get)) == "a message"
    assert judge(rule(status=[1, "3xx"]), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(method="HEAD"), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(method=["GET", "HEAD"]), Exchange(Response(405), get)) == "a message"
    assert judge(rule(method="get"), Exchange(Response(405), get)) == "does not apply", "methods are case-sensitive"
    assert judge(rule(version="2"), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(version=["1.0", "1.1"]), Exchange(Response(405), get)) == "a message"


def test_without_evidence_a_rule_is_not_evaluated() -> None:
    assert judge(rule(method="GET"), Exchange(Response(200))) == "not evaluated: the request was not captured"
    assert judge(rule(version="2"), Exchange(Response(200, version=None))) == (
        "not evaluated: the HTTP version of the response is not known")
    assert judge(rule(require="len(response.content) == 1"), Exchange(Response(200))).startswith(
        "not evaluated: the con")
    assert judge(rule(require="len(response.content) == 1"), Exchange(Response(200, content=b""))) == "a message"


def test_the_absence_of_a_field_that_the_capture_may_drop_proves_nothing() -> None:
    dropping = Evidence.of(ALL, frozenset({"vary"}))
    response = Response(200, headers=[("A", "1")])
    absent = rule(require="'Vary' in response")
    assert judge(absent, Exchange(response, evidence=dropping)) == (
        "not evaluated: the capture may leave out vary of the response")
    assert judge(absent, Exchange(response, evidence=Evidence.of(ALL))) == "a message"
    present = rule(require="'A' not in response")
    assert judge(present, Exchange(response, evidence=dropping)) == "a message", "presence is proof"
    some = rule(foreach="name in ('ETag', 'Vary')", require="has(response, name)")
    assert judge(some, Exchange(response, evidence=dropping)).startswith("not evaluated")
    any_name = rule(require="has(response, response['A'])")
    assert judge(any_name, Exchange(response, evidence=dropping)).startswith("not evaluated")


def test_a_malformed_value_is_not_evaluated_and_an_absent_one_does_not_apply() -> None:
    positive = rule(require="response['Content-Length'] == 7")
    assert judge(positive, Exchange(Response(200))) == "does not apply"
    assert judge(positive, Exchange(Response(200, headers=[("Content-Length", "x")]))) == (
        "not evaluated: malformed Content-Length")
    assert judge(positive, Exchange(Response(200, headers=[("Content-Length", "7")]))) == "holds"
    assert judge(positive, Exchange(Response(200, headers=[("Content-Length", "8")]))) == "a message"


def test_a_missing_part_does_not_apply_unless_asked_for() -> None:
    star = Exchange(Response(206, headers=[("Content-Range", "bytes 0-1/*")]))
    assert judge(rule(require="response['Content-Range'].complete < 1"), star) == "does not apply"
    assert judge(rule(require="response['Content-Range'].complete is not None"), star) == "a message"


def test_an_absent_request_field_is_not_evaluated_where_the_capture_may_drop_it() -> None:
    one = rule(require="request['Range'].unit == 'bytes'")
    request = Request("GET", "/", headers=[])
    assert judge(one, Exchange(Response(206), request)) == "does not apply"
    assert judge(one, Exchange(Response(206), Request("GET", "/"))).startswith("not evaluated")
    dropping = Evidence.of(ALL & ~BITS["request_fields"])
    assert judge(one, Exchange(Response(206), request, evidence=dropping)) == (
        "not evaluated: the capture may leave out request fields")


def test_interim_responses_are_judged_as_responses() -> None:
    one = rule(status="1xx", require="'Content-Length' not in response")
    exchange = Exchange(Response(200), Request("GET", "/"), [Response(103, headers=[("Content-Length", "0")])])
    report = RuleLinter([one]).lint(exchange)
    assert [(finding.location.message, finding.location.name) for finding in report.findings] == [
        ("interim response", "Content-Length")]


def test_a_fault_in_a_rule_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def has(message: object, name: str) -> bool:
        raise ZeroDivisionError("boom")

    broken = rule("test.broken", require="has(response, 'A')", confidence="low")
    monkeypatch.setattr(functions.get("has"), "call", has)
    report = RuleLinter([broken, rule("test.sound")]).lint(Exchange(Response(200)))
    assert "test.sound" in {finding.rule_id for finding in report.findings}
    internal, = (finding for finding in report.findings if finding.rule_id == "internal.rule-failed")
    assert "test.broken" in internal.message
    assert "boom" in internal.message


def test_findings_stand_in_catalogue_order_whatever_the_order_of_fields() -> None:
    rules = [rule(f"test.{name.lower()}", require=f"'{name}' not in response") for name in ("B", "A", "C")]
    for number, one in enumerate(rules):
        one.order = number
    for headers in ([("A", ""), ("B", ""), ("C", "")], [("C", ""), ("B", ""), ("A", "")]):
        report = RuleLinter(rules).lint(Exchange(Response(200, headers=headers)))
        assert [finding.rule_id for finding in report.findings] == ["test.b", "test.a", "test.c"]


def test_plans_are_bounded() -> None:
    plans = Plans([rule()])
    for number in range(3 * Plans.LIMIT):
        plans.plan((200, f"METHOD{number}", "1.1", Evidence.of(ALL)))
    assert len(plans._plans) <= Plans.LIMIT


def test_messages_are_clipped_and_escaped_and_never_hide_a_finding() -> None:
    long = rule(message="{response['X']}", require="'X' not in response")
    assert judge(long, Exchange(Response(200, headers=[("X", "a" * 1000)]))) == "a" * 80 + "…"
    assert judge(long, Exchange(Response(200, headers=[("X", "\x1b[1m\u202e")]))) == r"\x1b[1m\u202e"
    unsayable = rule(message="{response['Content-Length']}", require="'X' not in response")
    assert judge(unsayable, Exchange(Response(200, headers=[("X", "")]))) == "a title"


def test_every_fact_has_a_reason_and_a_bit_of_its_own() -> None:
    assert len(set(BITS.values())) == len(REASONS)
    assert sum(BITS.values()) == ALL


def test_not_evaluated_keeps_its_reason() -> None:
    assert NotEvaluated("because").reason == "because"


def test_a_loop_reports_each_failure() -> None:
    one = rule(foreach="name in response['Vary']", require="name != 'x'", message="{name} in Vary")
    report = RuleLinter([one]).lint(Exchange(Response(200, headers=[("Vary", "x, y, x")])))
    assert [finding.message for finding in report.findings] == ["x in Vary", "x in Vary"]
    assert judge(one, Exchange(Response(200, headers=[("Vary", "y")]))) == "holds"
    assert judge(one, Exchange(Response(200, headers=[("Vary", "")]))) == "does not apply"


def test_an_item_that_cannot_be_judged_hides_nothing() -> None:
    one = rule(foreach="name in response['Vary']", message="{name}",
               require="name == 'a' or response['Content-Length'] == 7 or name == 'b'")
    headers = [("Vary", "a, b, c"), ("Content-Length", "8")]
    assert judge(one, Exchange(Response(200, headers=headers))) == "c"
    absent = rule(foreach="name in response['Vary']", message="{name}",
                  require="name != 'b' and (name == 'a' or response['Content-Length'] == 7)")
    report = RuleLinter([absent]).lint(Exchange(Response(200, headers=[("Vary", "c, b, a")])))
    assert [finding.message for finding in report.findings] == ["b"]
    broken = [("Vary", "c, b"), ("Content-Length", "x")]
    report = RuleLinter([absent]).lint(Exchange(Response(200, headers=broken)))
    assert [finding.message for finding in report.findings] == ["b"]
    assert judge(absent, Exchange(Response(200, headers=[("Vary", "c"), ("Content-Length", "x")]))) == (
        "not evaluated: malformed Content-Length")
