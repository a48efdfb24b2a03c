"""Dump files of mitmproxy, made here as its releases wrote them; the forms are those of its own migrations.

Where mitmproxy is installed, its reader must see the same messages in these files.
"""
from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flow_maker import NOW, connection, state, tnetstring
from hypothesis import given
from hypothesis import strategies as st

from httplint import Linter
from httplint.capture import flows
from httplint.capture.outcome import Problem, Skipped
from httplint.capture.reading import read
from httplint.cli.main import run
from httplint.model.exchange import Exchange, Source

Outcome = Exchange | Skipped | Problem


def outcomes(*states: dict[Any, Any] | bytes) -> list[Outcome]:
    octets = b"".join(one if isinstance(one, bytes) else tnetstring(one) for one in states)
    return list(flows.read(io.BytesIO(octets), path="a.mitm"))


def only(made: dict[Any, Any]) -> Exchange:
    (outcome,) = outcomes(made)
    assert isinstance(outcome, Exchange), outcome
    return outcome


def missing(exchange: Exchange) -> set[str]:
    return set(exchange.evidence.missing(-1))


def test_what_a_flow_shows() -> None:
    fields = ((b"X-Odd", b"caf\xe9"), (b"x-odd", b"two"), (b"Content-Length", b"2"))
    exchange = only(state(fields=fields, response={"reason": b"All right"}))
    assert exchange.request is not None
    assert exchange.request.uri == "http://shop.example/a"
    assert (exchange.request.method, exchange.request.version, exchange.request.content) == ("GET", "1.1", b"")
    response = exchange.response
    assert response.fields is not None
    assert response.fields.lines == (("X-Odd", "caf\xe9"), ("x-odd", "two"), ("Content-Length", "2"))
    assert (response.status, response.version, response.reason) == (200, "1.1", "All right")
    assert (response.content, response.size) == (b"ok", 2)
    assert response.trailers is not None
    assert len(response.trailers) == 0
    assert exchange.started == NOW
    assert exchange.source is not None
    assert (exchange.source.path, exchange.source.entry) == ("a.mitm", 0)
    assert missing(exchange) == {"target", "wire"}
    assert only(state(response={"timestamp_end": NOW + 0.5})).duration == 0.5
    assert only(state(response={"timestamp_end": NOW - 1})).duration is None
    assert only(state(response={"timestamp_end": None})).duration is None


CONTENT = {"content", "octets", "size"}


@pytest.mark.parametrize(("made", "unknown"), [
    # RFC 9112 §6.3: these have no content by definition, so mitmproxy reads none
    (state(204), CONTENT),
    (state(304), CONTENT),
    (state(200, method=b"HEAD", content=b""), CONTENT),
    (state(200, method=b"head", content=b""), CONTENT),
    (state(205), set()),
    (state(204, version=b"HTTP/2.0", asked=b"HTTP/2.0"), {"interim", "reason"}),
    (state(method=b"HEAD", content=b"", version=b"HTTP/2.0", asked=b"HTTP/2.0"), {"interim", "reason"}),
    # an interim response stands in the place of the final one
    (state(103, content=b""), CONTENT | {"interim", "trailers"}),
    (state(101, content=b""), CONTENT | {"interim", "trailers"}),
    # streamed
    (state(content=None), CONTENT),
    (state(fields=((b"Transfer-Encoding", b"gzip, chunked"),)), CONTENT),
    (state(fields=((b"transfer-encoding", b"Chunked"),)), set()),
    (state(fields=((b"Transfer-Encoding", b"gzip"), (b"Transfer-Encoding", b"chunked"))), CONTENT),
    (state(199, content=b""), CONTENT | {"interim", "trailers"}),
    (state(100, content=b""), CONTENT | {"interim", "trailers"}),
    (state(99), set()),
    (state(error="HTTP/1 protocol error: peer closed connection"), CONTENT | {"trailers"}),
    (state(version=b"HTTP/2.0", asked=b"HTTP/2.0"), {"interim", "reason"}),
    (state(version=b"HTTP/3", asked=b"HTTP/3"), {"interim", "reason"}),
    (state(version=b"HTTP/1.2"), {"version", "reason", "interim"}),
    (state(request={"content": None}), {"request_content"}),
    (state(request={"timestamp_start": 0}), {"time"}),
    (state(request={"timestamp_start": 1e11}), {"time"}),
    (state(request={"timestamp_start": True}), {"time"}),
    (state(request={"timestamp_start": 1751371200}), set()),
    (state(asked=b"HTTP/1.2"), {"request_version"}),
    (state(error=""), CONTENT | {"trailers"}),
    (state() | {"error": {"msg": None}}, CONTENT | {"trailers"}),
    (state(is_replay="request"), set()),
    # before mitmproxy 9, what is not in a flow may have been left out
    (state() | {"version": 18}, set()),
    (state() | {"version": 17}, {"interim", "trailers"}),
    (state() | {"version": "21"}, {"interim", "trailers"}),
])
def test_what_is_not_known(made: dict[str, Any], unknown: set[str]) -> None:
    assert missing(only(made)) == unknown | {"target", "wire"}


def test_trailers() -> None:
    exchange = only(state(version=b"HTTP/2.0", asked=b"HTTP/2.0", trailers=[[b"checksum", b"1"]]))
    assert exchange.response.trailers is not None
    assert exchange.response.trailers.lines == (("checksum", "1"),)


def test_the_request_is_the_one_that_the_server_saw() -> None:
    exchange = only(state(asked=b"HTTP/2.0", request={
        "authority": b"shop.example:8080", "headers": [[b"accept", b"*/*"]]}))
    assert exchange.request is not None
    assert exchange.request.fields is not None
    assert exchange.request.version == "1.1"
    assert exchange.request.fields.lines == (("Host", "shop.example:8080"), ("accept", "*/*"))
    assert exchange.request.uri == "http://shop.example:8080/a"
    exchange = only(state(version=b"HTTP/2.0", request={"headers": [
        [b"Host", b"shop.example"], [b"Connection", b"keep-alive"], [b"Accept", b"*/*"]]}))
    assert exchange.request is not None
    assert exchange.request.fields is not None
    assert exchange.request.version == "2"
    assert exchange.request.fields.lines == (("Accept", "*/*"),)
    for version, asked, sent in ((b"HTTP/1.1", b"HTTP/1.0", "1.0"), (b"HTTP/3", b"HTTP/2", "3"),
                                 (b"HTTP/2", b"HTTP/3.0", "2"), (b"HTTP/9", b"HTTP/2.0", "2"),
                                 (b"HTTP/2", b"HTTP/9", "2"), (b"HTTP/1.0", b"HTTP/1.1", "1.1")):
        exchange = only(state(version=version, asked=asked))
        assert exchange.request is not None
        assert exchange.request.version == sent


@pytest.mark.parametrize(("asked", "sent", "lines", "kept"), [
    # what HTTP/2 has no place for (RFC 9113 §8.2.2)
    (b"HTTP/1.1", b"HTTP/2.0", ["Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Host",
                                "TE"], ["TE"]),
    (b"HTTP/2.0", b"HTTP/3", ["connection", "te"], ["connection", "te"]),
    (b"HTTP/1.1", b"HTTP/1.0", ["Connection"], ["Connection"]),
    (b"HTTP/2.0", b"HTTP/1.1", ["host", "te"], ["host", "te"]),
    (b"HTTP/2.0", b"HTTP/1.1", ["te"], ["Host", "te"]),
])
def test_what_mitmproxy_translates(asked: bytes, sent: bytes, lines: list[str], kept: list[str]) -> None:
    exchange = only(state(asked=asked, version=sent, request={
        "authority": b"shop.example", "headers": [[name.encode(), b"x"] for name in lines]}))
    assert exchange.request is not None
    assert [name for name, _ in exchange.request.fields or ()] == kept


def test_a_request_that_names_no_host_is_given_none() -> None:
    exchange = only(state(asked=b"HTTP/2.0", request={"headers": [[b"te", b"x"]]}))
    assert exchange.request is not None
    assert exchange.request.fields is not None
    assert exchange.request.fields.lines == (("te", "x"),)


def test_a_streamed_request_may_have_asked_for_h2c() -> None:
    streamed = only(state(request={"content": None}))
    assert streamed.evidence.request_gaps == {"upgrade", "connection", "http2-settings"}
    assert not only(state()).evidence.request_gaps


@pytest.mark.parametrize(("request_", "uri"), [
    ({"scheme": b"https", "port": 443}, "https://shop.example/a"),
    ({"headers": []}, "http://shop.example/a"),
    ({"headers": [], "port": 81}, "http://shop.example:81/a"),
    ({"headers": [], "host": "::1", "port": 81}, "http://[::1]:81/a"),
    ({"headers": [[b"Host", b"a"], [b"Host", b"b"]]}, "http://shop.example/a"),
    ({"headers": [[b"Host", b"a b/c"]]}, "http://shop.example/a"),
    ({"headers": [[b"Host", b"other.example"]], "authority": b"third.example"}, "http://third.example/a"),
    ({"path": b"*"}, "http://shop.example"),
    ({"path": b""}, "http://shop.example"),
    ({"path": b"?q"}, "http://shop.example?q"),
    ({"path": b"a"}, "http://shop.example/a"),
    ({"scheme": b"HTTPS", "port": 443}, "https://shop.example/a"),
    ({"scheme": b"", "port": 443}, "https://shop.example/a"),
    ({"scheme": b"tcp"}, "http://shop.example/a"),
    ({"headers": [], "host": "::1"}, "http://[::1]/a"),
    ({"headers": [], "port": 65535}, "http://shop.example:65535/a"),
    ({"headers": [], "port": 65536}, "http://shop.example/a"),
    ({"headers": [], "port": 1}, "http://shop.example:1/a"),
    ({"headers": [], "port": 0}, "http://shop.example/a"),
    ({"headers": [], "port": True}, "http://shop.example/a"),
    ({"path": b"/caf\xe9?x=http://y"}, "http://shop.example/caf\xe9?x=http://y"),
])
def test_the_target_uri(request_: dict[str, Any], uri: str) -> None:
    exchange = only(state(request=request_))
    assert exchange.request is not None
    assert exchange.request.uri == uri


@pytest.mark.parametrize(("made", "reason"), [
    (state(response=None) | {"response": None}, "no response was captured"),
    (state(error="[Errno 111] Connect call failed ('127.0.0.1', 1)") | {"response": None},
     "no response: [Errno …] Connect call failed …"),
    (state(error="Cannot parse HTTP response: invalid content-length header: '2, 3'") | {"response": None},
     "mitmproxy refused the response: Cannot parse HTTP response: invalid content-length header: …"),
    (state(error="b'a' \"b\" '' (c) (d 1 b\"e") | {"response": None}, "no response: … … … … …"),
    (state(error="it says 'much") | {"response": None}, "no response: it says …"),
    (state(error="it says \"much") | {"response": None}, "no response: it says …"),
    (state(error="a\n b" + "c" * 300) | {"response": None}, "no response: a b" + "c" * 196),
    (state(error="Received HTTP/2 response") | {"response": None},
     "mitmproxy refused the response: Received HTTP/… response"),
    (state(is_replay="response"), "the response does not come from the server, but from mitmproxy"),
    (state(response={"is_replay": True}), "the response does not come from the server, but from mitmproxy"),
    (state() | {"server_conn": None}, "the response does not come from the server, but from mitmproxy"),
    (state(method=b"connect"), "mitmproxy answers CONNECT by itself"),
    (state(server_conn=connection(timestamp_start=None)),
     "the response does not come from the server, but from mitmproxy"),
    (state(method=b"CONNECT"), "mitmproxy answers CONNECT by itself"),
    ({"type": "tcp", "version": 21, "messages": []}, "a flow of TCP"),
    ({"type": "\x1b[1m\u202e", "version": 21}, "a flow of \\x1b[1M\\u202e"),
    ({"type": "http", "version": 21}, "not a flow: no request"),
    (state(request={"headers": [[b"one"]]}), "not a flow: a field line was expected"),
    (state(status=-1), "not a flow: the status is not a status code"),
    (state(status=10_000), "not a flow: the status is not a status code"),
    (state(status=True), "not a flow: the status is not a status code"),
    (state(request={"headers": None}), "not a flow: field lines were expected"),
    (state(request={"headers": [[b"a", b"b", b"c"]]}), "not a flow: a field line was expected"),
    (state(request={"method": None}), "not a flow: octets were expected"),
    (state(request={"host": 5}), "not a flow: a text was expected"),
])
def test_what_is_no_exchange(made: dict[str, Any], reason: str) -> None:
    (outcome,) = outcomes(made)
    assert isinstance(outcome, Skipped)
    assert outcome.reason == reason


def test_a_response_after_an_interim_one_may_be_the_answer_to_another_request() -> None:
    elsewhere = state(server_conn=connection(id="two"))
    got = outcomes(state(103, content=b""), state(), elsewhere, state(101, server_conn=connection(id="two")), elsewhere)
    assert [isinstance(one, Exchange) for one in got] == [True, False, True, True, True]
    skipped = got[1]
    assert isinstance(skipped, Skipped)
    assert (skipped.category, skipped.reason) == (
        "unreadable", "mitmproxy may have mixed up the responses on a connection after an interim one")
    nameless = connection(id="")                           # who knows whether these are one
    assert all(isinstance(one, Exchange) for one in outcomes(state(103, server_conn=nameless),
                                                             state(server_conn=nameless)))
    for status in (99, 200):
        assert all(isinstance(one, Exchange) for one in outcomes(state(status), state()))
    for status in (100, 199):
        assert isinstance(outcomes(state(status), state())[1], Skipped)


def test_how_many_such_connections_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.Flows, "LIMIT", 2)
    one, two, three = (connection(id=name) for name in ("one", "two", "three"))
    got = outcomes(*(state(103, server_conn=held) for held in (one, two)),
                   state(server_conn=one), state(103, server_conn=three),
                   *(state(server_conn=held) for held in (one, two, three)))
    assert [isinstance(outcome, Exchange) for outcome in got] == [True, True, False, True, True, False, False]


# -- flows in the hands of mitmproxy

def live(made: dict[str, Any]) -> Any:
    """The same flow as mitmproxy holds it (mitmproxy.http.HTTPFlow), as far as it is looked at."""
    def message(held: dict[str, Any]) -> SimpleNamespace:
        def lines(of: Any) -> Any:
            return None if of is None else SimpleNamespace(fields=tuple(map(tuple, of)))

        return SimpleNamespace(data=SimpleNamespace(**held | {
            "headers": lines(held["headers"]), "trailers": lines(held["trailers"])}))

    error, server = made["error"], made["server_conn"]
    return SimpleNamespace(
        request=message(made["request"]), response=message(made["response"]) if made["response"] else None,
        error=SimpleNamespace(**error) if error else None, is_replay=made["is_replay"],
        server_conn=SimpleNamespace(id=server["id"], timestamp_start=server["timestamp_start"]))


@pytest.mark.parametrize("made", [
    state(), state(204), state(103, content=b""), state(content=None), state(error="x"),
    state(request={"content": None}), state(version=b"HTTP/1.2"), state(asked=b"HTTP/2.0", request={"port": 443}),
    state(version=b"HTTP/3", asked=b"HTTP/3", trailers=[[b"a", b"b"]]), state(error="x") | {"response": None},
    state() | {"response": None}, state(method=b"CONNECT"), state(is_replay="response"), state(is_replay="request"),
    state(server_conn=connection(timestamp_start=None)),
    state(request={"authority": b"b.example", "scheme": b"https", "path": b"/b"}, fields=((b"A", b"\xe9"),)),
])
def test_a_live_flow_is_read_as_one_of_a_file(made: dict[str, Any]) -> None:
    (written,) = outcomes(made)
    held = flows.exchange(live(made))
    if isinstance(written, Skipped):
        assert isinstance(held, Skipped)
        assert (held.category, held.reason) == (written.category, written.reason)
        return
    assert isinstance(written, Exchange)
    assert isinstance(held, Exchange)
    for one, other in ((held.request, written.request), (held.response, written.response)):
        assert one is not None
        assert other is not None
        for attribute in ("version", "fields", "content", "trailers"):
            assert getattr(one, attribute) == getattr(other, attribute), attribute
    assert (held.request and held.request.uri) == (written.request and written.request.uri)
    assert (held.response.status, held.response.reason) == (written.response.status, written.response.reason)
    assert (held.started, held.evidence) == (written.started, written.evidence)
    assert held.source is not None
    assert (held.source.path, held.source.entry) == ("mitmproxy", 0)


def test_live_flows_of_one_connection() -> None:
    follower = flows.Flows()
    got = [follower.exchange(flows.snapshot(live(made)), Source("mitmproxy", 0))
           for made in (state(103), state(), state(server_conn=connection(id="two")))]
    assert [isinstance(one, Exchange) for one in got] == [True, False, True]


# -- older formats

def old_011() -> dict[Any, Any]:
    """mitmproxy 0.11, on Python 2: all texts are octets."""
    server = {b"address": {b"address": [b"shop.example", 80], b"use_ipv6": False}, b"state": [], b"sni": None,
              b"source_address": {b"address": [b"127.0.0.1", 1], b"use_ipv6": False}, b"timestamp_start": NOW,
              b"timestamp_end": None, b"timestamp_tcp_setup": NOW, b"timestamp_ssl_setup": None,
              b"ssl_established": False, b"cert": None}
    return {
        b"version": [0, 11], b"type": b"http", b"id": b"x", b"error": None, b"intercepted": False,
        b"client_conn": {b"address": {b"address": [b"127.0.0.1", 2], b"use_ipv6": False}, b"timestamp_start": NOW,
                         b"timestamp_end": None, b"timestamp_ssl_setup": None, b"ssl_established": False,
                         b"clientcert": None},
        b"server_conn": server,
        b"request": {b"method": b"GET", b"scheme": b"http", b"host": b"shop.example", b"port": 80, b"path": b"/a",
                     b"httpversion": [1, 1], b"headers": [[b"Host", b"shop.example"]], b"content": b"",
                     b"form_in": b"relative", b"form_out": b"relative", b"timestamp_start": NOW, b"timestamp_end": NOW,
                     b"is_replay": False, b"stickycookie": False, b"stickyauth": False},
        b"response": {b"httpversion": [1, 1], b"code": 200, b"msg": b"OK", b"content": b"ok",
                      b"headers": [[b"Content-Length", b"2"]], b"timestamp_start": NOW, b"timestamp_end": NOW,
                      b"is_replay": False},
    }


def old_018() -> dict[Any, Any]:
    """mitmproxy 0.18, on Python 3."""
    made = {key.decode(): value for key, value in old_011().items()}
    for key in ("request", "response", "client_conn", "server_conn"):
        made[key] = {name.decode(): value for name, value in made[key].items()}
    for key in ("client_conn", "server_conn"):
        address = made[key]["address"]
        made[key]["address"] = {"address": address[b"address"], "use_ipv6": False}
    made["server_conn"]["source_address"] = {"address": ["127.0.0.1", 1], "use_ipv6": False}
    made["server_conn"] |= {"via": None, "ip_address": None}
    made["server_conn"].pop("state")
    for key in ("request", "response"):
        made[key].pop("httpversion")
        made[key]["http_version"] = "HTTP/1.1"
    made["request"] |= {"first_line_format": "relative"}
    made["request"].pop("form_in")
    made["request"].pop("form_out")
    made["response"] |= {"status_code": made["response"].pop("code"), "reason": made["response"].pop("msg")}
    return made | {"version": [0, 18, 2], "type": "http", "id": "x", "marked": False}


def old_7() -> dict[Any, Any]:
    """mitmproxy 5 and 6."""
    made = old_018()
    made["version"] = 7
    made["metadata"], made["mode"] = {}, "regular"
    made["client_conn"] = {
        "id": "c", "address": ["127.0.0.1", 2], "timestamp_start": NOW, "timestamp_end": None,
        "timestamp_tls_setup": None, "tls_established": False, "clientcert": None, "mitmcert": None, "sni": None,
        "alpn_proto_negotiated": None, "cipher_name": None, "tls_version": None, "tls_extensions": None}
    made["server_conn"] = {
        "id": "s", "address": ["shop.example", 80], "ip_address": ["127.0.0.1", 80], "timestamp_start": NOW,
        "source_address": ["127.0.0.1", 1], "timestamp_end": None, "timestamp_tcp_setup": NOW, "via": None,
        "timestamp_tls_setup": None, "tls_established": False, "cert": None, "sni": None, "tls_version": None,
        "alpn_proto_negotiated": None}
    for key in ("stickycookie", "stickyauth"):
        made["request"].pop(key)
    return made


OLD = [old_011, old_018, old_7]


@pytest.mark.parametrize("old", OLD, ids=lambda old: old.__name__)
def test_old_formats(old: Any) -> None:
    exchange = only(old())
    assert exchange.request is not None
    assert exchange.request.fields is not None
    assert exchange.response.fields is not None
    assert exchange.request.uri == "http://shop.example/a"
    assert (exchange.request.method, exchange.request.version) == ("GET", "1.1")
    assert exchange.request.fields.lines == (("Host", "shop.example"),)
    assert (exchange.response.status, exchange.response.version, exchange.response.reason) == (200, "1.1", "OK")
    assert exchange.response.fields.lines == (("Content-Length", "2"),)
    assert exchange.response.content == b"ok"
    assert exchange.started == NOW
    assert missing(exchange) == {"target", "wire", "trailers", "interim"}


def test_what_was_called_otherwise() -> None:
    made = old_011()
    made[b"response"][b"body"] = made[b"response"].pop(b"content")         # 0.14 and 0.15
    assert only(made).response.content == b"ok"
    made[b"response"][b"httpversion"] = [1, 0, 5]
    assert only(made).response.version == "1.0"
    made[b"response"][b"httpversion"] = [1, b"1", 1]
    assert only(made).response.version is None


def test_a_body_that_was_not_kept() -> None:
    made = old_011()
    made[b"response"][b"content"] = 0                      # what 0.11 wrote for one that was too large
    assert only(made).response.content is None


def test_websocket_flows_of_old_formats() -> None:
    made = old_7() | {"type": "websocket"}
    (outcome,) = outcomes(made)
    assert isinstance(outcome, Skipped)
    assert outcome.reason == "a flow of WEBSOCKET"


@pytest.mark.parametrize("make", [state, *OLD], ids=lambda make: make.__name__)
def test_mitmproxy_reads_the_same(make: Any) -> None:
    io_ = pytest.importorskip("mitmproxy.io", reason="mitmproxy is not installed")
    octets = tnetstring(make())
    (theirs,) = io_.FlowReader(io.BytesIO(octets)).stream()
    exchange = flows.exchange(theirs)
    ours = only(make())
    assert isinstance(exchange, Exchange)
    assert exchange.request is not None
    assert ours.request is not None
    assert exchange.request.uri == ours.request.uri
    assert exchange.request.fields == ours.request.fields
    assert (exchange.request.method, exchange.request.version) == (ours.request.method, ours.request.version)
    assert exchange.response.fields == ours.response.fields
    assert (exchange.response.status, exchange.response.version, exchange.response.reason, exchange.response.content
            ) == (ours.response.status, ours.response.version, ours.response.reason, ours.response.content)
    assert exchange.started == ours.started


def test_what_mitmproxy_writes_is_read_as_its_flows_are(tmp_path: Path) -> None:
    tflow = pytest.importorskip("mitmproxy.test.tflow", reason="mitmproxy is not installed")
    from mitmproxy.io import FlowWriter
    path = tmp_path / "a.mitm"
    made = [tflow.tflow(resp=True), tflow.tflow(err=True), tflow.twebsocketflow(), tflow.ttcpflow(), tflow.tdnsflow(),
            tflow.tflow(resp=True)]
    with path.open("wb") as stream:
        for flow in made:
            FlowWriter(stream).add(flow)
    got = list(read(str(path)))
    assert [type(one) for one in got] == [Exchange, Skipped, Exchange, Skipped, Skipped, Exchange]
    for flow, ours in zip(made, got, strict=True):
        if isinstance(ours, Exchange):
            theirs = flows.exchange(flow)
            assert isinstance(theirs, Exchange)
            assert ours.response.fields == theirs.response.fields
            assert ours.response.content == theirs.response.content
            assert ours.evidence is theirs.evidence


# -- files

def test_the_command_checks_dump_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.mitm"
    path.write_bytes(tnetstring(state(405)) + tnetstring(state(200)))
    assert run(["check", str(path), "--select", "405.allow-missing"]) == 1
    out = capsys.readouterr().out
    assert "error[405.allow-missing]" in out
    assert f"--> {path} (entry 0) GET http://shop.example/a" in out
    (tmp_path / "b.flow").write_bytes(gzip.compress(path.read_bytes()))
    assert run(["check", str(tmp_path), "--select", "405.allow-missing"]) == 1
    assert "2 errors in 4 of 4 entries from 2 files" in capsys.readouterr().out


def test_the_size_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mitm"
    path.write_bytes(tnetstring(state()) * 3)
    told: list[tuple[int, int]] = []
    assert len(list(read(str(path), lambda done, size: told.append((done, size))))) == 3
    size = path.stat().st_size
    assert told[-1] == (size, size)


@pytest.mark.parametrize(("tail", "cause"), [
    (tnetstring(state())[:-1], "the file breaks off"),
    (tnetstring(state())[:200], "the file breaks off"),
    (b"99", "the file breaks off"),
    (b"hello", "no flow begins here"),
    (b":}", "no flow begins here"),
    (b"2:ab,", "no flow begins here"),
    (b"1234567890123:", "no flow begins here"),
    (b"999999999999:x", "the file breaks off"),
])
def test_broken_files(tail: bytes, cause: str) -> None:
    first, problem = outcomes(state(), tail)
    assert isinstance(first, Exchange)
    assert isinstance(problem, Problem)
    assert problem.cause == f"flow 1, at octet {len(tnetstring(state()))}: {cause}"


@pytest.mark.parametrize("inner", [
    b"7:request;999:x,", b"7:request", b"7:request;", b"x", b"1:a;1:b?", b"7:request;2:xx#", b"0:;0:~:",
    b"7:version;99:" + b"9" * 99 + b"#", b"1:a#1:b,",
])
def test_a_broken_flow_does_not_end_the_file(inner: bytes) -> None:
    broken = b"%d:%s}" % (len(inner), inner)
    got = outcomes(broken, state())
    assert [type(one) for one in got] == [Skipped, Exchange]


def test_nesting_and_long_lists_are_refused() -> None:
    deep: Any = []
    for _ in range(100):
        deep = [deep]
    long = b"8:response;" + tnetstring([[b"a", b""]] * (flows.LIST_LIMIT // 8))
    got = outcomes(state(version=b"x") | {"version": deep}, b"%d:%s}" % (len(long), long), state())
    assert [type(one) for one in got] == [Skipped, Skipped, Exchange]


@pytest.mark.parametrize("mapping", [True, False])
@pytest.mark.parametrize("levels", [16, 17])
def test_sixteen_levels_are_read(mapping: bool, levels: int) -> None:
    deep: Any = {} if mapping else []
    for _ in range(levels - 1):
        deep = {"a": deep} if mapping else [deep]
    assert [type(one) for one in outcomes(state() | {"version": deep})] == [Exchange if levels == 16 else Skipped]


@pytest.mark.parametrize("more", [0, 1])
def test_limits_are_still_within(monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    made = state(content=b"x" * (1 << 20))
    payload = tnetstring(made).partition(b":")[2][:-1]
    monkeypatch.setattr(flows, "FLOW_LIMIT", len(payload) - more)
    (got,) = outcomes(made)
    assert isinstance(got, Skipped if more else Exchange)
    assert not isinstance(got, Skipped) or got.reason == "a flow of more than 1 MB"
    monkeypatch.setattr(flows, "FLOW_LIMIT", 1 << 30)
    lines = tnetstring([[b"A", b"b"]] * 9).partition(b":")[2][:-1]
    monkeypatch.setattr(flows, "LIST_LIMIT", len(lines) - more)
    (got,) = outcomes(state(fields=((b"A", b"b"),) * 9))
    assert isinstance(got, Skipped if more else Exchange)
    (got,) = outcomes(state() | {"k" * (100 + more): None})
    assert isinstance(got, Skipped if more else Exchange)


def test_a_flow_beyond_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "FLOW_LIMIT", 5_000)
    got = outcomes(state(content=b"x" * 5_000), state())
    assert [type(one) for one in got] == [Skipped, Exchange]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-10**12, 10**12) | st.binary(max_size=8) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6)


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A flow with a value of any shape in some place."""
    made = state()
    place = draw(st.sampled_from([made, made["request"], made["response"]]))
    place[draw(st.sampled_from(sorted(place)))] = draw(values)
    return made


@given(damaged())
def test_values_of_any_shape_are_read_or_refused(made: dict[str, Any]) -> None:
    assert [type(one) for one in outcomes(made, state())][-1] is Exchange


@given(st.binary(max_size=60))
def test_octets_of_any_kind_are_read_or_refused(octets: bytes) -> None:
    for one in flows.read(io.BytesIO(b"4:" + octets), path="x"):
        assert isinstance(one, (Skipped, Problem))


def test_names_and_values_are_judged_as_mitmproxy_kept_them() -> None:
    def found(version: bytes, *fields: tuple[bytes, bytes], **more: Any) -> list[str]:
        made = only(state(fields=fields, version=version, asked=version, **more))
        return [finding.rule_id for finding in Linter(select=["field", "http2"]).lint(made).findings]

    assert found(b"HTTP/2.0", (b"x", b"a "), (b"y", b"b c"), (b"z", b"\xe9")) == ["field.outer-whitespace"]
    assert found(b"HTTP/1.1", (b"x", b"a "), (b"y y", b"b")) == ["field.malformed-name"]
    assert found(b"HTTP/1.1", (b"x", b"a\0\n"), (b"X", b"\x07")) == ["field.line-break", "field.control-character"]
    assert found(b"HTTP/2.0", (b"x", b"a"), trailers=[[b"Y", b"b\0"]]) == ["field.control-character",
                                                                          "http2.upper-case-name"]


@given(st.lists(st.sampled_from(["whole", "boolean", "garbled"]), max_size=8), st.integers(0, 400))
def test_joined_flows_are_read_or_reported(kinds: list[str], cut: int) -> None:
    """Each flow gives an entry, in order; what is cut off at the end is a problem with its place."""
    written = {"whole": tnetstring(state()), "boolean": tnetstring(state(response={"status_code": True})),
               "garbled": b"9:7:request}"}
    last = written["whole"][:cut + 2]
    *found, end = outcomes(*(written[kind] for kind in kinds), last)
    assert [type(one) for one in found] == [Exchange if kind == "whole" else Skipped for kind in kinds]
    assert isinstance(end, Problem)
    assert end.cause.startswith(f"flow {len(kinds)}, at octet {sum(len(written[kind]) for kind in kinds)}:")


ODD = (None, True, False, -1, 0, 1, 10000, 10 ** 30, 1.5, float("nan"), 1e300, "", "text", b"", b"\xff", [], [1],
       [[b"a"]], [[b"a", b"b", b"c"]], [[None, None]], [[b"", b""]], {}, {"a": 1}, [True, 1],
       [[[]]])


def places(held: dict[str, Any], *around: str) -> Iterator[tuple[str, ...]]:
    for key, value in held.items():
        yield (*around, key)
        if isinstance(value, dict):
            yield from places(value, *around, key)


def test_values_of_any_type_cost_no_other_flow() -> None:
    linter = Linter()
    for place in (*places(state()), ("error", "msg"), ("request", "httpversion"), ("request", "body"),
                  ("response", "code"), ("response", "msg"), ("response", "is_replay")):
        for value in ODD:
            odd = state(error="x") if place[0] == "error" else state()
            held = odd
            for key in place[:-1]:
                held = held[key]
            held[place[-1]] = value
            for old, new in (("httpversion", "http_version"), ("code", "status_code")):
                if place[-1] == old:
                    del held[new]
            found = outcomes(odd, state())
            assert len(found) == 2
            assert isinstance(found[1], Exchange)
            for report in linter.lint_all(one for one in found if isinstance(one, Exchange)):
                assert not any(finding.rule_id.startswith("internal") for finding in report.findings), (place, value)


@pytest.mark.parametrize("place", [("request", "port"), ("response", "status_code"), ("request", "timestamp_start")])
def test_true_is_no_number(place: tuple[str, str]) -> None:
    odd = state()
    odd[place[0]][place[1]] = True
    (found,) = outcomes(odd)
    if place[1] == "status_code":
        assert isinstance(found, Skipped)
    else:
        assert isinstance(found, Exchange)
        assert found.started is None or found.started > 1e9
        assert found.request is not None
        assert found.request.uri == "http://shop.example/a"
