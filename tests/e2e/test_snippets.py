"""What the README and the guides show as Python raises no error about a response that conforms.

Each snippet is run as it stands, but for its assertions, with conforming responses in the place of its own: the
requests that it writes, and what it leaves out, must not count against the server.
"""
from __future__ import annotations

import ast
import logging
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import httplint
from httplint.engine.report import Report
from httplint.model.exchange import Source
from httplint.model.message import Response

pytestmark = pytest.mark.usefixtures("packaged")

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```python\n(?!# \S+\.py\n)(.*?)^```$", re.MULTILINE | re.DOTALL)
"""But for files with a name, which tests of what they are about run."""
INDENTED = re.compile(r"^(?:    from httplint.*\n)(?:(?:    .*)?\n)*", re.MULTILINE)
OF_TOOLS = {"playwright.md", "schemathesis.md"}            # test_guides_of_tools.py runs them with these tools
SNIPPETS = [(page.name, text) for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
            if page.name not in OF_TOOLS for text in (*FENCE.findall(page.read_text("utf-8")),
                         *(map(textwrap.dedent, INDENTED.findall(page.read_text("utf-8")))))]

DATE = ("Date", "Tue, 01 Jul 2025 12:00:00 GMT")
TEXT = ("Content-Type", "text/plain; charset=utf-8")
CONFORMING: dict[int, tuple[list[tuple[str, str]], bytes]] = {
    200: ([DATE, TEXT, ("Content-Length", "2"), ("ETag", '"1"')], b"ok"),
    204: ([DATE, ("ETag", '"1"')], b""),
    404: ([DATE, TEXT, ("Content-Length", "2")], b"no"),
    405: ([DATE, TEXT, ("Content-Length", "2"), ("Allow", "GET, HEAD")], b"no"),
}


def calling(*names: str) -> list[str]:
    """The snippets that import one of those names."""
    return [text for _, text in SNIPPETS if any(re.search(rf"import .*\b{name}\b", text) for name in names)]


def without_assertions(text: str) -> Any:
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not isinstance(node, ast.Assert)]
    return compile(tree, "<snippet>", "exec")


def test_all_snippets_are_tried() -> None:
    assert {page for page, _ in SNIPPETS} == {"README.md", "library.md"}
    assert sorted([*calling("lint", "Linter"), *calling("WSGI", "ASGI"), *in_tests()]) == sorted(
        text for _, text in SNIPPETS)


def in_tests() -> list[str]:
    return [text for _, text in SNIPPETS if text.startswith("def test_")]


@pytest.mark.parametrize("status", CONFORMING)
@pytest.mark.parametrize("version", ["1.1", "2", None])
@pytest.mark.parametrize("text", calling("lint", "Linter"))
def test_calls(text: str, version: str | None, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reports: list[Report] = []
    fields, content = CONFORMING[status]

    def response(*_: object, **__: object) -> Response:
        return Response(status, version, headers=fields, content=content)

    class Linter(httplint.Linter):
        def lint(self, *arguments: Any, **more: Any) -> Report:
            reports.append(super().lint(*arguments, **more))
            return reports[-1]

        def stream(self, *arguments: Any) -> Callable[[object], Report]:
            judge = super().stream(*arguments)

            def judged(exchange: object) -> Report:
                reports.append(judge(exchange))
                return reports[-1]

            return judged

    monkeypatch.setattr(httplint, "Response", response)
    for name in ("read", "read_har_entries"):
        monkeypatch.setattr(httplint, name, lambda *_, **__: [
            httplint.Exchange(response(), source=Source("capture", 0))])
    monkeypatch.setattr(httplint, "Linter", Linter)
    monkeypatch.setattr(httplint, "lint", lambda *arguments, **more: Linter().lint(*arguments, **more))
    exec(without_assertions(text), {})
    assert reports
    findings = [finding for report in reports for finding in report.findings]
    assert [(one.rule_id, one.message) for one in findings if one.severity == "error"] == []


@pytest.mark.parametrize("status", CONFORMING)
@pytest.mark.parametrize("text", calling("WSGI", "ASGI"))
def test_middleware(text: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    fields, content = CONFORMING[status]

    def conforming(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        start_response(f"{status} x", [line for line in fields if line[0] != "Date"])
        return [content]

    known: dict[str, Any] = {}
    exec(without_assertions(text), known)
    application = known["application"]
    environ = {"REQUEST_METHOD": "PATCH", "SERVER_NAME": "a.example", "SERVER_PORT": "80", "HTTP_HOST": "a.example",
               "PATH_INFO": "/report", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http"}
    with caplog.at_level(logging.INFO, "httplint"):
        list(application(environ, lambda *_: print))
        assert "405.allow-missing" in caplog.text
        caplog.clear()
        application.app = conforming
        assert list(application(environ, lambda *_: print)) == [content]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


SERVER = '''\
import http.server, threading
import httpx, pytest

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_PATCH(self):
        self.send_response({status})
        for line in {fields}:
            self.send_header(*line)
        self.end_headers()
        self.wfile.write({content})
    def log_message(self, *_):
        pass

@pytest.fixture
def client():
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with httpx.Client(base_url=f"http://127.0.0.1:{{server.server_port}}", trust_env=False) as one:
        yield one
    server.shutdown()
    server.server_close()
'''


@pytest.mark.parametrize("status", CONFORMING)
@pytest.mark.parametrize("text", in_tests())
def test_in_pytest(text: str, status: int, tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    fields, content = CONFORMING[status]
    (tmp_path / "conftest.py").write_text(SERVER.format(status=status, content=content,
                                                        fields=[line for line in fields if line[0] != "Date"]), "utf-8")
    (tmp_path / "test_it.py").write_text(text, "utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest",
                           "-p", "no:anyio"], cwd=tmp_path,
                          capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
