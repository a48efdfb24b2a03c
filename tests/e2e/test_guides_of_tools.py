"""The guides for tools that send requests: their files are written, and their commands run with the tools themselves.

Each guide is run from top to bottom against a server on loopback. `tools/test_guides` installs the tools; a guide whose
tool is not there is skipped.
"""
from __future__ import annotations

import http.server
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import serving

from httplint.cli.main import run

pytestmark = pytest.mark.usefixtures("packaged")

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:#|//) (\S+\.\w+)\n")
EXIT = re.compile(r"\s+# exit status (\d)$", re.MULTILINE)
INSTALLS = re.compile(r"(?:pip|npm|playwright) install ")
BIN = Path(sys.executable).parent
DESCRIPTION = {
    "openapi": "3.1.0", "info": {"title": "shop", "version": "1"}, "paths": {"/items/{number}": {"get": {
        "parameters": [{"name": "number", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "responses": {"200": {"description": "an item", "content": {"application/json": {"schema": {}}}}}}}}}


class Shop(http.server.BaseHTTPRequestHandler):
    """An API that fits its description, and whose entity tags lack their quotes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = json.dumps(DESCRIPTION if self.path == "/openapi.json" else {"number": 1}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", "v1")
        self.end_headers()
        self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("do_"):
            raise AttributeError(name)
        return self.refuse

    def refuse(self) -> None:
        self.close_connection = True
        self.send_response(405)
        self.send_header("Allow", "GET")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[str]:
    with serving(Shop) as address:
        yield address


def blocks(name: str) -> list[tuple[str, str]]:
    return FENCE.findall((GUIDES / f"{name}.md").read_text("utf-8"))


def there(tool: str) -> str:
    """The path of a program; the test is skipped without it."""
    found = shutil.which(tool, path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{tool} is not installed: tools/test_guides")
    return found


def needs(*modules: str) -> None:
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed: tools/test_guides")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def follow(name: str, place: Path, server: str, **replaced: str) -> None:
    """Does what a guide says, in its order: what a block names is written, what is a command is run."""
    port = free_port()
    replaced = {"127.0.0.1:8000": server, "127.0.0.1:8080": f"127.0.0.1:{port}", "--port 8080": f"--port {port}",
                "sleep 5": f"until (echo >/dev/tcp/127.0.0.1/{port}) 2>/dev/null; do sleep .2; done", **replaced}
    done = 0
    for language, text in blocks(name):
        for shown, meant in replaced.items():
            text = text.replace(shown, meant)
        if found := NAMED.match(text):
            (place / found[1]).parent.mkdir(parents=True, exist_ok=True)
            (place / found[1]).write_text(text[found.end():], "utf-8")
        elif language == "sh" and not INSTALLS.match(text):
            wanted = EXIT.findall(text)
            finished(EXIT.sub("", text), place, int(wanted[-1]) if wanted else 0)
            done += 1
    assert done


def finished(script: str, place: Path, wanted: int) -> None:
    """Commands end with this status, and all that they started has ended then."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "", "no_proxy": "",
                   "HOME": str(place), "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:hypothesispytest -p no:anyio"}
    process = subprocess.Popen(["bash", "-mc", script], cwd=place, env=environment, encoding="utf-8",
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               start_new_session=True)
    try:
        said = process.communicate(timeout=300)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said = process.communicate()[0]
        raise AssertionError(f"{script}\n{said}") from None
    assert process.returncode == wanted, f"{script}\n{said}"


def test_playwright(tmp_path: Path, shop: str) -> None:
    needs("pytest_playwright", "playwright")
    chromium = there("chromium")
    launched = {"executable_path": chromium, "args": ["--no-sandbox", "--disable-gpu"]}
    ours = f"\n\n@pytest.fixture(scope='session')\ndef browser_type_launch_args():\n    return {launched!r}\n"
    follow("playwright", tmp_path, shop, **{"import pytest\n": f"import pytest\n{ours}",
                                            "launch()": f"launch(**{launched!r})"})
    assert [path.name for path in (tmp_path / "har").iterdir()] == ["test_an_item[chromium].har"]
    finished("rm -r har; python visit.py; httplint check har", tmp_path, 1)


def test_schemathesis(tmp_path: Path, shop: str) -> None:
    there("schemathesis")
    follow("schemathesis", tmp_path, shop)
    assert "http_interactions:\n- id" in (tmp_path / "reports" / "schemathesis.yaml").read_text("utf-8")


def test_newman(tmp_path: Path, shop: str) -> None:
    there("newman")
    there("mitmdump")
    follow("postman", tmp_path, shop)
    assert "etag.malformed" in (tmp_path / "result.json").read_text("utf-8")


def test_the_proxy_before_k6(tmp_path: Path, shop: str) -> None:
    """k6 is no package of any index: another client stands for it, where it is not installed."""
    there("mitmdump")
    other = {} if shutil.which("k6") else {
        "k6 run --vus 1 --iterations 5 --env BASE=": "curl -sS -o item.json ", " shop.js": "/items/1"}
    follow("k6", tmp_path, shop, **other)
    assert "etag.malformed" in (tmp_path / "result.json").read_text("utf-8")


def test_what_the_plugin_for_cypress_records(capsys: pytest.CaptureFixture[str]) -> None:
    recorded = Path(__file__).parent / "recorded" / "cypress.har"
    assert run(["check", str(recorded), "--isolated", "--output-format", "concise"]) == 1
    assert "etag.malformed" in capsys.readouterr().out
