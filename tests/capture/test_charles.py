"""Sessions of Charles as JSON. No file was met: the form is what published programs read of them."""
from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture import charles, reading
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

ALWAYS = {"wire", "interim", "trailers", "target", "name_case", "size", "reason", "request_content"}


def entry(status: int = 200, fields: tuple[tuple[str, str], ...] = (("Content-Type", "text/plain"),), body: Any = None,
          size: int = 2, coding: str | None = None, **more: Any) -> dict[str, Any]:
    """An entry of a session."""
    return {
        "status": "COMPLETE", "method": "GET", "protocolVersion": "HTTP/1.1", "scheme": "https", "host": "a.example",
        "actualPort": 443, "path": "/b", "query": "c=d", "tunnel": False, "keptAlive": False, "webSocket": False,
        "remoteAddress": "a.example/192.0.2.1", "times": {"start": "2026-09-01T10:00:00.250+00:00"},
        "durations": {"total": 120}, "ssl": {"protocol": "TLSv1.3"},
        "request": {"sizes": {"headers": 60, "body": 0}, "header": {"firstLine": "GET /b?c=d HTTP/1.1", "headers": [
            {"name": "Host", "value": "a.example"}]}},
        "response": {"status": status, "sizes": {"headers": 60, "body": size}, "contentEncoding": coding, "header": {
            "firstLine": "HTTP/1.1 200 OK", "headers": [{"name": name, "value": value} for name, value in fields]},
            "body": {"text": "ok", "charset": "UTF-8", "decoded": coding is not None} if body is None else body}} | more


def read(*entries: Any) -> list[Any]:
    return list(reading.read(io.BytesIO(json.dumps(list(entries)).encode()), path="a.chlsj"))


def one(**more: Any) -> Exchange:
    exchange, = read(entry(**more))
    assert isinstance(exchange, Exchange), exchange
    return exchange


def test_an_entry() -> None:
    exchange = one()
    request, response = exchange.request, exchange.response
    assert request is not None
    assert (request.method, request.uri, request.version) == ("GET", "https://a.example/b?c=d", "1.1")
    assert (response.status, response.version, response.content) == (200, "1.1", b"ok")
    assert list(response.fields or ()) == [("Content-Type", "text/plain")]
    assert (exchange.started, exchange.duration) == (1788256800.25, 0.12)
    assert exchange.source is not None
    assert (exchange.source.entry, exchange.source.line, exchange.source.pointer) == (0, 1, "/0")
    assert set(exchange.evidence.missing(-1)) <= ALWAYS | {"lines"}


@pytest.mark.parametrize(("more", "content"), [
    ({"size": 3}, None), ({"coding": "gzip", "fields": (("Content-Encoding", "gzip"),)}, None),
    ({"body": {"encoding": "base64", "encoded": "AAEC"}, "size": 3}, b"\0\1\2"), ({"body": {"encoded": "A"}}, None),
    ({"status": 204, "body": {}, "size": 0}, b""), ({"body": 5}, None)])
def test_contents(more: dict[str, Any], content: bytes | None) -> None:
    exchange = one(**more)
    assert (exchange.response.content if exchange.evidence.knows("content") else None) == content


def test_a_body_that_is_not_complete() -> None:
    made = entry() | {"status": "INCOMPLETE"}
    exchange, = read(made)
    assert not exchange.evidence.knows("content")


def test_http_2() -> None:
    made = entry(protocolVersion="HTTP/2.0", host="other.example")
    made["request"]["header"] = {"headers": [{"name": ":authority", "value": "a.example"},
                                             {"name": ":method", "value": "GET"}]}
    made["response"]["header"]["firstLine"] = "HTTP/2.0 200"
    exchange, = read(made)
    assert exchange.request.uri == "https://a.example/b?c=d"
    assert (exchange.request.version, exchange.response.version) == ("2", "2")


@pytest.mark.parametrize(("port", "uri"), [(8443, "https://a.example:8443/b?c=d"), (443, "https://a.example/b?c=d"),
                                           ("x", "https://a.example/b?c=d")])
def test_ports(port: Any, uri: str) -> None:
    made = entry(actualPort=port, request={"header": {"headers": []}})
    exchange, = read(made)
    assert exchange.request.uri == uri


def test_tunnels_and_failures_are_skipped() -> None:
    first, second, third, fourth = read(entry(method="CONNECT", tunnel=True),
                                        entry(response=None) | {"status": "FAILED"}, entry(scheme=None), entry())
    assert [each.category for each in (first, second, third)] == ["synthetic", "no-response", "unreadable"]
    assert fourth.source.entry == 3


@pytest.mark.parametrize("made", [None, 5, [], {}, {"scheme": "http"}, {"scheme": "http", "request": 5, "response": 5},
                                  {"scheme": "\udfff", "request": {"header": {"headers": [5, {"name": 1}]}}},
                                  {"scheme": "http", "response": {"status": "x", "body": {"text": 5}}}])
def test_nothing_is_raised_whatever_stands_there(made: Any) -> None:
    *_, last = read(entry(), made, entry())
    assert isinstance(last, Exchange)
    assert last.source is not None
    assert last.source.entry == 2


def test_what_stands_behind_a_break_is_read() -> None:
    octets = json.dumps([entry(), entry(201), entry(202)]).encode().replace(b"201", b"x")
    first, problem, third = reading.read(io.BytesIO(octets))
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert isinstance(third, Exchange)


@given(st.binary(max_size=200))
def test_any_octets_are_read_without_a_fault(octets: bytes) -> None:
    list(charles.read(io.BytesIO(b'[{"scheme": "http", "response": {' + octets), path="f"))


def test_an_entry_that_is_none() -> None:
    first, second = read(entry(), "x")
    assert isinstance(first, Exchange)
    assert isinstance(second, Skipped)
