"""`httplint fetch`: against a small server that answers whatever it is told to, and real ones. Loopback only."""
from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import loopback
import pytest
from real_servers import serving

from httplint import __version__
from httplint.capture.fetching import ABSOLUTE, HTTP_1_0, NO_HOST, PLAIN, TWO_HOSTS, Ask, Place, Wait
from httplint.capture.fetching import fetch as ask_server
from httplint.cli.main import run
from httplint.model.exchange import Exchange

DATE = b"Date: " + time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()).encode() + b"\r\n"
OK = b"HTTP/1.1 200 OK\r\n" + DATE + b"Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Server(loopback.Loopback):
    """Answers each connection with the next of `answers`; `hold`: it does not close the connection behind them."""

    at_once = True

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.asked: list[bytes] = []
        self.hold = False
        self.context: ssl.SSLContext | None = None
        super().__init__()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.context else 'http'}://{self.host}{path}"

    def converse(self, connection: socket.socket) -> None:
        if self.context is None:
            self._answer(connection)
        else:
            with self.context.wrap_socket(connection, server_side=True) as private:
                self._answer(private)

    def _answer(self, connection: socket.socket) -> None:
        head, rest = loopback.head(connection)
        if not head:
            return
        self.asked.append(head + b"\r\n\r\n" + rest)
        connection.sendall(self.answers.pop(0) if self.answers else OK)
        if self.hold:
            self.over.wait(60)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


@pytest.fixture
def fetch(server: Server, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any], str]]:
    def call(*arguments: str, url: str | None = None) -> tuple[int, dict[str, Any], str]:
        code = run(["fetch", url or server.url(), "--output-format", "json", *arguments])
        captured = capsys.readouterr()
        return code, json.loads(captured.out), captured.err
    return call


def rules(report: dict[str, Any], severity: str = "error") -> list[str]:
    return [finding["rule"] for finding in report["findings"] if finding["severity"] == severity]


def test_a_sound_answer(server: Server, fetch: Any) -> None:
    code, report, err = fetch("--show", "not-evaluated")
    assert (code, rules(report), err) == (0, [], "")
    assert report["summary"]["entries"] == {"read": 1, "linted": 1, "skipped": 0}
    reasons = {one["reason"] for one in report["summary"]["not_evaluated"]}
    assert reasons <= {"no earlier 200 (OK) to the same request was seen",
                       "no earlier error in answer to the same request was seen",
                       "no earlier Allow of this resource was seen"}
    assert server.asked[0].decode().split("\r\n") == [
        "GET / HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Accept: */*", "Connection: close",
        f"User-Agent: httplint/{__version__}", "", ""]


@pytest.mark.parametrize(("answer", "arguments", "wanted"), [
    (b"HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", (), "http1.status-line"),
    (b"HTTP/1.1 204\r\n\r\n", (), "http1.status-line-space"),
    (b"<p>HTTP/0.9", (), "http1.no-status-line"),
    (OK.replace(b"\r\n", b"\n"), (), "http1.line-end"),
    (OK.replace(b"text/plain", b"text/plain\rX: y"), (), "http1.bare-cr"),
    (OK.replace(b"200 OK\r\n", b"200 OK\r\n X: y\r\n"), (), "http1.leading-whitespace"),
    (OK.replace(b"Connection: ", b"X: a\r\n b\r\nConnection: "), (), "http1.folded-line"),
    (OK.replace(b"Connection:", b"Connection :"), (), "http1.space-before-colon"),
    (OK.replace(b"Connection: close", b"Connection: close\r\nclose"), (), "http1.no-colon"),
    (OK.replace(b"Connection: ", b"X Y: z\r\nConnection: "), (), "field.malformed-name"),
    (OK.replace(b"Connection: ", b"X: a\x00b\r\nConnection: "), (), "field.control-character"),
    (OK.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked"), (), "http1.chunk-size"),
    (OK.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked").replace(b"\r\nok", b"\r\n2 \r\nok\r\n0\r\n\r\n"),
    (),
     "http1.chunk-extension"),
    (OK.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked").replace(b"\r\nok", b"\r\n2\r\nok\r\n0\r\n"), (),
     "http1.truncated"),
    (OK[:40], (), "http1.truncated"),
    (OK + b"!", (), "http1.excess"), (OK + OK, (), "http1.excess"),
    (OK.replace(b"Length: 2", b"Length: 20"), (), "content-length.mismatch"),
    (OK, ("--head",), "head.content"),
    (OK.replace(b"200 OK", b"304 Not Modified"), ("--header", 'If-None-Match: "a"'), "304.content"),
    (OK.replace(b"200 OK", b"405 No"), ("--method", "PATCH"), "405.allow-missing"),
    (OK.replace(b"200 OK", b"206 Partial"), ("--range", "0-1"), "206.content-range-missing"),
])
def test_planted_violations(server: Server, fetch: Any, answer: bytes, arguments: tuple[str, ...], wanted: str) -> None:
    server.answers = [answer]
    code, report, _ = fetch(*arguments)
    assert code == 1
    assert wanted in rules(report)
    assert {rule for rule in rules(report) if rule.startswith("http1.")} <= {wanted}


def test_asks_what_it_was_told(server: Server, fetch: Any) -> None:
    def asked(*arguments: str) -> list[str]:
        fetch(*arguments)
        return server.asked[-1].decode("latin-1").split("\r\n")

    assert asked("--head")[0] == "HEAD / HTTP/1.1"
    assert asked("--options")[0] == "OPTIONS / HTTP/1.1"
    assert asked("--method", "PROPFIND")[0] == "PROPFIND / HTTP/1.1"
    assert "Range: bytes=0-99" in asked("--range", "0-99")
    assert "Range: items=1-2" in asked("--range", "items=1-2")
    assert "Accept-Encoding: gzip" in asked("--gzip")
    lines = asked("--header", "X-A:  b ", "--header", "Accept:", "--header", "user-agent: other", "--header", "X-A: c")
    assert [line for line in lines if line.startswith("X-A")] == ["X-A: b", "X-A: c"]
    assert not [line for line in lines if line.lower().startswith("accept:")]
    assert [line for line in lines if line.lower().startswith("user-agent:")] == ["user-agent: other"]
    lines = asked("--data", "größe")
    assert lines[0] == "POST / HTTP/1.1"
    assert "Content-Length: 7" in lines
    assert lines[-1].encode("latin-1").decode() == "größe"
    fetch(url=server.url("/ä?ö=%20&x#part"))
    assert server.asked[-1].startswith(b"GET /%C3%A4?%C3%B6=%20&x HTTP/1.1\r\n")
    fetch(url=server.url("?q"))
    assert server.asked[-1].startswith(b"GET /?q HTTP/1.1\r\n")
    server.answers = [b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"]
    before = len(server.asked)
    fetch()
    assert len(server.asked) == before + 1, "redirects are not followed"


def test_conditional(server: Server, fetch: Any) -> None:
    tagged = OK.replace(b"Connection", b'ETag: "a"\r\nLast-Modified: Tue, 01 Jul 2025 12:00:00 GMT\r\nConnection')
    server.answers = [tagged, b"HTTP/1.1 304 Not Modified\r\n" + DATE + b"Connection: close\r\n\r\n"]
    code, report, _ = fetch("--conditional")
    assert [rule for rule in rules(report) if rule.startswith("304.")] == ["304.etag-missing"]
    assert code == 1
    assert b'If-None-Match: "a"\r\nIf-Modified-Since: Tue, 01 Jul 2025 12:00:00 GMT\r\n' in server.asked[-1]
    assert report["summary"]["entries"]["linted"] == 2
    code, report, err = fetch("--conditional")
    assert code == 2
    assert "no success with ETag or Last-Modified" in err


def test_a_connection_that_stays_open(server: Server, fetch: Any) -> None:
    server.hold = True
    code, report, err = fetch()
    assert (code, rules(report), err) == (0, [], "")
    server.answers = [OK.replace(b"Length: 2", b"Length: 20")]
    code, report, err = fetch("--timeout", "0.6")
    assert code == 2
    assert "not read to its end: 0.6 seconds were over" in err
    assert rules(report, "info") == rules(report) == []
    server.answers = [b""]
    code, report, err = fetch("--timeout", "0.6")
    assert code == 2
    assert "no answer: 0.6 seconds were over" in err


def test_answers_that_are_too_large(server: Server, fetch: Any) -> None:
    server.answers = [OK.replace(b"Length: 2", b"Length: 3000000") + bytes(2_999_998)]
    code, report, err = fetch("--max-size", "1")
    assert code == 2
    assert "more than 1 MB" in err
    assert rules(report, "info") == rules(report) == []


def test_no_server(fetch: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    code, _, err = fetch(url=f"http://127.0.0.1:{port}/")
    assert code == 2
    assert "Connection refused" in err


@pytest.mark.parametrize("arguments", [
    ("ftp://127.0.0.1/",), ("http:///a",), ("http://127.0.0.1:99999/",), ("http://user@127.0.0.1/",),
    ("http://127.0.0.1/a b",),
    ("http://127.0.0.1/", "--header", "nothing"), ("http://127.0.0.1/", "--header", "A: b\nC: d"),
    ("http://127.0.0.1/", "--method", "GE T"),
    ("http://127.0.0.1/", "--header", "Ä: b"),
    ("http://[::1/", ),
])
def test_what_cannot_be_asked(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", *arguments]) == 2
    assert capsys.readouterr().err.startswith("httplint: ")


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "x"])
def test_a_timeout_that_is_none(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run(["fetch", "http://127.0.0.1/", "--timeout", seconds])
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("httplint")
    assert "--timeout" in err


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2",
                    "-keyout", key, "-out", cert, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    return cert, key


def test_tls(server: Server, fetch: Any, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(*certificate)
    server.context.set_alpn_protocols(["http/1.1"])
    code, _, err = fetch()
    assert code == 2
    assert re.search(r"self[- ]signed certificate \(--insecure does not verify it\)\n", err)
    code, report, err = fetch("--insecure")
    assert (code, rules(report), err) == (0, [], "")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server.answers = [b"HTTP/1.1 301 Moved\r\n" + DATE + b"Location: " + server.url().replace("https", "http").encode()
                      + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]
    code, report, err = fetch()
    assert (code, rules(report), err) == (0, [], ""), "the redirect leads from https to http, not to itself"


# -- real servers

@pytest.fixture(scope="module")
def nginx() -> Iterator[str]:
    with serving("nginx") as url:
        yield url


@pytest.mark.server
@pytest.mark.parametrize("arguments", [
    (), ("--head",), ("--gzip",), ("--conditional",), ("--range", "0-9"), ("--range", "0-1,5-9"), ("--range", "9999-"),
    ("--method", "DELETE", "--ignore", "405.allow-missing"), ("--header", "If-Match: \"x\""),
    ("--data", "x", "--ignore", "405"),
])
def test_nginx_is_sound(nginx: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    code = run(["fetch", f"{nginx}/a.txt", *arguments])
    captured = capsys.readouterr()
    assert code == 0, captured.out + captured.err


@pytest.mark.server
def test_nginx_without_allow(nginx: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", f"{nginx}/a.txt", "--method", "DELETE", "--select", "405"]) == 1
    assert "405.allow-missing" in capsys.readouterr().out


class Server2(loopback.Loopback):
    """Speaks HTTP/2 by h2: sends what `answer` does with the connection and the stream."""

    def __init__(self, answer: Callable[[Any, int], None], context: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._context = context
        self.asked: list[list[tuple[bytes, bytes]]] = []
        super().__init__()

    def converse(self, connection: socket.socket) -> None:
        import h2.config
        import h2.connection
        import h2.events
        settings = h2.config.H2Configuration(client_side=False, header_encoding=None, validate_outbound_headers=False,
                                             normalize_outbound_headers=False)
        session: Any = h2.connection.H2Connection(settings)
        with self._context.wrap_socket(connection, server_side=True) if self._context else connection as connection:
            session.initiate_connection()
            connection.sendall(session.data_to_send())
            while octets := connection.recv(65536):
                for event in session.receive_data(octets):
                    if isinstance(event, h2.events.RequestReceived):
                        self.asked.append(event.headers)
                    if isinstance(event, h2.events.StreamEnded):
                        self._answer(session, event.stream_id)
                connection.sendall(session.data_to_send())


def answer2(session: Any, stream: int) -> None:
    session.send_headers(stream, [(":status", "103"), ("link", "</a.css>;rel=preload")])
    session.send_headers(stream, [(":status", "405"), ("date", DATE[6:-2].decode()), ("Content-Type", "text/plain"),
                                  ("connection", "close")])
    session.send_data(stream, b"no")
    session.send_headers(stream, [("server-timing", "a")], end_stream=True)


def test_http2(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("h2", reason="h2 is not installed")
    server = Server2(answer2)
    code = run(["fetch", "--http2", f"http://127.0.0.1:{server.port}/a?b", "--method", "PATCH", "--data", "x",
                "--output-format", "json"])
    server.close()
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert (code, captured.err) == (1, "")
    assert {"405.allow-missing", "connection.in-http2", "http2.upper-case-name"} <= set(rules(report))
    asked = dict(server.asked[0])
    assert (asked[b":method"], asked[b":path"], asked[b"content-length"]) == (b"PATCH", b"/a?b", b"1")
    assert b"connection" not in asked


def test_http2_sections_are_judged_as_they_were_sent(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("h2", reason="h2 is not installed")

    def answer(session: Any, stream: int) -> None:
        session.send_headers(stream, [(":status", "200"), (":path", "/"), ("date", DATE[6:-2].decode() + " "),
                                      ("x y", "1"), ("content-length", "0"), (":status", "200")], end_stream=True)

    server = Server2(answer)
    assert run(["fetch", "--http2", f"http://127.0.0.1:{server.port}/", "--output-format", "json"]) == 1
    server.close()
    assert sorted(rules(json.loads(capsys.readouterr().out))) == [
        "field.malformed-name", "field.outer-whitespace", "http2.late-pseudo-field", "http2.repeated-pseudo-field",
        "http2.unknown-pseudo-field"]


def test_http2_streams_that_break_off(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("h2", reason="h2 is not installed")

    def refuse(session: Any, stream: int) -> None:
        session.reset_stream(stream, 7)

    def stop(session: Any, stream: int) -> None:
        session.send_headers(stream, [(":status", "200"), ("content-length", "9")])
        session.send_data(stream, b"abc")
        session.reset_stream(stream, 2)

    for answer, wanted, linted in ((refuse, "no answer: the server ended it with error 7", 0),
                                   (stop, "not read to its end: the server ended it with error 2", 1)):
        server = Server2(answer)
        assert run(["fetch", "--http2", f"http://127.0.0.1:{server.port}/", "--output-format", "json"]) == 2
        server.close()
        captured = capsys.readouterr()
        assert wanted in captured.err
        report = json.loads(captured.out)
        assert report["summary"]["entries"]["linted"] == linted
        assert "content-length.mismatch" not in rules(report)


def test_http2_where_the_server_has_none(server: Server, certificate: tuple[Path, Path],
                                         capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("h2", reason="h2 is not installed")
    assert run(["fetch", "--http2", "--timeout", "3", server.url()]) == 2
    assert "no answer: " in capsys.readouterr().err
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(*certificate)
    server.context.set_alpn_protocols(["http/1.1"])
    assert run(["fetch", "--http2", "--insecure", server.url()]) == 2
    assert "the server does not offer HTTP/2" in capsys.readouterr().err


# -- requests in other forms, which probe asks for

def heads(server: Server, form: int) -> bytes:
    ask = Ask("GET", [("User-Agent", "a")], form=form)
    list(ask_server(ask, Place(server.url("/x")), 0, Wait(5)))
    return server.asked[-1]


def test_a_request_has_the_form_that_is_wanted(server: Server) -> None:
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    plain = heads(server, PLAIN)
    assert plain.startswith(b"GET /x HTTP/1.1\r\n" + host)
    assert heads(server, HTTP_1_0) == plain.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert heads(server, ABSOLUTE) == plain.replace(b"/x", server.url("/x").encode())
    assert heads(server, NO_HOST) == plain.replace(host, b"")
    assert heads(server, TWO_HOSTS) == plain.replace(host, host * 2)


@pytest.mark.parametrize(("first", "sent"), [(b"HTTP/1.1 100 Continue\r\n\r\n", True), (OK, False), (b"", True)])
def test_content_waits_for_100_if_it_is_announced(first: bytes, sent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9110 §10.1.1: a client goes on when a 100 comes, or after a while; a final response takes its place."""
    monkeypatch.setattr("httplint.capture.fetching.EXPECTING", 0.3)
    came: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(10)
            came.append(connection.recv(65536))
            connection.sendall(first)
            if first != OK:
                came.append(connection.recv(65536))
                connection.sendall(OK)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        place = Place(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        (exchange,) = ask_server(Ask("OPTIONS", [("Expect", "100-continue")], b"abc"), place, 0, Wait(5))
        thread.join(10)
    assert isinstance(exchange, Exchange)
    assert exchange.request is not None
    assert came[0].endswith(b"\r\n\r\n")
    assert came[1:] == ([b"abc"] if sent else [])
    assert exchange.request.content == (b"abc" if sent else None)
    assert [one.status for one in exchange.interim] == [100] * first.startswith(b"HTTP/1.1 100")
    assert exchange.response.status == 200
