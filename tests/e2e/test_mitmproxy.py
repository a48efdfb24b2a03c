"""Real mitmproxy with the addon, between real clients and real servers on loopback.

Runs where mitmproxy is installed: `tools/test_mitmproxy` makes such an environment. What is planted where, and what a
person says of it, stands in the tables of `tools/record_fixtures`.
"""
from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import venv
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest
from processes import children, runs

from httplint import Exchange, Linter, Request, Response
from httplint.capture.reading import read
from httplint.cli.main import run

MITMDUMP = shutil.which("mitmdump", path=sysconfig.get_path("scripts"))
CURL = shutil.which("curl")
pytestmark = pytest.mark.usefixtures("packaged")
if MITMDUMP is None:
    pytest.skip("mitmproxy is not installed", allow_module_level=True)
if CURL is None:
    pytest.skip("curl is not installed", allow_module_level=True)
quic = pytest.importorskip("aioquic.asyncio")              # which mitmproxy needs
from aioquic.h3.connection import H3Connection  # noqa: E402
from aioquic.h3.events import HeadersReceived  # noqa: E402
from aioquic.quic.configuration import QuicConfiguration  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "fixtures" / "har"
HOST = "127.0.0.1"
HANGING = "6"
"""How long a client waits for a response that mitmproxy does not pass on, in seconds."""

sys.path.insert(0, str(ROOT / "tools" / "record_fixtures"))
try:
    answers, application, application_h2, servers, table, visits = (
        importlib.import_module(name)
        for name in ("answers", "application", "application_h2", "servers", "table", "visits"))
finally:
    sys.path.pop(0)

Key = tuple[str, str, int]
"""Method, path with query, status."""
Found = dict[Key, set[str]]


def free_port() -> int:
    """A port that nobody listens at; none of those that the system gives to clients, which one might have meanwhile."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with contextlib.suppress(OSError), socket.create_server((HOST, port)):
            return port


def wait_for(port: int, process: subprocess.Popen[bytes] | Screen) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens at port {port}: {process}")


# -- servers

@contextlib.contextmanager
def serving(start: Callable[[], Awaitable[asyncio.AbstractServer]]) -> Iterator[int]:
    """A server within this process, in a thread of its own; its port."""
    ready: list[int] = []
    begun = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def main() -> None:
        server = await start()
        ready.append(server.sockets[0].getsockname()[1])
        begun.set()
        await stop.wait()
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.1)

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    try:
        assert begun.wait(20)
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


@pytest.fixture(scope="module")
def app() -> Iterator[int]:
    """The application that answers with the octets of the table."""
    async def start() -> asyncio.AbstractServer:
        return await asyncio.start_server(application.serve, HOST, 0)

    with serving(start) as port:
        yield port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    directory = tmp_path_factory.mktemp("certificate")
    key, chain = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", chain],
                   check=True, capture_output=True)
    return chain, key


@pytest.fixture(scope="module")
def app_h2(certificate: tuple[Path, Path]) -> Iterator[int]:
    """The application that sends over HTTP/2 what HTTP/2 forbids."""
    async def start() -> asyncio.AbstractServer:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        context.set_alpn_protocols(["h2"])
        server: asyncio.AbstractServer = await asyncio.get_running_loop().create_server(
            application_h2.Session, HOST, 0, ssl=context)
        return server

    with serving(start) as port:
        yield port


@contextlib.contextmanager
def scripted(**replies: bytes | list[bytes]) -> Iterator[int]:
    """A server that answers /NAME with the octets given, in pieces with a pause between them, then closes."""
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                reply = replies[head.split(b" ")[1].decode().lstrip("/").partition("?")[0]]
                for piece in [reply] if isinstance(reply, bytes) else reply:
                    if not piece:
                        writer.close()
                        return
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.15 if isinstance(reply, list) else 0)
        writer.close()

    async def start() -> asyncio.AbstractServer:
        return await asyncio.start_server(serve, HOST, 0)

    with serving(start) as port:
        yield port


@pytest.fixture(scope="module")
def system_servers() -> Iterator[dict[str, int]]:
    """nginx and Apache, those of them that are installed; name -> port."""
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    work = Path(tempfile.mkdtemp(prefix="httplint-e2e-"))
    ports = {name: free_port() for name in table.PORTS}
    kept = dict(table.PORTS)
    table.PORTS.update(ports)
    found: dict[str, int] = {}
    try:
        with contextlib.ExitStack() as stack:
            if shutil.which("openssl"):
                servers.prepare(work)
                if shutil.which("nginx"):
                    stack.enter_context(servers.started(["nginx", "-p", work, "-c", work / "nginx.conf"],
                                                        ports["nginx"], ports["nginx-tls"], log=work / "nginx.log"))
                    found |= {name: ports[name] for name in ("nginx", "nginx-tls")}
                if shutil.which("apache2"):
                    stack.enter_context(servers.started(["apache2", "-DFOREGROUND", "-f", work / "apache.conf"],
                                                        ports["apache"], log=work / "apache.log"))
                    found["apache"] = ports["apache"]
            yield found
    finally:
        table.PORTS.update(kept)
        shutil.rmtree(work, ignore_errors=True)


# -- the proxy and its clients

class Proxy(NamedTuple):
    """A mitmproxy that runs, and the files that it writes."""

    port: int
    json: Path
    flows: Path
    har: Path
    log: Path
    process: subprocess.Popen[bytes]

    def curl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(CURL), "--silent", "--insecure", "--max-time", "60", "--noproxy", "", "--path-as-is",
                               "--proxy", f"http://{HOST}:{self.port}", "--header", "Proxy-Connection:", *arguments],
                              capture_output=True, encoding="utf-8", check=False, errors="replace",
                              env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})

    def end(self) -> int:
        """The exit status of mitmproxy, told to end."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def report(self) -> Any:
        """The JSON report, once mitmproxy has ended."""
        return json.loads(self.json.read_text("utf-8"))

    def found(self) -> Found:
        out: Found = {}
        for one in self.report()["findings"]:
            out.setdefault((one["request"]["method"], path_of(one["request"]["uri"]), one["status"]), set()).add(
                one["rule"])
        return out


def path_of(uri: str) -> str:
    return re.sub(r"^https?://[^/]+", "", uri)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory where mitmproxy keeps its certificates, made once."""
    return tmp_path_factory.mktemp("confdir")


@contextlib.contextmanager
def proxy(tmp_path: Path, authority: Path, *arguments: str, saves: bool = True) -> Iterator[Proxy]:
    """`httplint proxy`. `saves`: whether it writes a file of flows, and therefore judges within mitmproxy."""
    port = free_port()
    paths = [tmp_path / name for name in ("live.json", "flows.mitm", "flows.har", "log")]
    command = [sys.executable, "-m", "httplint", "proxy", "--port", str(port), "--output", f"json:{paths[0]}",
               "--show-secrets", *(["-w", str(paths[1])] if saves else []),
               "--set", f"hardump={paths[2]}", "--set", f"confdir={authority}",
               "--set", "ssl_insecure=true", *arguments]
    with paths[3].open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   env=os.environ | {"COLUMNS": "120"})
    try:
        try:
            wait_for(port, process)
        except AssertionError as error:
            raise AssertionError(f"{error}: {paths[3].read_text('utf-8', 'replace')[-3000:]}") from None
        yield Proxy(port, *paths, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)


def ask(proxy: Proxy, base: str, answer: Any) -> None:
    """Asks for one answer of the table."""
    wish = answer.ask
    arguments = ["--output", "/dev/null", "--http1.0" if wish.version == "1.0" else "--http1.1"]
    if answer.interim:                                     # the final response never comes
        arguments += ["--max-time", HANGING]
    for line in wish.fields:
        arguments += ["--header", line]
    if wish.content is not None:
        arguments += ["--data", wish.content]
    if wish.method == "HEAD":
        arguments.append("--head")
    elif wish.method not in ("GET", "POST"):
        arguments += ["--request", wish.method]
    if wish.follow:
        arguments += ["--location", "--max-redirs", str(wish.follow)]
    proxy.curl(*arguments, base + answer.path)


def planted() -> dict[Key, list[Any]]:
    """What the recorded fixtures say that is wrong with each answer."""
    out: dict[Key, list[Any]] = {}
    for path in sorted(RECORDED.glob("mitmproxy-application-*.expected.json")):
        for entry in json.loads(path.read_text("utf-8"))["entries"]:
            method, _, target = entry["request"].partition(" ")
            if entry["violations"] and "/h2-" not in target:
                out.setdefault((method, target, entry["status"]), []).extend(entry["violations"])
    return out


def found_in(path: Path) -> Found:
    """What `httplint check` finds in a file."""
    out: Found = {}
    reports = Linter().lint_all(one for one in read(str(path)) if isinstance(one, Exchange))
    for report in reports:
        request = report.exchange.request
        assert request is not None
        for finding in report.findings:
            out.setdefault((request.method, path_of(request.uri), report.exchange.response.status), set()).add(
                finding.rule_id)
    return out


def found_by_call(chosen: list[Any], base: str) -> Found:
    """What the library finds in exchanges made of the table, as a program would hold them in its hands."""
    def response(status: int, reason: str, lines: list[tuple[str, str]], content: bytes | None) -> Response:
        return Response(status, "1.1", reason, lines, content, ())

    def exchange(answer: Any) -> Exchange:
        wish = answer.ask
        given = [tuple(line.split(": ", 1)) for line in wish.fields if not line.endswith(":")]
        names = {name.lower() for name, _ in given}
        sent = [("Host", base.removeprefix("http://")), ("Accept", "*/*"), *given]
        if "accept" in names or "Accept:" in wish.fields:
            sent.remove(("Accept", "*/*"))
        if wish.content is not None:
            sent += [("Content-Length", str(len(wish.content))), ("Content-Type", "application/x-www-form-urlencoded")]
        request = Request(wish.method, base + answer.path, wish.version, sent, (wish.content or "").encode())
        values = {"{now in UTC}": application.moment().replace("GMT", "UTC"), "{tomorrow}": application.moment(1)}
        lines = [("Date", application.moment())] if answer.date else []
        for line in answer.fields:
            name, _, value = line.partition(":")
            for place, moment in values.items():
                value = value.replace(place, moment)
            lines.append((name, value.strip()))
        interim = []
        for head in answer.interim.decode().split("\r\n\r\n")[:-1]:
            start, *fields = head.split("\r\n")
            interim.append(response(int(start.split(" ")[1]), start.split(" ", 2)[2],
                                    [tuple(line.split(": ", 1)) for line in fields], None))
        content = answer.raw
        if any(name == "Transfer-Encoding" for name, _ in lines):
            content = re.sub(rb"\A[0-9a-f]+\r\n(.*)\r\n0\r\n\r\n\Z|\A0\r\n\r\n\Z", rb"\1", content, flags=re.DOTALL)
        code, _, reason = answer.status.partition(" ")
        return Exchange(response(int(code), reason, lines, content), request, interim, time.time())

    out: Found = {}
    for report in Linter().lint_all(exchange(answer) for answer in chosen):
        request = report.exchange.request
        assert request is not None
        for finding in report.findings:
            status = report.exchange.response.status
            if finding.location.message == "interim response":
                status = report.exchange.interim[0].status
            out.setdefault((request.method, path_of(request.uri), status), set()).add(finding.rule_id)
    return out


@pytest.mark.parametrize("group", ["1xx-2xx", "3xx", "4xx-5xx", "messages"])
def test_four_ways_to_the_same_findings(app: int, tmp_path: Path, authority: Path, group: str) -> None:
    """Live, from the saved flows, from the exported HAR and by library call: the same rules speak."""
    base = f"http://{HOST}:{app}"
    chosen = [answer for answer in answers.in_order(answers.VIOLATING)
              if answer.ask.curl and visits.group(answer.path) == group for _ in range(answer.ask.times)]
    with proxy(tmp_path, authority) as running:
        for answer in chosen:
            ask(running, base, answer)
        assert running.end() == 1
        live = running.found()
    saved, har = found_in(running.flows), found_in(running.har)
    assert saved == live
    called = found_by_call(chosen, base)
    paths = {answer.path for answer in chosen}
    refused = {reason["reason"] for reason in running.report()["summary"]["skipped"]}
    checked = 0
    for key, flaws in planted().items():
        if key[1] not in paths or key[2] <= 0:
            continue
        for flaw in flaws:
            rule = flaw["rule"]
            if not flaw["visible"]:
                assert rule not in har.get(key, ()), (key, rule)
            else:
                assert rule in live.get(key, ()), (key, rule, refused)
                assert rule in har.get(key, ()), (key, rule)
                assert rule in called.get(key, ()), (key, rule, called.get(key))
                checked += 1
    assert checked > 10
    for key, rules in har.items():
        assert rules <= live[key], key
    for key, rules in live.items():
        if key[2] >= 200:                                  # the 1xx in the place of a final response aside
            assert {rule for rule in rules if rule in planted_rules()} <= called.get(key, set()), key


def planted_rules() -> set[str]:
    return {flaw["rule"] for flaws in planted().values() for flaw in flaws}


def errors(running: Proxy) -> list[tuple[str, str, str]]:
    return [(one["rule"], one["request"]["uri"], one["message"]) for one in running.report()["findings"]
            if one["severity"] == "error"]


def entries(running: Proxy) -> Any:
    return running.report()["summary"]["entries"]


def test_conforming_answers_have_no_errors(app: int, tmp_path: Path, authority: Path) -> None:
    chosen = [answer for answer in answers.in_order(answers.CONFORMING) if answer.ask.curl]
    with proxy(tmp_path, authority) as running:
        for answer in chosen:
            ask(running, f"http://{HOST}:{app}", answer)
        assert running.end() == 0, errors(running)
    assert entries(running)["linted"] >= len(chosen)


@pytest.mark.server
@pytest.mark.parametrize("server", ["nginx", "nginx-tls", "apache"])
def test_real_servers_have_no_errors(system_servers: dict[str, int], tmp_path: Path, authority: Path,
                                     server: str) -> None:
    """With HTTP/1.0, HTTP/1.1 and, within TLS and CONNECT, HTTP/2."""
    if server not in system_servers:
        pytest.skip(f"{server} is not installed")
    base = f"{'https' if server == 'nginx-tls' else 'http'}://{HOST}:{system_servers[server]}"
    chosen = [visit for visit in (*visits.NGINX, *visits.APACHE)
              if visit.origin == server and visit.ask.curl and not visit.ask.proxy and not visit.flaws
              and not visit.path.startswith(("/chunked", "/gateway", "/websocket"))]
    assert len(chosen) > 5
    with proxy(tmp_path, authority) as running:
        for visit in chosen:
            for version in ("1.0", "1.1", "2") if server == "nginx-tls" else ("1.0", "1.1"):
                wish = visit.ask
                arguments = ["--output", "/dev/null", f"--http{version}"]
                arguments += [part for line in wish.fields for part in ("--header", line)]
                arguments += ["--data", wish.content] if wish.content is not None else []
                if wish.method == "HEAD":
                    arguments.append("--head")
                elif wish.method not in ("GET", "POST"):
                    arguments += ["--request", wish.method]
                running.curl(*arguments, base + visit.path)
        running.end()
    assert errors(running) == []
    assert entries(running)["linted"] >= 2 * len(chosen)
    assert {outcome.response.version for outcome in read(str(running.flows)) if isinstance(outcome, Exchange)} >= (
        {"1.1", "2"} if server == "nginx-tls" else {"1.1"})


def test_what_http2_forbids_is_seen(app_h2: int, tmp_path: Path, authority: Path) -> None:
    base = f"https://{HOST}:{app_h2}"
    with proxy(tmp_path, authority) as running:
        for path in visits.H2_FIELDS:
            done = running.curl("--http2", base + path)    # curl, too, refuses some of these
            assert done.stdout == "Over HTTP/2.\n" or path.startswith("/violating/")
        running.end()
    found = running.found()
    for path in visits.H2_FIELDS:
        rules = {rule for rule in found.get(("GET", path, 200), ()) if rule.endswith(".in-http2")}
        assert len(rules) == (path in {each.path for each in visits.H2_VIOLATING}), path
    assert found_in(running.flows) == found


def test_interim_responses_and_trailers_of_http2(certificate: tuple[Path, Path], tmp_path: Path,
                                                 authority: Path) -> None:
    class Hints(application_h2.Session):  # type: ignore[misc, name-defined]
        def answer(self, stream: int, path: str) -> None:
            self.http.send_headers(stream, [(":status", "103"), ("link", "</a>; rel=preload")])
            self.http.send_headers(stream, [(":status", "200"), ("content-type", "text/plain")])
            self.http.send_data(stream, b"ok")
            self.http.send_headers(stream, [("checksum", "1")], end_stream=True)

    async def start() -> asyncio.AbstractServer:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        context.set_alpn_protocols(["h2"])
        server: asyncio.AbstractServer = await asyncio.get_running_loop().create_server(Hints, HOST, 0, ssl=context)
        return server

    with serving(start) as server, proxy(tmp_path, authority) as running:
        assert running.curl("--http2", f"https://{HOST}:{server}/").stdout == "ok"
        running.end()
    (exchange,) = read(str(running.flows))
    assert isinstance(exchange, Exchange)
    assert exchange.response.trailers is not None
    assert exchange.response.trailers.lines == (("checksum", "1"),)
    assert not exchange.evidence.knows("interim")
    assert "it swallowed 1 interim responses of HTTP/2" in running.log.read_text("utf-8")


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Http3(quic.QuicConnectionProtocol):  # type: ignore[misc, name-defined]
    """One end of a connection of HTTP/3; as a server it sends the fields of `answers`, and a trailer for /trailer."""

    answers: ClassVar[dict[bytes, list[tuple[bytes, bytes]]]] = {}

    def __init__(self, *arguments: Any, **keys: Any) -> None:
        super().__init__(*arguments, **keys)
        self.http = H3Connection(self._quic)
        self.ended = asyncio.Event()

    def quic_event_received(self, event: object) -> None:
        for one in self.http.handle_event(event):
            path = dict(one.headers).get(b":path") if isinstance(one, HeadersReceived) else None
            if path is not None:
                trailer = path == b"/trailer"
                self.http.send_headers(one.stream_id, self.answers[path])
                self.http.send_data(one.stream_id, b"no", not trailer)
                if trailer:
                    self.http.send_headers(one.stream_id, [(b"content-length", b"2")], True)
                self.transmit()
            elif one.stream_ended:
                self.ended.set()

    async def get(self, path: bytes) -> None:
        self.ended.clear()
        asked = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"a.example"), (b":path", path)]
        self.http.send_headers(self._quic.get_next_available_stream_id(), asked, True)
        self.transmit()
        await asyncio.wait_for(self.ended.wait(), 30)


def test_http3(certificate: tuple[Path, Path], tmp_path: Path, authority: Path) -> None:
    """In reverse mode, between a client and a server of HTTP/3."""
    plain = [(b":status", b"200"), (b"date", application.moment().encode()), (b"content-type", b"text/plain")]
    Http3.answers = {b"/sound": plain, b"/refused": [(b":status", b"405"), *plain[1:]],
                     b"/connection": [*plain, (b"keep-alive", b"timeout=5")], b"/trailer": plain}
    server, entrance = free_udp_port(), free_udp_port()

    async def talk() -> None:
        served = QuicConfiguration(is_client=False, alpn_protocols=["h3"])
        served.load_cert_chain(*certificate)
        listening = await quic.serve(HOST, server, configuration=served, create_protocol=Http3)
        asked = QuicConfiguration(alpn_protocols=["h3"], verify_mode=ssl.CERT_NONE, server_name="a.example")
        async with quic.connect(HOST, entrance, configuration=asked, create_protocol=Http3) as client:
            for path in Http3.answers:
                await client.get(path)
        listening.close()

    with proxy(tmp_path, authority, "--mode", "regular", "--mode",
               f"reverse:http3://{HOST}:{server}@{HOST}:{entrance}") as running:
        asyncio.run(talk())
        running.end()
    found = {path: rules for (_, path, _), rules in running.found().items()}
    assert "/sound" not in found
    assert "405.allow-missing" in found["/refused"]
    assert "keep-alive.in-http2" in found["/connection"]
    assert "trailer.field-not-permitted" in found["/trailer"]
    assert found_in(running.flows) == running.found()
    assert {outcome.response.version for outcome in read(str(running.flows)) if isinstance(outcome, Exchange)} == {"3"}


def test_keep_alive(app: int, tmp_path: Path, authority: Path) -> None:
    base = f"http://{HOST}:{app}"
    with proxy(tmp_path, authority) as running:
        done = running.curl("--verbose", f"{base}/conforming/page", f"{base}/violating/401-without-challenge",
                            f"{base}/conforming/404")
        assert done.stderr.count("Re-using existing connection") == 2
        assert running.end() == 1
    assert entries(running)["linted"] == 3
    assert {rule for rule, _, _ in errors(running)} == {"401.challenge-missing"}
    said = running.log.read_text("utf-8")
    assert "proxy listening at" in said
    assert re.search("(client|server) (dis)?connect", said) is None


def test_reverse_mode(app: int, tmp_path: Path, authority: Path) -> None:
    with proxy(tmp_path, authority, "--mode", f"reverse:http://{HOST}:{app}") as running:
        url = f"http://{HOST}:{running.port}/violating/401-without-challenge"
        subprocess.run([str(CURL), "--silent", "--noproxy", "*", url], check=True, capture_output=True)
        assert running.end() == 1
    assert errors(running)[0][1] == f"http://{HOST}:{app}/violating/401-without-challenge"


def test_websocket(app: int, tmp_path: Path, authority: Path) -> None:
    with proxy(tmp_path, authority) as running:
        fields = [part for line in answers.WEBSOCKET for part in ("--header", line)]
        running.curl("--http1.1", *fields, f"http://{HOST}:{app}/conforming/101-websocket")
        running.end()
    assert errors(running) == []
    assert entries(running)["linted"] == 1


PLAIN = b"HTTP/1.1 200 OK\r\nDate: Tue, 01 Jul 2025 12:00:00 GMT\r\nContent-Type: text/plain\r\n"
EVENTS = PLAIN.replace(b"text/plain", b"text/event-stream")


def test_server_sent_events_come_at_once(tmp_path: Path, authority: Path) -> None:
    with scripted(events=[EVENTS + b"\r\n", *[b"data: %d\n\n" % number for number in range(40)], b""]) as server, \
            proxy(tmp_path, authority) as running:
        client = subprocess.Popen([str(CURL), "--silent", "--no-buffer", "--noproxy", "", "--proxy",
                                   f"http://{HOST}:{running.port}", f"http://{HOST}:{server}/events"],
                                  stdout=subprocess.PIPE)
        assert client.stdout is not None
        assert client.stdout.readline() == b"data: 0\n"     # long before the last one
        client.kill()
        client.communicate()
        time.sleep(1)
        running.end()
    assert errors(running) == []
    assert entries(running)["linted"] == 1                 # out of the error hook: the client went away


def test_bodies_that_are_streamed_are_not_judged(tmp_path: Path, authority: Path) -> None:
    body = b"x" * 200_000
    with scripted(large=PLAIN + b"ETag: broken\r\nContent-Length: 200000\r\n\r\n" + body) as server, \
            proxy(tmp_path, authority, "--set", "stream_large_bodies=10k") as running:
        assert running.curl(f"http://{HOST}:{server}/large").stdout == body.decode()
        assert running.end() == 1
    assert {rule for rule, _, _ in errors(running)} == {"etag.malformed"}
    (exchange,) = read(str(running.flows))
    assert isinstance(exchange, Exchange)
    assert not exchange.evidence.knows("content")


BROKEN = {
    "trailers": PLAIN + b"ETag: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n",
    "twice": PLAIN + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    "names": PLAIN + b"Bad Name: 2\r\nETag: x\r\nContent-Length: 2\r\n\r\nok",
    "framing": PLAIN + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "old": [b"hello", b""],
    "short": [PLAIN + b"ETag: x\r\nContent-Length: 20\r\n\r\nok", b""],
    "hints": [b"HTTP/1.1 103 Early Hints\r\nContent-Length: 0\r\n\r\n", PLAIN + b"Content-Length: 2\r\n\r\nok"],
}


def test_what_mitmproxy_hides_or_refuses(tmp_path: Path, authority: Path) -> None:
    with scripted(**BROKEN) as server, proxy(tmp_path, authority) as running:
        for name in BROKEN:
            patience = ["--max-time", HANGING] if name in ("trailers", "hints") else []
            running.curl(*patience, "--output", "/dev/null", f"http://{HOST}:{server}/{name}")
        time.sleep(1)
        assert running.end() == 1
    found = {path: rules for (_, path, _), rules in running.found().items()}
    for path in ("/trailers", "/names", "/short"):         # the header section can be judged
        assert "etag.malformed" in found[path], path
    assert found["/framing"] & {"content-length.with-transfer-encoding", "transfer-encoding.with-content-length"}
    assert "1xx.content-length" in found["/hints"]
    assert "1xx.no-final-response" not in found["/hints"]
    assert "/twice" not in found
    skipped = {one["reason"]: one["count"] for one in running.report()["summary"]["skipped"]}
    assert skipped == {
        "mitmproxy refused the response: Cannot parse HTTP response: invalid content-length header: …": 1,
        "mitmproxy refused the response: unexpected server response: …": 1}
    said = running.log.read_text("utf-8")
    assert "it dropped 1 responses of HTTP/1.1 because of their trailers" in said
    assert found_in(running.flows) == running.found()


def test_the_response_that_follows_an_interim_one_is_nobodys(tmp_path: Path, authority: Path) -> None:
    """Over a kept connection, the late final response meets the next request."""
    final = PLAIN.replace(b"200 OK", b"401 No") + b"Content-Length: 2\r\n\r\nno"
    hints = [b"HTTP/1.1 103 Early Hints\r\n\r\n", final]
    with scripted(hints=hints, next=PLAIN + b"Content-Length: 2\r\n\r\nok") as server, \
            proxy(tmp_path, authority) as running:
        with socket.create_connection((HOST, running.port)) as client:
            for name in ("hints", "next"):
                client.sendall(f"GET http://{HOST}:{server}/{name} HTTP/1.1\r\nHost: {HOST}:{server}\r\n\r\n".encode())
                client.recv(4096)
            time.sleep(0.5)
        running.end()
    assert not [one for one in errors(running) if one[1].endswith("/next")]


def test_exit_statuses(app: int, tmp_path: Path, authority: Path) -> None:
    base = f"http://{HOST}:{app}"
    for number, (arguments, paths, code) in enumerate((
            ([], [], 3), ([], ["/conforming/page"], 0), ([], ["/violating/401-without-challenge"], 1),
            (["--fail-on", "never"], ["/violating/401-without-challenge"], 0),
            (["--ignore", "401"], ["/violating/401-without-challenge"], 0),
            (["--fail-on", "info"], ["/violating/503-without-retry-after"], 1))):
        directory = tmp_path / str(number)
        directory.mkdir()
        with proxy(directory, authority, *arguments) as running:
            for path in paths:
                running.curl("--output", "/dev/null", base + path)
            assert running.end() == code, (arguments, paths, running.log.read_text("utf-8"))
        assert running.flows.exists()
        assert running.har.exists()                        # the other addons came to their end, too


def judges(of: int) -> list[int]:
    """The processes that judge beside a mitmproxy."""
    return children(of, "httplint.mitm.judge")


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such process on Windows")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_process_beside_mitmproxy(app: int, tmp_path: Path, authority: Path, end: signal.Signals) -> None:
    """Told to end together, as by Ctrl-C, mitmproxy still learns of all; with the one, the other is gone."""
    with proxy(tmp_path, authority, saves=False) as running:
        wait_until(lambda: bool(judges(running.process.pid)))
        (judge,) = judges(running.process.pid)
        urls = [f"http://{HOST}:{app}/violating/401-without-challenge", f"http://{HOST}:{app}/conforming/page"] * 5
        running.curl(*(part for url in urls for part in ("--output", "/dev/null", url)))
        for process in (judge, running.process.pid):
            os.kill(process, end)
        assert running.process.wait(30) == 1
    assert not runs(judge)
    assert entries(running) == {"read": 10, "linted": 10, "skipped": 0}
    assert len([one for one in errors(running) if one[0] == "401.challenge-missing"]) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such process on Windows")
def test_the_process_ends_with_a_mitmproxy_that_is_killed(app: int, tmp_path: Path, authority: Path) -> None:
    with proxy(tmp_path, authority, saves=False) as running:
        wait_until(lambda: bool(judges(running.process.pid)))
        (judge,) = judges(running.process.pid)
        running.curl("--output", "/dev/null", f"http://{HOST}:{app}/conforming/page")
        assert runs(judge)
        running.process.kill()
        running.process.wait(30)
        wait_until(lambda: not runs(judge))


def test_the_script_of_mitmdump(app: int, tmp_path: Path, authority: Path) -> None:
    """`mitmdump -s $(httplint addon-path)`, here over flows that were saved before."""
    with proxy(tmp_path, authority) as running:
        running.curl("--output", "/dev/null", f"http://{HOST}:{app}/violating/401-without-challenge")
        running.end()
    named = subprocess.run([sys.executable, "-m", "httplint", "addon-path"], capture_output=True, encoding="utf-8",
                           check=True)
    script = named.stdout.strip()
    done = subprocess.run([str(MITMDUMP), "-n", "-q", "-r", str(running.flows), "-s", script, "--set",
                           f"confdir={authority}"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    assert "error[401.challenge-missing]" in done.stdout
    assert "in 1 of 1 entry, by" in done.stdout
    assert run(["check", str(running.flows)]) == 1
    (configuration,) = re.findall(r"(?ms)^```yaml\n(scripts:.*?)^```$",
                                  (ROOT / "docs" / "guides" / "mitmproxy.md").read_text("utf-8"))
    own = tmp_path / "own"
    own.mkdir()
    (own / "config.yaml").write_text(re.sub("(?m)^  - .+$", f"  - {script}", configuration, count=1), "utf-8")
    done = subprocess.run([str(MITMDUMP), "-n", "-r", str(running.flows), "--set", f"confdir={own}"], cwd=own,
                          capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error[401" not in done.stdout
    assert {one["rule"] for one in json.loads((own / "findings.json").read_text("utf-8"))["findings"]} >= {
        "401.challenge-missing"}


@pytest.mark.skipif(sys.platform == "win32", reason="links")
def test_a_mitmproxy_without_httplint_says_what_to_do(tmp_path: Path) -> None:
    """In a virtual environment that has all packages of this one but ours."""
    venv.create(tmp_path / "foreign", symlinks=True)
    python = tmp_path / "foreign" / "bin" / "python"
    (there,) = (tmp_path / "foreign" / "lib").glob("*/site-packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if package.suffix != ".pth" and not package.name.startswith(("httplint", "http_conformance_lint")):
            (there / package.name).symlink_to(package)
    script = subprocess.run([sys.executable, "-m", "httplint", "addon-path"], capture_output=True, encoding="utf-8",
                            check=True).stdout.strip()
    done = subprocess.run([python, "-c", "from mitmproxy.tools.main import mitmdump; mitmdump()", "-n", "-s", script,
                           "--set", f"confdir={tmp_path}", "--set", "httplint_live=off"], cwd=tmp_path,
                          env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
                          capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "httplint cannot be loaded: it is not installed in the Python of this mitmproxy." in said
    assert f"{python} -m pip install " in said
    assert "Traceback" not in said


@pytest.mark.browser
def test_a_page_in_chromium_has_no_errors(chromium: str, system_servers: dict[str, int], app: int, tmp_path: Path,
                                          authority: Path) -> None:
    pages = [f"http://{HOST}:{app}/conforming/page"]
    pages += [f"{'https' if name == 'nginx-tls' else 'http'}://{HOST}:{port}/page.html"
              for name, port in system_servers.items()]
    with proxy(tmp_path, authority) as running:
        for page in pages:
            done = subprocess.run(
                [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                 "--ignore-certificate-errors", f"--proxy-server=http://{HOST}:{running.port}",
                 "--proxy-bypass-list=<-loopback>", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page],
                capture_output=True, encoding="utf-8", check=False, timeout=120)
            assert "A page" in done.stdout, done.stderr[-2000:]
        running.end()
    assert errors(running) == []
    assert entries(running)["linted"] >= len(pages)


class Screen:
    """A program on a terminal of its own, whose output is read as it comes: else the program would have to wait."""

    def __init__(self, command: list[str]) -> None:
        import fcntl
        import pty
        import struct
        import termios
        self.child, self._terminal = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8")
            os.execv(command[0], command)
        self._seen = b""
        self._ended = False
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                octets = os.read(self._terminal, 65536)
            except OSError:                                # the program has ended
                octets = b""
            with self._more:
                self._seen += octets
                self._ended = not octets
                self._more.notify_all()
            if not octets:
                return

    def wait(self, text: str, after: str = "") -> None:
        """Waits until a text is written, after some keys are pressed."""
        with self._more:
            begin = len(self._seen) if after else 0
            os.write(self._terminal, after.encode())
            self._more.wait_for(lambda: text.encode() in self._seen[begin:] or self._ended, 120)
            assert text.encode() in self._seen[begin:], str(self)

    def __str__(self) -> str:
        return self._seen[-3000:].decode("utf-8", "replace")

    def poll(self) -> bool | None:
        """Nothing while the program runs."""
        return self._ended or None

    def end(self) -> int:
        """The exit status of the program, told to end."""
        os.kill(self.child, signal.SIGTERM)
        code = os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        self._reader.join(30)
        os.close(self._terminal)
        return code


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals to play on")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forking beside threads, which then exec at once
def test_the_console(app: int, tmp_path: Path) -> None:
    """Marks in the list, a comment in the details, commands by name and by key."""
    (tmp_path / "keys.yaml").write_text('- key: "L"\n  ctx: [flowlist, flowview]\n  cmd: httplint.report\n', "utf-8")
    port = free_port()
    screen = Screen([sys.executable, "-m", "httplint", "proxy", "--ui", "console", "--port", str(port),
                     "--set", f"confdir={tmp_path}", "--set", "console_mouse=false"])
    wait_for(port, screen)
    subprocess.run([str(CURL), "--silent", "--noproxy", "", "--proxy", f"http://{HOST}:{port}", "--output", "/dev/null",
                    f"http://{HOST}:{app}/violating/401-without-challenge"], check=True)
    screen.wait("\N{LARGE RED CIRCLE}")
    proxied = ["--silent", "--noproxy", "", "--proxy", f"http://{HOST}:{port}", "--output", "/dev/null"]
    for path in ("/conforming/page", "/violating/503-without-retry-after"):
        subprocess.run([str(CURL), *proxied, f"http://{HOST}:{app}{path}"], check=True)
    screen.wait("\N{LARGE BLUE CIRCLE}")                   # the last one was judged, in a process beside
    screen.wait("[3/3]", after="J")                        # to the next one with findings
    screen.wait("503.retry-after-missing", after="s")
    screen.wait("[1/3]", after="qJ")
    screen.wait("= fix: Send WWW-Authenticate", after="s")
    screen.wait("no other flow that is shown has such findings", after="q:httplint.next error\r")
    screen.wait("error[401.challenge-missing]", after="L")  # of keys.yaml
    screen.wait("Send WWW-Authenticate", after="q:httplint.explain 401.challenge-missing\r")
    screen.wait("401.challenge-missing (error): ", after="q\r\t\t")
    assert screen.end() == 1


def test_the_web_interface(app: int, tmp_path: Path, authority: Path) -> None:
    import urllib.request
    pages = free_port()
    options = ["--ui", "web", "--set", "web_open_browser=false", "--set", f"web_port={pages}"]
    help_text = subprocess.run([str(Path(str(MITMDUMP)).with_name("mitmweb")), "--options"], capture_output=True,
                               encoding="utf-8", check=True).stdout
    if "web_password" in help_text:
        options += ["--set", "web_password=secret"]
    with proxy(tmp_path, authority, *options, saves=False) as running:
        wait_for(pages, running.process)
        running.curl("--output", "/dev/null", f"http://{HOST}:{app}/violating/401-without-challenge")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        asked = urllib.request.Request(f"http://{HOST}:{pages}/flows", headers={"Authorization": "Bearer secret"})
        seen: list[Any] = []

        def is_marked() -> bool:
            with opener.open(asked, timeout=30) as response:
                seen[:] = json.load(response)
            return bool(seen[0]["marked"])

        wait_until(is_marked)                              # by the process beside, a moment later
        (flow,) = seen

        def get(path: str) -> Any:
            asked = urllib.request.Request(f"http://{HOST}:{pages}{path}", headers={"Authorization": "Bearer secret"})
            with opener.open(asked, timeout=30) as response:
                return json.load(response)

        assert get("/options")["web_columns"]["value"][-1] == "comment"
        assert "httplint" in get("/state")["contentViews"]
        view = get(f"/flows/{flow['id']}/response/content/httplint.json")
        text = view.get("text") or "\n".join("".join(part[1] for part in line) for line in view["lines"])
        assert text.startswith("error[401.challenge-missing] ")
        assert "= fix: Send WWW-Authenticate" in text
        assert flow["marked"] == "\N{LARGE RED CIRCLE}"
        assert flow["comment"].startswith("401.challenge-missing (error): ")
        assert running.end() == 1
    assert "error[401.challenge-missing]" in running.log.read_text("utf-8")
