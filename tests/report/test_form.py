"""The JSON form: clipped, without secrets, and what it was made of can be made of it again."""
from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import exchange, house, judged, record, suppress

from httplint import Exchange, Request, Response, lint
from httplint.engine.report import Finding
from httplint.report.escape import CONTENT_SHOWN, content_text, slim
from httplint.report.form import VALUE_SHOWN, LineForm
from httplint.report.masker import MASK, PLAIN, Masker

SECRET = "s3cr3t-value-of-it"


def test_a_record_says_all_of_an_exchange(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), Exchange(
        Response(200, "1.1", "OK", [("X-A", "1"), ("x-a", "2")], b"hello", [("T", "3")], 5),
        Request("POST", "/x", "1.1", [("Host", "a.example")], b"{}"),
        [Response(103, "1.1", "Early", [("Link", "<a>")])]))
    told = record(report, PLAIN)
    findings = told.pop("findings")
    assert [one["rule"] for one in findings] == ["house.request-id", "house.request-id"]
    assert [one["location"]["message"] for one in findings] == ["interim response", "response"]
    assert told == {
        "source": None,
        "request": {"method": "POST", "uri": "http://a.example/x", "target": "/x", "version": "1.1",
                    "fields": [("Host", "a.example")], "content": {"text": "{}", "size": 2, "clipped": False}},
        "response": {"status": 200, "reason": "OK", "version": "1.1", "fields": [("X-A", "1"), ("x-a", "2")],
                     "trailers": [("T", "3")], "content": {"text": "hello", "size": 5, "clipped": False}},
        "interim": [{"status": 103, "reason": "Early", "version": "1.1", "fields": [("Link", "<a>")]}],
        "suppressed": [],
    }


def test_what_was_not_captured_is_null() -> None:
    told = record(lint(Exchange(Response(200, None, None, None))), PLAIN)
    assert told["request"] is None
    assert told["response"] == {"status": 200, "reason": None, "version": None, "fields": None, "trailers": None,
                                "content": None}


def test_suppressed_findings_say_why(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange())
    told = record(suppress(report, "waiver", "known since May"), PLAIN)
    assert told["findings"] == []
    assert [one["suppression"] for one in told["suppressed"]] == [{"kind": "waiver", "reason": "known since May"}]


BARE, QUERY = f"the value {SECRET} is not right", f"http://a.example/?token={SECRET} is not right"


@pytest.mark.parametrize(("built", "message"), [
    (exchange(asked=[("Authorization", f"Bearer {SECRET}")]), BARE),
    (exchange(asked=[("Cookie", f"a={SECRET}")]), BARE),
    (exchange(asked=[("X-Auth-Token", SECRET)]), BARE),
    (exchange(asked=[("X-API-Key", SECRET)]), BARE),
    (exchange(Set_Cookie=f"id={SECRET}; Path=/"), BARE),
    (exchange(asked=[("Referer", f"http://x.example/?session_id={SECRET}")]), QUERY),
    (exchange(uri=f"http://shop.example/x?access_token={SECRET}&page=2"), QUERY),
    (exchange(uri=f"http://user:{SECRET}@shop.example/x"), f"http://u:{SECRET}@h/ is not right"),
    (exchange(Location=f"https://a.example/cb#id_token={SECRET}&state=1"), QUERY),
    (exchange(Location=f"https://a.example/?next=https%3A%2F%2Fb%3Ftoken%3D{SECRET}%26x%3D1"), QUERY),
    (exchange(content=f'{{"access_token": "{SECRET}", "expires": 1}}'), QUERY),
    (exchange(content=f"grant_type=x&client_secret={SECRET}"), QUERY),
    (exchange(content=f"<password>{SECRET}</password>"), QUERY),
    (exchange(content=f'{{"refresh_token": "{SECRET}'), QUERY),
])
def test_secrets_are_masked_wherever_they_are(built: Exchange, message: str, tmp_path: Path) -> None:
    report, = judged(house(tmp_path), built)
    first = report.findings[0]
    report.findings[0] = Finding(first.rule, message, first.location)
    assert SECRET not in json.dumps(record(report, PLAIN))
    assert json.dumps(record(report, PLAIN)).count(MASK) >= 2
    assert SECRET in json.dumps(record(report, Masker(shows=True)))


@given(st.sampled_from(["cookie", "expected", "the end", "Cookie", "octet", "a ~ b", "was set"]),
       st.text("abc=&'~ ;,", max_size=9))
def test_words_of_ours_survive_masks(secret: str, noise: str) -> None:
    headers = [("Set-Cookie", f"id={secret}"), ("Set-Cookie", f"id={secret}"), ("X-Token", noise),
               ("Reporting-Endpoints", f"a='https://x.example/?sid={noise}'"), ("Age", f"?sid={noise}")]
    report = lint(Exchange(Response(200, headers=headers), Request("GET", "http://a.example/")))
    shown = {one["rule"]: one["message"] for one in record(report, PLAIN)["findings"]}
    assert shown["set-cookie.repeated"] == "the cookie id is set 2 times with the same domain and path"
    assert shown["age.malformed"].startswith("malformed Age: expected a digit at octet 1 of '?sid=")
    assert re.match("malformed Reporting-Endpoints: expected a structured dictionary .RFC 9651. at octet 3 of '.*'; "
                    "the URL is put in double quotes", shown["reporting-endpoints.malformed"])


def test_an_offset_does_not_point_into_a_mask() -> None:
    report = lint(Exchange(Response(200, headers=[("Date", "Tue, 1 Jul 2025 12:00:00 GMT")]), Request("GET", "/")))
    finding, = (one for one in report.findings if one.rule_id == "date.malformed")
    offset = finding.location.offset
    assert offset is not None
    told = {one["rule"]: one["location"]["offset"] for one in record(report, PLAIN)["findings"]}
    assert told["date.malformed"] == offset
    report.exchange = Exchange(Response(200, headers=[("Date", "?otp=abcdef")]), Request("GET", "/"))
    told = {one["rule"]: one["location"]["offset"] for one in record(report, PLAIN)["findings"]}
    assert told["date.malformed"] is None


def test_what_is_long_is_clipped(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange(uri="http://h.example/" + "a" * 100_000, content="é" * 5_000,
                                               X_Note="n" * 100_000))
    told = record(report, PLAIN)
    assert len(told["request"]["uri"]) == VALUE_SHOWN
    assert len(told["response"]["fields"][1][1]) == VALUE_SHOWN
    assert told["response"]["content"] == {"text": "é" * (CONTENT_SHOWN // 2), "size": 10_000, "clipped": True}


@pytest.mark.parametrize(("content", "text"), [
    (b"", ""), (b"abc", "abc"), ("é".encode(), "é"), (b"\xff" * 500, "ÿ" * 64),
    (b"a" * (CONTENT_SHOWN - 1) + "é".encode(), "a" * (CONTENT_SHOWN - 1)),
])
def test_content_as_text(content: bytes, text: str) -> None:
    assert content_text(content) == text


def test_a_slim_report_gives_the_same_record(tmp_path: Path) -> None:
    report, = judged(house(tmp_path), exchange(content="é" * 5_000, uri="https://a.example/x"))
    before = record(report, PLAIN)
    report = slim(report)
    assert report.exchange.response.clipped
    assert record(report, PLAIN) == before


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)  # type: ignore[arg-type]


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4), TEXT, TEXT, st.binary(max_size=1500), st.booleans())
def test_a_record_makes_the_report_again(fields: list[tuple[str, str]], target: str, method: str, content: bytes,
                                         shows: bool) -> None:
    report = lint(Exchange(Response(405, headers=fields, content=content),
                           Request(method, target, headers=fields, content=content)))
    told = record(report, Masker(shows))
    text = json.dumps(told)
    again = msgspec.json.decode(text, type=LineForm).report({one.rule_id: one.rule for one in report.findings})
    assert json.dumps(record(again, Masker(shows))) == text
