"""Results of newman. What it writes of what was told by runs of newman 6.2.2 and reading postman-runtime 7.39."""
from __future__ import annotations

import gzip
import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import newman, reading
from httplint.capture.outcome import Problem, Skipped
from httplint.library import Linter
from httplint.model.exchange import Exchange

RECORDED = Path(__file__).parents[2] / "fixtures" / "captures" / "newman.json"
URL = {"protocol": "http", "port": "8765", "path": ["plain"], "hash": "top", "host": ["127", "0", "0", "1"],
       "query": [{"key": "x", "value": "a%20b"}, {"key": "flag", "value": None}], "variable": []}
FIELDS = [{"key": "Server", "value": "BaseHTTP/0.6"}, {"key": "Set-Cookie", "value": "a=1"},
          {"key": "Set-Cookie", "value": "b=2"}, {"key": "X-b", "value": "two"}]
SENT = [{"key": "X-Off", "value": "1", "disabled": True}, {"key": "Host", "value": "127.0.0.1:8765", "system": True},
        {"key": "Accept-Encoding", "value": "gzip, deflate, br", "system": True}]
ALWAYS = {"wire", "interim", "trailers", "target", "version", "request_version", "reason", "time"}


REFS = itertools.count()


def execution(code: Any = 200, content: bytes = b"ok", header: Any = FIELDS, ref: str = "", **more: Any) -> Any:
    """One, as newman writes it."""
    made = {"cursor": {"ref": ref or f"ref-{next(REFS)}", "iteration": 0},
            "item": {"id": "1", "name": "plain", "response": []},
            "request": {"url": URL, "header": SENT, "method": "GET"},
            "response": {"id": "2", "status": "OK", "code": code, "header": header,
                         "stream": {"type": "Buffer", "data": list(content)}, "cookie": [], "responseTime": 29,
                         "responseSize": len(content)}, "id": "1"}
    return made | more


def result(*executions: Any, **more: Any) -> bytes:
    """A file of the JSON reporter, laid out as it is."""
    return json.dumps({"collection": {"item": [{"name": "a", "response": [{"code": 500, "header": []}]}], "event": []},
                       "environment": {}, "globals": {},
                       "run": {"stats": {}, "executions": list(executions), "failures": []}} | more, indent=2).encode()


def read(octets: bytes) -> list[Any]:
    return list(reading.read(io.BytesIO(octets), path="run.json"))


def one(*executions: Any) -> Exchange:
    exchange, = read(result(*executions))
    assert isinstance(exchange, Exchange), exchange
    return exchange


def test_an_execution() -> None:
    exchange = one(execution())
    request, response = exchange.request, exchange.response
    assert request is not None
    assert (request.method, request.uri, request.content) == ("GET", "http://127.0.0.1:8765/plain?x=a%20b&flag", b"")
    assert list(request.fields or ()) == [("Host", "127.0.0.1:8765"), ("Accept-Encoding", "gzip, deflate, br")]
    assert (response.status, response.version, response.reason, response.content) == (200, None, None, b"ok")
    assert list(response.fields or ()) == [(line["key"], line["value"]) for line in FIELDS]
    assert exchange.duration == 0.029
    assert set(exchange.evidence.missing(-1)) == ALWAYS | {"pair", "resource"}
    assert exchange.evidence.response_gaps == frozenset()
    assert exchange.evidence.request_gaps == {"content-length", "content-type", "expect", "referer",
                                              "transfer-encoding"}
    source = exchange.source
    assert source is not None
    assert (source.path, source.entry, source.pointer) == ("run.json", 0, "/run/executions/0")
    assert result(execution()).decode().splitlines()[(source.line or 0) - 1] == "      {"
    assert source.column == 7


def test_the_examples_of_the_collection_are_not_results() -> None:
    assert [type(outcome) for outcome in read(result())] == []


@pytest.mark.parametrize(("coding", "known"), [("gzip", True), ("deflate", True), ("br", False), ("zstd", False)])
def test_codings_are_taken_away_from_the_content(coding: str, known: bool) -> None:
    exchange = one(execution(header=[*FIELDS, {"key": "content-encoding", "value": coding},
                                     {"key": "content-length", "value": "32"}]))
    assert exchange.response.content == (b"ok" if known else None)
    assert {"octets", "size"} <= set(exchange.evidence.missing(-1))


@pytest.mark.parametrize("data", [[1, 256], [-1], [True], ["a"], [1.5], "ok", None, {}])
def test_a_content_that_is_none_is_not_known(data: Any) -> None:
    made = execution()
    made["response"]["stream"] = {"type": "Buffer", "data": data}
    assert one(made).response.content is None


def without_redirects(**more: Any) -> Any:
    return execution(item={"name": "a", "protocolProfileBehavior": {"followRedirects": False}}, **more)


def test_what_may_be_behind_redirects_is_no_answer_to_the_request() -> None:
    """newman hands out the first request and the last response; an item may say that it follows none."""
    redirect = execution(302, header=[{"key": "Location", "value": "/final"}])
    told = execution(302, header=[{"key": "Location", "value": "/final"}],
                     item={"protocolProfileBehavior": {"followRedirects": False}})
    always = execution(item={"protocolProfileBehavior": {"followRedirects": True}})
    for executions, pairs in (
            ([execution(), without_redirects(), execution()], [False, True, False]),
            ([execution(), redirect, execution(), always], [False, True, True, False]),   # --ignore-redirects
            ([told, execution(304), execution(300, header=[])], [True, False, False])):
        found = read(result(*executions))
        assert [exchange.evidence.knows("pair") for exchange in found] == pairs
        assert [exchange.evidence.knows("resource") for exchange in found] == pairs


def test_what_only_a_response_over_https_or_of_another_host_may_say_is_no_fault_behind_redirects() -> None:
    header = [*FIELDS, {"key": "Strict-Transport-Security", "value": "max-age=31536000"},
              {"key": "Set-Cookie", "value": "a=b; Domain=www.example.org; Secure"}]
    url = {"protocol": "http", "host": ["example", "org"], "path": [""]}
    request = execution()["request"] | {"url": url, "header": [{"key": "Host", "value": "example.org"}]}
    for make, told in ((execution, set()),
                       (without_redirects, {"strict-transport-security.over-http", "set-cookie.domain-foreign"})):
        found, = Linter().lint_all([one(make(header=header, request=request))])
        assert {finding.rule_id for finding in found.findings} & {
            "strict-transport-security.over-http", "set-cookie.domain-foreign"} == told


def test_what_scripts_asked_is_lost() -> None:
    """Both executions are one object to newman, which holds what came last."""
    first, second, third = read(result(execution(ref="a"), execution(ref="a"), execution(ref="b")))
    assert isinstance(first, Exchange)
    assert isinstance(third, Exchange)
    assert isinstance(second, Skipped)
    assert second.category == "repeated"
    assert "script" in second.reason


@pytest.mark.parametrize(("error", "wanted"), [
    ({"errno": -111, "code": "ECONNREFUSED", "syscall": "connect"}, "no response was captured (ECONNREFUSED)"),
    ({"name": "Error", "message": "\x1b[2J"}, "no response was captured"), ("ECONNREFUSED", "no response was captured"),
    ({"code": "\x1b[2J"}, "no response was captured"), (None, "no response was captured")])
def test_a_request_without_a_response_is_skipped(error: Any, wanted: str) -> None:
    made = execution(requestError=error)
    del made["response"]
    skipped, = read(result(made))
    assert isinstance(skipped, Skipped)
    assert (skipped.category, skipped.reason) == ("no-response", wanted)


@pytest.mark.parametrize("code", [None, "", "ok", 0, -1, 1000, 1e3, True, [200]])
def test_no_status_code_no_exchange(code: Any) -> None:
    assert [type(outcome) for outcome in read(result(execution(code)))] == [Skipped]


def test_a_status_code_of_many_digits() -> None:
    octets = result(execution(999)).replace(b'"code": 999', b'"code": 1' + b"0" * 5000)
    assert [type(outcome) for outcome in read(octets)] == [Skipped]


@pytest.mark.parametrize(("body", "length", "wanted"), [
    ({"mode": "raw", "raw": '{"a": "é"}'}, "11", '{"a": "é"}'.encode()), ({"mode": "raw", "raw": "{{x}}"}, "1", None),
    ({"mode": "raw", "raw": "ab"}, None, None), ({"mode": "urlencoded", "urlencoded": []}, "2", None),
    ({"mode": "file", "raw": "ab"}, "2", None),
    (None, None, b""), ({}, "0", b""), (None, "2", None), ([1], "2", None), ({"mode": "raw", "raw": 1}, "1", None)])
def test_the_content_of_a_request(body: Any, length: str | None, wanted: bytes | None) -> None:
    header = [] if length is None else [{"key": "Content-Length", "value": length}]
    request = one(execution(request={"url": URL, "header": header, "method": "PUT", "body": body})).request
    assert request is not None
    assert request.content == wanted


def test_what_breaks_off_is_told_and_what_stands_before_is_read() -> None:
    octets = result(execution(), execution(201), execution(202))
    first, problem = read(octets[:octets.index(b'"code": 201')])
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert "breaks off" in problem.cause


def test_what_stands_behind_a_break_is_read() -> None:
    octets = result(execution(), execution(201), execution(202), execution(203))
    first, problem, third, fourth = read(octets.replace(b'"code": 201', b'"code": x'))
    assert [each.response.status for each in (first, third, fourth)] == [200, 202, 203]
    assert isinstance(problem, Problem)
    assert "read again from line" in problem.cause
    assert [each.source.entry for each in (first, third, fourth)] == [0, 2, 3]
    assert third.source.pointer is None


def test_a_break_before_the_executions() -> None:
    """They are looked for within the `run`, whose members they are."""
    octets = result(execution(), execution(201)).replace(b'"stats": {}', b'"stats": x')
    problem, *found = read(octets)
    assert isinstance(problem, Problem)
    assert [each.response.status for each in found] == [200, 201]


@pytest.mark.parametrize("octets", [
    b'{"collection": {"item": []}}', b'{"collection": {"item": []}, "run": []}', b'{"collection": {"item": []',
    b'{"collection": {"item": []}, "run": {"executions": {}}}', result() + b"x",
    b'{"collection": {"item": []}, "run": {}, "environment": ' + b"[" * 100_000])
def test_what_is_no_result_is_a_problem(octets: bytes) -> None:
    assert [type(outcome) for outcome in read(octets)] == [Problem]


@pytest.mark.parametrize("made", [
    None, [], "x", {}, {"response": []}, {"response": {"code": 200}}, {"response": {"code": 200, "header": {}}},
    {"response": {"code": 200, "header": [None, 1, [], {}, "A: b", "colon", ": x", {"key": 1, "value": 2}]}},
    {"response": {"code": 200, "header": [{"key": "a\udc80", "value": "\udfff\u20ac"}]}},
    {"response": {"code": 200, "stream": 1}, "request": {"url": {"host": 1, "path": {}, "query": 5, "variable": 7}}},
    {"response": {"code": 200}, "request": 5, "item": [], "cursor": []},
    {"response": {"code": 200, "responseTime": 1e400}, "request": {"url": "http://\udfffa", "method": "\udfff"}}])
def test_nothing_is_raised_whatever_stands_there(made: Any) -> None:
    octets = result(made, execution(299))
    last = read(octets)[-1]
    assert isinstance(last, Exchange)
    assert last.response.status == 299
    assert last.source is not None
    assert last.source.entry == 1


def test_an_entry_that_is_too_deep_is_skipped() -> None:
    octets = result("here", execution()).replace(b'"here"', b"[" * 100_000 + b"]" * 100_000)
    skipped, exchange = read(octets)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "the entry is nested too deeply"
    assert isinstance(exchange, Exchange)


def test_a_byte_order_mark_gzip_and_utf_16() -> None:
    for octets in (b"\xef\xbb\xbf" + result(execution()), gzip.compress(result(execution())),
                   result(execution()).decode().encode("utf-16")):
        assert [type(outcome) for outcome in read(octets)] == [Exchange]


def test_a_recorded_run() -> None:
    found = read(RECORDED.read_bytes())
    assert len(found) == 50
    assert all(isinstance(outcome, Exchange) for outcome in found)
    assert sum(outcome.evidence.knows("pair") for outcome in found) > 30, "the run did not follow redirects"


@given(st.data())
def test_a_mutilated_run_loses_nothing_silently(data: st.DataObject) -> None:
    """Whatever is cut out of a file: each execution comes out, or something is said."""
    octets = result(*(execution(200 + number, ref=str(number)) for number in range(4)))
    begin = data.draw(st.integers(0, len(octets)))
    end = data.draw(st.integers(begin, min(len(octets), begin + 200)))
    put = data.draw(st.sampled_from([b"", b'"', b"{", b"}", b"]", b"\xff", b"\\", b"1", b"[[[["]))
    found = list(newman.read(io.BytesIO(octets[:begin] + put + octets[end:]), path="f"))
    assert len(found) >= 4 or any(isinstance(outcome, Problem) for outcome in found)


@given(st.binary(max_size=200))
def test_any_octets_are_read_without_a_fault(octets: bytes) -> None:
    list(newman.read(io.BytesIO(b'{"collection": {"item": []}, "run": {"executions": [' + octets), path="f"))
