from __future__ import annotations

import pytest

from httplint import Exchange, Linter
from httplint.grammar.dates import http_date
from httplint.grammar.registry.own import OwnNames
from httplint.grammar.uri import uri_reference
from httplint.library import built_in_rules
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.dates import date_error
from httplint.vocabulary.fields import SHOWN, SOUND, FieldLine, judged, judged_others
from httplint.vocabulary.names import end_to_end, misspelt, obsolete, only_in_responses, request_only
from httplint.vocabulary.references import hostless, references
from httplint.vocabulary.repetitions import repeated_members, repetition, repetitions
from httplint.vocabulary.trailers import came_as_trailer, malformed_trailers, permitted_in_trailers, trailer_lines
from httplint.vocabulary.values import bad_whitespace, list_lines, needless_backslashes, wide_whitespace


def response(*headers: tuple[str, str], trailers: list[tuple[str, str]] | None = None) -> Response:
    return Response(200, headers=list(headers), trailers=trailers)


def test_a_malformed_value_is_found_where_it_is() -> None:
    (line,) = judged(response(("X", "y"), ("Date", "Tue, 1 Jul 2025 12:00:00 GMT")), "Date")
    assert (line.name, line.line, line.sound, line.position, line.octet) == ("Date", 1, False, 6, 7)
    assert (line.expected, line.hint) == ("a digit", "; the day of the month has two digits")


@pytest.mark.parametrize(("headers", "expected"), [
    ([], ()),
    ([("Allow", "")], SOUND),
    ([("Allow", "GET"), ("allow", "PUT, HEAD")], SOUND),
    ([("ETag", '"a"'), ("ETag", '"b"')], SOUND),           # a conflict, and no flaw of either line
])
def test_what_is_not_malformed(headers: list[tuple[str, str]], expected: tuple[FieldLine, ...]) -> None:
    for name in ("Allow", "ETag"):
        assert judged(response(*headers), name) in (expected, ())
    assert judged_others(response(*headers)) == SOUND


def test_the_line_of_a_list_and_of_a_repeated_singleton() -> None:
    (line,) = judged(response(("Vary", "a"), ("Vary", "b;c")), "vary")
    assert (line.line, line.value) == (1, "b;c")
    (line,) = judged(response(("ETag", '"a"'), ("ETag", "b")), "etag")
    assert (line.line, line.value) == (1, "b")


def test_of_a_long_value_the_part_with_the_flaw_is_shown() -> None:
    (line,) = judged(response(("Vary", "a, " * 100 + "b;" + " c" * 100)), "Vary")
    assert line.position == 301
    assert len(line.value) == SHOWN + 1
    assert "b;" in line.value


def test_a_line_of_the_request_is_no_place_in_the_response() -> None:
    (line,) = judged(Request("POST", "/", headers=[("Content-Length", "x")]), "Content-Length")
    assert line.line is None


def test_fields_with_a_rule_of_their_own_are_left_to_it() -> None:
    rules = {rule.id: rule for rule in built_in_rules()}
    own = {f"{rule.malformed}.malformed" for rule in rules.values() if rule.malformed}
    assert own == {one for one in rules if one.endswith(".malformed")} - {"field.malformed", "trailer.malformed"}
    others = rules["field.malformed"].analysis.among
    assert {"server", "via", "schedule-tag"} <= others
    assert not others & {"pragma", "date", "set-cookie"}
    headers = ("Date", "0"), ("Server", "a,b"), ("Via", "x")
    assert sorted(line.name for line in judged_others(response(*headers))) == ["Date", "Server", "Via"]
    found = Linter(select=["field.malformed"]).lint(Exchange(response(*headers))).findings
    assert [finding.message.split(":")[0] for finding in found] == ["malformed Server", "malformed Via"]


def test_nothing_is_judged_without_fields() -> None:
    with pytest.raises(NotEvaluated):
        judged(Response(200, headers=None), "Date")


@pytest.mark.parametrize(("name", "value", "position"), [
    ("Vary", "a,,b", 2), ("Vary", "a, b,", 5), ("Vary", ",a", 0), ("Cache-Control", "a=1, ,b", 5), ("Vary", ",", 0),
])
def test_empty_members(name: str, value: str, position: int) -> None:
    (line,) = list_lines(response(("X", ""), (name, value)))
    assert (line.name, line.line, line.sound) == (name, 1, False)
    assert line.position == position


@pytest.mark.parametrize(("name", "value"), [
    ("Vary", ""), ("Vary", "a, b"), ("WWW-Authenticate", 'A b=",,"'), ("X-Odd", "a,,b"), ("Server", "a (x,,y)"),
    ("Set-Cookie", "a=b,,"), ("Date", "Tue,, 01"), ("Cache-Status", "a,,b"),
])
def test_no_empty_members(name: str, value: str) -> None:
    assert list_lines(response((name, value))) == SOUND


def test_repetitions() -> None:
    same, different = repetitions(response(("Age", "1"), ("Vary", "a"), ("ETag", '"a"'), ("age", "1 "), ("Vary", "a"),
                                           ("ETag", '"b"'), ("Set-Cookie", "a=b"), ("Set-Cookie", "a=b"),
                                           ("X-Odd", "a"), ("X-Odd", "a"), ("X-Request-Id", "a"),
                                           ("X-Request-Id", "a"), ("Content-Length", "1"), ("Content-Length", "1")))
    assert (same.name, same.line, same.times, same.values, same.same) == ("Age", 3, 2, ("1", "1"), True)
    assert (different.name, different.line, different.same) == ("ETag", 5, False)
    assert repetitions(response(("Age", "1"), ("ETag", '"a"'))) == ()


def test_repetition_of_one_field() -> None:
    assert repetition(response(("Content-Length", "1")), "Content-Length") == ()
    (one,) = repetition(response(("Content-Length", "1"), ("content-length", "2")), "Content-Length")
    assert (one.times, one.same) == (2, False)


def test_fields_of_requests() -> None:
    found = request_only(response(("User-Agent", "x"), ("Host", "a"), ("Pragma", "no-cache"), ("Accept", "*/*"),
                                  ("Priority", "u=1"), ("X-Odd", "a"), ("Proxy-Connection", "close"),
                                  ("Client-Cert", ":YQ==:"), ("Early-Data", "1")))
    assert [(line.name, line.line) for line in found] == [("Host", 1), ("User-Agent", 0)]


def test_trailers_by_their_grammar() -> None:
    found = malformed_trailers(response(("ETag", "a"), trailers=[
        ("x", "\0"), ("ETag", "a"), ("Server-Timing", "a:b"), ("Date", "x"), ("Server-Timing", "c\0:"),
        ("etag", '"b"')]))
    assert [(line.name, line.line, line.part, line.octet) for line in found] == [
        ("ETag", 1, "trailer", 1), ("Server-Timing", 2, "trailer", 2)]
    assert malformed_trailers(response(("ETag", "a"))) == malformed_trailers(response(trailers=[])) == SOUND


def test_what_holds_in_any_section_holds_for_trailers() -> None:
    there = response(("Vary", "A,,B"), ("ETag", "1"), ("ETag", "2"),
                     trailers=[("Accept-Ranges", "a,,b"), ("ETag", "3"), ("ETag", "4"), ("ETag", "4")])
    assert {(line.name, line.part, line.line) for line in list_lines(there)} == {
        ("Vary", "field", 0), ("Accept-Ranges", "trailer", 0)}
    assert [(one.name, one.part, one.line, one.times) for one in repetitions(there)] == [
        ("ETag", "field", 2, 2), ("ETag", "trailer", 3, 3)]


def test_rules_of_list_fields_meet_trailers_without_such_a_field_in_the_header_section() -> None:
    exchange = Exchange(response(("Server", "x"), trailers=[("Accept-Ranges", "a,,b")]))
    finding, = Linter(select="field.empty-member").lint(exchange).findings
    assert (finding.location.part, finding.location.index, finding.location.name) == ("trailer", 0, "Accept-Ranges")


@pytest.mark.parametrize(("name", "permitted", "defined"), [
    ("ETag", True, True), ("Server-Timing", True, True), ("Last-Modified", True, False), ("X-Own", True, True),
    ("Content-Length", False, False), ("grpc-status", True, True), ("Allow", True, False),
])
def test_definitions_about_trailers(name: str, permitted: bool, defined: bool) -> None:
    (line,) = trailer_lines(response(trailers=[(name, "x")]))
    assert (line.permitted, line.defined) == (permitted, defined)
    assert permitted_in_trailers(name) is permitted
    assert came_as_trailer(response(trailers=[(name, "x")]), name.upper())
    assert not came_as_trailer(response((name, "x")), name)


def test_trailers() -> None:
    assert trailer_lines(response()) == ()
    assert trailer_lines(response(trailers=[])) == ()
    trailers = [("etag", '"a"'), ("Content-Type", "a/b"), ("x", "y")]
    found = trailer_lines(response(("Trailer", "ETag"), trailers=trailers))
    assert [(line.name, line.line, line.permitted, line.announced) for line in found] == [
        ("ETag", 0, True, True), ("Content-Type", 1, False, False), ("x", 2, True, False)]
    (line,) = trailer_lines(response(("Trailer", "a;b"), trailers=[("a", "b")]))
    assert not line.announced


@pytest.mark.parametrize(("option", "expected"), [
    ("cache-control", True), ("set-cookie", True), ("etag", True), ("close", False), ("keep-alive", False),
    ("upgrade", False), ("te", False), ("trailer", False), ("proxy-authenticate", False), ("x-odd", False),
    ("http2-settings", False),
])
def test_end_to_end(option: str, expected: bool) -> None:
    assert end_to_end(option) == expected


@pytest.mark.parametrize(("age", "started", "expected"), [
    (None, 1000.0, 0.0), (None, 1010.5, 10.5), (None, 940.0, 60.0), ("10", 1010.0, 0.0), ("10", 1030.0, 20.0),
    ("99", 1030.0, 0.0), ("9" * 400, 1030.0, 0.0),
])
def test_date_error(age: str | None, started: float, expected: float) -> None:
    headers = [("Age", age)] if age else []
    assert date_error(http_date("Thu, 01 Jan 1970 00:16:40 GMT"), response(*headers), started) == expected


def test_date_error_with_an_unreadable_age() -> None:
    with pytest.raises(NotEvaluated):
        date_error(http_date("Thu, 01 Jan 1970 00:16:40 GMT"), response(("Age", "x")), 2000.0)


@pytest.mark.parametrize(("text", "expected"), [
    ("http:///a", True), ("HTTPS:/a", True), ("http://:80/", True), ("http:", True), ("http://a", False), ("/a", False),
    ("//a/b", False), ("file:///a", False), ("", False),
])
def test_hostless(text: str, expected: bool) -> None:
    assert hostless(uri_reference(text)) == expected


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("Link", '<http:///a>; rel=next, </b>; rel=up; anchor="#c"', ["http:///a", "/b", "#c"]),
    ("Link", "<http:///a", []), ("Link", '<>; rel=self; anchor="a b"', [""]),
    ("Refresh", "5; url=https:///login", ["https:///login"]), ("Refresh", "5", []), ("Refresh", "0; url=/a b", []),
    ("SourceMap", "http:///a.map", ["http:///a.map"]), ("Redirect-Ref", "../a", ["../a"]),
    ("Service-Worker-Allowed", "/", ["/"]), ("Content-Base", "http:///", ["http:///"]),
    ("Location", "http:///a", []),                         # has a rule of its own
])
def test_references(name: str, value: str, expected: list[str]) -> None:
    found = references(response((name, value)))
    assert [one.uri.text for one in found] == expected
    assert {one.name for one in found} <= {name}


def test_a_rule_that_judges_a_field_is_looked_up_under_it() -> None:
    guards = {rule.id: rule.analysis.guards for rule in built_in_rules()}
    assert guards["date.malformed"] == {"date"}
    assert guards["content-length.repeated"] == {"content-length"}
    assert guards["400.request-length"] == frozenset()     # that is about the request
    assert guards["field.malformed"] == frozenset()


def test_findings_point_at_the_line_the_octet_and_the_trailer() -> None:
    linter = Linter(select=["vary.malformed", "trailer.field-not-permitted"])
    report = linter.lint(Exchange(Response(200, headers=[("Vary", "a"), ("vary", "b;c")], content=b"",
                                           trailers=[("x", "y"), ("Date", "0")])))
    places = {finding.rule_id: finding.location for finding in report.findings}
    flaw, trailer = places["vary.malformed"], places["trailer.field-not-permitted"]
    assert (flaw.part, flaw.index, flaw.name, flaw.offset) == ("field", 1, "vary", 1)
    assert (trailer.part, trailer.index, trailer.name) == ("trailer", 1, "Date")


@pytest.mark.parametrize(("name", "value", "position"), [
    ("Content-Disposition", r'attachment; filename="C:\temp"', 24), ("Content-Disposition", r'a; b="\"c\\d"', None),
    ("Content-Disposition", r'a; b="c"; d="\e"', 13), ("Server", r"x (a\b)", 4), ("Server", r"x (a\)b\\)", None),
    ("Server", r"Foo\Bar", None), ("Server", r"x) (a\b)", 5), ("Server", r"x (a (b) c\d)", 10),
    ("Server", "x (a\\", None),
    ("X-Path", r'"\a"', None), ("ETag", r'"\a"', None), ("Content-Type", r'a/b; c="\\\d"', 10),
])
def test_needless_backslashes(name: str, value: str, position: int | None) -> None:
    assert needless_backslashes(Response(200, headers=[(name, value)]))[0].position == position


@pytest.mark.parametrize(("name", "value", "position"), [
    ("Server", "a  b", 1), ("Server", "a\tb", 1), ("Server", "a (b  c) d", None), ("Server", "a (b (c)  d) e  f", 14),
    ("Via", "1.1 a,  1.1 b", None), ("X-Text", "a  b", None),
])
def test_wide_whitespace(name: str, value: str, position: int | None) -> None:
    assert wide_whitespace(Response(200, headers=[(name, value)]))[0].position == position


def test_fields_are_obsolete_by_the_table() -> None:
    lines = obsolete(Response(200, headers=[("p3p", "x"), ("Pragma", "x"), ("Age", "1")]))
    assert [line.name for line in lines] == ["P3P"]


def test_a_misspelt_name_is_no_finding_where_the_right_one_stands_too_or_the_project_knows_it() -> None:
    slip = ("Cache-Controll", "no-store")
    assert misspelt(Response(200, headers=[slip]))[0].expected == "Cache-Control"
    assert misspelt(Response(200, headers=[slip, ("Cache-Control", "no-store")]))[0].sound
    assert misspelt(Response(200, headers=[slip]), names=OwnNames(fields=["CACHE-CONTROLL"]))[0].sound


def test_members_that_stand_twice() -> None:
    twice = repeated_members(Response(200, headers=[("Vary", "Accept"), ("Vary", "Origin, accept")]))
    assert [(line.line, line.value) for line in twice] == [(1, "accept")]
    assert repeated_members(Response(200, headers=[("Allow", "GET, get"), ("Via", "1.1 a, 1.1 a")]))[0].sound
    assert repeated_members(Response(200, headers=[("Vary", ",,")]))[0].sound


def test_fields_of_responses_only() -> None:
    assert only_in_responses("set-cookie")
    assert not only_in_responses("content-type")
    assert not only_in_responses("x-unheard-of")


@pytest.mark.parametrize(("name", "value", "position"), [
    ("WWW-Authenticate", 'Basic realm = "x"', 11), ("WWW-Authenticate", 'Basic realm= "x"', 11),
    ("WWW-Authenticate", 'Digest realm="a = b", nonce\t="c"', 27), ("Link", '<a>; title="\\" ="; rel= next', 22),
    ("WWW-Authenticate", 'NTLM abc== , Basic realm="x"', None), ("Link", "<a?b=c>; rel=next", None),
    ("Link", "a; rel = next", None), ("WWW-Authenticate", "Negotiate abc=", None), ("X-Odd", "a = b", None),
    ("Preference-Applied", "return =minimal", 6), ("Transfer-Encoding", "gzip;a =b", 6),
])
def test_bad_whitespace(name: str, value: str, position: int | None) -> None:
    (line, *_) = bad_whitespace(response((name, value)))
    assert (line.sound, line.position) == (position is None, position)
