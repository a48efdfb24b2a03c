"""Reports of Hurl, in the shape in which its version 6 writes them; it does not install where the fixtures are made."""
from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import hurl, reading
from httplint.capture.outcome import Problem, Skipped
from httplint.model.evidence import REASONS
from httplint.model.exchange import Exchange

NEVER = {"wire", "interim", "trailers", "target", "reason", "request_version", "request_content"}
CONTENT = {"content", "octets", "size"}
BODY = "5f4f4f0e-7a51-4b5e-9d4b-0d3c3f8f8f0a_response.json"


SENT = (("Host", "localhost:8000"), ("Accept", "*/*"), ("User-Agent", "hurl/6.1.1"))


def call(*lines: tuple[str, str], status: int = 200, version: str = "HTTP/1.1", body: str | None = None,
         asked: tuple[tuple[str, str], ...] = SENT) -> dict[str, Any]:
    answered = {"cookies": [], "headers": [{"name": name, "value": value} for name, value in lines],
                "http_version": version, "status": status}
    return {"request": {"cookies": [], "headers": [{"name": name, "value": value} for name, value in asked],
                        "method": "GET", "query_string": [], "url": "http://localhost:8000/captures?a=b#c"},
            "response": answered | ({"body": body} if body else {}),
            "timings": {"app_connect": 0, "begin_call": "2025-03-01T12:00:00.500000Z", "connect": 201,
                        "end_call": "2025-03-01T12:00:00.502000Z", "name_lookup": 52, "pre_transfer": 220,
                        "start_transfer": 1400, "total": 1500}}


def ran(*calls: Any, cookies: int = 0) -> dict[str, Any]:
    cookie = {"domain": "localhost", "expires": "0", "https": "FALSE", "include_subdomain": "FALSE", "name": "a",
              "path": "/", "value": "b"}
    entry = {"asserts": [{"line": 2, "success": True}], "calls": list(calls), "captures": [],
             "curl_cmd": "curl 'http://localhost:8000/captures'", "index": 1, "line": 1, "time": 2}
    return {"cookies": [cookie] * cookies, "entries": [entry], "filename": "a.hurl", "success": True, "time": 3}


def outcomes(*values: Any) -> list[Any]:
    octets = "\n".join(json.dumps(value, separators=(",", ":")) for value in values).encode()
    return list(reading.read(io.BytesIO(octets), path="a.json"))


def lacks(found: Exchange) -> set[str]:
    return {fact for fact in REASONS if not found.evidence.knows(fact)}


def test_what_hurl_prints_as_json() -> None:
    found, = outcomes(ran(call(("Date", "x"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))))
    assert lacks(found) == NEVER | CONTENT
    assert found.response.fields.lines == (("Date", "x"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert (found.response.version, found.response.status, found.started) == ("1.1", 200, 1740830400.5)
    assert found.request.uri == "http://localhost:8000/captures?a=b"
    assert found.request.fields.values("accept") == ["*/*"]
    assert found.source.pointer == "/entries/0/calls/0"


def test_fields_of_an_interim_response_stand_among_those_of_the_response() -> None:
    """libcurl hands them over in one list, so that what stands there twice may have been sent once in each."""
    once, twice, dates = outcomes(ran(call(("Server", "a"), ("Date", "x")), call(("Server", "a"), ("server", "a")),
                                      call(("Date", "x"), ("Link", "</a>"), ("date", "y"))))
    assert lacks(once) == NEVER | CONTENT
    assert lacks(twice) == NEVER | CONTENT | {"repeats"}
    assert dates.response.fields is None


def test_an_object_for_each_file_and_a_call_for_each_redirect() -> None:
    found = outcomes(ran(call(status=301), call()), ran(call(status=404)), ran())
    assert [one.response.status for one in found] == [301, 200, 404]
    assert [one.source.entry for one in found] == [0, 1, 2]
    listed = outcomes([ran(call()), ran(call(status=204), cookies=100)])
    assert [one.source.pointer for one in listed] == ["/0/entries/0/calls/0", "/1/entries/0/calls/0"]
    assert len(outcomes([ran(call(), cookies=100)])) == 1


def test_contents_of_a_report(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / BODY).write_bytes(b"\x1f\x8bxyz")
    (tmp_path / "secret").write_bytes(b"secret")
    names = f"store/{BODY}", "store/missing", "store/../secret", "secret", "/etc/hostname", "store/", "store/a\0"
    calls = [call(("Content-Encoding", "gzip"), body=name) for name in names]
    (tmp_path / "report.json").write_text(json.dumps([ran(*calls)]), "utf-8")
    first, *others = reading.read(str(tmp_path / "report.json"))
    assert isinstance(first, Exchange)
    assert first.response.content == b"\x1f\x8bxyz", "as it came, with its coding"
    assert lacks(first) == NEVER
    assert all(isinstance(one, Exchange) and one.response.content is None for one in others)
    assert list(reading.captures([str(tmp_path)])) == [str(tmp_path / "report.json")]


def test_what_calls_do_not_prove() -> None:
    later, = outcomes(ran(call(version="HTTP/2")))
    assert "name_case" in lacks(later)
    text, = outcomes(ran(call(("X-A", "caf\u00e9"))))
    assert "exact" in lacks(text)
    trailed, = outcomes(ran(call(("Trailer", "ETag, X-A"), ("ETag", "a"), ("X-B", "b"))))
    assert trailed.response.fields.lines == (("Trailer", "ETag, X-A"), ("X-B", "b"))
    assert trailed.evidence.response_gaps == {"etag", "x-a"}
    twice, = outcomes(ran(call(("A", "b"), asked=(("Host", "a"), ("Host", "a"), ("Authorization", "***")))))
    assert {"response_fields", "request_fields", "lines", "exact"} <= lacks(twice)
    masked, = outcomes(ran(call(("Set-Cookie", "a=***"))))
    assert masked.evidence.response_gaps == {"set-cookie"}
    old = call()
    old["response"]["httpVersion"] = old["response"].pop("http_version")
    assert outcomes(ran(old))[0].response.version == "1.1"


@pytest.mark.parametrize("broken", [
    5, None, {}, {"request": {}, "response": []}, {"response": {"status": "200"}}, {"response": {"status": 1e99}},
])
def test_what_is_no_exchange_is_skipped(broken: Any) -> None:
    found = outcomes(ran(broken, call()))
    assert [type(one) for one in found] == [Skipped, Exchange]


@pytest.mark.parametrize("broken", [
    {"request": 5, "response": {"status": 200, "headers": 5}, "timings": []},
    {"request": {"method": 5, "url": []}, "response": {"status": 200, "headers": [5, {}, {"name": 5}], "body": 5}},
    {"request": {"method": "GET", "url": "\ud800"}, "response": {"status": 200, "headers": [{"name": "\ud800",
                                                                                             "value": None}]}},
    {"response": {"status": 200, "http_version": ["HTTP/1.1"]}, "timings": {"begin_call": 5}},
])
def test_hostile_calls_are_read_as_far_as_they_go(broken: Any) -> None:
    first, second = outcomes(ran(broken, call()))
    assert isinstance(first, Exchange)
    assert isinstance(second, Exchange)


@given(st.data())
def test_whatever_is_changed_the_others_are_read(data: st.DataObject) -> None:
    octets = "\n".join(json.dumps(ran(*[call(("A", "b"))] * 4)) for _ in range(3)).encode()
    at = data.draw(st.integers(0, len(octets)))
    change = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"null"]))
    changed = octets[:at] + change + octets[at + data.draw(st.integers(0, 20)):]
    found = list(hurl.read(io.BytesIO(changed), path="a"))
    assert all(isinstance(one, Exchange | Skipped | Problem) for one in found)
    assert len([one for one in found if isinstance(one, Exchange)]) >= 3 or any(
        isinstance(one, Problem) for one in found)


@pytest.mark.parametrize("value", [
    {"log": {"entries": [{"calls": []}]}}, {"entries": [{"request": {}, "response": {}}]},
    {"cookies": [], "origins": []},
])
def test_what_is_not_of_hurl(value: Any, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value), "utf-8")
    assert reading.recognised(str(tmp_path / "a.json")) != "Hurl report"


REQUESTS = (
    "### Get\nGET http://localhost:8080/a\nAccept: application/json\n\n> {% client.log('x') %}\n",
    "GET http://localhost:8080/a HTTP/1.1\nAccept: application/json\n\n###\nPOST http://localhost:8080/b HTTP/1.1\n",
    "# comment\n@host = http://a.example\n\nGET {{host}}/a\n",
    "// @name x\r\nGET http://a.example/a HTTP/1.1\r\n",
    "GET https://a.example\nHTTP 200\n[Asserts]\nheader \"x\" == \"y\"\n",
    "GET https://a.example\nHTTP/1.1 200\n[Captures]\nx: header \"y\"\n",
    "POST http://localhost:8080/auth\nContent-Type: application/json\n\n{\"a\":1}\n\n<> 2024-11-06T151919.200.json\n",
)


@pytest.mark.parametrize("text", REQUESTS)
def test_requests_without_responses_are_named(text: str, tmp_path: Path) -> None:
    problem, = reading.read(io.BytesIO(text.encode()), path="a.http")
    assert isinstance(problem, Problem)
    assert "requests for an HTTP client to send, without responses" in problem.cause
    assert "--report-json" in problem.cause
    assert ("contents without their fields" in problem.cause) == ("<> " in text)
    (tmp_path / "a.http").write_text(text, "utf-8")
    assert list(reading.captures([str(tmp_path)])) == []


@pytest.mark.parametrize("text", [
    "HTTP/1.1 200 OK\nDate: Sun, 01 Mar 2026 12:00:00 GMT\nContent-Length: 7\n\n### a\nb",
    "HTTP/1.1 200 OK\r\nDate: Sun, 01 Mar 2026 12:00:00 GMT\r\nContent-Length: 8\r\n\r\n{\r\n \r\n}",
    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n### a\r\nHTTP/1.1 204 No Content\r\nDate: x\r\n\r\n",
])
def test_a_response_that_was_saved_is_read(text: str, tmp_path: Path) -> None:
    """As an extension of an editor saves it, and what passed over a connection, whatever its contents look like."""
    (tmp_path / "a.http").write_bytes(text.encode())
    found, = [one for path in reading.captures([str(tmp_path)]) for one in reading.read(path)]
    assert isinstance(found, Exchange)
    assert found.response.fields is not None
    assert "date" in found.response.fields
