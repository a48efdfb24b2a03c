"""Cassettes: what vcrpy, VCR, betamax and go-vcr write, and what it proves."""
from __future__ import annotations

import base64
import gzip
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import cassettes
from httplint.capture.outcome import NO_RESPONSE, NOT_HTTP, SYNTHETIC, UNREADABLE, Problem, Skipped
from httplint.capture.reading import READERS, Start, captures
from httplint.library import Linter
from httplint.model import installation
from httplint.model.exchange import Exchange

FIXTURES = Path(__file__).parents[2] / "fixtures" / "captures"
RECORDED = [FIXTURES / name for name in ("vcrpy.yaml", "vcrpy-json.json", "vcr.yml", "betamax.json", "go-vcr.yaml")]
DATE = "Sun, 01 Mar 2026 12:00:00 GMT"


def read(text: str | bytes) -> list[Any]:
    octets = text if isinstance(text, bytes) else text.encode("utf-8")
    return list(cassettes.read(io.BytesIO(octets), path="tape"))


def one(interaction: dict[str, Any], **around: Any) -> Exchange:
    """The exchange of an interaction, which is the same in both notations."""
    told = {"version": 1, "interactions": [interaction]} | around
    found, = read(json.dumps(told))
    again, = read(yaml.safe_dump(told))
    assert isinstance(found, Exchange), found
    assert isinstance(again, Exchange), again
    assert shown(found) == shown(again)
    return found


def shown(exchange: Exchange) -> object:
    request = exchange.request
    assert request is not None
    assert exchange.response.fields is not None
    return (exchange.response.status, sorted(exchange.response.fields.lines), exchange.response.content, request.method,
            request.target, exchange.evidence)


def taped(response: dict[str, Any] | None = None, request: dict[str, Any] | None = None) -> dict[str, Any]:
    """An interaction of vcrpy."""
    answered = {"status": {"code": 200, "message": "OK"}, "headers": {"Date": [DATE]}, "body": {"string": "abc"}}
    asked = {"method": "GET", "uri": "http://a.example/x", "body": None, "headers": {"Accept": ["*/*"]}}
    return {"request": asked | (request or {}), "response": answered | (response or {})}


def values(exchange: Exchange, name: str) -> list[str]:
    assert exchange.response.fields is not None
    return exchange.response.fields.values(name)


def knows(exchange: Exchange, *facts: str) -> bool:
    return all(exchange.evidence.knows(fact) for fact in facts)


def knows_any(exchange: Exchange, *facts: str) -> bool:
    return any(exchange.evidence.knows(fact) for fact in facts)


# -- vcrpy

def test_what_vcrpy_records() -> None:
    exchange = one(taped({"headers": {"Date": [DATE], "Content-Length": ["3"], "Set-Cookie": ["a=1", "b=2"]}}))
    assert exchange.response.content == b"abc"
    assert values(exchange, "set-cookie") == ["a=1", "b=2"]
    assert knows(exchange, "response_fields", "lines", "repeats", "content", "octets", "size", "request_fields", "pair")
    assert not knows_any(exchange, "version", "reason", "time", "exact", "name_case", "wire", "target", "trailers")
    assert exchange.evidence.request_gaps >= {"host", "authorization", "cookie", "content-length"}
    assert exchange.evidence.response_gaps == {"set-cookie", "set-cookie2"}


def test_places_are_those_of_the_interactions() -> None:
    text = yaml.safe_dump({"interactions": [taped(), taped()], "version": 1})
    lines = [number for number, line in enumerate(text.split("\n"), 1) if line.startswith("- request")]
    assert [(one.source.entry, one.source.line, one.source.column) for one in read(text)] == [
        (0, lines[0], 3), (1, lines[1], 3)]
    found = read(json.dumps({"version": 1, "interactions": [taped(), taped()]}, indent=1))
    assert [one.source.pointer for one in found] == ["/interactions/0", "/interactions/1"]
    assert found[0].source.line == 4


def test_binary_contents_are_decoded() -> None:
    packed = gzip.compress(b"abc", mtime=0)
    lines = {"Date": [DATE], "Content-Encoding": ["gzip"], "Content-Length": [str(len(packed))]}
    text = yaml.safe_dump({"interactions": [taped({"headers": lines, "body": {"string": packed}})], "version": 1})
    assert "!!binary" in text
    found, = read(text)
    assert found.response.content == packed
    assert knows(found, "content", "octets", "size")
    in_json = taped({"headers": lines, "body": {"base64_string": base64.b64encode(packed).decode()}})
    assert one(in_json).response.content == packed


def test_what_aiohttp_has_decoded_is_not_what_was_sent() -> None:
    exchange = one(taped({"headers": {"Date": [DATE], "Content-Encoding": ["gzip"], "Content-Length": ["99"]}}))
    assert exchange.response.content == b"abc"
    assert knows(exchange, "content")
    assert not knows_any(exchange, "octets", "size")


def test_a_content_that_was_decoded_while_recording_has_lost_its_coding() -> None:
    """decode_compressed_response writes content-length in small letters, and takes Content-Encoding out."""
    exchange = one(taped({"headers": {"Date": [DATE], "content-length": ["3"], "Vary": ["Accept-Encoding"]}}))
    assert values(exchange, "content-length") == []
    assert exchange.evidence.response_gaps >= {"content-length", "content-encoding"}
    assert exchange.response.content == b"abc"
    assert not knows_any(exchange, "octets", "size")


@pytest.mark.parametrize(("lines", "body", "known"), [
    ({"Content-Length": ["3"]}, "abc", {"content", "octets", "size"}),
    ({}, "abc", {"content"}),
    ({}, "", set()),
    ({}, '{"a": ...}', set()),
    ({"Date": []}, "abc", set()),
    ({"Content-Length": ["8"]}, "a <%= b ", set()),
    ({"X-Consumed-Content-Encoding": ["gzip"], "Content-Length": ["3"]}, "abc", {"content"}),
    ({"Content-Length": ["0"]}, "", {"content", "octets", "size"}),
    ({"Content-Length": ["4"]}, "abc", set()),
    ({"Content-Length": ["x"]}, "abc", set()),
    ({"Content-Length": ["15"]}, "a <<API_KEY>> b", set()),
    ({"Content-Length": ["12"]}, "<API_TOKEN>.", set()),
    ({"Content-Length": ["11"]}, '{"id": <ID>}'[:11], set()),
    ({"Content-Length": ["15"]}, "<HTML><P>a</P>.", {"content", "octets", "size"}),
    ({"Content-Length": ["3"]}, "a\ufffd", set()),
    ({"Content-Length": ["2"]}, "\u00fc", {"content", "octets", "size"}),
    ({"Content-Encoding": ["br"], "Content-Length": ["3"]}, "abc", set()),
    ({"Content-Encoding": ["gzip"], "Content-Length": ["7"]}, b"\x1f\x8b\x08abc.", {"content", "octets", "size"}),
    ({"Content-Encoding": ["gzip"], "Content-Length": ["8"]}, b"\x1f\x8b\x08abc.", set()),
    ({"Content-Encoding": ["gzip"]}, b"\x1f\x8b\x08abc.", {"content", "octets", "size"}),
    ({"Content-Encoding": ["deflate"], "Content-Length": ["4"]}, b"\x78\x9cab", {"content", "octets", "size"}),
    ({"Content-Encoding": ["deflate"]}, b"x^ is text", {"content"}),
    ({"Content-Encoding": ["gzip"], "Content-Length": ["30"]}, "decoded", {"content"}),
    ({"Content-Encoding": ["gzip"], "Content-Length": ["30"]}, "", set()),
    ({"Content-Encoding": ["gzip"], "Content-Length": ["30"]}, '{"token": <<TOKEN>>}', set()),
    ({"Content-Encoding": ["gzip"], "Date": []}, "decoded", set()),
])
def test_a_content_is_believed_if_it_has_its_length_or_its_coding(lines: dict[str, Any], body: Any,
                                                                  known: set[str]) -> None:
    interaction = taped({"headers": {"Date": [DATE], **lines}, "body": {"string": body}})
    found, = read(yaml.safe_dump({"interactions": [interaction], "version": 1}, allow_unicode=True))
    assert {fact for fact in ("content", "octets", "size") if knows(found, fact)} == known


def test_without_date_no_absence_proves_anything() -> None:
    assert not knows(one(taped({"headers": {"Server": ["a"]}, "status": {"code": 405}})), "response_fields")
    found, = Linter().lint_all([one(taped({"status": {"code": 405}}))])
    assert "405.allow-missing" in {finding.rule_id for finding in found.findings}


def test_an_error_that_is_called_ok_was_made_by_hand() -> None:
    headers = {"Date": [DATE], "Content-Length": ["3"]}
    made = one(taped({"status": {"code": 429, "message": "OK"}, "headers": headers}))
    assert not knows_any(made, "response_fields", "content", "octets", "size")
    for code, message in ((429, "Too Many Requests"), (201, "OK")):
        assert knows(one(taped({"status": {"code": code, "message": message}, "headers": headers})),
                     "response_fields", "content")


def test_what_aiohttp_adds_is_not_recorded() -> None:
    gaps = one(taped(request={"headers": {"User-Agent": ["aiohttp"], "Cookie": ["a=b"]}})).evidence.request_gaps
    assert gaps >= {"host", "accept", "accept-encoding", "content-type", "content-length", "authorization"}
    assert gaps.isdisjoint({"user-agent", "cookie", "range", "if-none-match"})


@pytest.mark.parametrize("value", ["HIDDEN", "__TOKEN__", "API_KEY", "$ETAG", "${ETAG}", "[ETAG]", "{SESSION ID}", "**",
                                   "-", "xxx", "", " ", "None", 'W/"ab...', "\u2026", "<token>",
                                   "https://a.example/?t=<token>"])
def test_words_in_the_place_of_values_are_none(value: str) -> None:
    exchange = one(taped({"headers": {"Date": [DATE], "ETag": [value]}}))
    assert values(exchange, "etag") == []
    assert "etag" in exchange.evidence.response_gaps


@pytest.mark.parametrize("value", ["<TOKEN>", "<<ACCESS_TOKEN>>", "REDACTED", "DUMMY", "[FILTERED]", "fake-tag", "***",
                                   "<%= token %>", "{{ token }}", "https://a.example/orgs/<TEST_ORG>/hooks/1"])
def test_placeholders_are_no_values(value: str) -> None:
    exchange = one(taped({"headers": {"Date": [DATE], "ETag": [value], "Location": ["/a"]}}))
    assert values(exchange, "etag") == []
    assert "etag" in exchange.evidence.response_gaps
    assert values(exchange, "location") == ["/a"]
    assert "location" not in exchange.evidence.response_gaps


def test_values_that_look_odd_are_none_of_them() -> None:
    lines = {"Date": [DATE], "Link": ["<https://a.example/?page=2>; rel=\"next\""], "ETag": ['W/"<a>"'],
             "Vary": ["*"], "X-Frame-Options": ["DENY"], "Accept-Ranges": ["none"], "X-Cache": ["MISS"],
             "Access-Control-Allow-Origin": ["null"], "Age": ["0"], "X-Id": ["TOKENS"], "X-Json": ['["ABC"]']}
    exchange = one(taped({"headers": lines}))
    for name, sent in lines.items():
        assert values(exchange, name) == sent


def test_names_in_two_cases_have_all_values_each() -> None:
    """vcrpy gives the values of both to each."""
    exchange = one(taped({"headers": {"Date": [DATE], "X-A": ["1", "2"], "x-a": ["1", "2"]}}))
    assert len(values(exchange, "x-a")) == 2
    assert not knows_any(exchange, "lines", "repeats")


def test_the_old_form_of_vcrpy_is_a_list() -> None:
    request = {"body": None, "protocol": "http", "method": "GET", "headers": {"accept": "*/*"}, "host": "a.example",
               "path": "/ip", "port": 80}
    response = {"status": {"code": 200, "message": "OK"}, "body": {"string": "abc"},
                "headers": [f"date: {DATE}\r\n", "content-length: 3\r\n", "vary: a: b\r\n"]}
    text = json.dumps([{"request": request, "response": response},
                       {"request": request | {"protocol": "https", "port": 8443}, "response": response}])
    assert recognised(text) == "cassette"
    first, second = read(text)
    assert first.request.target == "http://a.example/ip"
    assert second.request.target == "https://a.example:8443/ip"
    assert values(first, "vary") == ["a: b"]
    assert knows(first, "response_fields")
    del request["path"]
    odd, = read(json.dumps([{"request": request, "response": response | {"headers": ["no line", f"date: {DATE}"]}}]))
    assert odd.request.target == "http://a.example/"
    assert not knows_any(odd, "response_fields", "lines", "repeats")
    assert values(first, "date") == [DATE]


def test_what_tornado_gave_is_tuples() -> None:
    found, = read("interactions:\n- request: {method: GET, uri: 'http://a.example/', headers: {}, body: null}\n"
                  "  response:\n    body: {string: !!python/unicode 'abc'}\n    headers:\n"
                  f"    - !!python/tuple\n      - Date\n      - ['{DATE}']\n"
                  "    - !!python/tuple\n      - Set-Cookie\n      - [a=1, b=2]\n"
                  "    status: {code: 404, message: NOT FOUND}\nversion: 1\n")
    assert found.response.status == 404
    assert values(found, "set-cookie") == ["a=1", "b=2"]
    assert not knows(found, "request_fields"), "none stand there, and there were some"


def test_the_old_form_of_httpx_is_decoded() -> None:
    response = {"content": "{}", "http_version": "HTTP/1.1", "status_code": 200,
                "headers": {"Date": [DATE], "Content-Encoding": ["gzip"], "Content-Length": ["22"]}}
    exchange = one({"request": taped()["request"], "response": response})
    assert exchange.response.version == "1.1"
    assert exchange.response.content == b"{}"
    assert not knows_any(exchange, "octets", "size")


# -- VCR

RUBY = f"""---
http_interactions:
- request:
    method: delete
    uri: https://a.example/orgs/<GITHUB_TEST_ORGANIZATION>/hooks
    body:
      encoding: UTF-8
      string: ''
    headers:
      Accept-Encoding:
      - gzip;q=1.0,deflate;q=0.6,identity;q=0.3
  response:
    status:
      code: 405
      message: Method Not Allowed
    headers:
      Date:
      - {DATE}
      Content-Length:
      - '3'
      Set-Cookie:
      - a=1
      - b=2
    body:
      encoding: ISO-8859-1
      string: "\\xFCbc"
    http_version: '1.1'
  recorded_at: {DATE}
recorded_with: VCR 6.1.0
"""


def test_what_ruby_records() -> None:
    found, = read(RUBY)
    assert found.request.method == "DELETE"
    assert found.response.version == "1.1"
    assert found.response.content == b"\xfcbc"
    assert knows(found, "response_fields", "lines", "content", "version", "request_fields")
    assert not knows_any(found, "octets", "size", "reason", "time"), "Net::HTTP may have decoded it"
    assert values(found, "content-length") == [], "which may be that of what was decoded"


def test_responses_behind_redirects() -> None:
    """Typhoeus tells where it got to, Curb has the fields of all on the way, and Tornado shows by its texts."""
    told = "  recorded_at:", "    adapter_metadata:\n      effective_url: {}\n  recorded_at:"
    uri = yaml.safe_load(RUBY)["http_interactions"][0]["request"]["uri"]
    for effective, known in ((uri, True), ("https://other.example/", False)):
        found, = read(RUBY.replace(told[0], told[1].format(effective)))
        assert [knows(found, fact) for fact in ("pair", "resource")] == [known] * 2
    item = yaml.safe_load(RUBY)
    item["http_interactions"][0]["response"]["headers"]["Date"] = [DATE, DATE]
    found, = read(json.dumps(item, default=lambda octets: octets.decode("latin-1")))
    assert not knows_any(found, "pair", "resource", "response_fields", "lines", "repeats")
    assert not knows_any(one(taped({"headers": {"Date": DATE}})), "pair", "resource", "lines")
    assert knows(one(taped()), "pair", "resource")


def test_patch_may_have_been_refused_for_its_small_letters() -> None:
    found, = read(RUBY.replace("method: delete", "method: patch"))
    assert found.request.method == "PATCH"
    assert not knows_any(found, "request", "pair")
    found, = read(RUBY.replace("method: delete", "method: patch").replace("code: 405", "code: 200"))
    assert knows(found, "request", "pair")


@pytest.mark.parametrize(("asked", "exact"), [("identity", True), ("br", True), ("deflate", False), ("*", False),
                                              ("gzip;q=0", True), ("gzip;q=0.5", False), ("identity, gzip", False)])
def test_net_http_decodes_what_was_asked_for_alone(asked: str, exact: bool) -> None:
    found, = read(RUBY.replace("gzip;q=1.0,deflate;q=0.6,identity;q=0.3", f"'{asked}'"))
    assert knows(found, "octets", "size") is exact
    assert values(found, "content-length") == (["3"] if exact else [])


def test_one_line_a_field_may_be_several_that_faraday_joined() -> None:
    found, = read(RUBY.replace("      - a=1\n      - b=2\n", "      - a=1, b=2\n"))
    assert not knows(found, "lines")


@pytest.mark.parametrize("body", [
    "      encoding: ASCII-8BIT\n      string: !binary |-\n        /GJj",
    "      encoding: UTF-8\n      base64_string: |\n        /GJj\n",
    "      encoding: ASCII-8BIT\n      string: !!binary /GJj"])
def test_octets_are_kept_as_base64(body: str) -> None:
    old = '      encoding: ISO-8859-1\n      string: "\\xFCbc"'
    assert old in RUBY
    found, = read(RUBY.replace(old, body))
    assert found.response.content == b"\xfcbc"


@pytest.mark.parametrize(("encoding", "octets"), [
    ("US-ASCII", b"abc"), ("ASCII", b"abc"), ("ASCII-8BIT", b"abc"), ("binary", b"abc"), ("Windows-1252", b"abc"),
    ("latin-1", b"abc"), ("Shift_JIS", None), ("UTF-16LE", None), ("none such", None)])
def test_texts_become_the_octets_that_they_were(encoding: str, octets: bytes | None) -> None:
    old = 'encoding: ISO-8859-1\n      string: "\\xFCbc"'
    assert old in RUBY
    found, = read(RUBY.replace(old, f"encoding: {encoding}\n      string: abc"))
    assert found.response.content == octets


def test_a_content_beside_the_cassette_is_not_known() -> None:
    found, = read(RUBY.replace("      encoding: ISO-8859-1\n", "      encoding: ''\n      file: true\n"))
    assert found.response.content is None
    assert not knows(found, "content")


def test_octets_of_values_are_those_that_the_recorder_had() -> None:
    """http.client has a character for an octet, Ruby and Go have octets, which are UTF-8 in a file."""
    assert values(one(taped({"headers": {"Date": [DATE], "X-A": ["\u00fc"]}})), "x-a") == ["\xfc"]
    assert values(one(going({"headers": {"Date": [DATE], "X-A": ["\u00fc"]}})), "x-a") == ["\xc3\xbc"]
    found, = read(RUBY.replace("- a=1", "- \u00fc"))
    assert values(found, "set-cookie") == ["\xc3\xbc", "b=2"]


def test_what_r_records() -> None:
    found, = read(f"""http_interactions:
- request:
    method: get
    uri: https://a.example/get
    body:
      encoding: ''
      string: ''
    headers:
      Accept: application/json, text/xml
  response:
    status:
      status_code: 200
      category: Success
      reason: OK
    headers:
      status: HTTP/1.1 200 OK
      date: {DATE}
      set-cookie: a=1
    body:
      encoding: UTF-8
      file: no
      string: abc
  recorded_at: 2018-04-03 22:15:16 GMT
  recorded_with: vcr/0.1.0, webmockr/0.2.4, crul/0.5.2
""")
    assert (found.request.method, found.response.status, found.response.content) == ("GET", 200, b"abc")
    assert values(found, "status") == []
    assert not knows(found, "lines")


def test_tags_of_ruby_are_data() -> None:
    """What VCR wrote before 2.0."""
    found, = read(f"""---
- !ruby/struct:VCR::HTTPInteraction
  request: !ruby/struct:VCR::Request
    method: :get
    uri: http://a.example:80/
    body: !!null
    headers:
  response: !ruby/struct:VCR::Response
    status: !ruby/struct:VCR::ResponseStatus
      code: 200
      message: OK
    headers:
      date:
      - {DATE}
    body: abc
    http_version: "1.1"
""")
    assert found.request.method == "GET"
    assert found.response.content == b"abc"
    assert recognised("---\n- !ruby/struct:VCR::HTTPInteraction\n  request:") == "cassette"


# -- betamax

def betamax(headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    return {"request": {"body": {"encoding": "utf-8", "string": ""}, "headers": {"Accept": ["*/*"]}, "method": "GET",
                        "uri": "https://a.example/"},
            "response": {"body": body, "headers": {"Date": [DATE]} | headers, "status": {"code": 200, "message": "OK"},
                         "url": "https://a.example/"}, "recorded_at": "2026-03-01T12:00:00"}


def read_betamax(headers: dict[str, Any], body: dict[str, Any]) -> Exchange:
    found, = read(json.dumps({"http_interactions": [betamax(headers, body)], "recorded_with": "betamax/0.9.0"}))
    assert isinstance(found, Exchange)
    return found


def test_what_betamax_records() -> None:
    found = read_betamax({"Content-Length": ["3"]}, {"encoding": "utf-8", "string": "abc"})
    assert knows(found, "content", "octets", "size", "lines")
    assert not knows_any(found, "time", "version", "reason")
    packed = gzip.compress(b"abc", mtime=0)
    coded = {"encoding": "utf-8", "base64_string": base64.b64encode(packed).decode(), "string": ""}
    found = read_betamax({"Content-Encoding": ["gzip"]}, coded)
    assert found.response.content == packed
    assert knows(found, "content", "octets")
    assert read_betamax({}, {"encoding": "ISO-8859-1", "string": "\u00fc"}).response.content == b"\xfc"
    assert read_betamax({}, {"encoding": "utf-16", "string": "abc"}).response.content is None


def test_lines_that_old_releases_have_joined_are_none() -> None:
    found = read_betamax({"Set-Cookie": "a=1; Expires=Sun, 01 Mar 2026 12:00:00 GMT, b=2"}, {"string": "abc"})
    assert not knows(found, "lines")
    judged, = Linter(profile="strict").lint_all([found])
    assert [finding.rule_id for finding in judged.findings if finding.severity == "error"] == []


# -- go-vcr

def going(response: dict[str, Any], request: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    asked = {"body": "", "form": {}, "headers": {}, "url": "http://a.example/", "method": "GET"}
    answered = {"body": "abc", "headers": {"Date": [DATE]}, "status": f"{status} Fine", "code": status}
    return {"request": asked | (request or {}), "response": answered | response}


def test_what_go_records() -> None:
    later = {"proto": "HTTP/1.1", "uncompressed": False, "headers": {"Date": [DATE], "Content-Length": ["3"]}}
    found = one(going(later), version=2)
    assert (found.response.version, found.response.reason) == ("1.1", "Fine")
    assert found.request is not None
    assert found.request.version == "1.1"
    assert knows(found, "octets", "size", "content", "version", "reason", "lines", "request_fields", "request_version")
    assert knows(one(going({"proto": "HTTP/2.0"}), version=2), "version")
    assert not knows(one(going({"proto": "HTTP/2.0"}), version=2), "reason"), "HTTP/2 has none: Go writes one"
    first = one(going({"headers": {"Date": [DATE]}}))
    assert not knows_any(first, "version", "reason", "octets", "size")
    assert first.evidence.response_gaps >= {"content-encoding", "content-length", "transfer-encoding"}


def test_what_go_has_decoded_was_coded() -> None:
    found = one(going({"proto": "HTTP/1.1", "uncompressed": True}), version=2)
    assert found.response.content == b"abc"
    assert knows(found, "content")
    assert not knows_any(found, "octets", "size")
    assert found.evidence.response_gaps >= {"content-encoding", "content-length"}


def test_what_go_has_not_decoded_was_not_coded() -> None:
    found = one(going({"proto": "HTTP/1.1", "uncompressed": False, "transfer_encoding": ["chunked"]}), version=2)
    assert "content-encoding" not in found.evidence.response_gaps
    assert "content-length" in found.evidence.response_gaps


def test_what_go_adds_was_not_sent() -> None:
    headers = {"Date": [DATE], "Pragma": ["no-cache"], "Cache-Control": ["no-cache"]}
    found = one(going({"proto": "HTTP/1.1", "headers": headers}))
    assert values(found, "cache-control") == []
    assert "cache-control" in found.evidence.response_gaps


def test_a_middleware_records_what_an_application_gave() -> None:
    found = one(going({"proto": "HTTP/1.1", "content_length": -1}, {"request_uri": "/request1", "host": ""}))
    assert not knows_any(found, "response_fields", "version", "reason")


def test_what_came_in_no_version_was_made_up() -> None:
    found, = read(json.dumps({"version": 2, "interactions": [going({"proto": ""})]}))
    assert isinstance(found, Skipped)
    assert found.category == SYNTHETIC


# -- what is no exchange

@pytest.mark.parametrize(("interaction", "category"), [
    ({}, UNREADABLE), ({"request": {}}, NO_RESPONSE), ({"request": [], "response": {}}, UNREADABLE),
    (taped({"status": {}}), UNREADABLE), (taped({"status": {"code": 10 ** 9}}), UNREADABLE),
    (taped({"status": {"code": True}}), UNREADABLE), (taped({"status": None}), UNREADABLE),
    (taped(request={"uri": None}), UNREADABLE), (taped(request={"uri": "ftp://a/"}), NOT_HTTP),
    (taped(request={"uri": "a.example"}), UNREADABLE),
    (taped(request={"method": None}), UNREADABLE), (taped(request={"method": {}}), UNREADABLE),
    ({"request": taped()["request"], "response": None}, NO_RESPONSE),
])
def test_what_is_no_exchange_is_skipped_with_the_reason(interaction: Any, category: str) -> None:
    found = read(json.dumps({"version": 1, "interactions": [interaction, taped()]}))
    assert [type(each) for each in found] == [Skipped, Exchange]
    assert found[0].category == category


@pytest.mark.parametrize("odd", [None, 0, -1, 1.5, True, "x", [], {}, [[]], [None], {"a": None}, {"": [[]]},
                                 [["a", {}]], {"Date": {"a": "b"}}, "\ud800", 10 ** 400])
def test_wrong_types_anywhere_do_no_harm(odd: Any) -> None:
    for part in ("status", "headers", "body", "code", "proto", "http_version", "content"):
        assert len(read(json.dumps({"version": 1, "interactions": [taped({part: odd}), taped()]}))) == 2
    for part in ("method", "uri", "headers", "body", "host", "port", "request_uri"):
        assert len(read(json.dumps({"version": 1, "interactions": [taped(request={part: odd}), taped()]}))) == 2


def test_a_placeholder_for_the_host_leaves_the_path() -> None:
    found = one(taped(request={"uri": "<<MANAGE_ENDPOINT>>/manage/v1?a=b#c"}))
    assert found.request is not None
    assert found.request.target == "/manage/v1?a=b"


# -- the texts

def recognised(text: str | bytes) -> str:
    octets = text if isinstance(text, bytes) else text.encode("utf-8")
    return next(reader.name for reader in READERS if reader.recognises(Start(octets[:4096])))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
def test_what_was_recorded_is_recognised(path: Path) -> None:
    assert recognised(path.read_bytes()) == "cassette"


def test_what_sorts_its_names_is_recognised() -> None:
    assert recognised(json.dumps({"interactions": [taped()], "version": 1}, sort_keys=True)) == "cassette"
    assert recognised(json.dumps({"interactions": [taped()]})[:150]) == "cassette"


@pytest.mark.parametrize("text", [
    '{"log": {"entries": [{"request": {}, "response": {}}]}}', '[{"request": {"method": "GET"}, "response": {}}]',
    '{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": [{"request": {}}]}', "a: b\nc: d\n",
    "openapi: 3.1.0\npaths: {}\n", "requests:\n- interactions\n", "- request\n- response\n", "interactions",
    "interactions:\n  a: b\nrequest: 1\n", "interactions: {a: 1}\nversion: 1\n", "interactions:\nversion: 1\n",
])
def test_other_files_are_not_taken_for_cassettes(text: str) -> None:
    assert recognised(text) != "cassette"


def test_a_directory_of_cassettes_is_read(tmp_path: Path) -> None:
    for path in RECORDED:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "package.json").write_text('{"version": "1"}', "utf-8")
    (tmp_path / "compose.yml").write_text("services: {}\n", "utf-8")
    assert [os.path.basename(path) for path in captures([tmp_path])] == sorted(path.name for path in RECORDED)


@pytest.mark.parametrize("text", ["interactions: []\nversion: 1\n", '{"http_interactions": []}', "interactions: []\n"])
def test_an_empty_cassette_has_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", ["a: b\n", '{"a": 1}', "interactions: 5\n", "just words\n"])
def test_what_is_none_is_a_problem(text: str) -> None:
    found, = read(text)
    assert "not a cassette: " in str(found)


def test_packed_cassettes_are_read() -> None:
    assert len(read(gzip.compress(RUBY.encode(), mtime=0))) == 1


def test_without_the_package_cassettes_in_json_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    found, = read(RUBY)
    assert str(found) == f"tape: YAML needs PyYAML: {installation.command('cassettes')}"
    assert isinstance(one_in_json(), Exchange)


def one_in_json() -> object:
    return read(json.dumps({"version": 1, "interactions": [taped()]}))[0]


def test_what_breaks_json_is_told_and_the_next_interaction_is_read() -> None:
    text = json.dumps({"version": 1, "interactions": [taped(), "BREAK", taped()]}).replace('"BREAK"', '{"request": {]}')
    found = read(text)
    assert [type(each) for each in found] == [Exchange, Problem, Exchange]
    assert found[2].source.entry == 2


def test_what_breaks_yaml_is_told_with_its_place() -> None:
    text = yaml.safe_dump({"interactions": [taped(), taped()], "version": 1})
    found = read(text.replace("version: 1", "\tversion: ]"))
    assert [type(each) for each in found] == [Exchange, Problem]
    assert found[1].line == text.count("\n")
    assert found[1].cause.endswith("; what follows is not read")


@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "Python"])
@pytest.mark.parametrize(("item", "told"), [
    ("!!python/object/apply:os.system ['true']", "it holds an object of Python (!!python/object/apply:os.system)"),
    ("!!python/name:os.system ''", "it holds an object of Python"), ("*nothing", "*nothing names nothing"),
    ("{a: 1, a: 2}", "the key 'a' is there twice"), ("{a: !!binary 'x'}", "!!binary without base64"),
    ("[" * 510 + "]" * 510, "nested deeper than 500"),
])
def test_what_is_refused_is_one_interaction(item: str, told: str, pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if pure:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    rest = yaml.safe_dump([taped()], default_flow_style=None, width=1000)
    found = read(f"interactions:\n- {item}\n{rest}version: 1\n")
    assert [type(each) for each in found] == [Skipped, Exchange]
    assert told in found[0].reason


def test_nothing_is_made_of_a_tag(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    for tag in (f"!!python/object/apply:os.mkdir ['{proof}']", f"!!python/object/new:os.mkdir ['{proof}']",
                f"!ruby/object:Kernel {{mkdir: '{proof}'}}"):
        read(f"interactions:\n- request: {tag}\n  response: {tag}\nversion: 1\n")
    assert not proof.exists()


@pytest.mark.parametrize("tag", ["!!binary", "!binary", "!!python/bytes"])
def test_octets_may_be_tagged_in_several_ways(tag: str) -> None:
    found, = read("interactions:\n- request: {method: GET, uri: 'http://a.example/', headers: {A: [b]}}\n"
                  f"  response: {{status: {{code: 200}}, headers: {{Date: ['{DATE}']}}, body: {tag} '/GJj'}}\n")
    assert found.response.content == b"\xfcbc"


def test_contents_that_were_streams_are_not_refused() -> None:
    found, = read("interactions:\n- request:\n    method: POST\n    uri: http://a.example/\n    headers: {A: [b]}\n"
                  "    body: !!python/object/new:_io.BytesIO\n      state: !!python/tuple [!!binary YQ==, 0, null]\n"
                  f"  response: {{status: {{code: 200}}, headers: {{Date: ['{DATE}']}}, body: {{string: abc}}}}\n")
    assert isinstance(found, Exchange)


def test_an_alias_stands_for_what_an_earlier_interaction_named() -> None:
    found = read("interactions:\n- request: &asked {method: GET, uri: 'http://a.example/', headers: {A: [b]}}\n"
                 f"  response: &answered {{status: {{code: 200}}, headers: {{Date: ['{DATE}']}}, body: abc}}\n"
                 "- {request: *asked, response: *answered}\n")
    assert shown(found[0]) == shown(found[1])


def test_aliases_do_not_multiply() -> None:
    """What is known as billion laughs: the sum of what all aliases stand for is bounded."""
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"] + [
        f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 12)]
    found = read("\n".join([*bomb, "interactions:", "- request: {method: GET, uri: 'http://a.example/', headers: *a11}",
                            "  response: {status: {code: 200}, headers: *a11}", *([
                                "- {request: {}, response: {status: {code: 200}}}"] * 2)]))
    assert len(found) == 3
    assert {type(each) for each in found} == {Skipped}


def test_many_small_interactions_are_each_told() -> None:
    assert len(read("interactions:\n" + "- {}\n" * 5000)) == 5000
    assert len(read('{"version": 1, "interactions": [' + ", ".join(["{}"] * 5000) + "]}")) == 5000


class Endless:
    """A stream of interactions without an end, of which what was read is counted."""

    def __init__(self, begin: bytes, item: bytes) -> None:
        self.count, self._ahead, self._item = 0, begin, item

    def read(self, size: int) -> bytes:
        while len(self._ahead) < size:
            self._ahead += self._item
        octets, self._ahead = self._ahead[:size], self._ahead[size:]
        self.count += size
        return octets


@pytest.mark.parametrize(("begin", "item"), [
    (b"interactions:\n", b"- {request: {method: GET, uri: 'http://a.example/'}, response: {status: {code: 200}}}\n"),
    (b'{"version": 1, "interactions": [{}', b', {"request": {"method": "GET", "uri": "http://a.example/"}, "response": '
                                           b'{"status": {"code": 200}}}'),
], ids=["YAML", "JSON"])
def test_interactions_are_read_one_by_one(begin: bytes, item: bytes) -> None:
    stream = Endless(begin, item)
    reading = cassettes.read(stream, path="tape")  # type: ignore[arg-type]
    for _ in range(1000):
        next(reading)
    assert stream.count < 1000 * len(item) + (1 << 20)


@pytest.mark.parametrize(("begin", "pure"), [("[" * 100_000, False), ("{a: " * 100_000, False), ("- " * 100_000, False),
                                             ("{a: " * 100_000, True)])
def test_what_is_nested_too_deep_ends_the_text(begin: str, pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if pure:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    found = read(f"interactions:\n- {begin}")
    assert all(isinstance(each, (Skipped, Problem)) for each in found)
    assert isinstance(found[-1], Problem)


TEXTS = {path.name: path.read_bytes()[:12_000] for path in RECORDED}


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_whatever_is_done_to_a_cassette_something_is_said(name: str, data: st.DataObject) -> None:
    text = TEXTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 40))
        text = text[:at] + data.draw(st.binary(max_size=3) | st.sampled_from(
            [b"{", b"]", b"&a ", b"*a", b"!!binary ", b"'", b"\n", b"- ", b"<<: ", b"\\ud800"])) + text[at + cut:]
    found = read(text)
    assert found, "nothing was said of it"
    numbers = [each.source.entry for each in found if not isinstance(each, Problem)]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.name)
def test_what_breaks_off_is_told_behind_what_was_read(path: Path) -> None:
    """YAML may be whole where it breaks off; then the interaction is not."""
    octets = path.read_bytes()
    whole = read(octets)
    assert {type(each) for each in whole} == {Exchange}
    cut = read(octets[:octets.index(b'"', len(octets) // 2) + 2])
    assert isinstance(cut[-1], (Problem, Skipped))
    assert 5 < len(cut) < len(whole)


def tape(*bodies: bytes) -> bytes:
    """A cassette of vcrpy with these octets between quotes, one after the other."""
    return b"version: 1\ninteractions:\n" + b"".join(
        b"- request: {method: GET, uri: http://a.example/x, body: null, headers: {}}\n  response:\n"
        b"    status: {code: 200, message: OK}\n    headers: {Date: ['" + DATE.encode() + b"']}\n"
        b"    body: {string: '" + body + b"'}\n" for body in bodies)


@pytest.mark.parametrize("octets", [b"\xff", b"\0", b"\x1b[31m", b"\xc3", b"\xed\xa0\x80", b"\xc2\x9b"],
                         ids=["no UTF-8", "NUL", "escape", "half a character", "surrogate", "C1"])
@pytest.mark.parametrize("ahead", [0, 70_000])
def test_an_octet_that_yaml_does_not_have_costs_its_interaction_alone(octets: bytes, ahead: int) -> None:
    before, harmed, after = read(tape(b"a" * ahead, b"x" + octets + b"y", "\u00e9\ufffd".encode()[:2]))
    assert isinstance(before, Exchange)
    assert isinstance(harmed, Skipped)
    assert (harmed.category, harmed.source.line) == (UNREADABLE, 8)
    assert "no UTF-8" in harmed.reason
    assert isinstance(after, Exchange)


class Drops(io.BytesIO):
    """A stream that gives few octets at once."""

    def __init__(self, octets: bytes, size: int) -> None:
        super().__init__(octets)
        self.size = size

    def read1(self, size: int | None = -1) -> bytes:
        return super().read1(self.size)


@given(st.text(st.characters(min_codepoint=0xA0, exclude_categories=["Cs", "Cn"]), min_size=1), st.integers(1, 5))
def test_a_text_is_the_same_in_drops(text: str, size: int) -> None:
    octets = tape(text.encode(), b"b")
    whole, drops = read(octets), list(cassettes.read(Drops(octets, size), path="tape"))
    assert [shown(found) for found in drops] == [shown(found) for found in whole]
    assert len(drops) == 2
