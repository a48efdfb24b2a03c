"""The rule language: what it refuses, what it infers, and how it is typed."""
from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.engine import catalogue
from httplint.engine.catalogue import make
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.engine.obsolete import Catalogue, Obsolete
from httplint.engine.rule import Rule
from httplint.model.evidence import BITS
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response


def rule(**keys: Any) -> Rule:
    source = {"id": "test.rule", "title": "a title", "level": "MUST", "spec": "RFC 9110 §1", "require": "1 == 1",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["< HTTP/1.1 200 OK"],
              "good": ["< HTTP/1.1 200 OK"]}
    return make({**source, **keys})


@pytest.mark.parametrize("text", [
    "__import__('os').system('id')", "response.__class__", "().__class__.__bases__", "request.fields.clear()",
    "(lambda: 1)()", "[x for x in response]", "f'{request}'", "'a' * 10**9", "open('/etc/passwd')",
    "response.fields.index", "(x := 1)", "any(any(y == 1 for y in response['Allow']) for x in response['Allow'])",
    "getattr(response, 'x')", "response[request]", "9**9**9", "1 if 1 else eval('1')", "print", "{}", "[1]", "1 == 1j",
    "response['Allow'][0] == 'GET'", "response.status.real == 1", "has(*response)", "has(**{})", "b'x' == b'x'",
    "response['Allow'].__len__() == 1", "any(x == 1 for x, y in response['Allow'])", "not ...", "await x",
    "any(__builtins__ == 1 for x in response['Allow'])", "any(x == '1' for _x in response['Allow'])",
    "any(case == '1' for case in (case,))", "known(response) == 1", "parsed(response, 'x') == 1", "show(1) == '1'",
    "all(x == '' for x in response['Allow'] for y in response['Allow'])", "1 == 1 #" + "x" * 5000,
    "(" * 300 + ")" * 300, "-" * 300 + "1 == 1", " or ".join(["1 == 1"] * 300), "", "1 == ", "1 == 1; 2",
    "response.status = 1", "\0",
    "any(x == '' for response in response['Allow'])", "True.__class__", "len == 1", "len()", "has(response)",
    "has(response, 'a', 'b')", "has(response, nome='a')", "has('a', response)", "has(response, 1)",
])
def test_refuses(text: str) -> None:
    with pytest.raises(RuleError):
        rule(require=text)


@pytest.mark.parametrize(("text", "why"), [
    ("response.status == '200'", "never equal"),
    ("response.status < 'a'", "no order"),
    ("response.statsu == 200", "did you mean 'status'"),
    ("respones.status == 200", "did you mean 'response'"),
    ("response.status", "must be true or false"),
    ("'Allow' in response or response.status", "true or false is wanted"),
    ("response['Content-Length'] == 'x'", "never equal"),
    ("response['ETag'].week", "no attribute 'week'; did you mean 'weak'"),
    ("response['ETag'].week", "? it has tag, weak, text: response['ETag'].week"),
    ("response['Allow'].name == 'GET'", "tuple of text has no attribute 'name'; it has none"),
    ("response['Server'].name == 'a'", "tuple of Product has no attribute 'name'; go through its items: any("),
    ("response['X-Powered-By'].lower == 'a'", "text has no attribute 'lower'; it has none"),
    ("'GET' in response.status", "not a collection"),
    ("1 in response['Allow']", "never in"),
    ("hass(response, 'x')", "did you mean 'has'"),
    ("all('Allow')", "write all("),
    ("any(x for x in response['Allow'])", "wants a condition"),
    ("response.status + 'a' == 1", "do not add"),
    ("response.status * 2 == 1", "only + and -"),
    ("(1, 'a') == (1, 'a')", "one type"),
    ("x in response", "Field-Name"),
    ("None + 1 == 1", "None has no use"),
    ("response is request", "only asks for None"),
    ("1 < response.status in (1, 2)", "does not chain"),
    ("len('a', 'b') == 1", "takes one value"),
    ("len(response.status) == 1", "not a collection"),
    ("response['Allow'] < 1", "have no order"),
    ("response.reason < 1", "have no order"),
    ("1 < 2 < 'a'", "have no order"),
    ("response[1] == ''", "write message['Field-Name']"),
    ("1 in response", "Field-Name"),
    ("1 in response.reason", "a number in text"),
    ("-response.reason == 1", "not a number"),
    ("+response.status == 1", "not a number"),
    ("None in response['Allow']", "None has no use"),
    ("('a' if 1 == 1 else 1) == 1", "either text or a number"),
    ("has(name='A')", "has lacks message"),
    ("has(response, 'A', 'B')", "has takes message, name"),
    ("has(response, nome='A')", "has takes message, name"),
    ("has(response, 1)", "name is a number, not text"),
    ("has(1 == 1, 'A')", "message is a truth value"),
    ("response.status['A'] == ''", "a number has no fields"),
    ("() == ()", "one type"),
    ("response.status is not 5", "only asks for None"),
    ("response.content == 'a'", "octets is never equal to text"),
    ("response['Allow'] == 'GET'", "tuple of text is never equal to text"),
    ("response.__doc__ == ''", "has no attribute"),
    ("needs_no_such_function(1)", "unknown function"),
    ("len(ranged_parts(response, 'a')) == 1", "ranged_parts"),
    ("request.uri.path.host == ''", "text has no attribute 'host'"),
    ("request.uri.hots == ''", "no attribute 'hots'; did you mean 'host'"),
    ("request.uri.real == ''", "no attribute 'real'"),
    ("request.uri.upper == ''", "no attribute 'upper'"),
    ("request.uri == 7", "text is never equal to a number"),
    ("request.uri", "a condition must be true or false, this is text"),
    ("any(TargetURI == '' for TargetURI in response['Allow'])", "is taken or reserved"),
])
def test_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(RuleError, match=re.escape(why)):
        rule(require=text)


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["response", "request", "['Allow']", ".status", "==", "in", "not", "(", ")", "any", "for", "x", "'a'", "1", "-",
     "if", "else", ".__class__", "None", ",", "and"]), max_size=12).map(" ".join))
def test_any_text_is_a_rule_or_a_rule_error(text: str) -> None:
    try:
        rule(require=text)
    except RuleError as error:
        assert error.why


@pytest.mark.parametrize("message", ["{response.status!r}", "{response.status:>5}", "{", "{}", "{response.x}",
                                     "{response.__class__}", "{response.status} {"])
def test_messages_hold_checked_expressions_only(message: str) -> None:
    with pytest.raises(RuleError):
        rule(message=message)


@pytest.mark.parametrize(("condition", "facts"), [
    ("'Allow' in response", {"response_fields"}),
    ("'Allow' not in response", set()),
    ("not ('Allow' in response)", set()),
    ("'Range' in request", {"request", "request_fields", "pair"}),
    ("'Range' not in request", {"request", "pair"}),
    ("request['Range'].unit == 'bytes'", {"request", "pair"}),
    ("request.method == 'GET'", {"request"}),
    ("request.version == '1.0'", {"request", "request_version"}),
    ("response.version == '1.0'", {"version"}),
    ("len(response.content) == 0", {"content", "octets"}),
    ("started > 0", {"time"}),
    ("response.size == 0", {"size"}),
    ("not response.interim", {"interim"}),
    ("'X' in response.trailers", {"trailers"}),
    ("response['Content-Length'] == 0", set()),
    ("has(response, 'ETag')", {"response_fields"}),
    ("not has(response, 'ETag')", set()),
    ("'A' not in response or 'B' in response", {"response_fields"}),
    ("('A' in response) == ('B' in response)", {"response_fields"}),
    ("request.target == ''", {"request", "target"}),
    ("request.uri == request.path or request.query == ''", {"request"}),
    ("request.content == response.content", {"request", "request_content", "content", "octets"}),
    ("len(request.irregularities) == 0", {"request", "wire"}),
    ("len(response.irregularities) == 0", {"wire"}),
    ("response.reason == ''", {"reason"}),
    ("response.status == 1 or 1 == 2", set()),
    ("len(earlier) == 0", {"interim"}),
    ("stored.status == 200", {"pair"}),
    ("variant.response.status == 200 or variant.request.method == 'GET'", {"pair"}),
    ("representation.contents.same", {"pair"}),
    ("len(succeeded) == 0", {"pair"}),
    ("len(allowed) == 0", {"pair"}),
    ("previous.response.status == 400 or previous.request.method == 'GET'", {"request_fields"}),
    ("previous.started < started", {"request_fields", "time"}),
    ("redirect.request.method == 'GET' or redirect.response.status == 1", set()),
    ("len(chain) == 0", set()),
    ("'A' in request.fields or 'A' in response.fields", {"request", "request_fields", "response_fields"}),
])
def test_needs_are_inferred(condition: str, facts: set[str]) -> None:
    needs = rule(require=condition).analysis.needs
    assert {fact for fact, bit in BITS.items() if needs & bit} == facts


def test_needs_of_when_have_the_other_sign() -> None:
    absent = rule(when="'A' not in response", require="response.status == 1")
    assert absent.analysis.absent_response == {"a"}
    assert rule(when="'A' in response", require="response.status == 1").analysis.absent_response == frozenset()


@pytest.mark.parametrize(("keys", "absent"), [
    ({"require": "'A' in response"}, {"a"}),
    ({"require": "'A' not in response"}, set()),
    ({"require": "not has(response, 'A')"}, set()),
    ({"require": "has(stored, 'A')"}, {"a"}),
    ({"when": "not has(response, 'A')"}, {"a"}),
    ({"when": "has(response, 'A')"}, set()),
    ({"when": "not (not has(response, 'A'))"}, set()),
    ({"when": "response.status == 1 or 'A' not in response"}, {"a"}),
    ({"require": "('A' in response) == (1 == 1)"}, {"a"}),
    ({"foreach": "name in ('ETag', 'Vary')", "require": "has(response, name)"}, {"etag", "vary"}),
    ({"foreach": "name in response['Vary']", "require": "has(response, name)"}, {"*"}),
    ({"require": "has(request, 'A')"}, set()),
    ({"require": "'A' in response.trailers"}, set()),
])
def test_absences_that_a_rule_takes_for_proof(keys: dict[str, str], absent: set[str]) -> None:
    assert rule(**{"require": "1 == 2", **keys}).analysis.absent_response == absent


def test_fields_of_which_one_must_be_there_are_the_function_s() -> None:
    assert "allow" in rule(foreach="line in list_lines(response)", require="line.sound").analysis.among
    for loop in ("line in list_lines(request)", "line in response['Allow']", "line in ('a', 'b')",
                 "line in judged(response, 'Allow')"):
        assert rule(foreach=loop, require="1 == 2").analysis.among == frozenset()


def test_places_stand_in_the_order_of_reading() -> None:
    one = rule(when="'C' in response", foreach="x in response['Allow']", require="has(response, 'D') or 'E' in request")
    assert one.analysis.places == (("response", "d"), ("request", "e"), ("response", "allow"), ("response", "c"))
    assert rule(require="'A' in stored or 'A' in response.trailers").analysis.places == ()


@pytest.mark.parametrize(("require", "reads"), [
    ("request['Range'].unit == 'x'", True), ("response['Allow'] == ('GET',)", False), ("request.method == ''", False),
])
def test_whether_a_request_field_is_read(require: str, reads: bool) -> None:
    assert rule(require=require).analysis.reads_request is reads


def test_no_more_than_a_hundred_findings_of_one_rule() -> None:
    one = rule(foreach="name in response['Vary']", require="name == ''", message="{name}")
    for number in (99, 100, 101, 500):
        response = Response(200, headers=[("Vary", ", ".join(f"n{name}" for name in range(number)))])
        found = RuleLinter([one]).lint(Exchange(response)).findings
        assert [finding.message for finding in found] == [f"n{name}" for name in range(min(number, 100))]


def test_expressions_and_messages_have_four_thousand_characters_at_most() -> None:
    most = "response.reason == '" + "a" * (4000 - 21) + "'"
    assert rule(require=f" {most} ", message="m" * 4000).message == "m" * 4000
    with pytest.raises(RuleError, match="more than 4,000"):
        rule(require=f"{most} ".replace("==", " =="))


@pytest.mark.parametrize(("keys", "guards"), [
    ({"require": "not ('A' in response)"}, {"a"}),
    ({"require": "not (not ('A' not in response))"}, {"a"}),
    ({"require": "1 == 2", "when": "not ('A' not in response)"}, {"a"}),
    ({"require": "(1 if response['Age'] == 0 else 2) == 1"}, {"age"}),
    ({"require": "(1 if 'A' in response else response['Age']) == 1"}, set()),
    ({"require": "any(x == 'GET' for x in response['Allow'])"}, {"allow"}),
    ({"require": "any(response['Age'] == 0 for x in response['Allow'])"}, {"allow"}),
    ({"require": "all(line.sound for line in judged(response, 'Allow'))"}, {"allow"}),
    ({"require": "1 == 2 or response['Age'] == 0"}, {"age"}),
    ({"require": "1 == 2", "when": "response['Age'] == 0 or 1 == 1"}, {"age"}),
    ({"require": "1 == 2", "when": "1 == 2 or response['Age'] == 0"}, set()),
    ({"require": "response['Age'] == 0 and 'A' not in response"}, {"age"}),
    ({"require": "'A' not in request"}, set()),
    ({"require": "'A' not in stored or 'B' not in response.trailers"}, set()),
    ({"require": "'A' in response"}, set()),
    ({"require": "'A' not in response"}, {"a"}),
    ({"require": "response['Content-Length'] == 0"}, {"content-length"}),
    ({"require": "'A' not in response or 'B' not in response"}, {"a", "b"}),
    ({"require": "'A' not in response and 'B' not in response"}, set()),
    ({"when": "'A' in response", "require": "'B' in response"}, {"a"}),
    ({"foreach": "x in response['Allow']", "require": "x == 'GET'"}, {"allow"}),
    ({"require": "response['Age'] == 0 or response['Content-Length'] == 0"}, {"age", "content-length"}),
    ({"require": "response['Age'] == 0 and response['Content-Length'] == 0"}, {"age"}),
])
def test_guards_are_inferred(keys: dict[str, str], guards: set[str]) -> None:
    assert rule(**keys).analysis.guards == guards


@pytest.mark.parametrize(("keys", "why"), [
    ({"levle": "MUST"}, "did you mean 'level'"),
    ({"level": "MAY"}, "level"),
    ({"confidence": "sure"}, "confidence"),
    ({"status": "40x"}, "status"),
    ({"status": 4000}, "status"),
    ({"status": True}, "status"),
    ({"id": "Allow missing"}, "topic.slug"),
    ({"good": "text"}, "good"),
    ({"bad": [1]}, "bad"),
    ({"bad": []}, "missing"),
    ({"foreach": "x of response"}, "foreach"),
    ({"foreach": "request in response['Allow']"}, "taken"),
    ({"foreach": "_x in response['Allow']"}, "reserved"),
    ({"foreach": "x in response.status"}, "collection"),
])
def test_keys_are_checked(keys: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleError, match=why):
        rule(**keys)


def test_errors_have_file_and_line(tmp_path: Path) -> None:
    def error(text: str) -> str:
        (tmp_path / "mine.toml").write_text(text, "utf-8")
        with pytest.raises(RuleError) as caught:
            catalogue.load(tmp_path)
        return str(caught.value)

    head = '# mine\n\n[[rule]]\nid = "my.rule"\ntitle = "t"\nlevel = "MUST"\nspec = "RFC 1 §1"\n'
    tail = 'message = "m"\nwhy = "W."\nfix = "F."\nbad = ["< HTTP/1.1 200"]\ngood = ["< HTTP/1.1 200"]\n'
    assert error(head + 'require = "response.sttaus == 1"\n' + tail).startswith("mine.toml:8: my.rule: ")
    assert error(head + 'require = "1 == 1"\nwhen = "evil()"\n' + tail).startswith("mine.toml:9: my.rule: ")
    assert error(head + 'require = "1 == 1"\n' + tail.replace("fix", "fxi")).startswith("mine.toml:11: my.rule: unknow")
    assert error("[[rule]\n").startswith("mine.toml:1: not TOML")
    assert error("rule = 3\n").startswith("mine.toml:1: ")
    assert error("language = 99\n").startswith("mine.toml:1: written for version 99")
    assert error('functions = "no-such-plugin"\n').startswith("mine.toml:1: no installed package")
    twice = head + 'require = "1 == 1"\n' + tail
    assert "is taken by mine.toml:3" in error(twice + twice)
    assert error("a = 1\n" * 2).startswith("mine.toml:")


LONG = "0x" + "f" * 3900


@pytest.mark.parametrize(("keys", "why"), [
    ({"foreach": "\uff52esponse in ('a', 'b')"}, "foreach: write"),
    ({"foreach": "True in ('a', 'b')"}, "foreach: write"),
    ({"foreach": "None in ('a', 'b')"}, "foreach: write"),
    ({"foreach": "lambda in ('a', 'b')"}, "foreach: write"),
    ({"foreach": "__debug__ in ('a', 'b')"}, "reserved"),
    ({"foreach": "a.b in ('a', 'b')"}, "foreach: write"),
    ({"foreach": "x in"}, "foreach: write"),
    ({"require": "\uff52esponse.status == 1"}, "ASCII"),
    ({"require": "response.\uff53tatus == 1"}, "ASCII"),
    ({"require": "any(\uff58 == 'a' for x in response['Allow'])"}, "ASCII"),
    ({"require": "has(response, \uff4eame='X')"}, "ASCII"),
    ({"require": f"response.status == {LONG}"}, "a number beyond"),
    ({"require": f"response.status == -{LONG}"}, "a number beyond"),
    ({"require": f"[{LONG}] == 1"}, "write a tuple"),
    ({"require": "response.status < 1e999"}, "a number beyond"),
    ({"require": "1 is None"}, "never None"),
    ({"require": "(1, 2) is not None"}, "never None"),
    ({"require": "'\\d' == response.reason"}, "escape"),
    ({"message": "{" + LONG + "}"}, "a number beyond"),
    ({"message": "{response.status}" * 150}, "more than 200 nodes"),
    ({"message": "x" * 4001}, "more than 4,000"),
    ({"title": "x" * 10_001}, "more than 10,000"),
    ({"bad": ["x" * 65_537]}, "more than 65,536"),
    ({"good": ["x"] * 101}, "more than 100"),
    ({"id": "a." + "b" * 100}, "more than 100"),
    ({"id": "internal.rule-failed"}, "the linter's own"),
    ({"status": [True]}, "codes"),
    ({"status": int("9" * 4000)}, "neither a code"),
    ({"title": " \n"}, "missing"),
    ({"x" * 100_000: 1}, "unknown key"),
])
def test_what_python_would_take_otherwise_is_refused(keys: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleError, match=why) as caught:
        rule(**keys)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", ["found", "met", "unknown", "said", "why", "holds", "case", "check", "match", "type"])
def test_a_loop_has_any_name_that_is_free(name: str) -> None:
    looping = rule(foreach=f"{name} in ('a', 'b')", require=f"{name} == 'a'", message=f"saw {{{name}}}")
    report = RuleLinter([looping]).lint(Exchange(Response(200)))
    assert [finding.message for finding in report.findings] == ["saw b"]


def test_an_expression_has_two_hundred_nodes_at_most() -> None:
    most = "not 1 == 2 or " + " or ".join(["1 == 1"] * 65)  # an or, a not, 66 comparisons of two numbers
    assert rule(require=most).analysis.needs == 0
    with pytest.raises(RuleError, match="more than 200 nodes"):
        rule(require=f"not {most.replace('or 1', 'or not 1', 1)}")


@pytest.mark.parametrize(("text", "why"), [
    ("not " * 900 + "True", "more than 200 nodes"),
    ("1 == " + "-" * 3_000 + "1", "more than 200 nodes"),
    ("1 == 1" + "+1" * 900, "more than 200 nodes"),
    ("1 == 1" + "**1" * 900, "more than 200 nodes"),
    ("a" + ".a" * 900, "more than 200 nodes"),
    ("a" + "()" * 900, "more than 200 nodes"),
    ("a" + "[0]" * 900, "more than 200 nodes"),
    ("True" + " if True else True" * 201, "more than 200 nodes"),
    ("lambda: " * 400 + "True", "more than 200 nodes"),
    ("'not' == 'a' # '\n and " + "not " * 900 + "True", "more than 200 nodes"),
    ("(" * 21 + "True" + ")" * 21, "brackets nested deeper than 20"),
    ("[" * 150 + "{" * 100, "brackets nested deeper than 20"),
    pytest.param("f'{" + "(" * 100 + ")" * 100 + "}'", "brackets nested deeper than 20",
                 marks=pytest.mark.skipif(sys.version_info < (3, 12), reason="such a string is one token there")),
])
def test_python_parses_nothing_that_is_nested_deeply(monkeypatch: pytest.MonkeyPatch, text: str, why: str) -> None:
    monkeypatch.setattr("ast.parse", pytest.fail)
    with pytest.raises(RuleError, match=why):
        rule(require=text)


@pytest.mark.parametrize("text", [
    "not " * 199 + "True", "1 == " + "-" * 197 + "1", "1 == 1" + " + 1" * 98, "True" + " if True else True" * 66,
    "'a' in (" + "'a-b.c(d)', " * 196 + ")", " or ".join(["'A' not in response"] * 99), "(" * 20 + "True" + ")" * 20,
    " or ".join(["(len(response.fields) > (0))"] * 39), " or ".join(["response['Allow'] is not None"] * 49),
    " or ".join(["any(x == 'a' for x in ('a', 'b') if x == 'b')"] * 19),
])
def test_no_condition_of_two_hundred_nodes_is_too_deep(text: str) -> None:
    assert rule(require=text).require == text


def test_a_field_without_a_grammar_is_text() -> None:
    one = rule(require="response['X-Of-Ours'] == 'a, b'")
    headers = [("x-of-ours", "a"), ("X-Of-Ours", "b")]
    assert RuleLinter([one]).lint(Exchange(Response(200, headers=headers))).held == ["test.rule"]


def test_one_loop_may_follow_another() -> None:
    one = rule(require="any(x == 'A' for x in response['Allow']) or any(x == 'B' for x in response['Allow'])")
    assert RuleLinter([one]).lint(Exchange(Response(200, headers=[("Allow", "B")]))).held == ["test.rule"]


def test_a_number_has_a_bound() -> None:
    assert rule(require=f"response.status < {10**18}").analysis.needs == 0
    with pytest.raises(RuleError, match="a number beyond"):
        rule(require=f"response.status < {10**18 + 1}")


@pytest.mark.parametrize(("require", "holds"), [
    ("-1 < response.status", True), ("-response.status < -200", False), ("response.status + 1 == 201", True),
    ("response.status - 1 == 199", True), ("response.status + 0.5 < 200.4", False), ("not response.status == 1", True),
])
def test_numbers_are_counted_with(require: str, holds: bool) -> None:
    report = RuleLinter([rule(require=require)]).lint(Exchange(Response(200)))
    assert (report.held == ["test.rule"], bool(report.findings)) == (holds, not holds)


def test_what_a_loop_takes_absence_for_is_asked_of_the_capture() -> None:
    looping = rule(foreach="line in trailer_lines(response)", require="line.announced")
    assert looping.analysis.absent_response == {"trailer"}
    assert looping.analysis.needs & BITS["response_fields"]


def test_a_finding_points_to_the_field_that_a_function_is_asked_about() -> None:
    found, = RuleLinter([rule(require="not has(request, 'Range')")]).lint(
        Exchange(Response(200), Request("GET", "/", headers=[("A", ""), ("Range", "")]))).findings
    assert str(found.location) == "request, field Range"


def test_texts_on_several_lines_are_read_as_one() -> None:
    folded = rule(title="a\n  title", why="Why\nnot.", message="no\n{response.status}")
    assert (folded.title, folded.why) == ("a title", "Why not.")


@pytest.mark.parametrize("text", [
    ".".join("a" * 2000) + "=1\n", f"[{'.'.join('a' * 2000)}]\n" + "".join(f"k{i}=1\n" for i in range(2000)),
    f"[[{'.'.join('a' * 21)}]]\n", f"x = {{{'.'.join('a' * 21)} = 1}}", "x=" + "[" * 50_000,
    "x = " + "9" * 5000, "x = \xff", "#" * (1 << 20) + "\n",
    "language = true", "language = 0x" + "f" * 5000, "language = [1]", "rule = [1]", f"{'x' * 9000} = 1",
])
def test_what_is_no_rule_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text, "latin-1")
    with pytest.raises(RuleError) as caught:
        catalogue.load(tmp_path)
    assert str(caught.value).startswith("mine.toml:")
    assert len(str(caught.value)) < 500


def test_dots_within_values_are_no_keys(tmp_path: Path) -> None:
    text = '[[rule]]\nid="my.rule"\ntitle="' + "a." * 50 + '"\nlevel="MUST"\nspec="x"\nrequire="1 == 1"\nmessage="m"\n'
    (tmp_path / "mine.toml").write_text(
        text + 'why="w"\nfix="f"\nbad=["< HTTP/1.1 200"]\ngood=["< HTTP/1.1 200"]\n', "utf-8")
    assert len(catalogue.load(tmp_path)) == 1


def test_a_pack_is_no_whole_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.toml").touch()
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert catalogue.load(tmp_path) == ()
    (tmp_path / "a" / "d").touch()
    monkeypatch.setattr(catalogue, "MOST_ENTRIES", 1)
    with pytest.raises(RuleError, match="at most"):
        catalogue.load(tmp_path)


def test_no_rule_takes_the_name_of_another() -> None:
    gone = Obsolete("test.rule", ("test.other",), "0.2", "Why.", "a.toml", 3)
    with pytest.raises(RuleError, match=r"a\.toml:3: obsolete: 'test\.rule' is the id of"):
        catalogue.combine(Catalogue([rule()]), Catalogue([rule(id="test.other")], [gone]))
    assert catalogue.combine(Catalogue([rule(stage="deprecated")]), Catalogue([], [gone]))[0].renamed == ()


@pytest.mark.parametrize("message", ["{request.method}", "{len(response.content)}", "{request['Host']}"])
def test_a_message_may_read_what_was_not_captured(message: str) -> None:
    report = RuleLinter([rule(require="response.status == 1", message=message)]).lint(Exchange(Response(200)))
    assert [(finding.rule_id, finding.message) for finding in report.findings] == [("test.rule", "a title")]


HOST, URI = [("Host", "A.example:8080")], "https://user@a.example/items/7?page=2#x"


@pytest.mark.parametrize(("condition", "request_", "expected"), [
    ("request.uri.host == 'a.example'", Request("GET", URI), True),
    ("request.uri.path == '/items/7'", Request("GET", URI), True),
    ("request.uri.query == 'page=2'", Request("GET", URI), True),
    ("request.uri.host == 'a.example' and request.uri.path == '/b'", Request("GET", "/b?", headers=HOST), True),
    ("request.uri.query == ''", Request("GET", "/b?", headers=HOST), True),
    ("request.uri.query == ''", Request("GET", "/b", headers=HOST), False),
    ("request.uri.query < 'z'", Request("GET", "/b", headers=HOST), None),
    ("request.uri.query is None", Request("GET", "/b", headers=HOST), True),
    ("request.uri.path == '/'", Request("GET", "http://a.example", headers=HOST), True),
    ("request.uri.path == '/'", Request("GET", "http://a.example?b"), True),
    ("request.uri.host == ''", Request("GET", "/b"), None),
    ("request.uri.host == 'a.example'", Request("OPTIONS", "*", headers=HOST), True),
    ("request.uri.path is None", Request("OPTIONS", "*", headers=HOST), True),
    ("request.uri.host == 'b.example' and request.uri.path is None", Request("CONNECT", "B.example:443"), True),
    ("request.uri.host == '[::1]'", Request("CONNECT", "[::1]:443"), True),
    ("request.uri.host == '[::1]'", Request("GET", "http://[::1]/"), True),
    ("request.uri == 'http://a.example:8080/b'", Request("GET", "/b", headers=HOST), True),
    ("'/b' in request.uri", Request("GET", "/b", headers=HOST), True),
    ("request.uri in ('http://a.example:8080/b', request.target)", Request("GET", "/b", headers=HOST), True),
    ("request.uri < 'i' and len(request.uri) == 23", Request("GET", "/b", headers=HOST), True),
    ("any(part == request.uri.host for part in ('a.example',))", Request("GET", "/b", headers=HOST), True),
])
def test_a_target_uri_is_text_with_parts(condition: str, request_: Request, expected: bool | None) -> None:
    one = Exchange(Response(200), request_)
    verdicts = [RuleLinter([rule(require=text)]).lint(one) for text in (condition, f"not ({condition})")]
    if expected is None:
        assert [(each.findings, each.held) for each in verdicts] == [([], []), ([], [])]
    else:
        assert [bool(each.findings) for each in verdicts] == [not expected, expected]
        assert [bool(each.held) for each in verdicts] == [expected, not expected]


def test_parts_of_a_target_uri_are_read_of_all_that_it_is_made_of() -> None:
    made = rule(require="request.uri.path == '/'")
    assert made.analysis.reads == {"request:target", "request:scheme", "request.host", "request.:authority"}
    assert made.analysis.needs & BITS["request"]
    assert rule(message="{request.uri.path}").analysis.functions == ()


@pytest.mark.parametrize(("text", "why"), [
    ("response.status == 200 && 'A' in response", "write 'and' at character 24: "),
    ("response.status == 200 & 1", "write 'and' at character 24: "),
    ("'Allow' in response || 1 == 1", "write 'or' at character 21: "),
    ("!('Allow' in response)", "write 'not' at character 1: "),
    ("response.status != 200 and !has(response, 'A')", "write 'not' at character 28: "),
    ("response['ETag'].weak == true", "true is not part of the rule language; write True at character 26: "),
    ("response['ETag'].weak === False", "write '==' at character 23: "),
    ("response.status !== 200", "write '!=' at character 17: "),
    ("response.status <> 200", "write '!=' at character 17: "),
    ("response.status = 200", "write '==' at character 17: "),
    ("response['ETag'] != null", "write None, with 'is None' or 'is not None' to ask for it, at character 21: "),
    ("response['Server'] =~ 'a'", "there are no regular expressions, at character 20: "),
    ("has(response, name='A') and 'x' = response['X-A']", "write '==' at character 33"),
    ("has(response, name='A') == = 1", "at character 28"),
    ("1 == 1 AND 2 == 2", "write 'and' at character 8: "),
    ("1 == 1 Or 2 == 2", "write 'or' at character 8: "),
    ("NOT 'Allow' in response", "write 'not' at character 1: "),
    ("1 == 1 ? 1 == 1 : 2 == 2", "write VALUE if CONDITION else OTHER at character 8: "),
    ("1 == 1\n  && 2 == 2", "write 'and' at line 2, character 3: '  && 2 == 2'"),
    ("'" + "x" * 200 + "' == 'x' && 1 == 1", "write 'and' at character 211: \"…xx"),
    ("'Allow' in response.", "at character 21: "),
    ("response['Allow'", "'[' was never closed"),
    ("response.status in [200, 204]", "write a tuple in place of […]: (200, 204)"),
    ("f'{1}' == 'a'", "without f"),
    ("Allow in response", "write the name of a field in quotes"),
    ("Allow == 'GET'", "the name of a field stands in quotes"),
    ("status == 200", "did you mean 'response.status'?"),
    ("method == 'GET'", "did you mean 'request.method'?"),
    ("response.headers['Allow'] == 'GET'", "write response['Field-Name']"),
    ("request.uri.host.endswith('.com')", "write 'part' in TEXT; for hosts and paths, the keys host = '*.example.com'"),
    ("response['X-A'].startswith('x')", "response['X-A'].startswith is no function; write begins(TEXT, 'start')"),
    ("response['X-A'].length == 3", "write len(VALUE)"),
    ("response['Content-Type'] == 'text/html'", "MediaType has type, subtype, parameters, boundary, charset, essence"),
    ("'no-store' in response['Cache-Control']", "CacheControl is not a collection; it has directives, names,"),
    ("response['Cache-Control'].max-age == 3", "did you mean 'max_age'? it has directives, "),
    ("response['X-Request-Id']", "'X-Request-Id' in response asks whether it is there"),
])
def test_what_is_written_as_in_other_languages_is_answered_with_the_right_word(text: str, why: str) -> None:
    with pytest.raises(RuleError) as told:
        rule(require=text)
    assert why in str(told.value)


@pytest.mark.parametrize("text", [
    "'a && b || !c == null' in response['X-A']", '"true ? AND" == response["X-A"]', "1 == 1 # && is 'no part",
    "any(null == 'GET' for null in response['Allow'])", "'it\\'s && ' == response['X-A']", "1 != 2 and 1 <= 2",
])
def test_texts_comments_and_own_names_are_of_no_other_language(text: str) -> None:
    rule(require=text)
    rule(require="true.sound", foreach="true in judged(response, 'Allow')")


@given(st.text("'\"&|!=?~;<>\\#\n ()[]truenl.a1é", max_size=40))
def test_whatever_is_written_is_answered_in_plain_words(text: str) -> None:
    try:
        rule(require=text)
    except RuleError as error:
        assert not re.search(r"Traceback|SyntaxError|:=|Perhaps you forgot|f-string", str(error)), error


@pytest.mark.parametrize(("keys", "why"), [
    ({"path": "items/*"}, "path: 'items/*': expected a path that begins with / or **, without query"),
    ({"path": "/items?page=1"}, "path: '/items?page=1': expected a path"),
    ({"path": ["/", "/a/**b"]}, "** stands for whole segments"),
    ({"path": "/items/{id"}, "path: '/items/{id': a brace lacks the other; write {id}, within one segment"),
    ({"path": "/items/{a/b}"}, "a brace lacks the other"),
    ({"when": " "}, "when: there is nothing in it; leave the key out"),
    ({"foreach": ""}, "foreach: there is nothing in it; leave the key out"),
    ({"host": "https://a.example"}, "host: 'https://a.example': expected a host such as shop.example"),
    ({"host": 7}, "host: a number does not fit here: a text or a list is wanted"),
    ({"good": "x"}, "good: a text does not fit here: a list is wanted, [...]"),
    ({"status": "404"}, "'404' is neither a code nor a class such as '4xx': write 404, \"4xx\" or [404, 410]"),
    ({"method": "get"}, "methods are case-sensitive: write 'GET'"),
    ({"version": "HTTP/1.1"}, "version: 'HTTP/1.1' is none of 1.0, 1.1, 2, 3"),
    ({"severity": "error"}, "unknown key 'severity'; the keys are id, title, level"),
    ({"message": "saw {}"}, "within braces stands what is to be shown"),
    ({"message": '{"a": 1}'}, "for a brace itself, write two"),
    ({"when": "request.hostname == 'a'"}, "write request.uri.host"),
    ({"require": "has('A', response)"}, "has(message, name): message is text, not Message"),
    ({"require": "int(response['X-A']) > 1"}, "unknown function int; httplint rules functions lists all"),
    ({"require": "response['Vary'] == ''"}, "VALUE in … asks for one of its items"),
    ({"require": "X-Request-Id in response"}, "or has(message, name): X-Request-Id in response"),
])
def test_what_goes_wrong_at_first_is_told_with_what_to_write(keys: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleError) as told:
        rule(**keys)
    assert why in str(told.value)


def test_a_method_of_ones_own_may_be_in_lower_case() -> None:
    assert rule(method=["frob", "GET"]).methods == {"frob", "GET"}


@pytest.mark.parametrize(("expression", "shown"), [
    ("response['Content-Type']", "Text/HTML; charset=utf-8"), ("response['Content-Type'].essence", "text/html"),
    ("response['Cache-Control']", "no-store, max-age=3"), ("response['Allow']", "GET, HEAD"),
    ("response['Set-Cookie']", "a=b; Path=/"), ("response['ETag'].weak", "True"), ("response['Age']", "7"),
    ("response['ETag']", "a title"),
])
def test_a_message_shows_what_was_sent_and_no_value_of_ours(expression: str, shown: str) -> None:
    fields = [("Content-Type", "Text/HTML; charset=utf-8"), ("Cache-Control", "no-store"),
              ("Cache-Control", "max-age=3"), ("Allow", "GET,HEAD"), ("Set-Cookie", "a=b; Path=/"), ("Age", "7")]
    if expression.endswith(".weak"):
        fields.append(("ETag", 'W/"a"'))
    one = rule(require="1 == 2", message=f"{{{expression}}}")
    finding, = RuleLinter([one]).lint(Exchange(Response(200, headers=fields))).findings
    assert finding.message == shown
