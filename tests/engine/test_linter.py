"""The linter: evidence, outcomes, faults, plans."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from httplint import vocabulary
from httplint.engine import verdicts
from httplint.engine.catalogue import make
from httplint.engine.judgement import Judgement, Outcome, judgement
from httplint.engine.linter import RuleLinter, complete
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.engine.verdicts import LONGEST
from httplint.grammar.registry.own import OwnNames
from httplint.library import built_in_rules
from httplint.model.evidence import ALL, BITS, REASONS, Evidence, NotEvaluated
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response
from httplint.vocabulary.fields import SOUND


def rule(name: str = "test.rule", order: int = 0, **keys: Any) -> Rule:
    source = {"id": name, "title": "a title", "level": "MUST", "spec": "RFC 9110 §1", "require": "1 == 2",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"], "good": ["x"]}
    made = make({**source, **keys})
    return made.but(order, made.analysis, made.renamed)


def judge(one: Rule, exchange: Exchange) -> str:
    return said(RuleLinter([one]).lint(exchange))


def said(report: Report) -> str:
    if report.findings:
        return report.findings[0].message
    if report.not_evaluated:
        return f"not evaluated: {report.not_evaluated[0].reason}"
    return "holds" if report.held else "does not apply"


def answers(one: Rule, exchanges: Iterable[Exchange]) -> list[str]:
    """What one linter says of exchanges in a row."""
    return [said(report) for report in RuleLinter([one]).lint_all(exchanges)]


def test_status_method_and_version_choose() -> None:
    get = Request("GET", "/")
    assert judge(rule(status=404), Exchange(Response(404), get)) == "a message"
    assert judge(rule(status=404), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(status="4xx"), Exchange(Response(405), get)) == "a message"
    assert judge(rule(status=[1, "3xx"]), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(method="HEAD"), Exchange(Response(405), get)) == "does not apply"
    assert judge(rule(method=["GET", "HEAD"]), Exchange(Response(405), get)) == "a message"
    lower = Exchange(Response(405), Request("get", "/"))
    assert judge(rule(method="GET"), lower) == "does not apply", "methods are case-sensitive"
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
        raise ZeroDivisionError("boom" * 1000)

    broken = rule("test.broken", require="has(response, 'A')", confidence="low")
    monkeypatch.setattr(vocabulary.get("has"), "call", has)
    exchange = Exchange(Response(200), source=Source("a.har", 3))
    report = RuleLinter([broken, rule("test.sound")]).lint(exchange)
    assert "test.sound" in {finding.rule_id for finding in report.findings}
    internal, = (finding for finding in report.findings if finding.rule_id == "internal.rule-failed")
    assert internal.message == (
        "the rule test.broken failed on this exchange: ZeroDivisionError: " + "boom" * 50), "clipped"
    assert (str(internal.location), internal.location.entry) == ("response, status", 3)
    assert (internal.level, internal.severity, internal.spec) == ("advice", "info", "httplint")
    assert all((internal.rule.title, internal.rule.why, internal.fix))
    assert not isinstance(internal.rule, Rule), "nothing is judged by it"


def test_findings_stand_in_catalogue_order_whatever_the_order_of_fields() -> None:
    rules = [rule(f"test.{name.lower()}", number, require=f"'{name}' not in response")
             for number, name in enumerate(("B", "A", "C"))]
    for names in ("ABC", "CBA", "AB", "BA"):
        report = RuleLinter(rules).lint(Exchange(Response(200, headers=[(name, "") for name in names])))
        assert [finding.rule_id for finding in report.findings] == [
            name for name in ("test.b", "test.a", "test.c") if name[-1].upper() in names]


def test_findings_of_one_rule_stand_in_the_order_of_lines() -> None:
    one = rule(foreach="one in digest_fields(response)", require="one.line == 7")
    lines = [("Repr-Digest", "md5=:AAAA:"), ("Content-Digest", "md5=:AAAA:")]
    for headers in (lines, lines[::-1]):
        report = RuleLinter([one]).lint(Exchange(Response(200, headers=headers)))
        assert [(finding.location.index, finding.location.name) for finding in report.findings] == [
            (number, name) for number, (name, _) in enumerate(headers)]


def test_a_finding_without_a_line_stands_before_one_with_a_line() -> None:
    one = rule(require="'X' not in response and response.status != 103")
    exchange = Exchange(Response(200, headers=[("X", "")]), Request("GET", "/"), [Response(103)])
    report = RuleLinter([one]).lint(exchange)
    assert [str(finding.location) for finding in report.findings] == ["interim response, status", "response, field X"]


# --- what is remembered of values -----------------------------------------------------------------------------------

@pytest.mark.parametrize(("conditions", "values"), [
    ({"require": "response['Allow'] == ('GET',)"},
     {"GET": "holds", "PUT": "a message", "@": "not evaluated: malformed Allow"}),
    ({"when": "response['Allow'] != ('PUT',)", "require": "len(response.content) == 1"},
     {"GET": "a message", "PUT": "does not apply", "@": "not evaluated: malformed Allow"}),
    ({"when": "response['Content-Range'].complete < 9", "require": "len(response.content) == 0"},
     {"bytes 0-1/2": "holds", "bytes 0-1/*": "does not apply", "bytes 0-1/10": "does not apply"}),
])
def test_a_value_is_judged_alike_each_time(conditions: dict[str, str], values: dict[str, str]) -> None:
    one = rule(**conditions)
    name = "Allow" if "Allow" in str(conditions) else "Content-Range"
    twice = [value for value in values for _ in range(2)]
    for order in (twice, twice[::-1], [*values, *values]):
        exchanges = [Exchange(Response(206, headers=[("Date", ""), (name, value)], content=b""))
                     for value in order]
        assert answers(one, exchanges) == [values[value] for value in order]


def test_all_lines_of_a_field_count() -> None:
    one = rule(require="response['Allow'] == ('GET', 'PUT')")
    first, second = [("Allow", "GET"), ("Allow", "PUT")], [("Allow", "GET"), ("Allow", "HEAD")]
    assert answers(one, [Exchange(Response(200, headers=headers)) for headers in (first, second, first)]) == [
        "holds", "a message", "holds"]


def test_what_a_remembered_value_lets_apply_is_judged_anew() -> None:
    one = rule(when="'PUT' in response['Allow']", require="len(response.content) == 0")
    exchanges = [Exchange(Response(200, headers=[("Allow", "PUT")], content=content)) for content in (b"", b"x", b"")]
    assert answers(one, exchanges) == ["holds", "a message", "holds"]


@pytest.mark.parametrize(("lengths", "times"), [
    ((LONGEST,), 1), ((LONGEST + 1,), 2), ((LONGEST // 2, LONGEST // 2), 1), ((LONGEST // 2, LONGEST // 2 + 1), 2)])
def test_values_are_judged_once_up_to_a_length(lengths: tuple[int, ...], times: int,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    one = rule(foreach="line in judged(response, 'X')", require="line.sound")
    calls = []

    def judged(message: object, name: str) -> tuple[object, ...]:
        calls.append(name)
        return SOUND

    monkeypatch.setattr(vocabulary.get("judged"), "call", judged)
    exchange = Exchange(Response(200, headers=[("X", "a" * length) for length in lengths]))
    assert answers(one, [exchange, exchange]) == ["holds", "holds"]
    assert len(calls) == times


def counted(rules: list[Rule]) -> tuple[RuleLinter, list[str]]:
    """A linter, and the ids of the rules that it runs, as they come."""
    ran: list[str] = []

    def judge(rule: Rule) -> Judgement:
        ready = judgement(rule)

        def check(case: object) -> Outcome:
            ran.append(rule.id)
            return ready.check(case)

        return Judgement(rule, check, ready.entry)

    monitored = RuleLinter(rules)
    monitored.judging(judge)
    return monitored, ran


def test_no_more_is_remembered_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "REMEMBERED", 50)
    one, ran = counted([rule(require="response['Allow'] == ('GET',)")])

    def lint(length: int) -> None:
        assert said(one.lint(Exchange(Response(200, headers=[("Allow", "GET" + "," * length)])))) == "holds"

    for length in (0, 0, *range(1, 100), 0):
        lint(length)
    assert len(ran) == 101, "the first value was let go with all the others, and judged anew"


@pytest.mark.parametrize(("require", "times"), [
    ("'ETag' not in response", 4),                         # what it finds, it finds each time anew
    ("'ETag' in response", 1),
    ("'ETag' in response or 'Allow' in response['Vary']", 1),
    ("response['Vary'] == ('a',)", 1),
    ("response['Vary'] == ('a',) or response.status == 300", 1),
    ("response['ETag'].weak or 1 == 1", 3),                # a rule of others, about a field that we fold
    ("response['Vary'] == ('a',) or response['ETag'].weak", 3),
    ("response['Age'] == 1 or response['Vary'] == ('a',)", 3),
    ("len(response.content) == 1", 3),
    ("request.method == 'GET'", 1),
    ("len(request.path) == 1", 3),
    ("request['Accept-Encoding'] == request['Accept-Encoding']", 1),
    ("request['Range'].unit == 'x'", 3),                   # of values that seldom repeat nothing is kept
])
def test_a_rule_is_run_once_for_all_that_it_reads(require: str, times: int) -> None:
    one, ran = counted([rule(require=require)])
    for _ in range(3):
        one.lint(Exchange(Response(200, headers=[("ETag", '"a"'), ("Vary", "a"), ("Age", "1")], content=b"x"),
                          Request("GET", "/", headers=[("Accept-Encoding", "gzip"), ("Range", "x=1")])))
    assert len(ran) == times


def test_trailers_that_were_not_sent_are_told_from_those_that_are_not_known() -> None:
    one = rule(require="len(unmatched_labels(response, 'Signature', 'Signature-Input')) == 0")
    lines = [("Transfer-Encoding", "chunked"), ("Signature", "a=:YWJj:")]
    unknown, none = (Exchange(Response(200, headers=lines, trailers=trailers), evidence=Evidence.of(ALL))
                     for trailers in (None, []))
    assert answers(one, [unknown, none, unknown]) == [f"not evaluated: {REASONS['trailers']}", "a message",
                                                      f"not evaluated: {REASONS['trailers']}"]


@pytest.mark.parametrize(("require", "times"), [("response['Vary'] == ('a',)", 1), ("len(response.trailers) == 1", 3)])
def test_what_few_exchanges_have_is_looked_at_each_time(require: str, times: int) -> None:
    one, ran = counted([rule(require=require)])
    for _ in range(3):
        one.lint(Exchange(Response(200, headers=[("Vary", "a")], trailers=[("X", "b")])))
    assert len(ran) == times


def test_a_rule_that_does_not_apply_waits_for_no_earlier_exchange() -> None:
    one = rule(when="response['Age'] > 5", require="response.status == stored.status")
    young, old = (Exchange(Response(200, headers=[("Age", age)]), Request("GET", "https://a.example/", headers=[]))
                  for age in ("1", "9"))
    assert answers(one, [young]) == ["does not apply"]
    assert answers(one, [old]) == ["not evaluated: no earlier 200 (OK) to the same request was seen"]


def test_rules_of_ours_are_run_once_for_values_that_they_do_not_tell_apart() -> None:
    ours = [one for one in built_in_rules() if one.id in ("etag.malformed", "date.malformed", "etag.backslash")]
    linter, ran = counted(ours)
    for number in range(9):
        linter.lint(Exchange(Response(200, headers=[("ETag", f'"{number}"'),
                                                    ("Date", f"Sat, 29 Nov 2025 10:00:0{number} GMT")])))
    assert sorted(ran) == sorted(one.id for one in ours)


# --- which rules are run --------------------------------------------------------------------------------------------

def runs(one: Rule, exchange: Exchange) -> int:
    """How often a rule is run on an exchange."""
    calls: list[object] = []
    monitored = RuleLinter([one])
    monitored.judging(lambda rule: Judgement(rule, calls.append, bool))
    monitored.lint(exchange)
    return len(calls)


@pytest.mark.parametrize(("require", "names", "times"), [
    ("'A' not in response", "A", 1), ("'A' not in response", "B", 0),
    ("'A' not in request", "A", 1), ("'A' not in request", "B", 0),
    ("'A' not in request or 'B' not in response", "A B", 1),
    # the rarer field decides
    ("'Date' not in response or 'X' not in response", "Date", 0),
    ("'Date' not in request or 'X' not in response", "Date", 0),
    ("'Cookie' not in request or 'Range' not in request", "Cookie", 0),
])
def test_a_rule_is_run_where_the_fields_are_that_it_cannot_do_without(require: str, names: str, times: int) -> None:
    fields = [(name, "") for name in names.split()]
    exchange = Exchange(Response(200, headers=fields), Request("GET", "/", headers=fields))
    assert runs(rule(require=require), exchange) == times


# --- time -----------------------------------------------------------------------------------------------------------

def over_after(times: int) -> Callable[[], bool]:
    """A time that is over when it was asked for that many times."""
    asked = iter(range(100))
    return lambda: next(asked) >= times


@pytest.mark.parametrize("conditions", [
    {"require": "1 == 2"}, {"require": "'A' not in response"}, {"require": "'B' not in response"},
    {"when": "'A' in response", "require": "len(response.content) == 1"},
    {"require": "'Range' not in request"}, {"foreach": "line in list_lines(response)", "require": "line.part == ''"},
])
def test_what_the_time_did_not_reach_is_not_evaluated(conditions: dict[str, str]) -> None:
    exchange = Exchange(Response(200, headers=[("A", ""), ("B", ""), ("B", ""), ("Allow", "GET")], content=b""),
                        Request("GET", "/", headers=[("Range", "")]))
    one = RuleLinter([rule(**conditions)])
    for _ in range(2):                                     # whether its value was met before or not
        over, in_time = ([said(report) for report in one.lint_all([exchange], over_after(times))]
                         for times in (0, 1))
        assert over == ["not evaluated: the time was over before it was its turn"]
        assert in_time == ["a message"]


def test_the_time_is_asked_for_before_each_group() -> None:
    rules = [rule("test.a", require="'A' not in response"), rule("test.b", require="'B' not in response"),
             rule("test.c", when="'B' in response", require="len(response.content) == 1")]
    exchange = Exchange(Response(200, headers=[("A", ""), ("B", "")], content=b""))
    report, = RuleLinter(rules).lint_all([exchange], over_after(1))
    assert [finding.rule_id for finding in report.findings] == ["test.a"]
    assert [one.rule_id for one in report.not_evaluated] == ["test.b", "test.c"]


# --- what is handed over --------------------------------------------------------------------------------------------

def test_rules_among_fields_are_met_by_any_of_them_in_either_section() -> None:
    one = rule(foreach="line in list_lines(response)", require="line.sound")
    empty, sound, other = ("Allow", "GET,,PUT"), ("Allow", "GET"), ("X", "")

    def verdict(headers: list[tuple[str, str]], trailers: list[tuple[str, str]] | None) -> str:
        return judge(one, Exchange(Response(200, headers=headers, trailers=trailers)))

    assert verdict([other, empty], None) == "a message"
    assert verdict([other], [other, empty]) == "a message"
    assert verdict([sound], [empty]) == "a message"
    assert verdict([sound], [other]) == "holds"
    assert verdict([other], [sound]) == "holds"
    assert verdict([other], [other]) == "does not apply"
    assert verdict([other], None) == "does not apply"


def test_earlier_exchanges_are_remembered_in_a_row_only() -> None:
    one = rule(require="len(succeeded) == 2")
    first, second = (Exchange(Response(200), Request("GET", "http://a.example/", headers=[])) for _ in range(2))
    assert answers(one, [first, second]) == ["does not apply", "a message"]
    assert judge(one, second) == "not evaluated: no earlier exchanges were given"


def test_names_of_a_project_hold_for_its_linter() -> None:
    one = rule(require="registered_method(request.method)")
    exchange = Exchange(Response(200), Request("FROB", "/"))
    own, none = RuleLinter([one], OwnNames(methods=["FROB"])), RuleLinter([one])
    assert [said(each.lint(exchange)) for each in (own, none, own)] == ["holds", "a message", "holds"]


ASKED, ANSWERED = [("Range", "bytes=0-1")], [("Allow", "GET")]
READS_REQUEST, READS_RESPONSE = "request['Range'].unit == 'x'", "'Allow' in response and response.status == 1"


@pytest.mark.parametrize(("asked", "answered", "early", "verdicts"), [
    (ASKED, ANSWERED, ANSWERED, ("a message", "a message")),
    (None, ANSWERED, ANSWERED, ("not evaluated", "a message")),
    (ASKED, None, ANSWERED, ("a message", "not evaluated")),
    (ASKED, None, None, ("a message", "not evaluated")),
    (None, None, None, ("not evaluated", "not evaluated")),
])
def test_sections_that_were_not_captured_do_not_count_as_empty(asked: Any, answered: Any, early: Any,
                                                               verdicts: tuple[str, str]) -> None:
    for condition, verdict in zip((READS_REQUEST, READS_RESPONSE), verdicts, strict=True):
        exchange = Exchange(Response(206, headers=answered), Request("GET", "/", headers=asked),
                            [Response(103, headers=early)])
        report = RuleLinter([rule(require=condition, status=206)]).lint(exchange)
        assert said(report).startswith(verdict)
        assert report.exchange is exchange
        assert exchange.response.fields is None or answered is not None, "the exchange stays as it is"


def test_an_interim_response_without_fields_hides_nothing() -> None:
    one = rule(require="response['Allow'] == ('PUT',)")
    exchange = Exchange(Response(200, headers=ANSWERED), Request("GET", "/"),
                        [Response(103, headers=None), Response(103, headers=ANSWERED)])
    report = RuleLinter([one]).lint(exchange)
    assert [finding.location.message for finding in report.findings] == ["interim response", "response"]


def test_what_else_is_known_of_a_message_without_fields_is_kept() -> None:
    response = Response(200, headers=None)
    response.transfer_coded = b"x"
    one = rule(foreach="n in ('a',)", require="response.status == 1 or n == 'b'", message="{response.reason}")
    response.reason = "Fine"
    report = RuleLinter([one]).lint(Exchange(response))
    assert [finding.message for finding in report.findings] == ["Fine"]
    whole = complete(Exchange(response, started=3.0, source=Source("a", 1)))
    assert (whole.response.transfer_coded, whole.started, whole.source and whole.source.entry) == (b"x", 3.0, 1)


def test_what_is_complete_is_not_copied() -> None:
    for request in (None, Request("GET", "/"), Request("GET", "/", headers=[("A", "")])):
        for early in ([], [Response(103)]):
            exchange = Exchange(Response(200, headers=[("A", "")]), request, early)
            assert complete(exchange) is exchange


def test_what_does_not_apply_is_not_known_where_a_request_field_decides_it() -> None:
    star = Response(206, headers=[("Content-Range", "bytes 0-1/*")])
    dropping = Evidence.of(ALL & ~BITS["request_fields"])
    reads = rule(require="response['Content-Range'].complete < 1 or request['Range'].unit == 'x'")
    reads_none = rule(require="response['Content-Range'].complete < 1 or request.method == 'PUT'")
    request = Request("GET", "/", headers=ASKED)
    assert judge(reads, Exchange(star, request, evidence=dropping)) == f"not evaluated: {REASONS['request_fields']}"
    assert judge(reads, Exchange(star, request, evidence=Evidence.of(ALL))) == "does not apply"
    assert judge(reads_none, Exchange(star, request, evidence=dropping)) == "does not apply"


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
