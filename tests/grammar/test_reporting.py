from __future__ import annotations

import pytest

from httplint.grammar.client_hints import HINTS, hints, lifetime
from httplint.grammar.reporting import (
    Endpoint,
    EndpointGroup,
    ErrorLogging,
    Metric,
    error_logging,
    json_object,
    report_to,
    reporting_endpoints,
    server_timing,
)
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "expected"), [
    # Reporting §1.2
    ('endpoint-1="https://example.com/reports"', [Endpoint("endpoint-1", "https://example.com/reports", "", ())]),
    ('csp-endpoint="https://example.com/csp-reports", hpkp-endpoint="https://example.com/hpkp-reports"', [
        Endpoint("csp-endpoint", "https://example.com/csp-reports", "", ()),
        Endpoint("hpkp-endpoint", "https://example.com/hpkp-reports", "", ())]),
    # §3.2
    ('a="/b";c, d="http://localhost/"', [Endpoint("a", "/b", "", ("c",)), Endpoint("d", "http://localhost/", "", ())]),
    # Secure Contexts §3.1
    ('a="http://x.LOCALHOST:1/"', [Endpoint("a", "http://x.LOCALHOST:1/", "", ())]),
    ('a="http://127.0.0.53/"', [Endpoint("a", "http://127.0.0.53/", "", ())])])
def test_endpoints(value: str, expected: list[Endpoint]) -> None:
    assert reporting_endpoints(value) == tuple(expected)


@pytest.mark.parametrize(("value", "flaw"), [
    ("a=b", "it is no string in double quotes"), ("a=5", "it is no string in double quotes"),
    ('a=("/b")', "it is no string in double quotes"), ("a", "it is no string in double quotes"),
    ('a=%"/b"', "it is no string in double quotes"), ('a="http://b.example/"', "its URL is not https"),
    ('a="http://localhost.example/"', "its URL is not https"), ('a="http://128.0.0.1/"', "its URL is not https"),
    ('a="http://xlocalhost"', "its URL is not https"), ('a="http://127.1.2"', "its URL is not https"),
    ('a="http://127.1.2.3.4"', "its URL is not https"), ('a="http://[::2]/"', "its URL is not https"),
    ('a="mailto:a@b.example"', "its URL is not https"), ('a="https://b.example/ c"', "it is no URL"),
    ('a="HTTPS://b.example"', ""), ('a="wss://b.example"', ""), ('a="//b.example"', ""), ('a="http://[::1]:80/"', ""),
    ('a="http://localhost.:1"', ""), ('a="http://127.1.2.3:1"', ""), ('a="http://a.b.localhost/"', "")])
def test_ignored_endpoints(value: str, flaw: str) -> None:
    """Reporting §3.2, Secure Contexts §3.1."""
    assert reporting_endpoints(value)[0].flaw == flaw


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("a=https://a.example/?b=c", 20, "double quotes"), ("a='https://a.example/'", 2, "the URL is put in double quotes"),
    ('{"group":"a"}', 0, "Report-To"), ("a=/b", 2, "double quotes"),
    ("a=http://b.example/?c", 19, "the URL is put in"), ('a="/b", c=/d', 10, "double quotes"),
    ('a="=/", b=c d', 12, "something stands behind"), ('a=/b, c="d', 2, "double quotes"),
    ('a=x, b=/c', 7, "double quotes"), ('a=b ="/c"', 4, "something stands behind"), ('a="/b",', 7, "comma")])
def test_endpoint_flaws(value: str, position: int, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        reporting_endpoints(value)
    assert error.value.position == position
    assert hint in (error.value.hint or "")


def test_report_to() -> None:
    # as Cloudflare sends it
    value = ('{"endpoints":[{"url":"https:\\/\\/a.nel.cloudflare.com\\/report\\/v4?s=a%2Cb"}],"group":"cf-nel",'
             '"max_age":604800}')
    assert report_to(value) == (EndpointGroup("cf-nel", 604800, ""),)
    assert report_to(f'{value}, {{"max_age": 0.0, "endpoints": []}}')[1] == EndpointGroup("default", 0, "")


@pytest.mark.parametrize(("value", "name", "age", "flaw"), [
    ('{"endpoints":[]}', "default", 0, "it has no max_age"),
    ('{"max_age":-1,"endpoints":[]}', "default", 0, "max_age is no whole number"),
    ('{"max_age":"1","endpoints":[]}', "default", 0, "max_age is no whole number"),
    ('{"max_age":true,"endpoints":[]}', "default", 0, "max_age is no whole number"),
    ('{"max_age":1.5,"endpoints":[]}', "default", 0, "max_age is no whole number"),
    ('{"max_age":1}', "default", 1, "it has no endpoints"),
    ('{"max_age":1,"endpoints":{}}', "default", 1, "endpoints is no array"),
    ('{"max_age":1,"endpoints":[{}]}', "default", 1, "an endpoint has no url"),
    ('{"max_age":1,"endpoints":["/"]}', "default", 1, "an endpoint has no url"),
    ('{"max_age":1,"endpoints":[{"url":"/"},{"url":1}]}', "default", 1, "an endpoint has no url"),
    ('{"group":1,"max_age":1,"endpoints":[]}', "", 1, "group is no string"),
    ('{"group":"g","max_age":1,"endpoints":[{"url":"/"}]}', "g", 1, ""),
])
def test_groups_of_endpoints(value: str, name: str, age: int, flaw: str) -> None:
    """Reporting of 2018 §3.1."""
    assert report_to(value) == (EndpointGroup(name, age, flaw),)


@pytest.mark.parametrize(("value", "expected"), [
    # Network Error Logging §8.1, and as Cloudflare sends it
    ('{"report_to": "network-errors", "max_age": 2592000}', ErrorLogging("network-errors", 2592000, "")),
    ('{"max_age": 0}', ErrorLogging(None, 0, "")),
    ('{"success_fraction":0,"report_to":"cf-nel","max_age":604800}', ErrorLogging("cf-nel", 604800, "")),
    ('{"report_to":"a","max_age":1,"failure_fraction":1.0}, {"x":1}', ErrorLogging("a", 1, "")),
    # §4.1: the first valid one counts
    ('{"report_to":"a"}, {"report_to":"b","max_age":2}, {"max_age":0}', ErrorLogging("b", 2, "")),
    # none is: the first one's flaw
    ('{"report_to":"a"},{"report_to":"b","max_age":"x"}', ErrorLogging("a", 0, "it has no max_age"))])
def test_error_logging(value: str, expected: ErrorLogging) -> None:
    assert error_logging(value) == expected


@pytest.mark.parametrize(("value", "flaw"), [
    ("{}", "it has no max_age"), ('{"report_to":"a"}', "it has no max_age"), ('{"max_age":1}', "it has no report_to"),
    ('{"report_to":1,"max_age":1}', "report_to is no string"),
    ('{"report_to":"a","max_age":"1"}', "max_age is no whole number"),
    ('{"report_to":"a","max_age":1.5}', "max_age is no whole number"),
    ('{"report_to":"a","max_age":-1}', "max_age is no whole number"),
    ('{"max_age":null}', "max_age is no whole number"),
    ('{"report_to":"a","max_age":1e999}', "max_age is no whole number"),
    ('{"report_to":"a","max_age":1,"success_fraction":2}', "success_fraction is no number from 0 to 1"),
    ('{"report_to":"a","max_age":1,"success_fraction":true}', "success_fraction is no number from 0 to 1"),
    ('{"report_to":"a","max_age":1,"failure_fraction":"1"}', "failure_fraction is no number from 0 to 1"),
    ('{"report_to":"a","max_age":1,"failure_fraction":-0.1}', "failure_fraction is no number from 0 to 1"),
    ('{"report_to":"a","max_age":1,"success_fraction":1,"failure_fraction":0}', ""),
    ('{"max_age":0,"report_to":null}', "")])
def test_ignored_error_logging(value: str, flaw: str) -> None:
    """Network Error Logging §4.1."""
    assert error_logging(value).flaw == flaw


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("{'max_age':1}", 1, "double quotes"), ('[{"max_age":1}]', 0, "brackets"), ("max_age=1", 0, ""),
    ('{"max_age":1', 12, ""),
    ('{"max_age":1} {}', 14, ""), ("", 0, ""), ('{"max_age":NaN}', 0, ""), ('{"a":1},{"b":}', 13, ""),
    ('{"max_age":' + "9" * 5000 + "}", 0, ""), ('{"a":' * 100_000, 0, ""), ("[", 0, "without brackets"),
    ('{"a":Infinity}', 0, ""), ('"a"', 0, ""), ('{"a":1} x', 8, "separate the members")])
def test_json_flaws(value: str, position: int, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        error_logging(value)
    assert error.value.position == position
    assert hint in (error.value.hint or "")
    assert bool(error.value.hint) is bool(hint)


def test_json_objects() -> None:
    assert json_object('{"destination": "https://a.example", "priority": "5"}') == {
        "destination": "https://a.example", "priority": "5"}
    for value, position, expected in (("{}, {}", 6, "one JSON object"), ("[]", 0, "a JSON object"),
                                      ("5", 0, "a JSON object"), ("", 0, "one JSON object")):
        with pytest.raises(Malformed) as error:
            json_object(value)
        assert (error.value.position, error.value.expected) == (position, expected)


@pytest.mark.parametrize(("value", "expected"), [
    # Server Timing §6
    ("miss, db;dur=53, app;dur=47.2", [("miss", None, None), ("db", 53.0, None), ("app", 47.2, None)]),
    ("customView, dc;desc=atl", [("customView", None, None), ("dc", None, "atl")]),
    ('cache;desc="Cache Read";dur=23.2', [("cache", 23.2, "Cache Read")]),
    ("total;dur=123.4", [("total", 123.4, None)]),
    # forms that the grammar allows
    ('a ; DUR = "1e3" ; x="," ,,b', [("a", 1000.0, None), ("b", None, None)]), ("", []),
    ("a;dur=1;dur=2", [("a", 1.0, None)]), ("a;dur=5ms", [("a", None, None)]), ("a;dur=1e9999", [("a", None, None)])])
def test_server_timing(value: str, expected: list[tuple[str, float | None, str | None]]) -> None:
    assert [(one.name, one.duration, one.description) for one in server_timing(value)] == expected


@pytest.mark.parametrize(("text", "number"), [
    ("1", 1), ("+1", 1), ("-1", -1), (".5", 0.5), ("1.", 1), ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001),
    ("01", 1), (".", None), ("e5", None), ("1e", None), ("0x1", None), ("1_0", None), ("nan", None), ("inf", None),
    ("1e400", None), ("1e12345", None), ("--1", None), ("-", None)])
def test_durations(text: str, number: float | None) -> None:
    """Server Timing §3, with the numbers of HTML."""
    assert server_timing(f"a;dur={text}")[0].duration == number


def test_repeated_parameters() -> None:
    assert server_timing("a;dur=1;x=1;DUR=2;x=3;y=1")[0] == Metric(
        "a", (("dur", "1"), ("x", "1"), ("dur", "2"), ("x", "3"), ("y", "1")))
    assert server_timing("a;dur=1;x=1;DUR=2;x=3;y=1")[0].repeated == ("dur", "x")
    many = ";".join(f"p{number}=1" for number in range(99))
    assert server_timing(f"a;{many};p0=1")[0].repeated == ("p0",)
    assert server_timing(f"a;{many};q=1;p0=1")[0].repeated == ()    # enough is looked at


@pytest.mark.parametrize(("value", "position", "hint"), [
    ('total=123; "Total"', 5, "db;dur=53"), ("a;desc=b c", 9, "spaces"), ("a;start=10:15", 10, "double quotes"),
    ("a;dur=5;", 8, "semicolon"), ('a;"b"', 2, "desc="), ("a;dur=", 6, ""), ("a;b", 3, ""), ("a b", 2, "commas"),
    ("(a)", 0, ""),
    ('a;desc="b', 9, ""), ("a:1", 1, "db;dur=53"), ("a;", 2, "semicolon"), ("a; ,b", 3, "semicolon"), ("a/b", 1, ""),
    ("a;b=c d", 6, "text with spaces"), ("a;b=c=", 5, "such characters"), ("a;b=c(", 5, "such characters"),
    ("a;b=c (", 6, "text with spaces"), ("a;b=c;d", 7, ""), ("a;;b=c", 2, ""), ("a;b ", 4, ""), ("a;b=c:d", 5, "such"),
    ("a;b=c =", 6, "text with spaces"), ('a;b="c"d', 7, "such characters")])
def test_server_timing_flaws(value: str, position: int, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        server_timing(value)
    assert error.value.position == position
    assert hint in (error.value.hint or "")
    assert bool(error.value.hint) is bool(hint)


def test_whitespace_in_server_timing() -> None:
    """Server Timing §2."""
    assert server_timing('a\t;\tb\t=\tC\t;D="e"\t, f') == (Metric("a", (("b", "C"), ("d", "e"))), Metric("f", ()))


def test_hints() -> None:
    # RFC 8942 §3.1
    assert hints("Sec-CH-Example, Sec-CH-Example-2") == ("sec-ch-example", "sec-ch-example-2")
    assert hints("") == ()
    assert lifetime("86400") == 86400
    assert {"sec-ch-ua-model", "dpr", "save-data"} <= HINTS.keys()


@pytest.mark.parametrize(("value", "position", "hint"), [
    ('"DPR"', 0, "quotes"), ('DPR, "Width"', 5, "quotes"), ("DPR; Width", 5, "commas"), ("DPR Width", 4, "commas"),
    ("DPR,", 4, "comma"), ("(DPR)", 0, ""), ("5", 0, "")])
def test_hint_flaws(value: str, position: int, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        hints(value)
    assert error.value.position == position
    assert hint in (error.value.hint or "")
