"""The trace of a rule: each part of its conditions with its value, and what the rule comes to."""
from __future__ import annotations

from typing import Any

import pytest

from httplint import vocabulary
from httplint.engine.catalogue import make
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import Rule
from httplint.engine.trace import Step, trace
from httplint.grammar.registry.own import OwnNames
from httplint.model.evidence import ALL, BITS, REASONS, Evidence
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response


def rule(**keys: Any) -> Rule:
    source = {"id": "test.rule", "title": "a title", "level": "MUST", "spec": "RFC 9110 §1", "require": "1 == 2",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"], "good": ["x"]}
    return make({**source, **keys})


def steps(one: Rule, *exchanges: Exchange) -> list[Step]:
    """The steps on the last of some exchanges; none if the rule is not about it."""
    return {id(exchange): found for exchange, found in trace([one], exchanges)}.get(id(exchanges[-1]), [])


def shown(one: Rule, *exchanges: Exchange) -> list[tuple[int, str, str]]:
    """Depth, text and value of each step but the last."""
    return [(step.depth, step.text + (f"  with {step.name} = {step.item}" if step.name else ""), step.value)
            for step in steps(one, *exchanges)[:-1]]


def outcome(one: Rule, *exchanges: Exchange) -> tuple[str, str]:
    last = steps(one, *exchanges)[-1]
    assert last.text == one.id
    return last.outcome, last.value


def allow(value: str) -> Exchange:
    return Exchange(Response(200, headers=[("Allow", value)]), Request("GET", "http://a.example/", headers=[]))


def test_each_part_has_its_value_and_its_depth() -> None:
    one = rule(when="'Allow' in response", foreach="name in response['Allow']",
               require="name != 'PUT' and len(name) < 9", message="saw {name}")
    assert shown(one, allow("GET, PUT")) == [
        (0, "when 'Allow' in response", "True"),
        (0, "foreach response['Allow']", "GET, PUT"),
        (0, "require name != 'PUT' and len(name) < 9  with name = GET", "True"),
        (1, "name != 'PUT'", "True"), (1, "len(name) < 9", "True"), (2, "len(name)", "3"),
        (0, "require name != 'PUT' and len(name) < 9  with name = PUT", "False"),
        (1, "name != 'PUT'", "False"), (1, "len(name) < 9", "True"), (2, "len(name)", "3"),
    ]
    assert {step.outcome for step in steps(one, allow("GET, PUT"))[:-1]} == {""}
    assert outcome(one, allow("GET, PUT")) == ("violated", "saw PUT")
    assert outcome(one, allow("PUT, PUT")) == ("violated", "saw PUT; saw PUT")
    assert outcome(one, allow("GET")) == ("holds", "")


def test_parts_of_the_condition_and_of_the_loop_are_one_deep() -> None:
    one = rule(when="not (response.status == 404)", foreach="name in response['Cache-Control'].names",
               require="all(len(x) < 9 for x in ('a', 'b'))")
    exchange = Exchange(Response(200, headers=[("Cache-Control", "no-store")]))
    assert shown(one, exchange) == [
        (0, "when not (response.status == 404)", "True"),
        (1, "response.status == 404", "False"), (2, "response.status", "200"),
        (0, "foreach response['Cache-Control'].names", "no-store"),
        (1, "response['Cache-Control']", str(steps(one, exchange)[4].value)),
        (0, "require all(len(x) < 9 for x in ('a', 'b'))  with name = no-store", "True"),
    ], "nothing within a comprehension, whose name has no one value"


def test_what_has_no_value_says_why() -> None:
    length = rule(require="response['Content-Length'] < 7 and response.status == 200")
    assert shown(length, allow("GET")) == [
        (0, "require response['Content-Length'] < 7 and response.status == 200", "(content-length is not there)"),
        (1, "response['Content-Length'] < 7", "(content-length is not there)"),
        (2, "response['Content-Length']", "(content-length is not there)"),
        (1, "response.status == 200", "True"), (2, "response.status", "200")]
    assert outcome(length, allow("GET")) == ("does not apply", "content-length is not there")
    malformed = Exchange(Response(200, headers=[("Content-Length", "x")]))
    assert shown(length, malformed)[2] == (2, "response['Content-Length']",
                                           "(not evaluated: malformed Content-Length)")
    assert outcome(length, malformed) == ("not evaluated", "malformed Content-Length")
    looping = rule(foreach="name in response['Allow']", require="name == 'GET'")
    assert shown(looping, allow("@")) == [(0, "foreach response['Allow']", "(not evaluated: malformed Allow)")]
    part = rule(require="response['Content-Range'].complete < 1")
    star = Exchange(Response(206, headers=[("Content-Range", "bytes 0-1/*")]))
    assert outcome(part, star) == ("does not apply", "a part of a value is not there")


def test_a_condition_that_is_not_met_does_not_apply() -> None:
    assert outcome(rule(when="response.status == 404"), allow("GET")) == ("does not apply", "")


def test_a_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def has(message: object, name: str) -> bool:
        raise ZeroDivisionError("boom" * 1000)

    one = rule(require="has(response, 'A')")
    monkeypatch.setattr(vocabulary.get("has"), "call", has)
    assert shown(one, allow("GET")) == [(0, "require has(response, 'A')", "(ZeroDivisionError)")]
    assert outcome(one, allow("GET")) == ("failed", "ZeroDivisionError: " + "boom" * 50)


def test_without_evidence_there_is_the_reason_alone() -> None:
    found = steps(rule(require="len(response.content) == 1"), allow("GET"))
    assert [(step.outcome, step.value) for step in found] == [("not evaluated", REASONS["content"])]


def test_it_says_what_the_linter_says_where_request_fields_may_be_missing() -> None:
    one = rule(require="request['Range'].unit == 'x'")
    exchange = Exchange(Response(206), Request("GET", "/", headers=[]),
                        evidence=Evidence.of(ALL & ~BITS["request_fields"]))
    assert [told.reason for told in RuleLinter([one]).lint(exchange).not_evaluated] == [REASONS["request_fields"]]
    assert outcome(one, exchange) == ("not evaluated", REASONS["request_fields"])
    assert outcome(one, allow("GET")) == ("does not apply", "range is not there")


def test_exchanges_that_a_rule_is_not_about_are_left_out() -> None:
    one = rule(status=404, method="GET")
    assert outcome(one, Exchange(Response(404), Request("GET", "/"))) == ("violated", "a message")
    assert outcome(one, Exchange(Response(404))) == ("not evaluated", REASONS["request"])
    for other in (Exchange(Response(404), Request("PUT", "/")), Exchange(Response(200), Request("GET", "/"))):
        assert list(trace([one], [other])) == [(other, [])]


def test_earlier_exchanges_are_known_and_interim_responses_come_first() -> None:
    one = rule(require="len(succeeded) == 2")
    assert outcome(one, allow("GET")) == ("does not apply", "succeeded is not there")
    assert outcome(one, allow("GET"), allow("PUT")) == ("violated", "a message")
    exchange = Exchange(Response(200), Request("GET", "/"), [Response(103, headers=None)])
    found = steps(rule(require="response.status == 200"), exchange)
    assert [step.outcome for step in found if step.outcome] == ["violated", "holds"]


def test_names_of_a_project_hold() -> None:
    one = rule(require="registered_method(request.method)")
    exchange = Exchange(Response(200), Request("FROB", "/"))
    for names, expected in ((OwnNames(methods=["FROB"]), "holds"), (OwnNames(), "violated")):
        (_, found), = trace([one], [exchange], names)
        assert found[-1].outcome == expected


def test_values_are_shown_as_they_were_sent_and_items_by_their_parts() -> None:
    one = rule(foreach="challenge in response['WWW-Authenticate']", require="challenge.realm == 'b'")
    exchange = Exchange(Response(401, headers=[("WWW-Authenticate", 'Basic realm="a"')]), Request("GET", "/"))
    assert shown(one, exchange)[:2] == [
        (0, "foreach response['WWW-Authenticate']", 'Basic realm="a"'),
        (0, "require challenge.realm == 'b'  with challenge = scheme Basic, token68 nothing, parameters realm, a, "
            "quoted realm", "False")]
    broken = Exchange(Response(401, headers=[("WWW-Authenticate", 'Basic realm="a')]), Request("GET", "/"))
    assert shown(one, broken) == [
        (0, "foreach response['WWW-Authenticate']", "(not evaluated: malformed WWW-Authenticate)")]
