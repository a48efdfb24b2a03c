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
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from httplint import Exchange, Linter, Request, Response
from httplint.capture.reading import read
from httplint.cli.main import run

MITMDUMP = shutil.which("mitmdump", path=sysconfig.get_path("scripts"))
CURL = shutil.which("curl")
if MITMDUMP is None:
    pytest.skip("mitmproxy is not installed", allow_module_level=True)
if CURL is None:
    pytest.skip("curl is not installed", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "fixtures" / "har"
HOST = "127.0.0.1"

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
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens at port {port}")


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
        return subprocess.run([str(CURL), "--silent", "--insecure", "--max-time", "5", "--noproxy", "", "--path-as-is",
                               "--proxy", f"http://{HOST}:{self.port}", "--header", "Proxy-Connection:", *arguments],
                              capture_output=True, text=True, check=False, errors="replace",
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
def proxy(tmp_path: Path, authority: Path, *arguments: str) -> Iterator[Proxy]:
    """`httplint proxy`."""
    port = free_port()
    paths = [tmp_path / name for name in ("live.json", "flows.mitm", "flows.har", "log")]
    command = [sys.executable, "-m", "httplint", "proxy", "--port", str(port), "--output", f"json:{paths[0]}",
               "--show-secrets", "-w", str(paths[1]), "--set", f"hardump={paths[2]}", "--set", f"confdir={authority}",
               "--set", "ssl_insecure=true", *arguments]
    with paths[3].open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   env=os.environ | {"COLUMNS": "120"})
    try:
        wait_for(port, process)
        yield Proxy(port, *paths, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)


def ask(proxy: Proxy, base: str, answer: Any) -> None:
    """Asks for one answer of the table."""
    wish = answer.ask
    arguments = ["--output", "/dev/null", "--http1.0" if wish.version == "1.0" else "--http1.1"]
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


LOST = {"content-length.conflicting"}
"""Rules about responses that mitmproxy refuses altogether, also with validate_inbound_headers=false."""


@pytest.mark.parametrize("group", ["1xx-2xx", "3xx", "4xx-5xx", "messages"])
def test_four_ways_to_the_same_findings(app: int, tmp_path: Path, authority: Path, group: str) -> None:
    """Live, from the saved flows, from the exported HAR and by library call: the same rules speak."""
    base = f"http://{HOST}:{app}"
    chosen = [answer for answer in answers.in_order(answers.VIOLATING)
              if answer.ask.curl and visits.group(answer.path) == group]
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
                assert rule in called.get(key, ()) or flaw["level"] == "advice", (key, rule, called.get(key))
                checked += 1
    assert checked > 10
    for key, rules in har.items():
        assert rules <= live[key], key
    for key, rules in live.items():
        if key[2] >= 200:                                  # the 1xx in the place of a final response aside
            assert {rule for rule in rules if rule in planted_rules()} <= called.get(key, set()), key


def planted_rules() -> set[str]:
    return {flaw["rule"] for flaws in planted().values() for flaw in flaws}
